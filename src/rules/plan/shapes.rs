//! Shapes of inputs: what the first operations ask for, tried out through everything that follows.

use std::collections::{HashMap, HashSet};

use super::operation::{Kind, Operation, operations};
use crate::finding::Content;
use crate::rules::view::StepView;
use crate::step::tensor::{Origin, TensorId};
use crate::syntax::hir::{BinaryOp, Expr, ExprId, Hir, Literal, NodeId, Stmt};

/// Examples in a batch.
pub(super) const BATCH: i64 = 8;
/// Elements of a sequence: at least four, so that attention has something to choose from.
const SEQUENCE: i64 = 6;
/// Features where the code takes any number.
const FEATURES: i64 = 16;
/// Spatial sizes, in the order in which they are tried.
const SIZES: [i64; 16] = [32, 28, 64, 96, 128, 224, 227, 299, 256, 84, 160, 48, 16, 20, 100, 512];
/// Spatial sizes of what a transposed convolution takes.
const SEEDS: [i64; 5] = [4, 7, 8, 16, 1];
/// Combinations of candidates that are tried.
const MOST_TRIALS: usize = 400;

/// The operations of a step, and the shapes that they lead to.
pub(super) struct Shapes<'s, 'a> {
    view: &'s StepView<'a>,
    operations: Vec<Operation>,
    /// The operation that makes a tensor.
    makers: HashMap<TensorId, usize>,
    /// Tensors that a framework made in a way that is not understood.
    strange: HashSet<TensorId>,
}

impl<'s, 'a> Shapes<'s, 'a> {
    pub(super) fn new(view: &'s StepView<'a>) -> Self {
        let mut found = Self { view, operations: Vec::new(), makers: HashMap::new(), strange: HashSet::new() };
        for call in view.step.calls() {
            let own = operations(view, call);
            if own.is_empty() {
                found.strange.extend(view.step.tensor(&call.result));
            }
            for operation in own {
                if let Some(output) = operation.output.filter(|output| *output != operation.input) {
                    // A layer calls its activation itself: the outer call, which comes first, says what both do.
                    found.makers.entry(output).or_insert(found.operations.len());
                }
                found.operations.push(operation);
            }
        }
        found
    }

    /// What each of `inputs` holds, so that all of them fit together; with what is known of some from elsewhere.
    pub(super) fn solve(&self, inputs: &[(TensorId, Option<Known>)]) -> Vec<Option<Content>> {
        let wanted: Vec<Vec<Content>> = inputs.iter().map(|(input, known)| self.candidates(*input, known.as_ref())).collect();
        // Labels and the like follow from the shapes of the others.
        let drivers: Vec<usize> = (0..inputs.len()).filter(|&at| !wanted[at].is_empty()).collect();
        let best = self.first_that_fits(inputs, &wanted, &drivers);
        let Some(chosen) = best else { return vec![None; inputs.len()] };
        let mut contents: Vec<Option<Content>> = vec![None; inputs.len()];
        for (&at, content) in drivers.iter().zip(chosen) {
            contents[at] = Some(content);
        }
        let shapes = self.simulate(&self.seeds(inputs, &contents)).unwrap_or_default();
        for (at, (input, known)) in inputs.iter().enumerate().filter(|(at, _)| wanted[*at].is_empty()) {
            contents[at] = self.follower(*input, known.as_ref(), &shapes);
        }
        contents
    }

    /// The shape of `tensor` where `inputs` hold `contents`.
    pub(super) fn shape_of(&self, tensor: TensorId, inputs: &[TensorId], contents: &[Option<Content>]) -> Option<Vec<i64>> {
        let named: Vec<(TensorId, Option<Known>)> = inputs.iter().map(|input| (*input, None)).collect();
        self.simulate(&self.seeds(&named, contents)).ok()?.get(&tensor).cloned()
    }

