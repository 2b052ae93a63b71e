//! The loss of a network: where its code makes one, and which of its inputs are labels.

use super::Network;
use crate::finding::{Content, Input, Loss, Style};
use crate::rules::view::{StepView, dotted};
use crate::step::tensor::{Scale, TensorId};
use crate::step::{Call, Origin};
use crate::syntax::{Name, Place};
use crate::syntax::hir::{ArgumentKind, Expr, NodeId};

/// Losses on an output and labels: qualified name, the parameter of the output, that of the labels.
const LOSSES: [(&str, &str, &str); 12] = [
    ("torch.nn.functional.cross_entropy", "input", "target"),
    ("torch.nn.functional.nll_loss", "input", "target"),
    ("torch.nn.functional.binary_cross_entropy", "input", "target"),
    ("torch.nn.functional.binary_cross_entropy_with_logits", "input", "target"),
    ("torch.nn.functional.mse_loss", "input", "target"),
    ("torch.nn.functional.l1_loss", "input", "target"),
    ("torch.nn.functional.smooth_l1_loss", "input", "target"),
    ("tensorflow.losses.sparse_softmax_cross_entropy", "logits", "labels"),
    ("tensorflow.losses.mean_squared_error", "predictions", "labels"),
    ("tensorflow.losses.absolute_difference", "predictions", "labels"),
    ("tensorflow.losses.huber_loss", "predictions", "labels"),
    ("tensorflow.nn.sparse_softmax_cross_entropy_with_logits", "logits", "labels"),
];

impl Network<'_, '_> {
    /// Whether a tensor is a loss, or a single number made of one.
    pub(super) fn is_loss(&self, tensor: TensorId) -> bool {
        let tensors = self.trial.step.tensors();
        let found = tensors.get(tensor);
        found.scale == Scale::Loss || (found.rank == Some(0) && tensors.ancestors(tensor, false).into_iter().any(|below| tensors.get(below).scale == Scale::Loss))
    }

    /// Whether a tensor reaches the loss as its labels only.
    pub(super) fn is_label(&self, input: TensorId) -> bool {
        let tried = StepView::new(&self.trial.step, self.view.world);
        let tensors = self.trial.step.tensors();
        let reaches = |call: &Call, names: &[&str]| {
            names.iter().filter_map(|name| call.argument(name)).filter_map(|(value, _)| self.trial.step.tensor(value)).any(|tensor| tensors.ancestors(tensor, false).contains(&input))
        };
        let labels = ["target", "labels", "onehot_labels", "multi_class_labels", "targets"];
        let outputs = ["input", "logits", "predictions"];
        let losses: Vec<&Call> = self.trial.step.calls().iter().filter(|call| is_loss_function(tried.qualified_name(call.callee).as_str())).collect();
        losses.iter().any(|call| reaches(call, &labels)) && !losses.iter().any(|call| reaches(call, &outputs))
    }

    /// The loss that the code makes of the output, with its labels as another input.
    pub(super) fn loss(&self, shape: Option<Vec<i64>>, inputs: &mut Vec<Input>) -> Loss {
        if matches!(self.style, Style::Layers | Style::Pure) {
            return Loss::Probe;
        }
        let outputs: Vec<TensorId> = self.view.step.entries().iter().filter(|entry| entry.unit == self.called).filter_map(|entry| self.view.step.tensor(&entry.result)).collect();
        let used = self.view.step.calls().iter().find_map(|call| {
            let name = self.view.qualified_name(call.callee).as_str();
            let (function, output, labels) = LOSSES.into_iter().find(|(function, ..)| *function == name)?;
            let takes = call.argument(output).and_then(|(value, _)| self.view.step.tensor(value)).is_some_and(|tensor| outputs.contains(&tensor));
            takes.then_some((call, function, output, labels))
        });
        let (Some((call, function, output, labels)), Some(shape)) = (used, shape) else { return Loss::Probe };
        let is_plain = |name: Name| name == output || name == labels || matches!(name.as_str(), "name" | "scope");
        if call.arguments.iter().any(|(name, _, origin)| *origin == Origin::Explicit && !is_plain(*name)) && call.is_direct() {
            return Loss::Probe;
        }
        let content = match function.rsplit('.').next().unwrap_or_default() {
            "cross_entropy" | "nll_loss" | "sparse_softmax_cross_entropy" | "sparse_softmax_cross_entropy_with_logits" => match (shape.as_slice(), self.style) {
                ([batch, count], _) if *count > 0 => Content::Below(*count, vec![*batch]),
                ([batch, count, rest @ ..], Style::Objects) if *count > 0 => Content::Below(*count, [&[*batch], rest].concat()),
                ([rest @ .., count], Style::Graph) if *count > 0 => Content::Below(*count, rest.to_vec()),
                _ => return Loss::Probe,
            },
            "binary_cross_entropy" | "binary_cross_entropy_with_logits" => Content::Flags(shape),
            _ => Content::Floats(shape),
        };
        let name = self.label_name(call, labels).unwrap_or_else(|| "labels".to_owned());
        inputs.push(Input { name, content, attribute: None, is_label: true });
        Loss::Used { function: function.to_owned(), output: output.to_owned(), labels: labels.to_owned(), input: inputs.len() - 1 }
    }

    /// Whether a Keras model is given its loss at `place`.
    pub(super) fn compiles(&self, place: Place) -> bool {
        self.style == Style::Layers && self.view.callee_text(place).ends_with(".compile")
    }

    /// Labels for the loss that a Keras model is given at `place`, where its output has this shape: numbers of classes that there are, or as
    /// many values as there are outputs.
    pub(super) fn compiled_labels(&self, place: Place, shape: Option<Vec<i64>>) -> Input {
        let mut losses = self.trial.step.calls().iter().filter(|call| call.place == place).map(|call| call.callee.name);
        let is_sparse = losses.any(|name| name.as_str().starts_with("sparse_"));
        let content = match shape.as_deref() {
            Some([examples @ .., count]) if is_sparse => Content::Below(*count, [examples, &[1]].concat()),
            Some(shape) => Content::Flags(shape.to_vec()),
            None => Content::FillIn(format!("the labels of {}", self.name())),
        };
        Input { name: "labels".to_owned(), content, attribute: None, is_label: true }
    }

    /// What the code calls the labels.
    fn label_name(&self, call: &Call, parameter: &str) -> Option<String> {
        let NodeId::Expr(expr) = call.place.node else { return None };
        let hir = self.view.world.hir(call.place.unit);
        let Expr::Call { arguments, .. } = hir.expr(expr) else { return None };
        let by_name = arguments.iter().find(|argument| matches!(argument.kind, ArgumentKind::Keyword(name) if name == parameter));
        let position = call.arguments.iter().filter(|(name, ..)| *name != "self").position(|(name, ..)| *name == parameter);
        let argument = by_name.or_else(|| position.and_then(|at| arguments.get(at)))?;
        match hir.expr(argument.value) {
            Expr::Name(_) => Some(dotted(&hir, argument.value)),
            _ => None,
        }
    }
}

fn is_loss_function(qualified: &str) -> bool {
    let last = qualified.rsplit('.').next().unwrap_or_default();
    last.contains("cross_entropy") || last.ends_with("_loss") || matches!(last, "mean_squared_error" | "absolute_difference")
}
