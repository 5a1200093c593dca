//! The vectors that every binding is asked, with the core's own answers to them: canonical records byte for byte, the problems of
//! requests, the findings of policies, what is seen in values and taken out of texts. A binding reads them as lines of JSON; how
//! they come about is the core's matter.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use bailiwick::machinery::redact::{SINKS, SinkKind};
use bailiwick::parts::audit::{Chain, Event};
use bailiwick::parts::provenance::Provenance;
use bailiwick::parts::{DeedReport, DeedResult, Sink};
use bailiwick::{Diagnostics, Engine, Level, Outcome, Record, Request, Source, Stamp, State, redact};
use bailiwick_conformance::{Case, files, spec, yaml};
use serde_json::{Value as Json, json};

use crate::{machine, workshop};

/// Writes the vectors below the target folder, for the tests of all bindings.
///
/// # Errors
/// Where the file cannot be written.
pub fn write() -> Result<PathBuf, String> {
    let path = workshop().join("vectors.jsonl");
    std::fs::create_dir_all(workshop()).map_err(|error| error.to_string())?;
    let lines: String = all().iter().fold(String::new(), |mut lines, vector| {
        let _ = writeln!(lines, "{vector}");
        lines
    });
    machine::write(&path, &lines)?;
    Ok(path)
}

/// Every vector: `{name, sources, ...}` with
/// - `diagnostics`: what loading says, where that is all the vector is about, or where the policies do not compile;
/// - else `request` and `state`, both texts, and `record`, its canonical text, and `problems`;
/// - `holds`: `[{record, state, now, validity}]`;
/// - `result` and `deed`, the outcome record for that result, which is the decision's own;
/// - `event`, the audit event of the decision, `line`, the audit log with nothing but it, and `provenance`, that of its record
///   alone: each null where there is none.
///
/// Or `{name, look, seen}`: a value, and what is seen in it; or `{name, text, redacted}`: a text, and what is left of it for
/// each sink.
pub fn all() -> Vec<Json> {
    let decided = files().into_iter().flat_map(|file| {
        let records: BTreeMap<String, String> = file
            .cases
            .iter()
            .filter_map(|case| Some((case.name.clone(), answer(case)?)))
            .collect();
        let vector = |case: &Case| decision(&file.name, case, &records);
        file.cases.iter().map(vector).collect::<Vec<Json>>()
    });
    decided
        .chain(diagnostics())
        .chain(looks())
        .chain(texts())
        .collect()
}

/// Files of values to look at, below the vectors.
const LOOKS: [&str; 6] = [
    "commands/benign",
    "commands/dangerous",
    "normal/classes",
    "normal/patches",
    "normal/paths",
    "normal/urls",
];
/// What stands beside a value in those files, and is not looked at.
const BESIDE: [&str; 2] = ["effects", "facts"];

fn looks() -> Vec<Json> {
    let file = |name: &&str| {
        let text = machine::read(&spec().join("vectors").join(format!("{name}.jsonl"))).unwrap();
        let lines = text.lines().filter_map(|line| look(name, line));
        lines.collect::<Vec<Json>>()
    };
    LOOKS.iter().flat_map(file).collect()
}

fn look(file: &str, line: &str) -> Option<Json> {
    let line: Json = serde_json::from_str(line).unwrap();
    let mut value = line.get("in").unwrap_or(&line).clone();
    let keys = value.as_object_mut()?;
    keys.retain(|key, _| !BESIDE.contains(&key.as_str()));
    // A line of a theme alone is for people.
    let name = line.get("id").or_else(|| line.get("name"))?.as_str()?;
    let seen = bailiwick::machinery::facts::see(&value);
    Some(json!({"name": format!("{file}/{name}"), "look": value, "seen": seen}))
}

/// The texts that the redactor is held to, in which nothing has the shape of a secret before the marks are gone.
const TEXTS: &str = include_str!("../../../core/src/redact/tests/corpus.txt");

fn texts() -> Vec<Json> {
    let text = |(at, line): (usize, &str)| {
        let text = line.replace(['«', '»'], "").replace("{}", "");
        let left = |sink: &SinkKind| {
            let clean = redact(&text, &Sink::everything(sink.name));
            let summary = clean.summary;
            (
                sink.name.to_owned(),
                json!({"text": clean.text, "redaction_summary": summary}),
            )
        };
        let redacted: BTreeMap<String, Json> = SINKS.iter().map(left).collect();
        json!({"name": format!("texts/{}", at + 1), "text": text, "redacted": redacted})
    };
    TEXTS.lines().enumerate().map(text).collect()
}

fn load(sources: &[Source]) -> Result<Engine, Diagnostics> {
    Engine::load(sources.iter().cloned())
}

fn answer(case: &Case) -> Option<String> {
    let engine = load(&sources(case)).ok()?;
    let (request, state) = (
        Request::from_json(&case.request).ok()?,
        State::from_json(&case.state).ok()?,
    );
    Some(canonical(
        &engine.decide(&request, &state).record(Stamp::default()),
    ))
}

fn canonical(record: &Record) -> String {
    String::from_utf8(record.canonical()).expect("canonical JSON is UTF-8")
}

