//! The state of an evaluation at one point of the program: frames, heap, default graph, ambient facts, and where control came from.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::context::ContextId;
use super::event::EventId;
use super::frames::Frames;
use super::heap::Heap;
use super::parameters::ParameterId;
use super::value::{ClassId, FrameId, NameMap, ObjectId, Truth, Value};
use crate::syntax::hir::Hir;
use crate::syntax::{FileId, Name, UnitId};

/// What an object is.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum ObjectKind {
    /// An instance of a class.
    Instance,
    /// Known identity, unknown content. The text says where it comes from (`batch`, `model.encoder`).
    Symbol(Arc<str>),
    /// A list, or an iterator over known elements.
    List {
        elements: Vec<Value>,
        /// Whether these are all elements, in this order.
        exact: bool,
    },
    /// A dict.
    Dict {
        entries: Vec<(Value, Value)>,
        exact: bool,
    },
}

/// An object of the heap.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Object {
    pub(crate) kind: ObjectKind,
    pub(crate) class: Option<ClassId>,
    pub(crate) attributes: NameMap<Value>,
    /// Whether something unknown may have changed it.
    pub(crate) escaped: bool,
}

impl Object {
    pub(crate) fn new(kind: ObjectKind, class: Option<ClassId>) -> Self {
        Self { kind, class, attributes: NameMap::default(), escaped: false }
    }
}

/// The tree of a unit, counted without locks: it is taken at every expression.
pub(crate) type Tree = Rc<Arc<Hir>>;

/// A running function.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Frame {
    pub(crate) id: FrameId,
    pub(crate) file: FileId,
    pub(crate) is_stub: bool,
    pub(crate) unit: UnitId,
    pub(crate) context: ContextId,
    pub(crate) hir: Tree,
    pub(crate) locals: NameMap<Value>,
    /// The frame whose variables a closure sees.
    pub(crate) scope: Option<FrameId>,
    /// For `super()`: the class that defines the method, and its first argument.
    pub(crate) class: Option<ClassId>,
    pub(crate) receiver: Option<Value>,
    /// Names that functions inside this one read: what they are bound to counts as used.
    pub(crate) captured: Rc<Vec<Name>>,
}

/// A variable scope that is entered.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Scope {
    /// The path with a trailing slash, empty at the top; `None` if it is not known.
    pub(crate) path: Option<Arc<str>>,
    /// How often each default name was taken in this scope since it was entered.
    pub(crate) taken: NameMap<u32>,
    /// The scope as an object, for code that keeps it.
    pub(crate) object: Value,
}

/// The state at one point of the program.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) frames: Frames,
    pub(crate) heap: Heap,
    /// Variables of the default graph, in order of creation, and whether there may be more.
    pub(crate) graph: Rc<Vec<ParameterId>>,
    pub(crate) graph_open: bool,
    pub(crate) collections: Rc<Vec<(Value, Value)>>,
    pub(crate) scopes: Rc<Vec<Scope>>,
    pub(crate) ambient: Rc<Vec<(Name, Value)>>,
    /// Parameters whose `requires_grad` was set.
    pub(crate) trainable: Rc<Vec<(ParameterId, Truth)>>,
    /// What comes directly before the next event.
    pub(crate) frontier: Rc<BTreeSet<EventId>>,
    /// Whether this point is reached.
    pub(crate) alive: bool,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            frames: Frames::default(),
            heap: Heap::default(),
            graph: Rc::default(),
            graph_open: false,
            collections: Rc::default(),
            scopes: Rc::new(vec![Scope { path: Some(Arc::from("")), taken: NameMap::default(), object: Value::Unknown }]),
            ambient: Rc::default(),
            trainable: Rc::default(),
            frontier: Rc::default(),
            alive: true,
        }
    }

    /// The state of a point that is not reached, in the same frames. `nowhere` stands in for what does not matter there.
    pub(crate) fn unreached(&self, nowhere: &Self) -> Self {
        Self {
            frames: self.frames.clone(),
            heap: nowhere.heap.clone(),
            graph: Rc::clone(&self.graph),
            graph_open: false,
            collections: Rc::clone(&self.collections),
            scopes: Rc::clone(&self.scopes),
            ambient: Rc::clone(&nowhere.ambient),
            trainable: Rc::clone(&self.trainable),
            frontier: Rc::clone(&nowhere.frontier),
            alive: false,
        }
    }

    pub(crate) fn enter(&mut self, kind: Name, value: Value) {
        Rc::make_mut(&mut self.ambient).push((kind, value));
    }

    pub(crate) fn object(&self, id: ObjectId) -> Option<&Rc<Object>> {
        self.heap.get(id)
    }

    pub(crate) fn put(&mut self, id: ObjectId, object: Object) {
        self.heap.put(id, object);
    }

    pub(crate) fn object_mut(&mut self, id: ObjectId) -> Option<&mut Object> {
        self.heap.get_mut(id)
    }

    pub(crate) fn is_trainable(&self, id: ParameterId) -> Option<Truth> {
        self.trainable.iter().find(|(known, _)| *known == id).map(|(_, truth)| *truth)
    }

    pub(crate) fn set_trainable(&mut self, id: ParameterId, truth: Truth) {
        let all = Rc::make_mut(&mut self.trainable);
        match all.iter_mut().find(|(known, _)| *known == id) {
            Some((_, old)) => *old = truth,
            None => all.push((id, truth)),
        }
    }

    /// The innermost value entered under `kind`.
    pub(crate) fn ambient(&self, kind: Name) -> Option<&Value> {
        self.ambient.iter().rev().find(|(known, _)| *known == kind).map(|(_, value)| value)
    }
}

