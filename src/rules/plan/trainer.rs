//! Plans for code that trains several networks: objects with operations or methods that train, functions that return operations.

use std::collections::BTreeSet;

use super::host::{Host, host, method_of, order_of};
use super::known::{Known, fed_shape, made_shape};
use super::network::{tensor_class, without_sizes};
use super::script::{runs_on_import, unimportable, unreachable};
use super::shapes::Shapes;
use super::signature::{Mode, arguments, constants, constructor, entry};
use crate::finding::{Argument, Content, Input, Literal, Loss, Property, Style, Subject, TestPlan};
use crate::rules::trainable::model_style;
use crate::rules::view::{EventView, StepView, dotted, part_assigned};
use crate::step::context::ContextId;
use crate::step::parameters::{ParameterId, ParameterSet};
use crate::step::tensor::TensorId;
use crate::step::value::Value;
use crate::step::{self, Call, Request};
use crate::syntax::hir::{Expr, ExprId, Hir, NodeId, Stmt};
use crate::syntax::{Name, Place, UnitId};

/// The two sides of an update.
pub(in crate::rules) struct Sides {
    /// Parameters of the network that the update is for.
    pub(in crate::rules) trained: BTreeSet<ParameterId>,
    /// Parameters of the other network.
    pub(in crate::rules) untouched: BTreeSet<ParameterId>,
}

impl Sides {
    /// What should hold after the update: in terms of the attributes that `init` sets, or of scopes of the graph.
    fn property(&self, view: &StepView<'_>, init: Option<UnitId>) -> Property {
        Property::OpponentUntouched { trained: scopes(view, &self.trained, init), untouched: scopes(view, &self.untouched, init) }
    }

    /// Whether the names by which the test knows the sides tell them apart.
    fn are_told_apart(&self, view: &StepView<'_>, init: Option<UnitId>) -> bool {
        let (trained, untouched) = (scopes(view, &self.trained, init), scopes(view, &self.untouched, init));
        !trained.is_empty() && !untouched.is_empty() && !trained.iter().any(|scope| untouched.contains(scope))
    }
}

/// What should hold after an update.
#[derive(Clone, Copy)]
pub(super) enum Demand<'s> {
    /// Everything trains.
    All,
    /// These train.
    These(&'s BTreeSet<ParameterId>),
    /// One network trains, and the other is left alone.
    Players(&'s Sides),
}

impl Demand<'_> {
    fn property(self, view: &StepView<'_>, init: Option<UnitId>) -> Property {
        match self {
            Self::All => Property::Trains(Vec::new()),
            Self::These(trained) => Property::Trains(whole_scopes(view, trained, init)),
            Self::Players(sides) => sides.property(view, init),
        }
    }
}

