//! What the engine sees in a command, a path, a URL, a patch, a text or a tool call, apart from any policy: one JSON value in,
//! one out. `bailiwick facts` prints it; a corpus of cases is held against it.
//!
//! In: `{"id", "command" | "argv" | "path" | "url" | "patch" | "text" | "tool", "cwd", "root", "home", "links",
//! "case_insensitive", "strip", ...}`. Out: `{"id", "effects": [{"kind", ..., "span"}], "facts": {...}, "opaque"}`. Spans are
//! byte offsets into the text that was given. A value that cannot be read is opaque and says why, as `error`.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::{Map, Value as Json, json};

use crate::effect::{Effect, Effects};
use crate::normal::{Others, Patch, Path, Place, Places, Strip, Url, is_invisible, oddities, path_classes};
use crate::request::Request;
use crate::schema::Schema;

/// The time of the request that the value is turned into: nothing here depends on it.
const NOW: &str = "2026-11-01T00:00:00Z";
/// The kinds of value, and the action that each asks for.
const KINDS: [(&str, &str); 6] = [
    ("command", "shell.exec"),
    ("argv", "shell.exec"),
    ("path", "file.read"),
    ("url", "http.request"),
    ("patch", "patch.apply"),
    ("text", ""),
];
/// What stands beside it.
const PLACES: [(&str, &str); 5] = [
    ("root", "workspace_root"),
    ("workspace_root", "workspace_root"),
    ("home", "home"),
    ("links", "links"),
    ("case_insensitive", "case_insensitive"),
];

/// What the engine sees in a value.
pub fn see(value: &Json) -> Json {
    let Some(said) = value.as_object() else {
        return answer(None, Err("expected an object".to_owned()));
    };
    let seen = match said.contains_key("tool") || said.contains_key("arguments") {
        true => call(said),
        false => single(said),
    };
    answer(said.get("id"), seen)
}

struct Seen {
    effects: Vec<Json>,
    facts: Map<String, Json>,
    opaque: bool,
}

fn answer(id: Option<&Json>, seen: Result<Seen, String>) -> Json {
    let mut out = Map::new();
    if let Some(id) = id {
        out.insert("id".into(), id.clone());
    }
    let seen = seen.unwrap_or_else(|why| {
        out.insert("error".into(), Json::String(why));
        Seen {
            effects: Vec::new(),
            facts: Map::new(),
            opaque: true,
        }
    });
    out.insert("effects".into(), Json::Array(seen.effects));
    out.insert("facts".into(), Json::Object(seen.facts));
    out.insert("opaque".into(), Json::Bool(seen.opaque));
    Json::Object(out)
}

/// A tool call, as a request says it; `now` may be left out.
fn call(said: &Map<String, Json>) -> Result<Seen, String> {
    let mut request = said.clone();
    request.remove("id");
    request.entry("now").or_insert_with(|| NOW.into());
    effects_of(Json::Object(request), |_| true, None)
}

/// One command, path, URL, patch or text.
fn single(said: &Map<String, Json>) -> Result<Seen, String> {
    let mut kinds = KINDS.iter().filter(|(kind, _)| said.contains_key(*kind));
    let (Some((kind, action)), None) = (kinds.next(), kinds.next()) else {
        return Err(
            "expected one of `command`, `argv`, `path`, `url`, `patch`, `text`, or a `tool`".to_owned(),
        );
    };
    let text = said[*kind].as_str();
    if *kind == "text" {
        return text.map(seen_in_text).ok_or_else(|| "expected a text".to_owned());
    }
    let action = said.get("action").and_then(Json::as_str).unwrap_or(action);
    let mut arguments = Map::from_iter([((*kind).to_owned(), said[*kind].clone())]);
    let mut context = Map::new();
    for (key, value) in said.iter().filter(|(key, _)| key != kind) {
        match PLACES.iter().find(|(name, _)| name == key) {
            _ if matches!(key.as_str(), "id" | "action") => {}
            Some((_, name)) => drop(context.insert((*name).into(), value.clone())),
            None => drop(arguments.insert(key.clone(), value.clone())),
        }
    }
    let host = text
        .filter(|_| *kind == "url")
        .and_then(|text| Some(Url::normalise(text).ok()?.host_span()));
    let request = json!({"action": action, "arguments": arguments, "context": context, "now": NOW});
    // What a command or a patch does is all that is asked; a path and a URL are effects themselves.
    let shown = |effect: &Effect| effect.derived() || matches!(*kind, "path" | "url");
    let mut seen = effects_of(request, shown, host)?;
    match (*kind, text) {
        ("path", Some(text)) => path_facts(text, said, &mut seen.facts),
        ("url", Some(text)) => url_facts(text, &mut seen.facts),
        ("patch", Some(text)) => patch_facts(text, said, &mut seen.facts),
        _ => {}
    }
    Ok(seen)
}

