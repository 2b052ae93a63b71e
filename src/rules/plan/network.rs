//! Plans for networks: a class of models, or a function that builds one.

use super::script::{runs_on_import, unimportable, unreachable};
use super::shapes::{BATCH, Known, Shapes};
use super::signature::{constants, constructor, entry, parameters};
use super::style;
use crate::finding::{Argument, Content, Input, Literal, Loss, Passed, Property, Returns, Style, Subject, TestPlan};
use crate::project::{self, Binding};
use crate::rules::view::{StepView, dotted};
use crate::step::context::ContextId;
use crate::step::tensor::{Scale, TensorId};
use crate::step::value::{ClassId, Value};
use crate::step::{self, Call, Entry, Origin, Request, Trial};
use crate::syntax::hir::{Expr, NodeId, ParameterKind};
use crate::syntax::{Name, Place, UnitId};

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

/// The class and method, or the function, that holds a unit.
pub(super) enum Host {
    /// A method of a class.
    Method {
        /// The class.
        class: UnitId,
        /// The name of the method.
        method: String,
    },
    /// A function.
    Function(UnitId),
    /// The statements of a module.
    Script,
}

/// What holds the code of `unit`.
pub(super) fn host(view: &StepView<'_>, unit: UnitId) -> Host {
    let name = unit.name.as_str();
    match name.rsplit_once('.') {
        _ if name.is_empty() => Host::Script,
        Some((class, method)) => match project::lookup(view.world, unit.file, Name::new(class)) {
            Binding::Class(class) => Host::Method { class, method: method.to_owned() },
            _ => Host::Script,
        },
        None if view.world.hir(unit).function().is_some() => Host::Function(unit),
        None => Host::Script,
    }
}

/// The plan for the network whose code holds `place`.
pub(super) fn plan(view: &StepView<'_>, place: Place, context: ContextId, property: Property) -> TestPlan {
    let style = style(view, place);
    let target = Target { place, site: None };
    planned(view, place.unit, context, style, property.clone(), target).unwrap_or_else(|| gap(view, place.unit, style, property))
}

/// The plan for a network that is evaluated: if no flag tells the mode, for the function that applies it for evaluation.
pub(super) fn evaluation_plan(view: &StepView<'_>, call: &Call, property: Property) -> TestPlan {
    let style = style(view, call.place);
    let has_flag = parameters(view, call.place.unit, false).iter().any(|parameter| super::signature::is_flag(parameter.name));
    let applied = view.call_site(call.context).zip(view.step.contexts().caller(call.context)).filter(|_| style == Style::Graph && !has_flag);
    if let Some((site, caller)) = applied {
        let target = Target { place: call.place, site: Some(site) };
        return planned(view, site.unit, caller, style, property.clone(), target).unwrap_or_else(|| gap(view, site.unit, style, property));
    }
    plan(view, call.place, call.context, property)
}

fn gap(view: &StepView<'_>, unit: UnitId, style: Style, property: Property) -> TestPlan {
    let missing = match property {
        Property::LossDependsOn | Property::OutputVaries => "the step of {place}: its network cannot be reached from outside, so return the loss and compare it for several inputs",
        _ => "the step of {place}: its network cannot be reached from outside, so return it, or run the step here",
    };
    unreachable(view, unit, style, property, missing)
}

/// The code that the test is about.
#[derive(Clone, Copy)]
struct Target {
    place: Place,
    /// Where the function around it was called, if it matters which call is meant.
    site: Option<Place>,
}

fn planned(view: &StepView<'_>, unit: UnitId, context: ContextId, style: Style, property: Property, target: Target) -> Option<TestPlan> {
    if runs_on_import(view, unit.file) {
        return Some(unimportable(view, unit, style, property));
    }
    match host(view, unit) {
        Host::Script => None,
        Host::Function(function) => {
            let call = entry(view, function, context);
            let known = constants(view, function, false, call, &property);
            let network = Network::tried(view, style, function, "", &[], &known, call)?;
            network.plan(property, target)
        }
        Host::Method { class, method } => {
            let order = order_of(view, class)?;
            let is_model = style == Style::Objects && view.unit_called(class.file, "torch.nn.Module").is_some_and(|module| order.contains(&module));
            let init = method_of(view, &order, "__init__");
            let own = entry(view, UnitId { name: Name::new(&format!("{}.{method}", class.name)), ..unit }, context);
            let (arguments, known) = constructor(view, init, class.name.as_str(), init.and_then(|init| constructor_entry(view, init, own)));
            let called = if is_model && method_of(view, &order, "forward").is_some() { "forward".to_owned() } else { method.clone() };
            let attempt = |called: &str| {
                let callee = method_of(view, &order, called)?;
                let call = entry(view, callee, context);
                let passed = constants(view, callee, true, call, &property);
                let mut network = Network::tried(view, style, class, called, &known, &passed, call)?;
                network.constructor.clone_from(&arguments);
                network.is_plain |= is_model && called == "forward";
                Some(network)
            };
            let network = attempt(&called).filter(|network| network.runs(target.place)).or_else(|| attempt(&method))?;
            network.plan(property, target)
        }
    }
}

