//! Tests of models that hold no parameters: they are initialised, then applied to them.

use super::Writer;
use crate::finding::{Argument, Passed, Property, Returns, Subject};
use crate::testgen::import::Import;
use crate::testgen::values::arguments;

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
        let named = method.as_deref().filter(|method| *method != "__call__").map(|method| Argument { name: "method".to_owned(), by_name: true, value: Passed::Literal(crate::finding::Literal::Str(method.into())) });
        let all: Vec<Argument> = passed.iter().cloned().chain(named).collect();
        let given = arguments(&all, &self.inputs);
        self.line(format!("variables = model.init(jax.random.key(0), {given})"));
        let item = if let Returns::Item(number, _) = self.returns() { format!("[{number}]") } else { String::new() };
        if !matches!(self.plan.property, Property::Trains(_) | Property::StatisticsMoved | Property::OpponentUntouched { .. }) {
            let called = self.function_of_inputs(&format!("model.apply(variables, {given}){item}"));
            return self.assert_called(&called);
        }
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
}