    fn seeds(&self, inputs: &[(TensorId, Option<Known>)], contents: &[Option<Content>]) -> HashMap<TensorId, Vec<i64>> {
        let _ = self;
        inputs.iter().zip(contents).filter_map(|((input, _), content)| Some((*input, shape(content.as_ref()?)?.to_vec()))).collect()
    }

    fn first_that_fits(&self, inputs: &[(TensorId, Option<Known>)], wanted: &[Vec<Content>], drivers: &[usize]) -> Option<Vec<Content>> {
        let counts: Vec<usize> = drivers.iter().map(|&at| wanted[at].len()).collect();
        let total = counts.iter().try_fold(1_usize, |product, count| product.checked_mul(*count)).unwrap_or(usize::MAX).min(MOST_TRIALS);
        (0..total).find_map(|mut number| {
            let mut contents = vec![None; inputs.len()];
            let mut chosen = Vec::new();
            for (&at, &count) in drivers.iter().zip(&counts) {
                let content = wanted[at][number % count].clone();
                number /= count;
                contents[at] = Some(content.clone());
                chosen.push(content);
            }
            self.simulate(&self.seeds(inputs, &contents)).is_ok().then_some(chosen)
        })
    }

    /// What the first operations on `input` ask for.
    fn candidates(&self, input: TensorId, known: Option<&Known>) -> Vec<Content> {
        let (reached, is_flat) = self.same_shape(input);
        for operation in self.operations.iter().filter(|operation| reached.contains(&operation.input)) {
            let found = demands(&operation.kind, is_flat.contains(&operation.input));
            if !found.is_empty() {
                return match known {
                    Some(known) => known.narrowed(&found),
                    None => found,
                };
            }
        }
        if self.follows(&reached) {
            return Vec::new();
        }
        known.map_or_else(Vec::new, |known| vec![Content::Floats(known.closed())])
    }

    /// Whether a tensor is only compared with what others lead to.
    fn follows(&self, reached: &HashSet<TensorId>) -> bool {
        self.operations.iter().any(|operation| reached.contains(&operation.input) && matches!(operation.kind, Kind::Classes(_) | Kind::Targets { .. }))
    }

    /// The tensors that have the shape of `input`, and those of them that are laid out anew for each example.
    fn same_shape(&self, input: TensorId) -> (HashSet<TensorId>, HashSet<TensorId>) {
        let mut reached = HashSet::from([input]);
        let mut is_flat = HashSet::new();
        for (id, tensor) in self.view.step.tensors().iter() {
            match self.makers.get(&id).map(|&number| &self.operations[number]) {
                Some(operation) if reached.contains(&operation.input) => {
                    let flattens = match &operation.kind {
                        Kind::Same { .. } | Kind::Channels { .. } => is_flat.contains(&operation.input),
                        Kind::Flatten(1) => true,
                        Kind::Reshape(sizes) => sizes.len() == 2 && sizes[0].is_none_or(|size| size == -1),
                        _ => continue,
                    };
                    if matches!(operation.kind, Kind::Reshape(_)) && !flattens {
                        continue;
                    }
                    reached.insert(id);
                    if flattens {
                        is_flat.insert(id);
                    }
                }
                Some(_) => {}
                None if tensor.inputs.iter().any(|input| reached.contains(input)) && self.written(id) == Some(Written::Elementwise) => {
                    if tensor.inputs.iter().any(|input| is_flat.contains(input)) {
                        is_flat.insert(id);
                    }
                    reached.insert(id);
                }
                None => {}
            }
        }
        (reached, is_flat)
    }

