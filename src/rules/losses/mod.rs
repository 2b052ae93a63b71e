//! Losses that do not fit what reaches them.

mod single_unit_softmax;

pub(super) use single_unit_softmax::SINGLE_UNIT_SOFTMAX;
