//! The vectors of spec/vectors/diagnostics: wrong policy sets and what a checker says of them, word for word. `BLESS=1`
//! writes what is found into the files, for a person to read in the diff; `SHOW=<part of a name>` prints cases as an author
//! sees them.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests read files"
)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use bailiwick::machinery::diagnostic::ALL;
use bailiwick::machinery::document::{self, Node};
use bailiwick::machinery::source::{SourceMap, Span};
use bailiwick::parts::Severity;
use bailiwick::{Diagnostics, Engine, Level, Source};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/vectors/diagnostics");

struct File {
    path: PathBuf,
    text: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    sources: Vec<Source>,
    expected: Json,
    /// When it is asked what is due within 30 days.
    now: Option<String>,
    /// Where `expect` and what belongs to it stands.
    place: Span,
}

#[test]
fn each_case_is_found_as_written() {
    let (bless, show) = (std::env::var("BLESS").is_ok(), std::env::var("SHOW").ok());
    let mut wrong = String::new();
    for file in files() {
        let mut text = file.text.clone();
        for case in file.cases.iter().rev() {
            let found = load(case);
            if show
                .as_ref()
                .is_some_and(|part| format!("{} {}", file.path.display(), case.name).contains(&**part))
            {
                println!("-------- {}\n{found}\n", case.name);
            }
            let findings = findings(&found, case.sources.len() > 1);
            if findings != case.expected {
                let file = file.path.file_name().expect("a file has a name").display();
                _ = writeln!(
                    wrong,
                    "{file}, {}: expected {:#}, found {findings:#}\n{found}\n",
                    case.name, case.expected
                );
                text.replace_range(
                    case.place.start as usize..case.place.end as usize,
                    &written(&findings),
                );
            }
        }
        if bless && text != file.text {
            std::fs::write(&file.path, text).expect("the vectors can be written");
        }
    }
    assert!(bless || wrong.is_empty(), "{wrong}");
}

#[test]
fn each_code_has_a_case() {
    let code = |found: &Json| found["code"].as_str().map(str::to_owned);
    let shown: BTreeSet<String> = files()
        .iter()
        .flat_map(|file| &file.cases)
        .flat_map(|case| case.expected.as_array().into_iter().flatten().filter_map(code))
        .collect();
    let missing: Vec<_> = ALL
        .iter()
        .map(|(code, _)| code.0)
        .filter(|code| !shown.contains(*code))
        .collect();
    assert!(missing.is_empty(), "without a vector: {missing:?}");
    let unknown: Vec<_> = shown
        .iter()
        .filter(|code| ALL.iter().all(|(known, _)| known.0 != **code))
        .collect();
    assert!(unknown.is_empty(), "not in the table of codes: {unknown:?}");
}

#[test]
fn names_of_cases_are_unique() {
    let mut seen = BTreeSet::new();
    for case in files().iter().flat_map(|file| &file.cases) {
        assert!(
            seen.insert(case.name.clone()),
            "two cases are named {}",
            case.name
        );
    }
}

fn load(case: &Case) -> Diagnostics {
    match Engine::load(case.sources.iter().cloned()) {
        Ok(engine) => match &case.now {
            Some(now) => {
                let month = std::time::Duration::from_secs(30 * 86_400);
                engine
                    .warnings()
                    .with(&engine.due(now, month).expect("it is a time"))
            }
            None => engine.warnings().clone(),
        },
        Err(found) => found,
    }
}

fn findings(found: &Diagnostics, many: bool) -> Json {
    let one = |finding: &bailiwick::parts::Diagnostic| {
        let label = finding.labels.first().expect("a finding has a place");
        let place = found.sources().place(label.span);
        let mut json = json!({"code": finding.code.0, "line": place.line, "column": place.column, "message": finding.message});
        if finding.severity == Severity::Warning {
            json["severity"] = "warning".into();
        }
        if many {
            json["source"] = found.sources().name(label.span.source).into();
        }
        if let Some(help) = &finding.help {
            json["help"] = help.as_str().into();
        }
        json
    };
    found.iter().map(one).collect()
}

/// `expect:` as the files have it, each key of a finding on its own line.
fn written(findings: &Json) -> String {
    let findings = findings.as_array().expect("findings are a list");
    let mut text = String::from("expect:");
    if findings.is_empty() {
        text.push_str(" []");
    }
    for finding in findings {
        let mut start = "- ";
        for key in ["code", "severity", "source", "line", "column", "message", "help"] {
            match &finding[key] {
                Json::Null => continue,
                Json::String(word) if ["code", "severity", "source"].contains(&key) => {
                    _ = write!(text, "\n      {start}{key}: {word}")
                }
                value => _ = write!(text, "\n      {start}{key}: {value}"),
            }
            start = "  ";
        }
    }
    text
}

fn files() -> Vec<File> {
    let entries = std::fs::read_dir(FOLDER).expect("the vectors are there");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(file)
        .collect()
}

fn file(path: PathBuf) -> File {
    let text = std::fs::read_to_string(&path).expect("the vectors can be read");
    let mut sources = SourceMap::default();
    let id = sources.add(&path.display().to_string(), Arc::from(text.as_str()));
    let mut out = Vec::new();
    let nodes = document::parse(id, &sources, &mut out);
    assert!(out.is_empty(), "{}", Diagnostics::new(out, Arc::new(sources)));
    let [Node::Map(file)] = &nodes[..] else {
        panic!("{} is one mapping", path.display())
    };
    let Some(Node::List(cases)) = file.get("cases") else {
        panic!("{} has `cases`", path.display())
    };
    let cases = cases.items.iter().map(case).collect();
    File { path, text, cases }
}

fn case(node: &Node) -> Case {
    let Node::Map(map) = node else {
        panic!("a case is a mapping")
    };
    let json = node.to_json(&mut Vec::new()).expect("a case is JSON");
    let name = json["name"].as_str().expect("a case has a name").to_owned();
    let expect = map
        .entry("expect")
        .unwrap_or_else(|| panic!("{name} has no `expect`"));
    let place = Span {
        end: expect.value.span().end,
        ..expect.key.span
    };
    let sources = json["sources"]
        .as_array()
        .unwrap_or_else(|| panic!("{name} has no `sources`"));
    Case {
        sources: sources.iter().map(source).collect(),
        expected: json["expect"].clone(),
        now: json["now"].as_str().map(str::to_owned),
        name,
        place,
    }
}

fn source(json: &Json) -> Source {
    let word = |key: &str| json[key].as_str();
    let level: Level = word("level")
        .unwrap_or("platform")
        .parse()
        .expect("the level of a source is one");
    let mut text = word("text").expect("a source has a text").to_owned();
    // Texts that are too long to be written out are a pattern and how often it stands.
    if let Some(times) = json["times"].as_u64() {
        text = format!(
            "{}{}{}",
            word("before").unwrap_or(""),
            text.repeat(times as usize),
            word("after").unwrap_or("")
        );
    }
    let mut source = Source::at(level, word("name").unwrap_or("policy.yaml"), text);
    source.tenant = word("tenant").map(str::to_owned);
    let entities = json["entities"].as_object().into_iter().flatten();
    let entity = |(level, name): (&String, &Json)| {
        (
            level.parse().expect("an entity is of a level"),
            name.as_str().expect("an entity has a name").to_owned(),
        )
    };
    source.entities = entities.map(entity).collect();
    source
}
