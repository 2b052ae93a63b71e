//! The text of one test.

use std::collections::BTreeSet;

use super::import::Import;
use super::names::{is_importable, part, variable};
use super::values::{arguments, content, fill_in, placeholder};
use crate::finding::{Argument, Input, Literal, Loss, Property, Returns, Style, Subject, TestPlan};

/// One test function, before its name is settled.
pub(super) struct Test {
    /// The name it should have.
    pub(super) name: String,
    /// What it imports.
    pub(super) imports: BTreeSet<Import>,
    /// A statement that stands behind the imports of its file.
    pub(super) setup: Option<String>,
    /// Its statements, not indented.
    pub(super) body: Vec<String>,
    /// Words by which an edited version of it is known.
    pub(super) marks: Vec<String>,
}

/// A longer feed gets a line of its own.
const LONGEST_FEED: usize = 60;

/// Longer lines are broken.
const LONGEST_LINE: usize = 100;

/// Graphs are built, not run at once.
const GRAPH_MODE: &str = "tf.disable_v2_behavior()";

/// Writes the test for `plan`.
pub(super) fn write(plan: &TestPlan) -> Test {
    let mut writer = Writer::new(plan);
    match &plan.subject {
        Subject::Unreachable { name, missing } => writer.unreachable(name, missing),
        Subject::Trainer { class, constructor, step, arguments } => writer.trainer(class, constructor, step, arguments),
        Subject::TrainerFunction { function, arguments, item, step } => writer.trainer_function(function, arguments, *item, step),
        Subject::Model { .. } | Subject::Function { .. } => writer.network(),
    }
    writer.finished()
}

struct Writer<'a> {
    plan: &'a TestPlan,
    imports: BTreeSet<Import>,
    inputs: Vec<String>,
    lines: Vec<String>,
}

impl<'a> Writer<'a> {
    fn new(plan: &'a TestPlan) -> Self {
        let mut imports = BTreeSet::from([Import::module("backprobe", None)]);
        match plan.style {
            Style::Objects => imports.insert(Import::module("torch", None)),
            Style::Graph => imports.insert(Import::module("tensorflow.compat.v1", Some("tf"))),
        };
        let subject = name_of(plan);
        let mut taken: BTreeSet<String> = BTreeSet::from([subject.to_owned(), part(subject), "optimizer".to_owned(), "feed".to_owned()]);
        let inputs = plan.inputs.iter().map(|input| {
            let name = variable(&input.name, &taken);
            taken.insert(name.clone());
            name
        });
        let inputs = inputs.collect();
        Self { plan, imports, inputs, lines: vec!["backprobe.seed(0)".to_owned()] }
    }

    fn finished(self) -> Test {
        let marks = self.lines.iter().flat_map(|line| assertions(line)).map(str::to_owned).chain([self.subject_name().to_owned()]).collect();
        let setup = (self.plan.style == Style::Graph).then(|| GRAPH_MODE.to_owned());
        Test { name: self.name(), imports: self.imports, setup, body: self.lines, marks }
    }

