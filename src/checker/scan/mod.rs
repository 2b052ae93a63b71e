//! Zeros, NaN, infinities and extremes of a tensor, in one pass.

#![forbid(unsafe_code)]

mod codes; // eight-bit floats, by counting codes
mod tally; // counts and extremes of real numbers
mod value; // the numbers that can be tallied

use std::sync::atomic::{AtomicBool, Ordering};

use self::tally::Tally;
use self::value::{Half, Value};
use super::parallel::chunks;
use super::{Element, Tensor};

/// An element, exactly: integers of 64 bits do not fit a float.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// An element of an integer or boolean tensor.
    Integer(i128),
    /// An element of a floating-point tensor.
    Float(f64),
}

/// What a tensor holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scan {
    /// Number of elements.
    pub elements: u64,
    /// Elements that are not exactly zero; NaN is not zero.
    pub nonzero: u64,
    /// Elements that are NaN, or have a part that is.
    pub nan: u64,
    /// Elements that are infinite, or have a part that is.
    pub infinite: u64,
    /// The smallest element that is not NaN; none in a tensor without such, or of complex numbers.
    pub minimum: Option<Number>,
    /// The largest element that is not NaN; none in a tensor without such, or of complex numbers.
    pub maximum: Option<Number>,
    /// Whether no two elements differ. NaN differs from everything, also from itself.
    pub constant: bool,
}

/// Counts and extremes of `tensor`.
pub fn scan(tensor: &Tensor<'_>) -> Scan {
    // None of the answers depends on the order of elements, and memory order is the fastest.
    let tensor = &tensor.in_memory_order();
    match tensor.element() {
        Element::Bool | Element::U8 => real(tensor, u8::from_ne_bytes),
        Element::I8 => real(tensor, i8::from_ne_bytes),
        Element::I16 => real(tensor, i16::from_ne_bytes),
        Element::I32 => real(tensor, i32::from_ne_bytes),
        Element::I64 => real(tensor, i64::from_ne_bytes),
        Element::U16 => real(tensor, u16::from_ne_bytes),
        Element::U32 => real(tensor, u32::from_ne_bytes),
        Element::U64 => real(tensor, u64::from_ne_bytes),
        Element::F16 => real(tensor, Half::<{ value::F16_INFINITY }>::from_ne_bytes),
        Element::Bf16 => real(tensor, Half::<{ value::BF16_INFINITY }>::from_ne_bytes),
        Element::F32 => real(tensor, f32::from_ne_bytes),
        Element::F64 => real(tensor, f64::from_ne_bytes),
        Element::F8(format) => codes::scan(tensor, format),
        Element::C64 => complex(tensor, f32::from_ne_bytes),
        Element::C128 => complex(tensor, f64::from_ne_bytes),
    }
}

/// Whether any element is not exactly zero: stops at the first chunk that answers.
pub fn any_nonzero(tensor: &Tensor<'_>) -> bool {
    if let Element::F8(format) = tensor.element()
        && !format.has_zero()
    {
        return tensor.elements() > 0;
    }
    let tensor = &tensor.in_memory_order();
    let mask = tensor.element().magnitude_mask();
    let found = AtomicBool::new(false);
    chunks(tensor, |bytes| {
        if !found.load(Ordering::Relaxed) && holds_bits(bytes, mask) {
            found.store(true, Ordering::Relaxed);
        }
    });
    found.into_inner()
}

/// Whether any bit of `mask` is set in any eight bytes.
fn holds_bits(bytes: &[u8], mask: u64) -> bool {
    /// Words between two looks at the result: the loop inside has no branch.
    const BLOCK: usize = 512;
    let (words, rest) = bytes.as_chunks::<8>();
    let set = |block: &[[u8; 8]]| block.iter().fold(0, |bits, word| bits | u64::from_ne_bytes(*word)) & mask != 0;
    words.chunks(BLOCK).any(set) || rest.iter().zip(mask.to_ne_bytes()).any(|(byte, mask)| byte & mask != 0)
}

fn real<V: Value, const SIZE: usize>(tensor: &Tensor<'_>, read: impl Fn([u8; SIZE]) -> V + Sync) -> Scan {
    let tallies = chunks(tensor, |bytes| Tally::of(bytes.as_chunks::<SIZE>().0, &read));
    let whole = tallies.into_iter().fold(Tally::default(), Tally::join);
    let elements = tensor.elements() as u64;
    let has_numbers = whole.nan < elements;
    let (minimum, maximum) = (whole.minimum.number(), whole.maximum.number());
    Scan {
        elements,
        nonzero: whole.nonzero,
        nan: whole.nan,
        infinite: whole.infinite,
        minimum: has_numbers.then_some(minimum),
        maximum: has_numbers.then_some(maximum),
        constant: elements == 0 || (whole.nan == 0 && minimum == maximum),
    }
}

/// Complex numbers have no order: a tensor of them is constant if both parts are.
fn complex<V: Value, const SIZE: usize>(tensor: &Tensor<'_>, read: impl Fn([u8; SIZE]) -> V + Sync) -> Scan {
    let tallies = chunks(tensor, |bytes| {
        let mut parts = [Tally::default(), Tally::default()];
        let mut joint = Tally::<V>::default();
        for [real, imaginary] in bytes.as_chunks::<SIZE>().0.as_chunks::<2>().0 {
            let (real, imaginary) = (read(*real), read(*imaginary));
            parts[0].add(real);
            parts[1].add(imaginary);
            joint.nonzero += u64::from(real.is_nonzero() || imaginary.is_nonzero());
            joint.nan += u64::from(real.is_nan() || imaginary.is_nan());
            joint.infinite += u64::from(real.is_infinite() || imaginary.is_infinite());
        }
        let [real, imaginary] = parts;
        (real, imaginary, joint)
    });
    let empty = (Tally::default(), Tally::default(), Tally::default());
    let (real, imaginary, joint) =
        tallies.into_iter().fold(empty, |whole, part| (whole.0.join(part.0), whole.1.join(part.1), whole.2.join(part.2)));
    let elements = tensor.elements() as u64;
    let is_constant = |part: &Tally<V>| part.minimum.number() == part.maximum.number();
    Scan {
        elements,
        nonzero: joint.nonzero,
        nan: joint.nan,
        infinite: joint.infinite,
        minimum: None,
        maximum: None,
        constant: elements == 0 || (joint.nan == 0 && is_constant(&real) && is_constant(&imaginary)),
    }
}
