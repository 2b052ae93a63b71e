//! Which units take part in an evaluation: whatever it calls, the root names, or something that it names does.

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use super::mentions::{WordsAgain, alias_mentions, mentions, units_of, value_mentions, words_again};
use crate::engine::database::{AnyFile, Db, SourceFile, file_of};
use crate::engine::units::{outline, texts_of};
use crate::project::{Mentions, WordKey, class_item, word_key};
use crate::rules::{RuleSet, Twice};
use crate::syntax::{FileId, FunctionItem, Name, UnitId, code_words};

/// Bases of bases that are followed, should classes name each other.
const MAX_BASES: u32 = 32;

/// What is within reach of a root.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Reach {
    /// The rules that find there what they need, as often as they need it.
    pub(super) rules: RuleSet,
    /// The files of the units.
    pub(super) files: Box<[SourceFile]>,
    /// The functions, classes, methods and module units of the project, the root itself included; none if no rule finds what it needs.
    pub(super) units: Box<[Member]>,
    /// Files of which values are read.
    pub(super) valued: Box<[SourceFile]>,
}

/// A unit of the project that is reached.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Member {
    pub(super) file: SourceFile,
    pub(super) unit: UnitId,
    /// The class, if it is a method; otherwise the unit itself.
    pub(super) owner: UnitId,
}

