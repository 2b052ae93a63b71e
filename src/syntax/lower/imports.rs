//! Import statements.

use super::cursor::Lowering;
use super::grammar::{Field, Kind};
use crate::syntax::Name;
use crate::syntax::hir::{ImportedName, Stmt};

impl Lowering<'_> {
    /// `import a.b as c, d`
    pub(super) fn import(&mut self) -> Stmt {
        Stmt::Import(self.imported_names())
    }

    /// `from .a import b as c`
    pub(super) fn import_from(&mut self) -> Stmt {
        let is_future = self.kind() == Kind::FutureImportStatement;
        let (mut module, mut level) = (Name::new(if is_future { "__future__" } else { "" }), 0);
        let (mut names, mut star) = (Vec::new(), false);
        self.each_child(|this, child| match (child.field, child.kind) {
            (Field::ModuleName, Kind::DottedName) => module = this.undotted_name(),
            (Field::ModuleName, Kind::RelativeImport) => this.each_child(|this, child| match child.kind {
                Kind::ImportPrefix => level = this.source().bytes().filter(|&byte| byte == b'.').count() as u32,
                Kind::DottedName => module = this.undotted_name(),
                _ => {}
            }),
            (Field::Name, _) => names.extend(this.imported_name()),
            (_, Kind::WildcardImport) => star = true,
            _ => {}
        });
        Stmt::FromImport { module, level, names, star }
    }

    fn imported_names(&mut self) -> Vec<ImportedName> {
        let mut names = Vec::new();
        self.each_child(|this, child| {
            if child.field == Field::Name {
                names.extend(this.imported_name());
            }
        });
        names
    }

    fn imported_name(&mut self) -> Option<ImportedName> {
        match self.kind() {
            Kind::DottedName => Some(ImportedName { name: self.undotted_name(), alias: None }),
            Kind::AliasedImport => {
                let (mut name, mut alias) = (None, None);
                self.each_child(|this, child| match child.field {
                    Field::Name => name = Some(this.undotted_name()),
                    Field::Alias => alias = Some(this.name()),
                    _ => {}
                });
                name.map(|name| ImportedName { name, alias })
            }
            _ => None,
        }
    }

    /// A dotted name as one name, without the spaces that may stand around its dots.
    fn undotted_name(&mut self) -> Name {
        if self.source().bytes().all(|byte| !byte.is_ascii_whitespace() && byte != b'\\') {
            return self.name();
        }
        let mut parts = Vec::new();
        self.each_child(|this, child| {
            if child.kind == Kind::Identifier {
                parts.push(this.source());
            }
        });
        Name::new(&parts.join("."))
    }
}