/// The units of a class and its bases, in the order of lookup.
pub(super) fn order_of(view: &StepView<'_>, class: UnitId) -> Option<Vec<UnitId>> {
    let number: ClassId = view.step.class_called(class)?;
    Some(view.step.class_order(number).collect())
}

/// The unit of a project method, wherever it is inherited from.
pub(super) fn method_of(view: &StepView<'_>, order: &[UnitId], method: &str) -> Option<UnitId> {
    order.iter().filter(|class| view.is_project(**class)).find_map(|class| project::method(view.world, *class, Name::new(method)))
}

/// The call of the constructor that made the receiver of `method`, or else any call of it.
fn constructor_entry<'a>(view: &StepView<'a>, init: UnitId, method: Option<&Entry>) -> Option<&'a Entry> {
    let calls = || view.step.entries().iter().filter(move |entry| entry.unit == init);
    let receiver = method.and_then(|method| method.arguments.first()).map(|(_, value, _)| value.clone());
    calls().find(|entry| receiver.is_some() && entry.arguments.first().map(|(_, value, _)| value) == receiver.as_ref()).or_else(|| calls().next())
}

/// A network that was tried out.
struct Network<'v, 'a> {
    view: &'v StepView<'a>,
    style: Style,
    subject: UnitId,
    method: String,
    /// Whether the method is what runs when the object itself is called.
    is_plain: bool,
    called: UnitId,
    constructor: Vec<Argument>,
    constants: Vec<(Name, Literal)>,
    call: Option<&'v Entry>,
    trial: Trial,
}

impl<'v, 'a> Network<'v, 'a> {
    fn tried(view: &'v StepView<'a>, style: Style, subject: UnitId, method: &str, made_with: &[(Name, Literal)], known: &[(Name, Literal)], call: Option<&'v Entry>) -> Option<Self> {
        let tensor = tensor_class(view, style, subject);
        let request = Request { subject, method, constructor: made_with, arguments: known, tensor };
        let trial = step::try_out(view.world, &request);
        let called = trial.called.filter(|_| !trial.step.exceeded())?;
        Some(Self { view, style, subject, method: method.to_owned(), is_plain: method == "__call__", called, constructor: Vec::new(), constants: known.to_vec(), call, trial })
    }

    /// Whether the code at `place` runs when the network does.
    fn runs(&self, place: Place) -> bool {
        self.trial.step.calls().iter().any(|call| call.place == place)
    }

    fn plan(self, property: Property, target: Target) -> Option<TestPlan> {
        let (output, returns) = self.output(&property, target)?;
        if self.trial.inputs.is_empty() && self.style == Style::Objects {
            // Without an input there is nothing to vary; a model that makes its own data can still be trained.
            matches!(property, Property::Trains(_) | Property::StatisticsMoved).then_some(())?;
        }
        let tried = StepView::new(&self.trial.step, self.view.world);
        let shapes = Shapes::new(&tried);
        let tensors: Vec<TensorId> = self.trial.inputs.iter().map(|(_, tensor)| *tensor).collect();
        let known: Vec<(TensorId, Option<Known>)> = self.trial.inputs.iter().map(|(name, tensor)| (*tensor, self.shape_at_call(*name))).collect();
        let contents = shapes.solve(&known);
        let is_label = |tensor: TensorId| returns == Returns::Loss && self.is_label(tensor);
        let mut inputs: Vec<Input> = self
            .trial
            .inputs
            .iter()
            .zip(&contents)
            .map(|((name, tensor), content)| Input {
                name: name.to_string(),
                content: content.clone().unwrap_or_else(|| Content::FillIn(format!("`{name}` of {}", self.name()))),
                attribute: None,
                is_label: is_label(*tensor),
            })
            .collect();
        if !inputs.is_empty() && inputs.iter().all(|input| input.is_label) {
            inputs.iter_mut().for_each(|input| input.is_label = false);
        }
        let needs_loss = matches!(property, Property::Trains(_) | Property::StatisticsMoved | Property::LossDependsOn);
        let loss = if needs_loss && returns == Returns::Output {
            let shape = output.and_then(|output| shapes.shape_of(output, &tensors, &contents));
            self.loss(shape, &mut inputs)
        } else {
            Loss::Probe
        };
        let is_trained = matches!(property, Property::Trains(_) | Property::StatisticsMoved);
        let optimizer = if is_trained { super::optimizer::used(self.view, self.style) } else { None };
        Some(TestPlan { style: self.style, module: self.view.world.module_name(self.subject.file).to_string(), subject: self.subject(returns), inputs, loss, optimizer, property })
    }

