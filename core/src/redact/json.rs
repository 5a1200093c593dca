//! Values of JSON without their secrets: every text in them, and what stands under a key or behind a flag that says that it is
//! one. Keys stay.

use serde_json::Value as Json;

use super::rules::Strength;
use super::value::{self, Written};
use super::{Class, Sink, Summary, marker, redact};

/// Takes out of all texts of a value what must not reach a sink, and says how much that was.
pub fn redact_json(value: &mut Json, sink: &Sink) -> Summary {
    let mut summary = Summary::default();
    redact_value(value, None, sink, &mut summary);
    summary
}

/// The same for one text.
pub fn redact_text_of(text: &mut String, sink: &Sink) -> Summary {
    let clean = redact(text, sink);
    let summary = clean.summary;
    if !summary.is_empty() {
        *text = clean.text.into_owned();
    }
    summary
}

/// The nesting is bounded by whoever read the value.
fn redact_value(value: &mut Json, key: Option<&str>, sink: &Sink, summary: &mut Summary) {
    match value {
        Json::String(text) => redact_string(text, key, sink, summary),
        Json::Array(items) => {
            let mut flag: Option<String> = None;
            for item in items {
                let next = item.as_str().and_then(flag_of);
                redact_value(item, flag.as_deref().or(key), sink, summary);
                flag = next;
            }
        }
        Json::Object(keys) => keys
            .iter_mut()
            .for_each(|(key, value)| redact_value(value, Some(key), sink, summary)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

fn redact_string(text: &mut String, key: Option<&str>, sink: &Sink, summary: &mut Summary) {
    summary.add(&redact_text_of(text, sink));
    let strength = key
        .filter(|_| sink.removes(Class::SecretLikeTokens))
        .and_then(value::strength);
    let Some(strength) = strength else { return };
    // In the vocabulary `secret` is the name of one.
    let written = Written::Quoted;
    let named = key == Some("secret") && strength != Strength::Password;
    if !named && value::is_secret(strength, text, written) {
        let rule = match strength {
            Strength::Password => "password",
            Strength::Secret | Strength::Perhaps => "secret-assignment",
        };
        summary.count(Class::SecretLikeTokens, rule);
        *text = marker(rule);
    }
}

/// `--password` speaks of the argument behind it.
fn flag_of(item: &str) -> Option<String> {
    let flag = item.strip_prefix("--")?;
    (!flag.contains(['=', ' '])).then(|| flag.to_owned())
}