/// The plans for the updates that stand in `units`, a class with its methods or a function: each player trains, and leaves the others
/// alone. Of a method that is `wanted` those that it makes.
pub(super) fn training_plans(view: &StepView<'_>, units: &[UnitId], wanted: Option<UnitId>) -> Vec<TestPlan> {
    let mut found: Vec<(EventView<'_>, Option<&BTreeSet<ParameterId>>)> = Vec::new();
    let mut all = [view.events("optimizer"), view.events("minimize"), view.events("apply"), fits_of_objects(view)].concat();
    all.retain(|made| units.contains(&made.event.place.unit));
    // A helper that applies gradients is met by itself too.
    let is_part = |made: &EventView<'_>| made.detail("gradients").is_some() && !units_around(view, made.event.context).iter().any(|&unit| has_tape(view, unit));
    all.sort_by_key(|made| (wanted.is_some() && stepping(view, made, wanted).is_none(), is_part(made)));
    for made in &all {
        if !found.iter().any(|(known, _)| known.event.place == made.event.place) {
            let held = made.parameters().filter(|held| held.is_exact()).map(|held| &held.certain);
            found.push((*made, held));
        }
    }
    let methods: Vec<Option<UnitId>> = found.iter().map(|(made, _)| stepping(view, made, wanted)).collect();
    let is_one_step = methods.windows(2).all(|pair| pair[0] == pair[1]);
    let mut plans = Vec::new();
    for (number, ((made, held), method)) in found.iter().zip(&methods).enumerate() {
        if wanted.is_some() && method.is_none() {
            continue;
        }
        let others = || found.iter().enumerate().filter(|(other, _)| *other != number).map(|(_, (_, held))| *held);
        let sides = held.filter(|_| others().all(|held| held.is_some())).map(|trained| {
            let untouched = others().flatten().flatten().filter(|parameter| !trained.contains(parameter)).copied().collect();
            Sides { trained: trained.clone(), untouched }
        });
        let is_graph = made.detail("loss").is_some();
        let init = match host(view, made.event.place.unit) {
            Host::Method { class, .. } if !is_graph => order_of(view, class).and_then(|order| method_of(view, &order, "__init__")),
            _ => None,
        };
        let share = method.filter(|_| !is_graph).map_or(Share::Sole, |method| trained_in(view, made, method));
        let held = match &share {
            Share::Part(part) => Some(part),
            Share::Sole => *held,
            Share::Unknown => None,
        };
        let demand = match (sides.as_ref().filter(|sides| sides.are_told_apart(view, init)), held) {
            (Some(sides), _) => Demand::Players(sides),
            _ if matches!(share, Share::Sole) && (found.len() == 1 || is_one_step && !is_graph) => Demand::All,
            (None, _) if matches!(share, Share::Unknown) => {
                let style = if is_step_of_layers(made) { Style::Layers } else { Style::Objects };
                let missing = "the step of {place}: other code steps its optimizer too, so run it here for those networks that it trains";
                plans.push(unreachable(view, method.unwrap_or(made.event.place.unit), style, Property::Trains(Vec::new()), missing));
                continue;
            }
            (None, Some(held)) if !is_graph && !whole_scopes(view, held, init).is_empty() => Demand::These(held),
            (None, _) => continue,
        };
        let plan = if is_graph {
            with_operation(view, made, demand)
        } else if is_step_of_layers(made) {
            with_update(view, made, demand, *method)
        } else {
            with_optimizer(view, made, demand, *method)
        };
        if !plans.contains(&plan) {
            plans.push(plan);
        }
    }
    plans
}

/// The steps of compiled models that methods take: their objects keep the models.
fn fits_of_objects<'a>(view: &StepView<'a>) -> Vec<EventView<'a>> {
    let mut fits = view.events("fit");
    fits.retain(|fit| matches!(host(view, fit.event.place.unit), Host::Method { .. }));
    fits
}

/// Whether an update is a step rather than an optimizer: with the gradients of a tape, or with data.
pub(super) fn is_step_of_layers(update: &EventView<'_>) -> bool {
    ["gradients", "data"].iter().any(|given| update.detail(given).is_some())
}

/// What of an optimizer's parameters a method trains.
enum Share {
    /// All that is trained at all: nothing else steps the optimizer.
    Sole,
    /// What its losses reach: other code steps the optimizer too, and it need not train everything.
    Part(BTreeSet<ParameterId>),
    /// Other code steps the optimizer too, and what its losses reach is not known.
    Unknown,
}

/// What of the parameters of the optimizer `made` the losses of `method` reach.
fn trained_in(view: &StepView<'_>, made: &EventView<'_>, method: UnitId) -> Share {
    let runs = |event: &EventView<'_>| units_around(view, event.event.context).contains(&method);
    if view.events("step").iter().filter(|step| step.subject == made.subject).all(runs) {
        return Share::Sole;
    }
    let losses: Vec<Option<TensorId>> = view.events("backward").iter().filter(|backward| runs(backward)).map(|backward| view.step.tensor(backward.subject)).collect();
    let mut reached = ParameterSet::default();
    losses.iter().flatten().for_each(|&loss| reached.extend(&view.step.tensors().reached(loss)));
    let is_known = losses.iter().all(Option::is_some) && !reached.open && reached.possible.is_empty() && !reached.certain.is_empty();
    if is_known { Share::Part(reached.certain) } else { Share::Unknown }
}

