//! What a call of a framework does to the shape of its input.

use super::kind::{Kind, Needs, Padding, Window};
use super::known::made_shape;
use crate::finding::Literal;
use crate::rules::view::StepView;
use crate::step::Call;
use crate::step::tensor::TensorId;
use crate::step::value::Value;

/// Modules of layers that keep shapes.
const ELEMENTWISE: [&str; 4] = ["torch.nn.modules.activation.", "torch.nn.modules.dropout.", "torch.nn.modules.normalization.", "torch.nn.modules.linear.Identity"];

/// Larger numbers are no sizes that a test could make.
const LARGEST_SIZE: i64 = 1 << 20;

/// What a call does to the shape of a tensor.
pub(super) struct Operation {
    /// What it does.
    pub(super) kind: Kind,
    /// The tensor that it takes.
    pub(super) input: TensorId,
    /// The tensor that it makes.
    pub(super) output: Option<TensorId>,
}

/// The operations of a call on each tensor that it takes.
pub(super) fn operations(view: &StepView<'_>, call: &Call) -> Vec<Operation> {
    let name = view.qualified_name(call.callee);
    let last = name.as_str().rsplit('.').next().unwrap_or_default();
    let reader = Reader { view, call };
    if let Some(rest) = name.as_str().strip_prefix("torch.") {
        if last == "forward" && rest.starts_with("nn.modules.") { reader.layer() } else { reader.torch_function(last) }
    } else if matches!(name.as_str(), "keras.models.Sequential.call" | "keras.models.Model.call") {
        reader.whole_network()
    } else if last == "call" && name.as_str().starts_with("keras.layers.") {
        reader.graph_layer()
    } else if last == "__call__" && name.as_str().starts_with("flax.linen.layers.") {
        reader.pure_layer()
    } else if name.as_str().starts_with("jax.") || name.as_str().starts_with("flax.linen.") {
        reader.pure_function(last)
    } else if name.as_str().starts_with("tensorflow.layers.") && name.as_str().ends_with(".__call__") {
        reader.graph_layer()
    } else if name.as_str().starts_with("tensorflow.") || name.as_str().starts_with("tf_slim.") {
        reader.graph_function(name.as_str())
    } else {
        Vec::new()
    }
}

/// Whether a call makes one tensor of several, element by element.
pub(super) fn merges(view: &StepView<'_>, call: &Call) -> bool {
    let merging = ["add", "subtract", "multiply", "average", "maximum", "minimum"];
    let name = view.qualified_name(call.callee).as_str().strip_prefix("keras.layers.merge.");
    name.is_some_and(|name| merging.contains(&name.trim_end_matches(".call").to_ascii_lowercase().as_str()))
}

/// Reads the arguments of one call.
struct Reader<'r, 'a> {
    view: &'r StepView<'a>,
    call: &'r Call,
}

