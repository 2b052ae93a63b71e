//! What the evaluation of a root could come across, known from texts: a root in which no rule could fire is not evaluated.
//!
//! A value comes from a name: whatever an evaluation calls, the root names, or something that it names does. So the names in the text of a
//! unit, resolved in the scope of its file, lead to all units that take part, and to the stubs that offer what rules need.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use dashmap::DashMap;
use memchr::memmem;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::database::{AnyFile, Db, SourceFile, file_of};
use super::stubs;
use super::units::{outline, texts_of};
use super::world::DatabaseWorld;
use crate::project::{Binding, Mentions, Scope};
use crate::rules::{Need, Needs, RuleSet};
use crate::syntax::{Callee, FileId, ItemKind, Name, Outline, UnitId, code_words, may_set_attribute, returns_value};

/// What the rules need, and which of it the units of stubs offer.
#[derive(Debug, Default)]
pub struct NeedTable {
    rules: Vec<Needs>,
    /// Of the words of each rule.
    finders: Vec<Vec<memmem::Finder<'static>>>,
    /// The rules that need each function or class of a stub to be named, and those that need it to be called.
    wanted: OnceLock<[FxHashMap<UnitId, RuleSet>; 2]>,
    offers: DashMap<UnitId, Offer, FxBuildHasher>,
    met: DashMap<UnitId, RuleSet, FxBuildHasher>,
}

/// What project code gets by naming a function or class of a stub.
#[derive(Clone, Copy, Debug, Default)]
struct Offer {
    /// Rules that find there what they need.
    rules: RuleSet,
    /// Those of them that find it in the unit itself, rather than in what it names: a base class, seldom used by itself.
    base: RuleSet,
}

impl NeedTable {
    /// The table of these rules. Without any, every root is evaluated.
    pub fn new(rules: Vec<Needs>) -> Self {
        let finders = rules.iter().map(|needs| needs.words.iter().map(memmem::Finder::new).collect()).collect();
        Self { rules, finders, ..Self::default() }
    }

    fn offer(&self, unit: UnitId) -> Offer {
        if let Some(known) = self.offers.get(&unit) {
            return *known;
        }
        let mut seen = FxHashSet::from_iter([unit]);
        let mut waiting = vec![unit];
        let mut offer = Offer { base: self.met_by(unit), ..Offer::default() };
        offer.rules = self.wanted()[0].get(&unit).copied().unwrap_or(0);
        while let Some(next) = waiting.pop() {
            offer.rules |= self.met_by(next);
            waiting.extend(stubs::mentions(next).units.into_iter().map(|(unit, _)| unit).filter(|&unit| seen.insert(unit)));
        }
        self.offers.insert(unit, offer);
        offer
    }

    /// Rules that find what they need when `unit` of a stub is evaluated.
    fn met_by(&self, unit: UnitId) -> RuleSet {
        if let Some(known) = self.met.get(&unit) {
            return *known;
        }
        let called = self.wanted()[1].get(&unit).copied().unwrap_or(0);
        let met = called | self.rules_that(|need| matches!(need, Need::Event(kind) if stubs::emits(unit, kind)));
        self.met.insert(unit, met);
        met
    }

    fn wanted(&self) -> &[FxHashMap<UnitId, RuleSet>; 2] {
        self.wanted.get_or_init(|| {
            let mut wanted = <[FxHashMap<UnitId, RuleSet>; 2]>::default();
            for (number, needs) in self.rules.iter().enumerate() {
                for need in &needs.any_of {
                    let (of, name) = match need {
                        Need::Named(name) => (0, name.as_str()),
                        Need::Called(name) => (1, *name),
                        Need::Event(_) => continue,
                    };
                    if let Some(unit) = stubs::unit_called(name) {
                        *wanted[of].entry(unit).or_insert(0) |= 1 << number;
                    }
                }
            }
            wanted
        })
    }

    fn rules_that(&self, is_met: impl Fn(&Need) -> bool) -> RuleSet {
        self.set_of(|needs| needs.any_of.iter().any(&is_met))
    }

    fn set_of(&self, holds: impl Fn(&Needs) -> bool) -> RuleSet {
        self.rules.iter().enumerate().filter(|(_, needs)| holds(needs)).map(|(number, _)| 1 << number).sum()
    }
}

