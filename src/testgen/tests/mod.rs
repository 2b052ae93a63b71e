//! Tests of generated test files: how they read, and how they are merged.

mod merging;

use super::{Wanted, test_file};
use crate::finding::{Argument, Content, Input, Literal, Loss, Passed, Property, Returns, Style, Subject, TestPlan};

/// The model of the design's first example.
pub(super) fn convnet(property: Property) -> TestPlan {
    TestPlan {
        style: Style::Objects,
        has_state: false,
        module: "models.convnet".to_owned(),
        subject: Subject::Model { class: "ConvNet".to_owned(), constructor: Vec::new(), method: None, arguments: vec![input(0, "images")], returns: Returns::Output },
        inputs: vec![floats("images", &[8, 3, 32, 32]), labels(10)],
        loss: Loss::Used { function: "torch.nn.functional.cross_entropy".to_owned(), output: "input".to_owned(), labels: "target".to_owned(), input: 1 },
        optimizer: None,
        property,
    }
}

/// A builder of a graph.
pub(super) fn builder(property: Property, flag: bool) -> TestPlan {
    let flag = Argument { name: "is_training".to_owned(), by_name: true, value: Passed::Literal(Literal::Bool(flag)) };
    TestPlan {
        style: Style::Graph,
        has_state: false,
        module: "prices".to_owned(),
        subject: Subject::Function { function: "price_model".to_owned(), arguments: vec![input(0, "houses"), flag], returns: Returns::Output },
        inputs: vec![floats("houses", &[8, 12])],
        loss: Loss::Probe,
        optimizer: None,
        property,
    }
}

fn input(number: usize, name: &str) -> Argument {
    Argument { name: name.to_owned(), by_name: false, value: Passed::Input(number) }
}

fn floats(name: &str, shape: &[i64]) -> Input {
    Input { name: name.to_owned(), content: Content::Floats(shape.to_vec()), attribute: None, is_label: false }
}

fn labels(classes: i64) -> Input {
    Input { name: "labels".to_owned(), content: Content::Below(classes, vec![8]), attribute: None, is_label: true }
}

pub(super) fn wanted(plan: &TestPlan) -> Wanted<'_> {
    Wanted { of: "unstacked-layer", path: "models/convnet.py", plan }
}

fn fresh(plan: &TestPlan) -> String {
    test_file(&[wanted(plan)], None).expect("a new file has no errors").text
}

