//! Vector files: reading them, asking them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json, json};

use crate::{Evaluator, Source, bless, compare, spec, yaml};

/// One theme.
#[derive(Clone, Debug)]
pub struct File {
    /// `03-rules/gates`: the name in reports and in the file of expected failures.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// As it is written.
    pub json: Json,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// One case with what the file says for all of them filled in.
#[derive(Clone, Debug)]
pub struct Case {
    /// States the rule.
    pub name: String,
    /// The policy set.
    pub sources: Vec<Source>,
    /// A JSON text.
    pub request: String,
    /// A JSON text.
    pub state: String,
    /// As it is written.
    pub json: Json,
}

/// All vector files, in the order of their names.
pub fn files() -> Vec<File> {
    let root = spec().join("vectors");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let theme = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let json = yaml(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        // Other vectors (of diagnostics) stand in the same folder and have another runner.
        json.get("theme").is_some().then(|| file(&root, path, json))
    };
    paths.into_iter().filter_map(theme).collect()
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "forms" && name != "diagnostics" {
            collect(&path, out);
        } else if path.is_file() && name.ends_with(".yaml") {
            out.push(path);
        }
    }
}

fn file(root: &Path, path: PathBuf, json: Json) -> File {
    let name = path
        .strip_prefix(root)
        .unwrap()
        .with_extension("")
        .to_string_lossy()
        .replace('\\', "/");
    let cases = json["cases"]
        .as_array()
        .unwrap_or_else(|| panic!("{name} has no cases"));
    let cases = cases.iter().map(|own| case(root, &json, own)).collect();
    File {
        name,
        path,
        json,
        cases,
    }
}

fn case(root: &Path, file: &Json, own: &Json) -> Case {
    let listed = |key: &str| own.get(key).and_then(Json::as_array);
    let shared = file.get("sources").and_then(Json::as_array);
    let mut sources: Vec<Source> = listed("sources")
        .or(shared)
        .into_iter()
        .flatten()
        .map(|json| source(root, json))
        .collect();
    sources.extend(
        listed("more_sources")
            .into_iter()
            .flatten()
            .map(|json| source(root, json)),
    );
    let written = own.get("request_text").and_then(Json::as_str).map(str::to_owned);
    let request = written.unwrap_or_else(|| request(file.get("request"), own.get("request")).to_string());
    let state = own
        .get("state")
        .or(file.get("state"))
        .cloned()
        .unwrap_or_else(|| json!({}));
    let name = own["name"]
        .as_str()
        .unwrap_or_else(|| panic!("a case has no name: {own}"))
        .to_owned();
    Case {
        name,
        sources,
        request,
        state: state.to_string(),
        json: own.clone(),
    }
}

/// The case's own keys, and those of the file that it does not say. `unsaid` as a value takes a key away.
fn request(shared: Option<&Json>, own: Option<&Json>) -> Json {
    let mut keys: Map<String, Json> = shared.and_then(Json::as_object).cloned().unwrap_or_default();
    keys.extend(own.and_then(Json::as_object).cloned().unwrap_or_default());
    keys.retain(|_, value| value != "unsaid");
    Json::Object(keys)
}

fn source(root: &Path, json: &Json) -> Source {
    let text = |key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
    let file =
        |file: String| std::fs::read_to_string(root.join(&file)).unwrap_or_else(|e| panic!("{file}: {e}"));
    let entities = json
        .get("entities")
        .and_then(Json::as_object)
        .into_iter()
        .flatten();
    Source {
        name: text("name").expect("a source has a name"),
        level: text("level").unwrap_or_else(|| "platform".into()),
        tenant: text("tenant"),
        entities: entities
            .map(|(at, name)| (at.clone(), name.as_str().unwrap_or_default().to_owned()))
            .collect(),
        text: text("text")
            .or_else(|| text("file").map(file))
            .expect("a source has a text or a file"),
    }
}

/// What one case made: a record, or why there is none.
enum Made {
    Record(Json),
    Refused(Vec<Json>),
    Uncompiled(Vec<Json>),
}

/// Asks all cases of a file; the cases that are not as expected, each with what differs.
pub fn run<E: Evaluator>(evaluator: &E, file: &File) -> BTreeMap<String, Vec<String>> {
    let made: BTreeMap<&str, Made> = file
        .cases
        .iter()
        .map(|case| (case.name.as_str(), make(evaluator, case)))
        .collect();
    assert_eq!(
        made.len(),
        file.cases.len(),
        "{}: two cases have one name",
        file.name
    );
    let wrong = |case: &Case| {
        let found = check(evaluator, file, case, &made);
        (!found.is_empty()).then(|| (format!("{}/{}", file.name, case.name), found))
    };
    file.cases.iter().filter_map(wrong).collect()
}

fn make<E: Evaluator>(evaluator: &E, case: &Case) -> Made {
    match evaluator.load(&case.sources) {
        Err(errors) => Made::Uncompiled(errors),
        Ok(set) => match evaluator.decide(&set, &case.request, &case.state) {
            Ok(record) => Made::Record(record),
            Err(problems) => Made::Refused(problems),
        },
    }
}

