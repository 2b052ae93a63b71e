//! Counts and extremes of real numbers, several at a time.

#![forbid(unsafe_code)]

use super::value::Value;

/// Numbers tallied side by side: floats may not be reordered by the compiler, so independent lanes are written out.
const LANES: usize = 16;

/// Numbers that are looked at several times while they are in the nearest cache.
const BLOCK: usize = 1024;

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
        let mut tally = Self::default();
        for block in elements.chunks(BLOCK) {
            let count = |holds: fn(V) -> bool| block.iter().map(|bytes| u32::from(holds(read(*bytes)))).sum::<u32>();
            tally.nonzero += u64::from(count(V::is_nonzero));
            tally.nan += u64::from(count(V::is_nan));
            tally.infinite += u64::from(count(V::is_infinite));
            let (groups, rest) = block.as_chunks::<LANES>();
            let (mut minimum, mut maximum) = ([V::GREATEST; LANES], [V::LEAST; LANES]);
            for group in groups {
                for lane in 0..LANES {
                    let value = read(group[lane]);
                    minimum[lane] = minimum[lane].lower(value);
                    maximum[lane] = maximum[lane].higher(value);
                }
            }
            for value in minimum.into_iter().chain(rest.iter().map(|bytes| read(*bytes))) {
                tally.minimum = tally.minimum.lower(value);
            }
            for value in maximum.into_iter().chain(rest.iter().map(|bytes| read(*bytes))) {
                tally.maximum = tally.maximum.higher(value);
            }
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
