//! What the evidence of a row is read from: the vectors, asked of the engine; the vectors of findings and the policy tests
//! of the example, with what they expect (the core's tests and `bailiwick test` run them). What a row says of them is not
//! known here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Coverage, Evidence};
use crate::{BailiwickEngine, Case, Evaluator, Source, files, spec, yaml};

/// A document of a policy source: what its rules may be called by, and its keys.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub ids: BTreeSet<String>,
    pub keys: BTreeSet<String>,
    /// The controls that it maps to rules.
    pub controls: BTreeSet<String>,
}

/// What a vector answered, or what a policy test expects.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// A record, with what was asked.
    Record(Json, Json),
    /// The codes of what a checker finds.
    Found(Vec<String>),
    /// The `expect` of a policy test.
    Expected(Json),
    /// That there is such a test.
    Unit,
}

/// One vector or policy test.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub answer: Answer,
    pub documents: Vec<Document>,
    /// The decision that the vector or the test itself expects, where it says one.
    pub expects: Option<String>,
}

/// All vectors and the policy tests of the example, by name.
#[derive(Debug, Default)]
pub struct Library {
    pub(super) shown: BTreeMap<String, Shown>,
}

impl Library {
    /// Asks every vector that the rows name, and reads the policy tests.
    pub fn of(coverage: &Coverage) -> Self {
        let rows = coverage.shown.iter().flat_map(|subject| &subject.rows);
        let named: BTreeSet<String> = rows
            .flat_map(|row| row.shown_by.iter().map(Evidence::name))
            .collect();
        let mut shown = tests();
        shown.extend(findings());
        shown.extend(named.iter().filter_map(|name| unit(name)));
        for file in files() {
            for case in &file.cases {
                let name = format!("vector {}/{}", file.name, case.name);
                if named.contains(&name) {
                    shown.insert(name, asked(case));
                }
            }
        }
        Self { shown }
    }
}

fn asked(case: &Case) -> Shown {
    let answer = match BailiwickEngine.load(&case.sources) {
        Err(errors) => {
            let codes = errors.iter().filter_map(|error| error["code"].as_str());
            Answer::Found(codes.map(str::to_owned).collect())
        }
        Ok(engine) => {
            let record = BailiwickEngine.decide(&engine, &case.request, &case.state);
            let request = serde_json::from_str(&case.request).unwrap_or_default();
            // A request that is not read shows nothing that a row could say.
            Answer::Record(record.unwrap_or_default(), request)
        }
    };
    Shown {
        answer,
        documents: case.sources.iter().flat_map(documents).collect(),
        expects: text(&case.json, "/expect/decision"),
    }
}

/// The policy tests of `examples/acme` and of the packs, each by `test <file>: <name>`, with all documents beside them.
fn tests() -> BTreeMap<String, Shown> {
    let folders = ["examples/acme/policies", "packs"];
    folders.into_iter().flat_map(tests_in).collect()
}

fn tests_in(folder: &str) -> BTreeMap<String, Shown> {
    let root = spec().join("..");
    let mut paths = Vec::new();
    collect(root.join(folder), &mut paths);
    let (mut tests, mut own) = (BTreeMap::new(), Vec::new());
    for path in paths {
        let file = path
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        let text = std::fs::read_to_string(&path).unwrap();
        if file.ends_with(".test.yaml") {
            let json = yaml(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
            tests.insert(file, json);
        } else {
            own.extend(documents(&source_of(file, text)));
        }
    }
    let shown = |(file, json): (String, Json)| {
        let listed = json["policy_tests"].as_array().cloned().unwrap_or_default();
        let own = own.clone();
        listed.into_iter().map(move |test| {
            let name = format!("test {file}: {}", test["name"].as_str().unwrap_or_default());
            let shown = Shown {
                expects: text(&test, "/expect/decision"),
                answer: Answer::Expected(test["expect"].clone()),
                documents: own.clone(),
            };
            (name, shown)
        })
    };
    tests.into_iter().flat_map(shown).collect()
}

/// The vectors of findings: `vector diagnostics/<file>/<name>`.
fn findings() -> BTreeMap<String, Shown> {
    let mut paths = Vec::new();
    collect(spec().join("vectors/diagnostics"), &mut paths);
    let mut out = BTreeMap::new();
    for path in paths {
        let json = yaml(&std::fs::read_to_string(&path).unwrap()).unwrap_or_default();
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let cases = json
            .get("cases")
            .unwrap_or(&json)
            .as_array()
            .cloned()
            .unwrap_or_default();
        for case in cases {
            let Some(name) = case["name"].as_str() else {
                continue;
            };
            let expected = case["expect"].as_array().into_iter().flatten();
            let codes = expected.filter_map(|finding| text(finding, "/code")).collect();
            let sources = case["sources"].as_array().into_iter().flatten();
            let texts = sources.chain([&case["source"]]).filter_map(|source| {
                let written = text(source, "/text").or_else(|| source.as_str().map(str::to_owned))?;
                Some(source_of(text(source, "/name").unwrap_or_default(), written))
            });
            let documents = texts.flat_map(|source| documents(&source)).collect();
            let shown = Shown {
                answer: Answer::Found(codes),
                documents,
                expects: None,
            };
            out.insert(format!("vector diagnostics/{stem}/{name}"), shown);
        }
    }
    out
}

/// A test of the code, where there is one of that name.
fn unit(name: &str) -> Option<(String, Shown)> {
    let (file, test) = name.strip_prefix("unit ")?.split_once(": ")?;
    let code = std::fs::read_to_string(spec().join("..").join(file)).ok()?;
    let (head, lines) = (
        format!("fn {test}("),
        code.lines().map(str::trim).collect::<Vec<_>>(),
    );
    let found = lines
        .windows(2)
        .any(|pair| pair[0] == "#[test]" && pair[1].starts_with(&head));
    let shown = Shown {
        answer: Answer::Unit,
        documents: Vec::new(),
        expects: None,
    };
    found.then(|| (name.to_owned(), shown))
}

fn source_of(name: String, text: String) -> Source {
    Source {
        name,
        level: String::new(),
        tenant: None,
        entities: Vec::new(),
        text,
    }
}

fn collect(folder: PathBuf, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(path, out);
        } else if path.extension().is_some_and(|end| end == "yaml") {
            out.push(path);
        }
    }
}

/// The documents of a source. Text that is no YAML has none.
fn documents(source: &Source) -> Vec<Document> {
    let read =
        serde_yaml_ng::Deserializer::from_str(&source.text).map_while(|one| Json::deserialize(one).ok());
    let document = |json: Json| {
        let keys: BTreeSet<String> = json.as_object()?.keys().cloned().collect();
        let name = source.name.rsplit('/').next().unwrap_or_default();
        let stem = name.split('.').next().unwrap_or_default();
        let ids = match text(&json, "/policy/id") {
            Some(id) => BTreeSet::from([id]),
            None => keys.iter().cloned().chain([stem.to_owned()]).collect(),
        };
        let controls = json.pointer("/compliance/controls").and_then(Json::as_object);
        Some(Document {
            ids,
            keys,
            controls: controls.into_iter().flat_map(|map| map.keys().cloned()).collect(),
        })
    };
    read.filter_map(document).collect()
}

fn text(json: &Json, pointer: &str) -> Option<String> {
    json.pointer(pointer)?.as_str().map(str::to_owned)
}
