//! Operators, comparisons and truth.

use super::Interpreter;
use super::collections::MAX_ELEMENTS;
use super::tensors::Shape;
use crate::step::context::Site;
use crate::step::parameters::ParameterSet;
use crate::step::state::ObjectKind;
use crate::step::tensor::Scale;
use crate::step::value::{Truth, Value};
use crate::syntax::hir::{BinaryOp, CompareOp, UnaryOp};

impl Interpreter<'_> {
    /// Whether `value` counts as true.
    pub(super) fn truth(&mut self, value: &Value) -> Truth {
        match value {
            Value::None => Truth::No,
            Value::Bool(value) => Truth::from(*value),
            Value::Int(value) => Truth::from(*value != 0),
            Value::Float(value) => Truth::from(*value != 0.0),
            Value::Str(text) => Truth::from(!text.is_empty()),
            Value::Tuple(values) => Truth::from(!values.is_empty()),
            Value::Function(_) | Value::Class(_) | Value::Module(_) => Truth::Yes,
            Value::Object(id) => match self.state.object(*id).map(|object| (object.kind.clone(), object.class)) {
                Some((ObjectKind::List { elements, exact: true }, _)) => Truth::from(!elements.is_empty()),
                Some((ObjectKind::Dict { entries, exact: true }, _)) => Truth::from(!entries.is_empty()),
                Some((ObjectKind::Instance, Some(class))) => {
                    let (length, boolean) = (crate::syntax::Name::new("__len__"), crate::syntax::Name::new("__bool__"));
                    let plain = self.class(class).complete && self.find_method(class, length).is_none() && self.find_method(class, boolean).is_none();
                    if plain { Truth::Yes } else { Truth::Unknown }
                }
                _ => Truth::Unknown,
            },
            Value::Either(values) => {
                let values = std::rc::Rc::clone(values);
                let mut truths = values.iter().map(|value| self.truth(value));
                let first = truths.next().unwrap_or(Truth::Unknown);
                if truths.all(|truth| truth == first) { first } else { Truth::Unknown }
            }
            Value::Parameters(_) | Value::Tensor(_) | Value::Slice(_) | Value::Ellipsis | Value::Unknown => Truth::Unknown,
        }
    }

    pub(super) fn compare(&mut self, op: CompareOp, left: &Value, right: &Value) -> Truth {
        if matches!(left, Value::Tensor(_)) && *right != Value::None {
            self.observe(left);
        }
        if matches!(right, Value::Tensor(_)) {
            self.observe(right);
        }
        match op {
            CompareOp::Equal => equal(left, right),
            CompareOp::NotEqual => equal(left, right).not(),
            CompareOp::Is => self.identical(left, right),
            CompareOp::IsNot => self.identical(left, right).not(),
            CompareOp::In => self.contains(right, left),
            CompareOp::NotIn => self.contains(right, left).not(),
            CompareOp::Less | CompareOp::LessEqual | CompareOp::Greater | CompareOp::GreaterEqual => ordered(op, left, right),
        }
    }

    fn identical(&self, left: &Value, right: &Value) -> Truth {
        match (left, right) {
            (Value::None, other) | (other, Value::None) => match other {
                Value::None => Truth::Yes,
                Value::Unknown => Truth::Unknown,
                // An argument that callers must give is there, unless the function that takes it asks.
                Value::Object(id) if self.required.get(id).is_some_and(|&unit| unit != self.frame().unit) => Truth::No,
                Value::Object(id) if self.is_symbol(*id) => Truth::Unknown,
                Value::Either(values) if values.contains(&Value::None) || values.contains(&Value::Unknown) => Truth::Unknown,
                _ => Truth::No,
            },
            (Value::Bool(a), Value::Bool(b)) => Truth::from(a == b),
            (Value::Function(_), Value::Function(_)) | (Value::Class(_), Value::Class(_)) | (Value::Module(_), Value::Module(_)) => Truth::from(left == right),
            (Value::Object(a), Value::Object(b)) if a == b => Truth::Yes,
            _ => Truth::Unknown,
        }
    }

    fn contains(&self, container: &Value, element: &Value) -> Truth {
        if let (Value::Str(text), Value::Str(part)) = (container, element) {
            return Truth::from(text.contains(&**part));
        }
        let exact = self.is_exact(container);
        let entries = self.known_entries(container);
        let values: Vec<Value> = entries.map_or_else(|| self.contents(container), |entries| entries.into_iter().map(|(key, _)| key).collect());
        let mut answer = if exact { Truth::No } else { Truth::Unknown };
        for value in &values {
            match equal(value, element) {
                Truth::Yes => return Truth::Yes,
                Truth::Unknown => answer = Truth::Unknown,
                Truth::No => {}
            }
        }
        answer
    }

    pub(super) fn unary(&mut self, op: UnaryOp, operand: &Value, site: Site) -> Value {
        match (op, operand) {
            (UnaryOp::Negative, Value::Int(value)) => value.checked_neg().map_or(Value::Unknown, Value::Int),
            (UnaryOp::Negative, Value::Float(value)) => Value::Float(-value),
            (UnaryOp::Positive, value) if value.is_plain() => value.clone(),
            (UnaryOp::Invert, Value::Int(value)) => Value::Int(!value),
            _ => match self.tensor_of(operand) {
                Some(tensor) => {
                    let known = self.tensors.get(tensor);
                    let scale = if known.scale == Scale::Loss { Scale::Loss } else { Scale::Unknown };
                    let shape = Shape { scale, ..Shape::elementwise(known) };
                    self.new_tensor(site, [tensor].into(), shape, None)
                }
                None => Value::Unknown,
            },
        }
    }

    /// `left op right`
    pub(super) fn binary(&mut self, op: BinaryOp, left: &Value, right: &Value, site: Site) -> Value {
        if let Some(value) = arithmetic(op, left, right) {
            return value;
        }
        if let (BinaryOp::Modulo, Value::Str(format)) = (op, left) {
            return self.percent_format(format, right);
        }
        if op == BinaryOp::Add
            && let Some(value) = self.concatenated(left, right, site)
        {
            return value;
        }
        if op == BinaryOp::Multiply
            && let Some(value) = self.repeated(left, right, site)
        {
            return value;
        }
        match (self.tensor_of(left), self.tensor_of(right)) {
            (None, None) => Value::Unknown,
            (a, b) => {
                let shape = self.broadcast(op, left, right, a, b);
                let inputs = a.into_iter().chain(b).collect();
                self.new_tensor(site, inputs, shape, None)
            }
        }
    }

    /// `left op= right`: a list grows in place.
    pub(super) fn augmented(&mut self, op: BinaryOp, left: &Value, right: &Value, site: Site) -> Value {
        if let (BinaryOp::Add, Some(more)) = (op, self.list_elements(right))
            && self.is_list(left)
        {
            more.iter().for_each(|value| self.observe_stored(value));
            self.change_list(left, |elements| elements.extend(more));
            return left.clone();
        }
        self.binary(op, left, right, site)
    }

    fn broadcast(&self, op: BinaryOp, left: &Value, right: &Value, a: Option<crate::step::tensor::TensorId>, b: Option<crate::step::tensor::TensorId>) -> Shape {
        let get = |id: Option<crate::step::tensor::TensorId>| id.map(|id| self.tensors.get(id));
        let (a, b) = (get(a), get(b));
        let plain = left.is_plain() || right.is_plain();
        let single = a.xor(b);
        if let (Some(tensor), true) = (single, plain) {
            let scale = if tensor.scale == Scale::Loss { Scale::Loss } else { Scale::Unknown };
            return Shape { scale, ..Shape::elementwise(tensor) };
        }
        match (a, b) {
            (Some(a), Some(b)) => {
                let is_loss = a.scale == Scale::Loss || b.scale == Scale::Loss;
                let scale = if is_loss { Scale::Loss } else { Scale::Unknown };
                let features = a.features.filter(|_| (a.features, a.axis) == (b.features, b.axis));
                let rank = a.rank.filter(|_| a.rank == b.rank);
                match op {
                    BinaryOp::MatrixMultiply => Shape { scale, ..Shape::operation() },
                    _ => Shape { features, rank, scale, ..Shape::elementwise(a) },
                }
            }
            (Some(tensor), None) | (None, Some(tensor)) => {
                let scale = if tensor.scale == Scale::Loss { Scale::Loss } else { Scale::Unknown };
                Shape { scale, ..Shape::operation() }
            }
            (None, None) => Shape::operation(),
        }
    }

    fn concatenated(&mut self, left: &Value, right: &Value, site: Site) -> Option<Value> {
        if let (Value::Str(a), Value::Str(b)) = (left, right) {
            return Some(Value::text(&format!("{a}{b}")));
        }
        if let (Value::Tuple(a), Value::Tuple(b)) = (left, right) {
            let all = a.iter().chain(b.iter()).cloned().collect();
            return Some(self.tuple(all));
        }
        if matches!(left, Value::Parameters(_)) || matches!(right, Value::Parameters(_)) {
            let mut set = ParameterSet::default();
            for value in [left, right] {
                set.extend(&self.parameter_set(std::slice::from_ref(value)));
            }
            return Some(Value::Parameters(set.into()));
        }
        if self.is_list(left) && self.is_list(right) {
            let mut elements = self.contents(left);
            elements.extend(self.contents(right));
            let exact = self.is_exact(left) && self.is_exact(right) && elements.len() <= MAX_ELEMENTS;
            elements.truncate(MAX_ELEMENTS);
            return Some(self.new_list(site, elements, exact));
        }
        None
    }

    fn repeated(&mut self, left: &Value, right: &Value, site: Site) -> Option<Value> {
        let (list, times) = if left.as_int().is_some() { (right, left) } else { (left, right) };
        let elements = self.list_elements(list)?;
        let times = usize::try_from(times.as_int()?).ok().filter(|times| times * elements.len() <= 64)?;
        let all: Vec<Value> = std::iter::repeat_n(elements, times).flatten().collect();
        Some(if matches!(list, Value::Tuple(_)) { self.tuple(all) } else { self.new_list(site, all, true) })
    }

    fn percent_format(&mut self, format: &str, right: &Value) -> Value {
        self.observe(right);
        let values = match right {
            Value::Tuple(values) => values.to_vec(),
            single => vec![single.clone()],
        };
        let mut shown_values = values.iter().map(shown);
        let mut text = String::new();
        let mut pieces = format.split('%');
        text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let Some(kind) = piece.chars().next().filter(|kind| "sdri".contains(*kind)) else { return Value::Unknown };
            let Some(Some(value)) = shown_values.next() else { return Value::Unknown };
            text.push_str(&value);
            text.push_str(&piece[kind.len_utf8()..]);
        }
        Value::text(&text)
    }
}

