//! Chance that a seed decides.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::ops::RangeInclusive;

/// A source of chance; its stream is the same on every machine.
pub struct Hasard(ChaCha8Rng);

impl Hasard {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number of the range.
    pub fn entre(&mut self, range: RangeInclusive<u32>) -> u32 {
        self.0.random_range(range)
    }

    /// A real number from 0 to 1.
    pub fn part(&mut self) -> f64 {
        self.0.random()
    }

    /// True once in `n` times.
    pub fn une_fois_sur(&mut self, n: u32) -> bool {
        self.entre(1..=n) == 1
    }

    /// A value of a list, none when it is empty.
    pub fn parmi<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let last = u32::try_from(list.len().checked_sub(1)?).ok()?;
        list.get(self.entre(0..=last) as usize)
    }

    /// A value of a table of this program.
    pub fn pris<'a, T>(&mut self, table: &'a [T]) -> &'a T {
        self.parmi(table)
            .expect("the tables of the demonstration are not empty")
    }

    /// Each value once in `n` times, in the order of the list.
    pub fn quelques<T: Copy>(&mut self, list: &[T], n: u32) -> Vec<T> {
        list.iter().copied().filter(|_| self.une_fois_sur(n)).collect()
    }
}
