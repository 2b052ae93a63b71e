//! From text to a small owned tree: segments, units, lowering, query candidates.
//!
//! Knows the grammar (node kinds and fields are named here and in `queries/` only), and nothing of what names mean:
//! the words that make a segment interesting and the query texts are given to it.
//!
//! # How it is used
//!
//! ```
//! use backprobe::syntax::{Name, Queries, Words, lower, outline};
//!
//! let text = "import torch\n\ndef train(model):\n    model.fit()\n";
//! let words = Words::new(["torch", "fit"]); // once
//! let (outline, layout) = outline(text, &words); // nothing is parsed; the outline holds no offsets, the layout only those
//! assert!(!outline.items.is_empty());
//!
//! let unit = layout.unit(Name::new("train"), 0).expect("train is defined");
//! let lowered = lower(unit.kind, &unit.texts(text), &Queries::default()); // parses this unit only
//! let call = lowered.spans.exprs.last().copied().expect("the unit holds a call");
//! let place = unit.resolve(call).expect("a span of the unit");
//! assert_eq!(&text[place.indices()], "model.fit()");
//! ```
#![forbid(unsafe_code)]

mod again;
mod bindings;
mod candidate;
mod code_words;
mod edited;
pub mod hir;
mod given_back;
mod imports;
mod left_out;
mod lower;
mod name;
mod ones;
mod outline;
mod queries;
mod segments;
mod suppression;
mod tokens;
mod unread_parameter;
mod words;

pub use again::{Again, words_again};
pub use candidate::Candidate;
pub use code_words::code_words;
pub use edited::Edited;
pub use given_back::{may_set_attribute, returns_value};
pub use imports::{ImportStatement, ImportedNames, import_statements, mentions};
pub use left_out::{Callee, leaves_call_out};
pub use lower::{Lowered, errors, lower};
pub use name::Name;
pub use ones::{Denoted, Denotes, Flows, Units, Whence, flows, may_have_one_unit};
pub use outline::{ClassItem, FileId, FunctionItem, ImportItem, Item, ItemKind, Layout, Outline, Place, UnitId, UnitLayout, outline, outline_of};
pub use queries::{Predicate, PredicateArgument, PredicateForm, Queries, QueryError, QuerySource};
pub use segments::{Member, Segment, SegmentKind, Segments, code_lines};
pub use suppression::{SuppressedRule, Suppression, Suppressions, suppressed, suppressed_in_file};
pub use unread_parameter::says_constant_instead;
pub use words::Words;
