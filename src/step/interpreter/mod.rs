//! The abstract interpreter.

mod arguments;
mod assign;
mod attribute;
mod builtins;
mod call;
mod class;
pub(super) use class::Class;
mod closure;
mod collections;
mod copies;
mod decorators;
mod escape;
mod expr;
mod hooks;
mod indexing;
mod join;
mod loops;
mod methods;
mod modules;
mod names;
mod operators;
mod primitives;
mod root;
mod scopes;
mod stmt;
mod stub;
mod symbol;
mod tensors;
mod trial;
pub use trial::{Request, Trial};

use std::cell::RefCell;
use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use super::context::{ContextId, Contexts, Site};
use super::event::{Event, EventId, EventKind, Events};
use super::parameters::Parameters;
use super::state::{Frame, Object, ObjectKind, State, Tree};
use super::tensor::Tensors;
use super::value::{ClassId, FrameId, Function, NameMap, ObjectId, Value};
use super::view::{Call, Trace};
use crate::project::{Binding, Scope, World};
use crate::syntax::hir::NodeId;
use crate::syntax::{FileId, Name, Place, UnitId};

/// What the expressions and statements that one root evaluates may cost; what exceeds it is unknown.
const MAX_COST: u32 = 16_000;
/// What the project's part of that may cost where a root is of use only if it ends within its budget: networks may be deep.
const MAX_COST_OF_A_WHOLE: u32 = 4_000;
/// Cost of an expression or statement of project code.
const PROJECT_COST: u32 = 2;
/// Cost of one of a framework: a deep network is mostly that, code that leads astray is mostly the project's.
const FRAMEWORK_COST: u32 = 1;
/// Calls that may be nested.
const MAX_DEPTH: u32 = 30;
/// Frames that may be nested: those of calls, and those of defaults, decorators and globals that are evaluated on the way.
const MAX_FRAMES: usize = 120;
/// Elements over which a loop is unrolled.
const MAX_UNROLLED: usize = 24;

/// Where an object was made, or what it is part of.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum ObjectKey {
    Site(Site),
    /// An attribute of a symbol.
    Attribute(ObjectId, Name),
    /// An item of a symbol: `batch[0]`, `x, y = batch`.
    Item(ObjectId, u32),
    /// A copy of an object.
    Copy(Site, ObjectId),
}

/// Interprets one root.
pub(super) struct Interpreter<'w> {
    world: &'w dyn World,
    state: State,
    /// Stands in for the state while it is elsewhere.
    nowhere: State,
    contexts: Contexts,
    tensors: Tensors,
    parameters: Parameters,
    events: Events,
    calls: Vec<Call>,
    call_numbers: FxHashMap<(UnitId, Place, ContextId, ContextId), usize>,
    objects: FxHashMap<ObjectKey, ObjectId>,
    classes: Vec<Rc<class::Class>>,
    class_numbers: FxHashMap<UnitId, ClassId>,
    /// Methods that were looked up.
    methods: FxHashMap<(ClassId, Name), Option<Rc<Function>>>,
    /// Names, and whether code may keep the mode it runs in under them.
    mode_names: RefCell<FxHashMap<Name, bool>>,
    functions: FxHashMap<UnitId, Value>,
    globals: FxHashMap<(FileId, Name), Value>,
    /// Globals whose value is being found, so that a cycle ends.
    pending: Vec<(FileId, Name)>,
    /// Variables of finished functions that closures still see.
    finished: FxHashMap<FrameId, NameMap<Value>>,
    /// States and values with which the running functions return.
    returns: Vec<Vec<(State, Value)>>,
    /// States that leave or continue the running loops.
    exits: Vec<loops::Exits>,
    /// The object that a class root makes: no caller is known.
    rooted: Option<ObjectId>,
    /// Symbols for arguments that callers must give, with the function that takes them.
    required: FxHashMap<ObjectId, UnitId>,
    /// Methods that were called, with their receivers.
    called: BTreeSet<(ObjectId, Name)>,
    /// The innermost call of one of several functions.
    choice: Option<Site>,
    /// On how many conditions that are not known the running framework function has come here.
    assumptions: u32,
    /// Units that are running, innermost last.
    running: Vec<UnitId>,
    /// Evaluations of units: unit and context, for the contextual count.
    visited: FxHashMap<UnitId, BTreeSet<ContextId>>,
    /// Loops of unknown length that are running: what is made inside is made anew each time.
    open_loops: u32,
    /// What the project's code may cost, and what it cost so far.
    budget: u32,
    spent_by_project: u32,
    /// What everything cost.
    spent: u32,
    next_frame: u32,
    /// The innermost node of project code that is being evaluated.
    here: Place,
    here_context: ContextId,
    /// What is known of the values that probes ask for.
    revealed: Option<FxHashMap<(UnitId, NodeId), Value>>,
    trace: Trace,
    names: &'static WellKnown,
    /// The class that says how symbols behave.
    symbols: Option<ClassId>,
    /// What names denote and trees of units, as far as they were asked for.
    scopes: FxHashMap<FileId, Arc<Scope>>,
    trees: FxHashMap<UnitId, Tree>,
    /// Methods that a framework calls, by the stub class that declares them.
    declared_hooks: FxHashMap<UnitId, Rc<[Name]>>,
}


