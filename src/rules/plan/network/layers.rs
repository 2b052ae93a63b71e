//! The layers of a network, as far as they say what should hold of it.

use std::collections::{BTreeSet, HashSet};

use super::super::LAYER;
use super::super::host::{method_of, order_of};
use super::super::trainer::{scopes, whole_scopes};
use super::{Missing, Network, WHOLE};
use crate::finding::{Literal, Property, Style};
use crate::rules::layer_kinds::{Kind, kind, told};
use crate::rules::view::{StepView, dotted};
use crate::step::Call;
use crate::step::context::ContextId;
use crate::step::parameters::{ParameterId, ParameterSet};
use crate::step::value::{ClassId, Truth, Value};
use crate::syntax::{Place, UnitId};
use crate::syntax::hir::{Expr, ExprId};

/// What draws random numbers, in any framework: functions, and methods of distributions.
const DRAWS: [&str; 29] = [
    "rand", "rand_like", "randn", "randn_like", "randint", "randint_like", "randperm", "random_sample", "normal", "normal_", "standard_normal", "random_normal",
    "truncated_normal", "uniform", "uniform_", "random_uniform", "bernoulli", "bernoulli_", "multinomial", "categorical", "gumbel", "gumbel_softmax", "poisson", "choice",
    "permutation", "shuffle", "sample", "rsample", "make_rng",
];

impl Network<'_, '_> {
    /// Whether something in the network can train.
    pub(super) fn has_weights(&self) -> bool {
        let tried = StepView::new(&self.trial.step, self.view.world);
        self.trial.step.tensors().iter().any(|(_, tensor)| tried.applies_parameters(tensor))
    }

    /// Whether each call makes its layers, as functions do of which functional models are put together.
    pub(super) fn makes_layers(&self) -> bool {
        let step = &self.trial.step;
        let tried = StepView::new(step, self.view.world);
        let Some(layer) = self.view.unit_called(self.called.file, LAYER).filter(|_| self.style == Style::Layers && !self.trial.is_builder) else { return false };
        let is_layer = |class: ClassId| step.class_order(class).any(|unit| unit == layer);
        if step.class_called(self.subject).is_some_and(is_layer) {
            return false;
        }
        let contexts = step.contexts();
        let in_call = |made: &Call| contexts.chain(made.context).any(|context| contexts.unit(context) == self.called);
        step.calls().iter().filter(|call| call.receiver_class.is_some_and(is_layer)).any(|call| tried.maker(call).is_some_and(in_call))
    }

    /// Whether an argument chooses which of the layers that an attribute holds is called: `self.heads[task](features)`.
    pub(super) fn chooses_parts(&self) -> bool {
        let hir = self.view.world.hir(self.called);
        let Some((receiver, arguments)) = hir.function().and_then(|function| function.parameters.split_first()) else { return false };
        let is_own = |object: ExprId| matches!(hir.expr(object), Expr::Name(name) if *name == receiver.name);
        let is_argument = |index: ExprId| matches!(hir.expr(index), Expr::Name(name) if arguments.iter().any(|argument| argument.name == *name));
        let is_chosen = |callee: ExprId| match hir.expr(callee) {
            Expr::Subscript { object, index } => is_argument(*index) && matches!(hir.expr(*object), Expr::Attribute { object, .. } if is_own(*object)),
            _ => false,
        };
        !self.method.is_empty() && hir.exprs.iter().any(|expr| matches!(expr, Expr::Call { callee, .. } if is_chosen(*callee)))
    }

    /// What a call of the method trains.
    pub(super) fn trains(&self) -> Result<Property, Missing> {
        let all = Property::Trains(Vec::new());
        let reached = self.reached()?;
        let step = &self.trial.step;
        // What runs as a whole is tested so; and what makes its parameters while it runs makes those that it needs.
        if self.is_plain && !self.chooses_parts() || self.trial.is_builder || self.makes_layers() || self.style == Style::Pure {
            return Ok(all);
        }
        let parameters = step.parameters();
        let is_missed = |other: ParameterId| !reached.contains(&other) && !parameters.get(other).buffer && parameters.get(other).trainable != Truth::No;
        if self.style == Style::Graph && !parameters.all().any(is_missed) {
            return Ok(all);
        }
        let tried = StepView::new(step, self.view.world);
        let init = if self.style == Style::Graph { None } else { order_of(&tried, self.subject).and_then(|order| method_of(&tried, &order, "__init__")) };
        let whole = whole_scopes(&tried, &reached, init);
        // A layer that is called itself should train as a whole.
        let is_called = |scope: &String| {
            let name = format!("self.{scope}");
            let is_it = |place: Place| place.unit == self.called && tried.callee_text(place) == name;
            init.is_some() && (step.entries().iter().any(|entry| is_it(entry.place)) || step.calls().iter().any(|call| is_it(call.place)))
        };
        let scopes: Vec<String> = scopes(&tried, &reached, init).into_iter().filter(|scope| whole.contains(scope) || is_called(scope)).collect();
        if scopes.is_empty() { Err(Missing::Unknown) } else { Ok(Property::Trains(scopes)) }
    }

