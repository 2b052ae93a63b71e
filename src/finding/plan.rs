//! What a test has to build and to assert, without saying how it is written down.

/// The test that proves a finding.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TestPlan {
    /// What should hold.
    pub property: Property,
}

/// What should hold after a training step.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Property {
    /// Every parameter trains.
    Trains,
}
