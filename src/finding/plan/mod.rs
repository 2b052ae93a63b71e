//! What a test has to build and to assert, without saying how it is written down.

mod literal;

use std::sync::Arc;

pub use literal::Literal;

/// The test that proves a finding, or that code trains as it should.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TestPlan {
    /// How the code under test is run.
    pub style: Style,
    /// Whether the model has state beside its parameters, which is passed with them.
    pub has_state: bool,
    /// Dotted name of the module under test.
    pub module: String,
    /// What is built and run.
    pub subject: Subject,
    /// What flows in, in the order of the parameters; labels last.
    pub inputs: Vec<Input>,
    /// The loss that is made of the output; a probe where the code shows none.
    pub loss: Loss,
    /// The optimizer that the code uses; any where the code shows none.
    pub optimizer: Option<Optimizer>,
    /// What should hold.
    pub property: Property,
}

/// How the code under test is run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Style {
    /// Models are objects that are called on tensors.
    Objects,
    /// Functions build a graph on placeholders; a session runs it.
    Graph,
    /// Models are made of layers and take arrays; functions that build them return them.
    Layers,
    /// Models hold no parameters: they make them once, and take them with each call.
    Pure,
}

/// What is built and run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Subject {
    /// A class of models: built, then called on the inputs.
    Model {
        /// Its name.
        class: String,
        /// Arguments of the constructor.
        constructor: Vec<Argument>,
        /// The method that is called instead of the object itself.
        method: Option<String>,
        /// Arguments of the call.
        arguments: Vec<Argument>,
        /// What the call returns.
        returns: Returns,
    },
    /// A function of tensors.
    Function {
        /// Its name.
        function: String,
        /// Arguments of the call.
        arguments: Vec<Argument>,
        /// What it returns.
        returns: Returns,
    },
    /// An object that holds networks and trains them by its methods or operations.
    Trainer {
        /// Its name.
        class: String,
        /// Arguments of the constructor.
        constructor: Vec<Argument>,
        /// The method that makes one training step, or the attribute that holds the operation.
        step: String,
        /// Arguments of that method.
        arguments: Vec<Argument>,
    },
    /// A function that builds training operations and returns them.
    TrainerFunction {
        /// Its name.
        function: String,
        /// Arguments of the call.
        arguments: Vec<Argument>,
        /// Which of the returned values is the operation, and of how many; `None` if it is returned alone.
        item: Option<(usize, usize)>,
        /// What the operation is called in the code.
        step: String,
    },
    /// A function that makes one training step of models that it knows itself.
    Step {
        /// Its name.
        function: String,
        /// Arguments of the call.
        arguments: Vec<Argument>,
    },
    /// A module that trains when it is run.
    Script,
    /// Nothing that a test can reach.
    Unreachable {
        /// The function or class that holds the code.
        name: String,
        /// What has to be filled in.
        missing: String,
    },
}

/// What a call returns.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Returns {
    /// The output of the network.
    Output,
    /// The loss.
    Loss,
    /// One of several values, the one that matters and their number.
    Item(usize, usize),
    /// A dict, and the key of the value that matters.
    Entry(Arc<str>),
    /// A network, which is then called on the inputs.
    Network,
    /// The output of layers that each call makes anew: a part of a network, which is built of it once.
    Part,
}

/// One argument of a call.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Argument {
    /// The parameter.
    pub name: String,
    /// Whether it is passed by name.
    pub by_name: bool,
    /// What is passed.
    pub value: Passed,
}

/// What is passed.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Passed {
    /// A constant.
    Literal(Literal),
    /// A number that the code leaves open: the size of a layer.
    Size(i64),
    /// The input with this number.
    Input(usize),
    /// The code does not say: what has to be filled in.
    FillIn(String),
}

/// A tensor that flows in.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Input {
    /// Its name in the code.
    pub name: String,
    /// What it holds.
    pub content: Content,
    /// Attribute of the trainer that holds its placeholder.
    pub attribute: Option<String>,
    /// Whether it is held fixed where inputs vary.
    pub is_label: bool,
}

/// What a tensor holds.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Content {
    /// Numbers around zero.
    Floats(Vec<i64>),
    /// Numbers between zero and one.
    Fractions(Vec<i64>),
    /// Integers from zero up to, but not including, a limit.
    Below(i64, Vec<i64>),
    /// Zeros and ones, as floats.
    Flags(Vec<i64>),
    /// The code does not say: what has to be filled in.
    FillIn(String),
}

/// The loss of a step.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Loss {
    /// A fixed random projection of the output.
    Probe,
    /// The function that the code uses, on the output and the input with this number.
    Used {
        /// Qualified name of the function.
        function: String,
        /// The parameter that takes the output.
        output: String,
        /// The parameter that takes the labels.
        labels: String,
        /// The input that holds the labels.
        input: usize,
    },
}

/// The optimizer of a step.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Optimizer {
    /// Qualified name of its class.
    pub class: String,
    /// Arguments of its constructor beside the parameters.
    pub arguments: Vec<Argument>,
}

/// What should hold after a training step.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Property {
    /// Every parameter trains: all, or those of these scopes.
    Trains(Vec<String>),
    /// A step of one player leaves the other alone.
    OpponentUntouched {
        /// Scopes of the player that trains.
        trained: Vec<String>,
        /// Scopes of the other.
        untouched: Vec<String>,
    },
    /// Moving statistics are learned.
    StatisticsMoved,
    /// The output of one example does not depend on the others in its batch.
    ExamplesIndependent,
    /// Two evaluations on one input are equal.
    Deterministic,
    /// Two training calls on one input differ.
    RandomInTraining,
    /// The output varies with the input.
    OutputVaries,
    /// The loss varies with the input.
    LossDependsOn,
}

impl TestPlan {
    /// How many sizes of layers were chosen, since no call gives them.
    pub fn chosen(&self) -> usize {
        match &self.subject {
            Subject::Model { constructor, .. } => constructor.iter().filter(|argument| matches!(argument.value, Passed::Size(_))).count(),
            _ => 0,
        }
    }

    /// How many values are left to be filled in.
    pub fn gaps(&self) -> usize {
        let is_gap = |argument: &&Argument| matches!(argument.value, Passed::FillIn(_));
        let in_call = |arguments: &[Argument]| arguments.iter().filter(is_gap).count();
        let in_subject = match &self.subject {
            Subject::Model { constructor, arguments, .. } | Subject::Trainer { constructor, arguments, .. } => in_call(constructor) + in_call(arguments),
            Subject::Function { arguments, .. } | Subject::TrainerFunction { arguments, .. } | Subject::Step { arguments, .. } => in_call(arguments),
            Subject::Script => 0,
            Subject::Unreachable { .. } => 100,
        };
        in_subject + self.inputs.iter().filter(|input| matches!(input.content, Content::FillIn(_))).count()
    }
}