#[test]
fn a_test_reads_as_an_expert_writes_it() {
    insta::assert_snapshot!(fresh(&convnet(Property::Trains(Vec::new()))), @r#"
    """Written by backprobe for `unstacked-layer` in models/convnet.py."""
    import backprobe
    import torch
    import torch.nn.functional as F

    from models.convnet import ConvNet


    def test_every_parameter_of_convnet_trains():
        backprobe.seed(0)
        model = ConvNet()
        images, labels = torch.randn(8, 3, 32, 32), torch.randint(10, (8,))

        with backprobe.training_step(model) as step:
            step.minimize(lambda: F.cross_entropy(model(images), labels))

        step.assert_trained()
    "#);
}

#[test]
fn a_module_that_no_import_statement_can_name_is_imported_by_its_name() {
    for module in ["my-model", "models.2net", "class", "da-sh.net"] {
        let text = fresh(&TestPlan { module: module.to_owned(), ..convnet(Property::OutputVaries) });
        assert!(text.contains("\nimport importlib\n"), "{text}");
        assert!(text.contains(&format!("    ConvNet = importlib.import_module(\"{module}\").ConvNet\n    model = ConvNet()\n")), "{text}");
        assert!(!text.contains("from "), "{text}");
    }
}

#[test]
fn what_is_called_as_a_variable_of_the_test_is_imported_under_another_name() {
    let mut plan = convnet(Property::OutputVaries);
    let Subject::Model { class, .. } = &mut plan.subject else { unreachable!("a model") };
    "model".clone_into(class);
    let text = fresh(&plan);
    assert!(text.contains("from models.convnet import model as models_convnet_model\n"), "{text}");
    assert!(text.contains("    model = models_convnet_model()\n"), "{text}");
    let mut plan = builder(Property::OpponentUntouched { trained: Vec::new(), untouched: Vec::new() }, true);
    plan.subject = Subject::Trainer { class: "gan".to_owned(), constructor: Vec::new(), step: "g_step".to_owned(), arguments: Vec::new() };
    assert!(fresh(&plan).contains("    trainer = gan()\n"), "{}", fresh(&plan));
}

#[test]
fn a_graph_is_built_on_placeholders() {
    insta::assert_snapshot!(fresh(&builder(Property::StatisticsMoved, true)), @r#"
    """Written by backprobe for `unstacked-layer` in models/convnet.py."""
    import backprobe
    import numpy as np
    import tensorflow.compat.v1 as tf

    from prices import price_model

    tf.disable_v2_behavior()


    def test_statistics_of_price_model_move():
        backprobe.seed(0)
        houses = tf.placeholder(tf.float32, [None, 12])
        output = price_model(houses, is_training=True)
        loss = backprobe.probe_loss(output)
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            train_op = tf.train.GradientDescentOptimizer(0.01).minimize(loss)

        with backprobe.training_step() as step:
            step.run(train_op, {houses: np.random.randn(8, 12)})

        step.assert_statistics_moved()
    "#);
}

#[test]
fn a_player_leaves_the_other_alone() {
    let mut plan = builder(Property::OpponentUntouched { trained: vec!["generator/".to_owned()], untouched: vec!["discriminator/".to_owned()] }, true);
    plan.subject = Subject::Trainer { class: "GAN".to_owned(), constructor: Vec::new(), step: "g_step".to_owned(), arguments: Vec::new() };
    plan.inputs = vec![Input { name: "z".to_owned(), content: Content::Floats(vec![8, 100]), attribute: Some("z".to_owned()), is_label: false }];
    insta::assert_snapshot!(fresh(&plan), @r#"
    """Written by backprobe for `unstacked-layer` in models/convnet.py."""
    import backprobe
    import numpy as np
    import tensorflow.compat.v1 as tf

    from prices import GAN

    tf.disable_v2_behavior()


    def test_g_step_of_gan_leaves_discriminator_alone():
        backprobe.seed(0)
        gan = GAN()

        with backprobe.training_step() as step:
            step.run(gan.g_step, {gan.z: np.random.randn(8, 100)})

        step.assert_trained("generator/")
        step.assert_untouched("discriminator/", by="generator/")
    "#);
}

#[test]
fn every_property_has_its_assertion() {
    let last = |plan: &TestPlan| fresh(plan).trim_end().lines().last().unwrap_or_default().trim().to_owned();
    assert_eq!(last(&convnet(Property::Deterministic)), "backprobe.assert_deterministic(model, images)");
    assert_eq!(last(&convnet(Property::RandomInTraining)), "backprobe.assert_random_in_training(model, images)");
    assert_eq!(last(&convnet(Property::OutputVaries)), "backprobe.assert_output_varies(model, images)");
    assert_eq!(last(&convnet(Property::ExamplesIndependent)), "backprobe.assert_examples_independent(model, images)");
    assert_eq!(last(&convnet(Property::LossDependsOn)), "backprobe.assert_loss_depends_on(lambda images: F.cross_entropy(model(images), labels), images)");
    assert_eq!(last(&builder(Property::Deterministic, false)), "backprobe.assert_deterministic(output, {houses: np.random.randn(8, 12)})");
    assert_eq!(last(&builder(Property::OutputVaries, false)), "backprobe.assert_output_varies(output, houses, {houses: np.random.randn(8, 12)})");
    assert_eq!(last(&builder(Property::LossDependsOn, false)), "backprobe.assert_loss_depends_on(loss, houses, {houses: np.random.randn(8, 12)})");
}

#[test]
fn what_is_not_known_asks_to_be_filled_in() {
    let mut plan = convnet(Property::Trains(Vec::new()));
    plan.inputs[0].content = Content::FillIn("the shape of `images`".to_owned());
    assert!(fresh(&plan).contains("images = backprobe.fill_in(\"the shape of `images`\")") || fresh(&plan).contains("images, labels = backprobe.fill_in(\"the shape of `images`\"), "));
    plan.subject = Subject::Unreachable { name: "train".to_owned(), missing: "the training step".to_owned() };
    let text = fresh(&plan);
    assert!(text.contains("backprobe.fill_in(\"the training step\")"), "{text}");
    assert!(text.contains("from models.convnet import train"), "{text}");
}

#[test]
fn a_long_call_with_values_to_fill_in_has_one_argument_a_line() {
    let fill = |name: &str| Argument { name: name.to_owned(), by_name: false, value: Passed::FillIn(format!("`{name}`, or what (\"else\") it needs, of ConvNet")) };
    let mut plan = convnet(Property::OutputVaries);
    let Subject::Model { constructor, .. } = &mut plan.subject else { unreachable!("a model") };
    *constructor = vec![fill("width")];
    assert!(fresh(&plan).contains("    model = ConvNet(backprobe.fill_in("), "{}", fresh(&plan));
    let Subject::Model { constructor, .. } = &mut plan.subject else { unreachable!("a model") };
    *constructor = vec![fill("width"), Argument { by_name: true, ..fill("depth") }];
    let wanted = r#"
    model = ConvNet(
        backprobe.fill_in("`width`, or what (\"else\") it needs, of ConvNet"),
        depth=backprobe.fill_in("`depth`, or what (\"else\") it needs, of ConvNet"),
    )
"#;
    assert!(fresh(&plan).contains(wanted), "{}", fresh(&plan));
}
