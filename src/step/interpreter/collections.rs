//! Lists, tuples and slices.

use super::Interpreter;
use crate::step::context::Site;
use crate::step::state::ObjectKind;
use crate::step::value::Value;

/// Elements of the longest list or tuple that is kept.
pub(super) const MAX_ELEMENTS: usize = 512;
/// Values in the largest tuple that is kept, those of tuples inside it included: each of them may be shared, and is compared as often as it is met.
const MAX_TUPLE: usize = 1024;

impl Interpreter<'_> {
    /// A tuple, as long as it is small.
    pub(super) fn tuple(&mut self, values: Vec<Value>) -> Value {
        if exceeds(&values, MAX_TUPLE) {
            values.iter().for_each(|value| self.observe(value));
            return Value::Unknown;
        }
        Value::Tuple(values.into())
    }

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

    /// A set: a list that holds each constant once.
    pub(super) fn new_set(&mut self, site: Site, values: Vec<Value>, exact: bool) -> Value {
        let mut members: Vec<Value> = Vec::new();
        for value in values {
            if !(value.is_plain() && members.contains(&value)) {
                members.push(value);
            }
        }
        self.new_list(site, members, exact)
    }

    pub(super) fn is_list(&self, value: &Value) -> bool {
        matches!(value, Value::Object(id) if matches!(self.state.object(*id).map(|object| &object.kind), Some(ObjectKind::List { .. })))
    }

    /// All values directly inside a container, whether or not there may be more.
    pub(super) fn contents(&self, value: &Value) -> Vec<Value> {
        match value {
            Value::Tuple(values) | Value::Either(values) => values.to_vec(),
            Value::Slice(parts) => parts.to_vec(),
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

/// Sets the entry of a dict: one with the same constant as key is replaced.
pub(super) fn set_entry(entries: &mut Vec<(Value, Value)>, key: Value, value: Value) {
    match entries.iter_mut().find(|(known, _)| *known == key) {
        Some((_, old)) if key.is_plain() => *old = value,
        _ => entries.push((key, value)),
    }
}

/// Whether there are more than `most` values, those in nested tuples included.
fn exceeds(values: &[Value], most: usize) -> bool {
    let mut count = values.len();
    let mut waiting = vec![values];
    while let Some(values) = waiting.pop() {
        for value in values {
            if let Value::Tuple(inner) = value {
                count += inner.len();
                waiting.push(inner);
            }
        }
        if count > most {
            return true;
        }
    }
    count > most
}

/// Start and end of a slice of `length` elements, if the slice is known and has no step.
pub(super) fn slice_bounds(index: &Value, length: usize) -> Option<(usize, usize)> {
    let Value::Slice(parts) = index else { return None };
    let [lower, upper, Value::None] = &**parts else { return None };
    let bound = |value: &Value, default: usize| match value {
        Value::None => Some(default),
        _ => {
            let at = value.as_int()?;
            let at = if at < 0 { at + length as i64 } else { at };
            Some(usize::try_from(at.max(0)).unwrap_or(0).min(length))
        }
    };
    let (start, end) = (bound(lower, 0)?, bound(upper, length)?);
    (start <= end).then_some((start, end))
}