fn decision(file: &str, case: &Case, records: &BTreeMap<String, String>) -> Json {
    let (name, sources) = (format!("{file}/{}", case.name), sources(case));
    let listed = sources_json(&sources);
    let engine = match load(&sources) {
        Ok(engine) => engine,
        Err(found) => {
            return json!({"name": name, "sources": listed, "diagnostics": found.to_json()});
        }
    };
    let (record, problems) = match Request::from_json(&case.request) {
        Ok(_) => (records[&case.name].clone(), json!([])),
        Err(error) => {
            let line = error.to_string().replace('\n', "; ");
            let problem = |p: &bailiwick::parts::RequestProblem| json!({"code": p.code.0, "pointer": p.pointer, "message": p.message, "help": p.help});
            (
                canonical(&Record::unreadable(&line)),
                error.problems().iter().map(problem).collect(),
            )
        }
    };
    let (result, deed) = deed(&record);
    let (event, line, provenance) = evidence(&case.request, &record);
    json!({
        "name": name,
        "sources": listed,
        "result": result,
        "deed": deed,
        "event": event,
        "line": line,
        "provenance": provenance,
        "request": case.request,
        "state": case.state,
        "record": record,
        "problems": problems,
        "holds": holds(case, &engine, records),
    })
}

/// What became of it, where the host does as it is told.
fn deed(record: &str) -> (&'static str, Json) {
    let record = Record::from_json(record).expect("a record that was written can be read");
    let (word, result) = match record.decision {
        Outcome::Allowed => ("done", DeedResult::Done),
        _ => ("refused", DeedResult::Refused),
    };
    let report = DeedReport {
        ticket: Some("OPS-7".to_owned()),
        ..DeedReport::of(result)
    };
    (word, record.deed(report).to_json())
}

/// What is kept of a decision: its audit event, the line of that, and provenance.
fn evidence(request: &str, record: &str) -> (Option<Json>, Option<String>, Option<Json>) {
    let record = Record::from_json(record).expect("a record that was written can be read");
    let event = Request::from_json(request)
        .ok()
        .map(|request| Event::of_decision(&request, &record, "aud_1"));
    let line = event.clone().and_then(|event| Chain::new().append(event).ok());
    let provenance = Provenance::of(&[record], &Provenance::default()).ok();
    (
        event.map(|event| json!(event)),
        line,
        provenance.map(|made| made.to_json()),
    )
}

/// What the vector asks of records of other cases under this one's policies and state.
fn holds(case: &Case, engine: &Engine, records: &BTreeMap<String, String>) -> Vec<Json> {
    let asked = case.json["still_holds"].as_array().into_iter().flatten();
    let one = |asked: &Json| {
        let record = records.get(asked["record_of"].as_str()?)?;
        let now = asked["now"].as_str()?;
        let state = State::from_json(&case.state).ok()?;
        let validity = engine
            .still_holds(&Record::from_json(record).ok()?, &state, now)
            .ok()?;
        let word = format!("{validity:?}");
        Some(json!({"record": record, "state": case.state, "now": now, "validity": snake(&word)}))
    };
    asked.filter_map(one).collect()
}

/// `PoliciesChanged` as `policies_changed`.
fn snake(word: &str) -> String {
    let mut out = String::new();
    for (at, c) in word.chars().enumerate() {
        if c.is_uppercase() && 0 < at {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn level(name: &str) -> Level {
    name.parse().unwrap_or_else(|()| panic!("`{name}` is no level"))
}

fn sources(case: &Case) -> Vec<Source> {
    case.sources.iter().map(bailiwick_conformance::source).collect()
}

fn sources_json(sources: &[Source]) -> Json {
    let one = |source: &Source| {
        let entities: BTreeMap<&str, &str> = source
            .entities
            .iter()
            .map(|(level, name)| (level.as_str(), name.as_str()))
            .collect();
        json!({
            "name": source.name, "text": &*source.text, "level": source.level.as_str(), "tenant": source.tenant,
            "entities": entities,
        })
    };
    sources.iter().map(one).collect()
}

/// The vectors of wrong policies: what loading says of them, whole.
fn diagnostics() -> Vec<Json> {
    let folder = spec().join("vectors/diagnostics");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    paths.sort();
    let file = |path: &PathBuf| {
        let file = yaml(&std::fs::read_to_string(path).unwrap()).unwrap();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let cases = file["cases"].as_array().cloned().unwrap_or_default();
        cases
            .into_iter()
            .map(move |case| finding(&stem, &case))
            .collect::<Vec<Json>>()
    };
    paths.iter().flat_map(file).collect()
}

fn finding(file: &str, case: &Json) -> Json {
    let listed = case["sources"].as_array().into_iter().flatten();
    let sources: Vec<Source> = listed.map(source).collect();
    let found = load(&sources).map_or_else(|found| found, |engine| engine.warnings().clone());
    json!({
        "name": format!("diagnostics/{file}/{}", case["name"].as_str().unwrap_or_default()),
        "sources": sources_json(&sources),
        "diagnostics": found.to_json(),
    })
}

fn source(json: &Json) -> Source {
    let text = |key: &str| json[key].as_str().map(str::to_owned);
    let part = |key: &str| json[key].as_str().unwrap_or_default();
    // A text that is too long to be written out is a pattern and how often it stands.
    let times = json["times"].as_u64().unwrap_or(1) as usize;
    let whole = format!(
        "{}{}{}",
        part("before"),
        part("text").repeat(times),
        part("after")
    );
    let mut source = Source::at(
        level(&text("level").unwrap_or_else(|| "platform".to_owned())),
        text("name").unwrap_or_else(|| "policy.yaml".to_owned()),
        whole,
    );
    source.tenant = text("tenant");
    let entities = json["entities"].as_object().into_iter().flatten();
    source.entities = entities
        .map(|(at, name)| (level(at), name.as_str().unwrap_or_default().to_owned()))
        .collect();
    source
}
