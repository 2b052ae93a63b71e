//! What the texts of units name. A class and its methods are units of their own here.

use std::collections::BTreeSet;
use std::sync::Arc;

use memchr::memmem;

use crate::engine::database::{Db, SourceFile};
use crate::engine::units::{outline, texts_of};
use crate::engine::world::DatabaseWorld;
use crate::project::{Mentions, Scope, WordKey, word_key};
use crate::syntax::{self, Again, ItemKind, Name, Outline, code_lines};

/// The names of `file` with what they denote.
#[salsa::tracked(returns(ref))]
pub(in crate::engine) fn scope(db: &dyn Db, file: SourceFile) -> Arc<Scope> {
    Arc::new(Scope::of(&DatabaseWorld::new(db), file.number()))
}

/// What a function, the statements of a class, or the module unit of `file` name.
#[salsa::tracked(returns(ref))]
pub(super) fn mentions(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> Mentions {
    // What a module imports it names where it uses it.
    let is_import = |text: &&str| name == "" && (text.starts_with("import ") || text.starts_with("from "));
    let texts = texts_of(db, file, name, ordinal).iter().map(AsRef::as_ref).filter(|text| !is_import(text));
    let defined = name.as_str().rsplit('.').next().unwrap_or_default();
    Mentions::of(&DatabaseWorld::new(db), file.number(), defined, texts)
}

/// Whether a function, a class or one of its methods, or the module unit of `file` names a function, a class or a value of module code.
pub(in crate::engine) fn names_something(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> bool {
    units_of(outline(db, file), name, ordinal).into_iter().map(|(name, ordinal)| mentions(db, file, name, ordinal)).any(|mentions| !mentions.units.is_empty() || !mentions.values.is_empty())
}

/// What the lines name that may bind `name`, a name of module code of `file`, to a value. Of a global only the expression is evaluated that
/// stands behind its `=`; what is unpacked, appended or set elsewhere is not known.
#[salsa::tracked(returns(ref))]
pub(super) fn value_mentions(db: &dyn Db, file: SourceFile, name: Name) -> Mentions {
    let finder = memmem::Finder::new(name.as_str());
    let is_met = |text: &&str| finder.find(text.as_bytes()).is_some();
    let binds = |line: &&str| {
        let behind = |at: usize| line[at + finder.needle().len()..].trim_start_matches(|byte: char| byte.is_whitespace() || byte == '\\');
        let is_bound = |rest: &str| rest.starts_with(':') || rest.starts_with('=') && !rest.starts_with("==");
        finder.find_iter(line.as_bytes()).any(|at| is_bound(behind(at))) || line.contains("import") && is_met(line)
    };
    let texts = texts_of(db, file, Name::new(""), 0).iter().map(AsRef::as_ref).filter(is_met);
    let lines: Vec<&str> = texts.flat_map(code_lines).filter(binds).collect();
    Mentions::of(&DatabaseWorld::new(db), file.number(), "", lines.iter().copied())
}

/// The same as [`Again`], kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct WordsAgain {
    pub(super) repeated: Box<[WordKey]>,
    pub(super) uncalled: Box<[WordKey]>,
}

/// The words of a function, the statements of a class, or the module unit of `file` that may run more than once.
#[salsa::tracked(returns(ref))]
pub(super) fn words_again(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> WordsAgain {
    let again: Vec<Again<'_>> = texts_of(db, file, name, ordinal).iter().map(|text| syntax::words_again(text, name != "")).collect();
    WordsAgain {
        repeated: keys(again.iter().flat_map(|again| &again.repeated)),
        uncalled: keys(again.iter().flat_map(|again| &again.uncalled)),
    }
}

fn keys<'text>(words: impl Iterator<Item = &'text &'text str>) -> Box<[WordKey]> {
    let keys: BTreeSet<WordKey> = words.map(|word| word_key(word)).collect();
    keys.into_iter().collect()
}

/// What a unit names as members of the modules for which `name` stands, if module code of `file` binds it to one: `layers = tf.layers`.
#[salsa::tracked(returns(ref))]
pub(super) fn alias_mentions(db: &dyn Db, user: SourceFile, unit: Name, ordinal: u32, file: SourceFile, name: Name) -> Mentions {
    let binds = |text: &&str| {
        let value = text.strip_prefix(name.as_str()).and_then(|rest| rest.trim_start().strip_prefix('='));
        value.is_some_and(|value| !value.contains('('))
    };
    let bindings = texts_of(db, file, Name::new(""), 0).iter().map(AsRef::as_ref).filter(binds);
    let texts = texts_of(db, user, unit, ordinal).iter().map(AsRef::as_ref);
    Mentions::through(&DatabaseWorld::new(db), file.number(), bindings, texts)
}

/// A function, the module unit, or a class with its methods.
pub(in crate::engine) fn units_of(outline: &Outline, name: Name, ordinal: u32) -> Vec<(Name, u32)> {
    let class = outline.bindings(name).find_map(|item| match &item.kind {
        ItemKind::Class(class) if class.ordinal == ordinal => Some(class),
        _ => None,
    });
    let methods = class.into_iter().flat_map(|class| &class.methods).map(|method| (method.unit, method.ordinal));
    std::iter::once((name, ordinal)).chain(methods).collect()
}
