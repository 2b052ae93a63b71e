//! Whether the texts of units show that a rule could fire.

use std::cell::RefCell;

use rustc_hash::FxHashSet;

use super::mentions::{mentions, scope};
use super::walk::{Member, Reach, reach};
use crate::engine::database::{AnyFile, Db, SourceFile, file_of};
use crate::engine::units::{outline, texts_of};
use crate::project::Binding;
use crate::rules::RuleSet;
use crate::syntax::{Callee, ItemKind, Name, UnitId, may_set_attribute, returns_value};

/// Whether the text of one of the units that are reached shows that a rule could fire.
pub(super) fn is_shown(db: &dyn Db, reached: &Reach, rule: u32) -> bool {
    let leads_there = |member: &&Member| reach(db, member.file, member.owner.name, member.owner.ordinal).rules & 1 << rule != 0;
    let evidence = |member: &Member| evidence(db, member.file, member.unit.name, member.unit.ordinal, rule);
    let found: Vec<&Evidence> = reached.units.iter().filter(leads_there).map(evidence).collect();
    if found.iter().any(|evidence| evidence.is_certain) {
        return true;
    }
    let members: FxHashSet<Name> = found.iter().flat_map(|evidence| &evidence.if_members).copied().collect();
    members.into_iter().any(|name| reached.units.iter().any(|member| may_be_value(db, member.file, member.unit.name, member.unit.ordinal, name)))
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

/// What the text of a unit says that leads to what the rule needs.
#[salsa::tracked(returns(ref))]
fn evidence(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32, rule: u32) -> Evidence {
    let table = &db.analysis().needs;
    let Some(in_text) = table.rules.get(rule as usize).and_then(|needs| needs.in_text) else { return Evidence { is_certain: true, ..Evidence::default() } };
    let wanted: RuleSet = 1 << rule;
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
        texts_of(db, file, name, ordinal).iter().any(|text| in_text(text, false, &may_matter))
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
    let mut texts = texts_of(db, file, name, ordinal).iter().map(AsRef::as_ref);
    match name.as_str().rsplit_once('.') {
        Some((_, method)) if method == member.as_str() => texts.any(returns_value),
        _ => may_set_attribute(texts, member.as_str()),
    }
}