    /// How project code makes a tensor without calling anything, if it is a way that keeps shapes or picks from them.
    fn written(&self, id: TensorId) -> Option<Written> {
        let tensor = self.view.step.tensors().get(id);
        if tensor.opaque || self.strange.contains(&id) {
            return None;
        }
        if tensor.origin == Origin::Join {
            return Some(Written::Elementwise);
        }
        if tensor.origin != Origin::Operation {
            return None;
        }
        let hir = self.view.world.hir(tensor.place.unit);
        match tensor.place.node {
            NodeId::Expr(expr) => match hir.expr(expr) {
                Expr::Binary { op, .. } if *op != BinaryOp::MatrixMultiply => Some(Written::Elementwise),
                Expr::Unary { .. } => Some(Written::Elementwise),
                Expr::Subscript { index, .. } => {
                    let parts = match hir.expr(*index) {
                        Expr::Tuple(parts) => parts.clone(),
                        _ => vec![*index],
                    };
                    parts.into_iter().map(|part| pick(&hir, part)).collect::<Option<Vec<Pick>>>().map(Written::Item)
                }
                _ => None,
            },
            NodeId::Stmt(stmt) => match hir.stmt(stmt) {
                Stmt::AugmentedAssign { op, .. } if *op != BinaryOp::MatrixMultiply => Some(Written::Elementwise),
                _ => None,
            },
            NodeId::DefinedName(_) => None,
        }
    }

    /// What a tensor holds that is compared with what others lead to, or is added to it.
    fn follower(&self, input: TensorId, known: Option<&Known>, shapes: &HashMap<TensorId, Vec<i64>>) -> Option<Content> {
        let (reached, _) = self.same_shape(input);
        for operation in self.operations.iter().filter(|operation| reached.contains(&operation.input)) {
            match &operation.kind {
                Kind::Classes(scores) => {
                    let scores = scores.and_then(|scores| shapes.get(&scores))?;
                    return classes(scores, known);
                }
                Kind::Targets { of, are_flags } => {
                    let shape = known.map(Known::closed).or_else(|| of.and_then(|of| shapes.get(&of)).cloned())?;
                    return Some(if *are_flags { Content::Flags(shape) } else { Content::Floats(shape) });
                }
                _ => {}
            }
        }
        if let Some(known) = known {
            return Some(Content::Floats(known.closed()));
        }
        // An operand: as large as what it meets.
        self.view.step.tensors().iter().find_map(|(id, tensor)| {
            let meets = !self.makers.contains_key(&id) && tensor.inputs.iter().any(|other| reached.contains(other)) && self.written(id) == Some(Written::Elementwise);
            let other = tensor.inputs.iter().find(|other| !reached.contains(other)).filter(|_| meets)?;
            shapes.get(other).map(|shape| Content::Floats(shape.clone()))
        })
    }

    /// The shapes that `seeds` lead to; an error if an operation does not take them.
    fn simulate(&self, seeds: &HashMap<TensorId, Vec<i64>>) -> Result<HashMap<TensorId, Vec<i64>>, Misfit> {
        let mut shapes = seeds.clone();
        for (id, tensor) in self.view.step.tensors().iter() {
            if shapes.contains_key(&id) {
                continue;
            }
            let found = match self.makers.get(&id).map(|&number| &self.operations[number]) {
                Some(operation) => match shapes.get(&operation.input) {
                    Some(shape) => applied(&operation.kind, shape)?,
                    None => None,
                },
                None => match self.written(id) {
                    Some(Written::Elementwise) => broadcast(tensor.inputs.iter().filter_map(|input| shapes.get(input)))?,
                    Some(Written::Item(index)) => tensor.inputs.iter().find_map(|input| shapes.get(input)).and_then(|shape| picked(&index, shape)),
                    None => None,
                },
            };
            if let Some(found) = found {
                shapes.insert(id, found);
            }
        }
        // Operations that return their input or nothing are checked too.
        for operation in &self.operations {
            if let Some(shape) = shapes.get(&operation.input) {
                applied(&operation.kind, shape)?;
            }
        }
        Ok(shapes)
    }
}

/// How project code makes a tensor without calling anything.
#[derive(Clone, PartialEq, Debug)]
enum Written {
    /// Element by element out of its inputs.
    Elementwise,
    /// By an index, axis by axis.
    Item(Vec<Pick>),
}

/// What an index does to one axis.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Pick {
    /// `:`
    All,
    /// A number: the axis is gone.
    One,
    /// `None`: another axis.
    New,
    /// `...`: all axes that are not written.
    Rest,
}

