//! What the queries of local rules find in a unit.

use super::hir::ExprId;
use super::Name;

/// A call that the syntactic part of a query matches. The semantic predicates are answered apart, on resolved calls.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Candidate {
    /// Number of the query among those given to the lowering.
    pub query: u32,
    /// Number of the pattern within the query.
    pub pattern: u32,
    /// The call.
    pub call: ExprId,
    /// Captured nodes by capture name, where they are expressions.
    pub captures: Vec<(Name, ExprId)>,
}
