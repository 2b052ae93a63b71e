//! Plans for networks: a class of models, or a function that builds one.

mod layers;
mod loss;
mod sizes;

pub(super) use sizes::without_sizes;

use std::collections::BTreeSet;

use super::host::{Host, host, method_of, order_of};
use super::known::{Known, made_shape};
use super::script::{runs_on_import, unimportable, unreachable};
use super::shapes::Shapes;
use super::signature::{Mode, arguments, constants, constructor, entry, parameters, required, required_fields};
use super::style;
use super::training::takes_steps;
use crate::finding::{Argument, Content, Input, Literal, Loss, Property, Returns, Style, Subject, TestPlan};
use crate::rules::flag::is_flag;
use crate::rules::trainable::model_style;
use crate::rules::view::StepView;
use crate::step::context::ContextId;
use crate::step::tensor::TensorId;
use crate::step::value::Value;
use crate::step::{self, Call, Entry, Origin, Request, Trial};
use crate::syntax::{Name, Place, UnitId};

/// The plan for the network whose code holds `place`.
pub(super) fn plan(view: &StepView<'_>, place: Place, context: ContextId, property: Property) -> TestPlan {
    let style = style(view, place);
    let subject = Sought { host: host(view, place.unit), context: Some(context), style };
    let target = Target { place: Some(place), site: None };
    planned(view, &subject, &property, target).unwrap_or_else(|| gap(view, place.unit, style, property))
}

/// The plan for a network that is evaluated: if no flag tells the mode, for the function that applies it for evaluation.
pub(super) fn evaluation_plan(view: &StepView<'_>, call: &Call, property: Property) -> TestPlan {
    let style = style(view, call.place);
    let has_flag = parameters(view, call.place.unit, false).iter().any(|parameter| is_flag(parameter.name.as_str()));
    let applied = view.call_site(call.context).zip(view.step.contexts().caller(call.context)).filter(|_| style == Style::Graph && !has_flag);
    if let Some((site, caller)) = applied {
        let subject = Sought { host: host(view, site.unit), context: Some(caller), style };
        let target = Target { place: Some(call.place), site: Some(site) };
        return planned(view, &subject, &property, target).unwrap_or_else(|| gap(view, site.unit, style, property));
    }
    plan(view, call.place, call.context, property)
}

/// A plan that asks for the network of `unit`.
pub(super) fn gap(view: &StepView<'_>, unit: UnitId, style: Style, property: Property) -> TestPlan {
    let missing = match property {
        Property::LossDependsOn | Property::OutputVaries => "the step of {place}: its network cannot be reached from outside, so return the loss and compare it for several inputs",
        _ => "the step of {place}: its network cannot be reached from outside, so return it, or run the step here",
    };
    unreachable(view, unit, style, property, missing)
}

/// A plan that asks for a step of `unit`, of which it is not known what it trains.
pub(super) fn not_followed(view: &StepView<'_>, unit: UnitId, style: Style, property: Property) -> TestPlan {
    unreachable(view, unit, style, property, "a training step of {place}: what it runs and trains could not be followed, so run it here")
}

/// What is built and run.
pub(super) struct Sought {
    /// The class with its method, or the function.
    pub(super) host: Host,
    /// The context in which its code was met, if one is known.
    pub(super) context: Option<ContextId>,
    /// How it is run.
    pub(super) style: Style,
}

/// The code that the test is about; all of it without a place.
#[derive(Clone, Copy)]
struct Target {
    place: Option<Place>,
    /// Where the function around it was called, if it matters which call is meant.
    site: Option<Place>,
}

/// Why a network gets no test.
pub(super) enum Missing {
    /// It trains nothing.
    Nothing,
    /// What it trains is not known.
    Unknown,
}

/// All of a network, without a place.
const WHOLE: Target = Target { place: None, site: None };

/// The plans for a network without a bug: what holds of every network, and of the layers that it has.
pub(super) fn training_plans(view: &StepView<'_>, sought: &Sought) -> Result<Vec<TestPlan>, Missing> {
    let trains = Property::Trains(Vec::new());
    let network = tried(view, sought, &trains, WHOLE).filter(Network::has_weights).ok_or(Missing::Unknown)?;
    let trains = if network.chooses_parts() { network.trains().map_err(|_| Missing::Unknown)? } else { trains };
    plans(view, sought, network, trains)
}