/// Names that the interpreter asks for again and again.
struct WellKnown {
    arguments: Name,
    call: Name,
    enter: Name,
    exit: Name,
    gradient: Name,
    init: Name,
    new: Name,
    modules: Name,
    name: Name,
    guard: Name,
    primitives_module: Name,
    reuse_variables: Name,
    scope_name: Name,
    symbol: Name,
    symbols_module: Name,
    tensor_class: Name,
}

static WELL_KNOWN: LazyLock<WellKnown> = LazyLock::new(WellKnown::new);

impl WellKnown {
    fn new() -> Self {
        Self {
            arguments: Name::new("arguments"),
            call: Name::new("__call__"),
            enter: Name::new("__enter__"),
            exit: Name::new("__exit__"),
            gradient: Name::new("gradient"),
            init: Name::new("__init__"),
            new: Name::new("__new__"),
            modules: Name::new("_modules"),
            name: Name::new("__name__"),
            guard: Name::new("guard"),
            primitives_module: Name::new("backprobe.primitives"),
            reuse_variables: Name::new("reuse_variables"),
            scope_name: Name::new("name"),
            symbol: Name::new("Symbol"),
            symbols_module: Name::new("backprobe.symbols"),
            tensor_class: Name::new("Tensor"),
        }
    }
}

impl<'w> Interpreter<'w> {
    pub(super) fn new(world: &'w dyn World) -> Self {
        let mut contexts = Contexts::default();
        let nowhere = UnitId { file: FileId(u32::MAX), name: Name::new(""), ordinal: 0 };
        let here_context = contexts.root(nowhere, 0);
        Self {
            world,
            state: State::new(),
            nowhere: State::new(),
            contexts,
            tensors: Tensors::default(),
            parameters: Parameters::default(),
            events: Events::default(),
            calls: Vec::new(),
            call_numbers: FxHashMap::default(),
            objects: FxHashMap::default(),
            classes: Vec::new(),
            class_numbers: FxHashMap::default(),
            methods: FxHashMap::default(),
            mode_names: RefCell::default(),
            functions: FxHashMap::default(),
            globals: FxHashMap::default(),
            pending: Vec::new(),
            finished: FxHashMap::default(),
            returns: Vec::new(),
            exits: Vec::new(),
            rooted: None,
            required: FxHashMap::default(),
            called: BTreeSet::new(),
            choice: None,
            assumptions: 0,
            running: Vec::new(),
            visited: FxHashMap::default(),
            open_loops: 0,
            budget: MAX_COST,
            spent_by_project: 0,
            spent: 0,
            next_frame: 0,
            here: Place { unit: nowhere, node: NodeId::Stmt(crate::syntax::hir::StmtId(0)) },
            here_context,
            revealed: None,
            trace: Trace::default(),
            names: &WELL_KNOWN,
            symbols: None,
            scopes: FxHashMap::default(),
            trees: FxHashMap::default(),
            declared_hooks: FxHashMap::default(),
        }
    }

    /// Keeps the value of every expression of project code, for probes.
    pub(super) fn revealing(mut self) -> Self {
        self.revealed = Some(FxHashMap::default());
        self
    }

    /// Gives up early: a root that does not end within a smaller budget is of no use.
    pub(super) fn for_a_whole(mut self) -> Self {
        self.budget = MAX_COST_OF_A_WHOLE;
        self
    }

    /// The tree of a unit.
    fn hir(&mut self, unit: UnitId) -> Tree {
        let world = self.world;
        Rc::clone(self.trees.entry(unit).or_insert_with(|| Rc::new(world.hir(unit))))
    }

    /// What a global name of a file denotes.
    fn lookup(&mut self, file: FileId, name: Name) -> Binding {
        self.scope(file).global(name.as_str())
    }

    /// The names of a file.
    fn scope(&mut self, file: FileId) -> &Scope {
        let world = self.world;
        self.scopes.entry(file).or_insert_with(|| world.scope(file))
    }

