//! Counts and extremes of real numbers, several at a time.

#![forbid(unsafe_code)]

use super::value::Value;

/// Numbers tallied side by side: floats may not be reordered by the compiler, so independent lanes are written out.
const LANES: usize = 8;

/// What is known of the numbers seen so far.
#[derive(Clone, Copy)]
pub(super) struct Tally<V> {
    pub(super) nonzero: u64,
    pub(super) nan: u64,
    pub(super) infinite: u64,
    /// [`Value::GREATEST`] before any number.
    pub(super) minimum: V,
    /// [`Value::LEAST`] before any number.
    pub(super) maximum: V,
}

impl<V: Value> Default for Tally<V> {
    fn default() -> Self {
        Self { nonzero: 0, nan: 0, infinite: 0, minimum: V::GREATEST, maximum: V::LEAST }
    }
}

impl<V: Value> Tally<V> {
    /// The tally of one chunk.
    pub(super) fn of<const SIZE: usize>(elements: &[[u8; SIZE]], read: &impl Fn([u8; SIZE]) -> V) -> Self {
        let (groups, rest) = elements.as_chunks::<LANES>();
        // A chunk has fewer than 2^32 elements, and narrow counters leave more registers for the rest.
        let (mut nonzero, mut nan, mut infinite) = ([0_u32; LANES], [0_u32; LANES], [0_u32; LANES]);
        let (mut minimum, mut maximum) = ([V::GREATEST; LANES], [V::LEAST; LANES]);
        for group in groups {
            for lane in 0..LANES {
                let value = read(group[lane]);
                nonzero[lane] += u32::from(value.is_nonzero());
                nan[lane] += u32::from(value.is_nan());
                infinite[lane] += u32::from(value.is_infinite());
                minimum[lane] = minimum[lane].lower(value);
                maximum[lane] = maximum[lane].higher(value);
            }
        }
        let mut tally = Self::default();
        for lane in 0..LANES {
            tally = tally.join(Self {
                nonzero: nonzero[lane].into(),
                nan: nan[lane].into(),
                infinite: infinite[lane].into(),
                minimum: minimum[lane],
                maximum: maximum[lane],
            });
        }
        for bytes in rest {
            tally.add(read(*bytes));
        }
        tally
    }

    /// Counts one more number.
    pub(super) fn add(&mut self, value: V) {
        self.nonzero += u64::from(value.is_nonzero());
        self.nan += u64::from(value.is_nan());
        self.infinite += u64::from(value.is_infinite());
        self.minimum = self.minimum.lower(value);
        self.maximum = self.maximum.higher(value);
    }

    /// The tally of the numbers of both.
    pub(super) fn join(self, other: Self) -> Self {
        Self {
            nonzero: self.nonzero + other.nonzero,
            nan: self.nan + other.nan,
            infinite: self.infinite + other.infinite,
            minimum: self.minimum.lower(other.minimum),
            maximum: self.maximum.higher(other.maximum),
        }
    }
}
