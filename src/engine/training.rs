//! What trains in a file, and the tests of it.
//!
//! Asked for by name: nothing of it is part of a file's findings, and nothing is evaluated before.

use super::database::{Db, SourceFile};
use super::dependents::dependents;
use super::reach::units_of;
use super::report::location;
use super::roots::roots;
use super::source::source;
use super::units::{has_words, outline, texts_of};
use super::world::DatabaseWorld;
use crate::finding::{Location, Loss, TestPlan};
use crate::project::World as _;
use crate::rules::{self, Trainable};
use crate::syntax::hir::NodeId;
use crate::syntax::{Name, Place, UnitId, mentions};

/// Roots of other files that are evaluated for the sake of what they pass.
const MOST_CALLERS: usize = 12;

/// What trains in `file`, with its places in the present text.
pub(super) fn trainables(db: &dyn Db, file: SourceFile) -> Vec<(Trainable, Location)> {
    if !has_words(db, file) {
        return Vec::new();
    }
    let found = rules::trainables(&DatabaseWorld::new(db), file.number());
    found.into_iter().filter_map(|trainable| Some((trainable, signature(db, file, &trainable)?))).collect()
}

/// Where `trainable` is offered: its name, of a function the whole signature.
fn signature(db: &dyn Db, file: SourceFile, trainable: &Trainable) -> Option<Location> {
    let mut place = location(db, trainable.place)?;
    let hir = DatabaseWorld::new(db).hir(trainable.unit);
    let body = hir.function().and_then(|function| function.body.first());
    let body = body.and_then(|&first| location(db, Place { unit: trainable.unit, node: NodeId::Stmt(first) }));
    if let Some((body, text)) = body.zip(source(db, file).text.as_deref()) {
        let signature = text.get(place.range.start as usize..body.range.start as usize).unwrap_or_default();
        place.range.end = place.range.end.max(place.range.start + signature.trim_end().len() as u32);
    }
    Some(place)
}

/// The class, function, method or script of `file` with this name, if it trains.
pub(super) fn trainable(db: &dyn Db, file: SourceFile, name: &str) -> Option<Trainable> {
    if !has_words(db, file) {
        return None;
    }
    let world = DatabaseWorld::new(db);
    rules::trainables(&world, file.number()).into_iter().find(|known| known.name() == name).or_else(|| rules::trainable_method(&world, file.number(), name))
}

/// The tests of `trainable` in `file`: of all that its callers say, what leaves least to be filled in.
pub(super) fn tests(db: &dyn Db, file: SourceFile, trainable: &Trainable) -> Vec<TestPlan> {
    let own = trainable.root.name;
    let is_own = |name: Name| name == own;
    let world = DatabaseWorld::new(db);
    let tests = |(file, name, ordinal): (SourceFile, Name, u32)| rules::training_tests(&world, UnitId { file: file.number(), name, ordinal }, trainable);
    let mut best = tests((file, own, trainable.root.ordinal));
    let callers = |from: SourceFile| {
        let names_it = move |(name, ordinal): (Name, u32)| units_of(outline(db, from), name, ordinal).into_iter().any(|(unit, ordinal)| texts_of(db, from, unit, ordinal).iter().any(|text| mentions(text, own)));
        let found = roots(db, from).iter().copied().filter(move |&(name, ordinal)| !(from == file && is_own(name)) && names_it((name, ordinal)));
        found.map(move |(name, ordinal)| (from, name, ordinal))
    };
    let from_elsewhere = dependents(db, file).iter().flat_map(|&from| callers(from)).take(MOST_CALLERS);
    for caller in callers(file).chain(from_elsewhere) {
        if caller.0 != file && matches!(worth(&best), (0, 0, _)) {
            break;
        }
        let found = tests(caller);
        if worth(&found) < worth(&best) {
            best = found;
        }
    }
    best
}

/// How much tests leave to be filled in, how many sizes they choose, and whether they guess the loss: less is better.
fn worth(tests: &[TestPlan]) -> (usize, usize, bool) {
    let gaps = tests.iter().map(TestPlan::gaps).max().unwrap_or(usize::MAX);
    let chosen = tests.iter().map(TestPlan::chosen).max().unwrap_or_default();
    (gaps, chosen, tests.first().is_none_or(|test| test.loss == Loss::Probe))
}
