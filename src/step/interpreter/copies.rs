//! Copies of objects: a deep copy of a network is another network, whose parameters are others.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::arguments::Arguments;
use super::{Interpreter, ObjectKey};
use crate::step::context::Site;
use crate::step::event::EventKind;
use crate::step::parameters::{ParameterId, ParameterKey, ParameterSet};
use crate::step::state::{Object, ObjectKind};
use crate::step::value::{NameMap, ObjectId, Value};
use crate::syntax::Name;

/// Methods with which a class says itself how it is copied.
const HOOKS: [&str; 4] = ["__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__"];

/// One deep copy, which holds one copy of each object.
struct Copy {
    site: Site,
    objects: FxHashMap<ObjectId, Value>,
}

impl Interpreter<'_> {
    /// `copied(value, deep)`
    pub(super) fn copy_of(&mut self, value: &Value, is_deep: bool, site: Site) -> Value {
        match value {
            Value::Tensor(tensor) if is_deep && self.parameter_of(*tensor).is_none() => self.make_cut(value, &Arguments::default(), site),
            _ if is_deep => self.deep_copy(value, &mut Copy { site, objects: FxHashMap::default() }),
            Value::Object(id) => match self.state.object(*id).map(|object| (**object).clone()) {
                Some(object) if !self.says_how(&object) && !matches!(object.kind, ObjectKind::Symbol(_)) => self.put_copy(*id, object, site),
                _ => self.call_unknown(&Arguments::of(vec![value.clone()]), site),
            },
            _ => value.clone(),
        }
    }

    fn deep_copy(&mut self, value: &Value, copy: &mut Copy) -> Value {
        match value {
            Value::Object(id) => match copy.objects.get(id) {
                Some(known) => known.clone(),
                None => self.copy_object(*id, copy),
            },
            Value::Tuple(values) => Value::Tuple(self.deep_copies(values, copy).into()),
            Value::Either(values) => Value::Either(self.deep_copies(values, copy).into()),
            Value::Tensor(tensor) => match self.parameter_of(*tensor) {
                Some(parameter) => {
                    let parameter = self.copy_parameter(parameter, copy.site);
                    Value::Tensor(self.parameter_tensor(parameter))
                }
                // Data: nothing tells the copy from it.
                None => value.clone(),
            },
            Value::Parameters(set) => {
                let certain = set.certain.iter().map(|&member| self.copy_parameter(member, copy.site)).collect();
                let possible = set.possible.iter().map(|&member| self.copy_parameter(member, copy.site)).collect();
                Value::Parameters(Rc::new(ParameterSet { certain, possible, open: set.open }))
            }
            _ => value.clone(),
        }
    }

    fn deep_copies(&mut self, values: &[Value], copy: &mut Copy) -> Vec<Value> {
        values.iter().map(|value| self.deep_copy(value, copy)).collect()
    }

    fn copy_object(&mut self, id: ObjectId, copy: &mut Copy) -> Value {
        let Some(object) = self.state.object(id).map(|object| (**object).clone()) else { return Value::Unknown };
        if !self.spend() || self.says_how(&object) {
            return self.call_unknown(&Arguments::of(vec![Value::Object(id)]), copy.site);
        }
        if let ObjectKind::Symbol(text) = &object.kind {
            let symbol = self.new_symbol(ObjectKey::Copy(copy.site, id), text, &BTreeSet::new(), None);
            copy.objects.insert(id, symbol.clone());
            return symbol;
        }
        // It may hold itself.
        let made = self.put_copy(id, Object { attributes: NameMap::default(), ..object.clone() }, copy.site);
        copy.objects.insert(id, made.clone());
        let kind = match &object.kind {
            ObjectKind::List { elements, exact } => ObjectKind::List { elements: self.deep_copies(elements, copy), exact: *exact },
            ObjectKind::Dict { entries, exact } => {
                let entries = entries.iter().map(|(key, value)| (key.clone(), self.deep_copy(value, copy))).collect();
                ObjectKind::Dict { entries, exact: *exact }
            }
            plain => plain.clone(),
        };
        let mut attributes = NameMap::default();
        for (name, value) in object.attributes.iter() {
            attributes.set(*name, self.deep_copy(value, copy));
        }
        if let Value::Object(made) = made {
            self.state.put(made, Object { kind, attributes, ..object });
        }
        made
    }

    fn put_copy(&mut self, of: ObjectId, object: Object, site: Site) -> Value {
        let made = self.new_object(ObjectKey::Copy(site, of), object);
        if self.open_loops > 0 {
            self.emit(EventKind::Made(made), Site { slot: 5, ..site }, made.0);
        }
        Value::Object(made)
    }

    fn copy_parameter(&mut self, of: ParameterId, site: Site) -> ParameterId {
        let mut parameter = self.parameters.get(of).clone();
        parameter.place = Some(self.here);
        let made = self.parameters.intern(ParameterKey::Copy(site, of), || parameter);
        if let Some(trainable) = self.state.is_trainable(of) {
            self.state.set_trainable(made, trainable);
        }
        made
    }

    fn says_how(&mut self, object: &Object) -> bool {
        object.class.is_some_and(|class| HOOKS.iter().any(|hook| self.find_method(class, Name::new(hook)).is_some()))
    }
}
