//! Where the units of a text stand.


use rustc_hash::FxHashMap;

use crate::syntax::Name;
use crate::syntax::hir::{Span, UnitKind};
use crate::text::TextRange;

/// Where the units of one text stand. Kept apart from the outline, because it changes with every edit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Layout {
    units: Vec<UnitLayout>,
    numbers: FxHashMap<(Name, u32), usize>,
}

/// Where one unit stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnitLayout {
    /// Its dotted name in the file; empty for the module unit.
    pub name: Name,
    /// Its number among the units with this name.
    pub ordinal: u32,
    /// What it is.
    pub kind: UnitKind,
    /// Its segments: one for a function; for a class its header and the statements of its body that are no methods;
    /// for a module its statements that are neither functions nor classes.
    pub segments: Vec<TextRange>,
}

impl Layout {
    pub(super) fn add(&mut self, unit: UnitLayout) {
        self.numbers.insert((unit.name, unit.ordinal), self.units.len());
        self.units.push(unit);
    }

    /// The units in source order; the module unit comes last and is always there.
    pub fn units(&self) -> &[UnitLayout] {
        &self.units
    }

    /// The unit with this name and number.
    pub fn unit(&self, name: Name, ordinal: u32) -> Option<&UnitLayout> {
        self.numbers.get(&(name, ordinal)).map(|&number| &self.units[number])
    }

    /// The narrowest unit that holds byte `offset`: a method rather than its class.
    pub fn unit_at(&self, offset: u32) -> Option<&UnitLayout> {
        self.units.iter().find(|unit| unit.segments.iter().any(|range| range.start <= offset && offset < range.end))
    }
}

impl UnitLayout {
    /// The texts of the unit's segments, as [`crate::syntax::lower`] wants them.
    pub fn texts<'text>(&self, text: &'text str) -> Vec<&'text str> {
        self.segments.iter().map(|range| text.get(range.indices()).unwrap_or_default()).collect()
    }

    /// Where `span` of the unit stands in the text.
    pub fn resolve(&self, span: Span) -> Option<TextRange> {
        self.segments.get(span.segment as usize).map(|segment| span.range.shifted(segment.start))
    }
}
