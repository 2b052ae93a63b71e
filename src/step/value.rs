//! Abstract values.

use std::rc::Rc;
use std::sync::Arc;

use super::context::ContextId;
use super::parameters::ParameterSet;
use super::tensor::TensorId;
use crate::finding::Literal;
use crate::syntax::hir::{ExprId, StmtId};
use crate::syntax::{FileId, Name, UnitId};

/// Bytes of the longest text that is computed: what is longer is not known.
const MAX_TEXT: usize = 4096;
/// At most this many alternatives of one value are kept apart.
pub(crate) const MAX_ALTERNATIVES: usize = 4;

/// An object of the heap: identity is the place and the context it is made in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ObjectId(pub(crate) u32);

/// A class, project or stub.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ClassId(pub(crate) u32);

/// A frame of a running or finished function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct FrameId(pub(crate) u32);

/// What is known of a Python value.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Nothing.
    Unknown,
    /// `None`
    None,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// Text.
    Str(Arc<str>),
    /// A tuple.
    Tuple(Rc<[Value]>),
    /// The index `lower:upper:step`.
    Slice(Rc<[Value; 3]>),
    /// `...` in an index.
    Ellipsis,
    /// An object: an instance, a list, a dict, or a symbol (known identity, unknown content).
    Object(ObjectId),
    /// A tensor; a parameter is one too.
    Tensor(TensorId),
    /// A set of parameters, as `parameters()` or `trainable_variables()` give it.
    Parameters(Rc<ParameterSet>),
    /// Something callable.
    Function(Rc<Function>),
    /// A class.
    Class(ClassId),
    /// A module.
    Module(FileId),
    /// One of a few.
    Either(Rc<[Value]>),
}

/// Something callable.
#[derive(Clone, PartialEq, Debug)]
pub enum Function {
    /// A function unit; for methods with the class that defines it.
    Unit {
        /// The unit.
        unit: UnitId,
        /// The class whose method it is.
        class: Option<ClassId>,
    },
    /// A function or lambda inside another function.
    Closure(Closure),
    /// A method with its receiver.
    Bound {
        /// The receiver.
        receiver: Value,
        /// The function.
        function: Rc<Function>,
    },
    /// `super()`: whose methods are looked up behind a class.
    Super {
        /// The class behind which lookup begins.
        after: ClassId,
        /// The receiver.
        receiver: Value,
    },
    /// `functools.partial`
    Partial {
        /// What is called.
        function: Value,
        /// The arguments so far.
        positional: Vec<Value>,
        /// The keywords so far.
        keywords: Vec<(Name, Value)>,
    },
    /// A primitive of the stubs.
    Primitive(Name),
    /// A builtin function of Python.
    Builtin(Name),
    /// A method of a list, dict, string, set of parameters or parameter.
    Method {
        /// The receiver.
        receiver: Value,
        /// Its name.
        name: Name,
    },
    /// A decorated function whose decorator only marks it.
    Marked {
        /// The function.
        function: Rc<Function>,
        /// What it is marked as.
        mark: Mark,
    },
}

/// What a decorator says of a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// `@property`
    Property,
    /// `@staticmethod`
    Static,
    /// `@classmethod`
    ClassMethod,
}

/// A function that is no unit of its own.
#[derive(Clone, PartialEq, Debug)]
pub struct Closure {
    /// The unit in whose tree its code stands.
    pub unit: UnitId,
    /// The code.
    pub code: ClosureCode,
    /// The context it is made in.
    pub(crate) context: ContextId,
    /// The frame whose variables it sees.
    pub(crate) scope: FrameId,
    /// The class whose method it is.
    pub class: Option<ClassId>,
}

/// Where the code of a closure stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClosureCode {
    /// A `def` statement.
    Def(StmtId),
    /// A lambda.
    Lambda(ExprId),
}

/// A fact that may be unknown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// Not known.
    Unknown,
}

impl Truth {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }

    /// The opposite.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "beside `and` and `or`")]
    pub fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    /// As a value.
    pub fn value(self) -> Value {
        match self {
            Self::Yes => Value::Bool(true),
            Self::No => Value::Bool(false),
            Self::Unknown => Value::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }
}

impl Value {
    /// A computed text, as long as it is short.
    pub fn text(text: &str) -> Self {
        if text.len() > MAX_TEXT { Self::Unknown } else { Self::Str(Arc::from(text)) }
    }

    /// A function of its own unit.
    pub fn unit(unit: UnitId) -> Self {
        Self::Function(Rc::new(Function::Unit { unit, class: None }))
    }

    /// The integer, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::Bool(value) => Some(i64::from(*value)),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The constant, if it is a number, text, boolean or `None`.
    pub fn as_literal(&self) -> Option<Literal> {
        match self {
            Self::None => Some(Literal::None),
            Self::Bool(value) => Some(Literal::Bool(*value)),
            Self::Int(value) => Some(Literal::Int(*value)),
            Self::Float(value) => Some(Literal::Float(value.to_bits())),
            Self::Str(text) => Some(Literal::Str(Arc::clone(text))),
            _ => None,
        }
    }

    /// Whether it is a number, text, boolean or `None`.
    pub fn is_plain(&self) -> bool {
        matches!(self, Self::None | Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::Str(_))
    }

    /// The alternatives: itself, unless it is one of a few.
    pub fn alternatives(&self) -> &[Value] {
        match self {
            Self::Either(values) => values,
            single => std::slice::from_ref(single),
        }
    }

    /// One of the two, as long as they are few; tensors are joined by the caller.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        if self == other {
            return self.clone();
        }
        if matches!(self, Self::Unknown) || matches!(other, Self::Unknown) {
            return Self::Unknown;
        }
        let mut all: Vec<Value> = self.alternatives().to_vec();
        for value in other.alternatives() {
            if !all.contains(value) {
                all.push(value.clone());
            }
        }
        if all.len() > MAX_ALTERNATIVES { Self::Unknown } else { Self::Either(all.into()) }
    }
}

/// Names with values, in order of first binding. Frames are small: a linear search over integers is fast and keeps order.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct NameMap<V>(Vec<(Name, V)>);

impl<V> Default for NameMap<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> NameMap<V> {
    /// The map of these entries, no two of which have the same name.
    pub(crate) fn of_distinct(entries: Vec<(Name, V)>) -> Self {
        Self(entries)
    }

    pub(crate) fn get(&self, name: Name) -> Option<&V> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The value of `name`, which is `position`th in a map that is much like this one.
    pub(crate) fn get_near(&self, position: usize, name: Name) -> Option<&V> {
        match self.0.get(position) {
            Some((known, value)) if *known == name => Some(value),
            _ => self.get(name),
        }
    }

    /// The map of the names of both, with what `merge` makes of their values.
    pub(crate) fn merged(&self, other: &Self, mut merge: impl FnMut(Option<&V>, Option<&V>) -> V) -> Self {
        let mut merged = Vec::with_capacity(self.0.len().max(other.0.len()));
        merged.extend(self.0.iter().enumerate().map(|(at, (name, mine))| (*name, merge(Some(mine), other.get_near(at, *name)))));
        let others = other.0.iter().enumerate().filter(|(at, (name, _))| self.get_near(*at, *name).is_none());
        merged.extend(others.map(|(_, (name, theirs))| (*name, merge(None, Some(theirs)))));
        Self(merged)
    }

    pub(crate) fn set(&mut self, name: Name, value: V) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    pub(crate) fn remove(&mut self, name: Name) {
        self.0.retain(|(known, _)| *known != name);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Name, V)> {
        self.0.iter()
    }
}
