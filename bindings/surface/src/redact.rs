//! Text to text without secrets, by the names of sinks (spec/18-evidence.md, 18.3). What secrets look like is the core's matter.

use bailiwick::machinery::diagnostic::did_you_mean;
use bailiwick::machinery::redact::{SINKS, sink_kind};
use bailiwick::parts::Sink;
use serde_json::json;

use crate::ask::{InvalidInput, Problems};

/// Takes out of a text what must not reach a sink, as JSON: `{text, redaction_summary}`. `owed` are the names of a record's
/// obligations: then what they ask for is taken out, and without them everything that can be.
///
/// ```
/// let clean = bailiwick_surface::redact("ask ada@example.org", "pr_body", None).expect("it is a sink");
/// assert!(clean.contains("ask [redacted:email-address]"));
/// ```
///
/// # Errors
/// A sink that the vocabulary does not have: by a name that is only misspelled nothing would be owed.
pub fn redact(text: &str, sink: &str, owed: Option<&[String]>) -> Result<String, InvalidInput> {
    if sink_kind(sink).is_none() {
        return Err(no_sink(sink));
    }
    let sink = match owed {
        None => Sink::everything(sink),
        Some(owed) => Sink::owed(sink, owed.iter().map(String::as_str)),
    };
    let clean = bailiwick::redact(text, &sink);
    Ok(json!({"text": clean.text, "redaction_summary": clean.summary}).to_string())
}

fn no_sink(name: &str) -> InvalidInput {
    let all = || SINKS.iter().map(|sink| sink.name);
    let help = did_you_mean(name, all())
        .unwrap_or_else(|| format!("there are {}", all().collect::<Vec<_>>().join(", ")));
    Problems::one("unknown-constant", format!("`{name}` is no sink"), Some(help)).into()
}
