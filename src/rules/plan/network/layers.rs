//! The layers of a network, as far as they say what should hold of it.

use super::Network;
use super::super::LAYER;
use crate::finding::{Literal, Property, Style};
use crate::rules::layer_kinds::{Kind, kind, told};
use crate::rules::view::StepView;
use crate::step::Call;
use crate::step::value::{ClassId, Value};

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
        let in_call = |made: &Call| std::iter::successors(Some(made.context), |&context| contexts.caller(context)).any(|context| contexts.unit(context) == self.called);
        step.calls().iter().filter(|call| call.receiver_class.is_some_and(is_layer)).any(|call| tried.maker(call).is_some_and(in_call))
    }

    /// Whether the network has layers of which `property` should hold, in the mode that the test chooses.
    pub(super) fn asks_for(&self, property: &Property) -> bool {
        let tried = StepView::new(&self.trial.step, self.view.world);
        let calls = || self.trial.step.calls().iter().map(|call| (call, tried.qualified_name(call.callee).as_str()));
        // Objects know their mode; all else is told it.
        let is_told = self.constants.iter().any(|(_, literal)| matches!(literal, Literal::Bool(_))) || self.style == Style::Objects && !self.method.is_empty();
        if !is_told {
            return false;
        }
        match property {
            Property::StatisticsMoved => calls().any(|(call, name)| kind(name) == Some(Kind::Normalises) && self.learns(&tried, call)),
            Property::Deterministic => calls().any(|(_, name)| kind(name) == Some(Kind::Drops)),
            Property::ExamplesIndependent => self.style != Style::Objects && calls().any(|(_, name)| kind(name) == Some(Kind::Normalises)),
            _ => false,
        }
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
