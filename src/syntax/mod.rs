//! From text to a small owned tree: segments, units, lowering, query candidates.
//!
//! Knows the grammar (node kinds and fields are named here and in `queries/` only), and nothing of what names mean:
//! the words that make a segment interesting and the query texts are given to it.
#![forbid(unsafe_code)]

mod bindings;
mod candidate;
pub mod hir;
mod imports;
mod name;
mod outline;
mod segments;
mod tokens;
mod words;

pub use candidate::Candidate;
pub use imports::{ImportStatement, ImportedNames, import_statements, mentions};
pub use name::Name;
pub use outline::{ClassItem, FileId, FunctionItem, ImportItem, Item, ItemKind, Layout, Outline, Place, UnitId, UnitLayout, outline, outline_of};
pub use segments::{Member, Segment, SegmentKind, Segments};
pub use words::Words;
