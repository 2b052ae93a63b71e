//! The stubs as files: they never change, so their trees are kept for the whole process and no query watches them.

use std::sync::{Arc, LazyLock, OnceLock};

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;

use super::Analysis;
use super::database::{number_of, stub_number};
use super::reach::{NeedTable, units_of};
use super::units::empty;
use crate::knowledge;
use crate::project::{self, Binding, Imported, Mentions, Scope, World};
use crate::syntax::hir::{Expr, Hir, ParameterKind};
use crate::syntax::{self, Candidate, FileId, Layout, Name, Outline, Queries, UnitId, Units, Words};

/// The package that only stubs may import.
const PRIMITIVES: &str = "backprobe";
/// Bases of bases that are followed.
const MAX_INHERITED: u32 = 8;

static STUBS: LazyLock<Vec<Stub>> = LazyLock::new(|| knowledge::modules().iter().map(|_| Stub::default()).collect());
static NEEDS: LazyLock<Arc<NeedTable>> = LazyLock::new(|| Arc::new(NeedTable::new(crate::rules::needs())));
static WORDS: LazyLock<Arc<Words>> = LazyLock::new(|| Arc::new(Words::new(knowledge::words())));

/// What is known of one stub so far.
#[derive(Default)]
struct Stub {
    scan: OnceLock<(Arc<Outline>, Layout)>,
    trees: DashMap<(Name, u32), Arc<Hir>, FxBuildHasher>,
    scope: OnceLock<Arc<Scope>>,
    units: DashMap<(Name, u32), Arc<Units>, FxBuildHasher>,
}

/// The stubs alone, as the analysis sees them.
struct StubWorld;

impl World for StubWorld {
    fn outline(&self, file: FileId) -> Arc<Outline> {
        outline(number_of(file))
    }
    fn hir(&self, unit: UnitId) -> Arc<Hir> {
        hir(number_of(unit.file), unit)
    }
    fn candidates(&self, _: UnitId) -> Arc<[Candidate]> {
        Arc::default()
    }
    fn import(&self, from: FileId, module: Name, level: u32) -> Imported {
        import(number_of(from), module.as_str(), level).map_or(Imported::Unknown, Imported::Module)
    }
    fn stub(&self, module: Name) -> Option<FileId> {
        find(module.as_str())
    }
    fn submodule(&self, package: FileId, name: Name) -> Option<FileId> {
        submodule(number_of(package), name.as_str())
    }
    fn submodules(&self, package: FileId) -> Vec<Name> {
        submodules(number_of(package))
    }
    fn scope(&self, file: FileId) -> Arc<Scope> {
        scope(number_of(file))
    }
    fn module_name(&self, file: FileId) -> Name {
        module_name(number_of(file))
    }
    fn is_stub(&self, _: FileId) -> bool {
        true
    }
}

/// The analysis that backprobe runs.
pub(super) fn analysis() -> Analysis {
    Analysis { words: Arc::clone(&WORDS), queries: crate::rules::queries(), check_root: crate::rules::check_root, needs: Arc::clone(&NEEDS) }
}

/// Whether there is a stub for the dotted `module` that projects may import.
pub(super) fn is_module(module: &str) -> bool {
    !is_vocabulary(module) && find(module).is_some()
}

/// Whether the dotted `module` is one that only stubs may import.
pub(super) fn is_vocabulary(module: &str) -> bool {
    module.split('.').next() == Some(PRIMITIVES)
}

/// The stub of the dotted `module`.
pub(super) fn find(module: &str) -> Option<FileId> {
    let stubs = knowledge::modules();
    let position = stubs.binary_search_by(|stub| stub.name.cmp(module)).ok()?;
    Some(stub_number(position as u32))
}

/// What an import in a stub names. Stubs see stubs alone.
pub(super) fn import(stub: u32, module: &str, level: u32) -> Option<FileId> {
    if level == 0 {
        return find(module);
    }
    let importing = stub_at(stub);
    let levels_up = level as usize - usize::from(importing.is_package);
    let segments: Vec<&str> = importing.name.split('.').collect();
    let base = &segments[..segments.len().checked_sub(levels_up)?];
    let dotted: Vec<&str> = base.iter().copied().chain(Some(module).filter(|module| !module.is_empty())).collect();
    find(&dotted.join("."))
}

