//! Loops and comprehensions.

use std::rc::Rc;

use super::{Interpreter, MAX_UNROLLED};
use crate::step::context::{ContextId, Site};
use crate::step::event::{EventId, EventKind};
use crate::step::state::{Frame, ObjectKind, State};
use crate::step::value::{Truth, Value};
use crate::syntax::Name;
use crate::syntax::hir::{Clause, ComprehensionKind, ExprId, NodeId, StmtId};

/// States with which a running loop is left or continued.
#[derive(Default)]
pub(super) struct Exits {
    breaks: Vec<State>,
    continues: Vec<State>,
    depth: Depth,
}

/// How deep the stacks of a state were when a construct was entered: leaving it restores them.
#[derive(Default, Clone, Copy)]
pub(super) struct Depth {
    scopes: usize,
    ambient: usize,
}

/// What a loop runs over.
pub(super) enum Elements {
    /// These, in this order.
    Known(Vec<Value>),
    /// Any number of times something that this stands for.
    Each(Value),
}

/// How often the body of a loop is evaluated until its state is given up as unknown.
const MAX_ROUNDS: usize = 3;

impl Interpreter<'_> {
    pub(super) fn depth(&self) -> Depth {
        Depth { scopes: self.state.scopes.len(), ambient: self.state.ambient.len() }
    }

    pub(super) fn restore(state: &mut State, depth: Depth) {
        if state.scopes.len() > depth.scopes {
            Rc::make_mut(&mut state.scopes).truncate(depth.scopes);
        }
        if state.ambient.len() > depth.ambient {
            Rc::make_mut(&mut state.ambient).truncate(depth.ambient);
        }
    }

    pub(super) fn break_loop(&mut self) {
        let state = self.leave_state();
        if let Some(exits) = self.exits.last_mut() {
            exits.breaks.push(state);
        }
    }

    pub(super) fn continue_loop(&mut self) {
        let state = self.leave_state();
        if let Some(exits) = self.exits.last_mut() {
            exits.continues.push(state);
        }
    }

    pub(super) fn for_loop(&mut self, id: StmtId, target: ExprId, iterable: ExprId, body: &[StmtId], otherwise: &[StmtId]) {
        let iterable_value = self.expr(iterable);
        let site = self.site(NodeId::Stmt(id));
        match self.elements(&iterable_value, site) {
            Elements::Known(values) => {
                let depth = self.depth();
                self.exits.push(Exits { depth, ..Exits::default() });
                let context = self.frame().context;
                for (number, value) in values.into_iter().enumerate() {
                    if !self.state.alive {
                        break;
                    }
                    self.in_iteration(context, NodeId::Stmt(id), number as u32, |this| {
                        this.assign(target, value);
                        this.block(body);
                        this.meet_continues();
                    });
                }
                let exits = self.exits.pop().unwrap_or_default();
                self.block(otherwise);
                self.meet(exits.breaks, depth);
                // A state that left the loop early is still in its iteration.
                self.frame_mut().context = context;
            }
            Elements::Each(value) => self.rounds(id, otherwise, |this| {
                if let Value::Object(object) = value {
                    this.emit(EventKind::Made(object), Site { slot: 3, ..site }, 3);
                }
                this.assign(target, value.clone());
                this.block(body);
            }),
        }
    }

    pub(super) fn while_loop(&mut self, id: StmtId, test: ExprId, body: &[StmtId], otherwise: &[StmtId]) {
        self.rounds(id, otherwise, |this| {
            let value = this.expr(test);
            this.observe(&value);
            this.under(test, |this| this.block(body));
        });
    }

    /// Runs a loop whose number of iterations is not known, until its state no longer changes.
    fn rounds(&mut self, id: StmtId, otherwise: &[StmtId], mut round: impl FnMut(&mut Self)) {
        let depth = self.depth();
        let head_site = Site { slot: 7, ..self.site(NodeId::Stmt(id)) };
        let head = self.emit(EventKind::Junction, head_site, 7);
        let mut before = self.state.clone();
        let mut breaks = Vec::new();
        self.open_loops += 1;
        for number in 0..MAX_ROUNDS {
            self.state = before.clone();
            self.exits.push(Exits { depth, ..Exits::default() });
            round(self);
            self.meet_continues();
            breaks.extend(self.exits.pop().unwrap_or_default().breaks);
            let mut after = self.take_state();
            self.back_edge(head, &mut after);
            let joined = self.join(before.clone(), after);
            if settled(&joined, &before) {
                before = joined;
                break;
            }
            before = widened(&before, joined, number + 2 == MAX_ROUNDS);
        }
        self.open_loops -= 1;
        self.state = before;
        self.block(otherwise);
        self.meet(breaks, depth);
    }

    /// Connects the end of a loop's body with its head; what follows the loop follows the head.
    fn back_edge(&mut self, head: EventId, after: &mut State) {
        if after.alive {
            self.events.connect(head, &after.frontier);
            after.frontier = std::rc::Rc::new(std::collections::BTreeSet::from([head]));
        }
    }

    fn meet_continues(&mut self) {
        let Some(exits) = self.exits.last_mut() else { return };
        let (continues, depth) = (std::mem::take(&mut exits.continues), exits.depth);
        self.meet(continues, depth);
    }

    /// Joins the running state with states that left a construct early.
    pub(super) fn meet(&mut self, states: Vec<State>, depth: Depth) {
        for mut state in states {
            Self::restore(&mut state, depth);
            let mine = self.take_state();
            self.state = self.join(mine, state);
        }
    }

    pub(super) fn in_iteration<T>(&mut self, context: ContextId, node: NodeId, number: u32, work: impl FnOnce(&mut Self) -> T) -> T {
        let inner = self.contexts.iteration(context, node, number);
        self.frame_mut().context = inner;
        let result = work(self);
        if self.state.frames.depth() > 0 {
            self.frame_mut().context = context;
        }
        result
    }

    /// What iterating over `value` gives.
    pub(super) fn elements(&mut self, value: &Value, site: Site) -> Elements {
        match value {
            Value::Tuple(values) if values.len() <= MAX_UNROLLED => Elements::Known(values.to_vec()),
            Value::Tuple(values) => Elements::Each(self.joined_values(values)),
            Value::Parameters(set) if set.is_exact() && set.certain.len() <= 4 * MAX_UNROLLED && set.all().all(|id| self.parameters.get(id).all_of.is_none()) => {
                let members: Vec<_> = set.certain.iter().copied().collect();
                Elements::Known(members.into_iter().map(|id| Value::Tensor(self.parameter_tensor(id))).collect())
            }
            Value::Parameters(_) => Elements::Each(value.clone()),
            Value::Object(id) => match self.state.object(*id).map(|object| object.kind.clone()) {
                Some(ObjectKind::List { elements, exact: true }) if elements.len() <= MAX_UNROLLED => Elements::Known(elements),
                Some(ObjectKind::List { elements, .. }) => Elements::Each(self.joined_values(&elements)),
                Some(ObjectKind::Dict { entries, exact: true }) if entries.len() <= MAX_UNROLLED => {
                    Elements::Known(entries.into_iter().map(|(key, _)| key).collect())
                }
                Some(ObjectKind::Dict { .. }) | None => Elements::Each(Value::Unknown),
                Some(ObjectKind::Instance) => self.instance_elements(value, site),
                Some(ObjectKind::Symbol(_)) => Elements::Each(self.derived(super::ObjectKey::Site(Site { slot: 5, ..site }), "item", std::slice::from_ref(value), None)),
            },
            Value::Tensor(_) => Elements::Each(self.derived_tensor(value, site)),
            _ => Elements::Each(Value::Unknown),
        }
    }

    /// Iterates an instance through its `__iter__`, if that gives a known list.
    fn instance_elements(&mut self, value: &Value, site: Site) -> Elements {
        let iter = Name::new("__iter__");
        match self.call_special(value, iter, Vec::new(), Site { slot: 6, ..site }) {
            Some(inner) if inner != *value => match &inner {
                Value::Object(id) if matches!(self.state.object(*id).map(|object| &object.kind), Some(ObjectKind::Instance)) => Elements::Each(Value::Unknown),
                _ => self.elements(&inner, site),
            },
            _ => Elements::Each(Value::Unknown),
        }
    }

    pub(super) fn joined_values(&mut self, values: &[Value]) -> Value {
        let mut values = values.iter();
        let Some(first) = values.next().cloned() else { return Value::Unknown };
        values.fold(first, |joined, value| self.join_values(&joined, value))
    }

    /// A comprehension. Over sets of parameters it gives the filtered set.
    pub(super) fn comprehension(&mut self, id: ExprId, kind: ComprehensionKind, element: ExprId, value: Option<ExprId>, clauses: &[Clause]) -> Value {
        let mut found = Collected { entries: Vec::new(), exact: true, parameters: None };
        let saved = self.frame().locals.clone();
        self.clause(element, value, clauses, Truth::Yes, &mut found);
        self.frame_mut().locals = saved;
        let site = self.site(NodeId::Expr(id));
        if let (Some(set), true) = (found.parameters.take(), found.entries.is_empty()) {
            return Value::Parameters(set.into());
        }
        if kind == ComprehensionKind::Dict {
            return self.new_dict(site, found.entries, found.exact);
        }
        let elements = found.entries.into_iter().map(|(element, _)| element).collect();
        self.new_list(site, elements, found.exact)
    }

    fn clause(&mut self, element: ExprId, value: Option<ExprId>, clauses: &[Clause], certain: Truth, found: &mut Collected) {
        let Some((clause, rest)) = clauses.split_first() else {
            let first = self.expr(element);
            let second = value.map_or(Value::None, |value| self.expr(value));
            found.add(self, first, second, certain);
            return;
        };
        let iterable = self.expr(clause.iterable);
        let node = NodeId::Expr(clause.iterable);
        let site = self.site(node);
        let (values, every) = match self.elements(&iterable, site) {
            Elements::Known(values) => (values, true),
            Elements::Each(value) => (vec![value], false),
        };
        let is_set = matches!(iterable, Value::Parameters(_));
        if !every && !is_set {
            found.exact = false;
        }
        let context = self.frame().context;
        for (number, item) in values.into_iter().enumerate() {
            self.in_iteration(context, node, number as u32, |this| {
                this.assign(clause.target, item);
                let mut certain = certain;
                for &condition in &clause.conditions {
                    let value = this.expr(condition);
                    certain = certain.and(this.truth(&value));
                    if certain == Truth::No {
                        return;
                    }
                }
                match clause.conditions.iter().copied().find(|&condition| this.is_mode_test(condition)) {
                    Some(test) => this.under(test, |this| this.clause(element, value, rest, certain, found)),
                    None => this.clause(element, value, rest, certain, found),
                }
            });
        }
    }
}

