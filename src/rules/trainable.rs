//! What a file has that trains: models, functions that build one, functions, classes and scripts that train.
//!
//! Known from names alone: nothing is evaluated.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::finding::Style;
use crate::project::{self, Binding, World};
use crate::syntax::hir::{Expr, ExprId, Hir, NodeId, Stmt};
use crate::syntax::{FileId, FunctionItem, ItemKind, Name, Place, UnitId};

/// Something that a training test can be about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Trainable {
    /// The class, function or method; the module unit for a script.
    pub unit: UnitId,
    /// The same, or the class of a method: what is evaluated for its sake.
    pub root: UnitId,
    /// Where it is offered: the name that is defined, or the first call that trains.
    pub place: Place,
}

impl Trainable {
    /// What the user calls it: `ConvNet`, `ConvNet.encode`, `train`; a script is `__main__`.
    pub fn name(&self) -> &'static str {
        if self.is_script() { SCRIPT } else { self.unit.name.as_str() }
    }

    /// Whether it is the statements of a module.
    pub fn is_script(&self) -> bool {
        self.unit.name.as_str().is_empty()
    }
}

/// The name of a script that trains when it is run.
const SCRIPT: &str = "__main__";

/// Bases of bases that are followed.
const MAX_BASES: u32 = 16;
/// Functions of the project that are followed, one calling the other.
const MOST_CALLS: u32 = 2;
/// The same from a script: its `main` calls what trains.
const MOST_CALLS_OF_SCRIPT: u32 = 4;

/// Classes of frameworks of which models are made.
const MODELS: [(&str, Style); 3] = [("torch.nn.Module", Style::Objects), ("keras.engine.base_layer.Layer", Style::Layers), ("flax.linen.module.Module", Style::Pure)];

/// What makes parameters when it is called: modules of the stubs, or names in them.
const MAKERS: [&str; 21] = [
    "torch.nn.modules.linear.",
    "torch.nn.modules.conv.",
    "torch.nn.modules.rnn.",
    "torch.nn.modules.sparse.",
    "torch.nn.modules.transformer.",
    "torch.nn.modules.container.Sequential",
    "torch.nn.modules.normalization.",
    "torch.nn.modules.batchnorm.",
    "torch.nn.parameter.",
    "keras.layers.convolutional.",
    "keras.layers.core.",
    "keras.layers.embeddings.",
    "keras.layers.recurrent.",
    "keras.layers.normalization.",
    "keras.layers.attention.",
    "keras.models.",
    "tensorflow.layers.",
    "tensorflow.get_variable",
    "tensorflow.Variable",
    "tf_slim.layers.layers.",
    "flax.linen.layers.",
];

/// Modules of the stubs that hold what makes an optimizer, or an operation that trains, and what else they hold.
const OPTIMIZERS: [&str; 5] = ["torch.optim.", "tensorflow.train.", "keras.optimizers.", "tf_slim.learning.", "tf_slim.training."];
const OTHERS: [&str; 2] = ["torch.optim.lr_scheduler.", "keras.optimizers.schedules."];

/// Methods that take a training step, or many.
const TRAINING: [&str; 8] = ["backward", "minimize", "fit", "fit_generator", "train_on_batch", "apply_gradients", "apply_updates", "value_and_grad"];

/// The method that applies gradients to weights: only training calls it.
const APPLYING: &str = "apply_gradients";

/// What trains in `file`, in the order of its definitions; a script last.
pub fn trainables(world: &dyn World, file: FileId) -> Vec<Trainable> {
    let reader = Reader::new(world);
    let outline = world.outline(file);
    let mut found: Vec<Trainable> = Vec::new();
    for item in &outline.items {
        let (unit, is_it) = match &item.kind {
            ItemKind::Class(class) => {
                let unit = UnitId { file, name: item.name, ordinal: class.ordinal };
                let may_matter = class.matters || class.methods.is_empty();
                (unit, model_style(world, unit).is_some() || may_matter && reader.of_class(unit, MOST_CALLS).matters())
            }
            // Tests are not tested.
            ItemKind::Function(_) if item.name.as_str().starts_with("test_") => continue,
            ItemKind::Function(function) => {
                let unit = UnitId { file, name: item.name, ordinal: function.ordinal };
                (unit, reader.is_function(unit))
            }
            ItemKind::Import(_) | ItemKind::Value => continue,
        };
        // The last definition of a name wins at run time.
        found.retain(|other| other.unit.name != unit.name);
        if is_it {
            found.extend(defined(world, unit));
        }
    }
    found.extend(reader.script(file));
    found
}

