//! Decides a workload a number of times and does nothing else, for counting instructions:
//! `valgrind --tool=callgrind --toggle-collect='*decide_once*' target/release/count fleet 1000 1`. A word after the numbers
//! chooses what is done: `decide` (the default), `record` (JSON in, JSON out), `load`, `bundle` (load it compiled). `count commands <n>` reads the n-th
//! line of the benchmark of commands, and the scripts behind the lines: `--toggle-collect='*read_once*'`.
#![allow(clippy::disallowed_methods)] // it reads its arguments and the clock

use std::hint::black_box;
use std::time::{Duration, Instant};

use bailiwick::machinery::normal::Places;
use bailiwick::machinery::normal::command::{Call, read};
use bailiwick::{Engine, Request, Stamp, State};
use bailiwick_benches::texts::{LINES, scripts};
use bailiwick_benches::{Case, Workload, crowded, dense, fleet};

fn main() {
    let mut words = std::env::args().skip(1);
    let kind = words.next().unwrap_or_else(|| "fleet".into());
    let mut number = |otherwise: usize| {
        words
            .next()
            .and_then(|word| word.parse().ok())
            .unwrap_or(otherwise)
    };
    let (rules, rounds) = (number(1_000), number(1));
    if kind == "commands" {
        return read_nth(rules, rounds);
    }
    let what = words.next().unwrap_or_else(|| "decide".into());
    let Workload { sources, cases } = match kind.as_str() {
        "dense" => dense(rules),
        "crowded" => crowded(rules),
        _ => fleet(rules),
    };
    let start = Instant::now();
    let engine = Engine::load(sources).ok();
    let loaded = start.elapsed();
    let Some(engine) = engine else {
        return eprintln!("the workload does not compile");
    };
    println!("{kind} {rules}: loaded in {:.1} ms", loaded.as_secs_f64() * 1e3);
    if what == "bundle" {
        return load_bundle(&engine, loaded, rounds);
    }
    if what == "load" {
        return;
    }
    let once = if what == "record" {
        record_once
    } else {
        decide_once
    };
    let start = Instant::now();
    for _ in 0..rounds {
        cases.iter().for_each(|case| once(&engine, case));
    }
    let each = start.elapsed().as_secs_f64() * 1e6 / (rounds * cases.len()).max(1) as f64;
    println!("{what}: {each:.3} us each, {} times", rounds * cases.len());
}

fn load_bundle(engine: &Engine, loaded: Duration, rounds: usize) {
    let bundle = engine.to_bundle();
    // The engine that was loaded from YAML is still there; so are these.
    let mut engines = Vec::new();
    let start = Instant::now();
    for _ in 0..rounds {
        engines.push(load_bundle_once(&bundle));
    }
    let each = start.elapsed() / u32::try_from(rounds).unwrap_or(u32::MAX).max(1);
    let share = each.as_secs_f64() / loaded.as_secs_f64();
    println!(
        "bundle of {} bytes: loaded in {:.1} ms each, {share:.3} of the time",
        bundle.len(),
        each.as_secs_f64() * 1e3
    );
}

#[inline(never)]
fn load_bundle_once(bundle: &[u8]) -> Option<Engine> {
    Engine::from_bundle(black_box(bundle)).ok()
}

#[inline(never)]
fn decide_once(engine: &Engine, case: &Case) {
    black_box(engine.decide(black_box(&case.request), &State::none()).outcome());
}

#[inline(never)]
fn record_once(engine: &Engine, case: &Case) {
    if let Ok(request) = Request::from_json(black_box(&case.text)) {
        black_box(
            engine
                .decide(&request, &State::none())
                .record(Stamp::default())
                .canonical(),
        );
    }
}

fn read_nth(at: usize, rounds: usize) {
    let lines = LINES.iter().map(|(name, line)| (*name, (*line).to_owned()));
    let Some((name, text)) = lines.chain(scripts()).nth(at) else {
        return eprintln!("there is no such text");
    };
    let start = Instant::now();
    for _ in 0..rounds {
        read_once(&text);
    }
    println!(
        "{name}: {:.2} us each",
        start.elapsed().as_secs_f64() * 1e6 / rounds.max(1) as f64
    );
}

#[inline(never)]
fn read_once(text: &str) {
    let places = Places {
        root: Some("/ws"),
        ..Places::default()
    };
    black_box(read(black_box(&Call {
        line: Some(text),
        places,
        ..Call::default()
    })));
}
