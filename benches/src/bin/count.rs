//! Decides a workload a number of times and does nothing else, for counting instructions:
//! `valgrind --tool=callgrind --toggle-collect='*decide_once*' target/release/count fleet 1000 1`. A word after the numbers
//! chooses what is done: `decide` (the default), `read` (JSON to a request), `ask` (JSON to an answer), `record` (JSON in, JSON
//! out), `load` (as many times), `bundle` (the same beside loading it compiled). Beside the workloads of the benchmarks there are those of the contest (`uniform`, `called`,
//! `globs`), and a folder of policies with the calls of the `day.jsonl` beside it. `count commands <n>` reads the n-th line of
//! the benchmark of commands, and the scripts behind the lines: `--toggle-collect='*read_text_once*'`.
#![allow(clippy::disallowed_methods)] // it reads its arguments, a folder and the clock

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use bailiwick::machinery::normal::Places;
use bailiwick::machinery::normal::command::{Call, read};
use bailiwick::{Engine, Outcome, Request, Source, Stamp, State};
use bailiwick_benches::contest::{Contest, Kind, ours};
use bailiwick_benches::texts::{LINES, scripts};
use bailiwick_benches::{Case, Workload, crowded, dense, fleet};
use bailiwick_loader::disk;

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
        "fleet" => fleet(rules),
        "dense" => dense(rules),
        "crowded" => crowded(rules),
        "uniform" => of_contest(Kind::Uniform, rules),
        "called" => of_contest(Kind::Commands, rules),
        "globs" => of_contest(Kind::Globs, rules),
        folder => match of_folder(Path::new(folder)) {
            Ok(workload) => workload,
            Err(why) => return eprintln!("{why}"),
        },
    };
    let Some(engine) = load(&kind, &sources) else {
        return eprintln!("the workload does not compile");
    };
    let once = match what.as_str() {
        "decide" => decide_once,
        "read" => read_once,
        "ask" => ask_once,
        "record" => record_once,
        "load" => {
            (1..rounds).for_each(|_| drop(load(&kind, &sources)));
            return;
        }
        "bundle" => return bundle(&engine, &sources, rounds),
        other => return eprintln!("`{other}` is none of decide, read, ask, record, load, bundle"),
    };
    let start = Instant::now();
    for _ in 0..rounds {
        cases.iter().for_each(|case| once(&engine, case));
    }
    let each = start.elapsed().as_secs_f64() * 1e6 / (rounds * cases.len()).max(1) as f64;
    println!("{what}: {each:.3} us each, {} times", rounds * cases.len());
}

/// One after the other, as often as there are rounds; the engines are dropped outside of what is measured.
fn bundle(engine: &Engine, sources: &[Source], rounds: usize) {
    let bundle = engine.to_bundle();
    let (mut from_text, mut from_bundle) = (Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        let sources = sources.to_vec();
        let start = Instant::now();
        let text = load_once(sources);
        from_text.push(start.elapsed().as_secs_f64() * 1e3);
        let start = Instant::now();
        let loaded = load_bundle_once(&bundle);
        from_bundle.push(start.elapsed().as_secs_f64() * 1e3);
        drop((text, loaded));
    }
    let [text, bundled] = [&mut from_text, &mut from_bundle].map(|times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    });
    let bytes = bundle.len();
    println!(
        "bundle of {bytes} bytes: {bundled:.2} ms, {text:.2} ms from text: {:.3} of it",
        bundled / text
    );
}

#[inline(never)]
fn load_bundle_once(bundle: &[u8]) -> Option<Engine> {
    Engine::from_bundle(black_box(bundle)).ok()
}

fn load(kind: &str, sources: &[Source]) -> Option<Engine> {
    let sources = sources.to_vec();
    let start = Instant::now();
    let engine = load_once(sources);
    let took = start.elapsed().as_secs_f64() * 1e3;
    println!("{kind}: loaded in {took:.2} ms");
    engine
}

#[inline(never)]
fn load_once(sources: Vec<Source>) -> Option<Engine> {
    Engine::load(black_box(sources)).ok()
}

fn of_contest(kind: Kind, rules: usize) -> Workload {
    let contest = Contest::new(kind, rules);
    let case = |ask| of_text(ours::request(ask).to_string());
    Workload {
        sources: ours::sources(&contest),
        cases: contest.asks.iter().filter_map(case).collect(),
    }
}

/// A request whose answer nobody asks here.
fn of_text(text: String) -> Option<Case> {
    Some(Case {
        request: Request::from_json(&text).ok()?,
        text,
        expected: Outcome::Denied,
    })
}

fn of_folder(folder: &Path) -> Result<Workload, String> {
    let loaded = disk::load(&[folder], &|| ());
    if let Some(problem) = loaded.problems.first() {
        return Err(problem.to_string());
    }
    let day = std::fs::read_to_string(folder.with_file_name("day.jsonl")).unwrap_or_default();
    Ok(Workload {
        sources: loaded.policies,
        cases: day.lines().filter_map(|line| of_text(line.to_owned())).collect(),
    })
}

#[inline(never)]
fn decide_once(engine: &Engine, case: &Case) {
    black_box(engine.decide(black_box(&case.request), &State::none()).outcome());
}

#[inline(never)]
fn read_once(_: &Engine, case: &Case) {
    black_box(Request::from_json(black_box(&case.text)).is_ok());
}

#[inline(never)]
fn ask_once(engine: &Engine, case: &Case) {
    if let Ok(request) = Request::from_json(black_box(&case.text)) {
        black_box(engine.decide(&request, &State::none()).outcome());
    }
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
        read_text_once(&text);
    }
    println!(
        "{name}: {:.2} us each",
        start.elapsed().as_secs_f64() * 1e6 / rounds.max(1) as f64
    );
}

#[inline(never)]
fn read_text_once(text: &str) {
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
