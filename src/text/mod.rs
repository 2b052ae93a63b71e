//! The document: its text, versions, byte ranges, lines and columns in UTF-8, UTF-16 and UTF-32, and edits.
//!
//! Knows no Python and no protocol types. Inside backprobe every place in a text is a byte offset; only this module converts.
//!
//! - [`decode`] turns the bytes of a file into text, or says why it cannot.
//! - [`Text`] is a document that is edited; its clones are cheap snapshots.
//! - [`LineIndex`] converts offsets of a plain `&str` that is not edited.
//!
//! Lines end at LF, CR or CRLF and nowhere else. Every conversion clamps: no offset or position is out of range.
#![forbid(unsafe_code)]

mod decode;
mod line_index;
mod position;
mod range;
mod rope;

pub use decode::{DecodeError, Decoded, Encoding, Latin, decode};
pub use line_index::{LineColumn, LineIndex};
pub use position::{Position, PositionEncoding};
pub use range::TextRange;
pub use rope::{Edit, Text};