/// The method `Class.method` of something in `file` that trains.
pub fn trainable_method(world: &dyn World, file: FileId, dotted: &str) -> Option<Trainable> {
    let (class, method) = dotted.rsplit_once('.')?;
    let class = trainables(world, file).into_iter().find(|known| known.name() == class)?.unit;
    let found = defined(world, project::method(world, class, Name::new(method))?)?;
    Some(Trainable { root: class, ..found })
}

/// What `unit` defines, where it names it.
fn defined(world: &dyn World, unit: UnitId) -> Option<Trainable> {
    let definition = *world.hir(unit).body.first()?;
    Some(Trainable { unit, root: unit, place: Place { unit, node: NodeId::DefinedName(definition) } })
}

/// How models of a class are run, if a framework's class of models is among its bases.
pub(super) fn model_style(world: &dyn World, class: UnitId) -> Option<Style> {
    let bases = MODELS.map(|(base, style)| (project::resolve(world, class.file, base), style));
    let is_base = |class: UnitId| bases.iter().find(|(base, _)| *base == Binding::Class(class)).map(|(_, style)| *style);
    let mut waiting = vec![class];
    for _ in 0..MAX_BASES {
        let class = waiting.pop()?;
        if let Some(style) = is_base(class) {
            return Some(style);
        }
        let hir = world.hir(class);
        for base in hir.class().map(|class| class.bases.as_slice()).unwrap_or_default() {
            if let Binding::Class(base) = denoted(world, class.file, &hir, base.value) {
                waiting.push(base);
            }
        }
    }
    None
}

/// Whether the module unit of `file` trains when it runs.
pub(super) fn is_script(world: &dyn World, file: FileId) -> bool {
    Reader::new(world).script(file).is_some()
}

fn returns(hir: &Hir) -> bool {
    hir.stmts.iter().any(|stmt| matches!(stmt, Stmt::Return(Some(_))))
}

/// What code does, as far as the names in it say.
#[derive(Clone, Copy, Default)]
struct Deeds(u8);

impl Deeds {
    const NONE: Self = Self(0);
    /// It makes parameters, or a model of the project.
    const MAKES: Self = Self(1);
    /// It makes an optimizer, or applies gradients.
    const OPTIMIZES: Self = Self(1 << 1);
    /// It takes training steps.
    const STEPS: Self = Self(1 << 2);
    /// It calls code of the project that trains.
    const RUNS_TRAINING: Self = Self(1 << 3);

    fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn only_if(self, holds: bool) -> Self {
        if holds { self } else { Self::NONE }
    }

    fn has(self, any_of: Self) -> bool {
        self.0 & any_of.0 != 0
    }

    /// Whether it trains. `fit` alone may be anything.
    fn trains(self) -> bool {
        self.has(Self::OPTIMIZES) || self.has(Self::MAKES) && self.has(Self::STEPS)
    }

    fn matters(self) -> bool {
        self.has(Self::MAKES) || self.trains()
    }
}

/// Reads what units do, each once.
struct Reader<'w> {
    world: &'w dyn World,
    known: RefCell<FxHashMap<(UnitId, u32), Deeds>>,
}

impl<'w> Reader<'w> {
    fn new(world: &'w dyn World) -> Self {
        Self { world, known: RefCell::default() }
    }

    /// The place in the module unit of `file` that makes an optimizer, trains, or runs what does.
    fn script(&self, file: FileId) -> Option<Trainable> {
        let unit = UnitId { file, name: Name::new(""), ordinal: 0 };
        let hir = self.world.hir(unit);
        let is_training = |deeds: Deeds| deeds.has(Deeds::OPTIMIZES.with(Deeds::STEPS).with(Deeds::RUNS_TRAINING));
        let first = calls(&hir).find(|&(_, callee)| is_training(self.deed(file, &hir, callee, MOST_CALLS_OF_SCRIPT)))?;
        let deeds = self.deeds(unit, MOST_CALLS_OF_SCRIPT);
        (deeds.trains() || deeds.has(Deeds::RUNS_TRAINING)).then_some(Trainable { unit, root: unit, place: Place { unit, node: NodeId::Expr(first.0) } })
    }