/// What a comprehension has found so far.
struct Collected {
    entries: Vec<(Value, Value)>,
    exact: bool,
    parameters: Option<crate::step::parameters::ParameterSet>,
}

impl Collected {
    fn add(&mut self, interpreter: &Interpreter<'_>, first: Value, second: Value, certain: Truth) {
        let members = match &first {
            Value::Parameters(set) => Some((**set).clone()),
            Value::Tensor(tensor) => interpreter.parameter_of(*tensor).map(|id| crate::step::parameters::ParameterSet::exactly([id])),
            _ => None,
        };
        let Some(mut members) = members.filter(|_| self.entries.is_empty()) else {
            self.exact &= certain == Truth::Yes;
            self.entries.push((first, second));
            return;
        };
        if certain != Truth::Yes {
            let sure = std::mem::take(&mut members.certain);
            members.possible.extend(sure);
        }
        self.parameters.get_or_insert_default().extend(&members);
    }
}

/// Whether another round of a loop would find nothing new: what was there before the round is unchanged. What the round made or bound
/// for the first time, the next round makes or binds again before it could be read.
fn settled(joined: &State, before: &State) -> bool {
    let same_locals = |mine: &Frame, theirs: &Frame| theirs.locals.iter().enumerate().all(|(at, (name, value))| mine.locals.get_near(at, *name) == Some(value));
    before.heap.is_kept_by(&joined.heap)
        && joined.trainable == before.trainable
        && joined.graph == before.graph
        && joined.frames.all_with(&before.frames, same_locals)
}

/// Gives up what still changes: counters at once, everything but tensors in the end.
fn widened(before: &State, mut joined: State, at_last: bool) -> State {
    let (Some(frame), Some(old)) = (joined.frames.top(), before.frames.top()) else { return joined };
    // Tensors are joined by the graph itself: their number is bounded.
    let gives_up = |value: &Value| match value {
        Value::Tensor(_) => false,
        other => at_last || other.alternatives().iter().all(Value::is_plain),
    };
    let changed = |name: Name, value: &Value| old.locals.get(name).is_some_and(|known| known != value);
    let lost: Vec<Name> = frame.locals.iter().filter(|(name, value)| changed(*name, value) && gives_up(value)).map(|(name, _)| *name).collect();
    if !lost.is_empty()
        && let Some(frame) = joined.frames.top_mut()
    {
        lost.into_iter().for_each(|name| frame.locals.set(name, Value::Unknown));
    }
    joined
}