/// The names of `file` with what they denote.
#[salsa::tracked(returns(ref))]
pub(super) fn scope(db: &dyn Db, file: SourceFile) -> Arc<Scope> {
    Arc::new(Scope::of(&DatabaseWorld::new(db), file.number()))
}

/// What a function, a class with its methods, or the module unit of `file` names.
#[salsa::tracked(returns(ref))]
pub(super) fn mentions(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> Mentions {
    let units = units_of(outline(db, file), name, ordinal);
    // What a module imports it names where it uses it.
    let is_import = |text: &&str| name == "" && (text.starts_with("import ") || text.starts_with("from "));
    let texts = units.iter().flat_map(|&(name, ordinal)| texts_of(db, file, name, ordinal)).map(AsRef::as_ref).filter(|text| !is_import(text));
    Mentions::of(&DatabaseWorld::new(db), file.number(), texts)
}

/// What the statements name that mention `name`, a name that module code of `file` binds.
#[salsa::tracked(returns(ref))]
fn value_mentions(db: &dyn Db, file: SourceFile, name: Name) -> Mentions {
    let finder = memmem::Finder::new(name.as_str());
    let texts = texts_of(db, file, Name::new(""), 0).iter().map(AsRef::as_ref).filter(|text: &&str| finder.find(text.as_bytes()).is_some());
    Mentions::of(&DatabaseWorld::new(db), file.number(), texts)
}

/// What a unit names as members of the modules for which `name` stands, if module code of `file` binds it to one: `layers = tf.layers`.
#[salsa::tracked(returns(ref))]
fn alias_mentions(db: &dyn Db, user: SourceFile, unit: Name, ordinal: u32, file: SourceFile, name: Name) -> Mentions {
    let binds = |text: &&str| {
        let value = text.strip_prefix(name.as_str()).and_then(|rest| rest.trim_start().strip_prefix('='));
        value.is_some_and(|value| !value.contains('('))
    };
    let bindings = texts_of(db, file, Name::new(""), 0).iter().map(AsRef::as_ref).filter(binds);
    let units = units_of(outline(db, user), unit, ordinal);
    let texts = units.iter().flat_map(|&(name, ordinal)| texts_of(db, user, name, ordinal)).map(AsRef::as_ref);
    Mentions::through(&DatabaseWorld::new(db), file.number(), bindings, texts)
}

/// The units that are evaluated with a root: the methods of a class are its own.
pub(super) fn units_of(outline: &Outline, name: Name, ordinal: u32) -> Vec<(Name, u32)> {
    let class = outline.bindings(name).find_map(|item| match &item.kind {
        ItemKind::Class(class) if class.ordinal == ordinal => Some(class),
        _ => None,
    });
    let methods = class.into_iter().flat_map(|class| &class.methods).map(|method| (method.unit, method.ordinal));
    std::iter::once((name, ordinal)).chain(methods).collect()
}

/// What is within reach of a root.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Reach {
    /// The rules that find there what they need, as often as they need it.
    rules: RuleSet,
    /// The functions, classes and module units of the project, the root itself included.
    units: Vec<UnitId>,
}