impl Reader<'_, '_> {
    /// A layer object of torch: what it is made of, its constructor says.
    fn layer(&self) -> Vec<Operation> {
        let Some(made) = self.view.maker(self.call) else { return Vec::new() };
        let made = Reader { view: self.view, call: made };
        let constructor = self.view.qualified_name(made.call.callee).as_str();
        let class = constructor.trim_end_matches(".__init__").rsplit('.').next().unwrap_or_default();
        let axes = class.chars().rev().nth(1).and_then(|c| c.to_digit(10)).unwrap_or(2) as usize;
        let kind = match class {
            "Linear" => Kind::Dense { inputs: Needs::of(made.int("in_features")), outputs: made.int("out_features") },
            "LazyLinear" => Kind::Dense { inputs: Needs::Any, outputs: made.int("out_features") },
            "Bilinear" => Kind::Dense { inputs: Needs::of(made.int("in1_features")), outputs: made.int("out_features") },
            "Conv1d" | "Conv2d" | "Conv3d" | "ConvTranspose1d" | "ConvTranspose2d" | "ConvTranspose3d" | "LazyConv1d" | "LazyConv2d" | "LazyConv3d" => {
                let Some(window) = made.window(axes, "kernel_size", "stride", class.contains("Transpose")) else { return Vec::new() };
                Kind::Convolution { axes, is_channels_first: true, inputs: if class.starts_with("Lazy") { Needs::Any } else { Needs::of(made.int("in_channels")) }, outputs: made.int("out_channels"), window }
            }
            "MaxPool1d" | "MaxPool2d" | "MaxPool3d" | "AvgPool1d" | "AvgPool2d" | "AvgPool3d" | "LPPool1d" | "LPPool2d" => match made.window(axes, "kernel_size", "stride", false) {
                Some(window) => Kind::Pool { axes, is_channels_first: true, window },
                None => return Vec::new(),
            },
            "AdaptiveAvgPool1d" | "AdaptiveAvgPool2d" | "AdaptiveAvgPool3d" | "AdaptiveMaxPool1d" | "AdaptiveMaxPool2d" | "AdaptiveMaxPool3d" => {
                Kind::AdaptivePool(made.optional_sizes("output_size", axes))
            }
            "BatchNorm1d" | "BatchNorm2d" | "BatchNorm3d" | "InstanceNorm1d" | "InstanceNorm2d" | "InstanceNorm3d" => {
                Kind::Channels { size: made.int("num_features"), rank: (axes > 1).then_some(axes + 2) }
            }
            "GroupNorm" => Kind::Channels { size: made.int("num_channels"), rank: None },
            "LayerNorm" | "RMSNorm" => Kind::Same { last: made.ints("normalized_shape", 1).and_then(|sizes| sizes.last().copied()) },
            "Embedding" | "EmbeddingBag" => Kind::Lookup { rows: made.int("num_embeddings"), columns: made.int("embedding_dim") },
            "RNN" | "GRU" | "LSTM" => Kind::Recurrent { inputs: Needs::of(made.int("input_size")), outputs: made.recurrent_outputs(), is_batch_first: made.flag("batch_first") },
            "RNNCell" | "GRUCell" | "LSTMCell" => Kind::Dense { inputs: Needs::of(made.int("input_size")), outputs: made.int("hidden_size") },
            "MultiheadAttention" => return self.attention(made.int("embed_dim")),
            "TransformerEncoderLayer" | "TransformerDecoderLayer" => Kind::Same { last: made.int("d_model") },
            "Flatten" => Kind::Flatten(made.int("start_dim").and_then(|axis| usize::try_from(axis).ok()).unwrap_or(1)),
            "GLU" => return Vec::new(),
            _ if ELEMENTWISE.iter().any(|module| constructor.starts_with(module)) => Kind::Same { last: None },
            // Containers, losses, padding and the like: what they do is seen inside, or not known.
            _ => return Vec::new(),
        };
        self.on(&["input", "src", "tgt", "input1"], kind)
    }

    fn recurrent_outputs(&self) -> Option<i64> {
        let projected = self.int("proj_size").filter(|size| *size > 0);
        let size = projected.or_else(|| self.int("hidden_size"))?;
        Some(if self.flag("bidirectional") { 2 * size } else { size })
    }

    fn attention(&self, size: Option<i64>) -> Vec<Operation> {
        let sequence = |name: &str| self.tensor(name).map(|input| Operation { kind: Kind::Same { last: size }, input, output: None });
        let mut found: Vec<Operation> = ["query", "key", "value"].into_iter().filter_map(sequence).collect();
        if let (Some(first), Value::Tuple(results)) = (found.first_mut(), &self.call.result) {
            first.output = results.first().and_then(|result| self.view.step.tensor(result));
        }
        found
    }

