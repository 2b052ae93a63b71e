//! The outline of a text, from its segments.


use rustc_hash::FxHashMap;

use super::{ClassItem, FunctionItem, ImportItem, Item, ItemKind, Layout, Outline, UnitLayout};
use crate::syntax::bindings::add_bindings;
use crate::syntax::hir::UnitKind;
use crate::syntax::segments::{Member, SegmentKind, Segments};
use crate::syntax::{Name, Words, code_words};
use crate::text::TextRange;

/// What `text` defines, and where its units stand. Nothing is parsed.
pub fn outline(text: &str, words: &Words) -> (Outline, Layout) {
    outline_of(&Segments::new(text), text, words)
}

/// As [`outline`], for a text that is already cut into `segments`.
pub fn outline_of(segments: &Segments, text: &str, words: &Words) -> (Outline, Layout) {
    let mut reader = Reader {
        text,
        words,
        interesting: words.places(text).collect(),
        ordinals: FxHashMap::default(),
        outline: Outline::default(),
        layout: Layout::default(),
        statements: Vec::new(),
    };
    for segment in segments {
        match &segment.kind {
            SegmentKind::Function { name } => reader.add_function(segment.range, *name),
            SegmentKind::Class { name, header, members } => reader.add_class(segment.range, *name, *header, members),
            SegmentKind::Statement => reader.add_statement(segment.range),
        }
    }
    reader.finish()
}

struct Reader<'text> {
    text: &'text str,
    words: &'text Words,
    /// First bytes of the interesting words, ascending.
    interesting: Vec<u32>,
    ordinals: FxHashMap<Name, u32>,
    outline: Outline,
    layout: Layout,
    /// Segments of the module unit.
    statements: Vec<TextRange>,
}

impl Reader<'_> {
    fn add_function(&mut self, range: TextRange, name: TextRange) {
        let name = self.name(name);
        let function = self.function(name, name, range);
        self.outline.items.push(Item { name, kind: ItemKind::Function(function) });
    }

    fn add_class(&mut self, range: TextRange, name: TextRange, header: TextRange, members: &[Member]) {
        let name = self.name(name);
        let ordinal = self.next_ordinal(name);
        let statements = members.iter().filter(|member| member.method.is_none()).map(|member| member.range);
        let segments = std::iter::once(header).chain(statements).collect();
        let mut methods = Vec::new();
        for member in members {
            if let Some(method) = member.method {
                let method = self.name(method);
                methods.push(self.function(Name::new(&format!("{name}.{method}")), method, member.range));
            }
        }
        self.layout.add(UnitLayout { name, ordinal, kind: UnitKind::Class, segments });
        let class = ClassItem { ordinal, methods, matters: self.is_interesting(range) };
        self.outline.items.push(Item { name, kind: ItemKind::Class(class) });
    }

    fn add_statement(&mut self, range: TextRange) {
        let segment = self.text.get(range.indices()).unwrap_or_default();
        let known = self.outline.items.len();
        let is_import = add_bindings(segment, &mut self.outline.items);
        self.add_aliases(known);
        self.outline.module_matters |= !is_import && self.is_interesting(range);
        self.statements.push(range);
    }

    /// What an import names is as interesting under its alias; `first` is the number of the first item to look at.
    fn add_aliases(&mut self, first: usize) {
        let alias = |item: &Item| match &item.kind {
            ItemKind::Import(ImportItem::From { name, .. }) if name.alias.is_some() && self.words.contains(name.name.as_str()) => Some(item.name.as_str()),
            _ => None,
        };
        let aliases: Vec<&str> = self.outline.items[first..].iter().filter_map(alias).collect();
        if !aliases.is_empty() {
            self.interesting.extend(Words::new(aliases).places(self.text));
            self.interesting.sort_unstable();
        }
    }

    fn function(&mut self, dotted: Name, name: Name, range: TextRange) -> FunctionItem {
        let ordinal = self.next_ordinal(dotted);
        self.layout.add(UnitLayout { name: dotted, ordinal, kind: UnitKind::Function, segments: vec![range] });
        FunctionItem { name, unit: dotted, ordinal, matters: self.is_interesting(range) }
    }

    /// Names behind the word `global`, wherever it begins a statement.
    fn globals(&self) -> Vec<Name> {
        let bytes = self.text.as_bytes();
        let begins_statement = |at: &usize| bytes[..*at].iter().rev().find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c')).is_none_or(|byte| matches!(byte, b'\n' | b'\r' | b';' | b':'));
        let places = memchr::memmem::find_iter(bytes, b"global ").filter(begins_statement);
        let lists = places.map(|at| self.text[at..].lines().next().unwrap_or_default());
        let names = lists.flat_map(|list| code_words(list).skip(1).map(Name::new));
        names.collect()
    }

    fn finish(mut self) -> (Outline, Layout) {
        self.outline.set_by_functions = self.globals();
        let segments = std::mem::take(&mut self.statements);
        self.layout.add(UnitLayout { name: Name::new(""), ordinal: 0, kind: UnitKind::Module, segments });
        (self.outline, self.layout)
    }

    fn name(&self, range: TextRange) -> Name {
        Name::new(self.text.get(range.indices()).unwrap_or_default())
    }

    fn next_ordinal(&mut self, name: Name) -> u32 {
        let next = self.ordinals.entry(name).or_default();
        *next += 1;
        *next - 1
    }

    fn is_interesting(&self, range: TextRange) -> bool {
        let next = self.interesting.partition_point(|&place| place < range.start);
        self.interesting.get(next).is_some_and(|&place| place < range.end)
    }
}
