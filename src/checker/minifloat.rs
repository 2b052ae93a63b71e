//! Floats of eight bits: seven formats, told apart by exponent bits, bias and what the largest codes mean.
//!
//! Source: OCP 8-bit floating point specification (e4m3fn, e5m2), "8-bit numerical formats for deep neural networks" (fnuz),
//! OCP microscaling formats (e8m0fnu), and the names of DLPack 1.1.

#![forbid(unsafe_code)]

/// A format of eight-bit floats. `fn` is finite, without infinities; `uz` has an unsigned zero, whose negative code is NaN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Minifloat {
    /// Three exponent bits, four of fraction, infinities and NaN as in IEEE.
    E3M4,
    /// Four exponent bits, three of fraction, infinities and NaN as in IEEE.
    E4M3,
    /// Bias 11, no infinities, one NaN.
    E4M3B11Fnuz,
    /// No infinities, NaN where all lower bits are set.
    E4M3Fn,
    /// Bias 8, no infinities, one NaN.
    E4M3Fnuz,
    /// Five exponent bits, two of fraction, infinities and NaN as in IEEE.
    E5M2,
    /// Bias 16, no infinities, one NaN.
    E5M2Fnuz,
    /// A power of two: no sign, no zero, one NaN.
    E8M0Fnu,
}

/// What the codes at the edges mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Specials {
    Ieee,
    FiniteWithNan,
    UnsignedZero,
}

impl Minifloat {
    /// The value of the code `bits`.
    pub fn value(self, bits: u8) -> f32 {
        let Some((fraction_bits, bias, specials)) = self.layout() else {
            return if bits == 0xff { f32::NAN } else { power_of_two(i32::from(bits) - 127) };
        };
        let magnitude = bits & 0x7f;
        let sign = if bits & 0x80 == 0 { 1.0 } else { -1.0 };
        let exponent = i32::from(magnitude >> fraction_bits);
        let fraction = magnitude & ((1 << fraction_bits) - 1);
        let largest_exponent = (1 << (7 - fraction_bits)) - 1;
        match specials {
            Specials::Ieee if exponent == largest_exponent && fraction == 0 => return sign * f32::INFINITY,
            Specials::Ieee if exponent == largest_exponent => return f32::NAN,
            Specials::FiniteWithNan if magnitude == 0x7f => return f32::NAN,
            Specials::UnsignedZero if bits == 0x80 => return f32::NAN,
            _ => {}
        }
        let unit = power_of_two(exponent.max(1) - bias - fraction_bits);
        let leading = if exponent == 0 { 0.0 } else { f32::from(1_u8 << fraction_bits) };
        sign * (leading + f32::from(fraction)) * unit
    }

    /// Whether the sign bit alone is a zero.
    pub(super) fn has_negative_zero(self) -> bool {
        self.layout().is_some_and(|(_, _, specials)| specials != Specials::UnsignedZero)
    }

    /// Whether some code is zero.
    pub(super) fn has_zero(self) -> bool {
        self != Self::E8M0Fnu
    }

    /// Fraction bits, bias and special codes; none for the format that is all exponent.
    fn layout(self) -> Option<(i32, i32, Specials)> {
        Some(match self {
            Self::E3M4 => (4, 3, Specials::Ieee),
            Self::E4M3 => (3, 7, Specials::Ieee),
            Self::E4M3B11Fnuz => (3, 11, Specials::UnsignedZero),
            Self::E4M3Fn => (3, 7, Specials::FiniteWithNan),
            Self::E4M3Fnuz => (3, 8, Specials::UnsignedZero),
            Self::E5M2 => (2, 15, Specials::Ieee),
            Self::E5M2Fnuz => (2, 16, Specials::UnsignedZero),
            Self::E8M0Fnu => return None,
        })
    }
}

fn power_of_two(exponent: i32) -> f32 {
    2.0_f32.powi(exponent)
}