#[salsa::tracked(returns(ref))]
fn reach(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> Reach {
    let mut walk = Walk { db, reach: Reach::default(), named: FxHashMap::default(), values: FxHashSet::default(), aliases: FxHashSet::default(), waiting: Vec::new(), counted: Vec::new() };
    walk.add_unit(file, UnitId { file: file.number(), name, ordinal }, 1);
    while let Some((from, mentions)) = walk.waiting.pop() {
        walk.add_mentions(from, mentions);
    }
    walk.finish()
}

struct Walk<'db> {
    db: &'db dyn Db,
    reach: Reach,
    /// How often the units that were reached are named.
    named: FxHashMap<UnitId, u32>,
    values: FxHashSet<(FileId, Name)>,
    /// The same for the units that name them.
    aliases: FxHashSet<(UnitId, FileId, Name)>,
    waiting: Vec<(UnitId, &'db Mentions)>,
    /// Where rules that need something twice find it, how often.
    counted: Vec<(UnitId, RuleSet, u32)>,
}

impl Walk<'_> {
    fn add_unit(&mut self, file: SourceFile, unit: UnitId, times: u32) {
        let named = self.named.entry(unit).or_insert(0);
        *named += times;
        if *named == times {
            self.reach.units.push(unit);
            self.waiting.push((unit, mentions(self.db, file, unit.name, unit.ordinal)));
        }
    }

    fn add_mentions(&mut self, from: UnitId, mentions: &Mentions) {
        for &(unit, times) in &mentions.units {
            match file_of(unit.file) {
                AnyFile::Stub(_) => {
                    let offer = self.db.analysis().needs.offer(unit);
                    self.reach.rules |= offer.rules;
                    self.counted.push((from, offer.rules & !offer.base, times));
                }
                // A definition names itself.
                AnyFile::Source(_) if unit == from => {}
                AnyFile::Source(source) => self.add_unit(source, unit, times),
            }
        }
        for &(file, name) in &mentions.values {
            let (AnyFile::Source(user), AnyFile::Source(source)) = (file_of(from.file), file_of(file)) else { continue };
            if self.aliases.insert((from, file, name)) {
                self.waiting.push((from, alias_mentions(self.db, user, from.name, from.ordinal, source, name)));
            }
            if self.values.insert((file, name)) {
                self.waiting.push((from, value_mentions(self.db, source, name)));
            }
        }
    }

    fn finish(mut self) -> Reach {
        let needs = &self.db.analysis().needs;
        let counted = needs.set_of(|needs| needs.twice);
        let is_met_twice = |rule: RuleSet| {
            let number = rule.trailing_zeros();
            if !needs.rules[number as usize].words.is_empty() {
                let counted = |(unit, &named): (&UnitId, &u32)| match file_of(unit.file) {
                    AnyFile::Source(file) => word_count(self.db, file, unit.name, unit.ordinal, number) * named.min(2),
                    AnyFile::Stub(_) => 0,
                };
                return self.named.iter().map(counted).sum::<u32>() > 1;
            }
            let runs_again = |from: UnitId| self.named[&from] > 1 || matches!(file_of(from.file), AnyFile::Source(file) if has_loop(self.db, file, from.name, from.ordinal));
            let met = self.counted.iter().filter(|(_, rules, _)| rules & rule != 0);
            met.clone().map(|(_, _, times)| times).sum::<u32>() > 1 || met.clone().any(|&(from, ..)| runs_again(from))
        };
        let missing: RuleSet = (0..needs.rules.len()).map(|number| 1 << number).filter(|rule| counted & rule != 0 && !is_met_twice(*rule)).sum();
        self.reach.rules &= !missing;
        self.reach
    }
}