    /// A function of torch, or a method of its tensors.
    fn torch_function(&self, name: &str) -> Vec<Operation> {
        let axes = name.chars().rev().nth(1).and_then(|c| c.to_digit(10)).unwrap_or(2) as usize;
        let kind = match name {
            "relu" | "relu6" | "leaky_relu" | "elu" | "celu" | "selu" | "silu" | "mish" | "gelu" | "softplus" | "softsign" | "tanh" | "sigmoid" | "hardtanh" | "hardswish" | "hardsigmoid"
            | "logsigmoid" | "tanhshrink" | "softmax" | "log_softmax" | "dropout" | "dropout1d" | "dropout2d" | "dropout3d" | "alpha_dropout" | "feature_alpha_dropout" | "batch_norm"
            | "instance_norm" | "group_norm" | "normalize" | "contiguous" | "clone" | "to" | "float" | "double" | "half" | "cuda" | "cpu" | "type" | "exp" | "log" | "sqrt" | "abs" | "neg"
            | "square" | "clamp" | "clip" | "detach" | "relu_" | "tanh_" | "sigmoid_" | "requires_grad_" | "pow" => Kind::Same { last: None },
            "layer_norm" | "rms_norm" => Kind::Same { last: self.ints("normalized_shape", 1).and_then(|sizes| sizes.last().copied()) },
            "max_pool1d" | "max_pool2d" | "max_pool3d" | "avg_pool1d" | "avg_pool2d" | "avg_pool3d" => match self.window(axes, "kernel_size", "stride", false) {
                Some(window) => Kind::Pool { axes, is_channels_first: true, window },
                None => return Vec::new(),
            },
            "adaptive_avg_pool1d" | "adaptive_avg_pool2d" | "adaptive_avg_pool3d" | "adaptive_max_pool1d" | "adaptive_max_pool2d" | "adaptive_max_pool3d" => {
                Kind::AdaptivePool(self.optional_sizes("output_size", axes))
            }
            "flatten" => match self.int("start_dim").and_then(|axis| usize::try_from(axis).ok()) {
                Some(start) if matches!(self.call.argument("end_dim"), None | Some((Value::Int(-1), _))) => Kind::Flatten(start),
                _ => return Vec::new(),
            },
            "view" => return self.reshape("size"),
            "reshape" => return self.reshape("shape"),
            "permute" => match self.spread("dims") {
                Some(order) => Kind::Permute(order.into_iter().flatten().collect()),
                None => return Vec::new(),
            },
            "mean" | "sum" | "amax" | "amin" => Kind::Reduce { axes: self.reduced("dim"), keeps: self.flag("keepdim") },
            "cross_entropy" | "nll_loss" | "multi_margin_loss" => return self.on(&["target"], Kind::Classes(self.tensor("input"))),
            "binary_cross_entropy" | "binary_cross_entropy_with_logits" => return self.on(&["target"], Kind::Targets { of: self.tensor("input"), are_flags: true }),
            "mse_loss" | "l1_loss" | "smooth_l1_loss" | "huber_loss" => return self.on(&["target"], Kind::Targets { of: self.tensor("input"), are_flags: false }),
            _ => return Vec::new(),
        };
        self.on(&["input", "self"], kind)
    }

    fn reshape(&self, parameter: &str) -> Vec<Operation> {
        match self.spread(parameter) {
            Some(sizes) => self.on(&["input", "self", "tensor"], Kind::Reshape(sizes)),
            None => Vec::new(),
        }
    }

    /// A layer object of a graph: its class is called as the function of the same kind, its constructor takes the settings.
    fn graph_layer(&self) -> Vec<Operation> {
        let Some(made) = self.view.maker(self.call) else { return Vec::new() };
        let class = made.callee.name.as_str().trim_end_matches(".__init__");
        let kind = Reader { view: self.view, call: made }.graph_kind(&function_of(class), false);
        kind.map_or_else(Vec::new, |kind| self.on(&["inputs", "sequences"], kind))
    }

    /// A network that was put together on a placeholder: it takes what the placeholder stands for. Its layers say what they do with it.
    fn whole_network(&self) -> Vec<Operation> {
        let begun_on = |call: &Call| {
            let (taken, _) = match self.view.qualified_name(call.callee).as_str() {
                "keras.models.Sequential._begin" => call.argument("taken")?,
                "keras.models.Model._make" => call.argument("inputs")?,
                _ => return None,
            };
            let taken = self.view.step.tensor(taken)?;
            let is_placeholder = self.view.calls_of("keras.layers.core.Input").any(|call| self.view.step.tensor(&call.result) == Some(taken));
            is_placeholder.then(|| made_shape(self.view, taken))
        };
        let network = self.call.argument("self").map(|(network, _)| network);
        let taken = self.view.step.calls().iter().filter(|call| call.argument("self").map(|(made, _)| made) == network).find_map(begun_on);
        let Some((taken, input)) = taken.zip(self.tensor("inputs")) else { return Vec::new() };
        vec![Operation { kind: Kind::Network(taken), input, output: None }]
    }

