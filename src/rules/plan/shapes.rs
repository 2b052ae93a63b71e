//! Shapes of inputs: what the first operations ask for, tried out through everything that follows.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::kind::{Kind, Misfit};
use super::known::{Known, classes, shape};
use super::operation::{Operation, merges, operations};
use crate::finding::Content;
use crate::rules::view::StepView;
use crate::step::tensor::{Origin, TensorId};
use crate::syntax::hir::{BinaryOp, Expr, ExprId, Hir, Literal, NodeId, Stmt};

/// Combinations of candidates that are tried.
const MOST_TRIALS: usize = 400;

/// The operations of a step, and the shapes that they lead to.
pub(super) struct Shapes<'s, 'a> {
    view: &'s StepView<'a>,
    operations: Vec<Operation>,
    /// The operation that makes a tensor.
    makers: HashMap<TensorId, usize>,
    /// Tensors that a framework made of several, element by element.
    merged: HashSet<TensorId>,
    /// Tensors that a framework made in a way that is not understood.
    strange: HashSet<TensorId>,
}

impl<'s, 'a> Shapes<'s, 'a> {
    pub(super) fn new(view: &'s StepView<'a>) -> Self {
        let mut found = Self { view, operations: Vec::new(), makers: HashMap::new(), merged: HashSet::new(), strange: HashSet::new() };
        for call in view.step.calls() {
            let own = operations(view, call);
            if merges(view, call) {
                found.merged.extend(view.step.tensor(&call.result));
            } else if own.is_empty() {
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
            if operation.kind == Kind::Network(None) {
                // It takes one shape, which is not known.
                break;
            }
            let is_flat = is_flat.contains(&operation.input);
            let mut found = operation.kind.demands(is_flat);
            // What is added to its own output later has as many features.
            found.extend(self.widths().filter_map(|width| operation.kind.with_inputs(width)).flat_map(|kind| kind.demands(is_flat)));
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

    /// The numbers of features that layers put out.
    fn widths(&self) -> impl Iterator<Item = i64> {
        self.operations.iter().filter_map(|operation| operation.kind.outputs()).collect::<BTreeSet<i64>>().into_iter()
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
        if self.merged.contains(&id) {
            return Some(Written::Elementwise);
        }
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
                    Some(shape) => operation.kind.applied(shape)?,
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
                operation.kind.applied(shape)?;
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