/// The plans for a method of an object that may hold more than the method runs: of all this, that trains which a call reaches.
pub(super) fn method_plans(view: &StepView<'_>, sought: &Sought) -> Result<Vec<TestPlan>, Missing> {
    let network = tried(view, sought, &Property::Trains(Vec::new()), WHOLE).ok_or(Missing::Unknown)?;
    // What trains by itself need return nothing, and cannot be trained through what it returns.
    if takes_steps(&StepView::new(&network.trial.step, view.world), network.called) {
        return Err(Missing::Unknown);
    }
    let trains = network.trains()?;
    plans(view, sought, network, trains)
}

fn plans(view: &StepView<'_>, sought: &Sought, network: Network<'_, '_>, trains: Property) -> Result<Vec<TestPlan>, Missing> {
    let is_whole = trains == Property::Trains(Vec::new());
    let mut plans = vec![network.plan(trains, WHOLE).ok_or(Missing::Unknown)?];
    for property in [Property::StatisticsMoved, Property::Deterministic, Property::ExamplesIndependent] {
        if property == Property::StatisticsMoved && !is_whole {
            continue;
        }
        // Whoever fills in what one test asks for can copy it; nobody wants to be asked four times.
        let network = tried(view, sought, &property, WHOLE).filter(|network| plans[0].gaps() == 0 && network.asks_for(&property));
        plans.extend(network.and_then(|network| network.plan(property, WHOLE)));
    }
    Ok(plans)
}

fn planned(view: &StepView<'_>, sought: &Sought, property: &Property, target: Target) -> Option<TestPlan> {
    let unit = target.site.or(target.place)?.unit;
    if runs_on_import(view, unit.file) {
        return Some(unimportable(view, unit, sought.style, property.clone()));
    }
    tried(view, sought, property, target)?.plan(property.clone(), target)
}

