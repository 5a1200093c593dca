//! What loaded policies hold: bytes for each rule beyond the text that they were read from, and how many of those are their
//! trees'. The text is counted as well; it is shared with whoever loads it, and not among what an engine holds here.
//! `cargo run --release -p bailiwick-benches --bin memory`

use bailiwick::Engine;
use bailiwick::machinery::tree::Stats;
use bailiwick_benches::{Workload, counting, dense, fleet};

#[global_allocator]
static COUNTING: counting::Counting = counting::Counting;

fn main() {
    println!(
        "          rules   text B/rule   engine B/rule   beyond text B/rule   tree B/rule   of which indexes"
    );
    for (name, rules, make) in [
        ("fleet", 1_000, fleet as fn(usize) -> Workload),
        ("fleet", 10_000, fleet),
        ("fleet", 100_000, fleet),
        ("dense", 1_000, dense),
        ("dense", 10_000, dense),
    ] {
        let sources = make(rules).sources;
        let text: usize = sources.iter().map(|source| source.text.len()).sum();
        // The first load makes the vocabulary, which is there once.
        drop(Engine::load(sources.iter().cloned()));
        let before = counting::held();
        let Ok(engine) = Engine::load(sources.iter().cloned()) else {
            return eprintln!("the workload does not compile");
        };
        let held = (counting::held() - before).max(0) as usize;
        let stats = engine.sets().flat_map(|compiled| {
            let parts = compiled.set.parts();
            compiled
                .trees
                .iter()
                .zip(parts)
                .map(|(tree, part)| Stats::of(tree, part))
                .collect::<Vec<_>>()
        });
        let (tree, indexes) = stats.fold((0, 0), |sum, stats| {
            (sum.0 + stats.bytes, sum.1 + stats.index_bytes)
        });
        let each = |bytes: usize| bytes as f64 / rules as f64;
        println!(
            "{name} {rules:>9} {:>13.0} {:>20.0} {:>11.0} {:>18.0}",
            each(text),
            each(held),
            each(tree),
            each(indexes)
        );
    }
}
