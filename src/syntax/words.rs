//! Words that make a segment interesting.

use std::collections::HashSet;

use super::segments::is_identifier;

/// A set of identifiers to be found in texts, in one pass over the bytes. Build it once, share it.
///
/// Identifiers of the text are looked up, instead of searching for the words: with hundreds of words, which share their
/// beginnings with half of all identifiers, this is several times faster than an automaton.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words {
    words: HashSet<Box<[u8]>>,
    /// One bit for each key of a word: turns away nearly all other identifiers.
    keys: Box<[u64; KEYS / 64]>,
}

const KEYS: usize = 1 << 15;

impl Words {
    /// The matcher of these identifiers. Dotted names are not found: give their last segment.
    pub fn new<Word: AsRef<str>>(words: impl IntoIterator<Item = Word>) -> Self {
        let mut keys = Box::new([0; KEYS / 64]);
        let mut set = HashSet::new();
        for word in words {
            let word = word.as_ref().as_bytes();
            if !word.is_empty() {
                let key = key(word);
                keys[key / 64] |= 1 << (key % 64);
                set.insert(Box::from(word));
            }
        }
        Self { words: set, keys }
    }

    /// Whether `text` holds one of the words as a whole identifier, wherever: code, strings, comments.
    pub fn occur_in(&self, text: &str) -> bool {
        self.places(text).next().is_some()
    }

    /// Whether `word` is one of the words.
    pub fn contains(&self, word: &str) -> bool {
        !word.is_empty() && self.holds(word.as_bytes())
    }

    /// First bytes of the words in `text`, ascending.
    pub(super) fn places<'text>(&'text self, text: &'text str) -> impl Iterator<Item = u32> + 'text {
        let bytes = text.as_bytes();
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < bytes.len() {
                let start = at + bytes[at..].iter().position(|&byte| is_identifier(byte))?;
                at = start + bytes[start..].iter().position(|&byte| !is_identifier(byte)).unwrap_or(bytes.len() - start);
                if self.holds(&bytes[start..at]) {
                    return Some(start as u32);
                }
            }
            None
        })
    }

    fn holds(&self, word: &[u8]) -> bool {
        let key = key(word);
        self.keys[key / 64] >> (key % 64) & 1 == 1 && self.words.contains(word)
    }
}

/// A number below [`KEYS`] from the length and three bytes of a word that is not empty.
fn key(word: &[u8]) -> usize {
    let byte = |at: usize| word[at] as usize;
    let (first, middle, last) = (byte(0), byte(word.len() / 2), byte(word.len() - 1));
    let mixed = (first | middle << 8 | last << 16 | word.len() << 24).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed >> (usize::BITS - KEYS.trailing_zeros())
}
