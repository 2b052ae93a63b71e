//! Patterns of `match`, of which only the names they bind are kept.

use super::cursor::Lowering;
use super::grammar::{Field, Kind};
use crate::syntax::Name;
use crate::syntax::hir::{MatchCase, Stmt};

impl Lowering<'_> {
    /// `match subject: …`
    pub(super) fn match_statement(&mut self) -> Stmt {
        let (mut subjects, mut cases, mut has_comma) = (Vec::new(), Vec::new(), false);
        self.each_child(|this, child| match (child.field, child.kind) {
            (Field::Subject, _) if child.is_named => subjects.push(this.expr()),
            (_, Kind::Comma) => has_comma = true,
            (Field::Body, _) => this.each_child(|this, child| {
                if child.kind == Kind::CaseClause {
                    cases.push(this.case());
                }
            }),
            _ => {}
        });
        let subject = match subjects[..] {
            [subject] if !has_comma => subject,
            _ => {
                let span = self.covering(&subjects);
                self.add_expr(crate::syntax::hir::Expr::Tuple(subjects), span)
            }
        };
        Stmt::Match { subject, cases }
    }

    fn case(&mut self) -> MatchCase {
        let mut case = MatchCase { bound: Vec::new(), guard: None, body: Vec::new() };
        self.each_child(|this, child| match (child.field, child.kind) {
            (Field::Guard, _) => case.guard = Some(this.only_child()),
            (Field::Consequence, _) => case.body = this.block(),
            _ if child.is_named => this.captures(&mut case.bound),
            _ => {}
        });
        case
    }

    /// Adds the names that the pattern under the cursor binds.
    fn captures(&mut self, bound: &mut Vec<Name>) {
        match self.kind() {
            // A dotted name is compared with, a single one is bound.
            Kind::DottedName if !self.source().contains('.') => {
                bound.extend((self.source() != "_").then(|| self.name()));
            }
            Kind::DottedName => {}
            Kind::Identifier => bound.extend((self.source() != "_").then(|| self.name())),
            // The first name of both is no capture: the class, the keyword.
            Kind::ClassPattern | Kind::KeywordPattern => {
                let mut is_first = true;
                self.each_child(|this, child| {
                    if child.is_named && !std::mem::take(&mut is_first) {
                        this.captures(bound);
                    }
                });
            }
            _ => self.each_child(|this, child| {
                if child.is_named {
                    this.captures(bound);
                }
            }),
        }
    }
}
