//! The pages of the rules as files, for editors that open links: no address on the web is theirs.
//!
//! They lie in the user's folder for caches, by version, and are written when they are first linked to.
#![allow(clippy::disallowed_methods, reason = "what lies in the user's cache is no file of a project")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::{fs, io};

use crate::rules;

/// The pages that were linked to, and where they are.
static FILES: LazyLock<Mutex<HashMap<String, Option<PathBuf>>>> = LazyLock::new(Mutex::default);

/// The file with the page of `rule`. `None` if the rule has no page, or if no file can be written: then there is no link, and that is all.
pub(super) fn file(rule: &str) -> Option<PathBuf> {
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    files.entry(rule.to_owned()).or_insert_with(|| written(rule)).clone()
}

fn written(rule: &str) -> Option<PathBuf> {
    let page = rules::find(rule)?.page;
    let path = dirs::cache_dir()?.join(env!("CARGO_PKG_NAME")).join(env!("CARGO_PKG_VERSION")).join("rules").join(format!("{rule}.md"));
    match keep(&path, page) {
        Ok(()) => Some(path),
        Err(error) => {
            tracing::debug!("{}: {error}", path.display());
            None
        }
    }
}

/// Sees to it that the file at `path` holds `page`, and never a part of it: another server may write it at the same time.
fn keep(path: &Path, page: &str) -> io::Result<()> {
    if fs::read(path).is_ok_and(|held| held == page.as_bytes()) {
        return Ok(());
    }
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    fs::write(&beside, page).and_then(|()| fs::rename(&beside, path)).inspect_err(|_| drop(fs::remove_file(&beside)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_kept_where_it_can_be() {
        let folder = tempfile::tempdir().expect("there is a folder for temporary files");
        let path = folder.path().join("0.1.0").join("rules").join("a-rule.md");
        let held = || fs::read_to_string(&path).expect("it was written");
        keep(&path, "one").expect("the folder takes it");
        assert_eq!(held(), "one");
        keep(&path, "two").expect("a page of another build is written over");
        assert_eq!(held(), "two");
        assert_eq!(fs::read_dir(path.parent().expect("it is in a folder")).expect("it can be read").count(), 1);
        assert!(keep(&path.join("below-a-file.md"), "three").is_err());
    }
}
