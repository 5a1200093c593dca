//! How long one question takes: each is timed by itself, in turn with all others, so that none finds its rules in the cache
//! because it was asked just before.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Nanoseconds of one question.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Half of them take no longer.
    pub p50: f64,
    /// Ninety-nine in a hundred take no longer.
    pub p99: f64,
    /// How many questions there were, each at least once.
    pub asked: usize,
}

/// Asks all questions in turn for a while, and each at least once unless that takes too long. What reading the clock takes
/// is taken off.
pub fn times(questions: usize, budget: Duration, mut ask: impl FnMut(usize)) -> Times {
    let clock = clock();
    let start = Instant::now();
    let mut taken = Vec::new();
    while start.elapsed() < budget && taken.len() < 300_000 {
        for at in 0..questions {
            let before = Instant::now();
            ask(black_box(at));
            taken.push(before.elapsed().as_nanos() as f64);
            if 5 * budget < start.elapsed() {
                break;
            }
        }
    }
    let asked = taken.len().min(questions);
    taken.sort_by(f64::total_cmp);
    let at = |share: f64| (taken[(share * (taken.len() - 1) as f64) as usize] - clock).max(0.0);
    Times {
        p50: at(0.5),
        p99: at(0.99),
        asked,
    }
}

fn clock() -> f64 {
    let mut taken: Vec<f64> = (0..10_000)
        .map(|_| Instant::now().elapsed().as_nanos() as f64)
        .collect();
    taken.sort_by(f64::total_cmp);
    taken[taken.len() / 2]
}
