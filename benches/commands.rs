//! How long it takes to read a command line, a script of 100 KiB, a path, a URL, a patch. What is promised: 10 microseconds
//! for a typical line, 5 milliseconds for a script; the last lines say what comes near that.
#![allow(missing_docs)] // the macros of criterion make functions without
#![allow(clippy::disallowed_methods)] // a benchmark reads the clock

use std::hint::black_box;
use std::time::Instant;

use bailiwick::machinery::normal::command::{Call, Reading, read};
use bailiwick::machinery::normal::{Patch, Path, Places, Strip, Url};
use bailiwick_benches::texts::{LINES, PATHS, URLS, patch, scripts};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Microseconds for a line, and for a script.
const PROMISED: (f64, f64) = (10.0, 5_000.0);

fn reading(line: &str) -> Reading {
    let places = Places {
        root: Some("/ws"),
        ..Places::default()
    };
    read(&Call {
        line: Some(line),
        places,
        ..Call::default()
    })
}

fn commands(criterion: &mut Criterion) {
    let mut figures = Vec::new();
    let mut group = criterion.benchmark_group("line");
    for (name, line) in LINES {
        assert!(!reading(line).opaque, "{line}");
        group.bench_function(*name, |bencher| bencher.iter(|| reading(black_box(line))));
        figures.push((*name, median(2_000, || reading(line)), PROMISED.0));
    }
    group.finish();
    let mut group = criterion.benchmark_group("script of 100 KiB");
    group.sample_size(20);
    for (name, script) in scripts() {
        assert!(!reading(&script).opaque, "{name}");
        group.throughput(Throughput::Bytes(script.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| reading(black_box(&script))));
        figures.push((name, median(50, || reading(&script)), PROMISED.1));
    }
    group.finish();
    for (name, figure, promised) in figures {
        let kept = if figure <= promised { "" } else { "  OVER" };
        println!("{name:>20}: {figure:>9.2} us of {promised} us{kept}");
    }
}

fn others(criterion: &mut Criterion) {
    let places = Places {
        root: Some("/ws"),
        home: Some("/home/me"),
        ..Places::default()
    };
    for (name, path) in PATHS {
        criterion.bench_function(&format!("path, {name}"), |bencher| {
            bencher.iter(|| Path::normalise(black_box(path), &places));
        });
    }
    for (name, url) in URLS {
        criterion.bench_function(&format!("URL, {name}"), |bencher| {
            bencher.iter(|| Url::normalise(black_box(url)))
        });
    }
    let patch = patch();
    criterion.bench_function("patch of 100 KiB", |bencher| {
        bencher.iter(|| Patch::read(black_box(&patch), Strip::Unsaid));
    });
}

/// Microseconds.
fn median<T>(rounds: usize, mut once: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            black_box(once());
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[rounds / 2]
}

criterion_group!(benches, commands, others);
criterion_main!(benches);
