//! What the rules need, and which of it the units of stubs offer.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use dashmap::DashMap;
use memchr::memmem;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::engine::stubs;
use crate::project::WordKey;
use crate::rules::{Need, Needs, RuleSet};
use crate::syntax::UnitId;

/// What the rules need, and which of it the units of stubs offer.
#[derive(Debug, Default)]
pub struct NeedTable {
    pub(super) rules: Vec<Needs>,
    /// Of the words of each rule.
    pub(super) finders: Vec<Vec<memmem::Finder<'static>>>,
    /// The rules that need each function or class of a stub to be named, and those that need it to be called.
    wanted: OnceLock<[FxHashMap<UnitId, RuleSet>; 2]>,
    offers: DashMap<UnitId, Offer, FxBuildHasher>,
    met: DashMap<UnitId, RuleSet, FxBuildHasher>,
}

/// What project code gets by naming a function or class of a stub.
#[derive(Clone, Debug, Default)]
pub(super) struct Offer {
    /// Rules that find there what they need.
    pub(super) rules: RuleSet,
    /// Those of them that find it in the unit itself, rather than in what it names: a base class, seldom used by itself.
    pub(super) base: RuleSet,
    /// The words of the stub and of all that it names: a framework calls methods of the project by them.
    pub(super) words: Arc<[WordKey]>,
}

impl NeedTable {
    /// The table of these rules. Without any, every root is evaluated.
    pub fn new(rules: Vec<Needs>) -> Self {
        let finders = rules.iter().map(|needs| needs.twice.words().iter().map(memmem::Finder::new).collect()).collect();
        Self { rules, finders, ..Self::default() }
    }

    pub(super) fn offer(&self, unit: UnitId) -> Offer {
        if let Some(known) = self.offers.get(&unit) {
            return known.clone();
        }
        let mut seen = FxHashSet::from_iter([unit]);
        let mut waiting = vec![unit];
        let mut offer = Offer { base: self.met_by(unit), ..Offer::default() };
        offer.rules = self.wanted()[0].get(&unit).copied().unwrap_or(0);
        let mut words = BTreeSet::new();
        while let Some(next) = waiting.pop() {
            let mentions = stubs::mentions(next);
            offer.rules |= self.met_by(next);
            words.extend(&mentions.words);
            waiting.extend(mentions.units.into_iter().map(|(unit, _)| unit).filter(|&unit| seen.insert(unit)));
        }
        offer.words = words.into_iter().collect();
        self.offers.insert(unit, offer.clone());
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

    pub(super) fn set_of(&self, holds: impl Fn(&Needs) -> bool) -> RuleSet {
        self.rules.iter().enumerate().filter(|(_, needs)| holds(needs)).map(|(number, _)| 1 << number).sum()
    }
}

