//! The optimizer that the code uses.

use crate::finding::{Argument, Literal, Optimizer, Passed, Style};
use crate::rules::view::StepView;
use crate::step::{Call, Origin};

/// Optimizers that take steps as tests make them. Others need arguments that only their users know.
const USUAL: [&str; 13] = [
    "torch.optim.Adam",
    "torch.optim.AdamW",
    "torch.optim.SGD",
    "torch.optim.RMSprop",
    "torch.optim.Adagrad",
    "torch.optim.NAdam",
    "torch.optim.RAdam",
    "tensorflow.train.AdamOptimizer",
    "tensorflow.train.GradientDescentOptimizer",
    "tensorflow.train.MomentumOptimizer",
    "tensorflow.train.RMSPropOptimizer",
    "tensorflow.train.AdagradOptimizer",
    "tensorflow.train.AdadeltaOptimizer",
];

/// The one optimizer that the code around makes, if all its arguments are known.
pub(super) fn used(view: &StepView<'_>, style: Style) -> Option<Optimizer> {
    let class = |call: &Call| USUAL.into_iter().find(|class| view.qualified_name(call.callee).as_str().strip_suffix(".__init__") == Some(class));
    let mut made = view.step.calls().iter().filter(|call| call.is_direct()).filter_map(|call| Some((call, class(call)?)));
    let (call, class) = made.next().filter(|_| made.next().is_none())?;
    if matches!(style, Style::Layers | Style::Pure) || class.starts_with("torch.") != (style == Style::Objects) {
        return None;
    }
    let is_own = |name: &str| !matches!(name, "self" | "params" | "name" | "use_locking");
    let given = call.arguments.iter().filter(|(name, _, origin)| is_own(name.as_str()) && *origin == Origin::Explicit);
    let arguments = given
        .map(|(name, value, _)| {
            let literal = view.step.literal(value).filter(|literal| !matches!(literal, Literal::Str(_)))?;
            Some(Argument { name: name.to_string(), by_name: true, value: Passed::Literal(literal) })
        })
        .collect::<Option<Vec<Argument>>>()?;
    Some(Optimizer { class: class.to_owned(), arguments })
}
