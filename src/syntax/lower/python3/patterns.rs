//! Patterns of `match`, of which only the names they bind are kept.

use ruff_python_ast::{MatchCase, Pattern, StmtMatch};

use super::Reader;
use crate::syntax::Name;
use crate::syntax::hir::{self, Stmt};

impl Reader<'_> {
    pub(super) fn match_statement(&mut self, node: &StmtMatch) -> Option<Stmt> {
        let subject = self.expr(&node.subject)?;
        let cases = self.each(&node.cases, Self::case)?;
        Some(Stmt::Match { subject, cases })
    }

    fn case(&mut self, node: &MatchCase) -> Option<hir::MatchCase> {
        let mut bound = Vec::new();
        self.captures(&node.pattern, &mut bound);
        let guard = self.optional(node.guard.as_deref())?;
        let body = self.block(&node.body)?;
        Some(hir::MatchCase { bound, guard, body })
    }

    /// Adds the names that `pattern` binds.
    fn captures(&self, pattern: &Pattern, bound: &mut Vec<Name>) {
        match pattern {
            Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
            Pattern::MatchSequence(sequence) => sequence.patterns.iter().for_each(|pattern| self.captures(pattern, bound)),
            Pattern::MatchOr(choice) => choice.patterns.iter().for_each(|pattern| self.captures(pattern, bound)),
            Pattern::MatchMapping(mapping) => {
                mapping.patterns.iter().for_each(|pattern| self.captures(pattern, bound));
                bound.extend(mapping.rest.as_ref().map(|rest| self.name(rest)));
            }
            Pattern::MatchClass(class) => {
                class.arguments.patterns.iter().for_each(|pattern| self.captures(pattern, bound));
                class.arguments.keywords.iter().for_each(|keyword| self.captures(&keyword.pattern, bound));
            }
            Pattern::MatchStar(star) => bound.extend(star.name.as_ref().map(|name| self.name(name)).filter(|name| *name != "_")),
            Pattern::MatchAs(alias) => {
                alias.pattern.iter().for_each(|pattern| self.captures(pattern, bound));
                bound.extend(alias.name.as_ref().map(|name| self.name(name)));
            }
        }
    }
}
