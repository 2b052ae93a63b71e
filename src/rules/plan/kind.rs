//! Kinds of operations: what they ask of the shape of their input, and what they make of it.

use super::known::Known;
use crate::finding::Content;
use crate::step::tensor::TensorId;

/// Examples in a batch.
pub(super) const BATCH: i64 = 8;
/// Elements of a sequence: at least four, so that attention has something to choose from.
pub(super) const SEQUENCE: i64 = 6;
/// Features where the code takes any number.
const FEATURES: i64 = 16;
/// Spatial sizes, in the order in which they are tried.
const SIZES: [i64; 16] = [32, 28, 64, 96, 128, 224, 227, 299, 256, 84, 160, 48, 16, 20, 100, 512];
/// Spatial sizes of what a transposed convolution takes.
const SEEDS: [i64; 5] = [4, 7, 8, 16, 1];

/// Kinds of operations. Sizes that are not known are `None`; they fit anything.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Kind {
    /// The shape stays; the last axis must have this size, if it is known.
    Same { last: Option<i64> },
    /// The shape stays; the axis of channels must have this size.
    Channels { size: Option<i64>, rank: Option<usize> },
    /// The last axis is replaced.
    Dense { inputs: Needs, outputs: Option<i64> },
    /// A window moves over the spatial axes.
    Convolution { axes: usize, is_channels_first: bool, inputs: Needs, outputs: Option<i64>, window: Window },
    /// The same, channel by channel.
    Pool { axes: usize, is_channels_first: bool, window: Window },
    /// The spatial axes get these sizes.
    AdaptivePool(Vec<Option<i64>>),
    /// Numbers are looked up in a table.
    Lookup { rows: Option<i64>, columns: Option<i64> },
    /// A recurrent layer over a sequence.
    Recurrent { inputs: Needs, outputs: Option<i64>, is_batch_first: bool },
    /// All axes from this one on become one.
    Flatten(usize),
    /// The axes are laid out anew; one may be -1, and unknown ones are `None`.
    Reshape(Vec<Option<i64>>),
    /// Axes are reduced; all of them without a list.
    Reduce { axes: Option<Vec<i64>>, keeps: bool },
    /// A whole network takes this shape, which may not be known.
    Network(Option<Known>),
    /// Axes are put into this order.
    Permute(Vec<i64>),
    /// Class numbers for scores with this many classes; `None` if they are not known.
    Classes(Option<TensorId>),
    /// Numbers of the same shape as other ones.
    Targets { of: Option<TensorId>, are_flags: bool },
}