fn pick(hir: &Hir, index: ExprId) -> Option<Pick> {
    match hir.expr(index) {
        Expr::Slice { lower: None, upper: None, step: None } => Some(Pick::All),
        Expr::Literal(Literal::Int(_)) => Some(Pick::One),
        Expr::Unary { operand, .. } if matches!(hir.expr(*operand), Expr::Literal(Literal::Int(_))) => Some(Pick::One),
        Expr::Literal(Literal::None) => Some(Pick::New),
        Expr::Literal(Literal::Ellipsis) => Some(Pick::Rest),
        _ => None,
    }
}

fn picked(index: &[Pick], shape: &[i64]) -> Option<Vec<i64>> {
    let taken = index.iter().filter(|pick| matches!(pick, Pick::All | Pick::One)).count();
    let rest = shape.len().checked_sub(taken)?;
    let mut axes = shape.iter().copied();
    let mut kept = Vec::new();
    for pick in index {
        match pick {
            Pick::All => kept.extend(axes.next()),
            Pick::One => {
                axes.next();
            }
            Pick::New => kept.push(1),
            Pick::Rest => kept.extend(axes.by_ref().take(rest)),
        }
    }
    kept.extend(axes);
    Some(kept)
}

/// An operation does not take a shape.
#[derive(Debug)]
struct Misfit;

