//! Expressions.

use std::rc::Rc;
use std::sync::Arc;

use super::Interpreter;
use super::collections::{MAX_ELEMENTS, set_entry};
use crate::step::context::Site;
use crate::step::state::ObjectKind;
use crate::step::value::{ClosureCode, Truth, Value};
use crate::syntax::hir::{Argument, ArgumentKind, BooleanOp, DictItem, Expr, ExprId, Literal, NodeId, TextPart, UnaryOp};

impl Interpreter<'_> {
    /// The value of an expression of the running code.
    pub(super) fn expr(&mut self, id: ExprId) -> Value {
        if !self.spend() {
            return Value::Unknown;
        }
        let hir = Rc::clone(&self.frame().hir);
        let node = NodeId::Expr(id);
        let value = match hir.expr(id) {
            Expr::Missing => Value::Unknown,
            Expr::Name(name) => self.name(*name),
            Expr::Literal(literal) => constant(literal),
            Expr::FormattedText(parts) => self.formatted(parts),
            Expr::Attribute { object, name } => {
                let object = self.expr(*object);
                let site = self.site(node);
                self.at(node, |this| this.attribute(&object, *name, site))
            }
            Expr::Subscript { object, index } => {
                let object = self.expr(*object);
                let index = self.index(*index);
                let site = self.site(node);
                self.at(node, |this| this.item(&object, &index, site))
            }
            Expr::Slice { lower, upper, step } => {
                let part = |this: &mut Self, part: &Option<ExprId>| part.map_or(Value::None, |part| this.expr(part));
                let parts = [part(self, lower), part(self, upper), part(self, step)];
                Value::Slice(parts.into())
            }
            Expr::Call { callee, arguments } => {
                let callee_value = self.expr(*callee);
                let arguments = self.arguments(arguments);
                let site = self.site(node);
                self.at(node, |this| this.call(&callee_value, arguments, site))
            }
            Expr::Unary { op, operand } => {
                let operand = self.expr(*operand);
                let site = self.site(node);
                match op {
                    UnaryOp::Not => {
                        self.observe(&operand);
                        self.truth(&operand).not().value()
                    }
                    _ => self.at(node, |this| this.unary(*op, &operand, site)),
                }
            }
            Expr::Binary { op, left, right } => {
                let left = self.expr(*left);
                let right = self.expr(*right);
                let site = self.site(node);
                self.at(node, |this| this.binary(*op, &left, &right, site))
            }
            Expr::Boolean { op, left, right } => self.boolean(*op, *left, *right),
            Expr::Compare { left, rest } => {
                let mut left_value = self.expr(*left);
                let mut holds = Truth::Yes;
                for (op, right) in rest {
                    let right_value = self.expr(*right);
                    holds = holds.and(self.compare(*op, &left_value, &right_value));
                    left_value = right_value;
                }
                holds.value()
            }
            Expr::Conditional { test, then, otherwise } => self.conditional(*test, *then, *otherwise),
            Expr::Tuple(parts) => {
                let (values, exact) = self.display(parts);
                let site = self.site(node);
                if exact { self.tuple(values) } else { self.new_list(site, values, false) }
            }
            Expr::List(parts) | Expr::Set(parts) => {
                let (values, exact) = self.display(parts);
                let site = self.site(node);
                if matches!(hir.expr(id), Expr::Set(_)) { self.new_set(site, values, exact) } else { self.new_list(site, values, exact) }
            }
            Expr::Dict(items) => self.dict_display(id, items),
            Expr::Starred(inner) => self.expr(*inner),
            Expr::Lambda { .. } => self.closure(ClosureCode::Lambda(id)),
            Expr::Comprehension { kind, element, value, clauses } => self.comprehension(id, *kind, *element, *value, clauses),
            Expr::Await(inner) => self.expr(*inner),
            Expr::Yield(inner) => {
                if let Some(inner) = inner {
                    let value = self.expr(*inner);
                    self.observe(&value);
                }
                Value::Unknown
            }
            Expr::Named { target, value } => {
                let value = self.expr(*value);
                self.assign(*target, value.clone());
                value
            }
        };
        self.reveal(id, &value);
        value
    }

    fn reveal(&mut self, id: ExprId, value: &Value) {
        let unit = self.frame().unit;
        if let Some(revealed) = &mut self.revealed {
            revealed.insert((unit, NodeId::Expr(id)), value.clone());
        }
    }

    /// The elements of a list, tuple or set, and whether these are all.
    fn display(&mut self, parts: &[ExprId]) -> (Vec<Value>, bool) {
        let hir = Rc::clone(&self.frame().hir);
        let mut values = Vec::new();
        let mut exact = true;
        for &part in parts {
            let value = self.expr(part);
            if !matches!(hir.expr(part), Expr::Starred(_)) {
                values.push(value);
            } else if let Some(more) = self.list_elements(&value) {
                values.extend(more);
            } else {
                match self.elements(&value, Site { slot: 4, ..self.site(NodeId::Expr(part)) }) {
                    super::loops::Elements::Known(more) => values.extend(more),
                    super::loops::Elements::Each(each) => {
                        // A set of parameters stands for all its members.
                        exact &= matches!(each, Value::Parameters(_));
                        values.push(each);
                    }
                }
            }
        }
        exact &= values.len() <= MAX_ELEMENTS;
        (values, exact)
    }

    fn dict_display(&mut self, id: ExprId, items: &[DictItem]) -> Value {
        let mut entries: Vec<(Value, Value)> = Vec::new();
        let mut exact = true;
        for item in items {
            let value = self.expr(item.value);
            let Some(key) = item.key else {
                match self.known_entries(&value) {
                    Some(more) => more.into_iter().for_each(|(key, value)| set_entry(&mut entries, key, value)),
                    None => exact = false,
                }
                continue;
            };
            let key = self.expr(key);
            self.observe_stored(&value);
            exact &= key.is_plain();
            set_entry(&mut entries, key, value);
        }
        let site = self.site(NodeId::Expr(id));
        self.new_dict(site, entries, exact)
    }

    /// The entries of a dict, if all are known.
    pub(super) fn known_entries(&self, value: &Value) -> Option<Vec<(Value, Value)>> {
        let Value::Object(id) = value else { return None };
        match &self.state.object(*id)?.kind {
            ObjectKind::Dict { entries, exact: true } => Some(entries.clone()),
            _ => None,
        }
    }

    fn formatted(&mut self, parts: &[TextPart]) -> Value {
        let mut text = String::new();
        let mut known = true;
        for part in parts {
            match part {
                TextPart::Text(piece) => text.push_str(piece),
                TextPart::Value(value) => {
                    let value = self.expr(*value);
                    self.observe(&value);
                    match super::operators::shown(&value) {
                        Some(piece) => text.push_str(&piece),
                        None => known = false,
                    }
                }
            }
        }
        if known { Value::text(&text) } else { Value::Unknown }
    }

    fn boolean(&mut self, op: BooleanOp, left: ExprId, right: ExprId) -> Value {
        let left_value = self.expr(left);
        self.observe(&left_value);
        match (op, self.truth(&left_value)) {
            (BooleanOp::And, Truth::No) | (BooleanOp::Or, Truth::Yes) => left_value,
            (BooleanOp::And, Truth::Yes) | (BooleanOp::Or, Truth::No) => self.under(left, |this| this.expr(right)),
            (_, Truth::Unknown) => {
                let right_value = self.under(left, |this| this.either_path(|this| this.expr(right)));
                match (op, self.truth(&right_value)) {
                    // `unknown and False` is false, `unknown or True` is true.
                    (BooleanOp::And, Truth::No) | (BooleanOp::Or, Truth::Yes) if right_value.is_plain() => right_value,
                    _ => self.join_values(&left_value, &right_value),
                }
            }
        }
    }

    /// Evaluates something that may or may not run.
    fn either_path(&mut self, work: impl FnOnce(&mut Self) -> Value) -> Value {
        let before = self.state.clone();
        let value = work(self);
        let after = self.take_state();
        self.state = self.join(before, after);
        value
    }

    fn conditional(&mut self, test: ExprId, then: ExprId, otherwise: ExprId) -> Value {
        let value = self.expr(test);
        self.observe(&value);
        self.under(test, |this| this.chosen(&value, then, otherwise))
    }

    fn chosen(&mut self, test: &Value, then: ExprId, otherwise: ExprId) -> Value {
        match self.truth(test) {
            Truth::Yes => self.expr(then),
            Truth::No => self.expr(otherwise),
            Truth::Unknown => {
                let before = self.state.clone();
                let first = self.undecided(|this| this.expr(then));
                let after_then = std::mem::replace(&mut self.state, before);
                let second = self.undecided(|this| this.expr(otherwise));
                let after_otherwise = self.take_state();
                self.state = self.join(after_then, after_otherwise);
                self.join_values(&first, &second)
            }
        }
    }

    fn arguments(&mut self, arguments: &[Argument]) -> super::arguments::Arguments {
        let mut given = super::arguments::Arguments::default();
        for argument in arguments {
            let value = self.expr(argument.value);
            match argument.kind {
                // Behind an unknown number of others it has no position.
                ArgumentKind::Positional if given.more_positional => given.rest.push(value),
                ArgumentKind::Positional => given.positional.push(value),
                ArgumentKind::Keyword(name) => given.keywords.push((name, value)),
                ArgumentKind::Star => match self.elements(&value, Site { slot: 4, ..self.site(NodeId::Expr(argument.value)) }) {
                    super::loops::Elements::Known(values) if given.more_positional => given.rest.extend(values),
                    super::loops::Elements::Known(values) => given.positional.extend(values),
                    super::loops::Elements::Each(each) => {
                        given.more_positional = true;
                        given.rest.push(each);
                    }
                },
                ArgumentKind::DoubleStar => match self.known_entries(&value) {
                    Some(entries) => {
                        for (key, value) in entries {
                            match key.as_text() {
                                Some(key) => given.keywords.push((crate::syntax::Name::new(key), value)),
                                None => given.more_keywords = true,
                            }
                        }
                    }
                    None => {
                        given.more_keywords = true;
                        given.rest.push(value);
                    }
                },
            }
        }
        given
    }
}

/// The value of a constant.
pub(super) fn constant(literal: &Literal) -> Value {
    match literal {
        Literal::None => Value::None,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(value) => Value::Int(*value),
        Literal::Float(bits) => Value::Float(f64::from_bits(*bits)),
        Literal::Str(text) => Value::Str(Arc::clone(text)),
        Literal::Ellipsis | Literal::Other => Value::Unknown,
    }
}
