//! Element types: how many bytes one takes and which bits decide whether it is zero.

#![forbid(unsafe_code)]

use crate::checker::Minifloat;

/// The type of a tensor's elements, in native byte order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Element {
    /// One byte, 0 or 1.
    Bool,
    /// Signed, 8 bits.
    I8,
    /// Signed, 16 bits.
    I16,
    /// Signed, 32 bits.
    I32,
    /// Signed, 64 bits.
    I64,
    /// Unsigned, 8 bits.
    U8,
    /// Unsigned, 16 bits.
    U16,
    /// Unsigned, 32 bits.
    U32,
    /// Unsigned, 64 bits.
    U64,
    /// IEEE half precision.
    F16,
    /// The upper half of a 32-bit float.
    Bf16,
    /// IEEE single precision.
    F32,
    /// IEEE double precision.
    F64,
    /// A float of eight bits.
    F8(Minifloat),
    /// Two 32-bit floats.
    C64,
    /// Two 64-bit floats.
    C128,
}

impl Element {
    /// Bytes of one element.
    pub fn size(self) -> usize {
        match self {
            Self::Bool | Self::I8 | Self::U8 | Self::F8(_) => 1,
            Self::I16 | Self::U16 | Self::F16 | Self::Bf16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 | Self::C64 => 8,
            Self::C128 => 16,
        }
    }

    /// The bits that are all clear in a zero, for eight bytes of elements; a sign does not count.
    pub(super) fn magnitude_mask(self) -> u64 {
        let sign = match self {
            Self::F16 | Self::Bf16 => 0x8000_8000_8000_8000_u64,
            Self::F32 | Self::C64 => 0x8000_0000_8000_0000,
            Self::F64 | Self::C128 => 0x8000_0000_0000_0000,
            Self::F8(format) if format.has_negative_zero() => 0x8080_8080_8080_8080,
            _ => 0,
        };
        // Masks are written for little-endian reads of eight bytes; the repeated pattern is the element's on either order.
        !sign
    }

    /// The number that stands for the type in a fingerprint.
    pub(super) fn tag(self) -> u8 {
        match self {
            Self::Bool => 0,
            Self::I8 => 1,
            Self::I16 => 2,
            Self::I32 => 3,
            Self::I64 => 4,
            Self::U8 => 5,
            Self::U16 => 6,
            Self::U32 => 7,
            Self::U64 => 8,
            Self::F16 => 9,
            Self::Bf16 => 10,
            Self::F32 => 11,
            Self::F64 => 12,
            Self::C64 => 13,
            Self::C128 => 14,
            Self::F8(format) => 16 + format as u8,
        }
    }
}
