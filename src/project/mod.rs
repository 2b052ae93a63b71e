//! Modules, scopes, imports and classes across files: from an expression to what it names.
//!
//! Knows nothing of tensors, and nothing of how files are stored: it asks a [`World`].
#![forbid(unsafe_code)]

pub mod modules;
mod names;
mod scope;

pub use names::{Binding, class_item, lookup, member, method, resolve};
pub use scope::{Mentions, Scope, WordKey, word_key};

use std::sync::Arc;

use crate::syntax::hir::Hir;
use crate::syntax::{Candidate, FileId, Name, Outline, Queries, UnitId};

/// All that the analysis may ask of the files around it. The engine answers, and records what was asked.
///
/// Files are those of the project and the stubs; installed packages are never read.
pub trait World {
    /// The definitions of `file`; empty if the file does not exist.
    fn outline(&self, file: FileId) -> Arc<Outline>;

    /// The lowered tree of `unit`; an empty module tree if there is no such unit.
    fn hir(&self, unit: UnitId) -> Arc<Hir>;

    /// The calls of `unit` whose shape the queries of local rules ask for.
    fn candidates(&self, unit: UnitId) -> Arc<[Candidate]>;

    /// The queries of the local rules that the project of `file` adds.
    fn own_queries(&self, _: FileId) -> Arc<Queries> {
        Arc::default()
    }

    /// The calls of `unit` whose shape the queries of its project ask for.
    fn own_candidates(&self, _: UnitId) -> Arc<[Candidate]> {
        Arc::default()
    }

    /// The module that `import module` (or `from {dots}module import …` with `level` dots) names, seen from `from`.
    fn import(&self, from: FileId, module: Name, level: u32) -> Imported;

    /// The stub of the dotted module `module`, whatever the project calls so.
    fn stub(&self, module: Name) -> Option<FileId>;

    /// The module `name` inside the package `package`, if it exists.
    fn submodule(&self, package: FileId, name: Name) -> Option<FileId>;

    /// The names of the modules inside the package `package`; none if it is no package.
    fn submodules(&self, package: FileId) -> Vec<Name>;

    /// The names of `file` with what they denote.
    fn scope(&self, file: FileId) -> Arc<Scope>;

    /// The dotted module name of `file`: `torch.nn.functional`, `models.convnet`.
    fn module_name(&self, file: FileId) -> Name;

    /// Whether `file` is a stub.
    fn is_stub(&self, file: FileId) -> bool;
}

/// What an import statement names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Imported {
    /// A file of the project or a stub.
    Module(FileId),
    /// Nothing that is known: an installed package without stubs, or nothing at all.
    Unknown,
}