/// The method or function that makes an update: `wanted`, if it does; else the innermost that a test can call.
pub(super) fn stepping(view: &StepView<'_>, made: &EventView<'_>, wanted: Option<UnitId>) -> Option<UnitId> {
    let is_wanted = |unit: &UnitId| wanted.is_none_or(|wanted| *unit == wanted);
    let around = units_around(view, made.event.context);
    if made.detail("loss").is_some() || made.detail("data").is_some() {
        return around.into_iter().find(is_wanted);
    }
    if made.detail("gradients").is_some() {
        // What applies gradients may be a helper of the step that computes them.
        let makes_gradients = |unit: &UnitId| wanted.is_some() || has_tape(view, *unit);
        return around.iter().copied().filter(is_wanted).find(makes_gradients).or_else(|| around.into_iter().find(is_wanted));
    }
    let Host::Method { class, .. } = host(view, made.event.place.unit) else { return None };
    let is_init = |unit: &UnitId| unit.name.as_str().rsplit('.').next() == Some("__init__");
    let is_method = |unit: &UnitId| unit.file == class.file && unit.name.as_str().strip_prefix(class.name.as_str()).is_some_and(|rest| rest.starts_with('.')) && !is_init(unit);
    // One that `__init__` makes is there for every method; another only for the code around it.
    let is_kept = around.iter().any(is_init);
    let steps = view.events("step").into_iter().filter(|step| step.subject == made.subject);
    steps.flat_map(|step| units_around(view, step.event.context)).find(|unit| is_method(unit) && is_wanted(unit) && (is_kept || around.contains(unit)))
}

/// Whether the code of `unit` makes a gradient tape.
fn has_tape(view: &StepView<'_>, unit: UnitId) -> bool {
    view.reads_attribute(unit, "GradientTape")
}

/// The units whose code runs in a context, the innermost first.
fn units_around(view: &StepView<'_>, context: ContextId) -> Vec<UnitId> {
    let contexts = view.step.contexts();
    contexts.chain(context).map(|context| contexts.unit(context)).collect()
}

/// The plan for an operation that minimises a loss: it is an attribute of an object, or returned.
pub(super) fn with_operation(view: &StepView<'_>, update: &EventView<'_>, demand: Demand<'_>) -> TestPlan {
    let place = update.event.place;
    let property = demand.property(view, None);
    let module = view.world.module_name(place.unit.file).to_string();
    if runs_on_import(view, place.unit.file) {
        return unimportable(view, place.unit, Style::Graph, property);
    }
    let name = view.assigned_to(place);
    match host(view, place.unit) {
        Host::Method { class, .. } => {
            if let Some(step) = name.as_deref().and_then(|name| name.strip_prefix("self.")) {
                let order = order_of(view, class).unwrap_or_default();
                let init = method_of(view, &order, "__init__");
                let made = init.and_then(|init| entry(view, init, Some(update.event.context)));
                let (constructor, known) = constructor(view, init, class.name.as_str(), made);
                // As the test makes it: with the defaults.
                let request = Request { subject: class, method: "", constructor: &known, arguments: &[], tensor: None };
                let built = step::try_out(view.world, &request).step;
                let inputs = placeholders(view, update, &StepView::new(&built, view.world));
                let subject = Subject::Trainer { class: class.name.to_string(), constructor, step: step.to_owned(), arguments: Vec::new() };
                return TestPlan { style: Style::Graph, has_state: false, module, subject, inputs, loss: Loss::Probe, optimizer: None, property };
            }
        }
        Host::Function(function) => {
            if let Some((item, step)) = name.and_then(|name| returned(view, function, &name)) {
                let call = entry(view, function, Some(update.event.context));
                let (arguments, inputs) = passed(view, function, "", &[], Style::Graph, call, &property);
                let subject = Subject::TrainerFunction { function: function.name.to_string(), arguments, item, step };
                return TestPlan { style: Style::Graph, has_state: false, module, subject, inputs, loss: Loss::Probe, optimizer: None, property };
            }
        }
        Host::Script => {}
    }
    unreachable(view, place.unit, Style::Graph, property, "the step of {place}: its training operation is local, so return it or keep it in an attribute, and run it here with step.run")
}

/// The plan for code that makes an optimizer: the method that steps it is run.
pub(super) fn with_optimizer(view: &StepView<'_>, made: &EventView<'_>, demand: Demand<'_>, method: Option<UnitId>) -> TestPlan {
    let place = made.event.place;
    let gap = || unreachable(view, place.unit, Style::Objects, demand.property(view, None), "the step of {place}: its networks and optimizers are local, so keep them in an object, and make one step here");
    if runs_on_import(view, place.unit.file) {
        return unimportable(view, place.unit, Style::Objects, demand.property(view, None));
    }
    let Host::Method { class, .. } = host(view, place.unit) else { return gap() };
    let Some(unit) = method else { return gap() };
    let Some(init) = order_of(view, class).and_then(|order| method_of(view, &order, "__init__")) else { return gap() };
    let step = unit.name.as_str().rsplit('.').next().unwrap_or_default().to_owned();
    let (made_with, known) = constructor(view, Some(init), class.name.as_str(), entry(view, init, Some(made.event.context)));
    let property = demand.property(view, Some(init));
    let (arguments, inputs) = passed(view, class, &step, &known, Style::Objects, entry(view, unit, Some(made.event.context)), &property);
    let subject = Subject::Trainer { class: class.name.to_string(), constructor: made_with, step, arguments };
    TestPlan { style: Style::Objects, has_state: false, module: view.world.module_name(class.file).to_string(), subject, inputs, loss: Loss::Probe, optimizer: None, property }
}