fn effects_of(
    request: Json,
    shown: impl Fn(&Effect) -> bool,
    host: Option<Range<usize>>,
) -> Result<Seen, String> {
    let request = Request::from_value(request).map_err(|error| error.to_string())?;
    let schema = Schema::builtin();
    let effects = Effects::of(&request, &schema);
    let mut seen = Seen {
        effects: Vec::new(),
        facts: Map::new(),
        opaque: effects[0].kind().is_none(),
    };
    let mut sums = Sums::default();
    for effect in effects.iter() {
        if effect.opaque() {
            seen.opaque = true;
            continue;
        }
        if !shown(effect) {
            continue;
        }
        let mut json = effect.to_json(&request, &[], &schema);
        if let Some(object) = json.as_object_mut() {
            sums.add(object);
            object.remove("derived");
            let span = effect
                .span()
                .or_else(|| host.clone().filter(|_| object.contains_key("host")));
            if let Some(span) = span {
                object.insert("span".into(), json!([span.start, span.end]));
            }
        }
        seen.effects.push(json);
    }
    sums.put(&mut seen.facts);
    Ok(seen)
}

/// What all effects together show, each once.
#[derive(Default)]
struct Sums {
    lists: std::collections::BTreeMap<&'static str, BTreeSet<String>>,
    outside: bool,
    runs_code: bool,
}

impl Sums {
    fn add(&mut self, effect: &Map<String, Json>) {
        let kind = effect.get("kind").and_then(Json::as_str).unwrap_or_default();
        let files = match kind {
            "file.read" | "context.include" => Some("reads"),
            "file.write" => Some("writes"),
            "file.delete" => Some("deletes"),
            "file.move" => Some("moves"),
            _ => None,
        };
        let lists = [
            ("program", Some("programs")),
            ("path", files),
            ("host", Some("hosts")),
            ("host_class", Some("host_classes")),
            ("path_class", Some("path_classes")),
            ("path_oddity", Some("path_oddities")),
        ];
        for (name, list) in lists {
            let (Some(list), Some(value)) = (list, effect.get(name)) else {
                continue;
            };
            let found = self.lists.entry(list).or_default();
            match value {
                Json::String(text) => drop(found.insert(text.clone())),
                Json::Array(items) => found.extend(items.iter().filter_map(Json::as_str).map(str::to_owned)),
                _ => {}
            }
        }
        self.outside |= effect.get("outside_workspace") == Some(&Json::Bool(true));
        self.runs_code |= effect.get("runs_code") == Some(&Json::Bool(true));
    }

    fn put(self, facts: &mut Map<String, Json>) {
        for (name, values) in self.lists {
            facts.insert(name.into(), values.into_iter().map(Json::String).collect());
        }
        for (name, holds) in [("outside_workspace", self.outside), ("runs_code", self.runs_code)] {
            if holds {
                facts.insert(name.into(), Json::Bool(true));
            }
        }
    }
}

fn path_facts(text: &str, said: &Map<String, Json>, facts: &mut Map<String, Json>) {
    let of = |key: &str| said.get(key).and_then(Json::as_str);
    let places = Places {
        root: of("root").or(of("workspace_root")),
        home: of("home"),
        ..Places::default()
    };
    let Ok(path) = Path::normalise(text, &places) else {
        return;
    };
    let place = match path.place() {
        Place::Inside => "inside",
        Place::Above => "above",
        Place::Apart => "apart",
        Place::Home | Place::Unknown => "unknown",
    };
    let Others { paths, .. } = Path::others(text, &places);
    facts.insert("path".into(), path.as_str().into());
    facts.insert("place".into(), place.into());
    facts.insert(
        "classes".into(),
        path_classes(path.as_str())
            .iter()
            .map(|class| class.as_str())
            .collect(),
    );
    facts.insert("oddities".into(), oddities(text).into_iter().collect());
    facts.insert("other_readings".into(), paths.iter().map(Path::as_str).collect());
    facts.insert(
        "spans".into(),
        json!({"path": [0, text.len()], "invisible": invisible(text)}),
    );
}