fn check<E: Evaluator>(evaluator: &E, file: &File, case: &Case, made: &BTreeMap<&str, Made>) -> Vec<String> {
    let own = &made[case.name.as_str()];
    if let Some(expected) = case.json.get("load_errors") {
        return match own {
            Made::Uncompiled(errors) => compare(expected, &Json::Array(errors.clone())),
            _ => vec!["the policy set compiles".into()],
        };
    }
    if let Some(expected) = case.json.get("request_errors") {
        return match own {
            Made::Refused(problems) => compare(expected, &Json::Array(problems.clone())),
            Made::Record(record) => vec![format!("the request is read; decided {}", record["decision"])],
            Made::Uncompiled(errors) => vec![format!("the policy set does not compile: {}", json!(errors))],
        };
    }
    let record = match own {
        Made::Record(record) => record,
        Made::Refused(problems) => return vec![format!("the request is not read: {}", json!(problems))],
        Made::Uncompiled(errors) => {
            return vec![format!("the policy set does not compile: {}", json!(errors))];
        }
    };
    let mut expected = case.json.get("expect").cloned().unwrap_or_else(|| json!({}));
    if let Some(keys) = expected.as_object_mut() {
        keys.retain(|key, _| evaluator.makes(key));
    }
    let mut out = compare(&expected, record);
    for (key, should) in [("same_as", true), ("differs_from", false)] {
        for (other, keys) in case.json.get(key).and_then(Json::as_object).into_iter().flatten() {
            out.extend(against(evaluator, record, other, keys, made, should));
        }
    }
    out.extend(holds(evaluator, case, made));
    if case.json.get("canonical") == Some(&Json::Bool(true)) && evaluator.makes("record_hash") {
        out.extend(canonical(evaluator, file, case, record));
    }
    out
}

fn against<E: Evaluator>(
    evaluator: &E,
    record: &Json,
    other: &str,
    keys: &Json,
    made: &BTreeMap<&str, Made>,
    should: bool,
) -> Vec<String> {
    let Some(Made::Record(other_record)) = made.get(other) else {
        return vec![format!("no record of `{other}`")];
    };
    let mut out = Vec::new();
    for key in keys
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .filter(|key| evaluator.makes(key))
    {
        let (a, b) = (strip(&record[key]), strip(&other_record[key]));
        if (a == b) != should {
            let word = if should { "differs from" } else { "is the same as" };
            out.push(format!("/{key} {word} that of `{other}`: {a} and {b}"));
        }
    }
    out
}

/// Without places: moving a rule by a line changes nothing.
fn strip(value: &Json) -> Json {
    match value {
        Json::Array(items) => items.iter().map(strip).collect(),
        Json::Object(keys) => {
            let kept = keys.iter().filter(|(key, _)| *key != "place");
            Json::Object(kept.map(|(key, value)| (key.clone(), strip(value))).collect())
        }
        other => other.clone(),
    }
}

/// `still_holds: [{record_of, now, holds}]`: the record of another case, held against this case's set and state.
fn holds<E: Evaluator>(evaluator: &E, case: &Case, made: &BTreeMap<&str, Made>) -> Vec<String> {
    let mut out = Vec::new();
    for asked in case
        .json
        .get("still_holds")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
    {
        let other = asked["record_of"].as_str().unwrap_or(&case.name);
        let Some(Made::Record(record)) = made.get(other) else {
            out.push(format!("no record of `{other}`"));
            continue;
        };
        let Ok(set) = evaluator.load(&case.sources) else {
            continue;
        };
        let found = evaluator.still_holds(
            &set,
            record,
            &case.state,
            asked["now"].as_str().unwrap_or_default(),
        );
        if found.is_some_and(|found| Json::Bool(found) != asked["holds"]) {
            out.push(format!(
                "the record of `{other}` at {}: expected {}",
                asked["now"], asked["holds"]
            ));
        }
    }
    out
}

/// The canonical bytes of the whole record, beside the vector in `<case>.record.json`. The engine's version is left out,
/// and the file's words put in, since both are an engine's own.
fn canonical<E: Evaluator>(evaluator: &E, file: &File, case: &Case, record: &Json) -> Option<String> {
    let path = file.path.with_file_name(format!("{}.record.json", case.name));
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let kept: Json = serde_json::from_str(&committed).unwrap_or_default();
    let mut record = if bless() {
        record.clone()
    } else {
        evaluator.in_words_of(record, &kept)
    };
    record.as_object_mut()?.remove("engine_version");
    let bytes = serde_json_canonicalizer::to_vec(&record).ok()?;
    let text = String::from_utf8(bytes).ok()? + "\n";
    if text == committed {
        return None;
    }
    if bless() {
        std::fs::write(&path, text).unwrap();
        return None;
    }
    let at = text
        .bytes()
        .zip(committed.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let around = |text: &str| {
        String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(40)..(at + 60).min(text.len())])
            .into_owned()
    };
    Some(format!(
        "the canonical record differs at byte {at}: expected …{}…, found …{}…",
        around(&committed),
        around(&text)
    ))
}
