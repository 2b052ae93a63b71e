//! backprobe finds silent training bugs in Python machine-learning code and writes the unit test that proves each of them.
//!
//! # Architecture
//!
//! Everything is about one thing, a *training step*: which parameters reach the loss, through which differentiable path, in
//! which mode the layers run, what scale reaches the loss, which parameters the optimizer holds, and in which order backward,
//! clip, step and zero_grad happen. The static half ([`step`]) predicts it from source; a rule asks the prediction a question.
//! The runtime half ([`checker`]) observes it. A generated test is the bridge: it says what should hold, and the checker decides.
//!
//! Text flows from left to right; a module may use modules to its left, never to its right:
//!
//! ```text
//! text → syntax → knowledge → project → finding → step → rules → testgen → engine → report → server → cli
//! checker ← python.rs ← python/backprobe ← generated test
//! ```
//!
//! # How code is evaluated
//!
//! A root (module code, a top-level function, a class with its methods) is interpreted with symbols for what its callers would pass. What
//! it calls is interpreted in the caller's state, so a context is a chain of calls, not a summary that is made once and
//! spliced in: a callee then sees all that the caller knows (units, scopes, arg scopes, which optimizer is which), and there is
//! one mechanism instead of two. Counted budgets bound it: steps of a root, of which a framework's cost half, nested calls, rounds of a
//! loop. Rules that ask for what is missing need a root whole: where no other rule could fire, it is given up early if the project's own
//! code is long, since it would say nothing in the end. A rule that fires in a function with callers is reported only if it fires in every
//! context that calls it; contexts whose budget was spent, in which nothing happens that the rule is about, or which call something else
//! at a place have no say (`engine/merge.rs`).
//!
//! Two parsers read Python (`src/syntax/lower`): a fast one for valid Python 3, and a tolerant one, tree-sitter's, for all else and for
//! the queries of local rules. Wherever the tolerant one reads valid code, both give the same tree, node for node (`tests/segments.rs`):
//! what the fast one would read otherwise it leaves to the other. Where the tolerant one fails on valid code, what its queries find is
//! looked up by place.
//!
//! Most roots are never evaluated. Each rule says what it needs to fire ([`rules::Needs`]: a function that is called, an event, twice
//! where two are needed, a layer of one unit, a call that is left out), and the names in the texts, resolved in their scopes, say what a
//! root could come across (`engine/reach`). Methods of a class take part if their names are met on the way and nothing overrides them.
//! Where no rule could fire, nothing is parsed. Queries are tried only where their rule is about to report a call. Should something fire
//! in a file, the other roots that reach it are evaluated too, since all contexts must agree.
//!
//! What trains is known from names alone (`rules/trainable.rs`), so that an editor can offer its training tests in passing. They are
//! planned when they are wanted, by the same code that plans tests for findings: in the root itself and in its callers, of which the one
//! counts that leaves least to be filled in (`engine/training.rs`).
//!
//! # Invariants
//!
//! Each is held by a test. Those without a name are in `tests/architecture.rs`.
//!
//! - **Layers.** No module uses one to its right. Only `syntax` knows the grammar, only `server` the protocol, only `engine` the
//!   incremental database, only `report` how excerpts are drawn, only `cli` what the command line accepts.
//! - **Frameworks are data.** Their names occur in `knowledge`, `rules`, `testgen`, `queries/`, `python.rs` and `python/` only; `step` knows
//!   tensors and gradients, but no framework.
//! - **The analysis is a pure function** of texts and settings. It reads files through [`engine::Files`] only, asks neither the
//!   environment nor a clock, starts no process, and holds no unsafe code. Budgets are counted, never timed.
//! - **The analysis cannot fail.** Broken Python is normal input: what cannot be analysed is named, the rest is. A panic costs
//!   the file that caused it, never the command or the server.
//! - **Unknown is silent.** A rule fires on facts that are known, never on what was not found out.
//! - **Settings come last.** All rules always run; what is selected, excluded, silenced by a comment, and how bad it is, is applied to
//!   findings. Only roots, stubs and a project's own rules change what is known (`tests/engine/settings.rs`).
//! - **Places are bytes** inside; [`text`] alone converts them, in both directions, at every character boundary, in three
//!   encodings and with every line ending (`tests/positions.rs`).
//! - **Segments equal statements**: cutting a text before parsing loses nothing, and an edit costs what it touches
//!   (`src/syntax/segments/mod.rs`).
//! - **What is written is a promise**: formats and exit codes are snapshots (`tests/report.rs`, `tests/cli.rs`).
//! - **One concept a file**, at most 600 lines; every rule has its page and every page its rule.

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
