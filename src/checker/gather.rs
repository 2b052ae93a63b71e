//! Elements of a strided tensor in logical order, a range at a time.
//!
//! A transposed matrix read row by row touches one cache line for each element. So where whole rows are wanted, the two axes that
//! matter (the one along which memory is close, and the one along which the output is) are walked in square tiles.

#![forbid(unsafe_code)]

use std::ops::Range;

use super::{Axis, Tensor};

/// Elements of a tile the way memory lies: long runs, because each starts on another page in a large tensor.
const TILE_HEIGHT: usize = 128;

/// Elements of a tile the way the output does: a cache line of 32-bit elements.
const TILE_WIDTH: usize = 16;

/// Copies the elements with the logical numbers `range` into `output`, which becomes exactly as long.
pub(super) fn gather(tensor: &Tensor<'_>, range: Range<usize>, output: &mut Vec<u8>) {
    let axes = tensor.collapsed();
    output.clear();
    output.resize(range.len() * tensor.element().size(), 0);
    let source = Source { memory: tensor.memory(), origin: tensor.origin() as isize };
    match tensor.element().size() {
        1 => part::<1>(source, &axes, range, output),
        2 => part::<2>(source, &axes, range, output),
        4 => part::<4>(source, &axes, range, output),
        8 => part::<8>(source, &axes, range, output),
        _ => part::<16>(source, &axes, range, output),
    }
}

/// Memory and the place in it that strides start from.
#[derive(Clone, Copy)]
struct Source<'memory> {
    memory: &'memory [u8],
    origin: isize,
}

impl Source<'_> {
    #[inline]
    fn moved(self, index: usize, stride: isize) -> Self {
        Self { origin: self.origin + index as isize * stride, ..self }
    }

    #[inline]
    fn element<const SIZE: usize>(self, index: usize, stride: isize) -> [u8; SIZE] {
        let start = (self.origin + index as isize * stride) as usize;
        let mut bytes = [0; SIZE];
        bytes.copy_from_slice(&self.memory[start..start + SIZE]);
        bytes
    }
}

/// Part of a tensor: a broken row at either end, whole rows between.
fn part<const SIZE: usize>(source: Source<'_>, axes: &[Axis], range: Range<usize>, output: &mut [u8]) {
    if range.is_empty() {
        return;
    }
    let Some((axis, inner)) = axes.split_first() else {
        output.copy_from_slice(&source.element::<SIZE>(0, 0));
        return;
    };
    let row: usize = inner.iter().map(|axis| axis.length).product();
    let (first, offset) = (range.start / row, range.start % row);
    let (last, rest) = (range.end / row, range.end % row);
    if first == last {
        return part::<SIZE>(source.moved(first, axis.stride), inner, offset..rest, output);
    }
    let (head, output) = output.split_at_mut(if offset == 0 { 0 } else { (row - offset) * SIZE });
    if offset != 0 {
        part::<SIZE>(source.moved(first, axis.stride), inner, offset..row, head);
    }
    let first = if offset == 0 { first } else { first + 1 };
    let (middle, tail) = output.split_at_mut((last - first) * row * SIZE);
    if first < last {
        let rows = Axis { length: last - first, stride: axis.stride };
        whole::<SIZE>(source.moved(first, axis.stride), rows, inner, middle);
    }
    part::<SIZE>(source.moved(last, axis.stride), inner, 0..rest, tail);
}

/// An axis of a copy: how far source and output step.
#[derive(Clone, Copy)]
struct Step {
    length: usize,
    stride: isize,
    /// In elements.
    output: usize,
}

/// All elements under `rows` and `inner`.
fn whole<const SIZE: usize>(source: Source<'_>, rows: Axis, inner: &[Axis], output: &mut [u8]) {
    let (output, _) = output.as_chunks_mut::<SIZE>();
    let mut steps: Vec<Step> = Vec::with_capacity(inner.len() + 1);
    let mut width = 1;
    for axis in inner.iter().rev().chain([&rows]) {
        steps.push(Step { length: axis.length, stride: axis.stride, output: width });
        width *= axis.length;
    }
    steps.reverse();
    let Some(along_output) = steps.pop() else { return };
    let closest = (0..steps.len()).min_by_key(|&index| steps[index].stride.unsigned_abs());
    match closest {
        Some(index) if steps[index].stride.unsigned_abs() < along_output.stride.unsigned_abs() => {
            let along_memory = steps.remove(index);
            each(source, 0, &steps, &mut |source, start| tiles(source, along_memory, along_output, &mut output[start..]));
        }
        _ => each(source, 0, &steps, &mut |source, start| {
            row(source, along_output, &mut output[start..start + along_output.length]);
        }),
    }
}

/// Calls `visit` for every index of `steps` with the source moved there and the position in the output.
fn each<'memory>(source: Source<'memory>, start: usize, steps: &[Step], visit: &mut dyn FnMut(Source<'memory>, usize)) {
    let Some((step, inner)) = steps.split_first() else { return visit(source, start) };
    for index in 0..step.length {
        each(source.moved(index, step.stride), start + index * step.output, inner, visit);
    }
}

/// One row of the output.
#[inline]
fn row<const SIZE: usize>(source: Source<'_>, step: Step, output: &mut [[u8; SIZE]]) {
    if step.stride == SIZE as isize {
        let start = source.origin as usize;
        output.as_flattened_mut().copy_from_slice(&source.memory[start..start + step.length * SIZE]);
        return;
    }
    for (index, element) in output.iter_mut().enumerate() {
        *element = source.element(index, step.stride);
    }
}

/// The plane of two axes, tile by tile: read the way memory lies, written the way the output does.
///
/// The tile between keeps both sides sequential. Without it, rows whose distance is a power of two evict each other from the cache.
fn tiles<const SIZE: usize>(source: Source<'_>, down: Step, across: Step, output: &mut [[u8; SIZE]]) {
    let mut tile = [[[0; SIZE]; TILE_WIDTH]; TILE_HEIGHT];
    for top in (0..down.length).step_by(TILE_HEIGHT) {
        let height = TILE_HEIGHT.min(down.length - top);
        for left in (0..across.length).step_by(TILE_WIDTH) {
            let width = TILE_WIDTH.min(across.length - left);
            let corner = source.moved(top, down.stride).moved(left, across.stride);
            for column in 0..width {
                let source = corner.moved(column, across.stride);
                for (index, row) in tile.iter_mut().take(height).enumerate() {
                    row[column] = source.element(index, down.stride);
                }
            }
            for (index, row) in tile.iter().take(height).enumerate() {
                let start = (top + index) * down.output + left;
                output[start..start + width].copy_from_slice(&row[..width]);
            }
        }
    }
}
