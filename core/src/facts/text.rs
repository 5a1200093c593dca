//! What a text holds that should not be handed on: what the redactor would take out of it, and where. Finds; takes nothing
//! out, and knows no more of secrets than the redactor does.

use std::ops::Range;

use serde_json::{Map, Value as Json, json};

use crate::normal::is_invisible;
use crate::redact::{Class, Sink, findings};

/// The facts of a text: for each kind the spans, in bytes.
pub(super) fn facts_of(text: &str) -> Map<String, Json> {
    let found = findings(text, &Sink::everything("facts"));
    let of = |class: Class| {
        let spans = found.iter().filter(|(found, _)| *found == class);
        let spans: Vec<Json> = spans
            .map(|(_, Range { start, end })| json!([start, end]))
            .collect();
        (class.as_str().to_owned(), Json::from(spans))
    };
    let mut facts: Map<String, Json> = Class::REMOVABLE.into_iter().map(of).collect();
    facts.insert("invisible".to_owned(), invisible(text));
    facts
}

/// Where a text holds what has no width or turns its direction.
pub(super) fn invisible(text: &str) -> Json {
    let found = text.char_indices().filter(|&(_, c)| is_invisible(c));
    found.map(|(at, c)| json!([at, at + c.len_utf8()])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, secrets: &[&str], addresses: &[&str], urls: &[&str]) {
        let facts = facts_of(text);
        let shown = |key: &str| -> Vec<String> {
            let spans = facts[key].as_array().expect("a list").iter();
            let part = |span: &Json| {
                let end = |at: usize| span[at].as_u64().expect("a number") as usize;
                text[end(0)..end(1)].to_owned()
            };
            spans.map(part).collect()
        };
        assert_eq!(shown("secret_like_tokens"), secrets, "secrets of {text}");
        assert_eq!(shown("email_addresses"), addresses, "addresses of {text}");
        assert_eq!(shown("private_urls"), urls, "URLs of {text}");
    }

    #[test]
    fn what_is_found() {
        check(
            "write to ada@example.org, or <b.c+d@sub.example.com>.",
            &[],
            &["ada@example.org", "b.c+d@sub.example.com"],
            &[],
        );
        check("key AKIAABCDEFGHIJKLMNOP!", &["AKIAABCDEFGHIJKLMNOP"], &[], &[]);
        check(
            "see http://10.0.0.1:8080/x, https://example.com and http://localhost/a",
            &[],
            &[],
            &["http://10.0.0.1:8080/x"],
        );
        check("an @mention, a decorator @app.route and é@é.de", &[], &[], &[]);
    }

    #[test]
    fn what_is_found_is_what_is_taken_out() {
        let text = "password='hunter2!!' for ops@example.org at https://db.internal/x";
        let facts = facts_of(text);
        let summary = crate::redact(text, &Sink::everything("facts")).summary;
        let count = |key: &str| facts[key].as_array().map_or(0, Vec::len) as u64;
        assert_eq!(count("secret_like_tokens"), summary.secret_like_tokens);
        assert_eq!(count("email_addresses"), summary.email_addresses);
        assert_eq!(count("private_urls"), summary.private_urls);
        assert_eq!(
            summary.secret_like_tokens + summary.email_addresses + summary.private_urls,
            3
        );
    }
}
