//! Interned identifiers, so that comparing two names compares two pointers.

use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{LazyLock, PoisonError, RwLock};

use rustc_hash::FxBuildHasher;

/// An interned identifier or dotted name. Equal texts are equal names within one process.
///
/// Ordering is by text, never by the order in which names were seen, so that sorted output does not depend on threads.
#[derive(Clone, Copy)]
pub struct Name(&'static str);

static INTERNED: LazyLock<RwLock<HashSet<&'static str, FxBuildHasher>>> = LazyLock::new(RwLock::default);

impl Name {
    /// The name with this text.
    pub fn new(text: &str) -> Self {
        if let Some(&known) = INTERNED.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Self(known);
        }
        let mut interned = INTERNED.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(&known) = interned.get(text) {
            return Self(known);
        }
        // Identifiers live as long as the process: a project has some ten thousand distinct ones.
        let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
        interned.insert(text);
        Self(text)
    }

    /// The text of the name.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_ptr().hash(state);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if self == other { std::cmp::Ordering::Equal } else { self.0.cmp(other.0) }
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}
