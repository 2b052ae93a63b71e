//! Words that make a segment interesting.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::segments::is_identifier;

/// A set of identifiers to be found in texts, in one pass over the bytes. Build it once, share it.
#[derive(Clone, Debug)]
pub struct Words {
    /// `None` if there are no words.
    automaton: Option<AhoCorasick>,
}

impl Words {
    /// The matcher of these identifiers. Dotted names are not found: give their last segment.
    pub fn new<Word: AsRef<str>>(words: impl IntoIterator<Item = Word>) -> Self {
        let words: Vec<Word> = words.into_iter().filter(|word| !word.as_ref().is_empty()).collect();
        // The longest match at a place decides for the shorter ones, because words hold nothing but identifier bytes:
        // where it is followed by more of them, so are they.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::DFA))
            .build(words.iter().map(|word| word.as_ref().as_bytes()));
        Self { automaton: automaton.ok().filter(|_| !words.is_empty()) }
    }

    /// Whether `text` holds one of the words as a whole identifier, wherever: code, strings, comments.
    pub fn occur_in(&self, text: &str) -> bool {
        self.places(text).next().is_some()
    }

    /// First bytes of the words in `text`, ascending.
    pub(super) fn places<'text>(&'text self, text: &'text str) -> impl Iterator<Item = u32> + 'text {
        let bytes = text.as_bytes();
        let found = self.automaton.iter().flat_map(move |automaton| automaton.find_iter(bytes));
        found.filter(move |found| is_whole(bytes, found.start(), found.end())).map(|found| found.start() as u32)
    }
}

fn is_whole(bytes: &[u8], start: usize, end: usize) -> bool {
    let starts = start == 0 || !is_identifier(bytes[start - 1]);
    starts && !bytes.get(end).is_some_and(|&byte| is_identifier(byte))
}