fn url_facts(text: &str, facts: &mut Map<String, Json>) {
    let Ok(url) = Url::normalise(text) else { return };
    facts.insert("url".into(), url.as_str().into());
    facts.insert("scheme".into(), url.scheme().into());
    facts.insert("user".into(), url.has_user().into());
    if let Some(host) = url.host() {
        facts.insert("host".into(), host.as_str().into());
        facts.insert("host_class".into(), host.class().as_str().into());
        let span = url.host_span();
        facts.insert("spans".into(), json!({"host": [span.start, span.end]}));
    }
    if let Some(port) = url.port() {
        facts.insert("port".into(), port.into());
    }
}

fn patch_facts(text: &str, said: &Map<String, Json>, facts: &mut Map<String, Json>) {
    let strip = said
        .get("strip")
        .and_then(Json::as_u64)
        .map_or(Strip::Unsaid, |strip| Strip::Exactly(strip as usize));
    let file = |file: &crate::normal::FileChange| {
        let mut out = json!({"change": file.change.as_str(), "path": file.path, "span": [file.span.start, file.span.end]});
        if let Some(other) = &file.other {
            let name = if file.change == crate::normal::Change::Copy {
                "from"
            } else {
                "to"
            };
            out[name] = other.as_str().into();
        }
        out
    };
    facts.insert(
        "files".into(),
        Patch::read(text, strip).files.iter().map(file).collect(),
    );
}

/// A text does nothing. What people do not see in it is all that is told here; what is secret in it, redaction tells.
fn seen_in_text(text: &str) -> Seen {
    let facts = Map::from_iter([("invisible".to_owned(), invisible(text))]);
    Seen {
        effects: Vec::new(),
        facts,
        opaque: false,
    }
}

