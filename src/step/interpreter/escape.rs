//! What is used, and what may be changed by something unknown.

use super::Interpreter;
use crate::step::state::ObjectKind;
use crate::step::value::{Function, ObjectId, Truth, Value};

/// How deep containers are followed.
const MAX_NESTING: u32 = 4;

impl Interpreter<'_> {
    /// The value is looked at: tensors in it count as used.
    pub(super) fn observe(&mut self, value: &Value) {
        self.observe_nested(value, 0);
    }

    /// The value is stored somewhere: tensors in it count as used.
    pub(super) fn observe_stored(&mut self, value: &Value) {
        if !self.in_stub() {
            self.observe_nested(value, 0);
        }
    }

    fn observe_nested(&mut self, value: &Value, depth: u32) {
        if depth > MAX_NESTING {
            return;
        }
        match value {
            Value::Tensor(id) => self.tensors.observe(*id),
            Value::Tuple(_) | Value::Slice(_) | Value::Either(_) => self.contents(value).iter().for_each(|value| self.observe_nested(value, depth + 1)),
            Value::Object(id) => {
                if let Some(tensor) = self.tensors.find(&crate::step::tensor::TensorKey::Object(*id)) {
                    self.tensors.observe(tensor);
                }
                self.contents(value).iter().for_each(|value| self.observe_nested(value, depth + 1));
            }
            Value::Function(function) => {
                if let Function::Partial { positional, keywords, .. } = &**function {
                    let values = positional.iter().chain(keywords.iter().map(|(_, value)| value));
                    values.for_each(|value| self.observe_nested(value, depth + 1));
                }
            }
            _ => {}
        }
    }

    /// The value is passed to something unknown, which may use and change it.
    pub(super) fn escape(&mut self, value: &Value) {
        self.observe(value);
        self.escape_nested(value, 0);
    }

    fn escape_nested(&mut self, value: &Value, depth: u32) {
        if depth > MAX_NESTING {
            return;
        }
        match value {
            Value::Tuple(_) | Value::Either(_) => self.contents(value).iter().for_each(|value| self.escape_nested(value, depth + 1)),
            Value::Object(id) => self.escape_object(*id, depth),
            Value::Parameters(set) => {
                let members: Vec<_> = set.all().collect();
                for member in members {
                    self.state.set_trainable(member, Truth::Unknown);
                }
            }
            Value::Function(function) => match &**function {
                Function::Bound { receiver, .. } => self.escape_nested(receiver, depth + 1),
                Function::Partial { function, positional, keywords } => {
                    let values = positional.iter().chain(keywords.iter().map(|(_, value)| value)).chain([function]);
                    values.for_each(|value| self.escape_nested(value, depth + 1));
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn escape_object(&mut self, id: ObjectId, depth: u32) {
        let Some(object) = self.state.object(id).cloned() else { return };
        if object.escaped {
            return;
        }
        if let Some(object) = self.state.object_mut(id) {
            object.escaped = true;
            if let ObjectKind::List { exact, .. } | ObjectKind::Dict { exact, .. } = &mut object.kind {
                *exact = false;
            }
        }
        for (_, inner) in object.attributes.iter() {
            self.escape_nested(inner, depth + 1);
        }
        for inner in self.contents(&Value::Object(id)) {
            self.escape_nested(&inner, depth + 1);
        }
    }
}
