//! Lists and slices.

use super::Interpreter;
use crate::step::state::ObjectKind;
use crate::step::value::Value;

impl Interpreter<'_> {
    /// The elements of a list or tuple, if all are known.
    pub(super) fn list_elements(&self, value: &Value) -> Option<Vec<Value>> {
        match value {
            Value::Tuple(values) => Some(values.to_vec()),
            Value::Object(id) => match &self.state.object(*id)?.kind {
                ObjectKind::List { elements, exact: true } => Some(elements.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// All values directly inside a container, whether or not there may be more.
    pub(super) fn contents(&self, value: &Value) -> Vec<Value> {
        match value {
            Value::Tuple(values) | Value::Either(values) => values.to_vec(),
            Value::Object(id) => match self.state.object(*id).map(|object| &object.kind) {
                Some(ObjectKind::List { elements, .. }) => elements.clone(),
                Some(ObjectKind::Dict { entries, .. }) => entries.iter().map(|(_, value)| value.clone()).collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// Whether a container's contents are all known.
    pub(super) fn is_exact(&self, value: &Value) -> bool {
        match value {
            Value::Object(id) => match self.state.object(*id).map(|object| &object.kind) {
                Some(ObjectKind::List { exact, .. } | ObjectKind::Dict { exact, .. }) => *exact,
                _ => false,
            },
            Value::Tuple(_) => true,
            _ => false,
        }
    }
}

/// Start and end of a slice of `length` elements, if the slice is known and has no step.
pub(super) fn slice_bounds(index: &Value, length: usize) -> Option<(usize, usize)> {
    let Value::Tuple(parts) = index else { return None };
    let [tag, Value::Tuple(bounds)] = &**parts else { return None };
    if tag.as_text() != Some("slice") || bounds[2] != Value::None {
        return None;
    }
    let bound = |value: &Value, default: usize| match value {
        Value::None => Some(default),
        _ => {
            let at = value.as_int()?;
            let at = if at < 0 { at + length as i64 } else { at };
            Some(usize::try_from(at.max(0)).unwrap_or(0).min(length))
        }
    };
    let (start, end) = (bound(&bounds[0], 0)?, bound(&bounds[1], length)?);
    (start <= end).then_some((start, end))
}
