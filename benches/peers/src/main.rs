//! The comparison: `cargo run --release` in this folder measures everything and writes `benches/RESULTS.md` and the table of the
//! README. What each process finds it says on standard error; `-- tables <log>` writes the tables of that once more.
//!
//! Every engine, kind and number of rules is measured in a process of its own, so that none is slowed or helped by what
//! another one left behind. `-- --quick` takes the small numbers only and prints the tables; `-- one <kind> <rules> <engine>`
//! is what those processes run.
#![allow(clippy::disallowed_methods)] // it reads its arguments and the clock

mod table;

use std::hint::black_box;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use bailiwick_benches::contest::{Contest, Kind, ours};
use bailiwick_peers::{Name, memory, time, verify};
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

/// How long one engine is measured at one number of rules, unless one round takes longer.
const BUDGET: Duration = Duration::from_secs(2);
/// How long answers are checked; all of them in nearly all cases, and the results say where not.
const CHECKING: Duration = Duration::from_secs(30);
/// How long loading, checking and measuring may take together.
const PATIENCE: Duration = Duration::from_secs(300);

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["one", kind, rules, engine] => one(kind, rules, engine),
        ["--quick"] => compare(true),
        ["tables", log] => tables_of(log),
        [] => compare(false),
        _ => Err("expected nothing, `--quick`, `tables <log>`, or `one <kind> <rules> <engine>`".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

// -- one engine --

fn one(kind: &str, rules: &str, engine: &str) -> Result<(), String> {
    let kind = Kind::ALL
        .into_iter()
        .find(|known| known.name() == kind)
        .ok_or("there is no such kind")?;
    let rules = rules.parse().map_err(|_| "expected a number of rules")?;
    let contest = Contest::new(kind, rules);
    let found = match Name::ALL.into_iter().find(|name| name.word() == engine) {
        Some(name) => measure(name, &contest)?,
        None if engine == "floor" => floor(&contest),
        None => return Err(format!("there is no engine `{engine}`")),
    };
    println!("{found}");
    Ok(())
}

fn measure(name: Name, contest: &Contest) -> Result<Value, String> {
    let start = Instant::now();
    let (player, live) = memory::grown(|| name.player(contest));
    let (mut player, load) = (player?, start.elapsed());
    let start = Instant::now();
    let mut checked = 0;
    while checked < contest.asks.len() && (checked < 15 || start.elapsed() < CHECKING) {
        checked = (checked + 15).min(contest.asks.len());
        verify(&mut player, contest, checked)?;
    }
    let times = time::times(checked, BUDGET, |at| {
        black_box((player.decide)(at));
    });
    Ok(json!({
        "p50": times.p50, "p99": times.p99, "asked": times.asked, "checked": checked,
        "load_ms": load.as_secs_f64() * 1e3, "live_bytes": live,
    }))
}

/// What reading the same requests takes that Bailiwick is asked.
fn floor(contest: &Contest) -> Value {
    let texts: Vec<String> = contest
        .asks
        .iter()
        .map(|ask| ours::request(ask).to_string())
        .collect();
    let times = time::times(texts.len(), BUDGET, |at| {
        black_box(serde_json::from_str::<Value>(&texts[at]).is_ok());
    });
    json!({"p50": times.p50, "p99": times.p99, "bytes": texts.iter().map(String::len).sum::<usize>() / texts.len()})
}

// -- all of them --

/// Which numbers of rules a kind is measured at: by everybody, and by Bailiwick beyond that.
fn sizes(kind: Kind) -> (&'static [usize], &'static [usize]) {
    match kind {
        Kind::Uniform => (&[10, 100, 1_000, 10_000, 100_000], &[1_000_000]),
        Kind::Skewed => (&[100, 1_000, 10_000], &[100_000, 1_000_000]),
        Kind::Commands => (&[100, 1_000, 10_000], &[100_000]),
        Kind::Dense => (&[100, 1_000, 10_000], &[100_000]),
        Kind::Globs => (&[100, 1_000], &[10_000]),
    }
}

fn compare(quick: bool) -> Result<(), String> {
    let mut tables = table::Tables::default();
    for kind in Kind::ALL {
        let (all, ours) = sizes(kind);
        for size in all.iter().filter(|size| !quick || **size <= 1_000) {
            tables.add(kind, *size, "floor", child(kind, *size, "floor")?);
            for name in Name::ALL {
                tables.add(kind, *size, name.word(), child(kind, *size, name.word())?);
            }
        }
        for size in ours.iter().filter(|_| !quick) {
            tables.add(kind, *size, "floor", child(kind, *size, "floor")?);
            tables.add(kind, *size, "bailiwick", child(kind, *size, "bailiwick")?);
        }
    }
    if quick {
        println!("{}", tables.text());
        return Ok(());
    }
    write(&tables)
}

/// The tables again, of what an earlier comparison said line by line.
fn tables_of(log: &str) -> Result<(), String> {
    let text = std::fs::read_to_string(log).map_err(|error| format!("{log}: {error}"))?;
    let mut tables = table::Tables::default();
    for line in text.lines() {
        let wrong = || format!("{log}: expected `<kind> <rules> <engine>: <json>`, found `{line}`");
        let (head, found) = line.split_once(": ").ok_or_else(wrong)?;
        let words: Vec<&str> = head.split(' ').collect();
        let [kind, size, engine] = words.as_slice() else {
            return Err(wrong());
        };
        let kind = Kind::ALL
            .into_iter()
            .find(|known| known.name() == *kind)
            .ok_or_else(wrong)?;
        let found = serde_json::from_str(found).unwrap_or(Value::Null);
        tables.add(kind, size.parse().map_err(|_| wrong())?, engine, found);
    }
    write(&tables)
}

fn write(tables: &table::Tables) -> Result<(), String> {
    const START: &str = "<!-- generated: peers -->\n";
    const END: &str = "<!-- end of peers -->";
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let put = |name: &str, text: String| {
        let path = root.join(name);
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
    };
    put("benches/RESULTS.md", tables.text())?;
    let readme = std::fs::read_to_string(root.join("README.md")).map_err(|error| error.to_string())?;
    let (before, rest) = readme
        .split_once(START)
        .ok_or("the README lacks the mark of the peers")?;
    let (_, after) = rest
        .split_once(END)
        .ok_or("the README lacks the mark of the end of the peers")?;
    put(
        "README.md",
        format!("{before}{START}\n{}\n{END}{after}", tables.summary()),
    )?;
    println!("written: benches/RESULTS.md, and the table in README.md");
    Ok(())
}

/// What one process finds; null where it takes longer than anybody waits. A wrong answer ends the comparison.
fn child(kind: Kind, size: usize, engine: &str) -> Result<Value, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command
        .args(["one", kind.name(), &size.to_string(), engine])
        .stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let start = Instant::now();
    while child.try_wait().map_err(|error| error.to_string())?.is_none() {
        if PATIENCE < start.elapsed() {
            child
                .kill()
                .and_then(|()| child.wait())
                .map_err(|error| error.to_string())?;
            eprintln!("{} {size} {engine}: given up", kind.name());
            return Ok(Value::Null);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("{} {size} {engine} fails", kind.name()));
    }
    eprint!(
        "{} {size} {engine}: {}",
        kind.name(),
        String::from_utf8_lossy(&output.stdout)
    );
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}
