//! backprobe finds silent training bugs in Python machine-learning code and writes the unit test that proves each of them.
//!
//! # Architecture
//!
//! Text flows from left to right; a module may use modules to its left, never to its right (`tests/architecture.rs`):
//!
//! ```text
//! text → syntax → knowledge → project → finding → step → rules → testgen → engine → report → server → cli
//! checker ← python.rs ← python/backprobe ← generated test
//! ```

pub mod text; // the document: versions, byte ranges, lines and columns in three encodings, edits
pub mod syntax; // segments, units, lowering to a small owned tree, query candidates
pub mod knowledge; // what framework functions do, read from Python stubs
pub mod project; // names, imports and classes across files
pub mod finding; // plain data: finding, labels, fix, test plan
pub mod step; // the reconstructed training step: values, heap, gradient graph, events
pub mod rules; // one bug each: question, message, fix, test plan
pub mod testgen; // test plan to a pytest file
pub mod engine; // incremental database, files, findings of a file
pub mod report; // findings for a terminal or a program
pub mod server; // the editor protocol
pub mod cli; // the commands

pub mod checker; // the runtime half: fingerprints, scans, comparison of steps
#[cfg(feature = "python")]
mod python; // PyO3 conversion only