    /// The parameters that the gradient of what is returned reaches, of a loss among it that of the loss.
    fn reached(&self) -> Result<BTreeSet<ParameterId>, Missing> {
        let step = &self.trial.step;
        let returned = match self.output(&Property::Trains(Vec::new()), WHOLE) {
            Some((Some(tensor), _)) => BTreeSet::from([tensor]),
            _ => step.entries().iter().filter(|entry| entry.unit == self.called).flat_map(|entry| step.returned(entry.context)).collect(),
        };
        let mut reached = ParameterSet::default();
        returned.iter().for_each(|&tensor| reached.extend(&step.tensors().reached(tensor)));
        let is_open = reached.open || !reached.possible.is_empty() || returned.is_empty() && matches!(self.trial.output, Value::Unknown | Value::Object(_) | Value::Either(_));
        reached.certain.retain(|&member| step.parameters().get(member).trainable != Truth::No);
        match (reached.certain.is_empty(), is_open) {
            (false, _) => Ok(reached.certain),
            (true, true) => Err(Missing::Unknown),
            (true, false) => Err(Missing::Nothing),
        }
    }

    /// Whether the network has layers of which `property` should hold, in the mode that the test chooses.
    pub(super) fn asks_for(&self, property: &Property) -> bool {
        let tried = StepView::new(&self.trial.step, self.view.world);
        let calls = || self.trial.step.calls().iter().map(|call| (call, tried.qualified_name(call.callee).as_str()));
        // Objects know their mode; all else is told it.
        let is_told = self.constants.iter().any(|(_, literal)| matches!(literal, Literal::Bool(_))) || self.style == Style::Objects && !self.method.is_empty();
        if !is_told || (*property != Property::StatisticsMoved && self.draws()) {
            return false;
        }
        match property {
            Property::StatisticsMoved => calls().any(|(call, name)| kind(name) == Some(Kind::Normalises) && self.learns(&tried, call)),
            Property::Deterministic => calls().any(|(_, name)| kind(name) == Some(Kind::Drops)),
            Property::ExamplesIndependent => self.style != Style::Objects && calls().any(|(_, name)| kind(name) == Some(Kind::Normalises)),
            _ => false,
        }
    }

    /// Whether the network draws random numbers itself, as samplers and variational networks do: it may do so in evaluation.
    fn draws(&self) -> bool {
        let step = &self.trial.step;
        let contexts = step.contexts();
        let in_call = |context: ContextId| contexts.chain(context).any(|context| contexts.unit(context) == self.called);
        let entered = step.entries().iter().filter(|entry| in_call(entry.context)).map(|entry| entry.unit);
        let units: HashSet<UnitId> = entered.chain([self.called]).filter(|unit| !self.view.world.is_stub(unit.file)).collect();
        units.into_iter().any(|unit| {
            let hir = self.view.world.hir(unit);
            let called = hir.exprs.iter().filter_map(|expr| if let Expr::Call { callee, .. } = expr { Some(dotted(&hir, *callee)) } else { None });
            called.into_iter().any(|name| DRAWS.contains(&name.rsplit('.').next().unwrap_or_default()) && !name.contains("init"))
        })
    }

    /// Whether a batch normalization learns its statistics, if the network is run as in training.
    fn learns(&self, tried: &StepView<'_>, call: &Call) -> bool {
        let is = |name: &str, wanted: bool| tried.setting(call, name).is_some_and(|value| *value == Value::Bool(wanted));
        match self.style {
            // The function is given statistics, or none.
            Style::Objects => told(tried.qualified_name(call.callee).as_str()).is_none() && !is("track_running_stats", false),
            Style::Pure => is("use_running_average", false),
            Style::Graph | Style::Layers => is("training", true) || is("is_training", true),
        }
    }
}
