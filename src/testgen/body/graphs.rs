//! Tests of code that builds a graph: placeholders are fed, and operations run.

use super::{LONGEST_LINE, Writer};
use crate::finding::{Argument, Content, Input, Property, Returns, Style, Subject};
use crate::testgen::import::Import;
use crate::testgen::names::part;
use crate::testgen::values::{arguments, content, fill_in, placeholder, taken};

/// A longer feed gets a line of its own.
const LONGEST_FEED: usize = 60;

impl Writer<'_> {
    pub(super) fn graph_network(&mut self) {
        let feed = if let Subject::Model { .. } = self.plan.subject {
            // The object is built first: its constructor may set up what the call needs.
            let call = self.call();
            let feed = self.placeholders();
            self.graph_result(&call);
            feed
        } else {
            let feed = self.placeholders();
            let call = self.call();
            self.graph_result(&call);
            feed
        };
        let varying = self.varying();
        match &self.plan.property {
            Property::Trains(_) | Property::StatisticsMoved | Property::OpponentUntouched { .. } => {
                if self.returns() != Returns::Loss {
                    let loss = self.loss("output");
                    self.line(format!("loss = {loss}"));
                }
                let optimizer = self.plan.optimizer.as_ref().map_or_else(
                    || "tf.train.GradientDescentOptimizer(0.01)".to_owned(),
                    |optimizer| format!("tf.{}({})", optimizer.class.trim_start_matches("tensorflow."), arguments(&optimizer.arguments, &[])),
                );
                let minimize = format!("train_op = {optimizer}.minimize(loss)");
                if self.plan.property == Property::StatisticsMoved {
                    self.line("with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):");
                    self.line(format!("    {minimize}"));
                } else {
                    self.line(minimize);
                }
                self.blank();
                self.line("with backprobe.training_step() as step:");
                self.line(format!("    step.run(train_op, {feed})"));
                self.blank();
                self.assert_step();
            }
            Property::ExamplesIndependent => self.assert_fetched("assert_examples_independent", &varying, &feed),
            Property::OutputVaries => self.assert_fetched("assert_output_varies", &varying, &feed),
            Property::Deterministic => self.assert_twice("assert_deterministic", &feed),
            Property::RandomInTraining => self.assert_twice("assert_random_in_training", &feed),
            Property::LossDependsOn => {
                if self.returns() != Returns::Loss {
                    let loss = self.loss("output");
                    self.line(format!("loss = {loss}"));
                }
                self.blank();
                self.line(format!("backprobe.assert_loss_depends_on(loss, {varying}, {feed})"));
            }
        }
    }

    fn graph_result(&mut self, call: &str) {
        match self.returns() {
            Returns::Loss => self.line(format!("loss = {call}")),
            returns => self.line(format!("output = {}", taken(call, &returns))),
        }
    }

    fn assert_fetched(&mut self, assertion: &str, varying: &str, feed: &str) {
        self.blank();
        self.line(format!("backprobe.{assertion}(output, {varying}, {feed})"));
    }

    fn assert_twice(&mut self, assertion: &str, feed: &str) {
        self.blank();
        self.line(format!("backprobe.{assertion}(output, {feed})"));
    }

    /// An object that holds its placeholders and the operation that takes a step.
    pub(super) fn graph_trainer(&mut self, variable: &str, step: &str) {
        let placeholder = |input: &Input| match &input.attribute {
            Some(attribute) => format!("{variable}.{attribute}"),
            None => fill_in(&format!("the placeholder `{}`", input.name)),
        };
        let pairs: Vec<(String, &Input)> = self.plan.inputs.iter().map(|input| (placeholder(input), input)).collect();
        let feed = if pairs.is_empty() { String::new() } else { format!(", {}", self.feed(&pairs)) };
        self.blank();
        self.line("with backprobe.training_step() as step:");
        self.line(format!("    step.run({variable}.{step}{feed})"));
    }

    /// A function that returns the operation which takes a step.
    pub(super) fn trainer_function(&mut self, function: &str, passed: &[Argument], item: Option<(usize, usize)>, step: &str) {
        let operation = self.free_variable(part(step), function, "train_op");
        let function = self.import_subject(function);
        let feed = self.placeholders();
        let call = format!("{function}({})", arguments(passed, &self.inputs));
        match item {
            Some((number, _)) => self.line(format!("{operation} = {call}[{number}]")),
            None => self.line(format!("{operation} = {call}")),
        }
        self.blank();
        self.line("with backprobe.training_step() as step:");
        self.line(format!("    step.run({operation}, {feed})"));
        self.blank();
        self.assert_step();
    }

    /// Placeholders, and the feed for them.
    fn placeholders(&mut self) -> String {
        let inputs: Vec<Input> = self.plan.inputs.iter().cloned().map(fed).collect();
        for (name, input) in self.inputs.clone().iter().zip(&self.plan.inputs) {
            self.line(format!("{name} = {}", placeholder(&input.content)));
        }
        let pairs: Vec<(String, &Input)> = self.inputs.iter().cloned().zip(&inputs).collect();
        self.feed(&pairs)
    }

    fn feed(&mut self, pairs: &[(String, &Input)]) -> String {
        if pairs.iter().any(|(_, input)| !matches!(input.content, Content::FillIn(_))) {
            self.imports.insert(Import::module("numpy", Some("np")));
        }
        let parts: Vec<String> = pairs.iter().map(|(name, input)| format!("{name}: {}", content(&input.content, Style::Graph))).collect();
        let feed = format!("{{{}}}", parts.join(", "));
        if feed.len() <= LONGEST_FEED {
            return feed;
        }
        if feed.len() <= LONGEST_LINE {
            self.line(format!("feed = {feed}"));
        } else {
            self.line("feed = {");
            parts.iter().for_each(|part| self.line(format!("    {part},")));
            self.line("}");
        }
        "feed".to_owned()
    }
}

/// What is fed for an input. One that the code does not show may be no placeholder at all.
fn fed(input: Input) -> Input {
    match input.content {
        Content::FillIn(what) => Input { content: Content::FillIn(format!("what is fed for {what}; without a placeholder this entry goes")), ..input },
        _ => input,
    }
}