    /// Whether a function builds a network that it returns, or trains one.
    fn is_function(&self, unit: UnitId) -> bool {
        let deeds = self.deeds(unit, MOST_CALLS);
        deeds.trains() || deeds.has(Deeds::MAKES) && returns(&self.world.hir(unit))
    }

    /// What the methods of a class do.
    fn of_class(&self, class: UnitId, depth: u32) -> Deeds {
        let outline = self.world.outline(class.file);
        let methods = project::class_item(&outline, class).map(|class| class.methods.as_slice()).unwrap_or_default();
        let does = |method: &FunctionItem| self.deeds(UnitId { file: class.file, name: method.unit, ordinal: method.ordinal }, depth);
        methods.iter().filter(|method| method.matters).map(does).fold(Deeds::NONE, Deeds::with)
    }

    /// What the code of a unit does; of the project's functions that it calls, `depth` deep.
    fn deeds(&self, unit: UnitId, depth: u32) -> Deeds {
        if let Some(&known) = self.known.borrow().get(&(unit, depth)) {
            return known;
        }
        let hir = self.world.hir(unit);
        let found = calls(&hir).map(|(_, callee)| self.deed(unit.file, &hir, callee, depth)).fold(Deeds::NONE, Deeds::with);
        self.known.borrow_mut().insert((unit, depth), found);
        found
    }

    /// What a call of `callee` does.
    fn deed(&self, file: FileId, hir: &Hir, callee: ExprId, depth: u32) -> Deeds {
        let by_name = match hir.expr(callee) {
            Expr::Attribute { name, .. } => Deeds::STEPS.only_if(TRAINING.contains(&name.as_str())).with(Deeds::OPTIMIZES.only_if(*name == APPLYING)),
            _ => Deeds::NONE,
        };
        let denoted = denoted(self.world, file, hir, callee);
        let (Binding::Class(called) | Binding::Function(called)) = denoted else { return by_name };
        if self.world.is_stub(called.file) {
            return by_name.with(self.deed_of_framework(called));
        }
        by_name.with(match denoted {
            _ if depth == 0 => Deeds::NONE,
            Binding::Class(_) if model_style(self.world, called).is_some() => Deeds::MAKES,
            Binding::Class(_) => {
                let does = self.of_class(called, depth - 1);
                does.with(Deeds::RUNS_TRAINING.only_if(does.trains()))
            }
            _ => {
                let does = self.deeds(called, depth - 1);
                let makes = does.has(Deeds::MAKES) && returns(&self.world.hir(called));
                Deeds::MAKES.only_if(makes).with(Deeds::RUNS_TRAINING.only_if(does.trains() || does.has(Deeds::RUNS_TRAINING)))
            }
        })
    }

    /// What a call of a framework's function or class does.
    fn deed_of_framework(&self, called: UnitId) -> Deeds {
        let name = format!("{}.{}", self.world.module_name(called.file), called.name);
        let is_one_of = |names: &[&str]| names.iter().any(|known| name.starts_with(known));
        let is_training = name.contains("Optimizer") || name.starts_with("create_train_op") || !name.contains("tensorflow.");
        Deeds::MAKES.only_if(is_one_of(&MAKERS)).with(Deeds::OPTIMIZES.only_if(is_one_of(&OPTIMIZERS) && !is_one_of(&OTHERS) && is_training))
    }
}

/// The calls of a unit, each with what is called.
fn calls(hir: &Hir) -> impl Iterator<Item = (ExprId, ExprId)> + '_ {
    hir.exprs.iter().enumerate().filter_map(|(number, expr)| match expr {
        Expr::Call { callee, .. } => Some((ExprId(number as u32), *callee)),
        _ => None,
    })
}

/// What a name or a chain of attributes denotes in `file`.
pub(super) fn denoted(world: &dyn World, file: FileId, hir: &Hir, expr: ExprId) -> Binding {
    match hir.expr(expr) {
        Expr::Name(name) => project::lookup(world, file, *name),
        Expr::Attribute { object, name } => match denoted(world, file, hir, *object) {
            Binding::Module(module) => project::member(world, module, *name),
            Binding::Class(class) => project::method(world, class, *name).map_or(Binding::Unknown, Binding::Function),
            _ => Binding::Unknown,
        },
        _ => Binding::Unknown,
    }
}
