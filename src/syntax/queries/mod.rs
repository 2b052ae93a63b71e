//! Queries of local rules: which calls they are about.

/// The queries of all local rules.
#[derive(Debug, Default)]
pub struct Queries {}
