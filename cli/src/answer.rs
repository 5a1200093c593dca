//! An answer as the command line shows it: short for people, short as JSON, or the whole record. What is no request gets a
//! denied answer like any other.

use bailiwick::machinery::record::MatchedRule;
use bailiwick::{Engine, Outcome, Record, Request, Stamp, State};
use serde_json::{Map, Value as Json, json};

use crate::requests::Refused;

/// The answer to one request.
pub(crate) struct Answer {
    /// The rule that it comes from.
    pub(crate) rule: Option<MatchedRule>,
    /// The record.
    pub(crate) record: Record,
    /// What is wrong, where it was no request.
    pub(crate) problems: Vec<Json>,
}

impl Answer {
    /// Decides a request; what is none is denied.
    pub(crate) fn of(
        engine: &Engine,
        request: &Result<Request, Refused>,
        state: &State,
        stamp: Stamp,
    ) -> Answer {
        match request {
            Ok(request) => {
                let decision = engine.decide(request, state);
                Answer {
                    rule: decision.deciding(),
                    record: decision.record(stamp),
                    problems: Vec::new(),
                }
            }
            Err(refused) => Answer::refused(refused, stamp),
        }
    }

    fn refused(refused: &Refused, stamp: Stamp) -> Answer {
        let record = Record {
            created_at: stamp.created_at,
            ..Record::unreadable(&refused.line())
        };
        Answer {
            rule: record.matched_rules.first().cloned(),
            record,
            problems: refused.problems.clone(),
        }
    }

    /// The answer.
    pub(crate) fn outcome(&self) -> Outcome {
        self.record.decision
    }

    /// Whether it was a request at all.
    pub(crate) fn readable(&self) -> bool {
        self.problems.is_empty()
    }

    /// The short form: what a script looks at. `line` is the number in a stream.
    pub(crate) fn to_json(&self, line: Option<usize>) -> Json {
        let record = &self.record;
        let names: Vec<&str> = record.obligations.iter().map(|owed| owed.name.as_str()).collect();
        let mut out = Map::new();
        let mut put = |key: &str, value: Json| drop(out.insert(key.to_owned(), value));
        if let Some(line) = line {
            put("line", json!(line));
        }
        put("decision", json!(record.decision));
        put("action", json!(record.action));
        put("explanation", json!(record.explanation));
        put("rule", json!(self.rule));
        put("obligations", json!(names));
        put("outstanding", json!(record.approvals.outstanding));
        put("unknowns", json!(record.unknowns));
        if let Some(at) = &record.created_at {
            put("created_at", json!(at));
        }
        if !self.readable() {
            put("problems", json!(self.problems));
        }
        Json::Object(out)
    }

    /// The action and what it touches: "file.write src/a.rs".
    pub(crate) fn subject(&self) -> String {
        if !self.readable() {
            return "(not a request)".to_owned();
        }
        match touched(&self.record) {
            Some(touched) => format!("{} {touched}", self.record.action),
            None => self.record.action.clone(),
        }
    }

    /// The deciding rule: "repository repo_policy/forbidden_paths", and where it stands.
    pub(crate) fn deciding(&self) -> (String, String) {
        let Some(rule) = &self.rule else {
            return ("granted with its action".to_owned(), String::new());
        };
        let policy = rule
            .policy
            .rsplit_once('@')
            .map_or(rule.policy.as_str(), |(id, _)| id);
        let place = rule
            .place
            .as_ref()
            .map_or(String::new(), |place| format!("{}:{}", place.source, place.line));
        let name = match rule.effect.as_str() {
            "engine" => format!("engine: {}", rule.rule),
            _ => format!("{} {policy}/{}", rule.level, rule.rule),
        };
        (name, place)
    }
}

/// What people look for first in a call.
const TOUCHED: [&str; 16] = [
    "path",
    "argv",
    "command",
    "program",
    "url",
    "host",
    "branch.name",
    "tag",
    "mcp_tool",
    "model",
    "secret",
    "service",
    "artifact_kind",
    "environment",
    "remote",
    "credential_kind",
];

fn touched(record: &Record) -> Option<String> {
    let own = record.effects.first()?;
    let files = own.get("changed_files").and_then(Json::as_array);
    let text = TOUCHED.iter().find_map(|name| own.get(*name).and_then(in_words));
    let text = match (text, files.map_or(0, Vec::len)) {
        (text, 0) => text,
        (None, 1) => files.and_then(|files| in_words(&files[0])),
        (None, files) => Some(format!("({files} files)")),
        (Some(text), 1) => Some(format!("{text} (1 file)")),
        (Some(text), files) => Some(format!("{text} ({files} files)")),
    };
    text.map(|text| {
        text.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect()
    })
}

fn in_words(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Array(items) if !items.is_empty() => {
            let words: Vec<&str> = items.iter().filter_map(Json::as_str).collect();
            Some(words.join(" "))
        }
        Json::Object(keys) => keys.get("path").and_then(in_words),
        _ => None,
    }
}
