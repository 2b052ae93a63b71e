//! Tests of models that are made of layers: a class of them, or a function that builds one.

use super::Writer;
use crate::finding::{Argument, Property, Returns, Subject};
use crate::testgen::import::Import;
use crate::testgen::names::unique;
use crate::testgen::values::{arguments, layer_input, taken};

impl Writer<'_> {
    pub(super) fn layer_network(&mut self) {
        let is_trained = matches!(self.plan.property, Property::Trains(_) | Property::StatisticsMoved | Property::OpponentUntouched { .. });
        match self.returns() {
            // Layers that are left out of a model are seen only while it is built.
            Returns::Network if is_trained => self.trained_while_built(),
            Returns::Network => {
                let built = self.call();
                let model = self.built_name();
                self.line(format!("{model} = {built}"));
                if self.plan.property == Property::LossDependsOn {
                    return self.assert_compiled_loss(model);
                }
                self.assert_calls(model);
            }
            Returns::Part => self.part(is_trained),
            _ => {
                let output = taken(&self.call(), &self.returns());
                let is_plain = matches!(&self.plan.subject, Subject::Model { method: None, arguments, .. } if arguments.len() == self.plan.inputs.len()) && self.returns() == Returns::Output;
                if is_trained {
                    self.train(&output);
                } else {
                    let called = if is_plain { "model".to_owned() } else { self.function_of_inputs(&output) };
                    self.assert_calls(&called);
                }
            }
        }
    }

    /// The loss with which a model was compiled.
    fn assert_compiled_loss(&mut self, model: &str) {
        let (labels, data): (Vec<_>, Vec<_>) = self.plan.inputs.iter().zip(self.inputs.clone()).partition(|(input, _)| input.is_label);
        let names = |inputs: Vec<(_, String)>| inputs.into_iter().map(|(_, name)| name).collect::<Vec<String>>();
        let (labels, data) = (names(labels), names(data));
        let called = self.function_of_inputs(&format!("{model}.compute_loss(y={}, y_pred={model}({}))", as_one(&labels), as_one(&data)));
        self.assert_calls(&called);
    }

    /// The step of a model that is there before it.
    fn train(&mut self, output: &str) {
        let is_model = matches!(self.plan.subject, Subject::Model { .. });
        self.values();
        self.blank();
        self.line(format!("with backprobe.training_step({}) as step:", if is_model { "model" } else { "" }));
        let loss = if self.returns() == Returns::Loss { output.to_owned() } else { self.loss(output) };
        self.line(format!("    step.minimize(lambda: {loss})"));
        self.blank();
        self.assert_step();
    }

    fn trained_while_built(&mut self) {
        let built = self.call();
        self.values();
        self.blank();
        self.line("with backprobe.training_step() as step:");
        let model = self.built_name();
        self.line(format!("    {model} = {built}"));
        let loss = self.loss(&format!("{model}({})", as_one(&self.inputs)));
        self.line(format!("    step.minimize(lambda: {loss})"));
        self.blank();
        self.assert_step();
    }

    /// A part of a functional model, built on placeholders: layers that it leaves out are seen only while it is built.
    fn part(&mut self, is_trained: bool) {
        self.imports.insert(Import::module("keras", None));
        let inputs = self.inputs.clone();
        let placeholders: Vec<String> = inputs.iter().map(|name| unique(&format!("{name}_input"), |name| !inputs.iter().any(|input| input == name))).collect();
        let built = self.call_on(&placeholders);
        self.values();
        for (input, (name, placeholder)) in self.plan.inputs.iter().zip(inputs.iter().zip(&placeholders)) {
            self.line(format!("{placeholder} = {}", layer_input(&input.content, name)));
        }
        let model = self.built_name();
        let built = format!("{model} = keras.Model({}, {built})", as_one(&placeholders));
        if !is_trained {
            self.line(built);
            return self.assert_called(model);
        }
        self.blank();
        self.line("with backprobe.training_step() as step:");
        self.line(format!("    {built}"));
        let loss = self.loss(&format!("{model}({})", as_one(&inputs)));
        self.line(format!("    step.minimize(lambda: {loss})"));
        self.blank();
        self.assert_step();
    }

    /// A function that makes a step, whatever it trains.
    pub(super) fn step_function(&mut self, function: &str, passed: &[Argument]) {
        let function = self.import_subject(function);
        self.values();
        self.blank();
        self.line("with backprobe.training_step() as step:");
        self.line(format!("    {function}({})", arguments(passed, &self.inputs)));
        self.blank();
        self.assert_step();
    }

    /// What a network is called that something builds: a function, or a method of an object, which is the model then.
    fn built_name(&self) -> &'static str {
        if matches!(self.plan.subject, Subject::Model { .. }) { "network" } else { "model" }
    }

    pub(super) fn assert_calls(&mut self, called: &str) {
        self.values();
        self.assert_called(called);
    }

    pub(super) fn assert_called(&mut self, called: &str) {
        let varying = self.varying();
        self.blank();
        let assertion = match self.plan.property {
            Property::ExamplesIndependent => "assert_examples_independent",
            Property::Deterministic => "assert_deterministic",
            Property::RandomInTraining => "assert_random_in_training",
            Property::LossDependsOn => "assert_loss_depends_on",
            _ => "assert_output_varies",
        };
        self.line(format!("backprobe.{assertion}({called}, {varying})"));
    }
}

/// What a model is called on: its one input, or the list of them.
fn as_one(inputs: &[String]) -> String {
    match inputs {
        [single] => single.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}