/// The stub of the module `name` inside the package that `stub` is.
pub(super) fn submodule(stub: u32, name: &str) -> Option<FileId> {
    find(&format!("{}.{name}", stub_at(stub).name))
}

/// The names of the modules directly inside the package that `stub` is.
pub(super) fn submodules(stub: u32) -> Vec<Name> {
    let package = stub_at(stub).name;
    let inside = |name: &'static str| name.strip_prefix(package)?.strip_prefix('.').filter(|rest| !rest.contains('.'));
    knowledge::modules().iter().filter_map(|module| inside(module.name)).map(Name::new).collect()
}

/// The names of a stub with what they denote.
pub(super) fn scope(stub: u32) -> Arc<Scope> {
    Arc::clone(STUBS[stub as usize].scope.get_or_init(|| Arc::new(Scope::of(&StubWorld, stub_number(stub)))))
}

/// What the text of a unit of a stub names.
pub(super) fn mentions(unit: UnitId) -> Mentions {
    Mentions::of(&StubWorld, unit.file, unit.name.as_str(), texts_of(unit).into_iter())
}

/// The texts of a unit of a stub, methods included.
pub(super) fn texts_of(unit: UnitId) -> Vec<&'static str> {
    let stub = number_of(unit.file);
    let text = stub_at(stub).text;
    let (outline, layout) = scan(stub);
    units_of(outline, unit.name, unit.ordinal).into_iter().filter_map(|(name, ordinal)| layout.unit(name, ordinal)).flat_map(|layout| layout.texts(text)).collect()
}

/// The parameters of a function or class of a stub that say how many units there are.
pub(super) fn unit_parameters(unit: UnitId) -> Arc<Units> {
    let known = &STUBS[number_of(unit.file) as usize].units;
    if let Some(units) = known.get(&(unit.name, unit.ordinal)) {
        return Arc::clone(&units);
    }
    let units = Arc::new(units_in(unit, 0));
    Arc::clone(known.entry((unit.name, unit.ordinal)).or_insert(units).value())
}

fn units_in(unit: UnitId, depth: u32) -> Units {
    let init = Name::new(&format!("{}.__init__", unit.name));
    let trees = [unit, UnitId { name: init, ..unit }].map(|unit| hir(number_of(unit.file), unit));
    let Some(definition) = trees.iter().find_map(|tree| tree.function()) else {
        // An inherited constructor.
        let base = base_of(unit, &trees[0]).filter(|_| depth < MAX_INHERITED);
        return base.map(|base| units_in(base, depth + 1)).unwrap_or_default();
    };
    let is_method = definition.parameters.first().is_some_and(|first| first.name == "self");
    let mut units = Units::default();
    for (position, parameter) in definition.parameters.iter().skip(usize::from(is_method)).enumerate() {
        if let Some(name) = knowledge::UNIT_WORDS.iter().find(|known| parameter.name == **known) {
            units.names.push(name);
            if parameter.kind != ParameterKind::KeywordOnly {
                units.positions.push(position);
            }
        }
    }
    units
}

/// The first base of a class of a stub.
fn base_of(unit: UnitId, tree: &Hir) -> Option<UnitId> {
    let base = tree.class()?.bases.first()?;
    let Expr::Name(name) = tree.expr(base.value) else { return None };
    match scope(number_of(unit.file)).global(name.as_str()) {
        Binding::Class(base) => Some(base),
        _ => None,
    }
}

/// Whether a unit of a stub, or a method of it, emits an event of this kind.
pub(super) fn emits(unit: UnitId, kind: &str) -> bool {
    let event = format!("event(\"{kind}\"");
    texts_of(unit).iter().any(|text| text.contains(&event))
}

