//! Where paths meet.

use std::collections::BTreeSet;

use super::Interpreter;
use crate::step::state::{State, join_states};
use crate::step::tensor::{Origin, Tensor, TensorId, TensorKey};
use crate::step::value::Value;

impl Interpreter<'_> {
    /// The state after two paths that meet.
    pub(super) fn join(&mut self, left: State, right: State) -> State {
        if !left.alive {
            return right;
        }
        if !right.alive {
            return left;
        }
        // Joining tensors needs the graph but not the state: the running one stands aside.
        join_states(left, right, &mut |a, b| self.join_values(a, b))
    }

    /// What is known of a value that is one of two.
    pub(super) fn join_values(&mut self, left: &Value, right: &Value) -> Value {
        if left == right {
            return left.clone();
        }
        match (left, right) {
            (Value::Tensor(a), Value::Tensor(b)) => Value::Tensor(self.join_tensors(*a, *b)),
            (Value::Tensor(a), Value::Object(b)) | (Value::Object(b), Value::Tensor(a)) => {
                match self.tensors.find(&TensorKey::Object(*b)) {
                    Some(b) => Value::Tensor(self.join_tensors(*a, b)),
                    None => left.or(right),
                }
            }
            (Value::Tuple(a), Value::Tuple(b)) if a.len() == b.len() => {
                let (a, b) = (std::rc::Rc::clone(a), std::rc::Rc::clone(b));
                let joined: Vec<Value> = a.iter().zip(b.iter()).map(|(a, b)| self.join_values(a, b)).collect();
                Value::Tuple(joined.into())
            }
            (Value::Parameters(a), Value::Parameters(b)) => Value::Parameters(a.either(b).into()),
            (Value::Unknown, other) | (other, Value::Unknown) => {
                // A tensor that may also be something else is not known, but it is used.
                self.observe(&other.clone());
                Value::Unknown
            }
            _ => {
                let joined = left.or(right);
                if joined == Value::Unknown {
                    self.observe(&left.clone());
                    self.observe(&right.clone());
                }
                joined
            }
        }
    }

    /// A tensor that is one of two.
    fn join_tensors(&mut self, left: TensorId, right: TensorId) -> TensorId {
        if left == right || self.is_join_of(left, right) {
            return left;
        }
        if self.is_join_of(right, left) {
            return right;
        }
        let (first, second) = (left.min(right), left.max(right));
        let (a, b) = (self.tensors.get(first), self.tensors.get(second));
        let tensor = Tensor {
            origin: Origin::Join,
            inputs: [first, second].into(),
            parameters: crate::step::parameters::ParameterSet::default(),
            cut: None,
            features: if (a.features, a.axis) == (b.features, b.axis) { a.features } else { None },
            axis: a.axis,
            rank: if a.rank == b.rank { a.rank } else { None },
            scale: if a.scale == b.scale { a.scale } else { crate::step::tensor::Scale::Unknown },
            class: a.class.or(b.class),
            place: b.place,
            context: b.context,
            observed: false,
            opaque: false,
        };
        self.tensors.intern(TensorKey::Join(first, second), tensor)
    }

    /// Whether `member` is one of the tensors that `join` may be.
    fn is_join_of(&self, join: TensorId, member: TensorId) -> bool {
        let mut seen = BTreeSet::from([join]);
        let mut waiting = vec![join];
        while let Some(id) = waiting.pop() {
            let tensor = self.tensors.get(id);
            if tensor.origin == Origin::Join {
                waiting.extend(tensor.inputs.iter().copied().filter(|&input| seen.insert(input)));
            }
        }
        seen.contains(&member)
    }
}