/// Joins the states of two paths that meet. Values are joined by `join`, which may make a tensor that is one of two.
pub(crate) fn join_states(mut left: State, right: State, join: &mut impl FnMut(&Value, &Value) -> Value) -> State {
    if !left.alive {
        return right;
    }
    if !right.alive {
        return left;
    }
    if left.frontier != right.frontier {
        Rc::make_mut(&mut left.frontier).extend(right.frontier.iter());
    }
    left.frames.join(&right.frames, &mut |mine, theirs| {
        if mine.id == theirs.id && mine.locals != theirs.locals {
            let locals = join_names(&mine.locals, &theirs.locals, join);
            let captured = if mine.captured.len() >= theirs.captured.len() { Rc::clone(&mine.captured) } else { Rc::clone(&theirs.captured) };
            let frame = Rc::make_mut(mine);
            frame.locals = locals;
            frame.captured = captured;
        }
    });
    left.heap.join(&right.heap, &mut |mine, theirs| join_objects(mine, theirs, join));
    if !Rc::ptr_eq(&left.graph, &right.graph) {
        let graph = Rc::make_mut(&mut left.graph);
        for &variable in right.graph.iter() {
            if !graph.contains(&variable) {
                graph.push(variable);
            }
        }
    }
    left.graph_open |= right.graph_open;
    if !Rc::ptr_eq(&left.collections, &right.collections) && left.collections != right.collections {
        let all = Rc::make_mut(&mut left.collections);
        for entry in right.collections.iter() {
            if !all.contains(entry) {
                all.push(entry.clone());
            }
        }
    }
    if !Rc::ptr_eq(&left.scopes, &right.scopes) && left.scopes != right.scopes {
        let scopes = Rc::make_mut(&mut left.scopes);
        scopes.truncate(right.scopes.len());
        for (mine, theirs) in scopes.iter_mut().zip(right.scopes.iter()) {
            if mine.path != theirs.path {
                mine.path = None;
            }
            for (name, count) in theirs.taken.iter() {
                let most = mine.taken.get(*name).map_or(*count, |known| *known.max(count));
                mine.taken.set(*name, most);
            }
        }
    }
    if !Rc::ptr_eq(&left.ambient, &right.ambient) && left.ambient != right.ambient {
        let ambient = Rc::make_mut(&mut left.ambient);
        ambient.truncate(right.ambient.len());
        for (mine, theirs) in ambient.iter_mut().zip(right.ambient.iter()) {
            if mine != theirs {
                mine.1 = if mine.0 == theirs.0 { join(&mine.1, &theirs.1) } else { Value::Unknown };
            }
        }
    }
    if !Rc::ptr_eq(&left.trainable, &right.trainable) && left.trainable != right.trainable {
        let theirs: Vec<ParameterId> = right.trainable.iter().map(|(id, _)| *id).collect();
        let mine: Vec<ParameterId> = left.trainable.iter().map(|(id, _)| *id).collect();
        for id in mine.into_iter().chain(theirs) {
            if left.is_trainable(id) != right.is_trainable(id) {
                left.set_trainable(id, Truth::Unknown);
            }
        }
    }
    left
}

/// Bound on one path only, a name has its value wherever it is read: reading it on the other would be an error.
fn join_names(left: &NameMap<Value>, right: &NameMap<Value>, join: &mut impl FnMut(&Value, &Value) -> Value) -> NameMap<Value> {
    left.merged(right, |mine, theirs| match (mine, theirs) {
        (Some(mine), Some(theirs)) if mine != theirs => join(mine, theirs),
        (Some(value), _) | (None, Some(value)) => value.clone(),
        (None, None) => Value::Unknown,
    })
}

fn join_objects(left: &Object, right: &Object, join: &mut impl FnMut(&Value, &Value) -> Value) -> Object {
    let kind = match (&left.kind, &right.kind) {
        (a, b) if a == b => a.clone(),
        (ObjectKind::List { elements: a, exact: x }, ObjectKind::List { elements: b, exact: y }) => {
            let mut elements: Vec<Value> = a.iter().zip(b).map(|(mine, theirs)| if mine == theirs { mine.clone() } else { join(mine, theirs) }).collect();
            // Of a list that is longer on one path the other elements may be there.
            for more in a.iter().skip(b.len()).chain(b.iter().skip(a.len())) {
                if !elements.contains(more) {
                    elements.push(more.clone());
                }
            }
            ObjectKind::List { elements, exact: *x && *y && a.len() == b.len() }
        }
        (ObjectKind::Dict { entries: a, .. }, ObjectKind::Dict { entries: b, .. }) => {
            let entries = a
                .iter()
                .filter_map(|(key, mine)| {
                    let theirs = b.iter().find(|(other, _)| other == key).map(|(_, value)| value)?;
                    Some((key.clone(), if mine == theirs { mine.clone() } else { join(mine, theirs) }))
                })
                .collect();
            ObjectKind::Dict { entries, exact: false }
        }
        (a, _) => a.clone(),
    };
    let class = if left.class == right.class { left.class } else { None };
    let attributes = left.attributes.merged(&right.attributes, |mine, theirs| match (mine, theirs) {
        (Some(mine), Some(theirs)) if mine == theirs => mine.clone(),
        (Some(mine), Some(theirs)) => join(mine, theirs),
        // An attribute that only one path sets is not known: the class may set it elsewhere.
        _ => Value::Unknown,
    });
    Object { kind, class, attributes, escaped: left.escaped || right.escaped }
}