/// The plan for a step with a tape of its own, on whose way `place` lies.
pub(super) fn with_tape(view: &StepView<'_>, place: Place, context: ContextId, property: Property) -> TestPlan {
    let unit = units_around(view, context).into_iter().find(|&unit| has_tape(view, unit)).unwrap_or(place.unit);
    let gap = |property| unreachable(view, unit, Style::Layers, property, "the step of {place}: run it here");
    if runs_on_import(view, unit.file) {
        return unimportable(view, unit, Style::Layers, property);
    }
    // A step that repeats differs from itself: its weights have moved.
    if property != Property::StatisticsMoved {
        return gap(property);
    }
    let (subject, inputs) = match host(view, unit) {
        Host::Method { class, method } => {
            let Some(found) = layers_trainer(view, class, method, unit, context, &property) else { return gap(property) };
            found
        }
        Host::Function(function) => {
            let (arguments, inputs) = passed(view, function, "", &[], Style::Layers, entry(view, function, Some(context)), &property);
            (Subject::Step { function: function.name.to_string(), arguments }, inputs)
        }
        Host::Script => return gap(property),
    };
    TestPlan { style: Style::Layers, has_state: false, module: view.world.module_name(unit.file).to_string(), subject, inputs, loss: Loss::Probe, optimizer: None, property }
}

/// The plan for a method that applies the gradients of a tape: the networks are attributes of its object.
pub(super) fn with_update(view: &StepView<'_>, update: &EventView<'_>, demand: Demand<'_>, method: Option<UnitId>) -> TestPlan {
    let unit = method.unwrap_or(update.event.place.unit);
    let gap = |property| unreachable(view, unit, Style::Layers, property, "the step of {place}: keep its networks in an object, and make one step here");
    if runs_on_import(view, unit.file) {
        return unimportable(view, unit, Style::Layers, demand.property(view, None));
    }
    let Host::Method { class, method } = host(view, unit) else { return gap(demand.property(view, None)) };
    let property = demand.property(view, order_of(view, class).and_then(|order| method_of(view, &order, "__init__")));
    let Some((subject, inputs)) = layers_trainer(view, class, method, unit, update.event.context, &property) else { return gap(property) };
    TestPlan { style: Style::Layers, has_state: false, module: view.world.module_name(unit.file).to_string(), subject, inputs, loss: Loss::Probe, optimizer: None, property }
}

/// An object that is no layer itself, and whose method makes a step.
fn layers_trainer(view: &StepView<'_>, class: UnitId, method: String, unit: UnitId, context: ContextId, property: &Property) -> Option<(Subject, Vec<Input>)> {
    let order = order_of(view, class).filter(|order| !order.iter().any(|&base| Some(base) == view.unit_called(class.file, super::LAYER)))?;
    let init = method_of(view, &order, "__init__");
    let (constructor, known) = constructor(view, init, class.name.as_str(), init.and_then(|init| entry(view, init, Some(context))));
    let (arguments, inputs) = passed(view, class, &method, &known, Style::Layers, entry(view, unit, Some(context)), property);
    Some((Subject::Trainer { class: class.name.to_string(), constructor, step: method, arguments }, inputs))
}

