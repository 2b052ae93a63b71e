//! Tests of code that runs at once: models are objects, and called.

use super::Writer;
use crate::finding::{Argument, Property, Returns, Subject};
use crate::testgen::values::{arguments, fill_in, taken};

impl Writer<'_> {
    pub(super) fn object_network(&mut self) {
        let mut call = self.call();
        let is_built = self.returns() == Returns::Network;
        if is_built {
            self.line(format!("model = {call}"));
            call = format!("model({})", self.inputs.join(", "));
        }
        self.values();
        let output = taken(&call, &self.returns());
        let is_model = is_built || matches!(self.plan.subject, Subject::Model { .. });
        let model = match &self.plan.subject {
            _ if is_built => "model".to_owned(),
            // Only a plain call on the inputs may be left to the checker.
            Subject::Model { method: None, arguments, .. } if arguments.len() == self.plan.inputs.iter().filter(|input| !input.is_label).count() && self.returns() == Returns::Output => "model".to_owned(),
            _ => self.function_of_inputs(&output),
        };
        let varying = self.varying();
        self.blank();
        match &self.plan.property {
            Property::Trains(_) | Property::StatisticsMoved | Property::OpponentUntouched { .. } => {
                let loss = if self.returns() == Returns::Loss { call } else { self.loss(&output) };
                let observed = match &self.plan.optimizer {
                    _ if !is_model => fill_in("the modules that train"),
                    Some(optimizer) => {
                        let held = "model.parameters()".to_owned();
                        let settings: Vec<String> = std::iter::once(held).chain(optimizer.arguments.iter().map(|argument| arguments(std::slice::from_ref(argument), &[]))).collect();
                        let line = format!("optimizer = {}({})", optimizer.class, settings.join(", "));
                        // It belongs to what is built, in front of the blank line.
                        self.lines.insert(self.lines.len() - 1, line);
                        "model, optimizer".to_owned()
                    }
                    None => "model".to_owned(),
                };
                self.line(format!("with backprobe.training_step({observed}) as step:"));
                self.line(format!("    step.minimize(lambda: {loss})"));
                self.blank();
                self.assert_step();
            }
            Property::ExamplesIndependent => self.line(format!("backprobe.assert_examples_independent({model}, {varying})")),
            Property::Deterministic => self.line(format!("backprobe.assert_deterministic({model}, {varying})")),
            Property::RandomInTraining => self.line(format!("backprobe.assert_random_in_training({model}, {varying})")),
            Property::OutputVaries => self.line(format!("backprobe.assert_output_varies({model}, {varying})")),
            Property::LossDependsOn => {
                let loss = if self.returns() == Returns::Loss { call } else { self.loss(&output) };
                let function = self.function_of_inputs(&loss);
                self.line(format!("backprobe.assert_loss_depends_on({function}, {varying})"));
            }
        }
    }

    pub(super) fn function_of_inputs(&self, expression: &str) -> String {
        let varying: Vec<&str> = self.plan.inputs.iter().zip(&self.inputs).filter(|(input, _)| !input.is_label).map(|(_, name)| name.as_str()).collect();
        format!("lambda {}: {expression}", varying.join(", "))
    }

    /// An object whose method takes a step.
    pub(super) fn object_trainer(&mut self, variable: &str, step: &str, passed: &[Argument]) {
        self.values();
        self.blank();
        self.line(format!("with backprobe.training_step({variable}) as step:"));
        self.line(format!("    {variable}.{step}({})", arguments(passed, &self.inputs)));
    }
}