/// How a plain value is printed.
pub(super) fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        Value::None => Some("None".to_owned()),
        _ => None,
    }
}

/// Whether two values are equal.
#[expect(clippy::float_cmp, reason = "Python compares exactly")]
pub(super) fn equal(left: &Value, right: &Value) -> Truth {
    match (left, right) {
        (Value::Int(_) | Value::Bool(_), Value::Int(_) | Value::Bool(_)) => Truth::from(left.as_int() == right.as_int()),
        (Value::Float(a), Value::Int(b)) | (Value::Int(b), Value::Float(a)) => Truth::from(*a == *b as f64),
        (Value::Tuple(a), Value::Tuple(b)) => {
            if a.len() == b.len() {
                a.iter().zip(b.iter()).fold(Truth::Yes, |all, (a, b)| all.and(equal(a, b)))
            } else {
                Truth::No
            }
        }
        _ if left.is_plain() && right.is_plain() => Truth::from(left == right),
        (Value::Function(function), Value::Function(other)) if std::rc::Rc::ptr_eq(function, other) => Truth::Yes,
        (Value::Function(_) | Value::Class(_) | Value::Module(_), plain) | (plain, Value::Function(_) | Value::Class(_) | Value::Module(_)) if plain.is_plain() => Truth::No,
        _ => Truth::Unknown,
    }
}

