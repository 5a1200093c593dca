//! Numbers that look drawn and are the same every time.

/// SplitMix64: one addition and three mixings a number.
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn new(seed: u64) -> Numbers {
        Numbers(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Each of `0..count` as often as another.
    pub(super) fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    /// `0..count` by Zipf's law with exponent 1: the k-th about 1/k as often as the first. `count` to a power that is drawn
    /// evenly is distributed so, but for rounding.
    pub(super) fn skewed(&mut self, count: usize) -> usize {
        let even = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let drawn = (count as f64 + 1.0).powf(even) - 1.0;
        (drawn as usize).min(count.saturating_sub(1))
    }
}
