//! Layers that reach no loss.

mod unstacked_layer;
mod ways;

pub(super) use unstacked_layer::UNSTACKED_LAYER;