    /// What a layer of a graph does, whose settings the call takes.
    fn graph_kind(&self, name: &str, is_slim: bool) -> Option<Kind> {
        let axes = name.chars().find_map(|c| c.to_digit(10)).unwrap_or(2) as usize;
        Some(match name {
            "dense" => Kind::Dense { inputs: Needs::Any, outputs: self.int("units") },
            "fully_connected" | "linear" => Kind::Dense { inputs: Needs::Any, outputs: self.int("num_outputs") },
            "conv1d" | "conv2d" | "conv3d" | "conv2d_transpose" | "conv3d_transpose" | "separable_conv1d" | "separable_conv2d" | "convolution" => {
                let stride = if is_slim { "stride" } else { "strides" };
                let outputs = self.int(if is_slim { "num_outputs" } else { "filters" });
                let window = self.window(axes, "kernel_size", stride, name.contains("transpose"))?;
                Kind::Convolution { axes, is_channels_first: self.is_channels_first(), inputs: Needs::Any, outputs, window }
            }
            "max_pooling1d" | "max_pooling2d" | "max_pooling3d" | "average_pooling1d" | "average_pooling2d" | "average_pooling3d" => {
                Kind::Pool { axes, is_channels_first: self.is_channels_first(), window: self.window(axes, "pool_size", "strides", false)? }
            }
            "max_pool2d" | "avg_pool2d" | "max_pool3d" | "avg_pool3d" if is_slim => {
                Kind::Pool { axes, is_channels_first: self.is_channels_first(), window: self.window(axes, "kernel_size", "stride", false)? }
            }
            "batch_normalization" | "batch_norm" | "layer_norm" | "dropout" => Kind::Same { last: None },
            "flatten" => Kind::Flatten(1),
            "activation" | "softmax" | "re_lu" | "leaky_re_lu" | "elu" | "p_re_lu" | "masking" | "layer_normalization" | "spatial_dropout2d" | "gaussian_noise" => Kind::Same { last: None },
            "embedding" => Kind::Lookup { rows: self.int("input_dim"), columns: self.int("output_dim") },
            "reshape" => Kind::Reshape(std::iter::once(None).chain(self.spread("target_shape")?).collect()),
            "lstm" | "gru" | "simple_rnn" => Kind::Recurrent { inputs: Needs::Any, outputs: self.int("units").filter(|_| self.flag("return_sequences")), is_batch_first: true },
            "global_average_pooling1d" | "global_average_pooling2d" | "global_average_pooling3d" | "global_max_pooling1d" | "global_max_pooling2d" | "global_max_pooling3d" if !self.is_channels_first() => {
                Kind::Reduce { axes: Some((1..=axes as i64).collect()), keeps: self.flag("keepdims") }
            }
            _ => return None,
        })
    }

    /// A function that builds a part of a graph.
    fn graph_function(&self, qualified: &str) -> Vec<Operation> {
        let name = qualified.rsplit('.').next().unwrap_or_default();
        let inputs = ["inputs", "input_tensor", "input", "features", "tensor", "x", "value", "logits", "a"];
        if let Some(kind) = self.graph_kind(name, qualified.starts_with("tf_slim.")) {
            return self.on(&inputs, kind);
        }
        let kind = match name {
            "relu" | "relu6" | "elu" | "selu" | "leaky_relu" | "softplus" | "softsign" | "swish" | "silu" | "tanh" | "sigmoid" | "softmax" | "log_softmax" | "identity" | "cast" | "to_float"
            | "square" | "sqrt" | "exp" | "log" | "abs" | "negative" | "stop_gradient" | "clip_by_value" | "l2_normalize" | "lrn" | "bias_add" => Kind::Same { last: None },
            "reshape" => return self.reshape("shape"),
            "transpose" => match self.ints("perm", 1) {
                Some(order) if order.len() > 1 => Kind::Permute(order),
                _ => return Vec::new(),
            },
            "reduce_mean" | "reduce_sum" | "reduce_max" | "reduce_min" => {
                let axes = self.reduced("axis").or_else(|| self.reduced("reduction_indices"));
                Kind::Reduce { axes, keeps: self.flag("keepdims") || self.flag("keep_dims") }
            }
            "embedding_lookup" => return self.lookup(),
            "sparse_softmax_cross_entropy" | "sparse_softmax_cross_entropy_with_logits" => return self.on(&["labels"], Kind::Classes(self.tensor("logits"))),
            "sigmoid_cross_entropy" => return self.on(&["multi_class_labels"], Kind::Targets { of: self.tensor("logits"), are_flags: true }),
            "softmax_cross_entropy" => return self.on(&["onehot_labels"], Kind::Targets { of: self.tensor("logits"), are_flags: true }),
            "sigmoid_cross_entropy_with_logits" | "softmax_cross_entropy_with_logits" | "softmax_cross_entropy_with_logits_v2" => {
                return self.on(&["labels"], Kind::Targets { of: self.tensor("logits"), are_flags: true });
            }
            "mean_squared_error" | "absolute_difference" | "huber_loss" => return self.on(&["labels"], Kind::Targets { of: self.tensor("predictions"), are_flags: false }),
            _ => return Vec::new(),
        };
        self.on(&inputs, kind)
    }

