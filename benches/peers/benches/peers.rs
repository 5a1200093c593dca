//! The same comparison by criterion, at three numbers of rules: `cargo bench` in this folder.
#![allow(missing_docs)] // the macros of criterion make functions without

use std::hint::black_box;
use std::time::Duration;

use bailiwick_benches::contest::{Contest, Kind, ours};
use bailiwick_peers::{Name, verify};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

fn peers(criterion: &mut Criterion) {
    for kind in [Kind::Uniform, Kind::Commands, Kind::Globs] {
        let mut group = criterion.benchmark_group(kind.name());
        group
            .sample_size(10)
            .warm_up_time(Duration::from_millis(300))
            .measurement_time(Duration::from_secs(2));
        for size in [100, 1_000] {
            let contest = Contest::new(kind, size);
            let texts: Vec<String> = contest
                .asks
                .iter()
                .map(|ask| ours::request(ask).to_string())
                .collect();
            let mut texts = texts.iter().cycle();
            group.bench_function(BenchmarkId::new("serde_json", size), |bencher| {
                bencher.iter(|| {
                    texts
                        .next()
                        .map(|text| serde_json::from_str::<serde_json::Value>(black_box(text)).is_ok())
                });
            });
            for name in Name::ALL {
                let mut player = name.player(&contest).expect("the text is right");
                verify(&mut player, &contest, contest.asks.len()).expect("the answers are right");
                let mut at = (0..contest.asks.len()).cycle();
                group.bench_function(BenchmarkId::new(name.word(), size), |bencher| {
                    bencher.iter(|| at.next().map(|at| (player.decide)(black_box(at))));
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, peers);
criterion_main!(benches);
