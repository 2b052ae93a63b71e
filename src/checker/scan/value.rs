//! The numbers that can be tallied: integers, floats, and half-width floats as integers that sort alike.

#![forbid(unsafe_code)]

use half::{bf16, f16};

use super::Number;

/// Bits of infinity in IEEE half precision.
pub(super) const F16_INFINITY: i16 = 0x7c00;
/// Bits of infinity in bf16.
pub(super) const BF16_INFINITY: i16 = 0x7f80;

/// A real number.
pub(super) trait Value: Copy + Send {
    /// Not above any number.
    const LEAST: Self;
    /// Not below any number.
    const GREATEST: Self;

    fn is_nonzero(self) -> bool;
    fn is_nan(self) -> bool;
    fn is_infinite(self) -> bool;
    /// The smaller of this and `found`; this if `found` is NaN.
    fn lower(self, found: Self) -> Self;
    /// The larger of this and `found`; this if `found` is NaN.
    fn higher(self, found: Self) -> Self;
    fn number(self) -> Number;
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl Value for $integer {
            const LEAST: Self = Self::MIN;
            const GREATEST: Self = Self::MAX;

            #[inline]
            fn is_nonzero(self) -> bool {
                self != 0
            }
            #[inline]
            fn is_nan(self) -> bool {
                false
            }
            #[inline]
            fn is_infinite(self) -> bool {
                false
            }
            #[inline]
            fn lower(self, found: Self) -> Self {
                self.min(found)
            }
            #[inline]
            fn higher(self, found: Self) -> Self {
                self.max(found)
            }
            fn number(self) -> Number {
                Number::Integer(self.into())
            }
        }
    )*};
}

macro_rules! floats {
    ($($float:ty)*) => {$(
        impl Value for $float {
            const LEAST: Self = Self::NEG_INFINITY;
            const GREATEST: Self = Self::INFINITY;

            #[inline]
            fn is_nonzero(self) -> bool {
                self != 0.0
            }
            #[inline]
            fn is_nan(self) -> bool {
                <$float>::is_nan(self)
            }
            #[inline]
            fn is_infinite(self) -> bool {
                <$float>::is_infinite(self)
            }
            #[inline]
            fn lower(self, found: Self) -> Self {
                // One instruction; `min` would take three to decide about NaN on both sides.
                if found < self { found } else { self }
            }
            #[inline]
            fn higher(self, found: Self) -> Self {
                if found > self { found } else { self }
            }
            fn number(self) -> Number {
                Number::Float(self.into())
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 u8 u16 u32 u64);
floats!(f32 f64);

/// A float of 16 bits whose infinity has the bits `INFINITY`, held as the integer that sorts as the float does.
#[derive(Clone, Copy)]
pub(super) struct Half<const INFINITY: i16>(i16);

impl<const INFINITY: i16> Half<INFINITY> {
    #[inline]
    pub(super) fn from_ne_bytes(bytes: [u8; 2]) -> Self {
        Self(flip_negative(i16::from_ne_bytes(bytes)))
    }

    #[inline]
    fn magnitude(self) -> i16 {
        self.0 ^ (self.0 >> 15)
    }
}

/// Floats are sign and magnitude: with the magnitude's bits inverted below zero, they sort as integers. Undoes itself.
#[inline]
fn flip_negative(bits: i16) -> i16 {
    bits ^ ((bits >> 15) & i16::MAX)
}

impl<const INFINITY: i16> Value for Half<INFINITY> {
    const LEAST: Self = Self(i16::MIN);
    const GREATEST: Self = Self(i16::MAX);

    #[inline]
    fn is_nonzero(self) -> bool {
        self.magnitude() != 0
    }
    #[inline]
    fn is_nan(self) -> bool {
        self.magnitude() > INFINITY
    }
    #[inline]
    fn is_infinite(self) -> bool {
        self.magnitude() == INFINITY
    }
    #[inline]
    fn lower(self, found: Self) -> Self {
        Self(self.0.min(if found.is_nan() { i16::MAX } else { found.0 }))
    }
    #[inline]
    fn higher(self, found: Self) -> Self {
        Self(self.0.max(if found.is_nan() { i16::MIN } else { found.0 }))
    }
    fn number(self) -> Number {
        let bits = flip_negative(self.0).cast_unsigned();
        Number::Float(if INFINITY == F16_INFINITY { f16::from_bits(bits).into() } else { bf16::from_bits(bits).into() })
    }
}
