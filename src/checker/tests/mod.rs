//! What holds for every tensor, against slow definitions.
#![allow(clippy::float_cmp, reason = "exact values are what is claimed")]

mod lending; // what frameworks lend, and what is refused

use half::{bf16, f16};
use proptest::prelude::*;

use super::{Axis, Element, Minifloat, Number, Refused, Scan, Tensor, any_nonzero, fingerprint, scan};

/// Memory, and axes that stay inside it from an origin.
#[derive(Debug, Clone)]
struct Strided {
    memory: Vec<u8>,
    axes: Vec<Axis>,
    origin: usize,
    size: usize,
}

impl Strided {
    fn tensor(&self, element: Element) -> Tensor<'_> {
        Tensor::new(element, self.axes.clone(), &self.memory, self.origin).expect("axes stay inside the memory")
    }

    /// The same elements, one after the other.
    fn dense(&self) -> Self {
        let mut memory = Vec::new();
        let mut index = vec![0; self.axes.len()];
        for _ in 0..self.axes.iter().map(|axis| axis.length).product::<usize>() {
            let offset: isize = self.axes.iter().zip(&index).map(|(axis, &at)| axis.stride * at as isize).sum();
            let start = self.origin.checked_add_signed(offset).expect("inside");
            memory.extend_from_slice(&self.memory[start..start + self.size]);
            for (at, axis) in index.iter_mut().zip(&self.axes).rev() {
                *at += 1;
                if *at < axis.length {
                    break;
                }
                *at = 0;
            }
        }
        let lengths: Vec<usize> = self.axes.iter().map(|axis| axis.length).collect();
        Self { memory, axes: contiguous(&lengths, self.size), origin: 0, size: self.size }
    }
}

fn contiguous(lengths: &[usize], size: usize) -> Vec<Axis> {
    let mut stride = size as isize;
    let mut axes: Vec<Axis> = Vec::new();
    for &length in lengths.iter().rev() {
        axes.insert(0, Axis { length, stride });
        stride *= length as isize;
    }
    axes
}

/// Any view of up to four axes: permuted, sliced with steps, reversed, expanded.
fn strided(size: usize) -> impl Strategy<Value = Strided> {
    let axis = (1_usize..40, 1_usize..4, any::<bool>(), 0..8);
    (prop::collection::vec(axis, 0..4), any::<prop::sample::Index>(), any::<u64>()).prop_map(move |(shape, turn, seed)| {
        let mut extent = size as isize;
        let mut axes: Vec<Axis> = Vec::new();
        let mut origin = 0;
        for (length, step, reversed, expanded) in shape {
            let stride = extent * step as isize;
            extent = stride * length as isize;
            if expanded == 0 {
                axes.push(Axis { length, stride: 0 });
            } else if reversed {
                origin += stride.unsigned_abs() * (length - 1);
                axes.push(Axis { length, stride: -stride });
            } else {
                axes.push(Axis { length, stride });
            }
        }
        if !axes.is_empty() {
            let by = turn.index(axes.len());
            axes.rotate_left(by);
        }
        let mut state = seed | 1;
        let memory = (0..extent.unsigned_abs()).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        });
        Strided { memory: memory.collect(), axes, origin, size }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_fingerprint_does_not_depend_on_strides(
        (element, view) in prop::sample::select(vec![Element::U8, Element::Bf16, Element::F32, Element::F64, Element::C128])
            .prop_flat_map(|element| (Just(element), strided(element.size())))
    ) {
        prop_assert_eq!(fingerprint(&view.tensor(element)), fingerprint(&view.dense().tensor(element)));
    }

    #[test]
    fn a_scan_does_not_depend_on_strides(view in strided(4)) {
        let (strided, dense) = (scan(&view.tensor(Element::F32)), scan(&view.dense().tensor(Element::F32)));
        prop_assert_eq!(strided, dense);
        prop_assert_eq!(any_nonzero(&view.tensor(Element::F32)), dense.nonzero > 0);
    }

    #[test]
    fn every_bit_counts(values in prop::collection::vec(any::<u8>(), 1..2000), at in any::<prop::sample::Index>(), bit in 0..8) {
        let before = fingerprint(&flat(Element::U8, &values));
        let mut changed = values.clone();
        changed[at.index(values.len())] ^= 1_u8 << bit;
        prop_assert_ne!(before, fingerprint(&flat(Element::U8, &changed)));
    }

    #[test]
    fn scans_of_single_precision_agree_with_the_definition(values in prop::collection::vec(interesting_f32(), 0..200)) {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_ne_bytes()).collect();
        let wide: Vec<f64> = values.iter().map(|&value| value.into()).collect();
        prop_assert_eq!(scan(&flat(Element::F32, &bytes)), defined(&wide));
    }

    #[test]
    fn scans_of_half_precision_agree_with_the_definition(bits in prop::collection::vec(any::<u16>(), 0..200)) {
        let bytes: Vec<u8> = bits.iter().flat_map(|bits| bits.to_ne_bytes()).collect();
        let half: Vec<f64> = bits.iter().map(|&bits| f16::from_bits(bits).into()).collect();
        let brain: Vec<f64> = bits.iter().map(|&bits| bf16::from_bits(bits).into()).collect();
        prop_assert_eq!(scan(&flat(Element::F16, &bytes)), defined(&half));
        prop_assert_eq!(scan(&flat(Element::Bf16, &bytes)), defined(&brain));
        prop_assert_eq!(any_nonzero(&flat(Element::F16, &bytes)), defined(&half).nonzero > 0);
    }
}

