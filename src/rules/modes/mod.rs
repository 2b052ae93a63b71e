//! Layers that run in the wrong mode.

mod batch_norm_without_training_flag;
mod constant_training_flag;
mod dropout_without_training_flag;
mod evaluation;
mod tape_without_training_flag;

pub(super) use batch_norm_without_training_flag::BATCH_NORM_WITHOUT_TRAINING_FLAG;
pub(super) use constant_training_flag::CONSTANT_TRAINING_FLAG;
pub(super) use dropout_without_training_flag::DROPOUT_WITHOUT_TRAINING_FLAG;
pub(super) use tape_without_training_flag::TAPE_WITHOUT_TRAINING_FLAG;