fn ordered(op: CompareOp, left: &Value, right: &Value) -> Truth {
    let number = |value: &Value| match value {
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    };
    let (Some(a), Some(b)) = (number(left), number(right)) else { return Truth::Unknown };
    Truth::from(match op {
        CompareOp::Less => a < b,
        CompareOp::LessEqual => a <= b,
        CompareOp::Greater => a > b,
        _ => a >= b,
    })
}

fn arithmetic(op: BinaryOp, left: &Value, right: &Value) -> Option<Value> {
    if let (Some(a), Some(b)) = (left.as_int(), right.as_int()) {
        let whole = match op {
            BinaryOp::Add => a.checked_add(b),
            BinaryOp::Subtract => a.checked_sub(b),
            BinaryOp::Multiply => a.checked_mul(b),
            BinaryOp::FloorDivide => a.checked_div_euclid(b).map(|whole| whole - i64::from(b < 0 && a.rem_euclid(b) != 0)),
            BinaryOp::Modulo if b > 0 => Some(a.rem_euclid(b)),
            BinaryOp::Power => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
            BinaryOp::ShiftLeft => u32::try_from(b).ok().filter(|b| *b < 62).and_then(|b| a.checked_mul(1 << b)),
            BinaryOp::ShiftRight => u32::try_from(b).ok().and_then(|b| a.checked_shr(b)),
            BinaryOp::Divide if b != 0 => return Some(Value::Float(a as f64 / b as f64)),
            _ => None,
        };
        return Some(whole.map_or(Value::Unknown, Value::Int));
    }
    let number = |value: &Value| match value {
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    };
    let (a, b) = (number(left)?, number(right)?);
    Some(match op {
        BinaryOp::Add => Value::Float(a + b),
        BinaryOp::Subtract => Value::Float(a - b),
        BinaryOp::Multiply => Value::Float(a * b),
        BinaryOp::Divide if b != 0.0 => Value::Float(a / b),
        _ => Value::Unknown,
    })
}
