//! Queries of local rules: tree-sitter queries whose custom predicates are answered apart, on resolved calls.
//!
//! Knows which names and shapes a query may use; not what a predicate means.

mod check;
mod reader;

use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

use tree_sitter::Language;

use super::Name;
use crate::text::LineIndex;

/// The queries of all local rules. Texts are checked when they are given; each is compiled when it is first tried.
#[derive(Debug, Default)]
pub struct Queries {
    queries: Vec<Query>,
}

/// One file of queries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuerySource {
    /// The name of the file, for messages.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// A predicate that queries may use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PredicateForm {
    /// Its name with the question mark: `resolves?`.
    pub name: &'static str,
    /// How many arguments it takes.
    pub arguments: RangeInclusive<usize>,
    /// Whether its strings are qualified names of what is called. A pattern has one such predicate.
    pub names_calls: bool,
}

/// A predicate of a pattern, to be answered on resolved calls.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Predicate {
    /// Its name with the question mark.
    pub name: Name,
    /// Its arguments in order.
    pub arguments: Vec<PredicateArgument>,
}

/// An argument of a predicate.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PredicateArgument {
    /// `@name`
    Capture(Name),
    /// `"text"`
    Text(Arc<str>),
}

/// Why a query cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct QueryError {
    /// The name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The byte where.
    pub at: u32,
    /// What is wrong there.
    pub message: String,
}

#[derive(Debug)]
struct Query {
    source: QuerySource,
    /// The predicates of each pattern.
    patterns: Vec<Vec<Predicate>>,
    /// Where each pattern begins.
    starts: Vec<usize>,
    compiled: OnceLock<Result<tree_sitter::Query, QueryError>>,
}

impl PartialEq for Queries {
    fn eq(&self, other: &Self) -> bool {
        // The rest follows from the texts.
        self.queries.iter().map(|query| &query.source).eq(other.queries.iter().map(|query| &query.source))
    }
}

impl Eq for Queries {}

impl Queries {
    /// The queries of these files, which may use these predicates and those of tree-sitter on the text of nodes.
    ///
    /// # Errors
    /// If a query uses another predicate or a shape that is not allowed. Unknown nodes, fields and captures are found
    /// by [`Queries::check`].
    pub fn new(sources: Vec<QuerySource>, forms: &[PredicateForm]) -> Result<Self, QueryError> {
        let query = |source: QuerySource| {
            let elements = reader::read(&source.text);
            let patterns = check::patterns(&elements, forms).map_err(|problem| source.error(problem.at, problem.message))?;
            let starts = check::lists(&elements).map(|list| list.at).collect();
            Ok(Query { source, patterns, starts, compiled: OnceLock::new() })
        };
        Ok(Self { queries: sources.into_iter().map(query).collect::<Result<_, _>>()? })
    }

    /// Compiles all queries.
    ///
    /// # Errors
    /// The first error of the first query that does not compile.
    pub fn check(&self) -> Result<(), QueryError> {
        let language = Language::from(tree_sitter_python::LANGUAGE);
        self.queries.iter().try_for_each(|query| query.compiled(&language).map(|_| ()).map_err(Clone::clone))
    }

    /// The number of queries.
    pub fn len(&self) -> usize {
        self.queries.len()
    }

    /// Whether there are no queries.
    pub fn is_empty(&self) -> bool {
        self.queries.is_empty()
    }

    /// The predicates of each pattern of a query, in source order.
    pub fn patterns(&self, query: u32) -> impl Iterator<Item = &[Predicate]> {
        self.queries.get(query as usize).into_iter().flat_map(|query| &query.patterns).map(Vec::as_slice)
    }

    /// The files of the queries, in order.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.queries.iter().map(|query| query.source.file.as_str())
    }

    /// Says that something is wrong with a pattern of a query.
    pub fn error(&self, query: u32, pattern: u32, message: String) -> QueryError {
        let query = &self.queries[query as usize];
        query.source.error(query.starts.get(pattern as usize).copied().unwrap_or_default(), message)
    }

    /// The compiled query; `None` if it does not compile.
    pub(super) fn compiled(&self, query: u32, language: &Language) -> Option<&tree_sitter::Query> {
        self.queries.get(query as usize)?.compiled(language).ok()
    }
}

impl Query {
    fn compiled(&self, language: &Language) -> Result<&tree_sitter::Query, &QueryError> {
        let compile = || {
            tree_sitter::Query::new(language, &self.source.text)
                .map_err(|error| self.source.error(error.offset, described(&error)))
        };
        self.compiled.get_or_init(compile).as_ref()
    }
}

fn described(error: &tree_sitter::QueryError) -> String {
    use tree_sitter::QueryErrorKind;
    let name = error.message.trim_matches('"');
    match error.kind {
        QueryErrorKind::NodeType => format!("unknown node `{name}`"),
        QueryErrorKind::Field => format!("unknown field `{name}`"),
        QueryErrorKind::Capture => format!("undefined capture `{name}`"),
        QueryErrorKind::Structure => "no code has this shape".to_owned(),
        QueryErrorKind::Syntax => "not a query".to_owned(),
        QueryErrorKind::Predicate | QueryErrorKind::Language => error.message.clone(),
    }
}

impl QuerySource {
    fn error(&self, at: usize, message: String) -> QueryError {
        let place = LineIndex::new(&self.text).line_column(&self.text, at as u32);
        QueryError { file: self.file.clone(), line: place.line, column: place.column, at: at as u32, message }
    }
}
