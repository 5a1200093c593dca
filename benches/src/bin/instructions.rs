//! Counts the instructions of a fixed set of decisions with callgrind, and holds them against the figures that are kept in
//! `instructions.json`, so that a change that makes decisions slower is seen where a clock would show noise.
//!
//! - `cargo run --release -p bailiwick-benches --bin instructions` compares, and fails where a figure has grown;
//! - with `--bless` it keeps what it finds, which belongs into the change that is the reason for it.
//!
//! Two runs differ by less than a percent: tables of names are hashed with seeds of the process. The rest of the tolerance is
//! for another C library or processor, whose `memcmp` has other instructions. Another compiler makes other code: where its
//! version is not the one that the figures were kept with, only what grew by a lot fails.
#![allow(clippy::disallowed_methods)] // it reads its arguments, runs valgrind and keeps a file

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};

use bailiwick::{Engine, Outcome, Request, Stamp, State};
use bailiwick_benches::{Case, Workload, dense, fleet};
use serde_json::{Value, json};

/// Percent by which a figure may grow.
const TOLERANCE: f64 = 5.0;
/// The same where the compiler is another one.
const TOLERANCE_LOOSE: f64 = 25.0;

/// What is counted: a workload, its rules, and the outcome of its cases.
const COUNTED: [(&str, usize, &str); 11] = [
    ("fleet", 100, "allowed"),
    ("fleet", 100, "ask_approval"),
    ("fleet", 100, "denied"),
    ("fleet", 5_000, "allowed"),
    ("fleet", 5_000, "ask_approval"),
    ("fleet", 5_000, "denied"),
    ("dense", 1_000, "allowed"),
    ("dense", 1_000, "ask_approval"),
    ("dense", 1_000, "denied"),
    ("dense", 5_000, "allowed"),
    ("record", 100, "allowed"),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["count", kind, rules, outcome] => count(kind, rules, outcome),
        [] => compare(false),
        ["--bless"] => compare(true),
        _ => Err("expected nothing, or `--bless`".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Decides each case of an outcome once. Under callgrind, which counts what happens within [`counted`] alone.
fn count(kind: &str, rules: &str, outcome: &str) -> Result<(), String> {
    let rules = rules.parse().map_err(|_| format!("`{rules}` is no number"))?;
    let record = kind == "record";
    let workload = if kind == "dense" {
        dense(rules)
    } else {
        fleet(rules)
    };
    // Checks the answers, and has every path walked once before anything is counted.
    let engine = workload.engine();
    let cases = of_outcome(&workload, outcome);
    println!("{}", cases.len());
    for case in cases {
        counted(&engine, case, record);
    }
    Ok(())
}

fn of_outcome<'w>(workload: &'w Workload, outcome: &str) -> Vec<&'w Case> {
    let wanted = [Outcome::Allowed, Outcome::AskApproval, Outcome::Denied]
        .into_iter()
        .find(|known| known.to_string() == outcome);
    let wanted = |case: &&Case| Some(case.expected) == wanted;
    workload.cases.iter().filter(wanted).collect()
}

#[inline(never)]
fn counted(engine: &Engine, case: &Case, record: bool) {
    if !record {
        black_box(engine.decide(black_box(&case.request), &State::none()).outcome());
        return;
    }
    if let Ok(request) = Request::from_json(black_box(&case.text)) {
        let decision = engine.decide(&request, &State::none());
        black_box(decision.record(Stamp::default()).to_json().to_string());
    }
}

fn compare(bless: bool) -> Result<(), String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.json");
    let kept = kept(&file);
    let toolchain = toolchain()?;
    let same = kept["toolchain"] == toolchain.as_str();
    let tolerance = if same { TOLERANCE } else { TOLERANCE_LOOSE };
    if !same && !bless {
        println!(
            "the figures are of {}, this is {toolchain}: up to {TOLERANCE_LOOSE} % more pass",
            kept["toolchain"]
        );
    }
    println!(
        "{:<30} {:>10} {:>10} {:>8}",
        "instructions a decision", "kept", "found", "%"
    );
    let (mut found, mut grown, mut fewer) = (BTreeMap::new(), Vec::new(), false);
    for (kind, rules, outcome) in COUNTED {
        let name = format!("{kind} {rules}, {outcome}");
        let now = instructions(kind, rules, outcome)?;
        let before = kept["decisions"][&name].as_f64();
        let percent = before.map(|before| (now as f64 / before - 1.0) * 100.0);
        let mark = match percent {
            Some(percent) if tolerance < percent => "  MORE",
            Some(percent) if percent < -tolerance => "  fewer",
            Some(_) => "",
            None => "  not kept",
        };
        println!(
            "{name:<30} {:>10.0} {now:>10} {:>8.1}{mark}",
            before.unwrap_or(f64::NAN),
            percent.unwrap_or(f64::NAN)
        );
        fewer |= mark == "  fewer";
        if matches!(mark, "  MORE" | "  not kept") {
            grown.push(name.clone());
        }
        found.insert(name, now);
    }
    if bless {
        return keep(&file, &toolchain, &found);
    }
    if fewer {
        println!(
            "fewer than are kept: keep the new figures with `--bless`, or growth up to the old ones goes unseen"
        );
    }
    match grown.as_slice() {
        [] => Ok(()),
        grown => Err(format!(
            "more instructions than are kept in benches/instructions.json, by more than {tolerance} %: {}; where that is \
             meant, run again with `--bless` and say why in the change",
            grown.join("; ")
        )),
    }
}

fn kept(file: &Path) -> Value {
    std::fs::read_to_string(file)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

fn keep(file: &Path, toolchain: &str, found: &BTreeMap<String, u64>) -> Result<(), String> {
    let text = format!("{:#}\n", json!({"toolchain": toolchain, "decisions": found}));
    std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}

/// The compiler and the machine that the code is for.
fn toolchain() -> Result<String, String> {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let said = Command::new(rustc).arg("--version").output();
    let said = said.map_err(|error| format!("rustc does not say its version: {error}"))?;
    let version = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    Ok(format!("{version}, {}", std::env::consts::ARCH))
}

/// Instructions of one decision, on average over the cases.
fn instructions(kind: &str, rules: usize, outcome: &str) -> Result<u64, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let run = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--toggle-collect=*::counted",
        ])
        .arg(own)
        .args(["count", kind, &rules.to_string(), outcome])
        .output();
    let run = run.map_err(|error| format!("valgrind does not run (apt install valgrind): {error}"))?;
    let (out, log) = (
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr),
    );
    let collected = log.lines().find_map(|line| line.split_once("Collected : "));
    let collected = collected.and_then(|(_, figure)| figure.trim().parse::<u64>().ok());
    let cases = out.trim().parse::<u64>().ok().filter(|cases| 0 < *cases);
    match (collected.filter(|figure| 0 < *figure), cases) {
        (Some(collected), Some(cases)) => Ok(collected / cases),
        _ => Err(format!(
            "{kind} {rules}, {outcome}: nothing was counted\n{out}{log}"
        )),
    }
}
