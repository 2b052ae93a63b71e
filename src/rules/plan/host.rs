//! What holds the code that a test is about: a class with its methods, a function, or the statements of a module.

use crate::project::{self, Binding};
use crate::rules::view::StepView;
use crate::step::value::ClassId;
use crate::syntax::{Name, UnitId};

/// The class and method, or the function, that holds a unit.
pub(super) enum Host {
    /// A method of a class.
    Method {
        /// The class.
        class: UnitId,
        /// The name of the method.
        method: String,
    },
    /// A function.
    Function(UnitId),
    /// The statements of a module.
    Script,
}

/// What holds the code of `unit`.
pub(super) fn host(view: &StepView<'_>, unit: UnitId) -> Host {
    let name = unit.name.as_str();
    match name.rsplit_once('.') {
        _ if name.is_empty() => Host::Script,
        Some((class, method)) => match project::lookup(view.world, unit.file, Name::new(class)) {
            Binding::Class(class) => Host::Method { class, method: method.to_owned() },
            _ => Host::Script,
        },
        None if view.world.hir(unit).function().is_some() => Host::Function(unit),
        None => Host::Script,
    }
}

/// The units of a class and its bases, in the order of lookup.
pub(super) fn order_of(view: &StepView<'_>, class: UnitId) -> Option<Vec<UnitId>> {
    let number: ClassId = view.step.class_called(class)?;
    Some(view.step.class_order(number).collect())
}

/// The unit of a project method, wherever it is inherited from.
pub(super) fn method_of(view: &StepView<'_>, order: &[UnitId], method: &str) -> Option<UnitId> {
    order.iter().filter(|class| view.is_project(**class)).find_map(|class| project::method(view.world, *class, Name::new(method)))
}