/// The function or class of a stub with this qualified name; for a method, its class.
pub(super) fn unit_called(qualified: &str) -> Option<UnitId> {
    let (module, name) = qualified.rsplit_once('.')?;
    let Some(module) = find(module) else { return unit_called(module) };
    match project::member(&StubWorld, module, Name::new(name)) {
        Binding::Function(unit) | Binding::Class(unit) => Some(unit),
        _ => None,
    }
}

/// The dotted name of a stub.
pub(super) fn module_name(stub: u32) -> Name {
    Name::new(stub_at(stub).name)
}

/// The definitions of a stub.
pub(super) fn outline(stub: u32) -> Arc<Outline> {
    Arc::clone(&scan(stub).0)
}

/// The tree of a unit of a stub.
pub(super) fn hir(stub: u32, unit: UnitId) -> Arc<Hir> {
    let trees = &STUBS[stub as usize].trees;
    if let Some(tree) = trees.get(&(unit.name, unit.ordinal)) {
        return Arc::clone(&tree);
    }
    let tree = scan(stub).1.unit(unit.name, unit.ordinal).map_or_else(empty, |unit| {
        Arc::new(syntax::lower(unit.kind, &unit.texts(stub_at(stub).text), &Queries::default()).hir)
    });
    Arc::clone(trees.entry((unit.name, unit.ordinal)).or_insert(tree).value())
}

fn scan(stub: u32) -> &'static (Arc<Outline>, Layout) {
    STUBS[stub as usize].scan.get_or_init(|| {
        let (outline, layout) = syntax::outline(stub_at(stub).text, &WORDS);
        (Arc::new(outline), layout)
    })
}

fn stub_at(stub: u32) -> knowledge::StubModule {
    knowledge::modules()[stub as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::database::{AnyFile, file_of};

    fn number(module: &str) -> u32 {
        match find(module).map(file_of) {
            Some(AnyFile::Stub(stub)) => stub,
            other => panic!("{module} is no stub: {other:?}"),
        }
    }

    #[test]
    fn stubs_are_found_by_name() {
        assert_eq!(module_name(number("torch.nn.functional")).as_str(), "torch.nn.functional");
        assert_eq!(submodule(number("torch.nn"), "functional"), find("torch.nn.functional"));
        assert_eq!(submodule(number("torch.nn"), "missing"), None);
        assert_eq!(find("torch.missing"), None);
        assert!(is_module("torch") && !is_module("backprobe.primitives"), "only stubs may import the primitives");
    }

    #[test]
    fn stubs_import_stubs() {
        assert_eq!(import(number("torch.nn.functional"), "torch.nn", 0), find("torch.nn"));
        assert_eq!(import(number("torch.nn"), "functional", 1), find("torch.nn.functional"));
        assert_eq!(import(number("torch.nn.functional"), "", 1), find("torch.nn"));
        assert_eq!(import(number("torch.nn"), "", 3), None);
        assert_eq!(import(number("torch.nn"), "x", 9), None);
    }

    #[test]
    fn units_are_those_of_the_constructor() {
        let units = |name: &str| unit_called(name).map(unit_parameters);
        assert_eq!(units("torch.nn.Linear").map(|units| units.positions.clone()), Some(vec![1]));
        assert_eq!(units("torch.nn.Sequential").as_deref(), Some(&Units::default()));
        let lstm = units("torch.nn.LSTM").map(|units| units.names.clone());
        assert_eq!(lstm, Some(vec!["hidden_size", "proj_size"]));
        // Its constructor is inherited.
        assert_eq!(units("torch.nn.modules.rnn._Cell"), units("torch.nn.modules.rnn.RNNCellBase"));
    }

    #[test]
    fn trees_of_stubs_are_kept() {
        let stub = number("torch.nn.functional");
        let unit = UnitId { file: stub_number(stub), name: Name::new("dropout"), ordinal: 0 };
        let tree = hir(stub, unit);
        assert_eq!(tree.function().map(|function| function.name.as_str()), Some("dropout"));
        assert!(Arc::ptr_eq(&tree, &hir(stub, unit)));
        let absent = UnitId { name: Name::new("no_such_function"), ..unit };
        assert!(hir(stub, absent).body.is_empty());
    }
}
