//! Where the elements of a tensor lie in memory.

#![forbid(unsafe_code)]

use thiserror::Error;

use super::Element;

/// Why a tensor cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refused {
    /// What should hold a tensor does not, or not any more.
    #[error("the capsule holds no tensor, or one that was taken before")]
    NotLent,
    /// A sharded tensor exports a structure without memory.
    #[error("the tensor has no memory of its own (a sharded or meta tensor?): pass its local part")]
    NoMemory,
    /// The memory is not the host's.
    #[error("the tensor lies on an accelerator (DLPack device type {0}): copy it to the host first")]
    NotOnHost(i32),
    /// An element type that no framework trains with, or a vector of elements.
    #[error("elements of DLPack type code {code}, {bits} bits, {lanes} lanes are not supported")]
    Element {
        /// DLPack's number of the kind of element.
        code: u8,
        /// Bits of one element.
        bits: u8,
        /// Elements in a vector; 1 where elements are scalars.
        lanes: u16,
    },
    /// The exchange structure is newer than the ones known here.
    #[error("DLPack version {0} is not supported")]
    Version(u32),
    /// Sizes or strides that no memory can hold.
    #[error("the tensor's shape and strides are not consistent")]
    Layout,
}

/// One axis of a tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    /// Number of elements along the axis.
    pub length: usize,
    /// Bytes from one element to the next along the axis; negative for reversed views, 0 for expanded ones.
    pub stride: isize,
}

/// A tensor that someone else owns, read where it lies.
#[derive(Debug, Clone)]
pub struct Tensor<'memory> {
    element: Element,
    axes: Vec<Axis>,
    memory: &'memory [u8],
    /// Position in `memory` of the element whose indices are all zero.
    origin: usize,
    elements: usize,
}

impl<'memory> Tensor<'memory> {
    /// A tensor whose first element starts at byte `origin` of `memory`.
    ///
    /// # Errors
    /// [`Refused::Layout`] if any element would lie outside `memory`.
    pub fn new(element: Element, axes: Vec<Axis>, memory: &'memory [u8], origin: usize) -> Result<Self, Refused> {
        let extent = Extent::of(element, &axes).ok_or(Refused::Layout)?;
        let fits = extent.elements == 0
            || (extent.before <= origin && origin.checked_add(extent.after).is_some_and(|end| end <= memory.len()));
        if !fits {
            return Err(Refused::Layout);
        }
        Ok(Self { element, axes, memory, origin, elements: extent.elements })
    }

    /// The type of the elements.
    pub fn element(&self) -> Element {
        self.element
    }

    /// Length of each axis.
    pub fn shape(&self) -> impl ExactSizeIterator<Item = usize> {
        self.axes.iter().map(|axis| axis.length)
    }

    /// The same bytes as elements of another type: what stores such elements may not have a name for them.
    ///
    /// # Errors
    /// [`Refused::Layout`] if elements of the two types differ in size.
    pub fn reinterpreted(self, element: Element) -> Result<Self, Refused> {
        if element.size() != self.element.size() {
            return Err(Refused::Layout);
        }
        Ok(Self { element, ..self })
    }

    /// Number of elements.
    pub fn elements(&self) -> usize {
        self.elements
    }

    /// The bytes of all elements in logical order, if they lie so.
    pub(super) fn dense(&self) -> Option<&'memory [u8]> {
        if self.elements == 0 {
            return Some(&[]);
        }
        let size = self.element.size();
        match *self.collapsed() {
            [] => Some(&self.memory[self.origin..self.origin + size]),
            [Axis { length, stride }] if stride == size as isize => Some(&self.memory[self.origin..self.origin + length * size]),
            _ => None,
        }
    }

    /// The axes without those of length one, neighbours joined where they step evenly.
    pub(super) fn collapsed(&self) -> Vec<Axis> {
        let mut joined: Vec<Axis> = Vec::with_capacity(self.axes.len());
        for &axis in self.axes.iter().filter(|axis| axis.length != 1) {
            match joined.last_mut() {
                Some(outer) if outer.stride == axis.stride.wrapping_mul(axis.length as isize) => {
                    *outer = Axis { length: outer.length * axis.length, stride: axis.stride };
                }
                _ => joined.push(axis),
            }
        }
        joined
    }

    /// The same elements with axes ordered as memory is: for questions that do not depend on the order of elements.
    pub(super) fn in_memory_order(&self) -> Self {
        let mut ordered = self.clone();
        if self.elements == 0 {
            return ordered;
        }
        for axis in &mut ordered.axes {
            if axis.stride < 0 {
                ordered.origin -= axis.stride.unsigned_abs() * (axis.length - 1);
                axis.stride = -axis.stride;
            }
        }
        ordered.axes.sort_by_key(|axis| std::cmp::Reverse(axis.stride));
        ordered
    }

    pub(super) fn memory(&self) -> &'memory [u8] {
        self.memory
    }

    pub(super) fn origin(&self) -> usize {
        self.origin
    }
}

/// How far the elements of a tensor reach around its first one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    /// Number of elements.
    pub(super) elements: usize,
    /// Bytes before the first element.
    pub(super) before: usize,
    /// Bytes from the start of the first element to the end of the last.
    pub(super) after: usize,
}

impl Extent {
    /// None if the numbers overflow.
    pub(super) fn of(element: Element, axes: &[Axis]) -> Option<Self> {
        if axes.iter().any(|axis| axis.length == 0) {
            return Some(Self { elements: 0, before: 0, after: 0 });
        }
        let mut extent = Self { elements: 1, before: 0, after: element.size() };
        for axis in axes {
            extent.elements = extent.elements.checked_mul(axis.length)?;
            let reach = axis.stride.unsigned_abs().checked_mul(axis.length - 1)?;
            let side = if axis.stride < 0 { &mut extent.before } else { &mut extent.after };
            *side = side.checked_add(reach)?;
        }
        // A slice holds at most `isize::MAX` bytes, and the total number of bytes counts expanded elements too.
        let total = extent.elements.checked_mul(element.size())?;
        let span = extent.before.checked_add(extent.after)?;
        (isize::try_from(total).is_ok() && isize::try_from(span).is_ok()).then_some(extent)
    }
}
