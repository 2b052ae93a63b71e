//! The names of a module, and what a piece of text names through them.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::{Binding, Imported, World, lookup, member};
use crate::syntax::{FileId, ImportItem, ImportedNames, ItemKind, Name, UnitId, code_words, import_statements};

/// The names of one module with what they denote: what it binds, what its star imports bring, its submodules.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scope(FxHashMap<&'static str, Entry>);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Entry {
    binding: Binding,
    /// Whether the module binds the name itself; otherwise it is that of a submodule.
    is_bound: bool,
}

impl Scope {
    /// The scope of `file`. What is not known has no entry.
    pub fn of(world: &dyn World, file: FileId) -> Self {
        let mut names = BTreeSet::new();
        add_names(world, file, &mut names, &mut FxHashSet::default());
        let mut entries = FxHashMap::with_capacity_and_hasher(names.len(), FxBuildHasher);
        for name in names {
            let bound = lookup(world, file, name);
            let binding = if bound == Binding::Unknown { member(world, file, name) } else { bound };
            if binding != Binding::Unknown {
                entries.insert(name.as_str(), Entry { binding, is_bound: bound == binding });
            }
        }
        Self(entries)
    }

    /// What the attribute `name` of the module denotes.
    pub fn member(&self, name: &str) -> Binding {
        self.0.get(name).map_or(Binding::Unknown, |entry| entry.binding)
    }

    /// What the global `name` denotes in the module.
    pub fn global(&self, name: &str) -> Binding {
        self.0.get(name).filter(|entry| entry.is_bound).map_or(Binding::Unknown, |entry| entry.binding)
    }
}

fn add_names(world: &dyn World, file: FileId, names: &mut BTreeSet<Name>, seen: &mut FxHashSet<FileId>) {
    if !seen.insert(file) {
        return;
    }
    names.extend(world.submodules(file));
    for item in &world.outline(file).items {
        match &item.kind {
            ItemKind::Import(ImportItem::From { module, level, .. }) if item.name == "*" => {
                if let Imported::Module(starred) = world.import(file, *module, *level) {
                    add_names(world, starred, names, seen);
                }
            }
            _ => {
                names.insert(item.name);
            }
        }
    }
}

/// What a piece of code names: more than it uses, never less. Whatever its evaluation calls or reads, it names, or something that it
/// names does.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Mentions {
    /// Functions and classes with how often they are named, sorted by file and name.
    pub units: Vec<(UnitId, u32)>,
    /// Names that module code binds, with their files.
    pub values: Vec<(FileId, Name)>,
}

impl Mentions {
    /// What `texts` name, being code of `file`.
    pub fn of<'text>(world: &dyn World, file: FileId, texts: impl Iterator<Item = &'text str> + Clone) -> Self {
        let mut reader = Reader::new(world, texts.clone());
        reader.add_members(file);
        if reader.words.contains_key("import") {
            texts.for_each(|text| reader.add_imports(file, text));
        }
        reader.finish()
    }

    /// What `texts` name in the modules that `bindings` name, which are code of `file`.
    pub fn through<'text>(world: &dyn World, file: FileId, bindings: impl Iterator<Item = &'text str> + Clone, texts: impl Iterator<Item = &'text str> + Clone) -> Self {
        let mut aliased = Reader::new(world, bindings);
        aliased.add_members(file);
        aliased.modules.remove(&file);
        if aliased.modules.is_empty() {
            return Self::default();
        }
        let mut reader = Reader::new(world, texts);
        aliased.modules.iter().for_each(|&module| reader.add_members(module));
        reader.finish()
    }
}

struct Reader<'text, 'w> {
    world: &'w dyn World,
    /// With how often they occur.
    words: FxHashMap<&'text str, u32>,
    /// Modules whose members are among the words.
    modules: FxHashSet<FileId>,
    units: FxHashMap<UnitId, u32>,
    values: FxHashSet<(FileId, Name)>,
}

impl<'text, 'w> Reader<'text, 'w> {
    fn new(world: &'w dyn World, texts: impl Iterator<Item = &'text str>) -> Self {
        let mut words = FxHashMap::default();
        texts.flat_map(code_words).for_each(|word| *words.entry(word).or_insert(0) += 1);
        Self { world, words, modules: FxHashSet::default(), units: FxHashMap::default(), values: FxHashSet::default() }
    }

    fn finish(self) -> Mentions {
        let mut mentions = Mentions { units: self.units.into_iter().collect(), values: self.values.into_iter().collect() };
        mentions.units.sort_by_key(|(unit, _)| (unit.file.0, unit.name, unit.ordinal));
        mentions.values.sort_by_key(|&(file, name)| (file.0, name));
        mentions
    }

    fn add(&mut self, binding: Binding, times: u32) {
        match binding {
            Binding::Function(unit) | Binding::Class(unit) => {
                *self.units.entry(unit).or_insert(0) += times;
            }
            Binding::Value(file, name) => {
                self.values.insert((file, name));
            }
            Binding::Module(module) => self.add_members(module),
            Binding::Unknown => {}
        }
    }

    fn add_members(&mut self, module: FileId) {
        if self.modules.insert(module) {
            let scope: Arc<Scope> = self.world.scope(module);
            let found: Vec<(Binding, u32)> = self.words.iter().map(|(word, &times)| (scope.member(word), times)).filter(|(binding, _)| *binding != Binding::Unknown).collect();
            found.into_iter().for_each(|(binding, times)| self.add(binding, times));
        }
    }

    /// What import statements inside functions bind, under whatever name.
    fn add_imports(&mut self, file: FileId, text: &str) {
        for statement in import_statements(text) {
            let dotted = statement.module.as_str();
            if let Some((first, _)) = dotted.split_once('.').filter(|_| statement.level == 0)
                && let Imported::Module(package) = self.world.import(file, Name::new(first), 0)
            {
                self.add_members(package);
            }
            let Imported::Module(module) = self.world.import(file, statement.module, statement.level) else { continue };
            match &statement.names {
                ImportedNames::Module | ImportedNames::Star => self.add_members(module),
                ImportedNames::Names(names) => names.iter().for_each(|&name| self.add(member(self.world, module, name), 1)),
            }
        }
    }
}
