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
use crate::project::{Binding, World};
use crate::syntax::{self, Denoted, Flows, ItemKind, Name, may_have_one_unit};

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
    syntax::flows(&text, name.as_str(), hasher.finish(), knowledge::UNIT_WORDS, &|path| denoted(db, file, path))
}

fn denoted(db: &dyn Db, file: SourceFile, path: &[&str]) -> Denoted {
    let Some((first, rest)) = path.split_first() else { return Denoted::Unknown };
    let world = DatabaseWorld::new(db);
    let mut binding = scope(db, file).global(first);
    for name in rest {
        binding = match binding {
            Binding::Module(module) => match world.scope(module).member(name) {
                // Of a framework only what is known has units.
                Binding::Unknown => return Denoted::Foreign,
                known => known,
            },
            Binding::Unknown if is_imported(db, file, first) => return Denoted::Foreign,
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
        Binding::Unknown if is_imported(db, file, first) => Denoted::Foreign,
        _ => Denoted::Unknown,
    }
}

/// Whether module code of `file` imports `name`.
fn is_imported(db: &dyn Db, file: SourceFile, name: &str) -> bool {
    outline(db, file).items.iter().any(|item| item.name == name && matches!(item.kind, ItemKind::Import(_)))
}
