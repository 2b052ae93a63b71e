//! Stub functions without a body: what their annotations say.

use std::sync::Arc;

use super::tensors::Shape;
use super::{Interpreter, ObjectKey};
use crate::step::context::{ContextId, Site};
use crate::step::state::{Object, ObjectKind, Tree};
use crate::step::tensor::Scale;
use crate::step::value::{NameMap, Value};
use crate::syntax::hir::{BinaryOp, Expr, ExprId, FunctionDef, Hir, Literal, NodeId, Stmt, StmtId};
use crate::syntax::{Name, UnitId};

/// Whether a function's body is only `...`, `pass` or a docstring.
pub(super) fn is_signature_only(hir: &Hir, definition: &FunctionDef) -> bool {
    definition.body.iter().all(|&stmt| match hir.stmt(stmt) {
        Stmt::Pass => true,
        Stmt::Expr(expr) => matches!(hir.expr(*expr), Expr::Literal(Literal::Ellipsis | Literal::Str(_))),
        _ => false,
    })
}

/// Whether a stub function writes into one of its arguments: into the first, or into `out`. The others are then read, whatever becomes of the result.
pub(super) fn writes(hir: &Hir, definition: &FunctionDef, locals: &NameMap<Value>) -> bool {
    let is_in_place = |&decorator: &ExprId| matches!(hir.expr(decorator), Expr::Name(name) if *name == "in_place");
    definition.decorators.iter().any(is_in_place) || definition.parameters.iter().any(|parameter| parameter.name == "out" && locals.get(parameter.name) != Some(&Value::None))
}

impl Interpreter<'_> {
    /// The result of a stub function without a body.
    pub(super) fn call_signature(&mut self, unit: UnitId, definition: &FunctionDef, hir: &Tree, locals: &NameMap<Value>, context: ContextId) -> Value {
        let site = Site { context, node: NodeId::Stmt(StmtId(u32::MAX)), slot: 64 };
        let values: Vec<Value> = locals.iter().map(|(_, value)| value.clone()).collect();
        let is_marked = |mark: &str| definition.decorators.iter().any(|&decorator| matches!(hir.expr(decorator), Expr::Name(name) if *name == mark));
        let detached = is_marked("detaches");
        if definition.name == self.names.init {
            return Value::None;
        }
        let Some(annotation) = definition.returns else {
            self.escape_all(&values, site);
            return self.derived(ObjectKey::Site(site), "result", &values, None);
        };
        let name = first_name(hir, annotation);
        let cut = detached.then(|| Arc::from("detach"));
        let inputs = self.tensors_in(&values);
        let class = self.tensor_class_of(unit.file);
        // What is asked for says whether the numbers of the arguments are read.
        let read: &[Value] = if is_marked("asks_shape") { &[] } else { &values };
        match name.map(Name::as_str) {
            Some("Tensor") => self.new_tensor(site, inputs, Shape { cut, ..Shape::operation() }, class),
            Some("Same") => {
                let model = definition.parameters.iter().find(|parameter| parameter.annotation.and_then(|annotation| first_name(hir, annotation)).is_some_and(|name| name == "Same"));
                let model = model.and_then(|parameter| locals.get(parameter.name).cloned()).and_then(|value| self.tensor_of(&value));
                let model = model.map(|id| self.tensors.get(id));
                let shape = model.map_or_else(Shape::operation, Shape::elementwise);
                self.new_tensor(site, inputs, Shape { cut, scale: model.map_or(Scale::Unknown, |model| model.scale), ..shape }, class)
            }
            Some("Logits") => self.new_tensor(site, inputs, Shape { scale: Scale::Logits, cut, ..Shape::operation() }, class),
            Some("Probabilities") => self.new_tensor(site, inputs, Shape { scale: Scale::Probabilities, cut, ..Shape::operation() }, class),
            Some("LogProbabilities") => self.new_tensor(site, inputs, Shape { scale: Scale::LogProbabilities, cut, ..Shape::operation() }, class),
            Some("Loss") => self.new_tensor(site, inputs, Shape { scale: Scale::Loss, rank: Some(0), cut, ..Shape::operation() }, class),
            Some("None") => {
                read.iter().for_each(|value| self.observe(value));
                Value::None
            }
            Some("int" | "bool" | "str" | "float") => {
                read.iter().for_each(|value| self.observe(value));
                Value::Unknown
            }
            Some("Self") => locals.iter().next().map_or(Value::Unknown, |(_, value)| value.clone()),
            _ => match self.in_module(unit, hir, |this| this.expr(annotation)) {
                Value::Class(class) => {
                    read.iter().for_each(|value| self.observe(value));
                    Value::Object(self.new_object(ObjectKey::Site(site), Object::new(ObjectKind::Instance, Some(class))))
                }
                _ => {
                    self.escape_all(&values, site);
                    self.opaque(site, "result")
                }
            },
        }
    }
}

/// The first name of an annotation: `Logits` of `Logits | None`, `Tensor` of `torch.Tensor`.
fn first_name(hir: &Hir, annotation: ExprId) -> Option<Name> {
    match hir.expr(annotation) {
        Expr::Name(name) => Some(*name),
        Expr::Attribute { name, .. } => Some(*name),
        Expr::Literal(Literal::None) => Some(Name::new("None")),
        Expr::Literal(Literal::Str(text)) => Some(Name::new(text)),
        Expr::Binary { op: BinaryOp::Or, left, .. } => first_name(hir, *left),
        Expr::Subscript { object, .. } => first_name(hir, *object),
        _ => None,
    }
}
