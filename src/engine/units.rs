//! Units of a file: each keeps its results while others change and move.
//!
//! A scan cuts the text anew at each edit and makes its units again; those whose text is the same keep their identity, and
//! with it their trees. Trees and spans are asked for apart, so that a comment or a moved line ends here.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::database::{Db, Folder, SourceFile};
use super::folders::{folder_of, project_root};
use super::settings;
use super::source::source;
use crate::syntax::hir::{Expr, ExprId, Hir, NodeId, Span, Spans, UnitKind};
use crate::syntax::{self, Candidate, Layout, Lowered, Name, Outline, Queries, UnitLayout};

/// Whether the text of `file` holds an interesting word anywhere. The search costs less than cutting the text.
#[salsa::tracked(returns(copy))]
pub(super) fn has_words(db: &dyn Db, file: SourceFile) -> bool {
    source(db, file).analysed().is_some_and(|text| db.analysis().words.occur_in(text))
}

#[salsa::tracked]
struct Unit<'db> {
    #[returns(copy)]
    name: Name,
    #[returns(copy)]
    ordinal: u32,
    #[returns(copy)]
    kind: UnitKind,
    /// The texts of its segments.
    #[tracked]
    #[returns(deref)]
    texts: Vec<Box<str>>,
}

#[derive(Clone, PartialEq, Eq, salsa::SalsaValue)]
struct Scan<'db> {
    outline: Arc<Outline>,
    layout: Arc<Layout>,
    /// In the order of the layout's units.
    units: Vec<Unit<'db>>,
    numbers: FxHashMap<(Name, u32), usize>,
}

#[salsa::tracked(returns(ref))]
fn scan(db: &dyn Db, file: SourceFile) -> Scan<'_> {
    let (outline, layout, text) = match source(db, file).analysed() {
        Some(text) => {
            let (outline, layout) = syntax::outline(text, &db.analysis().words);
            (outline, layout, text.as_ref())
        }
        None => (Outline::default(), Layout::default(), ""),
    };
    let unit = |unit: &UnitLayout| {
        let texts = unit.texts(text).into_iter().map(Box::from).collect();
        Unit::new(db, unit.name, unit.ordinal, unit.kind, texts)
    };
    let units = layout.units().iter().map(unit).collect();
    let numbers = layout.units().iter().enumerate().map(|(number, unit)| ((unit.name, unit.ordinal), number)).collect();
    Scan { outline: Arc::new(outline), layout: Arc::new(layout), units, numbers }
}

/// The definitions of `file`; empty if it is absent or not analysed.
#[salsa::tracked(returns(ref))]
pub(super) fn outline(db: &dyn Db, file: SourceFile) -> Arc<Outline> {
    Arc::clone(&scan(db, file).outline)
}

/// Where the units of `file` stand in its present text.
pub(super) fn layout(db: &dyn Db, file: SourceFile) -> &Arc<Layout> {
    &scan(db, file).layout
}

#[salsa::tracked(returns(copy))]
fn unit(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> Option<Unit<'_>> {
    let scan = scan(db, file);
    scan.numbers.get(&(name, ordinal)).map(|&number| scan.units[number])
}

#[salsa::tracked(returns(ref))]
fn tree<'db>(db: &'db dyn Db, unit: Unit<'db>) -> Tree {
    let Lowered { mut hir, errors, .. } = lowered(db, unit, &Queries::default());
    // Trees stay, and most of the memory of an analysis is theirs.
    hir.exprs.shrink_to_fit();
    hir.stmts.shrink_to_fit();
    Tree { hir: Arc::new(hir), errors }
}

fn lowered(db: &dyn Db, unit: Unit<'_>, queries: &Queries) -> Lowered {
    let texts: Vec<&str> = unit.texts(db).iter().map(AsRef::as_ref).collect();
    syntax::lower(unit.kind(db), &texts, queries)
}

