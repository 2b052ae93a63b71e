//! Values of a test as Python writes them.

use crate::finding::{Argument, Content, Literal, Passed, Returns, Style};

/// A tuple of sizes: `8, 3, 32, 32`.
fn sizes(shape: &[i64]) -> String {
    shape.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// A shape: `(8, 3, 32, 32)`, `(8,)`.
fn tuple(shape: &[i64]) -> String {
    if let [single] = shape { format!("({single},)") } else { format!("({})", sizes(shape)) }
}

/// The call that makes `content`.
pub(super) fn content(content: &Content, style: Style) -> String {
    match (content, style) {
        (Content::FillIn(what), _) => fill_in(what),
        (Content::Floats(shape), Style::Objects) => format!("torch.randn({})", sizes(shape)),
        (Content::Fractions(shape), Style::Objects) => format!("torch.rand({})", sizes(shape)),
        (Content::Below(limit, shape), Style::Objects) => format!("torch.randint({limit}, {})", tuple(shape)),
        (Content::Flags(shape), Style::Objects) => format!("torch.randint(2, {}).float()", tuple(shape)),
        (Content::Floats(shape), Style::Graph | Style::Layers | Style::Pure) => format!("np.random.randn({})", sizes(shape)),
        (Content::Fractions(shape), Style::Graph | Style::Layers | Style::Pure) => format!("np.random.rand({})", sizes(shape)),
        (Content::Below(limit, shape), Style::Graph | Style::Layers | Style::Pure) => format!("np.random.randint({limit}, size={})", tuple(shape)),
        (Content::Flags(shape), Style::Graph | Style::Layers | Style::Pure) => format!("np.random.randint(2, size={})", tuple(shape)),
    }
}

/// The placeholder that is fed `content`: the batch may have any size.
pub(super) fn placeholder(content: &Content) -> String {
    let of = |kind: &str, shape: &[i64]| {
        let rest: Vec<String> = std::iter::once("None".to_owned()).chain(shape.iter().skip(1).map(i64::to_string)).collect();
        format!("tf.placeholder(tf.{kind}, [{}])", rest.join(", "))
    };
    match content {
        Content::FillIn(what) => fill_in(&format!("{what}: a placeholder, which is fed below, or a value")),
        Content::Floats(shape) | Content::Fractions(shape) | Content::Flags(shape) => of("float32", shape),
        Content::Below(_, shape) => of("int64", shape),
    }
}

/// The placeholder on which layers are put together that are then called on `value`, which holds `content`.
pub(super) fn layer_input(content: &Content, value: &str) -> String {
    match content {
        Content::FillIn(_) => format!("keras.Input({value}.shape[1:])"),
        Content::Below(_, shape) => format!("keras.Input({}, dtype=\"int64\")", tuple(shape.get(1..).unwrap_or_default())),
        Content::Floats(shape) | Content::Fractions(shape) | Content::Flags(shape) => format!("keras.Input({})", tuple(shape.get(1..).unwrap_or_default())),
    }
}

/// What begins a value that has to be filled in.
pub(super) const FILL_IN: &str = "backprobe.fill_in(";

/// `backprobe.fill_in("…")`
pub(super) fn fill_in(what: &str) -> String {
    format!("{FILL_IN}{})", Literal::Str(what.into()))
}

/// The part that matters of what `call` returns.
pub(super) fn taken(call: &str, returns: &Returns) -> String {
    match returns {
        Returns::Item(number, _) => format!("{call}[{number}]"),
        Returns::Entry(key) => format!("{call}[{}]", Literal::Str(key.clone())),
        Returns::Output | Returns::Loss | Returns::Network | Returns::Part => call.to_owned(),
    }
}

/// Arguments of a call; `inputs` are the variables of the inputs.
pub(super) fn arguments(arguments: &[Argument], inputs: &[String]) -> String {
    let mut by_name = false;
    let mut parts = Vec::new();
    for argument in arguments {
        let value = match &argument.value {
            Passed::Literal(literal) => literal.to_string(),
            Passed::Input(number) => inputs.get(*number).cloned().unwrap_or_else(|| fill_in(&argument.name)),
            Passed::Size(size) => size.to_string(),
            Passed::FillIn(what) => fill_in(what),
        };
        // Positional arguments stand first, whatever is skipped before them.
        by_name |= argument.by_name;
        parts.push(if by_name { format!("{}={value}", argument.name) } else { value });
    }
    parts.join(", ")
}
