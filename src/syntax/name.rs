//! Interned identifiers, so that comparing two names compares two integers.

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, RwLock};

/// An interned identifier or dotted name. Equal texts are equal names within one process.
///
/// Ordering is by text, never by the order in which names were seen, so that sorted output does not depend on threads.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name(u32);

#[derive(Default)]
struct Interner {
    numbers: HashMap<&'static str, u32>,
    texts: Vec<&'static str>,
}

static INTERNER: LazyLock<RwLock<Interner>> = LazyLock::new(RwLock::default);

impl Name {
    /// The name with this text.
    pub fn new(text: &str) -> Self {
        if let Some(&number) = read().numbers.get(text) {
            return Self(number);
        }
        let mut interner = INTERNER.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(&number) = interner.numbers.get(text) {
            return Self(number);
        }
        let number = interner.texts.len() as u32;
        // Identifiers live as long as the process: a project has some ten thousand distinct ones.
        let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
        interner.texts.push(text);
        interner.numbers.insert(text, number);
        Self(number)
    }

    /// The text of the name.
    pub fn as_str(self) -> &'static str {
        read().texts[self.0 as usize]
    }
}

fn read() -> std::sync::RwLockReadGuard<'static, Interner> {
    INTERNER.read().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
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