    /// A table that is a variable: the call that made it says how many rows it has.
    fn lookup(&self) -> Vec<Operation> {
        let table = self.tensor("params").and_then(|table| {
            let makes = |call: &&Call| call.argument("shape").is_some() && self.view.step.tensor(&call.result) == Some(table);
            let made = self.view.step.calls().iter().find(makes)?;
            Reader { view: self.view, call: made }.ints("shape", 1)
        });
        let size = |at: usize| table.as_ref().and_then(|table| table.get(at).copied());
        self.on(&["ids"], Kind::Lookup { rows: size(0), columns: size(1) })
    }

    /// A layer object of Flax.
    fn pure_layer(&self) -> Vec<Operation> {
        let Some(made) = self.view.maker(self.call) else { return Vec::new() };
        let class = made.callee.name.as_str().trim_end_matches(".__init__");
        let made = Reader { view: self.view, call: made };
        let outputs = made.int("features");
        let kind = match class {
            "Dense" => Kind::Dense { inputs: Needs::Any, outputs },
            "Conv" | "ConvTranspose" => {
                let axes = made.spread("kernel_size").map_or(1, |sizes| sizes.len());
                let Some(window) = made.window(axes, "kernel_size", "strides", class == "ConvTranspose") else { return Vec::new() };
                Kind::Convolution { axes, is_channels_first: false, inputs: Needs::Any, outputs, window }
            }
            "Embed" => Kind::Lookup { rows: made.int("num_embeddings"), columns: outputs },
            "BatchNorm" | "LayerNorm" | "GroupNorm" | "InstanceNorm" | "RMSNorm" | "Dropout" | "PReLU" => Kind::Same { last: None },
            _ => return Vec::new(),
        };
        self.on(&["inputs", "x"], kind)
    }

    /// A function of arrays, or a method of them.
    fn pure_function(&self, name: &str) -> Vec<Operation> {
        let kind = match name {
            "reshape" => return self.spread("args").or_else(|| self.spread("shape")).map_or_else(Vec::new, |sizes| self.on(&["self", "a"], Kind::Reshape(sizes))),
            "mean" | "sum" | "max" | "min" => Kind::Reduce { axes: self.reduced("axis"), keeps: self.flag("keepdims") },
            "max_pool" | "avg_pool" => {
                let axes = self.spread("window_shape").map_or(2, |sizes| sizes.len());
                let is_strided = !matches!(self.literal("strides"), None | Some(Literal::None));
                let Some(window) = self.window(axes, "window_shape", "strides", false).filter(|_| is_strided) else { return Vec::new() };
                Kind::Pool { axes, is_channels_first: false, window }
            }
            "relu" | "relu6" | "elu" | "gelu" | "selu" | "silu" | "swish" | "leaky_relu" | "softplus" | "soft_sign" | "tanh" | "sigmoid" | "softmax" | "log_softmax" | "astype" | "exp" | "log" | "sqrt"
            | "square" | "abs" | "stop_gradient" => Kind::Same { last: None },
            _ => return Vec::new(),
        };
        self.on(&["x", "self", "a", "inputs"], kind)
    }

    fn on(&self, parameters: &[&str], kind: Kind) -> Vec<Operation> {
        let Some(input) = parameters.iter().find_map(|name| self.tensor(name)) else { return Vec::new() };
        let result = match &self.call.result {
            Value::Tuple(results) => results.first().cloned().unwrap_or(Value::Unknown),
            single => single.clone(),
        };
        let is_label = matches!(kind, Kind::Classes(_) | Kind::Targets { .. });
        let output = self.view.step.tensor(&result).filter(|_| !is_label);
        vec![Operation { kind, input, output }]
    }

    fn tensor(&self, name: &str) -> Option<TensorId> {
        self.call.argument(name).and_then(|(value, _)| self.view.step.tensor(value))
    }

    fn literal(&self, name: &str) -> Option<Literal> {
        self.call.argument(name).and_then(|(value, _)| self.view.step.literal(value))
    }

    fn int(&self, name: &str) -> Option<i64> {
        size(&self.literal(name)?)
    }

    fn flag(&self, name: &str) -> bool {
        self.literal(name) == Some(Literal::Bool(true))
    }

    /// Sizes given as one number or as a sequence of as many as there are axes.
    fn ints(&self, name: &str, axes: usize) -> Option<Vec<i64>> {
        match self.literal(name)? {
            Literal::Tuple(items) | Literal::List(items) => {
                let sizes = items.iter().map(size).collect::<Option<Vec<i64>>>()?;
                Some(if let [single] = sizes[..] { vec![single; axes] } else { sizes })
            }
            single => size(&single).map(|size| vec![size; axes]),
        }
    }