/// What is within reach of a function, a class with all its methods, or the module unit of `file`. Of other classes those methods are
/// taken to be called whose names are met on the way.
#[salsa::tracked(returns(ref))]
pub(super) fn reach(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> Reach {
    Walk::new(db).from(file, UnitId { file: file.number(), name, ordinal })
}

struct Walk<'db> {
    db: &'db dyn Db,
    rules: RuleSet,
    units: Vec<Member>,
    valued: Vec<SourceFile>,
    /// How often the functions, classes and module units that were reached are named.
    named: FxHashMap<UnitId, u32>,
    values: FxHashSet<(FileId, Name)>,
    /// The same for the units that name them.
    aliases: FxHashSet<(UnitId, FileId, Name)>,
    waiting: Vec<(Member, &'db Mentions)>,
    /// Where rules that need something twice find it, how often.
    counted: Vec<(Member, UnitId, RuleSet, u32)>,
    /// The words that were met.
    words: Box<WordSet>,
    /// Methods whose names were not met yet, or that are overridden.
    uncalled: Vec<(Name, Member)>,
    /// Classes of the project that are reached, with their bases.
    bases: Vec<(Member, UnitId)>,
    index: OnceCell<Index>,
}

/// Who names whom, once all that is reached is known.
#[derive(Default)]
struct Index {
    /// What names each function and class.
    namers: FxHashMap<UnitId, Vec<Member>>,
    /// The methods of each class, and itself.
    members: FxHashMap<UnitId, Vec<Member>>,
}

/// A set of words.
struct WordSet([u64; 1 << (WordKey::BITS - 6)]);

impl WordSet {
    fn insert(&mut self, key: WordKey) {
        self.0[usize::from(key >> 6)] |= 1 << (key & 63);
    }

    fn contains(&self, key: WordKey) -> bool {
        self.0[usize::from(key >> 6)] >> (key & 63) & 1 == 1
    }
}

impl<'db> Walk<'db> {
    fn new(db: &'db dyn Db) -> Self {
        Self {
            db,
            rules: 0,
            units: Vec::new(),
            valued: Vec::new(),
            named: FxHashMap::default(),
            values: FxHashSet::default(),
            aliases: FxHashSet::default(),
            waiting: Vec::new(),
            counted: Vec::new(),
            words: Box::new(WordSet([0; _])),
            uncalled: Vec::new(),
            bases: Vec::new(),
            index: OnceCell::new(),
        }
    }

    fn from(mut self, file: SourceFile, root: UnitId) -> Reach {
        self.named.insert(root, 1);
        for (name, ordinal) in units_of(outline(self.db, file), root.name, root.ordinal) {
            self.add_member(Member { file, unit: UnitId { file: root.file, name, ordinal }, owner: root });
        }
        loop {
            while let Some((from, mentions)) = self.waiting.pop() {
                self.add_mentions(from, mentions);
            }
            let is_met = |name: Name| self.words.contains(word_key(name.as_str()));
            let is_called = |&(name, method): &(Name, Member)| is_met(name) && !self.is_overridden(method.owner, name, 0);
            let (called, uncalled): (Vec<_>, Vec<_>) = self.uncalled.iter().copied().partition(is_called);
            self.uncalled = uncalled;
            if called.is_empty() {
                return self.finish();
            }
            called.into_iter().for_each(|(_, method)| self.add_member(method));
        }
    }

    fn add_unit(&mut self, file: SourceFile, unit: UnitId, times: u32) {
        let named = self.named.entry(unit).or_insert(0);
        *named += times;
        if *named > times {
            return;
        }
        self.add_member(Member { file, unit, owner: unit });
        for method in class_item(outline(self.db, file), unit).map(|class| class.methods.as_slice()).unwrap_or_default() {
            let member = Member { file, unit: UnitId { file: unit.file, name: method.unit, ordinal: method.ordinal }, owner: unit };
            if method.name.as_str().starts_with("__") {
                self.add_member(member);
            } else {
                self.uncalled.push((method.name, member));
            }
        }
    }

    fn add_member(&mut self, member: Member) {
        let UnitId { name, ordinal, .. } = member.unit;
        self.units.push(member);
        self.waiting.push((member, mentions(self.db, member.file, name, ordinal)));
        if member.unit == member.owner {
            self.bases.extend(bases(self.db, member.file, name, ordinal).iter().map(|&base| (member, base)));
        }
    }

    fn add_mentions(&mut self, from: Member, mentions: &Mentions) {
        self.add_words(&mentions.words);
        for &(unit, times) in &mentions.units {
            match file_of(unit.file) {
                AnyFile::Stub(_) => {
                    let offer = self.db.analysis().needs.offer(unit);
                    self.add_words(&offer.words);
                    self.rules |= offer.rules;
                    self.counted.push((from, unit, offer.rules & !offer.base, times));
                }
                // A definition names itself.
                AnyFile::Source(_) if unit == from.owner => {}
                AnyFile::Source(source) => self.add_unit(source, unit, times),
            }
        }
        for &(file, name) in &mentions.values {
            let AnyFile::Source(source) = file_of(file) else { continue };
            if self.aliases.insert((from.unit, file, name)) {
                self.waiting.push((from, alias_mentions(self.db, from.file, from.unit.name, from.unit.ordinal, source, name)));
            }
            if self.values.insert((file, name)) {
                if !self.valued.contains(&source) {
                    self.valued.push(source);
                }
                self.waiting.push((from, value_mentions(self.db, source, name)));
            }
        }
    }

    /// How often a member names one of the words of a rule; twice if it does so once and that may run again.
    fn word_count(&self, member: Member, rule: u32) -> u32 {
        let count = word_count(self.db, member.file, member.unit.name, member.unit.ordinal, rule);
        let runs_again = || {
            let repeated = &again(self.db, member).repeated;
            let words = self.db.analysis().needs.rules[rule as usize].twice.words();
            words.iter().any(|word| repeated.binary_search(&word_key(word)).is_ok()) || self.may_run_again(member)
        };
        if count == 1 && runs_again() { 2 } else { count }
    }

    /// Whether a member may make something of a stub more than once: it does so in a loop, or may itself run more than once.
    fn may_make_again(&self, member: Member, made: UnitId) -> bool {
        may_be_in_loop(self.db, member, word_key(made.name.as_str())) || self.may_run_again(member)
    }

    /// Whether a member may run more than once: it is named twice, in a loop or without being called, or something names it that may itself
    /// run more than once.
    fn may_run_again(&self, member: Member) -> bool {
        let mut seen = FxHashSet::from_iter([member]);
        let mut waiting = vec![member];
        while let Some(next) = waiting.pop() {
            let Some(namers) = self.namers_of_once(next) else { return true };
            waiting.extend(namers.into_iter().filter(|&namer| seen.insert(namer)));
        }
        false
    }

    /// What names a member, if that is all in one place which runs once as far as the namer does; `None` if it may run more often.
    fn namers_of_once(&self, member: Member) -> Option<Vec<Member>> {
        if member.unit == member.owner {
            return self.makers_of_once(member);
        }
        let class = Member { unit: member.owner, ..member };
        let own_name = member.unit.name.as_str().rsplit('.').next().unwrap_or_default();
        match own_name {
            "__init__" | "__new__" | "__post_init__" => return Some(vec![class]),
            // A framework or an operator calls them.
            _ if own_name.starts_with("__") => return None,
            _ => {}
        }
        let name = word_key(own_name);
        let namers: Vec<Member> = self.units.iter().copied().filter(|&other| other != member && names(self.db, other, name)).collect();
        if namers.iter().any(|&namer| is_repeated(self.db, namer, name)) {
            return None;
        }
        // What it does without anything from outside it does to its object, the same again.
        if takes_nothing(self.db, member) {
            return Some(vec![class]);
        }
        (namers.len() < 2).then_some(namers)
    }

    /// The same of a function or class; of a class, its heirs count as what names it.
    fn makers_of_once(&self, member: Member) -> Option<Vec<Member>> {
        let unit = member.unit;
        if self.named[&unit] > 1 {
            return None;
        }
        let name = word_key(unit.name.as_str());
        let index = self.index.get_or_init(|| self.index());
        let of = |found: &FxHashMap<UnitId, Vec<Member>>| found.get(&unit).into_iter().flatten().copied().filter(|other| *other != member).collect::<Vec<_>>();
        let (mut namers, own) = (of(&index.namers), of(&index.members));
        let class = word_key("cls");
        let by_itself = |other: &Member| names(self.db, *other, class) && may_be_in_loop(self.db, *other, class);
        if namers.iter().any(|other| may_be_in_loop(self.db, *other, name)) || own.iter().any(by_itself) {
            return None;
        }
        namers.retain(|other| other.owner != unit);
        namers.extend(self.bases.iter().filter(|(_, base)| *base == unit).map(|(heir, _)| *heir));
        Some(namers)
    }

    fn index(&self) -> Index {
        let mut index = Index::default();
        for &member in &self.units {
            index.members.entry(member.owner).or_default().push(member);
            for (unit, _) in &mentions(self.db, member.file, member.unit.name, member.unit.ordinal).units {
                index.namers.entry(*unit).or_default().push(member);
            }
        }
        index
    }

    /// Whether `class` is named only as the base of one other class, which has a method `name` of its own that does not call it, or is
    /// itself named only as such a base.
    fn is_overridden(&self, class: UnitId, name: Name, depth: u32) -> bool {
        let mut heirs = self.bases.iter().filter(|(_, base)| *base == class).map(|(heir, _)| heir);
        let (Some(heir), None, 1) = (heirs.next(), heirs.next(), self.named[&class]) else { return false };
        let class = class_item(outline(self.db, heir.file), heir.unit);
        match class.and_then(|class| class.methods.iter().find(|method| method.name == name)) {
            Some(_) => {
                let calls_base = |method: &FunctionItem| {
                    let words = &mentions(self.db, heir.file, method.unit, method.ordinal).words;
                    let has = |word: &str| words.binary_search(&word_key(word)).is_ok();
                    has("super") && (method.name == name || has(name.as_str()))
                };
                !class.is_some_and(|class| class.methods.iter().any(calls_base))
            }
            None => depth < MAX_BASES && self.is_overridden(heir.unit, name, depth + 1),
        }
    }

    fn add_words(&mut self, words: &[WordKey]) {
        words.iter().for_each(|&word| self.words.insert(word));
    }

    fn finish(mut self) -> Reach {
        let needs = &self.db.analysis().needs;
        let counted = needs.set_of(|needs| !matches!(needs.twice, Twice::No)) & self.rules;
        let is_met_twice = |rule: RuleSet| {
            let number = rule.trailing_zeros();
            let met = self.counted.iter().filter(|(_, _, rules, _)| rules & rule != 0);
            let is_made_twice = || met.clone().map(|(.., times)| times).sum::<u32>() > 1 || met.clone().any(|&(from, made, ..)| self.may_make_again(from, made));
            let count = |member: &Member| self.word_count(*member, number) * self.named[&member.owner].min(2);
            match needs.rules[number as usize].twice {
                Twice::No => true,
                Twice::Called(_) => self.units.iter().map(count).sum::<u32>() > 1,
                Twice::MadeOrCalled(_) => is_made_twice() || self.units.iter().map(count).sum::<u32>() > 1,
            }
        };
        let missing: RuleSet = (0..needs.rules.len()).map(|number| 1 << number).filter(|rule| counted & rule != 0 && !is_met_twice(*rule)).sum();
        self.rules &= !missing;
        let mut files: Vec<SourceFile> = self.units.iter().map(|member| member.file).collect();
        files.sort_unstable_by_key(|file| file.number().0);
        files.dedup();
        let is_of_use = self.rules != 0;
        Reach {
            rules: self.rules,
            files: files.into(),
            units: if is_of_use { self.units.into() } else { Box::default() },
            valued: if is_of_use { self.valued.into() } else { Box::default() },
        }
    }
}

/// The classes of the project that a class names as its bases; none of a function.
#[salsa::tracked(returns(deref))]
fn bases(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> Vec<UnitId> {
    if class_item(outline(db, file), UnitId { file: file.number(), name, ordinal }).is_none() {
        return Vec::new();
    }
    let text = texts_of(db, file, name, ordinal).first().map(AsRef::as_ref).unwrap_or_default();
    let header = text.find("class ").map(|start| &text[start..]).and_then(|text| text.split_once(':')).map_or("", |(header, _)| header);
    let words: Vec<&str> = code_words(header).collect();
    let is_base = |unit: &UnitId| words.iter().any(|word| unit.name == **word) && matches!(file_of(unit.file), AnyFile::Source(_));
    mentions(db, file, name, ordinal).units.iter().map(|(unit, _)| *unit).filter(is_base).collect()
}

/// Whether a unit names the word.
fn names(db: &dyn Db, member: Member, word: WordKey) -> bool {
    mentions(db, member.file, member.unit.name, member.unit.ordinal).words.binary_search(&word).is_ok()
}

/// Words of a unit that may run more than once though they stand there once.
fn again(db: &dyn Db, member: Member) -> &WordsAgain {
    words_again(db, member.file, member.unit.name, member.unit.ordinal)
}

/// Whether what a unit names may stand in a loop there.
fn may_be_in_loop(db: &dyn Db, member: Member, name: WordKey) -> bool {
    let repeated = &again(db, member).repeated;
    // Under another name it is not known where.
    if names(db, member, name) { repeated.binary_search(&name).is_ok() } else { !repeated.is_empty() }
}

/// Whether a unit may call a method more than once that it names: it names it twice, in a loop, or without calling it.
fn is_repeated(db: &dyn Db, member: Member, name: WordKey) -> bool {
    let again = again(db, member);
    let is_twice = || mentions(db, member.file, member.unit.name, member.unit.ordinal).repeated.binary_search(&name).is_ok();
    again.repeated.binary_search(&name).is_ok() || again.uncalled.binary_search(&name).is_ok() || is_twice()
}

/// Whether a method takes nothing but its object.
fn takes_nothing(db: &dyn Db, method: Member) -> bool {
    let text = texts_of(db, method.file, method.unit.name, method.unit.ordinal).first().map(AsRef::as_ref).unwrap_or_default();
    let parameters = text.find("def ").and_then(|start| text[start..].split_once('(')).and_then(|(_, rest)| rest.split_once(')'));
    parameters.is_some_and(|(parameters, _)| parameters.trim() == "self")
}

/// How often the text of a unit names one of the words of a rule.
#[salsa::tracked(returns(copy))]
fn word_count(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32, rule: u32) -> u32 {
    let finders = &db.analysis().needs.finders[rule as usize];
    // What is named without being called may be called often.
    let times = |text: &str, end: usize| if text.as_bytes().get(end) == Some(&b'(') { 1 } else { 2 };
    let in_text = |text: &str| finders.iter().map(|finder| finder.find_iter(text.as_bytes()).map(|at| times(text, at + finder.needle().len())).sum::<u32>()).sum::<u32>();
    texts_of(db, file, name, ordinal).iter().map(|text| in_text(text)).sum()
}
