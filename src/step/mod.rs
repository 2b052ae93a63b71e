//! The reconstructed training step: values, heap, gradient graph and events, found by interpreting the code abstractly.
//!
//! A root (module code, a function, a class with its methods) is interpreted with symbols for what its callers would pass; what it calls
//! is interpreted in the caller's state, so that a context is the chain of calls. Everything a rule asks is in [`Step`].
//! Knows no rule, no protocol and no framework: what framework functions do, the stubs say.
#![forbid(unsafe_code)]

pub mod context;
mod describe;
pub mod event;
mod frames;
mod heap;
mod interpreter;
pub mod parameters;
mod probe;
mod state;
pub mod tensor;
pub mod value;
mod view;

pub use describe::describe;
pub use probe::{Probe, probe};
pub use interpreter::{Request, Trial};
pub use view::{Call, Entry, Manner, Origin, Step, Visits};

use crate::project::World;
use crate::syntax::UnitId;

/// Reconstructs the training step that `root` (a module, a top-level function or a class) takes part in.
pub fn evaluate(world: &dyn World, root: UnitId) -> Step {
    interpreter::Interpreter::new(world).evaluate(root)
}

/// As [`evaluate`], for questions that only a root answers whose budget is not spent: it is smaller.
pub fn evaluate_as_a_whole(world: &dyn World, root: UnitId) -> Step {
    interpreter::Interpreter::new(world).for_a_whole().evaluate(root)
}

/// As [`evaluate`], and keeps the value of every expression, for [`probe`].
pub fn evaluate_for_probes(world: &dyn World, root: UnitId) -> Step {
    interpreter::Interpreter::new(world).revealing().evaluate(root)
}

/// Reconstructs what one function or class does when it is called as a test would call it.
pub fn try_out(world: &dyn World, request: &Request<'_>) -> Trial {
    interpreter::Interpreter::new(world).try_out(request)
}
