//! The files as the analysis sees them: every question is a query, so that its answer is a dependency.

use std::sync::Arc;

use super::database::{AnyFile, Db, SourceFile, file_of};
use super::folders::{self, Target, folder_of};
use super::{reach, settings, stubs, units};
use crate::project::{Imported, Scope, World};
use crate::syntax::hir::Hir;
use crate::syntax::{Candidate, FileId, Name, Outline, Queries, UnitId};

/// Answers the analysis out of the database.
#[derive(Clone, Copy)]
pub(super) struct DatabaseWorld<'db> {
    db: &'db dyn Db,
}

impl<'db> DatabaseWorld<'db> {
    pub(super) fn new(db: &'db dyn Db) -> Self {
        Self { db }
    }

    fn stub(module: Name) -> Imported {
        let module = module.as_str();
        stubs::find(module).filter(|_| stubs::is_module(module)).map_or(Imported::Unknown, Imported::Module)
    }

    /// Whether `file` itself is what the first segment of `module` names in it.
    fn is_named_like_package_of(&self, file: SourceFile, module: Name) -> bool {
        let top = module.as_str().split('.').next().unwrap_or_default();
        let found = folders::resolve(self.db, folder_of(self.db, file), Name::new(top), 0);
        found == Some(Target::Source(file))
    }
}

impl World for DatabaseWorld<'_> {
    fn outline(&self, file: FileId) -> Arc<Outline> {
        match file_of(file) {
            AnyFile::Source(source) => Arc::clone(units::outline(self.db, source)),
            AnyFile::Stub(stub) => stubs::outline(stub),
        }
    }

    fn hir(&self, unit: UnitId) -> Arc<Hir> {
        match file_of(unit.file) {
            AnyFile::Source(source) => units::hir_of(self.db, source, unit.name, unit.ordinal),
            AnyFile::Stub(stub) => stubs::hir(stub, unit),
        }
    }

    fn candidates(&self, unit: UnitId) -> Arc<[Candidate]> {
        match file_of(unit.file) {
            AnyFile::Source(source) => units::candidates_of(self.db, source, unit.name, unit.ordinal),
            AnyFile::Stub(_) => Arc::default(),
        }
    }

    fn own_queries(&self, file: FileId) -> Arc<Queries> {
        match file_of(file) {
            AnyFile::Source(source) => Arc::clone(&settings::own_rules(self.db, folders::project_root(self.db, folder_of(self.db, source))).queries),
            AnyFile::Stub(_) => Arc::default(),
        }
    }

    fn own_candidates(&self, unit: UnitId) -> Arc<[Candidate]> {
        match file_of(unit.file) {
            AnyFile::Source(source) => units::own_candidates_of(self.db, source, unit.name, unit.ordinal),
            AnyFile::Stub(_) => Arc::default(),
        }
    }

    fn import(&self, from: FileId, module: Name, level: u32) -> Imported {
        let source = match file_of(from) {
            AnyFile::Source(source) => source,
            AnyFile::Stub(stub) => return stubs::import(stub, module.as_str(), level).map_or(Imported::Unknown, Imported::Module),
        };
        if level == 0 && self.is_stub(from) && stubs::is_vocabulary(module.as_str()) {
            return stubs::find(module.as_str()).map_or(Imported::Unknown, Imported::Module);
        }
        match folders::resolve(self.db, folder_of(self.db, source), module, level) {
            Some(Target::Source(found)) if found != source || level > 0 => Imported::Module(found.number()),
            Some(Target::Stub(module)) => Self::stub(module),
            // A script that has a framework's name means the framework when it imports it.
            _ if level == 0 && self.is_named_like_package_of(source, module) => Self::stub(module),
            _ => Imported::Unknown,
        }
    }

    fn stub(&self, module: Name) -> Option<FileId> {
        stubs::find(module.as_str())
    }

    fn submodule(&self, package: FileId, name: Name) -> Option<FileId> {
        match file_of(package) {
            AnyFile::Source(source) => folders::submodule(self.db, source, name).map(SourceFile::number),
            AnyFile::Stub(stub) => stubs::submodule(stub, name.as_str()),
        }
    }

    fn submodules(&self, package: FileId) -> Vec<Name> {
        match file_of(package) {
            AnyFile::Source(source) => folders::submodules(self.db, source),
            AnyFile::Stub(stub) => stubs::submodules(stub),
        }
    }

    fn scope(&self, file: FileId) -> Arc<Scope> {
        match file_of(file) {
            AnyFile::Source(source) => Arc::clone(reach::scope(self.db, source)),
            AnyFile::Stub(stub) => stubs::scope(stub),
        }
    }

    fn module_name(&self, file: FileId) -> Name {
        match file_of(file) {
            AnyFile::Source(source) => folders::module_name(self.db, source),
            AnyFile::Stub(stub) => stubs::module_name(stub),
        }
    }

    fn is_stub(&self, file: FileId) -> bool {
        match file_of(file) {
            AnyFile::Source(source) => folders::is_own_stub(self.db, source),
            AnyFile::Stub(_) => true,
        }
    }
}
