//! What a file defines, known from its segments without parsing those that cannot matter.

mod layout;
mod read;

pub use layout::{Layout, UnitLayout};
pub use read::{outline, outline_of};

use super::Name;
use super::hir::{ImportedName, NodeId};

/// A file of the project or a stub, numbered by the engine.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FileId(pub u32);

/// A unit: what is analysed as one.
///
/// It is named, not numbered, so that it keeps its identity when other units of the file come and go.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct UnitId {
    /// The file it stands in.
    pub file: FileId,
    /// Its dotted name in the file (`train`, `ConvNet`, `ConvNet.forward`); empty for the module unit.
    pub name: Name,
    /// Which of the definitions with this name, counted from 0 in source order.
    pub ordinal: u32,
}

/// A place to which a finding can point: a node of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    /// The unit.
    pub unit: UnitId,
    /// The node.
    pub node: NodeId,
}

/// The definitions of one file, in source order, without offsets.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Outline {
    /// Top-level definitions, imports and assigned names. A name may occur several times; the last binding wins at run time.
    pub items: Vec<Item>,
    /// Whether the module unit holds an interesting word outside its imports.
    pub module_matters: bool,
    /// Names that functions declare `global`: they may be set at any time.
    pub set_by_functions: Vec<Name>,
}

/// One top-level binding.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Item {
    /// The bound name; `*` for a star import.
    pub name: Name,
    /// What it is bound to.
    pub kind: ItemKind,
}

/// What a top-level name is bound to.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ItemKind {
    /// A function that is a unit of its own.
    Function(FunctionItem),
    /// A class that is a unit of its own.
    Class(ClassItem),
    /// `import module` (binds the first segment of the dotted name unless there is an alias) or `from module import name`.
    Import(ImportItem),
    /// Bound by some statement of the module unit (assignment, loop, `with`, conditional definition …).
    Value,
}

/// A function or method.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FunctionItem {
    /// Its name without the class.
    pub name: Name,
    /// The name of its unit: for a method the dotted name with the class.
    pub unit: Name,
    /// Its number among the definitions with its dotted name.
    pub ordinal: u32,
    /// Whether its text holds an interesting word.
    pub matters: bool,
}

/// A class.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ClassItem {
    /// Its number among the definitions with its name.
    pub ordinal: u32,
    /// Methods in source order.
    pub methods: Vec<FunctionItem>,
    /// Whether its header, body or a method holds an interesting word.
    pub matters: bool,
}

/// One name bound by an import.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ImportItem {
    /// `import a.b`, `import a.b as c`
    Module {
        /// The dotted module.
        module: Name,
        /// Whether an alias is bound to the whole dotted module (`as c`) instead of its first segment.
        aliased: bool,
    },
    /// `from .module import name as alias`; `*` when `name` is `*`
    From {
        /// Dotted module after the dots; may be empty.
        module: Name,
        /// Number of leading dots.
        level: u32,
        /// The imported name, or `*`.
        name: ImportedName,
    },
}

impl Outline {
    /// Bindings of `name`, in source order.
    pub fn bindings(&self, name: Name) -> impl DoubleEndedIterator<Item = &Item> {
        self.items.iter().filter(move |item| item.name == name)
    }
}
