//! The text of one test.

mod graphs;
mod layers;
mod objects;
mod pure;
mod title;
mod wrap;

use std::collections::BTreeSet;

use super::Wanted;
use super::import::Import;
use super::names::{is_importable, part, variable};
use super::values::{arguments, content, fill_in};
use crate::finding::{Argument, Content, Literal, Loss, Property, Returns, Style, Subject, TestPlan};

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

/// Longer lines are broken.
const LONGEST_LINE: usize = 100;

/// Variables of generated tests: what is tested is imported under another name if it is called so.
const VARIABLES: [&str; 8] = ["feed", "loss", "model", "network", "optimizer", "output", "step", "train_op"];

/// Graphs are built, not run at once.
const GRAPH_MODE: &str = "tf.disable_v2_behavior()";

/// Writes a test.
pub(super) fn write(wanted: &Wanted<'_>) -> Test {
    let mut writer = Writer::new(wanted.plan);
    match &wanted.plan.subject {
        Subject::Script => writer.script(wanted.path),
        Subject::Unreachable { name, missing } => writer.unreachable(name, missing),
        Subject::Trainer { class, constructor, step, arguments } => writer.trainer(class, constructor, step, arguments),
        Subject::TrainerFunction { function, arguments, item, step } => writer.trainer_function(function, arguments, *item, step),
        Subject::Step { function, arguments } => writer.step_function(function, arguments),
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
        let framework = match plan.style {
            _ if matches!(plan.subject, Subject::Script) => None,
            Style::Objects => Some(Import::module("torch", None)),
            Style::Graph => Some(Import::module("tensorflow.compat.v1", Some("tf"))),
            Style::Layers | Style::Pure => plan.inputs.iter().any(|input| !matches!(input.content, Content::FillIn(_))).then(|| Import::module("numpy", Some("np"))),
        };
        imports.extend(framework);
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
        let subject = bound_as(&self.plan.module, name_of(self.plan));
        let marks = self.lines.iter().flat_map(|line| assertions(line)).map(str::to_owned).chain([subject]).collect();
        let setup = (self.plan.style == Style::Graph).then(|| GRAPH_MODE.to_owned());
        Test { name: title::of(self.plan), imports: self.imports, setup, body: self.lines.into_iter().flat_map(wrap::wrapped).collect(), marks }
    }

    fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    fn blank(&mut self) {
        self.lines.push(String::new());
    }

    /// Imports what `name` stands for; returns what the test calls it.
    fn import_subject(&mut self, name: &str) -> String {
        let (top, rest) = name.split_at(name.find('.').unwrap_or(name.len()));
        let bound = bound_as(&self.plan.module, top);
        if is_importable(&self.plan.module) {
            let alias = (bound != top).then(|| bound.clone());
            self.imports.insert(Import { alias, ..Import::local(&self.plan.module, top) });
        } else {
            self.imports.insert(Import::module("importlib", None));
            let module = Literal::Str(self.plan.module.as_str().into());
            self.line(format!("{bound} = importlib.import_module({module}).{top}"));
        }
        bound + rest
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
        let inputs = self.inputs.clone();
        self.call_on(&inputs)
    }

    /// Lines that build the model, and the expression that runs it on `inputs`.
    fn call_on(&mut self, inputs: &[String]) -> String {
        match &self.plan.subject {
            Subject::Model { class, constructor, method, arguments: passed, .. } => {
                let class = self.import_subject(class);
                self.line(format!("model = {class}({})", arguments(constructor, &[])));
                let callee = match method.as_deref() {
                    None | Some("__call__") => "model".to_owned(),
                    Some(method) => format!("model.{method}"),
                };
                format!("{callee}({})", arguments(passed, inputs))
            }
            Subject::Function { function, arguments: passed, .. } => {
                let function = self.import_subject(function);
                format!("{function}({})", arguments(passed, inputs))
            }
            _ => String::new(),
        }
    }

    fn returns(&self) -> Returns {
        match &self.plan.subject {
            Subject::Model { returns, .. } | Subject::Function { returns, .. } => returns.clone(),
            _ => Returns::Output,
        }
    }

    fn network(&mut self) {
        match self.plan.style {
            Style::Objects => self.object_network(),
            Style::Graph => self.graph_network(),
            Style::Layers => self.layer_network(),
            Style::Pure => self.pure_network(),
        }
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
            Style::Graph | Style::Layers | Style::Pure => {
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
        let variable = self.free_variable(part(class), class, "trainer");
        let class = self.import_subject(class);
        self.line(format!("{variable} = {class}({})", arguments(constructor, &[])));
        match self.plan.style {
            Style::Objects | Style::Layers | Style::Pure => self.object_trainer(&variable, step, passed),
            Style::Graph => self.graph_trainer(&variable, step),
        }
        self.blank();
        self.assert_step();
    }

    /// `name`, or `instead` if it is nothing, or means something else in the test: the subject, an input or a variable of its own.
    fn free_variable(&self, name: String, subject: &str, instead: &str) -> String {
        let is_taken = name.is_empty() || name == subject || self.inputs.contains(&name) || VARIABLES.contains(&name.as_str());
        if is_taken { instead.to_owned() } else { name }
    }

    /// A script runs in a process of its own.
    fn script(&mut self, path: &str) {
        self.lines.clear();
        self.line(format!("step = backprobe.run_script({})", Literal::Str(path.into())));
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
            Style::Graph | Style::Layers | Style::Pure => "backprobe.training_step()".to_owned(),
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
        Subject::TrainerFunction { function: name, .. } | Subject::Step { function: name, .. } | Subject::Unreachable { name, .. } => name,
        Subject::Script => "",
    }
}

/// What a test calls `name` of `module`: so, unless a variable of its own is called so.
fn bound_as(module: &str, name: &str) -> String {
    if VARIABLES.contains(&name) { format!("{}_{name}", part(module)) } else { name.to_owned() }
}

/// The assertions of backprobe that a line calls.
fn assertions(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| word.starts_with("assert_"))
}
