//! Module-like objects: what is registered in them.

use std::collections::BTreeSet;

use super::Interpreter;
use crate::step::parameters::{Parameter, ParameterId, ParameterKey, ParameterSet};
use crate::step::state::ObjectKind;
use crate::step::tensor::{Origin, TensorId};
use crate::step::value::{ClassId, ObjectId, Truth, Value};

/// A registered parameter or object with its dotted path.
pub(super) struct Registered {
    pub(super) path: String,
    pub(super) value: Value,
}

impl Interpreter<'_> {
    /// `owner` and all objects below it, with their paths; and whether there may be more.
    pub(super) fn registered_modules(&self, owner: &Value, registers: Option<ClassId>) -> (Vec<Registered>, bool) {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut open = false;
        self.gather_modules(owner, String::new(), registers, &mut found, &mut seen, &mut open);
        (found, open)
    }

    fn gather_modules(&self, value: &Value, path: String, registers: Option<ClassId>, found: &mut Vec<Registered>, seen: &mut BTreeSet<ObjectId>, open: &mut bool) {
        let Value::Object(id) = value else { return };
        if !seen.insert(*id) {
            return;
        }
        let Some(object) = self.state.object(*id) else {
            *open = true;
            return;
        };
        match &object.kind {
            ObjectKind::Symbol(_) => {
                found.push(Registered { path, value: value.clone() });
                return;
            }
            ObjectKind::Instance => {}
            _ => return,
        }
        // An unknown base class may register whatever it likes, and something unknown may have added to an escaped one.
        *open |= object.escaped || !object.class.is_some_and(|class| self.classes[class.0 as usize].complete);
        found.push(Registered { path: path.clone(), value: value.clone() });
        for (name, inner) in object.attributes.iter() {
            let inner_path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
            if *name == self.names.modules {
                for (number, (key, inner)) in self.named_contents(inner).into_iter().enumerate() {
                    let key = key.unwrap_or_else(|| number.to_string());
                    let path = if path.is_empty() { key } else { format!("{path}.{key}") };
                    self.gather_modules(&inner, path, registers, found, seen, open);
                }
                *open |= !self.is_exact(inner);
            } else {
                for alternative in inner.alternatives() {
                    if self.registers(alternative, registers) {
                        self.gather_modules(alternative, inner_path.clone(), registers, found, seen, open);
                    } else if matches!(alternative, Value::Unknown) && registers.is_some() {
                        *open = true;
                    }
                }
            }
        }
    }

    fn named_contents(&self, value: &Value) -> Vec<(Option<String>, Value)> {
        match value {
            Value::Object(id) => match self.state.object(*id).map(|object| &object.kind) {
                Some(ObjectKind::Dict { entries, .. }) => entries.iter().map(|(key, value)| (key.as_text().map(str::to_owned), value.clone())).collect(),
                _ => self.contents(value).into_iter().map(|value| (None, value)).collect(),
            },
            _ => self.contents(value).into_iter().map(|value| (None, value)).collect(),
        }
    }

    /// Whether assigning `value` to an attribute registers it: an instance of the class, or a symbol of unknown class.
    fn registers(&self, value: &Value, registers: Option<ClassId>) -> bool {
        let Value::Object(id) = value else { return false };
        let Some(object) = self.state.object(*id) else { return false };
        match (&object.kind, object.class, registers) {
            (ObjectKind::Instance, Some(class), Some(wanted)) => self.derives(class, wanted) || !self.classes[class.0 as usize].complete,
            (ObjectKind::Instance, _, None) => true,
            _ => false,
        }
    }

    /// The parameters of `owner` and of what is registered in it, with their paths.
    pub(super) fn registered_parameters(&mut self, owner: &Value, registers: Option<ClassId>) -> (Vec<(String, ParameterId)>, bool) {
        if let Value::Object(id) = owner
            && self.is_symbol(*id)
        {
            return (vec![(String::new(), self.all_of(*id))], false);
        }
        let (modules, mut open) = self.registered_modules(owner, registers);
        let mut found: Vec<(String, ParameterId)> = Vec::new();
        for module in modules {
            let Value::Object(id) = module.value else { continue };
            if self.is_symbol(id) {
                found.push((module.path, self.all_of(id)));
                continue;
            }
            let Some(object) = self.state.object(id).cloned() else { continue };
            for (name, value) in object.attributes.iter() {
                let path = if module.path.is_empty() { name.to_string() } else { format!("{}.{name}", module.path) };
                match value {
                    Value::Tensor(tensor) => {
                        if let Some(parameter) = self.parameter_of(*tensor)
                            && !found.iter().any(|(_, known)| *known == parameter)
                        {
                            found.push((path, parameter));
                        }
                    }
                    Value::Object(_) if *name == self.names.modules => {
                        for inner in self.contents(value) {
                            match inner {
                                Value::Tensor(tensor) => found.extend(self.parameter_of(tensor).map(|parameter| (path.clone(), parameter))),
                                Value::Parameters(set) => {
                                    open |= !set.is_exact();
                                    let unknown = |parameter: &ParameterId| !found.iter().any(|(_, known)| known == parameter);
                                    let new: Vec<ParameterId> = set.certain.iter().copied().filter(unknown).collect();
                                    found.extend(new.into_iter().map(|parameter| (path.clone(), parameter)));
                                }
                                _ => {}
                            }
                        }
                    }
                    Value::Either(values) => {
                        // One of several parameters: it has some, which are not known.
                        open |= values.iter().any(|value| matches!(value, Value::Tensor(_)));
                    }
                    _ => {}
                }
            }
        }
        (found, open || matches!(owner, Value::Unknown))
    }

    /// A snapshot of all parameters of `owner`.
    pub(super) fn parameters_of(&mut self, owner: &Value, registers: Option<ClassId>) -> ParameterSet {
        match owner {
            Value::Object(_) => {
                let (found, open) = self.registered_parameters(owner, registers);
                let mut set = ParameterSet::exactly(found.into_iter().map(|(_, parameter)| parameter).filter(|&parameter| !self.parameters.get(parameter).buffer));
                set.open = open;
                set
            }
            Value::Either(values) => {
                let values = std::rc::Rc::clone(values);
                let mut sets = values.iter().map(|value| self.parameters_of(value, registers)).collect::<Vec<_>>().into_iter();
                let first = sets.next().unwrap_or_default();
                sets.fold(first, |joined, set| joined.either(&set))
            }
            _ => ParameterSet::unknown(),
        }
    }

    /// The parameters among values, lists, dicts and parameter groups.
    pub(super) fn parameter_set(&mut self, values: &[Value]) -> ParameterSet {
        let mut set = ParameterSet::default();
        for value in values {
            self.gather_parameters(value, &mut set, 0);
        }
        set
    }

    fn gather_parameters(&mut self, value: &Value, set: &mut ParameterSet, depth: u32) {
        match value {
            Value::Parameters(members) => set.extend(members),
            Value::Tensor(id) => match self.parameter_of(*id) {
                Some(parameter) => {
                    set.certain.insert(parameter);
                }
                None if self.is_leaf(*id) => {
                    set.certain.insert(self.leaf_parameter(*id));
                }
                None => set.open = true,
            },
            Value::Object(id) if depth < 4 => match self.state.object(*id).map(|object| object.kind.clone()) {
                Some(ObjectKind::List { elements, exact }) => {
                    set.open |= !exact;
                    elements.iter().for_each(|inner| self.gather_parameters(inner, set, depth + 1));
                }
                Some(ObjectKind::Dict { entries, exact }) => {
                    // A parameter group: `{"params": …, "lr": …}`.
                    match entries.iter().find(|(key, _)| key.as_text() == Some("params")) {
                        Some((_, inner)) => self.gather_parameters(inner, set, depth + 1),
                        None => set.open |= !exact || !entries.is_empty(),
                    }
                }
                Some(ObjectKind::Symbol(_)) => {
                    set.open = true;
                }
                _ => set.open = true,
            },
            Value::Tuple(values) if depth < 4 => {
                let values = std::rc::Rc::clone(values);
                // `(name, parameter)` of named parameters.
                let pair = matches!(&*values, [Value::Str(_), _]);
                values.iter().skip(usize::from(pair)).for_each(|inner| self.gather_parameters(inner, set, depth + 1));
            }
            Value::Either(values) => {
                let values = std::rc::Rc::clone(values);
                let mut sets = Vec::new();
                for inner in values.iter() {
                    let mut one = ParameterSet::default();
                    self.gather_parameters(inner, &mut one, depth + 1);
                    sets.push(one);
                }
                let mut sets = sets.into_iter();
                let first = sets.next().unwrap_or_default();
                set.extend(&sets.fold(first, |joined, one| joined.either(&one)));
            }
            _ => set.open = true,
        }
    }

    /// Whether a tensor was made without parameters and without anything unknown that may hide some.
    fn is_leaf(&self, id: TensorId) -> bool {
        let is_made_here = |&id: &TensorId| {
            let tensor = self.tensors.get(id);
            !tensor.opaque && tensor.parameters == ParameterSet::default() && !matches!(tensor.origin, Origin::Parameter(_) | Origin::Input(Some(_)))
        };
        self.tensors.ancestors(id, false).iter().all(is_made_here)
    }

    /// A leaf as a parameter: whoever is given it, holds no parameter of a layer with it.
    fn leaf_parameter(&mut self, id: TensorId) -> ParameterId {
        let place = self.tensors.get(id).place;
        self.parameters.intern(ParameterKey::Leaf(id), || Parameter { path: None, trainable: Truth::Yes, buffer: false, place: Some(place), all_of: None })
    }

    /// The variables of the default graph.
    pub(super) fn graph_variables(&self, scope: &Value, trainable: bool) -> ParameterSet {
        let mut set = ParameterSet { open: self.state.graph_open, ..ParameterSet::default() };
        for &id in self.state.graph.iter() {
            let parameter = self.parameters.get(id);
            if trainable {
                match self.trainable(id) {
                    Truth::No => continue,
                    Truth::Unknown => {
                        set.possible.insert(id);
                        continue;
                    }
                    Truth::Yes if parameter.buffer => continue,
                    Truth::Yes => {}
                }
            }
            match (scope, &parameter.path) {
                (Value::None, _) => set.certain.insert(id),
                // The scope of a collection is a regular expression matched at the beginning; a plain name is a prefix.
                (Value::Str(prefix), Some(path)) => !is_plain_pattern(prefix) && set.possible.insert(id) || (is_plain_pattern(prefix) && path.starts_with(&**prefix) && set.certain.insert(id)),
                _ => set.possible.insert(id),
            };
        }
        set
    }
}

fn is_plain_pattern(pattern: &str) -> bool {
    pattern.chars().all(|character| character.is_alphanumeric() || "_-/.".contains(character))
}
