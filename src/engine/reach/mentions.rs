//! What the texts of units name. A class and its methods are units of their own here.

use std::sync::Arc;

use memchr::memmem;

use crate::engine::database::{Db, SourceFile};
use crate::engine::units::{outline, texts_of};
use crate::engine::world::DatabaseWorld;
use crate::project::{Mentions, Scope};
use crate::syntax::{ItemKind, Name, Outline};

/// The names of `file` with what they denote.
#[salsa::tracked(returns(ref))]
pub(in crate::engine) fn scope(db: &dyn Db, file: SourceFile) -> Arc<Scope> {
    Arc::new(Scope::of(&DatabaseWorld::new(db), file.number()))
}

/// What a function, the statements of a class, or the module unit of `file` name.
#[salsa::tracked(returns(ref))]
pub(super) fn mentions(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> Mentions {
    // What a module imports it names where it uses it.
    let is_import = |text: &&str| name == "" && (text.starts_with("import ") || text.starts_with("from "));
    let texts = texts_of(db, file, name, ordinal).iter().map(AsRef::as_ref).filter(|text| !is_import(text));
    let defined = name.as_str().rsplit('.').next().unwrap_or_default();
    Mentions::of(&DatabaseWorld::new(db), file.number(), defined, texts)
}

/// Whether a function, a class or one of its methods, or the module unit of `file` names a function, a class or a value of module code.
pub(in crate::engine) fn names_something(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> bool {
    units_of(outline(db, file), name, ordinal).into_iter().map(|(name, ordinal)| mentions(db, file, name, ordinal)).any(|mentions| !mentions.units.is_empty() || !mentions.values.is_empty())
}

/// What the statements name that mention `name`, a name that module code of `file` binds.
#[salsa::tracked(returns(ref))]
pub(super) fn value_mentions(db: &dyn Db, file: SourceFile, name: Name) -> Mentions {
    let finder = memmem::Finder::new(name.as_str());
    let texts = texts_of(db, file, Name::new(""), 0).iter().map(AsRef::as_ref).filter(|text: &&str| finder.find(text.as_bytes()).is_some());
    Mentions::of(&DatabaseWorld::new(db), file.number(), "", texts)
}

/// What a unit names as members of the modules for which `name` stands, if module code of `file` binds it to one: `layers = tf.layers`.
#[salsa::tracked(returns(ref))]
pub(super) fn alias_mentions(db: &dyn Db, user: SourceFile, unit: Name, ordinal: u32, file: SourceFile, name: Name) -> Mentions {
    let binds = |text: &&str| {
        let value = text.strip_prefix(name.as_str()).and_then(|rest| rest.trim_start().strip_prefix('='));
        value.is_some_and(|value| !value.contains('('))
    };
    let bindings = texts_of(db, file, Name::new(""), 0).iter().map(AsRef::as_ref).filter(binds);
    let texts = texts_of(db, user, unit, ordinal).iter().map(AsRef::as_ref);
    Mentions::through(&DatabaseWorld::new(db), file.number(), bindings, texts)
}

/// A function, the module unit, or a class with its methods.
pub(in crate::engine) fn units_of(outline: &Outline, name: Name, ordinal: u32) -> Vec<(Name, u32)> {
    let class = outline.bindings(name).find_map(|item| match &item.kind {
        ItemKind::Class(class) if class.ordinal == ordinal => Some(class),
        _ => None,
    });
    let methods = class.into_iter().flat_map(|class| &class.methods).map(|method| (method.unit, method.ordinal));
    std::iter::once((name, ordinal)).chain(methods).collect()
}
