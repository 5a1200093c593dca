//! Whether deciding threads are held up by those who swap policies and flip switches: how long a decision takes, with all that it
//! waits for, while nothing else goes on and while something does. `cargo run --release -p bailiwick-benches --bin swap`
//!
//! As many threads decide as there are cores. Beside them one thread
//!
//! - *loads*: loads the policies anew and drops them, which takes a core from somebody and touches nothing that decides;
//! - *swaps*: loads the policies anew and puts them in place by [`Current`];
//! - *flips*: flips a switch by [`Current`] as often as it can;
//! - *frees where it falls*: as *swaps*, with a lock around the engine in place of [`Current`]: whoever holds an engine last
//!   frees it. This is what the others are spared.
//!
//! The ways are measured in turn, several times over, so that whoever else is at work on the machine disturbs all of them alike.
//! What *swaps* is to be held against is *loads*: where every core decides, a thread beside them makes them wait for a core.

#![allow(clippy::disallowed_methods, reason = "a benchmark has a clock and threads")]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use bailiwick::{Engine, Request, State};
use bailiwick_benches::{Workload, fleet};
use bailiwick_loader::Current;

const ROUNDS: usize = 5;
const SLICE: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nothing,
    Loads,
    Swaps,
    Flips,
    FreesWhereItFalls,
}

const WAYS: [(Beside, &str); 5] = [
    (Beside::Nothing, "nothing"),
    (Beside::Loads, "loads"),
    (Beside::Swaps, "swaps"),
    (Beside::Flips, "flips"),
    (Beside::FreesWhereItFalls, "frees where it falls"),
];

/// What is decided by, in both ways.
struct Stage<'w> {
    workload: &'w Workload,
    requests: Vec<&'w Request>,
    current: Current,
    locked: RwLock<Engine>,
    over: AtomicBool,
    turns: AtomicUsize,
}

fn main() {
    let deciders = thread::available_parallelism().map_or(1, usize::from);
    let workload = fleet(10_000);
    let begin = Instant::now();
    let engine = workload.engine();
    let load = begin.elapsed();
    let spare = workload.engine();
    let begin = Instant::now();
    drop(spare);
    println!(
        "fleet 10000: loads in {load:.0?}, is freed in {:.1?}; {deciders} threads decide",
        begin.elapsed()
    );
    let stage = Stage {
        requests: workload.cases.iter().map(|case| &case.request).collect(),
        current: Current::new(engine.clone(), State::none()),
        locked: RwLock::new(engine),
        workload: &workload,
        over: AtomicBool::new(false),
        turns: AtomicUsize::new(0),
    };
    let mut took: [(Vec<u32>, usize); WAYS.len()] = Default::default();
    for _ in 0..ROUNDS {
        for ((way, _), (times, turns)) in WAYS.iter().zip(&mut took) {
            times.extend(stage.slice(*way, deciders));
            *turns += stage.turns.swap(0, Ordering::Relaxed);
        }
    }
    report(took);
}

impl Stage<'_> {
    /// How long each decision took, in nanoseconds.
    fn slice(&self, beside: Beside, deciders: usize) -> Vec<u32> {
        self.over.store(false, Ordering::Relaxed);
        thread::scope(|scope| {
            scope.spawn(move || {
                while !self.over.load(Ordering::Relaxed) {
                    self.turn(beside);
                }
            });
            let deciding: Vec<_> = (0..deciders)
                .map(|at| scope.spawn(move || self.decide(beside, at)))
                .collect();
            thread::sleep(SLICE);
            self.over.store(true, Ordering::Relaxed);
            deciding
                .into_iter()
                .flat_map(|thread| thread.join().unwrap_or_default())
                .collect()
        })
    }

    fn turn(&self, beside: Beside) {
        let load = || Engine::load(self.workload.sources.iter().cloned());
        match beside {
            Beside::Nothing => return thread::sleep(Duration::from_millis(10)),
            Beside::Loads => drop(load()),
            Beside::Swaps => load().map_or((), |engine| self.current.put_engine(engine)),
            Beside::Flips => {
                let turn = self.turns.load(Ordering::Relaxed);
                self.current.flip("nobody/switch", turn.is_multiple_of(2), None);
            }
            Beside::FreesWhereItFalls => {
                let Ok(mut engine) = load() else { return };
                let mut locked = self.locked.write().unwrap_or_else(PoisonError::into_inner);
                std::mem::swap(&mut *locked, &mut engine);
            }
        }
        self.turns.fetch_add(1, Ordering::Relaxed);
    }

    fn decide(&self, beside: Beside, at: usize) -> Vec<u32> {
        let mut took = Vec::with_capacity(4_000_000);
        let mut next = at * 7;
        while !self.over.load(Ordering::Relaxed) && took.len() < took.capacity() {
            let request = self.requests[next % self.requests.len()];
            next += 1;
            let begin = Instant::now();
            if beside == Beside::FreesWhereItFalls {
                let engine = self.locked.read().unwrap_or_else(PoisonError::into_inner).clone();
                std::hint::black_box(engine.decide(request, &State::none()).outcome());
            } else {
                let held = self.current.get();
                std::hint::black_box(held.engine.decide(request, &held.state).outcome());
            }
            took.push(u32::try_from(begin.elapsed().as_nanos()).unwrap_or(u32::MAX));
        }
        took
    }
}

fn report(took: [(Vec<u32>, usize); WAYS.len()]) {
    println!(
        "beside                   turns  decisions        p50        p99      p99.9     p99.99        max"
    );
    let mut quiet: Option<[f64; 5]> = None;
    for ((_, name), (mut times, turns)) in WAYS.iter().zip(took) {
        times.sort_unstable();
        let at = |share: f64| {
            let last = times.len().saturating_sub(1);
            times
                .get((last as f64 * share) as usize)
                .copied()
                .map_or(f64::NAN, f64::from)
        };
        let found = [0.5, 0.99, 0.999, 0.9999, 1.0].map(at);
        let cells: String = found
            .iter()
            .map(|time| format!("{:>8.1} us", time / 1e3))
            .collect();
        println!("{name:<22} {turns:>7} {:>10}{cells}", times.len());
        let base = *quiet.get_or_insert(found);
        let cells: String = found
            .iter()
            .zip(base)
            .map(|(time, base)| format!("{:>11}", format!("x {:.2}", time / base)))
            .collect();
        println!("{:<40}{cells}", "");
    }
}
