//! Reading attributes and items.

use std::rc::Rc;

use super::{Interpreter, ObjectKey};
use crate::project::Binding;
use crate::step::context::Site;
use crate::step::state::ObjectKind;
use crate::step::value::{ClassId, Function, ObjectId, Value};
use crate::syntax::Name;

impl Interpreter<'_> {
    /// `object.name`
    pub(super) fn attribute(&mut self, object: &Value, name: Name, site: Site) -> Value {
        match object {
            Value::Module(file) => match self.scope(*file).member(name.as_str()) {
                Binding::Unknown => Value::Unknown,
                binding => self.binding_value(binding),
            },
            Value::Object(id) => self.object_attribute(*id, name, site),
            Value::Tensor(tensor) => match self.parameter_of(*tensor) {
                Some(parameter) => self.parameter_attribute(object, parameter, name, site),
                None => self.tensor_attribute(object, name, site),
            },
            Value::Class(class) => self.attribute_of_class(*class, name),
            Value::Either(values) => {
                let values = Rc::clone(values);
                // `None` has no attributes: reading one means that this alternative is not taken.
                let values: Vec<Value> = values.iter().filter(|value| **value != Value::None).cloned().collect();
                self.for_each_alternative(&values, |this, value| this.attribute(value, name, site))
            }
            Value::Str(_) | Value::Parameters(_) | Value::Tuple(_) => self.builtin_method(object, name),
            Value::Function(function) => match &**function {
                Function::Super { after, receiver } => self.super_method(receiver, *after, name),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    fn builtin_method(&self, receiver: &Value, name: Name) -> Value {
        Value::Function(Rc::new(Function::Method { receiver: receiver.clone(), name }))
    }

    fn object_attribute(&mut self, id: ObjectId, name: Name, site: Site) -> Value {
        let receiver = Value::Object(id);
        let Some(object) = self.state.object(id).cloned() else { return Value::Unknown };
        if let Some(value) = object.attributes.get(name) {
            // Something unknown may have set a constant anew; what frameworks keep in their objects it leaves alone.
            let is_kept = !object.escaped || !value.is_plain() || object.class.is_none_or(|class| self.world.is_stub(self.class(class).unit.file));
            return if is_kept { value.clone() } else { Value::Unknown };
        }
        match object.kind {
            ObjectKind::List { .. } | ObjectKind::Dict { .. } => return self.builtin_method(&receiver, name),
            ObjectKind::Symbol(_) => return self.symbol_attribute(id, name),
            ObjectKind::Instance => {}
        }
        let Some(class) = object.class else { return Value::Unknown };
        if let Some(function) = self.find_method(class, name) {
            if self.is_unknown_function(&function) {
                return Value::Unknown;
            }
            return self.bound(&receiver, &function);
        }
        if name == "__dict__" {
            // Whoever has it may set any attribute.
            self.escape(&receiver);
            return Value::Unknown;
        }
        if name == "__class__" {
            return Value::Class(class);
        }
        if let Some(value) = self.class_attribute(class, name) {
            // Something unknown may have set a constant of the class anew in the object.
            return if object.escaped && value.is_plain() { Value::Unknown } else { value };
        }
        let _ = site;
        // Set by a method that did not run, or inherited from something unknown: known identity, unknown content.
        let text = name.as_str();
        let value = self.derived(ObjectKey::Attribute(id, name), text, &[], None);
        if let Some(object) = self.state.object_mut(id) {
            object.attributes.set(name, value.clone());
        }
        value
    }

    pub(super) fn is_unknown_function(&self, function: &Function) -> bool {
        matches!(function, Function::Builtin(name) if *name == "unknown")
    }

    fn attribute_of_class(&mut self, class: ClassId, name: Name) -> Value {
        if let Some(function) = self.find_method(class, name) {
            return match &*function {
                Function::Marked { mark: crate::step::value::Mark::ClassMethod, function } => {
                    Value::Function(Rc::new(Function::Bound { receiver: Value::Class(class), function: Rc::clone(function) }))
                }
                Function::Marked { function, .. } => Value::Function(Rc::clone(function)),
                _ => Value::Function(function),
            };
        }
        if name == "__name__" {
            let name = self.class(class).name;
            return Value::text(name.as_str());
        }
        self.class_attribute(class, name).unwrap_or(Value::Unknown)
    }

    /// `object[index]`
    pub(super) fn item(&mut self, object: &Value, index: &Value, site: Site) -> Value {
        match object {
            Value::Tuple(values) => self.sequence_item(values, true, index, object, site),
            Value::Object(id) => {
                let Some(found) = self.state.object(*id).cloned() else { return Value::Unknown };
                match &found.kind {
                    ObjectKind::List { elements, exact } => self.sequence_item(elements, *exact, index, object, site),
                    // In a dict that something unknown may have changed, objects and tensors are as good as before, constants are not.
                    ObjectKind::Dict { entries, exact } => match entries.iter().find(|(key, _)| key == index && key.is_plain()) {
                        Some((_, value)) if *exact || !value.is_plain() => value.clone(),
                        _ => Value::Unknown,
                    },
                    ObjectKind::Instance => {
                        let get_item = Name::new("__getitem__");
                        self.call_special(object, get_item, vec![index.clone()], site).unwrap_or(Value::Unknown)
                    }
                    ObjectKind::Symbol(_) => match index.as_int().and_then(|at| u32::try_from(at).ok()) {
                        Some(number) => self.derived(ObjectKey::Item(*id, number), "item", std::slice::from_ref(object), None),
                        None => self.derived(ObjectKey::Site(site), "item", &[object.clone(), index.clone()], None),
                    },
                }
            }
            Value::Tensor(_) => {
                self.observe(index);
                self.tensor_item(object, index, site)
            }
            Value::Either(values) => {
                let values = Rc::clone(values);
                self.for_each_alternative(&values, |this, value| this.item(value, index, site))
            }
            _ => Value::Unknown,
        }
    }

    fn sequence_item(&mut self, values: &[Value], exact: bool, index: &Value, object: &Value, site: Site) -> Value {
        if let Some(at) = index.as_int() {
            let at = if at < 0 { at + values.len() as i64 } else { at };
            return match usize::try_from(at).ok().and_then(|at| values.get(at)) {
                Some(value) if exact => value.clone(),
                _ => self.some_item(values, object, site),
            };
        }
        match super::collections::slice_bounds(index, values.len()) {
            Some((start, end)) if exact => {
                let part = values[start..end].to_vec();
                if matches!(object, Value::Tuple(_)) { Value::Tuple(part.into()) } else { self.new_list(site, part, true) }
            }
            None if !matches!(index, Value::Slice(_)) => self.some_item(values, object, site),
            _ => Value::Unknown,
        }
    }

    /// One of the elements of a sequence, not known which: of tensors something that was computed from them.
    fn some_item(&mut self, values: &[Value], object: &Value, site: Site) -> Value {
        let are_tensors = !values.is_empty() && values.iter().all(|value| self.tensor_of(value).is_some());
        if are_tensors { self.derived(ObjectKey::Site(site), "item", std::slice::from_ref(object), None) } else { Value::Unknown }
    }
}