/// Zeros, NaN and infinities as often as numbers.
fn interesting_f32() -> impl Strategy<Value = f32> {
    prop_oneof![
        Just(0.0),
        Just(-0.0),
        Just(f32::NAN),
        Just(f32::INFINITY),
        Just(f32::NEG_INFINITY),
        Just(f32::MIN_POSITIVE / 2.0),
        any::<f32>()
    ]
}

/// A dense tensor with one axis.
fn flat(element: Element, bytes: &[u8]) -> Tensor<'_> {
    let axes = contiguous(&[bytes.len() / element.size()], element.size());
    Tensor::new(element, axes, bytes, 0).expect("the axis covers the bytes")
}

/// A scan of floats, as its fields are documented.
fn defined(values: &[f64]) -> Scan {
    let count = |holds: fn(&f64) -> bool| values.iter().filter(|value| holds(value)).count() as u64;
    let numbers = || values.iter().copied().filter(|value| !value.is_nan());
    Scan {
        elements: values.len() as u64,
        nonzero: count(|&value| value != 0.0),
        nan: count(|value| value.is_nan()),
        infinite: count(|value| value.is_infinite()),
        minimum: numbers().reduce(f64::min).map(Number::Float),
        maximum: numbers().reduce(f64::max).map(Number::Float),
        constant: values.iter().all(|value| value == values.first().expect("there is one")),
    }
}

#[test]
fn tensors_of_several_chunks_have_the_fingerprint_and_scan_of_their_dense_twins() {
    // 1500 by 1500 floats are 9 MB: three chunks, whose borders fall into rows.
    let memory: Vec<u8> = (0..1500_u32 * 1500).flat_map(|index| (index as f32).to_ne_bytes()).collect();
    let transposed = [Axis { length: 1500, stride: 4 }, Axis { length: 1500, stride: 6000 }];
    let view = Strided { memory, axes: transposed.to_vec(), origin: 0, size: 4 };
    let dense = view.dense();
    assert_eq!(fingerprint(&view.tensor(Element::F32)), fingerprint(&dense.tensor(Element::F32)));
    let expected = Scan {
        elements: 2_250_000,
        nonzero: 2_249_999,
        nan: 0,
        infinite: 0,
        minimum: Some(Number::Float(0.0)),
        maximum: Some(Number::Float(2_249_999.0)),
        constant: false,
    };
    assert_eq!(scan(&view.tensor(Element::F32)), expected);
}

#[test]
fn a_change_in_the_last_chunk_is_seen() {
    let mut bytes = vec![0_u8; 9 << 20];
    let before = fingerprint(&flat(Element::F32, &bytes));
    assert!(!any_nonzero(&flat(Element::F32, &bytes)));
    *bytes.last_mut().expect("not empty") = 1;
    assert_ne!(before, fingerprint(&flat(Element::F32, &bytes)));
    assert!(any_nonzero(&flat(Element::F32, &bytes)));
}

