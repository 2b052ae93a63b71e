//! The stubs as Python: they lower whole, what they import exists, and they call nothing that is not defined.
#![allow(clippy::expect_used, reason = "a test fails by panic")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use backprobe::knowledge::{self, StubModule};
use backprobe::syntax::hir::{Expr, Hir, Stmt};
use backprobe::syntax::{ImportItem, ImportedNames, ItemKind, Layout, Name, Queries, Words, import_statements, lower, outline};

/// Builtins that the interpreter of stub bodies knows.
const BUILTINS: [&str; 25] = [
    "abs", "bool", "classmethod", "dict", "enumerate", "float", "getattr", "hasattr", "int", "isinstance", "iter", "len", "list", "max", "min", "object",
    "property", "range", "setattr", "staticmethod", "str", "sum", "super", "tuple", "zip",
];

/// A stub with what its text says.
struct Read {
    stub: StubModule,
    layout: Layout,
}

fn read_all() -> Vec<Read> {
    let words = no_words();
    let read = |stub: &StubModule| {
        let (_, layout) = outline(stub.text, &words);
        Read { stub: *stub, layout }
    };
    knowledge::modules().iter().map(read).collect()
}

impl Read {
    fn units(&self) -> impl Iterator<Item = (Name, Hir)> {
        self.layout.units().iter().map(|unit| (unit.name, lower(unit.kind, &unit.texts(self.stub.text), &Queries::default()).hir))
    }

    /// The methods of the class `unit`, which its body may name.
    fn methods_of(&self, unit: Name) -> impl Iterator<Item = Name> {
        let method = move |name: Name| Some(Name::new(name.as_str().strip_prefix(unit.as_str())?.strip_prefix('.')?));
        self.layout.units().iter().filter_map(move |unit| method(unit.name))
    }
}

#[test]
fn every_stub_lowers_without_an_error() {
    let mut wrong = String::new();
    for read in read_all() {
        for (unit, hir) in read.units() {
            if hir.broken || hir.exprs.contains(&Expr::Missing) || hir.stmts.contains(&Stmt::Missing) {
                writeln!(wrong, "{}: `{unit}`", read.stub.name).expect("a string takes all");
            }
        }
    }
    assert!(wrong.is_empty(), "these do not lower:\n{wrong}");
}

#[test]
fn what_stubs_import_exists() {
    let mut wrong = String::new();
    for read in read_all() {
        for import in import_statements(read.stub.text) {
            let module = import.module.as_str();
            let ImportedNames::Names(names) = &import.names else {
                if knowledge::module(module).is_none() {
                    writeln!(wrong, "{}: no stub `{module}`", read.stub.name).expect("a string takes all");
                }
                continue;
            };
            for name in names.iter().filter(|name| !defines(module, **name, 0)) {
                writeln!(wrong, "{}: `{module}` has no `{name}`", read.stub.name).expect("a string takes all");
            }
        }
    }
    assert!(wrong.is_empty(), "these imports name nothing:\n{wrong}");
}

#[test]
fn stubs_use_only_names_that_are_bound() {
    let mut wrong = String::new();
    for read in read_all().iter().filter(|read| !read.stub.name.starts_with("backprobe.")) {
        let known = module_names(read.stub.name, 0);
        for (unit, hir) in read.units() {
            let mut bound = bound_names(&hir);
            bound.extend(read.methods_of(unit));
            let used = hir.exprs.iter().filter_map(|expr| if let Expr::Name(name) = expr { Some(*name) } else { None });
            let unbound: BTreeSet<Name> = used.filter(|name| !bound.contains(name) && !known.contains(name) && !BUILTINS.contains(&name.as_str())).collect();
            for name in unbound {
                writeln!(wrong, "{}: `{unit}` uses `{name}`", read.stub.name).expect("a string takes all");
            }
        }
    }
    assert!(wrong.is_empty(), "these names are not bound:\n{wrong}");
}

#[test]
fn frameworks_are_told_from_the_standard_library() {
    let roots: Vec<&str> = knowledge::framework_roots().collect();
    assert!(roots.contains(&"torch") && roots.contains(&"tensorflow") && roots.contains(&"tf_slim"), "{roots:?}");
    assert!(!knowledge::is_framework_root("itertools") && !knowledge::is_framework_root("backprobe") && !knowledge::is_framework_root("torch.nn"));
    assert!(knowledge::module("itertools").is_some());
}

#[test]
fn words_are_sorted_and_hold_what_rules_look_for() {
    let words = knowledge::words();
    assert!(words.is_sorted());
    let needed = [
        "Linear", "Conv2d", "dropout", "batch_norm", "softmax", "cross_entropy", "CrossEntropyLoss", "Adam", "SGD", "backward", "step", "zero_grad",
        "minimize", "compute_gradients", "variable_scope", "arg_scope", "batch_normalization", "dense", "conv2d", "fully_connected", "placeholder", "Module",
        "trainable_variables",
    ];
    let missing: Vec<&str> = needed.into_iter().filter(|word| words.binary_search(word).is_err()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Which segments matter is not asked here.
fn no_words() -> Words {
    Words::new::<&str>([])
}

/// Whether a stub module binds `name`, itself, through a star import or as a submodule.
fn defines(module: &str, name: Name, depth: u32) -> bool {
    knowledge::module(&format!("{module}.{name}")).is_some() || module_names(module, depth).contains(&name)
}

/// The names that a stub module binds.
fn module_names(module: &str, depth: u32) -> BTreeSet<Name> {
    let Some(stub) = knowledge::module(module).filter(|_| depth < 8) else { return BTreeSet::new() };
    let (outline, _) = outline(stub.text, &no_words());
    let mut names = BTreeSet::new();
    for item in &outline.items {
        match &item.kind {
            ItemKind::Import(ImportItem::From { module, name, .. }) if name.name == "*" => {
                names.extend(module_names(module.as_str(), depth + 1).into_iter().filter(|name| !name.as_str().starts_with('_')));
            }
            _ => {
                names.insert(item.name);
            }
        }
    }
    names
}

/// Parameters and everything that statements and comprehensions of a unit bind.
fn bound_names(hir: &Hir) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    let mut targets = Vec::new();
    for stmt in &hir.stmts {
        match stmt {
            Stmt::Assign { targets: given, .. } => targets.extend(given.iter().copied()),
            Stmt::AugmentedAssign { target, .. } | Stmt::AnnotatedAssign { target, .. } | Stmt::For { target, .. } => targets.push(*target),
            Stmt::With { items, .. } => targets.extend(items.iter().filter_map(|item| item.target)),
            Stmt::Function(function) => {
                names.insert(function.name);
                names.extend(function.parameters.iter().map(|parameter| parameter.name));
            }
            Stmt::Class(class) => {
                names.insert(class.name);
            }
            _ => {}
        }
    }
    for expr in &hir.exprs {
        match expr {
            Expr::Comprehension { clauses, .. } => targets.extend(clauses.iter().map(|clause| clause.target)),
            Expr::Lambda { parameters, .. } => names.extend(parameters.iter().map(|parameter| parameter.name)),
            _ => {}
        }
    }
    while let Some(target) = targets.pop() {
        match hir.expr(target) {
            Expr::Name(name) => {
                names.insert(*name);
            }
            Expr::Tuple(inner) | Expr::List(inner) => targets.extend(inner.iter().copied()),
            Expr::Starred(inner) => targets.push(*inner),
            _ => {}
        }
    }
    names
}