/// A unit's tree and what stands beside it.
#[derive(Clone, PartialEq, Eq)]
struct Tree {
    hir: Arc<Hir>,
    /// Where the parser met errors.
    errors: Vec<Span>,
}

#[salsa::tracked(returns(ref))]
fn hir<'db>(db: &'db dyn Db, unit: Unit<'db>) -> Arc<Hir> {
    Arc::clone(&tree(db, unit).hir)
}

/// Where the nodes of a unit stand. Asked for only where there is a finding, so the tree is made anew for it rather than kept with its
/// places.
#[salsa::tracked(returns(ref))]
fn spans<'db>(db: &'db dyn Db, unit: Unit<'db>) -> Arc<Spans> {
    Arc::new(lowered(db, unit, &Queries::default()).spans)
}

/// Asked for only where a finding is near, so a tree is made anew for it rather than kept. Candidates name nodes of that tree: where it
/// is another, because one parser fails where the other does not, the nodes are found by their places.
#[salsa::tracked(returns(ref))]
fn candidates<'db>(db: &'db dyn Db, unit: Unit<'db>) -> Arc<[Candidate]> {
    found_by(db, unit, &db.analysis().queries)
}

/// The same for the queries of the project at `root`.
#[salsa::tracked(returns(ref))]
fn own_candidates<'db>(db: &'db dyn Db, unit: Unit<'db>, root: Folder) -> Arc<[Candidate]> {
    found_by(db, unit, &settings::own_rules(db, root).queries)
}

fn found_by(db: &dyn Db, unit: Unit<'_>, queries: &Queries) -> Arc<[Candidate]> {
    let with_queries = lowered(db, unit, queries);
    let tree = tree(db, unit);
    if with_queries.hir == *tree.hir {
        return with_queries.candidates.into();
    }
    let at = |id: ExprId| {
        let place = with_queries.spans.of(NodeId::Expr(id));
        spans(db, unit).exprs.iter().rposition(|span| *span == place).map(|number| ExprId(number as u32))
    };
    let moved = |candidate: Candidate| {
        let call = at(candidate.call).filter(|&call| matches!(tree.hir.expr(call), Expr::Call { .. }))?;
        let captures = candidate.captures.into_iter().filter_map(|(name, id)| Some((name, at(id)?))).collect();
        Some(Candidate { call, captures, ..candidate })
    };
    with_queries.candidates.into_iter().filter_map(moved).collect()
}

/// The texts of a unit's segments.
pub(super) fn texts_of(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> &[Box<str>] {
    unit(db, file, name, ordinal).map(|unit| unit.texts(db)).unwrap_or_default()
}

/// The tree of a unit; an empty module if there is none.
pub(super) fn hir_of(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> Arc<Hir> {
    unit(db, file, name, ordinal).map_or_else(empty, |unit| Arc::clone(hir(db, unit)))
}

/// What queries find in a unit.
pub(super) fn candidates_of(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> Arc<[Candidate]> {
    unit(db, file, name, ordinal).map(|unit| Arc::clone(candidates(db, unit))).unwrap_or_default()
}

/// What the queries of its project find in a unit.
pub(super) fn own_candidates_of(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> Arc<[Candidate]> {
    let root = project_root(db, folder_of(db, file));
    unit(db, file, name, ordinal).map(|unit| Arc::clone(own_candidates(db, unit, root))).unwrap_or_default()
}

/// Where the nodes of a unit stand.
pub(super) fn spans_of(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> Option<&Arc<Spans>> {
    unit(db, file, name, ordinal).map(|unit| spans(db, unit))
}

/// Where the parser met errors in a unit.
pub(super) fn errors_of(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> &[Span] {
    unit(db, file, name, ordinal).map(|unit| tree(db, unit).errors.as_slice()).unwrap_or_default()
}

/// The tree of a unit that does not exist.
pub(super) fn empty() -> Arc<Hir> {
    Arc::new(Hir { kind: UnitKind::Module, body: Vec::new(), exprs: Vec::new(), stmts: Vec::new(), broken: false })
}
