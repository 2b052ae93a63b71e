//! The document: its text, versions, byte ranges, lines and columns in UTF-8, UTF-16 and UTF-32, and edits.
//!
//! Knows no Python and no protocol types. Inside backprobe every place in a text is a byte offset; only this module converts.
#![forbid(unsafe_code)]

mod range;

pub use range::TextRange;