impl Kind {
    /// Contents that the operation takes, the likeliest first.
    pub(super) fn demands(&self, is_flat: bool) -> Vec<Content> {
        let floats = |shapes: Vec<Vec<i64>>| shapes.into_iter().map(Content::Floats).collect();
        match self {
            Self::Dense { inputs, .. } => {
                let Some(features) = inputs.or(FEATURES) else { return Vec::new() };
                if is_flat { floats(vec![vec![BATCH, features]]) } else { floats(vec![vec![BATCH, features], vec![BATCH, SEQUENCE, features]]) }
            }
            Self::Convolution { axes, is_channels_first, inputs, window, .. } => {
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
            Self::Pool { axes, is_channels_first, .. } => floats(SIZES.iter().map(|&size| image(*axes, *is_channels_first, 3, size)).collect()),
            Self::Lookup { rows, .. } => rows.map(|rows| Content::Below(rows, vec![BATCH, SEQUENCE])).into_iter().collect(),
            Self::Recurrent { inputs, is_batch_first, .. } => {
                let Some(features) = inputs.or(FEATURES) else { return Vec::new() };
                floats(vec![if *is_batch_first { vec![BATCH, SEQUENCE, features] } else { vec![SEQUENCE, BATCH, features] }])
            }
            Self::Channels { size: Some(size), rank } => match rank {
                Some(rank) => floats(SIZES.iter().map(|&side| image(rank - 2, true, *size, side)).collect()),
                None => floats(vec![vec![BATCH, *size], vec![BATCH, *size, SEQUENCE]]),
            },
            Self::Network(Some(taken)) => floats(vec![taken.closed()]),
            Self::Same { last: Some(last) } => floats(vec![vec![BATCH, SEQUENCE, *last], vec![BATCH, *last]]),
            _ => Vec::new(),
        }
    }

    /// The same with this number of features to take, if it takes any.
    pub(super) fn with_inputs(&self, size: i64) -> Option<Self> {
        let mut kind = self.clone();
        match &mut kind {
            Self::Dense { inputs, .. } | Self::Convolution { inputs, .. } | Self::Recurrent { inputs, .. } if *inputs == Needs::Any => *inputs = Needs::Exactly(size),
            _ => return None,
        }
        Some(kind)
    }

    /// The number of features that a layer puts out.
    pub(super) fn outputs(&self) -> Option<i64> {
        match self {
            Self::Dense { outputs, .. } | Self::Convolution { outputs, .. } | Self::Recurrent { outputs, .. } => *outputs,
            _ => None,
        }
    }

    /// The shape after the operation; `None` if it is not known.
    pub(super) fn applied(&self, shape: &[i64]) -> Result<Option<Vec<i64>>, Misfit> {
        let fits = |wanted: Option<i64>, size: Option<&i64>| match (wanted, size) {
            (Some(wanted), Some(size)) => wanted == *size,
            (_, size) => size.is_some(),
        };
        let require = |holds: bool| if holds { Ok(()) } else { Err(Misfit) };
        match self {
            Self::Same { last } => {
                require(last.is_none() || fits(*last, shape.last()))?;
                Ok(Some(shape.to_vec()))
            }
            Self::Channels { size, rank } => {
                require(rank.is_none_or(|rank| rank == shape.len()) && fits(*size, shape.get(1)))?;
                Ok(Some(shape.to_vec()))
            }
            Self::Dense { inputs, outputs } => {
                require(inputs.fits(shape.last()))?;
                Ok(outputs.map(|outputs| replaced(shape, shape.len() - 1, outputs)))
            }
            Self::Convolution { axes, is_channels_first, inputs, outputs, window } => {
                require(shape.len() == axes + 2)?;
                let channel = if *is_channels_first { 1 } else { axes + 1 };
                require(inputs.fits(shape.get(channel)))?;
                let moved = windowed(shape, *axes, *is_channels_first, window)?;
                Ok(outputs.map(|outputs| replaced(&moved, channel, outputs)))
            }
            Self::Pool { axes, is_channels_first, window } => {
                require(shape.len() == axes + 2)?;
                windowed(shape, *axes, *is_channels_first, window).map(Some)
            }
            Self::AdaptivePool(sizes) => {
                require(shape.len() > sizes.len())?;
                let mut found = shape.to_vec();
                let first = found.len() - sizes.len();
                for (at, size) in sizes.iter().enumerate() {
                    found[first + at] = size.unwrap_or(found[first + at]);
                }
                Ok(Some(found))
            }
            Self::Lookup { columns, .. } => Ok(columns.map(|columns| [shape, &[columns]].concat())),
            Self::Recurrent { inputs, outputs, .. } => {
                require(shape.len() == 3 && inputs.fits(shape.last()))?;
                Ok(outputs.map(|outputs| replaced(shape, 2, outputs)))
            }
            Self::Flatten(start) => {
                require(*start < shape.len())?;
                let flat = count(shape[*start..].iter()).ok_or(Misfit)?;
                Ok(Some([&shape[..*start], &[flat]].concat()))
            }
            Self::Reshape(sizes) => reshaped(sizes, shape),
            Self::Reduce { axes: None, .. } => Ok(Some(Vec::new())),
            Self::Reduce { axes: Some(axes), keeps } => {
                let rank = shape.len() as i64;
                let gone: Vec<usize> = axes.iter().map(|axis| if *axis < 0 { axis + rank } else { *axis }).filter_map(|axis| usize::try_from(axis).ok()).collect();
                require(gone.iter().all(|axis| *axis < shape.len()))?;
                let kept = shape.iter().enumerate().filter_map(|(at, size)| if gone.contains(&at) { keeps.then_some(1) } else { Some(*size) });
                Ok(Some(kept.collect()))
            }
            Self::Permute(order) => {
                require(order.len() == shape.len())?;
                let rank = shape.len() as i64;
                order
                    .iter()
                    .map(|axis| usize::try_from(if *axis < 0 { axis + rank } else { *axis }).ok().and_then(|axis| shape.get(axis).copied()).ok_or(Misfit))
                    .collect::<Result<Vec<i64>, Misfit>>()
                    .map(Some)
            }
            Self::Network(Some(Known(taken))) => {
                require(taken.len() == shape.len() && taken.iter().zip(shape).skip(1).all(|(taken, size)| taken.is_none_or(|taken| taken == *size)))?;
                Ok(None)
            }
            Self::Network(None) | Self::Classes(_) | Self::Targets { .. } => Ok(None),
        }
    }
}

/// The size of the axis that a layer works on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Needs {
    /// Whatever comes: the layer makes its weights then.
    Any,
    /// This size.
    Exactly(i64),
    /// One that is not known.
    Unknown,
}

