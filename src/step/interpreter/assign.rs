//! Assignment to names, attributes, items and patterns.

use std::rc::Rc;

use super::arguments::Arguments;
use super::collections::MAX_ELEMENTS;
use super::{Interpreter, ObjectKey};
use crate::step::context::Site;
use crate::step::parameters::ParameterSet;
use crate::step::state::ObjectKind;
use crate::step::value::{Truth, Value};
use crate::syntax::hir::{Expr, ExprId, NodeId};
use crate::syntax::Name;

impl Interpreter<'_> {
    /// `target = value`
    pub(super) fn assign(&mut self, target: ExprId, value: Value) {
        let hir = Rc::clone(&self.frame().hir);
        match hir.expr(target) {
            Expr::Name(name) => self.bind(*name, value),
            Expr::Attribute { object, name } => {
                let object = self.expr(*object);
                self.set_attribute(&object, *name, value);
            }
            Expr::Subscript { object, index } => {
                let object = self.expr(*object);
                let index = self.expr(*index);
                self.set_item(&object, index, value);
            }
            Expr::Tuple(parts) | Expr::List(parts) => self.unpack(target, parts, &value),
            Expr::Starred(inner) => self.assign(*inner, value),
            _ => self.observe(&value),
        }
    }

    fn unpack(&mut self, target: ExprId, parts: &[ExprId], value: &Value) {
        let hir = Rc::clone(&self.frame().hir);
        let starred = parts.iter().position(|&part| matches!(hir.expr(part), Expr::Starred(_)));
        let known: Option<Vec<Value>> = match value {
            Value::Tuple(values) => Some(values.to_vec()),
            Value::Object(id) => match self.state.object(*id).map(|object| object.kind.clone()) {
                Some(ObjectKind::List { elements, exact: true }) => Some(elements),
                _ => None,
            },
            _ => None,
        };
        match (known, starred) {
            (Some(values), None) if values.len() == parts.len() => {
                for (&part, value) in parts.iter().zip(values) {
                    self.assign(part, value);
                }
            }
            (Some(values), Some(star)) if values.len() + 1 >= parts.len() => {
                let after = parts.len() - star - 1;
                for (&part, value) in parts[..star].iter().zip(&values) {
                    self.assign(part, value.clone());
                }
                let middle = values[star..values.len() - after].to_vec();
                let site = self.site(NodeId::Expr(parts[star]));
                let list = self.new_list(site, middle, true);
                self.assign(parts[star], list);
                for (&part, value) in parts[star + 1..].iter().zip(&values[values.len() - after..]) {
                    self.assign(part, value.clone());
                }
            }
            _ => {
                for (number, &part) in parts.iter().enumerate() {
                    let site = Site { slot: number as u32 + 8, ..self.site(NodeId::Expr(target)) };
                    let item = self.item_of(value, number as u32, site);
                    self.assign(part, item);
                }
            }
        }
    }

    /// One item of something whose items are not known one by one.
    pub(super) fn item_of(&mut self, value: &Value, number: u32, site: Site) -> Value {
        match value {
            Value::Object(id) if self.is_symbol(*id) => self.derived(ObjectKey::Item(*id, number), "item", std::slice::from_ref(value), None),
            Value::Tensor(_) => self.derived_tensor(value, site),
            _ => Value::Unknown,
        }
    }

    /// `object.name = value`
    pub(super) fn set_attribute(&mut self, object: &Value, name: Name, value: Value) {
        self.observe_stored(&value);
        match object {
            Value::Object(id) => {
                let class = self.state.object(*id).and_then(|object| object.class);
                if let Some(setter) = class.and_then(|class| self.find_setter(class, name)) {
                    let site = self.site(self.here.node);
                    self.call_function(&setter, Arguments::of(vec![object.clone(), value]), site);
                } else if let Some(object) = self.state.object_mut(*id) {
                    object.attributes.set(name, value);
                }
            }
            Value::Either(values) => {
                let values = std::rc::Rc::clone(values);
                for alternative in values.iter() {
                    if let Value::Object(id) = alternative
                        && let Some(object) = self.state.object_mut(*id)
                    {
                        object.attributes.set(name, Value::Unknown);
                    }
                }
            }
            Value::Tensor(tensor) => {
                if let Some(parameter) = self.parameter_of(*tensor) {
                    self.set_parameter_attribute(&ParameterSet::exactly([parameter]), name, &value);
                }
            }
            Value::Parameters(set) => {
                let set = std::rc::Rc::clone(set);
                self.set_parameter_attribute(&set, name, &value);
            }
            _ => {}
        }
    }

    /// `parameter.requires_grad = …`, `parameter.trainable = …`
    pub(super) fn set_parameter_attribute(&mut self, set: &ParameterSet, name: Name, value: &Value) {
        if !matches!(name.as_str(), "requires_grad" | "trainable") {
            return;
        }
        let truth = self.truth(value);
        for &member in &set.certain {
            self.state.set_trainable(member, truth);
        }
        for &member in &set.possible {
            if self.trainable(member) != truth {
                self.state.set_trainable(member, Truth::Unknown);
            }
        }
    }

    fn set_item(&mut self, object: &Value, index: Value, value: Value) {
        self.observe_stored(&value);
        let Value::Object(id) = object else {
            self.observe(object);
            return;
        };
        if self.state.object(*id).is_some_and(|object| matches!(object.kind, ObjectKind::Instance)) {
            let site = self.site(self.here.node);
            if self.call_special(object, Name::new("__setitem__"), vec![index.clone(), value.clone()], site).is_some() {
                return;
            }
        }
        let Some(object) = self.state.object_mut(*id) else { return };
        match &mut object.kind {
            ObjectKind::Dict { entries, exact } => {
                let has_room = entries.len() < MAX_ELEMENTS;
                match entries.iter_mut().find(|(key, _)| *key == index) {
                    Some((_, old)) if index.is_plain() => *old = value,
                    None if index.is_plain() && has_room => entries.push((index, value)),
                    _ => *exact = false,
                }
            }
            ObjectKind::List { elements, exact } => match index.as_int().and_then(|at| usize::try_from(at).ok()) {
                Some(at) if *exact && at < elements.len() => elements[at] = value,
                _ => *exact = false,
            },
            ObjectKind::Instance => object.escaped = true,
            ObjectKind::Symbol(_) => {}
        }
    }
}
