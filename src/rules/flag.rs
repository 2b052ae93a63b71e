//! Names under which functions take whether they train.

const FLAGS: [&str; 7] = ["training", "is_training", "train", "is_train", "train_phase", "phase_train", "trainable_phase"];

/// Names under which layers and functions take whether they are evaluated.
const NEGATED: [&str; 2] = ["deterministic", "use_running_average"];

/// What a flag says when it is true.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flag {
    /// The network trains.
    Trains,
    /// It is evaluated.
    Evaluates,
}

/// The flag that a parameter is by its name.
pub(super) fn flag(name: &str) -> Option<Flag> {
    if is_flag(name) {
        return Some(Flag::Trains);
    }
    NEGATED.contains(&name).then_some(Flag::Evaluates)
}

/// Whether a parameter says by its name that the network trains.
pub(super) fn is_flag(name: &str) -> bool {
    FLAGS.contains(&name)
}
