//! Layers that reach no loss.

mod unstacked_layer;

pub(super) use unstacked_layer::UNSTACKED_LAYER;