    fn name(&self) -> String {
        let name = self.subject.name.as_str();
        if self.method.is_empty() || self.is_plain { name.to_owned() } else { format!("{name}.{}", self.method) }
    }

    fn subject(&self, returns: Returns) -> Subject {
        let arguments = self.arguments();
        if self.method.is_empty() {
            return Subject::Function { function: self.subject.name.to_string(), arguments, returns };
        }
        let method = (!self.is_plain).then(|| self.method.clone());
        Subject::Model { class: self.subject.name.to_string(), constructor: self.constructor.clone(), method, arguments, returns }
    }

    fn arguments(&self) -> Vec<Argument> {
        let mut skipped = false;
        let mut arguments = Vec::new();
        for parameter in parameters(self.view, self.called, !self.method.is_empty()) {
            let input = self.trial.inputs.iter().position(|(name, _)| *name == parameter.name);
            let constant = self.constants.iter().find(|(name, _)| *name == parameter.name);
            let value = match (constant, input) {
                (Some((_, literal)), _) => Passed::Literal(literal.clone()),
                (None, Some(number)) => Passed::Input(number),
                (None, None) => {
                    skipped = true;
                    continue;
                }
            };
            skipped |= parameter.kind == ParameterKind::KeywordOnly || (constant.is_some() && parameter.kind == ParameterKind::Normal);
            arguments.push(Argument { name: parameter.name.to_string(), by_name: skipped, value });
        }
        arguments
    }

    /// The tensor that is returned and matters, if it is one, and where it is among what is returned.
    fn output(&self, property: &Property, target: Target) -> Option<(Option<TensorId>, Returns)> {
        let step = &self.trial.step;
        let tensors = step.tensors();
        let results: Vec<TensorId> = step
            .calls()
            .iter()
            .filter(|call| call.place == target.place && target.site.is_none_or(|site| step.contexts().call_site(call.context) == Some(site)))
            .filter_map(|call| step.tensor(&call.result))
            .collect();
        let depends = |tensor: TensorId| {
            let below = tensors.ancestors(tensor, false);
            results.iter().any(|result| below.contains(result))
        };
        let items: Vec<Option<TensorId>> = match &self.trial.output {
            Value::Tuple(values) => values.iter().map(|value| step.tensor(value)).collect(),
            single => vec![step.tensor(single)],
        };
        let known = || items.iter().enumerate().filter_map(|(at, item)| item.map(|item| (at, item)));
        let one = |at: usize, alone: Returns| if items.len() == 1 { alone } else { Returns::Item(at, items.len()) };
        let is_trained = matches!(property, Property::Trains(_) | Property::StatisticsMoved);
        if *property == Property::LossDependsOn {
            // Only what returns the loss can be asked for it.
            return known().find(|(_, item)| depends(*item)).map(|(at, item)| (Some(item), one(at, Returns::Loss)));
        }
        if is_trained && let Some((at, loss)) = known().find(|(_, item)| self.is_loss(*item)) {
            return Some((Some(loss), one(at, Returns::Loss)));
        }
        if is_trained || self.style == Style::Objects {
            // All that is returned, whatever holds it: the checker walks through it.
            let single = if items.len() == 1 { items[0] } else { None };
            let is_something = known().next().is_some() || matches!(self.trial.output, Value::Object(_)) || (self.style == Style::Objects && !self.method.is_empty() && self.trial.output != Value::None);
            return is_something.then_some((single, Returns::Output));
        }
        if known().next().is_none() && items.len() == 1 && matches!(self.trial.output, Value::Object(_)) {
            // A dict or list: sessions fetch it whole.
            return Some((None, Returns::Output));
        }
        let (at, tensor) = known().find(|(_, item)| depends(*item)).or_else(|| known().next())?;
        Some((Some(tensor), one(at, Returns::Output)))
    }

