//! Whether a layer within reach could have one unit.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::mentions::scope;
use super::walk::Reach;
use crate::engine::database::{AnyFile, Db, SourceFile, file_of};
use crate::engine::stubs;
use crate::engine::units::{outline, texts_of};
use crate::engine::world::DatabaseWorld;
use crate::knowledge;
use crate::project::{Binding, Imported, World, member};
use crate::syntax::{self, Denoted, Flows, ImportStatement, ImportedNames, ItemKind, Name, Units, Whence, import_statements, may_have_one_unit};

/// Whether one of the layers that are reached could have one unit.
pub(super) fn has_one_unit(db: &dyn Db, reached: &Reach) -> bool {
    let members = reached.units.iter().map(|member| flows(db, member.file, member.unit.name, member.unit.ordinal));
    let values = reached.files.iter().chain(&reached.valued).map(|&file| flows(db, file, Name::new(""), 0));
    may_have_one_unit(members.chain(values))
}

/// What numbers go where in a function, the statements of a class, or the module unit of `file`.
#[salsa::tracked(returns(ref))]
fn flows(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> Flows {
    let mut hasher = FxHasher::default();
    (file.number(), name.as_str(), ordinal).hash(&mut hasher);
    let text = texts_of(db, file, name, ordinal).concat();
    let statements = if text.contains("import") { import_statements(&text) } else { Vec::new() };
    let denotes = |path: &[&str], whence: Whence| match whence {
        Whence::Module => denoted(db, file, path),
        Whence::Inside => denoted_inside(db, file, &statements, path),
    };
    syntax::flows(&text, name.as_str(), hasher.finish(), knowledge::UNIT_WORDS, &denotes)
}

/// What a dotted name denotes in module code.
fn denoted(db: &dyn Db, file: SourceFile, path: &[&str]) -> Denoted {
    let Some((first, rest)) = path.split_first() else { return Denoted::Unknown };
    match scope(db, file).global(first) {
        Binding::Unknown if is_imported(db, file, first) => Denoted::Foreign,
        binding => member_of(db, binding, rest),
    }
}

/// What a dotted name denotes whose first part a function imports: any of what its statements name.
fn denoted_inside(db: &dyn Db, file: SourceFile, statements: &[ImportStatement], path: &[&str]) -> Denoted {
    let world = DatabaseWorld::new(db);
    let rest = path.get(1..).unwrap_or_default();
    let imported = |statement: &ImportStatement| -> Vec<Binding> {
        let Imported::Module(module) = world.import(file.number(), statement.module, statement.level) else { return Vec::new() };
        match &statement.names {
            ImportedNames::Module | ImportedNames::Star => {
                let package = statement.module.as_str().split('.').next().map(|first| world.import(file.number(), Name::new(first), statement.level));
                let package = package.and_then(|package| if let Imported::Module(package) = package { Some(Binding::Module(package)) } else { None });
                package.into_iter().chain([Binding::Module(module)]).collect()
            }
            ImportedNames::Names(names) => names.iter().map(|&name| member(&world, module, name)).collect(),
        }
    };
    let is_known = |denoted: &Denoted| match denoted {
        Denoted::Framework(units) => **units != Units::default(),
        Denoted::Project(_) | Denoted::Anything => true,
        Denoted::Foreign | Denoted::Unknown | Denoted::Module => false,
    };
    let known: Vec<Denoted> = statements.iter().flat_map(imported).map(|binding| member_of(db, binding, rest)).filter(is_known).collect();
    match <[Denoted; 1]>::try_from(known) {
        Ok([denoted]) => denoted,
        Err(known) if known.is_empty() => Denoted::Foreign,
        Err(_) => Denoted::Anything,
    }
}

/// What the members `rest` of what is bound denote.
fn member_of(db: &dyn Db, mut binding: Binding, rest: &[&str]) -> Denoted {
    let world = DatabaseWorld::new(db);
    for name in rest {
        binding = match binding {
            Binding::Module(module) => match world.scope(module).member(name) {
                // Of a framework only what is known has units.
                Binding::Unknown => return Denoted::Foreign,
                known => known,
            },
            // `layers = tf.layers`
            Binding::Value(..) => return Denoted::Anything,
            // A method of a class.
            _ => return Denoted::Unknown,
        };
    }
    match binding {
        Binding::Function(unit) | Binding::Class(unit) => match file_of(unit.file) {
            AnyFile::Stub(_) => Denoted::Framework(stubs::unit_parameters(unit)),
            AnyFile::Source(_) => Denoted::Project(unit.name.as_str()),
        },
        Binding::Module(_) => Denoted::Module,
        _ => Denoted::Unknown,
    }
}

/// Whether module code of `file` imports `name`.
fn is_imported(db: &dyn Db, file: SourceFile, name: &str) -> bool {
    outline(db, file).items.iter().any(|item| item.name == name && matches!(item.kind, ItemKind::Import(_)))
}
