//! Import statements: what a test needs, and what a file has already.

use std::collections::BTreeSet;

use crate::syntax::{ImportItem, ItemKind, Outline};

/// Something that a test imports.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Import {
    /// Whether it is code of the project: such imports stand last, apart.
    pub(super) is_local: bool,
    /// The module.
    pub(super) module: String,
    /// What is taken from the module; the module itself if nothing.
    pub(super) name: Option<String>,
    /// The name it is bound to, if another.
    pub(super) alias: Option<String>,
}

impl Import {
    /// `import module as alias`
    pub(super) fn module(module: &str, alias: Option<&str>) -> Self {
        Self { is_local: false, module: module.to_owned(), name: None, alias: alias.map(str::to_owned) }
    }

    /// `from module import name`, of the project.
    pub(super) fn local(module: &str, name: &str) -> Self {
        Self { is_local: true, module: module.to_owned(), name: Some(name.to_owned()), alias: None }
    }

    /// The name under which code sees it.
    pub(super) fn bound(&self) -> &str {
        let plain = || self.name.as_deref().unwrap_or(&self.module);
        self.alias.as_deref().unwrap_or_else(plain)
    }

    /// The statement.
    pub(super) fn statement(&self) -> String {
        let alias = self.alias.as_ref().map(|alias| format!(" as {alias}")).unwrap_or_default();
        match &self.name {
            Some(name) => format!("from {} import {name}{alias}", self.module),
            None => format!("import {}{alias}", self.module),
        }
    }

    /// Whether `item` of an outline is this import.
    fn is(&self, bound: &str, item: &ImportItem) -> bool {
        bound == self.bound()
            && match item {
                ImportItem::Module { module, aliased } => {
                    self.name.is_none() && (*module == self.module.as_str() || (!aliased && self.alias.is_none() && bound == self.module))
                }
                ImportItem::From { module, level, name } => match &self.name {
                    Some(wanted) => *level == 0 && *module == self.module.as_str() && name.name == wanted.as_str(),
                    // `from torch.nn import functional as F`
                    None => self.alias.is_some() && *level == 0 && format!("{module}.{}", name.name) == self.module,
                },
            }
    }
}

/// The statements for `imports`, sorted, those of one module on one line; code of the project after a blank line.
pub(super) fn block(imports: &BTreeSet<Import>) -> Vec<String> {
    let mut lines = Vec::new();
    for is_local in [false, true] {
        let own: Vec<&Import> = imports.iter().filter(|import| import.is_local == is_local).collect();
        if own.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(statements(&own));
    }
    lines
}

/// What `import` adds to `from … import …`.
fn item(import: &Import) -> Option<String> {
    let name = import.name.as_ref()?;
    Some(import.alias.as_ref().map_or_else(|| name.clone(), |alias| format!("{name} as {alias}")))
}

/// A statement `from module import …` on one line.
pub(super) struct FromLine<'text> {
    module: &'text str,
    names: BTreeSet<String>,
    /// What stands behind it: a comment, the line break.
    rest: &'text str,
}

impl<'text> FromLine<'text> {
    /// `statement`, if it is one.
    pub(super) fn new(statement: &'text str) -> Option<Self> {
        let code = statement[..statement.find('#').unwrap_or(statement.len())].trim_end();
        let (module, names) = code.strip_prefix("from ")?.split_once(" import ")?;
        let is_name = |word: &str| word.chars().all(|c| c.is_alphanumeric() || c == '_');
        let name = |part: &str| match part.split_whitespace().collect::<Vec<_>>().as_slice() {
            [name] if is_name(name) => Some((*name).to_owned()),
            [name, "as", alias] if is_name(name) && is_name(alias) => Some(format!("{name} as {alias}")),
            _ => None,
        };
        let names = names.split(',').map(name).collect::<Option<BTreeSet<String>>>()?;
        Some(Self { module: module.trim(), names, rest: &statement[code.len()..] })
    }

    /// Whether `import` can join it.
    pub(super) fn takes(&self, import: &Import) -> bool {
        import.name.is_some() && import.module == self.module
    }

    /// The statement with the names of `imports`, sorted.
    pub(super) fn joined_by(mut self, imports: &[&Import]) -> String {
        self.names.extend(imports.iter().filter_map(|import| item(import)));
        let names: Vec<String> = self.names.into_iter().collect();
        format!("from {} import {}{}", self.module, names.join(", "), self.rest)
    }
}

/// Statements in order of module, with the names of one module together.
pub(super) fn statements(imports: &[&Import]) -> Vec<String> {
    let mut lines: Vec<String> = imports.iter().filter(|import| import.name.is_none()).map(|import| import.statement()).collect();
    let mut modules: Vec<&str> = imports.iter().filter(|import| import.name.is_some()).map(|import| import.module.as_str()).collect();
    modules.dedup();
    for module in modules {
        let of_module = imports.iter().filter(|import| import.module == module);
        let names: Vec<String> = of_module.filter_map(|import| item(import)).collect();
        lines.push(format!("from {module} import {}", names.join(", ")));
    }
    lines
}

/// What a file says about an import that a test needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Known {
    /// It is there.
    Present,
    /// Its name is free.
    Absent,
    /// Its name means something else.
    Taken,
}

/// What the file with `outline` says about `import`.
pub(super) fn known(outline: &Outline, import: &Import) -> Known {
    let bound = crate::syntax::Name::new(import.bound());
    let mut bindings = outline.bindings(bound).peekable();
    if bindings.peek().is_none() {
        return Known::Absent;
    }
    let is_present = |kind: &ItemKind| matches!(kind, ItemKind::Import(item) if import.is(import.bound(), item));
    if bindings.any(|item| is_present(&item.kind)) { Known::Present } else { Known::Taken }
}

/// The other name under which the file with `outline` imports the same, last binding first.
pub(super) fn alias_of(outline: &Outline, import: &Import) -> Option<String> {
    outline.items.iter().rev().find_map(|item| {
        let ItemKind::Import(found) = &item.kind else { return None };
        let bound = item.name.as_str();
        let aliased = Import { alias: Some(bound.to_owned()), ..import.clone() };
        (aliased.is(bound, found) && known(outline, &aliased) == Known::Present && only_binding(outline, item.name)).then(|| bound.to_owned())
    })
}

fn only_binding(outline: &Outline, name: crate::syntax::Name) -> bool {
    outline.bindings(name).count() == 1
}
