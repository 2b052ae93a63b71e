//! The rules that a project adds.

use std::path::PathBuf;
use std::sync::Arc;

use super::project::{Problem, query_folders};
use crate::engine::database::{Db, Folder, SourceFile};
use crate::engine::folders::queries_in;
use crate::engine::source::source;
use crate::rules::{own_names, own_queries, own_words};
use crate::syntax::{Queries, QuerySource};
use crate::text::TextRange;

/// The rules that a project adds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::engine) struct OwnRules {
    /// Their queries.
    pub(in crate::engine) queries: Arc<Queries>,
    /// Their names.
    pub(in crate::engine) names: Vec<String>,
    /// The words of which a text holds one where they may find something.
    pub(in crate::engine) words: Vec<String>,
    /// The files that hold them.
    pub(super) files: Vec<PathBuf>,
    /// What is wrong with some of the files.
    pub(super) problems: Vec<Problem>,
}

/// The rules that the project at `root` adds.
#[salsa::tracked(returns(ref))]
pub(in crate::engine) fn own_rules(db: &dyn Db, root: Folder) -> OwnRules {
    let files: Vec<SourceFile> = query_folders(db, root).iter().flat_map(|folder| queries_in(db, db.folder(folder))).collect();
    if files.is_empty() {
        return OwnRules::default();
    }
    let read = |file: &SourceFile| QuerySource { file: file.path(db).display().to_string(), text: source(db, *file).text.as_deref().unwrap_or_default().to_owned() };
    let (queries, errors) = own_queries(files.iter().map(read).collect());
    let problem = |error: crate::syntax::QueryError| Problem {
        place: Some((PathBuf::from(error.file), TextRange::new(error.at, error.at))),
        message: error.message,
        is_fatal: true,
    };
    OwnRules {
        names: own_names(&queries),
        words: own_words(&queries),
        queries: Arc::new(queries),
        files: files.iter().map(|file| file.path(db).to_path_buf()).collect(),
        problems: errors.into_iter().map(problem).collect(),
    }
}