    /// Counts an expression or statement; `false` when the budget is spent. Code that nests too deep (a default that calls its own
    /// function) spends it all.
    fn spend(&mut self) -> bool {
        let cost = if self.state.frames.depth() > MAX_FRAMES {
            MAX_COST
        } else if self.in_stub() {
            FRAMEWORK_COST
        } else {
            self.spent_by_project += PROJECT_COST;
            PROJECT_COST
        };
        self.spent = self.spent.saturating_add(cost);
        !self.is_spent()
    }

    /// Whether the budget is spent.
    fn is_spent(&self) -> bool {
        self.spent >= MAX_COST || self.spent_by_project >= self.budget
    }

    #[expect(clippy::expect_used, reason = "the invariant of every evaluation")]
    fn frame(&self) -> &Rc<Frame> {
        // Code runs only between `push_frame` and `pop_frame`; the stand-in keeps the interpreter free of panics.
        self.state.frames.top().expect("code is evaluated inside a frame only")
    }

    #[expect(clippy::expect_used, reason = "the invariant of every evaluation")]
    fn frame_mut(&mut self) -> &mut Frame {
        self.state.frames.top_mut().expect("code is evaluated inside a frame only")
    }

    /// The running state; until it is put back, nothing runs.
    fn take_state(&mut self) -> State {
        std::mem::replace(&mut self.state, self.nowhere.clone())
    }

    /// The running state, which leaves from here: what follows is not reached.
    fn leave_state(&mut self) -> State {
        let unreached = self.state.unreached(&self.nowhere);
        std::mem::replace(&mut self.state, unreached)
    }

    /// A frame for the code of `unit`, without variables.
    fn new_frame(&mut self, unit: UnitId, context: ContextId, hir: &Tree) -> Frame {
        self.next_frame += 1;
        Frame {
            id: FrameId(self.next_frame),
            file: unit.file,
            is_stub: self.world.is_stub(unit.file),
            unit,
            context,
            hir: Rc::clone(hir),
            locals: NameMap::default(),
            scope: None,
            class: None,
            receiver: None,
            captured: Rc::default(),
        }
    }

    /// The identity of what `node` makes in the running code.
    fn site(&self, node: NodeId) -> Site {
        Site { context: self.frame().context, node, slot: 0 }
    }

    fn place(&self, node: NodeId) -> Place {
        Place { unit: self.frame().unit, node }
    }

    fn in_stub(&self) -> bool {
        self.state.frames.top().is_some_and(|frame| frame.is_stub)
    }

    /// Runs `work` with `node` as the place that messages point to, unless a stub is running.
    fn at<T>(&mut self, node: NodeId, work: impl FnOnce(&mut Self) -> T) -> T {
        if self.in_stub() {
            return work(self);
        }
        let saved = (self.here, self.here_context);
        (self.here, self.here_context) = (self.place(node), self.frame().context);
        let result = work(self);
        (self.here, self.here_context) = saved;
        result
    }

    fn new_object(&mut self, key: ObjectKey, object: Object) -> ObjectId {
        let next = ObjectId(self.objects.len() as u32);
        let id = *self.objects.entry(key).or_insert(next);
        self.state.put(id, object);
        id
    }

    fn new_list(&mut self, site: Site, elements: Vec<Value>, exact: bool) -> Value {
        Value::Object(self.new_object(ObjectKey::Site(site), Object::new(ObjectKind::List { elements, exact }, None)))
    }

    fn new_dict(&mut self, site: Site, entries: Vec<(Value, Value)>, exact: bool) -> Value {
        Value::Object(self.new_object(ObjectKey::Site(site), Object::new(ObjectKind::Dict { entries, exact }, None)))
    }

    /// Records an event and makes it the point from which the next one follows.
    fn emit(&mut self, kind: EventKind, site: Site, flavour: u32) -> EventId {
        let event = Event { kind, place: self.here, context: self.here_context, before: (*self.state.frontier).clone() };
        let id = self.events.intern(site, flavour, event);
        self.state.frontier = Rc::new(BTreeSet::from([id]));
        id
    }

    fn class(&self, id: ClassId) -> Rc<class::Class> {
        Rc::clone(&self.classes[id.0 as usize])
    }

    /// Counts an evaluation of `unit` in `context`.
    fn visit(&mut self, unit: UnitId, context: ContextId) {
        self.visited.entry(unit).or_default().insert(context);
    }

    fn text(text: &str) -> Arc<str> {
        Arc::from(text)
    }
}
