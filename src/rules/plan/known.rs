//! Sizes that the code itself says.

use super::kind::{BATCH, SEQUENCE};
use crate::finding::{Content, Literal};
use crate::rules::view::{EventView, StepView};
use crate::step::Call;
use crate::step::tensor::TensorId;

/// The shape that code gives a tensor where it makes it: a placeholder, random numbers.
pub(super) fn made_shape(view: &StepView<'_>, tensor: TensorId) -> Option<Known> {
    let says_size = |call: &&Call| view.step.tensor(&call.result) == Some(tensor) && (call.argument("shape").is_some() || call.argument("size").is_some());
    let made = view.step.calls().iter().find(says_size)?;
    let name = view.qualified_name(made.callee);
    let name = name.as_str().rsplit('.').next().unwrap_or_default();
    let is_example = name == "Input";
    if !is_example && !matches!(name, "placeholder" | "rand" | "randn" | "randint" | "zeros" | "ones" | "random_normal" | "random_uniform") {
        return None;
    }
    let given = |name: &str| made.argument(name).and_then(|(value, _)| view.step.literal(value)).filter(|sizes| *sizes != Literal::None);
    let whole = given("batch_shape");
    let is_example = is_example && whole.is_none();
    let sizes = whole.or_else(|| given("shape")).or_else(|| given("size"))?;
    let (Literal::Tuple(items) | Literal::List(items)) = sizes else { return None };
    let items = match items.as_slice() {
        [Literal::Tuple(inner) | Literal::List(inner)] => inner.clone(),
        _ => items,
    };
    let items = if is_example { std::iter::once(Literal::None).chain(items).collect() } else { items };
    let sizes = items.iter().enumerate().map(|(axis, item)| match (axis, item) {
        (0, _) => Some(Some(BATCH)),
        (_, Literal::Int(size)) if *size > 0 => Some(Some(*size)),
        (_, Literal::None) => Some(None),
        _ => None,
    });
    sizes.collect::<Option<Vec<Option<i64>>>>().map(Known)
}

/// The shape that a model of Keras has for the data which it is fed with: `tensor`.
pub(super) fn fed_shape(view: &StepView<'_>, tensor: TensorId) -> Option<Known> {
    let fed = ["fit", "predict"].into_iter().flat_map(|name| view.events(name));
    let symbol = |event: EventView<'_>| {
        let fed: Vec<TensorId> = view.step.tensors().get(view.tensor_of(&event, "data")?).inputs.iter().copied().collect();
        view.tensor_of(&event, "inputs").filter(|_| matches!(fed[..], [fed] if view.batches(fed).contains(&tensor)))
    };
    fed.filter_map(symbol).find_map(|symbol| made_shape(view, symbol))
}

/// The shape of a content.
pub(super) fn shape(content: &Content) -> Option<&[i64]> {
    match content {
        Content::Floats(shape) | Content::Fractions(shape) | Content::Below(_, shape) | Content::Flags(shape) => Some(shape),
        Content::FillIn(_) => None,
    }
}

/// What the code says of the sizes of an input: some may be open.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Known(pub(super) Vec<Option<i64>>);

impl Known {
    /// The sizes, open ones chosen, all different.
    pub(super) fn closed(&self) -> Vec<i64> {
        let mut open = [SEQUENCE, 5, 7, 9].into_iter();
        self.0.iter().map(|size| size.or_else(|| open.next()).unwrap_or(SEQUENCE)).collect()
    }

    /// `wanted` with the sizes that are known; those that have another number of axes are out.
    pub(super) fn narrowed(&self, wanted: &[Content]) -> Vec<Content> {
        let first = wanted.first().map(|content| with_shape(content, &self.closed()));
        let is_alike = |content: &Content| shape(content).is_some_and(|shape| shape.len() == self.0.len());
        let sized = |content: &Content| {
            let own = shape(content).unwrap_or_default();
            let sizes: Vec<i64> = self.0.iter().zip(own).map(|(known, wanted)| known.unwrap_or(*wanted)).collect();
            with_shape(content, &sizes)
        };
        let mut found: Vec<Content> = wanted.iter().filter(|content| is_alike(content)).map(sized).collect();
        found.dedup();
        if found.is_empty() { first.into_iter().collect() } else { found }
    }
}

fn with_shape(content: &Content, shape: &[i64]) -> Content {
    match content {
        Content::Below(limit, _) => Content::Below(*limit, shape.to_vec()),
        Content::Fractions(_) => Content::Fractions(shape.to_vec()),
        Content::Flags(_) => Content::Flags(shape.to_vec()),
        _ => Content::Floats(shape.to_vec()),
    }
}

/// Class numbers for scores of this shape.
pub(super) fn classes(scores: &[i64], known: Option<&Known>) -> Option<Content> {
    let (count, shape) = match scores {
        [batch, count] => (*count, vec![*batch]),
        [batch, count, rest @ ..] if known.is_none() => (*count, std::iter::once(*batch).chain(rest.iter().copied()).collect()),
        [.., count] => (*count, Vec::new()),
        [] => return None,
    };
    let shape = known.map_or(shape, Known::closed);
    (count > 0).then_some(Content::Below(count, shape))
}