    /// Whether a tensor is a loss, or a single number made of one.
    fn is_loss(&self, tensor: TensorId) -> bool {
        let tensors = self.trial.step.tensors();
        let found = tensors.get(tensor);
        found.scale == Scale::Loss || (found.rank == Some(0) && tensors.ancestors(tensor, false).into_iter().any(|below| tensors.get(below).scale == Scale::Loss))
    }

    /// Whether a tensor reaches the loss as its labels only.
    fn is_label(&self, input: TensorId) -> bool {
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

    /// The shape of what the code itself passes for a parameter, as far as it says one.
    fn shape_at_call(&self, name: Name) -> Option<Known> {
        let (value, origin) = self.call?.argument(name)?;
        if origin != Origin::Explicit {
            return None;
        }
        made_shape(self.view, self.view.step.tensor(value)?)
    }

    /// The loss that the code makes of the output, with its labels as another input.
    fn loss(&self, shape: Option<Vec<i64>>, inputs: &mut Vec<Input>) -> Loss {
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

    /// What the code calls the labels.
    fn label_name(&self, call: &Call, parameter: &str) -> Option<String> {
        let NodeId::Expr(expr) = call.place.node else { return None };
        let hir = self.view.world.hir(call.place.unit);
        let Expr::Call { arguments, .. } = hir.expr(expr) else { return None };
        let by_name = arguments.iter().find(|argument| matches!(argument.kind, crate::syntax::hir::ArgumentKind::Keyword(name) if name == parameter));
        let position = call.arguments.iter().filter(|(name, ..)| *name != "self").position(|(name, ..)| *name == parameter);
        let argument = by_name.or_else(|| position.and_then(|at| arguments.get(at)))?;
        match hir.expr(argument.value) {
            Expr::Name(_) => Some(dotted(&hir, argument.value)),
            _ => None,
        }
    }
}

/// The shape that code gives a tensor where it makes it: a placeholder, random numbers.
pub(super) fn made_shape(view: &StepView<'_>, tensor: TensorId) -> Option<Known> {
    let made = view.step.calls().iter().find(|call| view.step.tensor(&call.result) == Some(tensor) && (call.argument("shape").is_some() || call.argument("size").is_some()))?;
    let name = view.qualified_name(made.callee);
    let name = name.as_str().rsplit('.').next().unwrap_or_default();
    if !matches!(name, "placeholder" | "rand" | "randn" | "randint" | "zeros" | "ones" | "random_normal" | "random_uniform") {
        return None;
    }
    let sizes = made.argument("shape").or_else(|| made.argument("size")).and_then(|(value, _)| view.step.literal(value))?;
    let (Literal::Tuple(items) | Literal::List(items)) = sizes else { return None };
    let items = match items.as_slice() {
        [Literal::Tuple(inner) | Literal::List(inner)] => inner.clone(),
        _ => items,
    };
    let sizes = items.iter().enumerate().map(|(axis, item)| match (axis, item) {
        (0, _) => Some(Some(BATCH)),
        (_, Literal::Int(size)) if *size > 0 => Some(Some(*size)),
        (_, Literal::None) => Some(None),
        _ => None,
    });
    sizes.collect::<Option<Vec<Option<i64>>>>().map(Known)
}

fn is_loss_function(qualified: &str) -> bool {
    let last = qualified.rsplit('.').next().unwrap_or_default();
    last.contains("cross_entropy") || last.ends_with("_loss") || matches!(last, "mean_squared_error" | "absolute_difference")
}

/// The class of the tensors that code of this style takes.
pub(super) fn tensor_class(view: &StepView<'_>, style: Style, subject: UnitId) -> Option<UnitId> {
    view.unit_called(subject.file, match style {
        Style::Objects => "torch.Tensor",
        Style::Graph => "tensorflow.Tensor",
    })
}
