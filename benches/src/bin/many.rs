//! What it gains to be asked many at once: `decide_many` of the surface, which shares out over the cores, beside the same requests
//! one after the other, from their texts to decisions. `cargo run --release -p bailiwick-benches --bin many`
//!
//! Both are asked in turn, many times over, and the quickest of each counts: whoever else is at work on the machine makes it only
//! slower. What both took of the cores, to drop the decisions included, says what sharing out costs.

#![allow(clippy::disallowed_methods, reason = "a benchmark has a clock")]

use std::hint::black_box;
use std::time::Instant;

use bailiwick_benches::fleet;
use bailiwick_surface::{Ask, Decision, Engine};
use serde_json::{Value, json};

/// How many requests are decided in all of each kind.
const DECISIONS: usize = 1_000_000;

fn main() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workload = fleet(10_000);
    let policies: Vec<Value> = workload
        .sources
        .iter()
        .map(|source| json!({"name": source.name, "text": &*source.text, "level": source.level.as_str()}))
        .collect();
    let Ok(engine) = Engine::load(&json!(policies).to_string(), false) else {
        return eprintln!("the workload does not compile");
    };
    println!("fleet 10000, {cores} cores; us for each request");
    println!("requests   one by one   at once   ratio     of a core, one by one   at once   ratio");
    for count in [16, 64, 256, 1_024, 8_192] {
        let texts: Vec<&str> = workload
            .cases
            .iter()
            .cycle()
            .take(count)
            .map(|case| &*case.text)
            .collect();
        let asked = || -> Vec<Ask<'_>> { texts.iter().map(|text| Ask::Text(text)).collect() };
        let (mut one, mut many) = (Took::default(), Took::default());
        let rounds = DECISIONS / count;
        for _ in 0..rounds {
            one.time(|| {
                asked()
                    .into_iter()
                    .map(|asked| engine.decide(asked, None))
                    .collect()
            });
            many.time(|| engine.decide_many(asked(), None));
        }
        let each = |seconds: f64| seconds * 1e6 / count as f64;
        let all = |seconds: f64| each(seconds) / rounds as f64;
        println!(
            "{count:>8} {:>12.2} {:>9.2} {:>7.2} {:>25.2} {:>9.2} {:>7.2}",
            each(one.least),
            each(many.least),
            one.least / many.least,
            all(one.of_cores),
            all(many.of_cores),
            one.of_cores / many.of_cores
        );
    }
}

/// In seconds.
struct Took {
    /// The quickest round, by the clock.
    least: f64,
    /// What all rounds took of the cores, whoever else was at work on them.
    of_cores: f64,
}

impl Default for Took {
    fn default() -> Took {
        Took {
            least: f64::MAX,
            of_cores: 0.0,
        }
    }
}

impl Took {
    fn time(&mut self, decide: impl FnOnce() -> Vec<Decision>) {
        let (of_cores, begin) = (of_cores(), Instant::now());
        let decided = decide();
        self.least = self.least.min(begin.elapsed().as_secs_f64());
        drop(black_box(decided));
        self.of_cores += self::of_cores() - of_cores;
    }
}

/// What this process took of the cores so far, in hundredths of a second, where the system says so as Linux does; sums of
/// differences are exact in the long run.
fn of_cores() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let figures = after_name.split_whitespace().skip(11).take(2);
    figures.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}