    fn subject_name(&self) -> &'a str {
        name_of(self.plan)
    }

    fn name(&self) -> String {
        let subject = match part(self.subject_name()) {
            empty if empty.is_empty() => "script".to_owned(),
            name => name,
        };
        let member = match self.plan.style {
            Style::Objects => "parameter",
            Style::Graph => "variable",
        };
        let players = |scopes: &[String]| scopes.iter().map(|scope| part(scope)).collect::<Vec<_>>().join("_and_");
        let name = match &self.plan.property {
            Property::Trains(scopes) if scopes.is_empty() => format!("every_{member}_of_{subject}_trains"),
            Property::Trains(scopes) => format!("{}_of_{subject}_trains", players(scopes)),
            Property::OpponentUntouched { untouched, .. } => {
                let step = match &self.plan.subject {
                    Subject::Trainer { step, .. } | Subject::TrainerFunction { step, .. } => part(step),
                    _ => "step".to_owned(),
                };
                let opponent = if untouched.is_empty() { "the_other_network".to_owned() } else { players(untouched) };
                format!("{step}_of_{subject}_leaves_{opponent}_alone")
            }
            Property::StatisticsMoved => format!("statistics_of_{subject}_move"),
            Property::ExamplesIndependent => format!("examples_in_a_batch_of_{subject}_are_independent"),
            Property::Deterministic => format!("{subject}_is_deterministic_in_evaluation"),
            Property::RandomInTraining => format!("{subject}_is_random_in_training"),
            Property::OutputVaries => format!("output_of_{subject}_varies"),
            Property::LossDependsOn => format!("loss_of_{subject}_depends_on_its_input"),
        };
        format!("test_{name}")
    }

    fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    fn blank(&mut self) {
        self.lines.push(String::new());
    }

    fn import_subject(&mut self, name: &str) {
        let top = name.split('.').next().unwrap_or(name);
        if is_importable(&self.plan.module) {
            self.imports.insert(Import::local(&self.plan.module, top));
        } else {
            self.imports.insert(Import::module("importlib", None));
            let module = Literal::Str(self.plan.module.as_str().into());
            self.line(format!("{top} = importlib.import_module({module}).{top}"));
        }
    }

    fn values(&mut self) {
        let numbered: Vec<(String, String)> = self.plan.inputs.iter().zip(&self.inputs).map(|(input, name)| (name.clone(), content(&input.content, self.plan.style))).collect();
        let (names, values): (Vec<String>, Vec<String>) = numbered.iter().cloned().unzip();
        let together = format!("{} = {}", names.join(", "), values.join(", "));
        if names.is_empty() {
        } else if together.len() <= LONGEST_LINE {
            self.line(together);
        } else {
            numbered.into_iter().for_each(|(name, value)| self.line(format!("{name} = {value}")));
        }
    }

    /// Placeholders, and the feed for them.
    fn placeholders(&mut self) -> String {
        let pairs: Vec<(String, &Input)> = self.inputs.iter().cloned().zip(&self.plan.inputs).collect();
        for (name, input) in &pairs {
            self.line(format!("{name} = {}", placeholder(&input.content)));
        }
        self.feed(&pairs)
    }

    fn feed(&mut self, pairs: &[(String, &Input)]) -> String {
        if pairs.iter().any(|(_, input)| !matches!(input.content, crate::finding::Content::FillIn(_))) {
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

    /// The variables that vary, as one argument.
    fn varying(&self) -> String {
        let names: Vec<&str> = self.plan.inputs.iter().zip(&self.inputs).filter(|(input, _)| !input.is_label).map(|(_, name)| name.as_str()).collect();
        match names.as_slice() {
            [single] => (*single).to_owned(),
            several => format!("({})", several.join(", ")),
        }
    }

    /// Lines that build the model, and the expression that runs it.
    fn call(&mut self) -> String {
        match &self.plan.subject {
            Subject::Model { class, constructor, method, arguments: passed, .. } => {
                self.import_subject(class);
                self.line(format!("model = {class}({})", arguments(constructor, &[])));
                let callee = match method.as_deref() {
                    None | Some("__call__") => "model".to_owned(),
                    Some(method) => format!("model.{method}"),
                };
                format!("{callee}({})", arguments(passed, &self.inputs))
            }
            Subject::Function { function, arguments: passed, .. } => {
                self.import_subject(function);
                format!("{function}({})", arguments(passed, &self.inputs))
            }
            _ => String::new(),
        }
    }

    fn returns(&self) -> Returns {
        match &self.plan.subject {
            Subject::Model { returns, .. } | Subject::Function { returns, .. } => *returns,
            _ => Returns::Output,
        }
    }

    fn network(&mut self) {
        match self.plan.style {
            Style::Objects => self.object_network(),
            Style::Graph => self.graph_network(),
        }
    }

    fn object_network(&mut self) {
        let call = self.call();
        self.values();
        let output = match self.returns() {
            Returns::Item(number, _) => format!("{call}[{number}]"),
            _ => call.clone(),
        };
        let is_model = matches!(self.plan.subject, Subject::Model { .. });
        let model = match &self.plan.subject {
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

    fn function_of_inputs(&self, expression: &str) -> String {
        let varying: Vec<&str> = self.plan.inputs.iter().zip(&self.inputs).filter(|(input, _)| !input.is_label).map(|(_, name)| name.as_str()).collect();
        format!("lambda {}: {expression}", varying.join(", "))
    }

    fn graph_network(&mut self) {
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
            Returns::Output => self.line(format!("output = {call}")),
            Returns::Loss => self.line(format!("loss = {call}")),
            Returns::Item(number, _) => self.line(format!("output = {call}[{number}]")),
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

    /// The loss of an output.
    fn loss(&mut self, output: &str) -> String {
        let Loss::Used { function, output: output_parameter, labels, input } = &self.plan.loss else {
            return format!("backprobe.probe_loss({output})");
        };
        let labels_variable = self.inputs.get(*input).cloned().unwrap_or_else(|| fill_in("the labels"));
        match self.plan.style {
            Style::Objects => {
                let name = function.rsplit('.').next().unwrap_or(function);
                self.imports.insert(Import::module("torch.nn.functional", Some("F")));
                format!("F.{name}({output}, {labels_variable})")
            }
            Style::Graph => {
                let name = function.strip_prefix("tensorflow.").unwrap_or(function);
                format!("tf.{name}({labels}={labels_variable}, {output_parameter}={output})")
            }
        }
    }

    fn assert_step(&mut self) {
        let scope = |scopes: &[String]| match scopes {
            [] => String::new(),
            [single] => Literal::Str(single.as_str().into()).to_string(),
            several => Literal::List(several.iter().map(|scope| Literal::Str(scope.as_str().into())).collect()).to_string(),
        };
        match &self.plan.property {
            Property::Trains(scopes) => self.line(format!("step.assert_trained({})", scope(scopes))),
            Property::OpponentUntouched { trained, untouched } => {
                let mut judged = vec![scope(untouched)];
                if !trained.is_empty() {
                    self.line(format!("step.assert_trained({})", scope(trained)));
                    // One call of the code may train both players: what the other's own optimizer does is not looked at.
                    judged.push(format!("by={}", scope(trained)));
                }
                judged.retain(|argument| !argument.is_empty());
                self.line(format!("step.assert_untouched({})", judged.join(", ")));
            }
            _ => self.line("step.assert_statistics_moved()"),
        }
    }

    fn trainer(&mut self, class: &str, constructor: &[Argument], step: &str, passed: &[Argument]) {
        self.import_subject(class);
        let variable = match part(class) {
            name if name.is_empty() || self.inputs.contains(&name) => "trainer".to_owned(),
            name => name,
        };
        self.line(format!("{variable} = {class}({})", arguments(constructor, &[])));
        if self.plan.style == Style::Graph {
            let pairs: Vec<(String, &Input)> = self
                .plan
                .inputs
                .iter()
                .map(|input| (input.attribute.as_ref().map_or_else(|| fill_in(&format!("the placeholder `{}`", input.name)), |attribute| format!("{variable}.{attribute}")), input))
                .collect();
            let feed = self.feed(&pairs);
            self.blank();
            self.line("with backprobe.training_step() as step:");
            let feed = if pairs.is_empty() { String::new() } else { format!(", {feed}") };
            self.line(format!("    step.run({variable}.{step}{feed})"));
        } else {
            self.values();
            self.blank();
            self.line(format!("with backprobe.training_step({variable}) as step:"));
            self.line(format!("    {variable}.{step}({})", arguments(passed, &self.inputs)));
        }
        self.blank();
        self.assert_step();
    }

    fn trainer_function(&mut self, function: &str, passed: &[Argument], item: Option<(usize, usize)>, step: &str) {
        self.import_subject(function);
        let feed = self.placeholders();
        let operation = match part(step) {
            name if name.is_empty() || self.inputs.contains(&name) => "train_op".to_owned(),
            name => name,
        };
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

    fn unreachable(&mut self, name: &str, missing: &str) {
        // What is filled in will need the code under test.
        let top = name.split('.').next().unwrap_or(name);
        if !top.is_empty() {
            self.import_subject(top);
        }
        if !matches!(self.plan.property, Property::Trains(_) | Property::StatisticsMoved | Property::OpponentUntouched { .. }) {
            self.line(fill_in(missing));
            return;
        }
        let step = match self.plan.style {
            Style::Objects => format!("backprobe.training_step({})", fill_in("the modules that train")),
            Style::Graph => "backprobe.training_step()".to_owned(),
        };
        self.line(format!("with {step} as step:"));
        self.line(format!("    {}", fill_in(missing)));
        self.blank();
        self.assert_step();
    }
}

/// The name of what a plan builds and runs.
fn name_of(plan: &TestPlan) -> &str {
    match &plan.subject {
        Subject::Model { class: name, .. } | Subject::Function { function: name, .. } | Subject::Trainer { class: name, .. } => name,
        Subject::TrainerFunction { function: name, .. } | Subject::Unreachable { name, .. } => name,
    }
}

/// The assertions of backprobe that a line calls.
fn assertions(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| word.starts_with("assert_"))
}
