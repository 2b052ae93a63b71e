//! Eight-bit floats: there are only 256 codes, so counting them answers everything.

#![forbid(unsafe_code)]

use super::super::parallel::chunks;
use super::super::{Minifloat, Tensor};
use super::{Number, Scan};

/// Counts and extremes of a tensor of eight-bit floats.
pub(super) fn scan(tensor: &Tensor<'_>, format: Minifloat) -> Scan {
    let counts = chunks(tensor, count).into_iter().fold([0_u64; 256], |whole, part| {
        std::array::from_fn(|code| whole[code] + u64::from(part[code]))
    });
    let codes = || (0..=u8::MAX).map(|code| (format.value(code), counts[usize::from(code)])).filter(|&(_, count)| count > 0);
    let sum = |counted: fn(f32) -> bool| codes().filter(|&(value, _)| counted(value)).map(|(_, count)| count).sum();
    let numbers = || codes().map(|(value, _)| value).filter(|value| !value.is_nan());
    let minimum = numbers().reduce(f32::min);
    let maximum = numbers().reduce(f32::max);
    let nan = sum(f32::is_nan);
    Scan {
        elements: tensor.elements() as u64,
        nonzero: sum(|value| value != 0.0),
        nan,
        infinite: sum(f32::is_infinite),
        minimum: minimum.map(|value| Number::Float(value.into())),
        maximum: maximum.map(|value| Number::Float(value.into())),
        constant: nan == 0 && minimum == maximum,
    }
}

/// How often each code occurs in a chunk.
fn count(bytes: &[u8]) -> [u32; 256] {
    let mut counts = [0; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    counts
}