fn shape(content: &Content) -> Option<&[i64]> {
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
    fn closed(&self) -> Vec<i64> {
        let mut open = [SEQUENCE, 5, 7, 9].into_iter();
        self.0.iter().map(|size| size.or_else(|| open.next()).unwrap_or(SEQUENCE)).collect()
    }

    /// `wanted` with the sizes that are known; those that have another number of axes are out.
    fn narrowed(&self, wanted: &[Content]) -> Vec<Content> {
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
fn classes(scores: &[i64], known: Option<&Known>) -> Option<Content> {
    let (count, shape) = match scores {
        [batch, count] => (*count, vec![*batch]),
        [batch, count, rest @ ..] if known.is_none() => (*count, std::iter::once(*batch).chain(rest.iter().copied()).collect()),
        [.., count] => (*count, Vec::new()),
        [] => return None,
    };
    let shape = known.map_or(shape, Known::closed);
    (count > 0).then_some(Content::Below(count, shape))
}

/// Contents that an operation takes, the likeliest first.
fn demands(kind: &Kind, is_flat: bool) -> Vec<Content> {
    let floats = |shapes: Vec<Vec<i64>>| shapes.into_iter().map(Content::Floats).collect();
    match kind {
        Kind::Dense { inputs, .. } => {
            let Some(features) = inputs.or(FEATURES) else { return Vec::new() };
            if is_flat { floats(vec![vec![BATCH, features]]) } else { floats(vec![vec![BATCH, features], vec![BATCH, SEQUENCE, features]]) }
        }
        Kind::Convolution { axes, is_channels_first, inputs, window, .. } => {
            let Some(channels) = inputs.or(3) else { return Vec::new() };
            let sizes: Vec<i64> = if window.is_transposed && window.stride.iter().all(|stride| *stride == 1) {
                // The first layer of a generator makes an image out of a point.
                std::iter::once(1).chain(SEEDS).collect()
            } else if window.is_transposed {
                SEEDS.to_vec()
            } else if channels == 1 {
                std::iter::once(28).chain(SIZES.into_iter().filter(|size| *size != 28)).collect()
            } else {
                SIZES.to_vec()
            };
            floats(sizes.into_iter().map(|size| image(*axes, *is_channels_first, channels, size)).collect())
        }
        Kind::Pool { axes, is_channels_first, .. } => floats(SIZES.iter().map(|&size| image(*axes, *is_channels_first, 3, size)).collect()),
        Kind::Lookup { rows, .. } => rows.map(|rows| Content::Below(rows, vec![BATCH, SEQUENCE])).into_iter().collect(),
        Kind::Recurrent { inputs, is_batch_first, .. } => {
            let Some(features) = inputs.or(FEATURES) else { return Vec::new() };
            floats(vec![if *is_batch_first { vec![BATCH, SEQUENCE, features] } else { vec![SEQUENCE, BATCH, features] }])
        }
        Kind::Channels { size: Some(size), rank } => match rank {
            Some(rank) => floats(SIZES.iter().map(|&side| image(rank - 2, true, *size, side)).collect()),
            None => floats(vec![vec![BATCH, *size], vec![BATCH, *size, SEQUENCE]]),
        },
        Kind::Same { last: Some(last) } => floats(vec![vec![BATCH, SEQUENCE, *last], vec![BATCH, *last]]),
        _ => Vec::new(),
    }
}

fn image(axes: usize, is_channels_first: bool, channels: i64, size: i64) -> Vec<i64> {
    let spatial = vec![size; axes];
    if is_channels_first { [vec![BATCH, channels], spatial].concat() } else { [vec![BATCH], spatial, vec![channels]].concat() }
}

/// The shape after an operation; `None` if it is not known.
fn applied(kind: &Kind, shape: &[i64]) -> Result<Option<Vec<i64>>, Misfit> {
    let fits = |wanted: Option<i64>, size: Option<&i64>| match (wanted, size) {
        (Some(wanted), Some(size)) => wanted == *size,
        (_, size) => size.is_some(),
    };
    let require = |holds: bool| if holds { Ok(()) } else { Err(Misfit) };
    match kind {
        Kind::Same { last } => {
            require(last.is_none() || fits(*last, shape.last()))?;
            Ok(Some(shape.to_vec()))
        }
        Kind::Channels { size, rank } => {
            require(rank.is_none_or(|rank| rank == shape.len()) && fits(*size, shape.get(1)))?;
            Ok(Some(shape.to_vec()))
        }
        Kind::Dense { inputs, outputs } => {
            require(inputs.fits(shape.last()))?;
            Ok(outputs.map(|outputs| replaced(shape, shape.len() - 1, outputs)))
        }
        Kind::Convolution { axes, is_channels_first, inputs, outputs, window } => {
            require(shape.len() == axes + 2)?;
            let channel = if *is_channels_first { 1 } else { axes + 1 };
            require(inputs.fits(shape.get(channel)))?;
            let moved = windowed(shape, *axes, *is_channels_first, window)?;
            Ok(outputs.map(|outputs| replaced(&moved, channel, outputs)))
        }
        Kind::Pool { axes, is_channels_first, window } => {
            require(shape.len() == axes + 2)?;
            windowed(shape, *axes, *is_channels_first, window).map(Some)
        }
        Kind::AdaptivePool(sizes) => {
            require(shape.len() > sizes.len())?;
            let mut found = shape.to_vec();
            let first = found.len() - sizes.len();
            for (at, size) in sizes.iter().enumerate() {
                found[first + at] = size.unwrap_or(found[first + at]);
            }
            Ok(Some(found))
        }
        Kind::Lookup { columns, .. } => Ok(columns.map(|columns| [shape, &[columns]].concat())),
        Kind::Recurrent { inputs, outputs, .. } => {
            require(shape.len() == 3 && inputs.fits(shape.last()))?;
            Ok(outputs.map(|outputs| replaced(shape, 2, outputs)))
        }
        Kind::Flatten(start) => {
            require(*start < shape.len())?;
            let flat = count(shape[*start..].iter()).ok_or(Misfit)?;
            Ok(Some([&shape[..*start], &[flat]].concat()))
        }
        Kind::Reshape(sizes) => reshaped(sizes, shape),
        Kind::Reduce { axes: None, .. } => Ok(Some(Vec::new())),
        Kind::Reduce { axes: Some(axes), keeps } => {
            let rank = shape.len() as i64;
            let gone: Vec<usize> = axes.iter().map(|axis| if *axis < 0 { axis + rank } else { *axis }).filter_map(|axis| usize::try_from(axis).ok()).collect();
            require(gone.iter().all(|axis| *axis < shape.len()))?;
            let kept = shape.iter().enumerate().filter_map(|(at, size)| if gone.contains(&at) { keeps.then_some(1) } else { Some(*size) });
            Ok(Some(kept.collect()))
        }
        Kind::Permute(order) => {
            require(order.len() == shape.len())?;
            let rank = shape.len() as i64;
            order
                .iter()
                .map(|axis| usize::try_from(if *axis < 0 { axis + rank } else { *axis }).ok().and_then(|axis| shape.get(axis).copied()).ok_or(Misfit))
                .collect::<Result<Vec<i64>, Misfit>>()
                .map(Some)
        }
        Kind::Classes(_) | Kind::Targets { .. } => Ok(None),
    }
}

fn replaced(shape: &[i64], at: usize, size: i64) -> Vec<i64> {
    let mut found = shape.to_vec();
    if let Some(old) = found.get_mut(at) {
        *old = size;
    }
    found
}

fn windowed(shape: &[i64], axes: usize, is_channels_first: bool, window: &super::operation::Window) -> Result<Vec<i64>, Misfit> {
    let first = if is_channels_first { 2 } else { 1 };
    let mut found = shape.to_vec();
    for axis in 0..axes {
        found[first + axis] = window.size(axis, shape[first + axis]).ok_or(Misfit)?;
    }
    Ok(found)
}

/// How many elements axes of these sizes hold, if they can be counted.
fn count<'s>(mut sizes: impl Iterator<Item = &'s i64>) -> Option<i64> {
    sizes.try_fold(1_i64, |count, size| count.checked_mul(*size).filter(|count| *count >= 0))
}

fn reshaped(sizes: &[Option<i64>], shape: &[i64]) -> Result<Option<Vec<i64>>, Misfit> {
    let total = count(shape.iter()).ok_or(Misfit)?;
    let unknown = sizes.iter().filter(|size| size.is_none() || **size == Some(-1)).count();
    let known = count(sizes.iter().flatten().filter(|size| **size != -1)).ok_or(Misfit)?;
    match unknown {
        0 => if known == total { Ok(Some(sizes.iter().flatten().copied().collect())) } else { Err(Misfit) },
        1 => {
            if known == 0 || total % known != 0 {
                return Err(Misfit);
            }
            let found: Vec<i64> = sizes.iter().map(|size| size.filter(|size| *size != -1).unwrap_or(total / known)).collect();
            Ok(Some(found))
        }
        // `x.view(x.size(0), -1)`: the first size is that of the batch.
        2 if sizes[0].is_none() => {
            let batch = shape.first().copied().unwrap_or(1);
            let rest = total / batch.max(1);
            if known == 0 || rest % known != 0 {
                return Err(Misfit);
            }
            let inner = sizes[1..].iter().map(|size| size.filter(|size| *size != -1).unwrap_or(rest / known));
            Ok(Some(std::iter::once(batch).chain(inner).collect()))
        }
        _ => Ok(None),
    }
}

/// The shape of an operation on several tensors, element by element.
fn broadcast<'s>(shapes: impl Iterator<Item = &'s Vec<i64>>) -> Result<Option<Vec<i64>>, Misfit> {
    let mut found: Option<Vec<i64>> = None;
    for shape in shapes {
        found = Some(match found {
            None => shape.clone(),
            Some(known) => {
                let (long, short) = if known.len() >= shape.len() { (known.clone(), shape) } else { (shape.clone(), &known) };
                let offset = long.len() - short.len();
                let mut joined = long;
                for (at, &size) in short.iter().enumerate() {
                    let other = &mut joined[offset + at];
                    if *other == 1 {
                        *other = size;
                    } else if size != 1 && size != *other {
                        return Err(Misfit);
                    }
                }
                joined
            }
        });
    }
    Ok(found)
}
