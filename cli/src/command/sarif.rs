//! Findings as SARIF 2.1.0 (docs.oasis-open.org/sarif), for code scanning services.

use std::collections::BTreeMap;

use bailiwick::Diagnostics;
use bailiwick::machinery::diagnostic::{ALL, Code, Diagnostic, Label};
use bailiwick::machinery::limits::DIAGNOSTICS_MAX;
use bailiwick::machinery::source::SourceMap;
use serde_json::{Value as Json, json};

/// The log with one run of our checker.
pub(super) fn of(found: &Diagnostics) -> Json {
    let shown = || found.iter().take(DIAGNOSTICS_MAX);
    let codes: BTreeMap<&str, usize> = shown().map(|finding| (finding.code.0, 0)).collect();
    let places: BTreeMap<&str, usize> = codes.into_keys().zip(0..).collect();
    let rules: Vec<Json> = places.keys().map(|code| rule(code)).collect();
    let results: Vec<Json> = shown()
        .map(|finding| result(finding, &places, found.sources()))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "bailiwick", "version": bailiwick::VERSION, "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation(found)],
            "results": results,
        }],
    })
}

/// What is not shown is said, not dropped.
fn invocation(found: &Diagnostics) -> Json {
    let mut invocation = json!({"executionSuccessful": true});
    if DIAGNOSTICS_MAX < found.len() {
        let text = format!("{} further findings are not shown", found.len() - DIAGNOSTICS_MAX);
        invocation["toolExecutionNotifications"] = json!([{"level": "warning", "message": {"text": text}}]);
    }
    invocation
}

fn rule(code: &str) -> Json {
    let meaning = ALL
        .iter()
        .find(|(Code(known), _)| *known == code)
        .map_or(code, |(_, meaning)| meaning);
    json!({"id": code, "shortDescription": {"text": meaning}})
}

fn result(finding: &Diagnostic, places: &BTreeMap<&str, usize>, sources: &SourceMap) -> Json {
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let (first, others) = finding.labels.split_at(finding.labels.len().min(1));
    let related = others.iter().enumerate().map(|(at, label)| {
        let mut location = location(label, sources);
        location["id"] = json!(at + 1);
        location
    });
    let mut result = json!({
        "ruleId": finding.code.0,
        "ruleIndex": places.get(finding.code.0),
        "level": finding.severity.as_str(),
        "message": {"text": text},
        "locations": first.iter().map(|label| location(label, sources)).collect::<Vec<_>>(),
    });
    if !others.is_empty() {
        result["relatedLocations"] = related.collect();
    }
    result
}

fn location(label: &Label, sources: &SourceMap) -> Json {
    let (start, end) = (sources.place(label.span), sources.place_end(label.span));
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(sources.name(label.span.source))},
            "region": {
                "startLine": start.line, "startColumn": start.column,
                "endLine": end.line, "endColumn": end.column,
                "byteOffset": start.byte, "byteLength": end.byte - start.byte,
            },
        },
    });
    if !label.text.is_empty() {
        location["message"] = json!({"text": label.text});
    }
    location
}

/// A path as a URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    let path = path.strip_prefix("./").unwrap_or(path);
    let byte = |byte: u8| match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    format!("{scheme}{}", path.bytes().map(byte).collect::<String>())
}
