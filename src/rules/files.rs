//! What files say as a whole, beyond what a step runs of them.

use super::view::StepView;
use crate::project::Imported;
use crate::syntax::hir::Hir;
use crate::syntax::{FileId, ImportItem, Item, ItemKind, Name, UnitId};

/// The modules of the project that `file` imports.
pub(super) fn imports(view: &StepView<'_>, file: FileId) -> Vec<FileId> {
    let module = |item: &Item| {
        let (module, level) = match &item.kind {
            ItemKind::Import(ImportItem::From { module, level, .. }) => (*module, *level),
            ItemKind::Import(ImportItem::Module { module, .. }) => (*module, 0),
            _ => return None,
        };
        match view.world.import(file, module, level) {
            Imported::Module(imported) if !view.world.is_stub(imported) => Some(imported),
            _ => None,
        }
    };
    view.world.outline(file).items.iter().filter_map(module).collect()
}

/// Whether something `holds` of the code of `file` outside of all functions, of a function, a class, or a method.
pub(super) fn any_unit(view: &StepView<'_>, file: FileId, holds: &dyn Fn(&Hir) -> bool) -> bool {
    let holds = |name: Name, ordinal: u32| holds(&view.world.hir(UnitId { file, name, ordinal }));
    let outline = view.world.outline(file);
    holds(Name::new(""), 0)
        || outline.items.iter().any(|item| match &item.kind {
            ItemKind::Function(function) => holds(item.name, function.ordinal),
            ItemKind::Class(class) => holds(item.name, class.ordinal) || class.methods.iter().any(|method| holds(method.unit, method.ordinal)),
            ItemKind::Import(_) | ItemKind::Value => false,
        })
}
