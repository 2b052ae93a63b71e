//! The rules: one silent training bug each, as a question put to the reconstructed step.
//!
//! A rule is one Rust file and one page, side by side; the page is its documentation and its test. Rules know no grammar, no files and
//! no protocol: what they ask is answered by [`crate::step`] or, if they look at one call only, by a query and the bound call.
#![forbid(unsafe_code)]

mod comments;
mod declare;
mod files;
mod findings;
mod flag;
mod layer_kinds;
mod layers;
mod local;
mod losses;
mod modes;
mod nearest;
mod need;
mod optimizers;
mod own;
mod plan;
mod root;
mod tape;
mod trainable;
mod view;
mod ways;

pub use comments::Commented;
pub use declare::Rule;
pub use local::queries;
pub use nearest::nearest;
pub use own::{OWN_RULES, own_names, own_queries, own_words};
pub use need::{MayMatter, Need, Needs, RuleSet, Twice};
pub use root::{Asked, RootFinding, RootReport};
pub use trainable::{Trainable, trainable_method, trainables};

use std::sync::LazyLock;

use declare::declare_rule;
use findings::Findings;
use view::StepView;

use crate::finding::TestPlan;
use crate::project::World;
use crate::step;
use crate::syntax::UnitId;

/// All rules, sorted by name.
static RULES: [&Rule; 11] = [
    &modes::BATCH_NORM_WITHOUT_TRAINING_FLAG,
    &modes::CONSTANT_TRAINING_FLAG,
    &modes::DROPOUT_WITHOUT_TRAINING_FLAG,
    &optimizers::OPPONENT_NOT_FROZEN,
    &optimizers::OPTIMIZER_HOLDS_WRONG_PARAMETERS,
    &optimizers::OPTIMIZER_WITHOUT_VARIABLE_LIST,
    &losses::SINGLE_UNIT_SOFTMAX,
    &modes::TAPE_WITHOUT_TRAINING_FLAG,
    &comments::UNKNOWN_SUPPRESSED_RULE,
    &layers::UNSTACKED_LAYER,
    &comments::UNUSED_SUPPRESSION,
];

/// All rules, sorted by name.
pub fn all() -> &'static [&'static Rule] {
    &RULES
}

/// The rule called `name`.
pub fn find(name: &str) -> Option<&'static Rule> {
    all().iter().copied().find(|rule| rule.name == name)
}

/// What each rule needs, in the order of [`all`].
pub fn needs() -> Vec<Needs> {
    let needs = |rule: &&Rule| {
        let mut needs = (rule.needs)();
        needs.any_of.extend(local::named(rule).map(Need::Named));
        needs
    };
    all().iter().map(needs).collect()
}

/// Rules about events: where none can happen, there is nothing to agree or to object to.
static ABOUT_EVENTS: LazyLock<RuleSet> = LazyLock::new(|| {
    rules_that(|needs| !needs.any_of.is_empty() && needs.any_of.iter().all(|need| matches!(need, Need::Event(_))))
});

/// Rules that ask for what is missing.
static ABOUT_THE_WHOLE: LazyLock<RuleSet> = LazyLock::new(|| rules_that(|needs| needs.whole));

fn rules_that(holds: impl Fn(&Needs) -> bool) -> RuleSet {
    needs().iter().enumerate().filter(|(_, needs)| holds(needs)).map(|(number, _)| 1 << number).sum()
}

/// Evaluates `root` and puts the questions of `rules` to what comes out. Of a root whose budget is spent only what was met is known: a
/// rule that asks for what is missing does not fire there.
pub fn check_root(world: &dyn World, root: UnitId, rules: RuleSet) -> RootReport {
    let evaluate = if rules != 0 && rules & !*ABOUT_THE_WHOLE == 0 { step::evaluate_as_a_whole } else { step::evaluate };
    let step = evaluate(world, root);
    let view = StepView::new(&step, world);
    let mut findings = Findings::new(&step);
    for (number, rule) in all().iter().enumerate() {
        if rules & 1 << number != 0 && let Some(check) = rule.check {
            check(&view, &mut findings);
        } else if *ABOUT_EVENTS & 1 << number != 0 {
            findings.does_not_arise(rule);
        }
    }
    if rules & OWN_RULES != 0 {
        own::check(&view, &mut findings);
    }
    let mut report = findings.into_report();
    report.findings.retain(|found| view.is_project(found.finding.primary.unit));
    report
}

/// The tests of `trainable`, as far as the evaluation of `root` says what to pass. At least one where `root` is its own; none where another
/// root does not run it, nor has an object of its class.
pub fn training_tests(world: &dyn World, root: UnitId, trainable: &Trainable) -> Vec<TestPlan> {
    let step = step::evaluate(world, root);
    let view = StepView::new(&step, world);
    if root == trainable.root || plan::reaches(&view, trainable) { plan::tests(&view, trainable) } else { Vec::new() }
}
