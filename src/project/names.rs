//! From a name in a file to what it denotes, through imports, re-exports and star imports.

use super::{Imported, World};
use crate::syntax::{FileId, ImportItem, Item, ItemKind, Name, Outline, UnitId};

/// How many imports one name is followed through.
const MAX_HOPS: u32 = 8;

/// What a name denotes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Binding {
    /// A function unit.
    Function(UnitId),
    /// A class unit.
    Class(UnitId),
    /// A module.
    Module(FileId),
    /// A name bound by a statement of a module.
    Value(FileId, Name),
    /// Not known: bound by something that is not read, or not at all.
    Unknown,
}

/// What the global `name` denotes in `file`.
pub fn lookup(world: &dyn World, file: FileId, name: Name) -> Binding {
    hop(world, file, name, MAX_HOPS)
}

/// What `module.name` denotes: a global of the module, or a submodule.
pub fn member(world: &dyn World, module: FileId, name: Name) -> Binding {
    member_within(world, module, name, MAX_HOPS)
}

/// What the dotted name `qualified` denotes, its first segment being a top-level module seen from `from`; its last may be a method
/// that the class before it defines.
pub fn resolve(world: &dyn World, from: FileId, qualified: &str) -> Binding {
    let mut segments = qualified.split('.');
    let Some(Imported::Module(root)) = segments.next().map(|first| world.import(from, Name::new(first), 0)) else { return Binding::Unknown };
    segments.fold(Binding::Module(root), |binding, segment| match binding {
        Binding::Module(module) => member(world, module, Name::new(segment)),
        Binding::Class(class) => method(world, class, Name::new(segment)).map_or(Binding::Unknown, Binding::Function),
        _ => Binding::Unknown,
    })
}

/// The last method `name` in the body of `class`.
pub fn method(world: &dyn World, class: UnitId, name: Name) -> Option<UnitId> {
    let outline = world.outline(class.file);
    let found = class_item(&outline, class)?.methods.iter().rev().find(|method| method.name == name)?;
    Some(UnitId { file: class.file, name: Name::new(&format!("{}.{name}", class.name)), ordinal: found.ordinal })
}

/// The class `class` of `file` as an item of its outline.
pub fn class_item(outline: &Outline, class: UnitId) -> Option<&crate::syntax::ClassItem> {
    outline.bindings(class.name).find_map(|item| match &item.kind {
        ItemKind::Class(found) if found.ordinal == class.ordinal => Some(found),
        _ => None,
    })
}

fn member_within(world: &dyn World, module: FileId, name: Name, hops: u32) -> Binding {
    match hop(world, module, name, hops) {
        Binding::Unknown => world.submodule(module, name).map_or(Binding::Unknown, Binding::Module),
        found => found,
    }
}

fn hop(world: &dyn World, file: FileId, name: Name, hops: u32) -> Binding {
    if hops == 0 {
        return Binding::Unknown;
    }
    let outline = world.outline(file);
    let mut imported = Binding::Unknown;
    for item in outline.bindings(name).rev() {
        match follow(world, file, item, hops) {
            // `try: import x` with a second import in its handler: the last that is known.
            Binding::Unknown => {}
            found => {
                imported = found;
                break;
            }
        }
    }
    if imported != Binding::Unknown || outline.bindings(name).next().is_some() {
        return imported;
    }
    let star = Name::new("*");
    outline
        .bindings(star)
        .rev()
        .filter_map(|item| match &item.kind {
            ItemKind::Import(ImportItem::From { module, level, .. }) => Some((*module, *level)),
            _ => None,
        })
        .map(|(module, level)| match world.import(file, module, level) {
            Imported::Module(target) => hop(world, target, name, hops - 1),
            Imported::Unknown => Binding::Unknown,
        })
        .find(|&found| found != Binding::Unknown)
        .unwrap_or(Binding::Unknown)
}

fn follow(world: &dyn World, file: FileId, item: &Item, hops: u32) -> Binding {
    match &item.kind {
        ItemKind::Function(function) => Binding::Function(UnitId { file, name: item.name, ordinal: function.ordinal }),
        ItemKind::Class(class) => Binding::Class(UnitId { file, name: item.name, ordinal: class.ordinal }),
        ItemKind::Value => Binding::Value(file, item.name),
        ItemKind::Import(ImportItem::Module { module, aliased }) => {
            let wanted = if *aliased { *module } else { item.name };
            match world.import(file, wanted, 0) {
                Imported::Module(target) => Binding::Module(target),
                Imported::Unknown => Binding::Unknown,
            }
        }
        ItemKind::Import(ImportItem::From { module, level, name }) => match world.import(file, *module, *level) {
            Imported::Module(target) if target == file && name.name == item.name => {
                world.submodule(file, name.name).map_or(Binding::Unknown, Binding::Module)
            }
            Imported::Module(target) => member_within(world, target, name.name, hops - 1),
            Imported::Unknown => Binding::Unknown,
        },
    }
}
