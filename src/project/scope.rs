//! The names of a module, and what a piece of text names through them.

use std::collections::BTreeSet;
use std::hash::Hasher;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet, FxHasher};

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
    /// Functions and classes with how often they are named, sorted by file and name. One that is named without being called
    /// (`optimizer=Adam`) counts twice: it may be called often.
    pub units: Vec<(UnitId, u32)>,
    /// Names that module code binds, with their files.
    pub values: Vec<(FileId, Name)>,
    /// All words, as keys: a method that is called is among them. Words may share a key.
    pub words: Box<[WordKey]>,
    /// Those that occur more than once.
    pub repeated: Box<[WordKey]>,
}

/// A short stand-in for a word: equal for equal words, seldom for others.
pub type WordKey = u16;

/// The key of a word.
pub fn word_key(word: &str) -> WordKey {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    (hasher.finish() >> (u64::BITS - WordKey::BITS)) as WordKey
}

impl Mentions {
    /// What `texts` name, being code of `file`, and what they define as `defined`.
    pub fn of<'text>(world: &dyn World, file: FileId, defined: &str, texts: impl Iterator<Item = &'text str> + Clone) -> Self {
        let mut reader = Reader::new(world, texts.clone());
        // A definition does not call itself.
        if let Some(times) = reader.words.get_mut(defined) {
            times.named -= 1;
            times.called -= times.called.min(1);
        }
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

/// How often a word occurs.
#[derive(Clone, Copy, Default)]
struct Times {
    named: u32,
    /// As what is called.
    called: u32,
}

struct Reader<'text, 'w> {
    world: &'w dyn World,
    words: FxHashMap<&'text str, Times>,
    /// Modules whose members are among the words.
    modules: FxHashSet<FileId>,
    units: FxHashMap<UnitId, u32>,
    values: FxHashSet<(FileId, Name)>,
}

impl<'text, 'w> Reader<'text, 'w> {
    fn new(world: &'w dyn World, texts: impl Iterator<Item = &'text str>) -> Self {
        let mut words = FxHashMap::default();
        for text in texts {
            // A class makes no objects of its bases.
            let bases = if text.starts_with("class ") { text.find(':').unwrap_or(0) } else { 0 };
            for word in code_words(text) {
                let end = word.as_ptr() as usize + word.len() - text.as_ptr() as usize;
                let times: &mut Times = words.entry(word).or_default();
                times.named += 1;
                times.called += u32::from(end <= bases || text.as_bytes().get(end) == Some(&b'('));
            }
        }
        Self { world, words, modules: FxHashSet::default(), units: FxHashMap::default(), values: FxHashSet::default() }
    }

    fn finish(self) -> Mentions {
        let keys = |times: u32| {
            let mut keys: Vec<WordKey> = self.words.iter().filter(|(_, found)| found.named >= times).map(|(word, _)| word_key(word)).collect();
            keys.sort_unstable();
            keys.into_boxed_slice()
        };
        let (words, repeated) = (keys(1), keys(2));
        let mut mentions = Mentions { units: self.units.into_iter().collect(), values: self.values.into_iter().collect(), words, repeated };
        mentions.units.sort_unstable_by_key(|(unit, _)| (unit.file.0, unit.name, unit.ordinal));
        mentions.values.sort_unstable_by_key(|&(file, name)| (file.0, name));
        mentions
    }

    fn add(&mut self, binding: Binding, times: Times) {
        match binding {
            Binding::Function(unit) | Binding::Class(unit) => {
                let Times { named, called } = times;
                *self.units.entry(unit).or_insert(0) += named + named.saturating_sub(called);
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
            let named = self.words.iter().filter(|(_, times)| times.named > 0);
            let found: Vec<(Binding, Times)> = named.map(|(word, &times)| (scope.member(word), times)).filter(|(binding, _)| *binding != Binding::Unknown).collect();
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
                // Under which name is not known here, nor how often it is called by that.
                ImportedNames::Names(names) => names.iter().for_each(|&name| self.add(member(self.world, module, name), Times { named: 1, called: 0 })),
            }
        }
    }
}