/// Where a text holds what has no width or turns its direction.
fn invisible(text: &str) -> Json {
    let found = text.char_indices().filter(|&(_, c)| is_invisible(c));
    found.map(|(at, c)| json!([at, at + c.len_utf8()])).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(value: Json, expected: Json) {
        let seen = see(&value);
        assert_eq!(seen, expected, "{seen:#}");
    }

    #[test]
    fn what_is_seen() {
        check(
            json!({"id": 1, "url": "http://me@0x7f.1:81/x"}),
            json!({
                "id": 1,
                "effects": [
                    {"kind": "http.request", "url": "http://127.0.0.1:81/x", "host": "127.0.0.1", "port": 81, "host_class": "loopback",
                     "scheme": "http", "url_user": true, "span": [10, 16]},
                    {"kind": "network.connect", "host": "127.0.0.1", "port": 81, "host_class": "loopback", "span": [10, 16]},
                ],
                "facts": {"url": "http://127.0.0.1:81/x", "scheme": "http", "user": true, "host": "127.0.0.1", "host_class": "loopback",
                    "port": 81, "spans": {"host": [10, 16]}, "hosts": ["127.0.0.1"], "host_classes": ["loopback"]},
                "opaque": false,
            }),
        );
        check(
            json!({"path": ".git/../.ssh/x\u{200b}", "root": "/ws", "home": "/ws"}),
            json!({
                "effects": [{"kind": "file.read", "path": ".ssh/x\u{200b}", "outside_workspace": false, "recursive": false,
                    "path_class": ["ssh"], "path_oddity": ["invisible"]}],
                "facts": {"path": ".ssh/x\u{200b}", "place": "inside", "classes": ["ssh"], "oddities": ["invisible"], "other_readings": [],
                    "spans": {"path": [0, 17], "invisible": [[14, 17]]}, "reads": [".ssh/x\u{200b}"], "path_classes": ["ssh"],
                    "path_oddities": ["invisible"]},
                "opaque": false,
            }),
        );
        let patch = "*** Begin Patch\n*** Add File: CLAUDE.md\n+x\n*** End Patch\n";
        check(
            json!({"patch": patch}),
            json!({
                "effects": [{"kind": "file.write", "path": "CLAUDE.md", "outside_workspace": false, "recursive": false,
                    "path_class": ["instruction_files"], "span": [16, 39]}],
                "facts": {"files": [{"change": "added", "path": "CLAUDE.md", "span": [16, 39]}], "writes": ["CLAUDE.md"],
                    "path_classes": ["instruction_files"]},
                "opaque": false,
            }),
        );
        check(
            json!({"text": "a\u{202e}b"}),
            json!({"effects": [], "facts": {"invisible": [[1, 4]]}, "opaque": false}),
        );
        let call = see(&json!({"id": "c", "tool": "file.write", "path": ".env"}));
        assert_eq!(
            (&call["id"], &call["effects"][0]["path_class"]),
            (&json!("c"), &json!(["dotenv"]))
        );
        let argv = see(&json!({"argv": ["git", "push"]}));
        assert_eq!(
            (&argv["facts"]["programs"], &argv["opaque"]),
            (&json!(["git"]), &json!(false))
        );
        for unreadable in [
            json!(3),
            json!({}),
            json!({"path": 3}),
            json!({"path": "a", "url": "b"}),
            json!({"url": "b"}),
        ] {
            let seen = see(&unreadable);
            assert!(seen["opaque"] == true && seen["error"].is_string(), "{seen}");
        }
    }

    /// The vectors of spec/vectors/normal: what is expected of `see`, as far as each says; and of patterns.
    const VECTORS: [&str; 4] = [
        include_str!("../../spec/vectors/normal/paths.jsonl"),
        include_str!("../../spec/vectors/normal/urls.jsonl"),
        include_str!("../../spec/vectors/normal/patches.jsonl"),
        include_str!("../../spec/vectors/normal/classes.jsonl"),
    ];
    const GLOBS: &str = include_str!("../../spec/vectors/normal/globs.jsonl");

    fn cases(text: &str) -> impl Iterator<Item = Json> + '_ {
        text.lines()
            .skip(1)
            .map(|line| serde_json::from_str(line).expect("a line is JSON"))
    }

    /// Whether a value has all that is expected of it: objects may say more, lists may not.
    fn has(found: &Json, expected: &Json) -> bool {
        match (found, expected) {
            (Json::Object(found), Json::Object(expected)) => expected
                .iter()
                .all(|(key, expected)| found.get(key).is_some_and(|found| has(found, expected))),
            (Json::Array(found), Json::Array(expected)) => {
                found.len() == expected.len()
                    && found
                        .iter()
                        .zip(expected)
                        .all(|(found, expected)| has(found, expected))
            }
            _ => found == expected,
        }
    }

    #[test]
    fn the_vectors_hold() {
        let mut wrong = Vec::new();
        for case in VECTORS.into_iter().flat_map(cases) {
            let seen = see(&case["in"]);
            let mut expected = case["expect"].clone();
            let lists = ["deletes_contain", "deletes_lack"]
                .map(|key| expected.as_object_mut().and_then(|all| all.remove(key)));
            let deletes = seen["facts"]["deletes"].as_array().cloned().unwrap_or_default();
            let listed = lists.each_ref().map(|list| {
                list.as_ref()
                    .and_then(Json::as_array)
                    .cloned()
                    .unwrap_or_default()
            });
            let right = listed[0].iter().all(|path| deletes.contains(path))
                && !listed[1].iter().any(|path| deletes.contains(path));
            if !right || !has(&seen, &expected) {
                wrong.push(format!("{}: {seen}", case["name"]));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn the_vectors_of_patterns_hold() {
        use crate::normal::{Globs, fold};
        use crate::value::Tri;
        let tri = |said: &Json| said.as_bool().map_or(Tri::Unknown, Tri::from);
        let text = |said: &Json| said.as_str().expect("text").to_owned();
        for case in cases(GLOBS) {
            let globs = Globs::new(&[&text(&case["pattern"])]).expect("a pattern");
            let folds = case["fold"] == true;
            let path = if folds {
                fold(&text(&case["path"]))
            } else {
                text(&case["path"])
            };
            let globs = if folds { globs.in_any_case() } else { &globs };
            let read = |granting| globs.matches_path(&path, tri(&case["recursive"]), granting);
            assert_eq!(
                (read(false), read(true)),
                (tri(&case["touches"]), tri(&case["covers"])),
                "{}",
                case["name"]
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(kind in 0..KINDS.len(), text in any::<String>()) {
            let seen = see(&json!({KINDS[kind].0: text, "root": "/ws", "home": "/home/me"}));
            prop_assert!(seen["effects"].is_array());
        }
    }
}
