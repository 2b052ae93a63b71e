//! From text to a small owned tree: segments, units, lowering, query candidates.
//!
//! Knows the grammar (node kinds and fields are named here and in `queries/` only), and nothing of what names mean:
//! the words that make a segment interesting and the query texts are given to it.
#![forbid(unsafe_code)]

mod candidate;
pub mod hir;
mod name;
mod outline;

pub use candidate::Candidate;
pub use name::Name;
pub use outline::{ClassItem, FileId, FunctionItem, ImportItem, Item, ItemKind, Outline, Place, UnitId};
