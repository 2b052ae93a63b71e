//! Names under which functions take whether they train.

use crate::syntax::Name;

const FLAGS: [&str; 7] = ["training", "is_training", "train", "is_train", "train_phase", "phase_train", "trainable_phase"];

/// Whether a parameter says by its name that the network trains.
pub(super) fn is_flag(name: Name) -> bool {
    FLAGS.contains(&name.as_str())
}
