//! Tests of models that hold no parameters: they are initialised, then applied to them.

use super::Writer;
use crate::finding::{Argument, Literal, Passed, Property, Returns, Subject};
use crate::testgen::import::Import;
use crate::testgen::values::{arguments, taken};

impl Writer<'_> {
    pub(super) fn pure_network(&mut self) {
        let Subject::Model { class, constructor, method, arguments: passed, .. } = &self.plan.subject else {
            let output = self.call();
            let called = self.function_of_inputs(&output);
            return self.assert_calls(&called);
        };
        let class = self.import_subject(class);
        self.line(format!("model = {class}({})", arguments(constructor, &[])));
        self.values();
        self.imports.insert(Import::module("jax", None));
        let named = method.as_deref().filter(|method| *method != "__call__").map(|method| Argument { name: "method".to_owned(), by_name: true, value: Passed::Literal(Literal::Str(method.into())) });
        let all: Vec<Argument> = passed.iter().cloned().chain(named).collect();
        let given = arguments(&all, &self.inputs);
        // Dropout asks for its key in training, and where it is told the wrong mode.
        let is_random = matches!(self.plan.property, Property::Deterministic | Property::RandomInTraining | Property::ExamplesIndependent | Property::StatisticsMoved);
        let key = if is_random { "{\"params\": jax.random.key(0), \"dropout\": jax.random.key(1)}" } else { "jax.random.key(0)" };
        self.line(format!("variables = model.init({key}, {given})"));
        let item = taken("", &self.returns());
        match self.plan.property {
            Property::StatisticsMoved => self.pure_statistics(&given, &item),
            Property::Trains(_) | Property::OpponentUntouched { .. } => self.pure_step(&given, &item),
            Property::Deterministic => {
                // Each call draws anew.
                self.line("keys = iter(jax.random.split(jax.random.key(2), 16))");
                let output = self.applied(&given, "next(keys)");
                self.assert_applied(&format!("{output}{item}"));
            }
            Property::RandomInTraining => {
                let output = self.applied(&given, "key");
                self.blank();
                self.line(format!("backprobe.assert_random_in_training(lambda key: {output}{item}, jax.random.key(2))"));
            }
            Property::ExamplesIndependent => {
                let output = self.applied(&given, "jax.random.key(2)");
                self.assert_applied(&format!("{output}{item}"));
            }
            Property::OutputVaries | Property::LossDependsOn => self.assert_applied(&format!("model.apply(variables, {given}){item}")),
        }
    }

    fn assert_applied(&mut self, output: &str) {
        let called = self.function_of_inputs(output);
        self.assert_called(&called);
    }

    /// The output in whatever mode the code chooses: in training it draws, and returns its statistics too, which are left alone.
    fn applied(&self, given: &str, key: &str) -> String {
        let rngs = format!("rngs={{\"dropout\": {key}}}");
        if self.plan.has_state { format!("model.apply(variables, {given}, {rngs}, mutable=[\"batch_stats\"])[0]") } else { format!("model.apply(variables, {given}, {rngs})") }
    }

    fn pure_step(&mut self, given: &str, item: &str) {
        self.imports.insert(Import::module("optax", None));
        let held = if self.plan.has_state { "{**variables, \"params\": params}" } else { "{\"params\": params}" };
        let output = format!("model.apply({held}, {given}){item}");
        let loss = if self.returns() == Returns::Loss { output } else { self.loss(&output) };
        self.blank();
        self.line("with backprobe.training_step(variables[\"params\"], optax.adam(0.01)) as step:");
        self.line(format!("    step.minimize(lambda params: {loss})"));
        self.blank();
        self.assert_step();
    }

    fn pure_statistics(&mut self, given: &str, item: &str) {
        self.imports.insert(Import::module("optax", None));
        self.blank();
        self.line("def loss(params, statistics):");
        self.line("    held = {\"params\": params, \"batch_stats\": statistics}");
        self.line(format!("    output, updates = model.apply(held, {given}, rngs={{\"dropout\": jax.random.key(2)}}, mutable=[\"batch_stats\"])"));
        self.line(format!("    return backprobe.probe_loss(output{item}), updates[\"batch_stats\"]"));
        self.blank();
        self.line("with backprobe.training_step(variables[\"params\"], optax.adam(0.01), variables[\"batch_stats\"]) as step:");
        self.line("    step.minimize(loss)");
        self.blank();
        self.assert_step();
    }
}