/// Whether the text of a unit holds a loop.
#[salsa::tracked(returns(copy))]
fn has_loop(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> bool {
    let units = units_of(outline(db, file), name, ordinal);
    units.iter().flat_map(|&(name, ordinal)| texts_of(db, file, name, ordinal)).any(|text| code_words(text).any(|word| matches!(word, "for" | "while" | "map")))
}

/// How often the text of a unit names one of the words of a rule; twice if it does so once and holds a loop.
#[salsa::tracked(returns(copy))]
fn word_count(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32, rule: u32) -> u32 {
    let finders = &db.analysis().needs.finders[rule as usize];
    let units = units_of(outline(db, file), name, ordinal);
    let texts = units.iter().flat_map(|&(name, ordinal)| texts_of(db, file, name, ordinal));
    // What is named without being called may be called often.
    let times = |text: &str, end: usize| if text.as_bytes().get(end) == Some(&b'(') { 1 } else { 2 };
    let in_text = |text: &str| finders.iter().map(|finder| finder.find_iter(text.as_bytes()).map(|at| times(text, at + finder.needle().len())).sum::<u32>()).sum::<u32>();
    let count = texts.map(|text| in_text(text)).sum();
    if count == 1 && has_loop(db, file, name, ordinal) { 2 } else { count }
}

/// Whether a root of another file reaches a unit of `file`.
pub(super) fn reaches(db: &dyn Db, from: SourceFile, name: Name, ordinal: u32, file: SourceFile) -> bool {
    db.analysis().needs.rules.is_empty() || reach(db, from, name, ordinal).units.iter().any(|unit| unit.file == file.number())
}

/// The rules that could fire when the root is evaluated.
#[salsa::tracked(returns(copy))]
pub(super) fn could_fire(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> RuleSet {
    let needs = &db.analysis().needs.rules;
    if needs.is_empty() {
        return RuleSet::MAX;
    }
    let reach = reach(db, file, name, ordinal);
    let holds = |(number, needs): &(usize, &Needs)| {
        reach.rules & 1 << number != 0 && (needs.in_text.is_none() || is_shown(db, reach, *number as u32))
    };
    needs.iter().enumerate().filter(holds).map(|(number, _)| 1 << number).sum()
}

/// Whether the text of one of the units that are reached shows that a rule could fire.
fn is_shown(db: &dyn Db, reach: &Reach, rule: u32) -> bool {
    let evidence = |unit: &UnitId| match file_of(unit.file) {
        AnyFile::Source(source) => Some(evidence(db, source, unit.name, unit.ordinal, rule)),
        AnyFile::Stub(_) => None,
    };
    let found: Vec<&Evidence> = reach.units.iter().filter_map(evidence).collect();
    if found.iter().any(|evidence| evidence.is_certain) {
        return true;
    }
    let is_value_in = |unit: UnitId, member: Name| match file_of(unit.file) {
        AnyFile::Source(source) => may_be_value(db, source, unit.name, unit.ordinal, member),
        AnyFile::Stub(_) => false,
    };
    let members: FxHashSet<Name> = found.iter().flat_map(|evidence| &evidence.if_members).copied().collect();
    members.into_iter().any(|member| reach.units.iter().any(|&unit| is_value_in(unit, member)))
}

/// Methods by which frameworks apply a layer.
const LAYER_METHODS: [&str; 4] = ["__call__", "apply", "call", "forward"];

/// What the text of a unit says on whether a rule could fire in it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Evidence {
    /// Whether it could.
    is_certain: bool,
    /// It could if an attribute or method with one of these names gives back a value.
    if_members: Vec<Name>,
}

#[salsa::tracked(returns(ref))]
fn evidence(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32, rule: u32) -> Evidence {
    let table = &db.analysis().needs;
    let Some(in_text) = table.rules.get(rule as usize).and_then(|needs| needs.in_text) else { return Evidence { is_certain: true, ..Evidence::default() } };
    let wanted: RuleSet = 1 << rule;
    if reach(db, file, name, ordinal).rules & wanted == 0 {
        return Evidence::default();
    }
    let leads_there = |unit: UnitId| match file_of(unit.file) {
        AnyFile::Stub(_) => table.offer(unit).rules & wanted != 0,
        AnyFile::Source(source) => reach(db, source, unit.name, unit.ordinal).rules & wanted != 0,
    };
    let mentions = mentions(db, file, name, ordinal);
    let named: FxHashSet<&str> = mentions.units.iter().filter(|(unit, _)| leads_there(*unit)).map(|(unit, _)| unit.name.as_str()).collect();
    let scope = scope(db, file);
    let denotes = |name: &str| match scope.global(name) {
        Binding::Function(unit) | Binding::Class(unit) => leads_there(unit),
        Binding::Value(..) => true,
        _ => false,
    };
    let if_members = RefCell::new(Vec::new());
    // A statement that calls something leaves a value out only if there is one.
    let gives_back = |path: &[&str], is_local: bool| {
        let [.., last] = path else { return true };
        let mut known = mentions.units.iter().filter(|(unit, _)| unit.name == **last).map(|&(unit, _)| unit).peekable();
        match path {
            [_] if is_local => true,
            _ if !is_local && known.peek().is_some() => known.any(|unit| unit_gives_back(db, unit)),
            [_] => true,
            // The framework's functions and methods all have values.
            _ if LAYER_METHODS.contains(last) || db.analysis().words.contains(last) => true,
            _ => {
                if_members.borrow_mut().push(Name::new(last));
                false
            }
        }
    };
    let may_matter = |callee: Callee<'_>| {
        let path = callee.path;
        let may_lead_there = callee.is_local || path.last().is_none_or(|last| named.contains(last)) || path.first().is_none_or(|first| denotes(first));
        may_lead_there && (!callee.is_dropped || gives_back(path, callee.is_local))
    };
    let is_certain = if name == "" {
        let texts: Vec<&str> = texts_of(db, file, name, ordinal).iter().map(AsRef::as_ref).collect();
        in_text(&texts.concat(), true, &may_matter)
    } else {
        let units = units_of(outline(db, file), name, ordinal);
        units.iter().flat_map(|&(name, ordinal)| texts_of(db, file, name, ordinal)).any(|text| in_text(text, false, &may_matter))
    };
    Evidence { is_certain, if_members: if_members.into_inner() }
}