impl Needs {
    pub(super) fn of(size: Option<i64>) -> Self {
        size.map_or(Self::Unknown, Self::Exactly)
    }

    /// The size to pass: `any` where the layer takes any.
    fn or(self, any: i64) -> Option<i64> {
        match self {
            Self::Any => Some(any),
            Self::Exactly(size) => Some(size),
            Self::Unknown => None,
        }
    }

    /// Whether an axis of this size fits.
    fn fits(self, size: Option<&i64>) -> bool {
        match self {
            Self::Exactly(wanted) => size == Some(&wanted),
            Self::Any | Self::Unknown => size.is_some(),
        }
    }
}

/// A window that moves over spatial axes.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Window {
    pub(super) kernel: Vec<i64>,
    pub(super) stride: Vec<i64>,
    pub(super) padding: Padding,
    pub(super) dilation: Vec<i64>,
    pub(super) is_transposed: bool,
    pub(super) rounds_up: bool,
    pub(super) output_padding: Vec<i64>,
}

/// What is put around the spatial axes.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Padding {
    /// This much on each side.
    Sides(Vec<i64>),
    /// As much as keeps the size, apart from the stride.
    Same,
}

impl Window {
    /// The size of an axis after the window passed it; `None` if it does not fit.
    fn size(&self, axis: usize, size: i64) -> Option<i64> {
        let (kernel, stride, dilation) = (self.kernel[axis], self.stride[axis], self.dilation[axis]);
        if stride < 1 || kernel < 1 {
            return None;
        }
        let result = match (&self.padding, self.is_transposed) {
            (Padding::Same, false) => (size + stride - 1) / stride,
            (Padding::Same, true) => size * stride,
            (Padding::Sides(sides), true) => (size - 1) * stride - 2 * sides[axis] + dilation * (kernel - 1) + self.output_padding[axis] + 1,
            (Padding::Sides(sides), false) => {
                let span = size + 2 * sides[axis] - dilation * (kernel - 1) - 1;
                let extra = if self.rounds_up { stride - 1 } else { 0 };
                if span < 0 {
                    return None;
                }
                (span + extra) / stride + 1
            }
        };
        (result > 0).then_some(result)
    }
}

/// An operation does not take a shape.
#[derive(Debug)]
pub(super) struct Misfit;

fn image(axes: usize, is_channels_first: bool, channels: i64, size: i64) -> Vec<i64> {
    let spatial = vec![size; axes];
    if is_channels_first { [vec![BATCH, channels], spatial].concat() } else { [vec![BATCH], spatial, vec![channels]].concat() }
}

fn replaced(shape: &[i64], at: usize, size: i64) -> Vec<i64> {
    let mut found = shape.to_vec();
    if let Some(old) = found.get_mut(at) {
        *old = size;
    }
    found
}

fn windowed(shape: &[i64], axes: usize, is_channels_first: bool, window: &Window) -> Result<Vec<i64>, Misfit> {
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