/// Arguments and inputs for a call of a function or method.
fn passed(view: &StepView<'_>, subject: UnitId, method: &str, made_with: &[(Name, Literal)], style: Style, call: Option<&crate::step::Entry>, property: &Property) -> (Vec<Argument>, Vec<Input>) {
    let is_method = !method.is_empty();
    let callee = if is_method { order_of(view, subject).and_then(|order| method_of(view, &order, method)) } else { Some(subject) };
    let Some(callee) = callee else { return (Vec::new(), Vec::new()) };
    let known = constants(view, callee, is_method, call, Mode { property, style });
    let request = Request { subject, method, constructor: made_with, arguments: &known, tensor: tensor_class(view, style, subject) };
    let trial = step::try_out(view.world, &request);
    let tried = StepView::new(&trial.step, view.world);
    let given = without_sizes(&tried, &trial.passed);
    let shapes = Shapes::new(&tried);
    let at_call = |name: Name| call.and_then(|call| call.argument(name)).and_then(|(value, _)| view.step.tensor(value)).and_then(|tensor| made_shape(view, tensor));
    let wanted: Vec<(TensorId, Option<Known>)> = given.iter().map(|(name, tensor)| (*tensor, at_call(*name).or_else(|| fed_shape(&tried, *tensor)))).collect();
    let contents = shapes.solve(&wanted);
    let content = |name: Name, content: Option<Content>| content.unwrap_or_else(|| Content::FillIn(format!("`{name}` of {}", callee.name)));
    let inputs = given.iter().zip(contents).map(|((name, _), found)| Input { name: name.to_string(), content: content(*name, found), attribute: None, is_label: false }).collect();
    let arguments = arguments(view, callee, is_method, &known, &given);
    (arguments, inputs)
}

/// The placeholders on which a minimised loss depends. Their sizes are those that the object has where it is `built`.
fn placeholders(view: &StepView<'_>, update: &EventView<'_>, built: &StepView<'_>) -> Vec<Input> {
    let Some(loss) = view.tensor_of(update, "loss") else { return Vec::new() };
    let below = view.step.tensors().ancestors(loss, false);
    let is_placeholder = |call: &&Call| view.qualified_name(call.callee).as_str() == "tensorflow.placeholder" && view.step.tensor(&call.result).is_some_and(|tensor| below.contains(&tensor));
    let found: Vec<(TensorId, &Call)> = view.step.calls().iter().filter(is_placeholder).filter_map(|call| Some((view.step.tensor(&call.result)?, call))).collect();
    let shape_of = |tensor: TensorId, call: &Call| {
        let again = built.step.calls().iter().find(|other| other.place == call.place && other.callee == call.callee);
        let in_test = again.and_then(|call| made_shape(built, built.step.tensor(&call.result)?));
        in_test.or_else(|| made_shape(view, tensor))
    };
    let wanted: Vec<(TensorId, Option<Known>)> = found.iter().map(|(tensor, call)| (*tensor, shape_of(*tensor, call))).collect();
    let is_open = |call: &Call| call.argument("shape").is_none_or(|(shape, _)| *shape == Value::None);
    let mut contents = Shapes::new(view).solve(&wanted);
    for ((content, (_, known)), (_, call)) in contents.iter_mut().zip(&wanted).zip(&found) {
        // A shape that the code gives and that is not understood is no free choice.
        if known.is_none() && !is_open(call) {
            *content = None;
        }
    }
    let input = |((_, call), content): (&(TensorId, &Call), Option<Content>)| {
        let assigned = view.assigned_to(call.place);
        let attribute = assigned.as_deref().and_then(|name| name.strip_prefix("self.")).map(str::to_owned);
        let name = attribute.clone().or(assigned).unwrap_or_else(|| "placeholder".to_owned());
        let content = content.unwrap_or_else(|| Content::FillIn(format!("the value of `{name}`")));
        Input { name, content, attribute, is_label: false }
    };
    found.iter().zip(contents).map(input).collect()
}

/// Which of the values that `function` returns is the local `name`.
fn returned(view: &StepView<'_>, function: UnitId, name: &str) -> Option<(Option<(usize, usize)>, String)> {
    let hir = view.world.hir(function);
    let is_it = |expr: ExprId| matches!(hir.expr(expr), Expr::Name(found) if *found == name);
    hir.stmts.iter().find_map(|stmt| {
        let Stmt::Return(Some(value)) = stmt else { return None };
        let item = match hir.expr(*value) {
            _ if is_it(*value) => None,
            Expr::Tuple(parts) | Expr::List(parts) => Some((parts.iter().position(|&part| is_it(part))?, parts.len())),
            _ => return None,
        };
        Some((item, name.to_owned()))
    })
}

