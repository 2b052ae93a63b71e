//! The stubs as files: they never change, so their trees are kept for the whole process.

use std::sync::Arc;

use super::Analysis;
use super::units::empty;
use crate::rules::RootReport;
use crate::syntax::hir::Hir;
use crate::syntax::{FileId, Name, Outline, UnitId, Words};

/// The analysis that backprobe runs.
pub(super) fn analysis() -> Analysis {
    Analysis { words: Arc::new(Words::new([""])), check_root: |_, _| RootReport::default() }
}

/// Whether there is a stub for the dotted `module`.
pub(super) fn is_module(_module: &str) -> bool {
    false
}

/// The stub of the dotted `module`.
pub(super) fn find(_module: &str) -> Option<FileId> {
    None
}

/// What an import in a stub names.
pub(super) fn import(_stub: u32, _module: &str, _level: u32) -> Option<FileId> {
    None
}

/// The stub of the module `name` inside the package that `stub` is.
pub(super) fn submodule(_stub: u32, _name: &str) -> Option<FileId> {
    None
}

/// The dotted name of a stub.
pub(super) fn module_name(_stub: u32) -> Name {
    Name::new("")
}

/// The definitions of a stub.
pub(super) fn outline(_stub: u32) -> Arc<Outline> {
    Arc::default()
}

/// The tree of a unit of a stub.
pub(super) fn hir(_stub: u32, _unit: UnitId) -> Arc<Hir> {
    empty()
}