#[test]
fn shape_and_type_are_part_of_a_fingerprint() {
    let bytes = [0_u8; 24];
    let of = |element: Element, lengths: &[usize]| {
        fingerprint(&Tensor::new(element, contiguous(lengths, element.size()), &bytes, 0).expect("24 bytes"))
    };
    let all = [of(Element::F32, &[6]), of(Element::F32, &[2, 3]), of(Element::F32, &[3, 2]), of(Element::I32, &[6]), of(Element::F32, &[0])];
    for (index, fingerprint) in all.iter().enumerate() {
        assert!(!all[..index].contains(fingerprint));
    }
}

#[test]
fn integers_are_exact() {
    let bytes: Vec<u8> = [u64::MAX, u64::MAX - 1].iter().flat_map(|value| value.to_ne_bytes()).collect();
    let found = scan(&flat(Element::U64, &bytes));
    assert_eq!(found.maximum, Some(Number::Integer(u64::MAX.into())));
    assert_eq!(found.minimum, Some(Number::Integer((u64::MAX - 1).into())));
    assert!(!found.constant);
}

#[test]
fn a_complex_number_is_zero_or_nan_as_a_whole() {
    let bytes: Vec<u8> = [0.0, 0.0, 0.0, 1.0, f32::NAN, f32::INFINITY].iter().flat_map(|part: &f32| part.to_ne_bytes()).collect();
    let found = scan(&flat(Element::C64, &bytes));
    assert_eq!((found.elements, found.nonzero, found.nan, found.infinite), (3, 2, 1, 1));
    assert_eq!((found.minimum, found.maximum, found.constant), (None, None, false));
    assert!(scan(&flat(Element::C64, &bytes[..8])).constant);
}

#[test]
fn a_negative_zero_is_zero_in_every_format_that_has_one() {
    for (element, bytes) in [
        (Element::F8(Minifloat::E4M3Fn), &[0x80][..]),
        (Element::F8(Minifloat::E5M2), &[0x80]),
        (Element::F16, &0x8000_u16.to_ne_bytes()),
        (Element::F32, &(-0.0_f32).to_ne_bytes()),
        (Element::F64, &(-0.0_f64).to_ne_bytes()),
    ] {
        assert!(!any_nonzero(&flat(element, bytes)), "{element:?}");
        assert_eq!(scan(&flat(element, bytes)).nonzero, 0, "{element:?}");
    }
    let not_a_number = Element::F8(Minifloat::E4M3Fnuz);
    assert!(any_nonzero(&flat(not_a_number, &[0x80])));
    assert_eq!(scan(&flat(not_a_number, &[0x80])).nan, 1);
    assert!(any_nonzero(&flat(Element::F8(Minifloat::E8M0Fnu), &[0])), "this format has no zero");
}

#[test]
fn eight_bit_floats_have_the_extremes_their_specifications_state() {
    for (format, largest, smallest) in [
        (Minifloat::E3M4, 15.5, 2.0_f32.powi(-6)),
        (Minifloat::E4M3, 240.0, 2.0_f32.powi(-9)),
        (Minifloat::E4M3Fn, 448.0, 2.0_f32.powi(-9)),
        (Minifloat::E4M3Fnuz, 240.0, 2.0_f32.powi(-10)),
        (Minifloat::E4M3B11Fnuz, 30.0, 2.0_f32.powi(-13)),
        (Minifloat::E5M2, 57344.0, 2.0_f32.powi(-16)),
        (Minifloat::E5M2Fnuz, 57344.0, 2.0_f32.powi(-17)),
        (Minifloat::E8M0Fnu, 2.0_f32.powi(127), 2.0_f32.powi(-127)),
    ] {
        let finite = || (0..=u8::MAX).map(|bits| format.value(bits)).filter(|value| value.is_finite());
        assert_eq!(finite().fold(0.0, f32::max), largest, "{format:?}");
        assert_eq!(finite().filter(|&value| value > 0.0).fold(f32::INFINITY, f32::min), smallest, "{format:?}");
    }
}

#[test]
fn axes_that_leave_the_memory_are_refused() {
    let memory = [0; 16];
    for (length, stride, origin) in [(5, 4, 0), (4, 4, 1), (2, -4, 0), (2, isize::MAX, 0), (usize::MAX, 0, 0), (2, isize::MIN, 0)] {
        let refused = Tensor::new(Element::F32, vec![Axis { length, stride }], &memory, origin).err();
        assert_eq!(refused, Some(Refused::Layout), "{length} {stride} {origin}");
    }
}