/// Scopes or attributes that hold `parameters` and tell them from others.
pub(super) fn scopes(view: &StepView<'_>, parameters: &BTreeSet<ParameterId>, init: Option<UnitId>) -> Vec<String> {
    let all = view.step.parameters();
    if let Some(init) = init {
        let mut attributes: BTreeSet<String> = BTreeSet::new();
        for &parameter in parameters {
            attributes.extend(attribute(view, parameter, init));
        }
        return attributes.into_iter().collect();
    }
    let paths: BTreeSet<&str> = parameters.iter().filter_map(|&parameter| all.get(parameter).path.as_deref()).collect();
    let first = |path: &&str| path.split_once('/').map(|(scope, _)| format!("{scope}/"));
    paths.iter().filter_map(first).collect::<BTreeSet<String>>().into_iter().collect()
}

/// Of the scopes or attributes that hold `parameters` those that hold no others.
pub(super) fn whole_scopes(view: &StepView<'_>, parameters: &BTreeSet<ParameterId>, init: Option<UnitId>) -> Vec<String> {
    let all = view.step.parameters();
    let others: BTreeSet<ParameterId> = all.all().filter(|&other| !parameters.contains(&other) && !all.get(other).buffer).collect();
    let others = scopes(view, &others, init);
    scopes(view, parameters, init).into_iter().filter(|scope| !others.contains(scope)).collect()
}

/// The attribute of the object under construction that holds a parameter.
fn attribute(view: &StepView<'_>, parameter: ParameterId, init: UnitId) -> Option<String> {
    if view.step.parameters().get(parameter).all_of.is_some() {
        return view.applications(parameter).iter().find_map(|(output, _)| attribute_called(view, *output, init));
    }
    let contexts = view.step.contexts();
    let mut place = view.step.parameters().get(parameter).place?;
    if is_bare(view, place) {
        return None;
    }
    let mut context = view.step.parameters().context(parameter)?;
    while place.unit != init {
        place = contexts.call_site(context)?;
        match contexts.caller(context) {
            Some(caller) => context = caller,
            None if place.unit == init => {}
            None => return None,
        }
    }
    let NodeId::Expr(wanted) = place.node else { return None };
    let hir = view.world.hir(init);
    let target = hir.stmts.iter().find_map(|stmt| {
        let Stmt::Assign { targets, value } = stmt else { return None };
        part_assigned(&hir, *targets.first()?, *value, &|part| holds(&hir, part, wanted))
    })?;
    dotted(&hir, target).strip_prefix("self.").map(str::to_owned)
}

/// Whether what is made at `place` is a parameter by itself, of an object that is no model: a test finds the models that an object holds.
fn is_bare(view: &StepView<'_>, place: Place) -> bool {
    let mut made = view.step.calls().iter().filter(|call| call.place == place).peekable();
    let is_alone = made.peek().is_some() && made.all(|call| call.receiver_class.is_none());
    is_alone && !matches!(host(view, place.unit), Host::Method { class, .. } if model_style(view.world, class).is_some())
}

/// The attribute that a method calls where `output` comes out of a network that was passed in.
fn attribute_called(view: &StepView<'_>, output: TensorId, init: UnitId) -> Option<String> {
    let place = view.step.tensors().get(output).place;
    let class = |unit: UnitId| if let Host::Method { class, .. } = host(view, unit) { Some(class) } else { None };
    let (of_call, of_init) = (class(place.unit)?, class(init)?);
    if !order_of(view, of_call)?.contains(&of_init) && !order_of(view, of_init)?.contains(&of_call) {
        return None;
    }
    let hir = view.world.hir(place.unit);
    let NodeId::Expr(call) = place.node else { return None };
    let Expr::Call { callee, .. } = hir.expr(call) else { return None };
    let Expr::Attribute { object, name } = hir.expr(*callee) else { return None };
    let receiver = hir.function()?.parameters.first()?.name;
    matches!(hir.expr(*object), Expr::Name(found) if *found == receiver).then(|| name.to_string())
}

/// Whether `wanted` is `expr` or a part of it.
fn holds(hir: &Hir, expr: ExprId, wanted: ExprId) -> bool {
    if expr == wanted {
        return true;
    }
    match hir.expr(expr) {
        Expr::Call { callee, arguments } => holds(hir, *callee, wanted) || arguments.iter().any(|argument| holds(hir, argument.value, wanted)),
        Expr::Attribute { object, .. } => holds(hir, *object, wanted),
        Expr::Subscript { object, index } => holds(hir, *object, wanted) || holds(hir, *index, wanted),
        Expr::Tuple(parts) | Expr::List(parts) => parts.iter().any(|&part| holds(hir, part, wanted)),
        Expr::Starred(inner) => holds(hir, *inner, wanted),
        _ => false,
    }
}
