//! The tables of the results: ratios first, since they hold on other machines as well.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bailiwick_benches::contest::Kind;
use bailiwick_peers::Name;
use serde_json::Value;

/// What was found, by kind, number of rules and engine.
#[derive(Default)]
pub(crate) struct Tables {
    found: BTreeMap<(&'static str, usize, String), Value>,
    kinds: Vec<(Kind, Vec<usize>)>,
}

const HEAD: &str = "# Bailiwick and its peers on one workload

Written by `cargo run --release` in `benches/peers`; nothing here is typed by hand. One decision on a request that is already
parsed, in every engine's own values: the median of 300 questions, a third each allowed, put to a person and denied, asked in
turn. Every engine's answers were first held against those of a plain walk over the rules. What the workload is, how it is
written for each engine, and what an engine was spared, says [peers/README.md](peers/README.md).

The questions by kind:

- *uniform*: rules of tenants, teams and repositories over fourteen actions, each with a condition; every repository is asked about
  as often as another. *skewed*: the same rules, a few repositories are asked about most of the time.
- *commands*: the same rules, and what is asked is a shell command each time. Bailiwick reads the command within the time that is
  shown. The peers cannot: they are told what the command does, and asked once for each of its effects.
- *dense*: all rules speak for one repository. *globs*: and each is a glob on one action.
";

impl Tables {
    pub(crate) fn add(&mut self, kind: Kind, size: usize, engine: &str, found: Value) {
        match self.kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, sizes)) if sizes.contains(&size) => {}
            Some((_, sizes)) => sizes.push(size),
            None => self.kinds.push((kind, vec![size])),
        }
        self.found.insert((kind.name(), size, engine.to_owned()), found);
    }

    pub(crate) fn text(&self) -> String {
        let mut out = HEAD.to_owned();
        self.section(&mut out, "Times as long as Bailiwick", &|at| {
            Some(format!(
                "x {}",
                figure(self.p50(at)? / self.p50((at.0, at.1, "bailiwick"))?)
            ))
        });
        self.section(
            &mut out,
            "Times as long as reading the request with serde_json",
            &|at| {
                Some(format!(
                    "x {}",
                    figure(self.p50(at)? / self.p50((at.0, at.1, "floor"))?)
                ))
            },
        );
        self.section(&mut out, "Microseconds, median", &|at| {
            Some(figure(self.p50(at)? / 1e3))
        });
        self.section(&mut out, "Microseconds, 99 in 100 take no longer", &|at| {
            Some(figure(self.number(at, "p99")? / 1e3))
        });
        self.section(&mut out, "Milliseconds to load the rules from text", &|at| {
            Some(figure(self.number(at, "load_ms")?))
        });
        self.section(&mut out, "Bytes kept per rule, questions included", &|at| {
            Some(figure(self.number(at, "live_bytes")? / at.1 as f64))
        });
        self.unchecked(&mut out);
        out
    }

    /// The short table of the README: how many times as long as Bailiwick, at the sizes that tell most.
    pub(crate) fn summary(&self) -> String {
        let shown = [
            (Kind::Uniform, 100),
            (Kind::Uniform, 10_000),
            (Kind::Uniform, 100_000),
            (Kind::Commands, 1_000),
            (Kind::Dense, 1_000),
            (Kind::Globs, 1_000),
        ];
        let heads: Vec<String> = shown
            .iter()
            .map(|(kind, size)| format!("{} {}", kind.name(), grouped(*size)))
            .collect();
        let mut out = format!(
            "| | {} |\n|---|{}\n",
            heads.join(" | "),
            "---:|".repeat(shown.len())
        );
        for name in Name::ALL {
            let cells = shown.iter().map(|(kind, size)| {
                let at = (kind.name(), *size, name.word());
                let ratio = self.p50(at)? / self.p50((at.0, at.1, "bailiwick"))?;
                Some(match name {
                    Name::Bailiwick => format!("{} us", figure(self.p50(at)? / 1e3)),
                    _ => format!("x {}", figure(ratio)),
                })
            });
            let cells: Vec<String> = cells.map(|cell| cell.unwrap_or_else(|| "-".to_owned())).collect();
            let _ = writeln!(out, "| {} | {} |", name.title(), cells.join(" | "));
        }
        let floors = shown.iter().map(|(kind, size)| {
            let floor = self.p50((kind.name(), *size, "floor"))?;
            let ours = self.p50((kind.name(), *size, "bailiwick"))?;
            Some(format!("x {}", figure(floor / ours)))
        });
        let floors: Vec<String> = floors
            .map(|cell| cell.unwrap_or_else(|| "-".to_owned()))
            .collect();
        let _ = writeln!(
            out,
            "| serde_json, reading the request | {} |",
            floors.join(" | ")
        );
        out
    }

    fn number(&self, (kind, size, engine): At<'_>, key: &str) -> Option<f64> {
        self.found
            .get(&(kind, size, engine.to_owned()))?
            .get(key)?
            .as_f64()
    }

    fn p50(&self, at: At<'_>) -> Option<f64> {
        self.number(at, "p50")
    }

    fn section(&self, out: &mut String, title: &str, cell: &dyn Fn(At<'_>) -> Option<String>) {
        let _ = writeln!(out, "\n## {title}");
        for (kind, sizes) in &self.kinds {
            let numbers: Vec<String> = sizes.iter().map(|size| grouped(*size)).collect();
            let _ = writeln!(out, "\n| {} | {} |", kind.name(), numbers.join(" | "));
            let _ = writeln!(out, "|---|{}", "---:|".repeat(sizes.len()));
            for name in Name::ALL {
                let cells: Vec<String> = sizes
                    .iter()
                    .map(|size| cell((kind.name(), *size, name.word())).unwrap_or_else(|| "-".to_owned()))
                    .collect();
                let _ = writeln!(out, "| {} | {} |", name.title(), cells.join(" | "));
            }
        }
    }

    /// Where fewer answers were checked, and so asked, than there are questions.
    fn unchecked(&self, out: &mut String) {
        let _ = writeln!(out, "\n## Where not all answers were checked\n");
        let mut all = true;
        for ((kind, size, engine), found) in &self.found {
            let checked = found.get("checked").and_then(Value::as_u64);
            let said = match checked {
                Some(300) => continue,
                Some(some) => {
                    let timed = found.get("asked").and_then(Value::as_u64).unwrap_or(some);
                    format!("the first {some} of 300 answers were checked, {timed} timed")
                }
                None if engine == "floor" => continue,
                None => "given up after five minutes".to_owned(),
            };
            all = false;
            let _ = writeln!(out, "- {kind}, {} rules, {engine}: {said}.", grouped(*size));
        }
        if all {
            let _ = writeln!(out, "All were.");
        }
    }
}

type At<'a> = (&'static str, usize, &'a str);

/// Three digits that count.
fn figure(number: f64) -> String {
    match number {
        n if n < 0.1 => format!("{n:.3}"),
        n if n < 10.0 => format!("{n:.2}"),
        n if n < 100.0 => format!("{n:.1}"),
        n => grouped(n.round() as usize),
    }
}

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if 0 < at && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}
