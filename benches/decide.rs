//! How long a decision takes by the number of rules: on a prepared request, and from request JSON to record JSON; how long
//! loading takes; and the floor, parsing the same request with serde_json. The last lines compare within this one run.
#![allow(missing_docs)] // the macros of criterion make functions without
#![allow(clippy::disallowed_methods)] // a benchmark reads the clock

use std::hint::black_box;
use std::time::{Duration, Instant};

use bailiwick::{Engine, Outcome, Request, Source, Stamp, State};
use bailiwick_benches::{Workload, dense, fleet};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

const SIZES: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

fn decisions(criterion: &mut Criterion) {
    let mut figures = Vec::new();
    for size in SIZES {
        let workload = fleet(size);
        figures.push((size, measure(criterion, "fleet", size, &workload)));
    }
    let dense_figures: Vec<_> = [1_000, 10_000]
        .map(|size| (size, measure(criterion, "dense", size, &dense(size))))
        .into_iter()
        .collect();
    let floor = floor(&fleet(100));
    println!("\n      rules   decide us   x of 100   JSON to record us   x of serde_json   load ms");
    let base = figures
        .iter()
        .find(|(size, _)| *size == 100)
        .map_or(f64::NAN, |(_, figure)| figure.decide);
    for (kind, figures) in [("fleet", &figures), ("dense", &dense_figures)] {
        for (size, figure) in figures {
            let (decide, record) = (figure.decide * 1e6, figure.record * 1e6);
            let (growth, over) = (figure.decide / base, figure.record / floor);
            let load = figure.load * 1e3;
            println!(
                "{kind} {size:>6} {decide:>10.3} {growth:>10.2} {record:>19.2} {over:>17.1} {load:>9.1}"
            );
        }
    }
    println!("the floor, serde_json to Value: {:.3} us", floor * 1e6);
    for outcome in [Outcome::Allowed, Outcome::AskApproval, Outcome::Denied] {
        for (size, figure) in &dense_figures {
            let decide = figure.by_outcome[outcome as usize] * 1e6;
            println!("dense {size:>6}, {outcome}: {decide:.3} us");
        }
        let at = |wanted: usize| {
            let figure = figures
                .iter()
                .find(|(size, _)| *size == wanted)
                .map(|(_, figure)| figure);
            figure.map_or(f64::NAN, |figure| figure.by_outcome[outcome as usize] * 1e6)
        };
        let (small, large) = (at(100), at(100_000));
        println!(
            "growth 100 -> 100 000, {outcome}: {small:.3} -> {large:.3} us, x {:.2}",
            large / small
        );
    }
}

/// Seconds.
struct Figure {
    decide: f64,
    by_outcome: [f64; 3],
    record: f64,
    load: f64,
}

fn measure(criterion: &mut Criterion, kind: &str, size: usize, workload: &Workload) -> Figure {
    let start = Instant::now();
    drop(Engine::load(workload.sources.iter().cloned()));
    let load = start.elapsed().as_secs_f64();
    let engine = workload.engine();
    let state = State::none();
    let mut group = criterion.benchmark_group(kind);
    group
        .sample_size(20)
        .measurement_time(Duration::from_secs(2))
        .warm_up_time(Duration::from_millis(500));
    let mut cases = workload.cases.iter().cycle();
    group.bench_function(BenchmarkId::new("decide", size), |bencher| {
        bencher.iter(|| {
            cases
                .next()
                .map(|case| engine.decide(black_box(&case.request), &state).outcome())
        });
    });
    group.bench_function(BenchmarkId::new("record", size), |bencher| {
        bencher.iter(|| cases.next().map(|case| record(&engine, &case.text)));
    });
    group.finish();
    let decide = |wanted: Option<Outcome>| {
        let cases = workload
            .cases
            .iter()
            .filter(|case| wanted.is_none_or(|wanted| case.expected == wanted));
        let cases: Vec<_> = cases.collect();
        best(cases.len(), || {
            for case in &cases {
                black_box(engine.decide(black_box(&case.request), &state).outcome());
            }
        })
    };
    Figure {
        decide: decide(None),
        by_outcome: [Outcome::Allowed, Outcome::AskApproval, Outcome::Denied]
            .map(|outcome| decide(Some(outcome))),
        record: best(workload.cases.len(), || {
            for case in &workload.cases {
                black_box(record(&engine, &case.text));
            }
        }),
        load,
    }
}

fn record(engine: &Engine, text: &str) -> Option<Vec<u8>> {
    let request = Request::from_json(black_box(text)).ok()?;
    Some(
        engine
            .decide(&request, &State::none())
            .record(Stamp::default())
            .canonical(),
    )
}

fn floor(workload: &Workload) -> f64 {
    best(workload.cases.len(), || {
        for case in &workload.cases {
            black_box(serde_json::from_str::<serde_json::Value>(black_box(&case.text)).ok());
        }
    })
}

/// The best of many rounds: on a machine that does other things too, the least disturbed one.
fn best(each: usize, mut round: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    let end = Instant::now() + Duration::from_secs(1);
    while Instant::now() < end {
        let start = Instant::now();
        round();
        best = best.min(start.elapsed().as_secs_f64());
    }
    best / each.max(1) as f64
}

fn floor_by_criterion(criterion: &mut Criterion) {
    let workload = fleet(100);
    let mut cases = workload.cases.iter().cycle();
    criterion.bench_function("floor/serde_json", |bencher| {
        bencher.iter(|| {
            cases
                .next()
                .map(|case| serde_json::from_str::<serde_json::Value>(black_box(&case.text)).ok())
        });
    });
}

/// A switch flipped as state on an engine with many rules: the flip, and the first decision after it.
fn flips(criterion: &mut Criterion) {
    const SWITCH: &str = "kill_switch/capability.disable_mcp";
    let mut workload = fleet(10_000);
    let text = "kill_switch: {capability: {disable_mcp: false}}\n";
    workload.sources.push(Source::platform("switches.yaml", text));
    let engine = workload.engine();
    let state = State::none().with_switch("other/switch", false, None);
    let mut cases = workload.cases.iter().cycle();
    let mut group = criterion.benchmark_group("flip");
    group.sample_size(20).measurement_time(Duration::from_secs(2));
    group.bench_function("flip", |bencher| {
        bencher.iter(|| black_box(&state).clone().with_switch(SWITCH, true, None));
    });
    group.bench_function("flip and decide/10000", |bencher| {
        bencher.iter(|| {
            let state = black_box(&state).clone().with_switch(SWITCH, true, None);
            cases
                .next()
                .map(|case| engine.decide(black_box(&case.request), &state).outcome())
        });
    });
    group.finish();
}

criterion_group!(benches, floor_by_criterion, flips, decisions);
criterion_main!(benches);