/// Whether a call of the unit has a value that matters: a function that returns one, not an object.
fn unit_gives_back(db: &dyn Db, unit: UnitId) -> bool {
    match file_of(unit.file) {
        AnyFile::Stub(_) => true,
        AnyFile::Source(file) => {
            let is_class = outline(db, file).bindings(unit.name).any(|item| matches!(item.kind, ItemKind::Class(_)));
            !is_class && texts_of(db, file, unit.name, unit.ordinal).iter().any(|text| returns_value(text))
        }
    }
}

/// Whether a method or attribute called `member` that the texts of a unit define, or may define, could give back a value.
#[salsa::tracked(returns(copy))]
fn may_be_value(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32, member: Name) -> bool {
    let texts = |(name, ordinal): (Name, u32)| texts_of(db, file, name, ordinal).iter().map(AsRef::as_ref);
    let units = units_of(outline(db, file), name, ordinal);
    let is_method = |unit: Name| unit.as_str().rsplit_once('.').is_some_and(|(_, method)| method == member.as_str());
    units.iter().any(|&unit| {
        if is_method(unit.0) { texts(unit).any(returns_value) } else { may_set_attribute(texts(unit), member.as_str()) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::database::Database;
    use crate::engine::{Memory, stubs};
    use std::path::Path;

    /// The rules that could fire in the root `name` of `a.py`, beside `b.py`.
    fn rules(a: &str, b: &str, name: &str) -> Vec<&'static str> {
        let files = Memory::new([("/p/.git/HEAD", ""), ("/p/a.py", a), ("/p/b.py", b)]);
        let database = Database::new(Arc::new(files), stubs::analysis());
        let fire = could_fire(&database, database.source_file(Path::new("/p/a.py")), Name::new(name), 0);
        crate::rules::all().iter().enumerate().filter(|(number, _)| fire & 1 << number != 0).map(|(_, rule)| rule.name).collect()
    }

    const NET: &str = "import torch.nn as nn\nimport torch.nn.functional as F\n\nclass Net(nn.Module):\n    def forward(self, x):\n        return F.softmax(self.fc(x), dim=1)\n";

    #[test]
    fn a_root_reaches_what_it_names_and_what_that_names() {
        assert_eq!(rules("from b import Net\n\ndef make():\n    return Net()\n", NET, "make"), ["single-unit-softmax"]);
        assert_eq!(rules("import b\n\ndef make():\n    return b.Net()\n", NET, "make"), ["single-unit-softmax"]);
        assert_eq!(rules("def make():\n    from b import Net as N\n    return N()\n", NET, "make"), ["single-unit-softmax"]);
        assert_eq!(rules("import b\n\nKIND = b.Net\n\ndef make():\n    return KIND()\n", NET, "make"), ["single-unit-softmax"]);
        assert_eq!(rules("from b import Net\n\ndef make():\n    \"\"\"Not a Net.\"\"\"\n    return 1  # Net\n", NET, "make"), [""; 0]);
    }

    #[test]
    fn frameworks_are_known_under_other_names() {
        assert_eq!(rules("from torch.nn.functional import dropout as d\n\ndef f(x):\n    return d(x)\n", "", "f"), ["dropout-without-training-flag"]);
        assert_eq!(rules("import tensorflow as tf\n\nlayers = tf.layers\n\ndef f(x):\n    return layers.dropout(x)\n", "", "f"), ["dropout-without-training-flag"]);
        let cyclic = "import tensorflow as tf\n\nlayers = tf.layers\nother = layers\nlayers = other\n\ndef f(x):\n    return other.layers.dropout(x)\n";
        assert_eq!(rules(cyclic, "", "f"), ["dropout-without-training-flag"]);
        assert_eq!(rules("import torch\n\ndef f(x, y):\n    return torch.nn.CrossEntropyLoss()(x, y)\n", "", "f"), ["single-unit-softmax"]);
    }

    #[test]
    fn one_optimizer_holds_nobodys_parameters() {
        let one = "import torch\n\ndef f(a, b):\n    return torch.optim.Adam(a)\n";
        let two = "import torch\n\ndef f(a, b):\n    return torch.optim.Adam(a), torch.optim.Adam(b)\n";
        let in_loop = "import torch\n\ndef f(a, b):\n    return [torch.optim.Adam(n) for n in (a, b)]\n";
        assert_eq!(rules(one, "", "f"), [""; 0]);
        assert_eq!(rules(two, "", "f"), ["optimizer-holds-wrong-parameters"]);
        assert_eq!(rules(in_loop, "", "f"), ["optimizer-holds-wrong-parameters"]);
    }
}