    fn optional_sizes(&self, name: &str, axes: usize) -> Vec<Option<i64>> {
        match self.literal(name) {
            Some(Literal::Tuple(items) | Literal::List(items)) => items.iter().map(size).collect(),
            single => vec![single.as_ref().and_then(size); axes],
        }
    }

    /// Sizes given one by one or as one sequence; unknown ones are `None`.
    fn spread(&self, name: &str) -> Option<Vec<Option<i64>>> {
        let (value, _) = self.call.argument(name)?;
        let one = |value: &Value| value.as_literal().as_ref().and_then(size);
        let listed = |value: &Value| match self.view.step.literal(value) {
            Some(Literal::Tuple(items) | Literal::List(items)) => Some(items.iter().map(size).collect()),
            _ => None,
        };
        match value {
            Value::Tuple(values) => match &**values {
                [single] => listed(single).or_else(|| match single {
                    Value::Tuple(values) => Some(values.iter().map(one).collect()),
                    other => Some(vec![one(other)]),
                }),
                several => Some(several.iter().map(one).collect()),
            },
            other => listed(other),
        }
    }

    fn reduced(&self, name: &str) -> Option<Vec<i64>> {
        self.ints(name, 1)
    }

    fn is_channels_first(&self) -> bool {
        matches!(self.literal("data_format"), Some(Literal::Str(text)) if text.starts_with("NC") || &*text == "channels_first")
    }

    fn window(&self, axes: usize, kernel: &str, stride: &str, is_transposed: bool) -> Option<Window> {
        let kernel = self.ints(kernel, axes)?;
        let stride = match self.literal(stride) {
            Some(Literal::None) => kernel.clone(),
            Some(Literal::Tuple(items)) if items.is_empty() => kernel.clone(),
            _ => self.ints(stride, axes)?,
        };
        let padding = match self.literal("padding") {
            Some(Literal::Str(text)) if text.eq_ignore_ascii_case("same") => Padding::Same,
            Some(Literal::Str(text)) if text.eq_ignore_ascii_case("valid") => Padding::Sides(vec![0; axes]),
            None if self.call.argument("padding").is_none() => Padding::Sides(vec![0; axes]),
            _ => Padding::Sides(self.ints("padding", axes)?),
        };
        let dilation = self.ints("dilation", axes).or_else(|| self.ints("dilation_rate", axes)).or_else(|| self.ints("rate", axes)).unwrap_or_else(|| vec![1; axes]);
        let output_padding = self.ints("output_padding", axes).unwrap_or_else(|| vec![0; axes]);
        let fits = [&kernel, &stride, &dilation, &output_padding].iter().all(|sizes| sizes.len() == axes) && !matches!(&padding, Padding::Sides(sides) if sides.len() != axes);
        fits.then_some(Window { kernel, stride, padding, dilation, is_transposed, rounds_up: self.flag("ceil_mode"), output_padding })
    }
}

/// The number, if it is a size or stands for one (-1).
fn size(literal: &Literal) -> Option<i64> {
    match literal {
        Literal::Int(size) if (-LARGEST_SIZE..=LARGEST_SIZE).contains(size) => Some(*size),
        _ => None,
    }
}

/// The name of the function that does what a class of layers does: `separable_conv2d` of `SeparableConv2D`, `p_re_lu` of `PReLU`.
fn function_of(class: &str) -> String {
    let mut name = String::new();
    let mut last = None;
    let mut rest = class.chars().peekable();
    while let Some(c) = rest.next() {
        let is_next_small = rest.peek().is_some_and(char::is_ascii_lowercase);
        if c.is_ascii_uppercase() && last.is_some_and(|last: char| last.is_ascii_lowercase() || (last.is_ascii_uppercase() && is_next_small)) {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
        last = Some(c);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::function_of;

    #[test]
    fn classes_of_layers_are_known_by_the_names_of_their_functions() {
        let names = ["ReLU", "LeakyReLU", "PReLU", "ELU", "LSTM", "SeparableConv2D", "Conv2DTranspose", "GlobalAveragePooling1D"].map(function_of);
        assert_eq!(names, ["re_lu", "leaky_re_lu", "p_re_lu", "elu", "lstm", "separable_conv2d", "conv2d_transpose", "global_average_pooling1d"]);
    }
}
