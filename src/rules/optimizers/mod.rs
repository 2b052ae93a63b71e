//! Optimizers that hold the wrong parameters.

mod opponent_not_frozen;
mod optimizer_holds_wrong_parameters;
mod optimizer_without_variable_list;
mod players;

pub(super) use opponent_not_frozen::OPPONENT_NOT_FROZEN;
pub(super) use optimizer_holds_wrong_parameters::OPTIMIZER_HOLDS_WRONG_PARAMETERS;
pub(super) use optimizer_without_variable_list::OPTIMIZER_WITHOUT_VARIABLE_LIST;

/// What takes a minimising step by name.
const MINIMIZING: [&str; 4] = ["minimize", "apply_gradients", "create_train_op", "optimize_loss"];
