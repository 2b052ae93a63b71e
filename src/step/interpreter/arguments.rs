//! Arguments of a call and how they meet the parameters.

use super::Interpreter;
use crate::step::value::{Function, Value};
use crate::step::view::Origin;
use crate::syntax::Name;
use crate::syntax::UnitId;
use crate::syntax::hir::{Parameter, ParameterKind};

/// The arguments of one call, evaluated.
#[derive(Clone, Default, Debug)]
pub(super) struct Arguments {
    pub(super) positional: Vec<Value>,
    pub(super) keywords: Vec<(Name, Value)>,
    /// Whether `*something` passes more that is not known.
    pub(super) more_positional: bool,
    /// Whether `**something` passes more that is not known.
    pub(super) more_keywords: bool,
    /// What is passed through them.
    pub(super) rest: Vec<Value>,
}

impl Arguments {
    pub(super) fn of(positional: Vec<Value>) -> Self {
        Self { positional, ..Self::default() }
    }

    /// All values that are passed.
    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.positional.iter().chain(self.keywords.iter().map(|(_, value)| value)).chain(&self.rest)
    }

    /// The keyword `name`.
    pub(super) fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The argument at `position`, or called `name`.
    pub(super) fn get(&self, position: usize, name: &str) -> Option<&Value> {
        self.positional.get(position).or_else(|| self.keyword(name))
    }

    pub(super) fn with_receiver(mut self, receiver: Value) -> Self {
        self.positional.insert(0, receiver);
        self
    }
}

/// A parameter with what it is bound to.
pub(super) struct Bound {
    pub(super) name: Name,
    pub(super) value: BoundValue,
    pub(super) origin: Origin,
}

/// What a parameter is bound to.
pub(super) enum BoundValue {
    Given(Value),
    /// The default, to be evaluated in the callee's module.
    Default,
    /// `*args` and `**kwargs` of the callee.
    Positional(Vec<Value>, bool),
    Keywords(Vec<(Name, Value)>, bool),
}

impl Interpreter<'_> {
    /// Binds arguments to parameters: explicit, then ambient (arg scopes), then default.
    pub(super) fn bind_arguments(&mut self, unit: UnitId, parameters: &[Parameter], arguments: &Arguments) -> Vec<Bound> {
        let mut positional = arguments.positional.iter();
        let mut used: Vec<Name> = Vec::new();
        let mut bound = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            let (value, origin) = match parameter.kind {
                ParameterKind::VarArgs => (BoundValue::Positional(positional.by_ref().cloned().collect(), !arguments.more_positional), Origin::Explicit),
                ParameterKind::KwArgs => {
                    let rest = arguments.keywords.iter().filter(|(name, _)| !used.contains(name) && !parameters.iter().any(|other| other.name == *name)).cloned().collect();
                    (BoundValue::Keywords(rest, !arguments.more_keywords), Origin::Explicit)
                }
                kind => {
                    let by_position = (kind != ParameterKind::KeywordOnly).then(|| positional.next()).flatten();
                    let by_name = || arguments.keywords.iter().find(|(name, _)| *name == parameter.name).map(|(_, value)| value);
                    match by_position.or_else(by_name) {
                        Some(value) => {
                            used.push(parameter.name);
                            (BoundValue::Given(value.clone()), Origin::Explicit)
                        }
                        None if arguments.more_keywords || (arguments.more_positional && kind != ParameterKind::KeywordOnly) => {
                            (BoundValue::Given(Value::Unknown), Origin::Unknown)
                        }
                        None => match self.ambient_argument(unit, parameter.name) {
                            Some(Value::Unknown) => (BoundValue::Given(Value::Unknown), Origin::Unknown),
                            Some(value) => (BoundValue::Given(value), Origin::Ambient),
                            None => (BoundValue::Default, Origin::Default),
                        },
                    }
                }
            };
            bound.push(Bound { name: parameter.name, value, origin });
        }
        bound
    }

    /// What the arg scopes around say of the parameter `name` of `unit`, innermost first; unknown if one of them is not understood.
    fn ambient_argument(&self, unit: UnitId, name: Name) -> Option<Value> {
        let scopes = self.state.ambient(self.names.arguments)?.clone();
        let Some(scopes) = self.list_elements(&scopes) else { return Some(Value::Unknown) };
        for scope in scopes.iter().rev() {
            let Value::Tuple(parts) = scope else { return Some(Value::Unknown) };
            let [functions, keywords] = &**parts else { return Some(Value::Unknown) };
            let members = match functions {
                Value::Tuple(_) | Value::Object(_) => self.list_elements(functions),
                single => Some(vec![single.clone()]),
            };
            let (Some(members), Some(entries)) = (members, self.known_entries(keywords)) else { return Some(Value::Unknown) };
            if members.iter().any(|member| denotes(member, unit)) {
                if let Some((_, value)) = entries.iter().find(|(key, _)| key.as_text() == Some(name.as_str())) {
                    return Some(value.clone());
                }
            } else if members.contains(&Value::Unknown) {
                return Some(Value::Unknown);
            }
        }
        None
    }
}

/// Whether a value is the function `unit`.
fn denotes(value: &Value, unit: UnitId) -> bool {
    match value {
        Value::Function(function) => match &**function {
            Function::Unit { unit: found, .. } => *found == unit,
            Function::Marked { function, .. } | Function::Bound { function, .. } => denotes(&Value::Function(std::rc::Rc::clone(function)), unit),
            _ => false,
        },
        _ => false,
    }
}
