//! Indexing tensors: what an index does to their axes.

use std::rc::Rc;
use super::Interpreter;
use super::collections::slice_bounds;
use super::tensors::Shape;
use crate::step::context::Site;
use crate::step::tensor::{FeatureAxis, Tensor};
use crate::step::value::Value;
use crate::syntax::hir::{Expr, ExprId, Literal};

/// What one part of an index does.
#[derive(Clone, Copy, PartialEq)]
enum Part<'i> {
    /// A number: the axis is gone.
    Removed,
    /// A slice of the axis.
    Kept(&'i Value),
    /// `None`: another axis.
    Added,
    /// `...`: all axes that no other part is about.
    Rest,
}

impl Interpreter<'_> {
    /// The value of an index: in it `...` is no default that a stub does not spell out.
    pub(super) fn index(&mut self, id: ExprId) -> Value {
        let hir = Rc::clone(&self.frame().hir);
        match hir.expr(id) {
            Expr::Literal(Literal::Ellipsis) => Value::Ellipsis,
            Expr::Tuple(parts) if parts.iter().any(|&part| matches!(hir.expr(part), Expr::Literal(Literal::Ellipsis))) => {
                Value::Tuple(parts.iter().map(|&part| self.index(part)).collect())
            }
            _ => self.expr(id),
        }
    }

    /// `tensor[index]`
    pub(super) fn tensor_item(&mut self, tensor: &Value, index: &Value, site: Site) -> Value {
        let Value::Tensor(id) = tensor else { return Value::Unknown };
        let known = self.tensors.get(*id);
        let (class, scale) = (known.class, known.scale);
        let shape = indexed(known, index).unwrap_or_else(Shape::operation);
        let mut inputs = self.tensors_in(std::slice::from_ref(index));
        inputs.insert(*id);
        self.new_tensor(site, inputs, Shape { scale, ..shape }, class)
    }
}

/// Axes and features of `tensor[index]`, as far as they are known.
fn indexed(tensor: &Tensor, index: &Value) -> Option<Shape> {
    let values = match index {
        Value::Tuple(values) => values,
        single => std::slice::from_ref(single),
    };
    let mut parts = values.iter().map(part).collect::<Option<Vec<Part<'_>>>>()?;
    let Some(rank) = tensor.rank else {
        // From behind the last axis is known all the same.
        let keeps_last = matches!(parts.last(), Some(Part::Kept(slice)) if is_whole(slice)) && parts.contains(&Part::Rest);
        return (keeps_last && tensor.axis == FeatureAxis::Last).then(|| Shape { features: tensor.features, ..Shape::operation() });
    };
    if !parts.contains(&Part::Rest) {
        parts.push(Part::Rest);
    }
    let taken = parts.iter().filter(|part| matches!(part, Part::Removed | Part::Kept(_))).count() as i64;
    if taken > rank || parts.iter().filter(|&&part| part == Part::Rest).count() > 1 {
        return None;
    }
    let feature_axis = if tensor.axis == FeatureAxis::Last { rank - 1 } else { 1 };
    let (mut old, mut new) = (0, 0);
    let mut features = None;
    for part in parts {
        let (from, to) = match part {
            Part::Removed => (1, 0),
            Part::Kept(_) => (1, 1),
            Part::Added => (0, 1),
            Part::Rest => (rank - taken, rank - taken),
        };
        if from == to && (old..old + from).contains(&feature_axis) {
            let size = match part {
                Part::Kept(slice) if !is_whole(slice) => tensor.features.and_then(|size| slice_bounds(slice, usize::try_from(size).ok()?)).map(|(start, end)| (end - start) as i64),
                _ => tensor.features,
            };
            features = Some((new + feature_axis - old, size));
        }
        old += from;
        new += to;
    }
    let shape = Shape { rank: Some(new), ..Shape::operation() };
    Some(match features {
        Some((axis, size)) if axis == new - 1 => Shape { features: size, ..shape },
        Some((1, size)) => Shape { features: size, axis: FeatureAxis::Second, ..shape },
        _ => shape,
    })
}

fn part(value: &Value) -> Option<Part<'_>> {
    Some(match value {
        Value::Int(_) => Part::Removed,
        Value::Slice(_) => Part::Kept(value),
        Value::None => Part::Added,
        Value::Ellipsis => Part::Rest,
        _ => return None,
    })
}

/// Whether a slice is `:`.
fn is_whole(slice: &Value) -> bool {
    matches!(slice, Value::Slice(bounds) if **bounds == [Value::None, Value::None, Value::None])
}