/// The network that is sought, tried out in the mode that `property` is about.
fn tried<'v, 'a>(view: &'v StepView<'a>, sought: &Sought, property: &Property, target: Target) -> Option<Network<'v, 'a>> {
    let &Sought { ref host, context, style } = sought;
    match *host {
        Host::Script => None,
        Host::Function(function) => {
            let call = entry(view, function, context);
            let known = constants(view, function, false, call, Mode { property, style });
            let mut network = Network::tried(view, style, function, "", &[], &known, call)?;
            if network.trial.is_builder {
                (network.passed, _) = required(view, function, false, function.name.as_str(), call);
            }
            Some(network)
        }
        Host::Method { class, ref method } => {
            let order = order_of(view, class)?;
            let (base, forward) = match style {
                Style::Layers => (super::LAYER, "call"),
                Style::Pure => (super::MODULE, "__call__"),
                Style::Objects | Style::Graph => ("torch.nn.Module", "forward"),
            };
            let is_model = style != Style::Graph && view.unit_called(class.file, base).is_some_and(|base| order.contains(&base));
            let init = method_of(view, &order, "__init__");
            let own = entry(view, UnitId { name: Name::new(&format!("{}.{method}", class.name)), ..class }, context);
            let (arguments, known) = if style == Style::Pure && init.is_none() { (required_fields(view, &order), Vec::new()) } else { constructor(view, init, class.name.as_str(), init.and_then(|init| constructor_entry(view, init, own))) };
            let called = if is_model && target.place.is_some() && method_of(view, &order, forward).is_some() { forward.to_owned() } else { method.clone() };
            let attempt = |called: &str, arguments: &[Argument], known: &[(Name, Literal)]| {
                let callee = method_of(view, &order, called)?;
                let call = entry(view, callee, context);
                let passed = constants(view, callee, true, call, Mode { property, style });
                let mut network = Network::tried(view, style, class, called, known, &passed, call)?;
                network.constructor = arguments.to_vec();
                network.is_plain |= is_model && called == forward;
                if network.trial.is_builder {
                    (network.passed, _) = required(view, callee, true, called, call);
                }
                Some(network)
            };
            let chosen = |arguments: &[Argument], known: &[(Name, Literal)]| {
                let whole = attempt(&called, arguments, known).filter(|network| target.place.is_none_or(|place| network.runs(place)));
                whole.or_else(|| attempt(method, arguments, known))
            };
            let network = chosen(&arguments, &known)?;
            let sized = init.map(|init| network.sized(init)).unwrap_or_default();
            let sizes = sizes::chosen(&sized);
            let again = if sizes.is_empty() { None } else { chosen(&sized, &[known, sizes].concat()) };
            Some(again.filter(Network::is_shaped).unwrap_or(network))
        }
    }
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
    /// What a function that builds a network is passed.
    passed: Vec<Argument>,
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
        Some(Self { view, style, subject, method: method.to_owned(), is_plain: method == "__call__", called, constructor: Vec::new(), passed: Vec::new(), constants: known.to_vec(), call, trial })
    }

    /// Whether the code at `place` runs when the network does.
    fn runs(&self, place: Place) -> bool {
        self.trial.step.calls().iter().any(|call| call.place == place)
    }

    fn plan(self, property: Property, target: Target) -> Option<TestPlan> {
        let (output, returns) = self.output(&property, target)?;
        if self.trial.inputs.is_empty() && self.style != Style::Graph {
            // Without an input there is nothing to vary; a model that makes its own data can still be trained.
            matches!(property, Property::Trains(_) | Property::StatisticsMoved).then_some(())?;
        }
        if self.trial.is_builder && self.takes_more() {
            return None;
        }
        let tried = StepView::new(&self.trial.step, self.view.world);
        let shapes = Shapes::new(&tried);
        let passed = self.data(&returns);
        let tensors: Vec<TensorId> = passed.iter().map(|(_, tensor)| *tensor).collect();
        let known_shape = |name: Name, tensor: TensorId| if self.trial.is_builder { made_shape(&tried, tensor) } else { self.shape_at_call(name) };
        let known: Vec<(TensorId, Option<Known>)> = passed.iter().map(|(name, tensor)| (*tensor, known_shape(*name, *tensor))).collect();
        let contents = shapes.solve(&known);
        let is_label = |tensor: TensorId| returns == Returns::Loss && self.is_label(tensor);
        let mut inputs: Vec<Input> = passed
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
            if let Some(place) = target.place.filter(|_| property == Property::LossDependsOn && returns == Returns::Network) {
                inputs.push(self.compiled_labels(place, output.and_then(|output| shapes.shape_of(output, &tensors, &contents))));
            }
            Loss::Probe
        };
        let is_trained = matches!(property, Property::Trains(_) | Property::StatisticsMoved);
        // Only models list their parameters.
        let is_model = self.method.is_empty() || self.style != Style::Objects || model_style(self.view.world, self.subject).is_some();
        let optimizer = if is_trained && is_model { super::optimizer::used(self.view, self.style) } else { None };
        let has_state = self.style == Style::Pure && tried.calls_of("flax.linen.layers.BatchNorm.__call__").next().is_some();
        Some(TestPlan { style: self.style, has_state, module: self.view.world.module_name(self.subject.file).to_string(), subject: self.subject(returns, &passed), inputs, loss, optimizer, property })
    }

    /// Whether the network that is built takes more than the one tensor that it was tried on.
    fn takes_more(&self) -> bool {
        let step = &self.trial.step;
        let is_tried = |value: &Value| step.tensor(value).is_some_and(|tensor| self.trial.inputs.iter().any(|(_, input)| *input == tensor));
        let applied = step.entries().iter().filter(|entry| entry.class.is_some() && entry.arguments.iter().any(|(_, value, _)| is_tried(value)));
        let outermost = applied.min_by_key(|entry| step.contexts().depth(entry.context));
        outermost.is_some_and(|entry| parameters(self.view, entry.unit, true).iter().filter(|parameter| parameter.default.is_none()).count() > 1)
    }

    fn name(&self) -> String {
        let name = self.subject.name.as_str();
        if self.method.is_empty() || self.is_plain { name.to_owned() } else { format!("{name}.{}", self.method) }
    }

    /// The tensors that are passed, without sizes of layers; a part of a network takes numbers beside them, which reach the output by no operation.
    fn data(&self, returns: &Returns) -> Vec<(Name, TensorId)> {
        let passed = without_sizes(&StepView::new(&self.trial.step, self.view.world), &self.trial.inputs);
        let tensors = self.trial.step.tensors();
        let below: BTreeSet<TensorId> = self.outputs().into_iter().flatten().flat_map(|output| tensors.ancestors(output, false)).collect();
        passed.into_iter().filter(|(_, tensor)| *returns != Returns::Part || below.contains(tensor)).collect()
    }

    fn subject(&self, returns: Returns, inputs: &[(Name, TensorId)]) -> Subject {
        let arguments = if self.trial.is_builder {
            self.passed.clone()
        } else {
            arguments(self.view, self.called, !self.method.is_empty(), &self.constants, inputs)
        };
        if self.method.is_empty() {
            return Subject::Function { function: self.subject.name.to_string(), arguments, returns };
        }
        let method = (!self.is_plain).then(|| self.method.clone());
        Subject::Model { class: self.subject.name.to_string(), constructor: self.constructor.clone(), method, arguments, returns }
    }

    /// The tensor that is returned and matters, if it is one, and where it is among what is returned.
    fn output(&self, property: &Property, target: Target) -> Option<(Option<TensorId>, Returns)> {
        let step = &self.trial.step;
        let tensors = step.tensors();
        let results: Vec<TensorId> = step
            .calls()
            .iter()
            .filter(|call| Some(call.place) == target.place && target.site.is_none_or(|site| step.contexts().call_site(call.context) == Some(site)))
            .filter_map(|call| step.tensor(&call.result))
            .collect();
        let depends = |tensor: TensorId| {
            let below = tensors.ancestors(tensor, false);
            results.iter().any(|result| below.contains(result))
        };
        let items = self.outputs();
        let known = || items.iter().enumerate().filter_map(|(at, item)| item.map(|item| (at, item)));
        let one = |at: usize, alone: Returns| if items.len() == 1 { alone } else { Returns::Item(at, items.len()) };
        let is_trained = matches!(property, Property::Trains(_) | Property::StatisticsMoved);
        if *property == Property::OutputVaries && !self.trial.is_builder && !self.makes_layers() {
            // Beside what stays the same something else may vary.
            let entries = self.trial.entries.iter().map(|(key, tensor)| (Returns::Entry(key.clone()), *tensor));
            let parts: Vec<(Returns, TensorId)> = if items.len() > 1 { known().map(|(at, item)| (Returns::Item(at, items.len()), item)).collect() } else { entries.collect() };
            let part = parts.iter().find(|(_, tensor)| results.contains(tensor)).or_else(|| parts.iter().find(|(_, tensor)| depends(*tensor)));
            if let Some((returns, tensor)) = part {
                return Some((Some(*tensor), returns.clone()));
            }
        }
        if self.trial.is_builder {
            let single = if items.len() == 1 { items[0] } else { None };
            let is_known = *property != Property::LossDependsOn || target.place.is_some_and(|place| self.compiles(place));
            return is_known.then_some((single, Returns::Network));
        }
        if *property == Property::LossDependsOn {
            // Only what returns the loss can be asked for it.
            return known().find(|(_, item)| depends(*item)).map(|(at, item)| (Some(item), one(at, Returns::Loss)));
        }
        if self.makes_layers() && items.iter().all(Option::is_some) {
            let single = if items.len() == 1 { items[0] } else { None };
            return Some((single, Returns::Part));
        }
        if is_trained && let Some((at, loss)) = known().find(|(_, item)| self.is_loss(*item)) {
            return Some((Some(loss), one(at, Returns::Loss)));
        }
        if is_trained || self.style != Style::Graph {
            // All that is returned, whatever holds it: the checker walks through it.
            let single = if items.len() == 1 { items[0] } else { None };
            let is_something = known().next().is_some() || matches!(self.trial.output, Value::Object(_)) || (self.style != Style::Graph && !self.method.is_empty() && self.trial.output != Value::None);
            return (is_something && !self.returns_distribution()).then_some((single, Returns::Output));
        }
        if known().next().is_none() && items.len() == 1 && matches!(self.trial.output, Value::Object(_)) {
            // A dict or list: sessions fetch it whole.
            return Some((None, Returns::Output));
        }
        let (at, tensor) = known().find(|(_, item)| depends(*item)).or_else(|| known().next())?;
        Some((Some(tensor), one(at, Returns::Output)))
    }

    /// Whether a distribution is returned, which is no tensor and lists none.
    fn returns_distribution(&self) -> bool {
        let tried = StepView::new(&self.trial.step, self.view.world);
        let is_returned = |value: &Value| matches!(value, Value::Object(_)) && *value == self.trial.output;
        let is_receiver = |call: &Call| call.arguments.first().is_some_and(|(_, value, _)| is_returned(value));
        self.trial.step.calls().iter().any(|call| is_receiver(call) && tried.qualified_name(call.callee).as_str().starts_with("torch.distributions."))
    }

    /// What is returned, one by one, if they are tensors.
    fn outputs(&self) -> Vec<Option<TensorId>> {
        let step = &self.trial.step;
        match &self.trial.output {
            Value::Tuple(values) => values.iter().map(|value| step.tensor(value)).collect(),
            single => vec![step.tensor(single)],
        }
    }

    /// The shape of what the code itself passes for a parameter, as far as it says one.
    fn shape_at_call(&self, name: Name) -> Option<Known> {
        let (value, origin) = self.call?.argument(name)?;
        if origin != Origin::Explicit {
            return None;
        }
        made_shape(self.view, self.view.step.tensor(value)?)
    }
}

/// The class of the tensors that code of this style takes.
pub(super) fn tensor_class(view: &StepView<'_>, style: Style, subject: UnitId) -> Option<UnitId> {
    view.unit_called(subject.file, match style {
        Style::Objects => "torch.Tensor",
        Style::Graph | Style::Layers => "tensorflow.Tensor",
        Style::Pure => "jax.Array",
    })
}
