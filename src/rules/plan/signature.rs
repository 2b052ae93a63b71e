//! What a function or constructor has to be passed, as far as call sites and defaults say.

use crate::finding::{Argument, Literal, Passed, Property, Style};
use crate::rules::flag::is_flag;
use crate::rules::view::StepView;
use crate::step::context::ContextId;
use crate::step::tensor::TensorId;
use crate::step::{Entry, Origin};
use crate::syntax::hir::{Expr, Parameter, ParameterKind, Stmt};
use crate::syntax::{Name, UnitId};

/// Parameters that say how variables are made; tests make them.
const REUSE: [&str; 2] = ["reuse", "scope"];

/// Parameters that say how long training takes, and the most that a test passes for them.
const LENGTHS: [&str; 12] = ["epochs", "n_epochs", "num_epochs", "nb_epochs", "nb_epoch", "steps", "n_steps", "num_steps", "iterations", "n_iterations", "num_iterations", "max_steps"];
const MOST_LONG: i64 = 2;

/// The parameters of a unit that take arguments one by one.
pub(super) fn parameters(view: &StepView<'_>, unit: UnitId, is_method: bool) -> Vec<Parameter> {
    let hir = view.world.hir(unit);
    let Some(definition) = hir.function() else { return Vec::new() };
    let plain = definition.parameters.iter().skip(usize::from(is_method)).filter(|parameter| !matches!(parameter.kind, ParameterKind::VarArgs | ParameterKind::KwArgs));
    plain.cloned().collect()
}

/// The constants that a call has to pass: those that call sites give for required parameters, a short length of
/// training, and the flag that `property` needs.
pub(super) fn constants(view: &StepView<'_>, unit: UnitId, is_method: bool, entry: Option<&Entry>, mode: Mode<'_>) -> Vec<(Name, Literal)> {
    let mut found = Vec::new();
    for parameter in parameters(view, unit, is_method) {
        let name = parameter.name;
        if is_flag(name.as_str()) {
            found.push((name, Literal::Bool(mode.trains())));
        } else if name == "deterministic" {
            found.push((name, Literal::Bool(!mode.trains())));
        } else if name == "mode" && view.reads_attribute(unit, "ModeKeys") {
            // A mode of an estimator, whatever it is by default.
            found.push((name, Literal::Str(if mode.trains() { "train" } else { "eval" }.into())));
        } else if parameter.default.is_none() {
            let given = entry.and_then(|entry| entry.argument(name)).filter(|(_, origin)| *origin == Origin::Explicit).and_then(|(value, _)| view.step.literal(value));
            if REUSE.contains(&name.as_str()) {
                found.push((name, Literal::None));
            } else if LENGTHS.contains(&name.as_str()) {
                let count = if let Some(Literal::Int(count)) = given { count.min(MOST_LONG) } else { MOST_LONG };
                found.push((name, Literal::Int(count)));
            } else if let Some(given) = given {
                found.push((name, given));
            }
        }
    }
    found
}

/// What says whether a network runs as in training.
#[derive(Clone, Copy)]
pub(super) struct Mode<'p> {
    pub(super) property: &'p Property,
    pub(super) style: Style,
}

impl Mode<'_> {
    /// Whether the property holds of a network that trains. A function of parameters is trained as it is evaluated: in training it would
    /// return its statistics too, and ask for random numbers.
    fn trains(self) -> bool {
        match self.property {
            Property::Trains(_) | Property::OpponentUntouched { .. } => self.style != Style::Pure,
            Property::StatisticsMoved | Property::RandomInTraining => true,
            _ => false,
        }
    }
}

/// Arguments for the constructor of `owner`: call sites say what required parameters take.
pub(super) fn constructor(view: &StepView<'_>, init: Option<UnitId>, owner: &str, entry: Option<&Entry>) -> (Vec<Argument>, Vec<(Name, Literal)>) {
    init.map_or_else(Default::default, |init| required(view, init, true, owner, entry))
}

/// Arguments for the required parameters of a function that takes no tensors, and those of them that call sites say.
pub(super) fn required(view: &StepView<'_>, unit: UnitId, is_method: bool, owner: &str, entry: Option<&Entry>) -> (Vec<Argument>, Vec<(Name, Literal)>) {
    let known = constants(view, unit, is_method, entry, Mode { property: &Property::OutputVaries, style: Style::Objects });
    let required = parameters(view, unit, is_method).into_iter().filter(|parameter| parameter.default.is_none());
    let mut skipped = false;
    let arguments = required
        .map(|parameter| {
            skipped |= parameter.kind == ParameterKind::KeywordOnly;
            let value = match known.iter().find(|(name, _)| *name == parameter.name) {
                Some((_, literal)) => Passed::Literal(literal.clone()),
                None => Passed::FillIn(format!("`{}` of {owner}", parameter.name)),
            };
            Argument { name: parameter.name.to_string(), by_name: skipped, value }
        })
        .collect();
    (arguments, known)
}

/// Arguments for the fields of a dataclass-like class that have no default.
pub(super) fn required_fields(view: &StepView<'_>, order: &[UnitId]) -> Vec<Argument> {
    let mut found: Vec<Argument> = Vec::new();
    for &class in order.iter().rev().filter(|class| view.is_project(**class)) {
        let hir = view.world.hir(class);
        for &stmt in hir.class().map(|definition| &*definition.body).unwrap_or_default() {
            if let Stmt::AnnotatedAssign { target, value: None, .. } = hir.stmt(stmt)
                && let Expr::Name(name) = hir.expr(*target)
            {
                found.push(Argument { name: name.to_string(), by_name: true, value: Passed::FillIn(format!("`{name}` of {}", class.name)) });
            }
        }
    }
    found
}

/// The arguments of a call of `unit`: constants, and inputs by their number. What is neither has to be filled in, unless it has a default.
pub(super) fn arguments(view: &StepView<'_>, unit: UnitId, is_method: bool, constants: &[(Name, Literal)], inputs: &[(Name, TensorId)]) -> Vec<Argument> {
    let mut by_name = false;
    let mut arguments = Vec::new();
    for parameter in parameters(view, unit, is_method) {
        let constant = constants.iter().find(|(name, _)| *name == parameter.name);
        let value = match (constant, inputs.iter().position(|(name, _)| *name == parameter.name)) {
            (Some((_, literal)), _) => Passed::Literal(literal.clone()),
            (None, Some(number)) => Passed::Input(number),
            (None, None) if parameter.default.is_none() => Passed::FillIn(format!("`{}` of {}", parameter.name, unit.name)),
            (None, None) => {
                by_name = true;
                continue;
            }
        };
        by_name |= parameter.kind == ParameterKind::KeywordOnly || (constant.is_some() && parameter.kind == ParameterKind::Normal);
        arguments.push(Argument { name: parameter.name.to_string(), by_name, value });
    }
    arguments
}

/// The call of a project function that the context `context` is, or else any call of it.
pub(super) fn entry<'a>(view: &StepView<'a>, unit: UnitId, context: Option<ContextId>) -> Option<&'a Entry> {
    let calls = || view.step.entries().iter().filter(move |entry| entry.unit == unit);
    calls().find(|entry| Some(entry.context) == context).or_else(|| calls().next())
}
