//! What a text holds that should not be handed on: tokens, addresses, URLs of hosts that are not public. Finds; takes
//! nothing out. Goes by what is plain from the text, so that it finds less than a redactor removes.

use std::ops::Range;

use serde_json::{Map, Value as Json, json};

use crate::normal::{HostClass, Url, is_invisible};

/// Beginnings of tokens that services hand out, and the least length of the whole.
const TOKENS: &[(&str, usize)] = &[
    ("AKIA", 20),
    ("ASIA", 20),
    ("AIza", 39),
    ("ghp_", 40),
    ("gho_", 40),
    ("ghu_", 40),
    ("ghs_", 40),
    ("ghr_", 40),
    ("github_pat_", 40),
    ("glpat-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("xoxa-", 20),
    ("sk-", 32),
    ("sk_live_", 24),
    ("rk_live_", 24),
    ("npm_", 40),
    ("pypi-", 40),
    ("hf_", 30),
];

/// Words before `=` or `:` that say that a secret follows.
const NAMES: &[&str] = &[
    "password", "passwd", "secret", "token", "api_key", "apikey", "api-key",
];

/// The least length of what follows such a word.
const VALUE_LEAST: usize = 8;

/// The facts of a text: for each kind the spans, in bytes.
pub(super) fn facts_of(text: &str) -> Map<String, Json> {
    let spans = |mut spans: Vec<Range<usize>>| -> Json {
        spans.sort_by_key(|span| (span.start, span.end));
        spans.dedup();
        spans
            .into_iter()
            .map(|span| json!([span.start, span.end]))
            .collect()
    };
    let (mut secrets, private) = urls(text);
    secrets.extend(tokens(text));
    secrets.extend(keys(text));
    Map::from_iter([
        ("secret_like_tokens".to_owned(), spans(secrets)),
        ("email_addresses".to_owned(), spans(addresses(text))),
        ("private_urls".to_owned(), spans(private)),
        ("invisible".to_owned(), invisible(text)),
    ])
}

/// Where a text holds what has no width or turns its direction.
pub(super) fn invisible(text: &str) -> Json {
    let found = text.char_indices().filter(|&(_, c)| is_invisible(c));
    found.map(|(at, c)| json!([at, at + c.len_utf8()])).collect()
}

/// Tokens by how they begin, and what stands behind a word that says so.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut named = false;
    for span in words(text) {
        let word = &text[span.clone()];
        let bare = word.trim_matches('.');
        let listed = TOKENS
            .iter()
            .any(|(start, least)| *least <= bare.len() && bare.starts_with(start));
        if listed || is_jwt(bare) || (named && VALUE_LEAST <= word.len()) {
            found.push(span.clone());
        }
        let after = text[span.end..].trim_start_matches(['"', '\'', ' ']);
        let lower = word.to_ascii_lowercase();
        named = after.starts_with(['=', ':']) && NAMES.iter().any(|name| lower.ends_with(name));
    }
    found
}

/// Runs of what tokens are made of.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '/');
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(part)?;
        let length = text[start..].find(|c| !part(c)).unwrap_or(text.len() - start);
        at = start + length;
        Some(start..at)
    })
}

/// `eyJ..`, a dot, `eyJ..`, a dot, a signature.
fn is_jwt(word: &str) -> bool {
    let parts: Vec<&str> = word.splitn(4, '.').collect();
    matches!(parts[..], [head, body, signature] if head.starts_with("eyJ") && body.starts_with("eyJ") && 16 < signature.len())
}

/// Private keys in PEM.
fn keys(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(begin) = text[at..].find("-----BEGIN ") {
        let begin = at + begin;
        let line = text[begin..].find('\n').map_or(text.len(), |end| begin + end);
        at = line;
        if !text[begin..line].contains("PRIVATE KEY") {
            continue;
        }
        let end = text[line..]
            .find("-----END ")
            .map_or(text.len(), |end| line + end);
        let end = text[end..].find('\n').map_or(text.len(), |rest| end + rest);
        found.push(begin..end);
        at = end;
    }
    found
}

/// E-mail addresses.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let domain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let span = |(at, _): (usize, &str)| {
        let start = text[..at].rfind(|c| !local(c)).map_or(0, |before| {
            before + text[before..].chars().next().map_or(1, char::len_utf8)
        });
        let rest = &text[at + 1..];
        let length = rest.find(|c| !domain(c)).unwrap_or(rest.len());
        let host = rest[..length].trim_end_matches(['.', '-']);
        let last = host.rsplit_once('.').map_or("", |(_, last)| last);
        let named = 1 < last.len() && last.chars().all(|c| c.is_ascii_alphabetic());
        // `user:password@host` in a URL is another thing.
        let of_url = text[..start].ends_with("://") || text[..start].ends_with(':');
        (named && start < at && !of_url).then(|| start..at + 1 + host.len())
    };
    text.match_indices('@').filter_map(span).collect()
}

/// URLs with a user or a password in them, and those of hosts that are not public.
fn urls(text: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (mut secret, mut private) = (Vec::new(), Vec::new());
    for (at, _) in text.match_indices("://") {
        let scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let start = text[..at].rfind(|c| !scheme(c)).map_or(0, |before| {
            before + text[before..].chars().next().map_or(1, char::len_utf8)
        });
        let ends =
            |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`' | ')' | ']' | '}' | '|');
        // A host in brackets may hold a `]`.
        let host = at + 3 + usize::from(text[at + 3..].starts_with('['));
        let skip = if text[at + 3..].starts_with('[') {
            text[host..].find(']').map_or(host, |close| host + close + 1)
        } else {
            host
        };
        let end = text[skip..].find(ends).map_or(text.len(), |length| skip + length);
        let span = start..start + text[start..end].trim_end_matches(['.', ',', ';']).len();
        let Ok(url) = Url::normalise(&text[span.clone()]) else {
            continue;
        };
        if url.has_user() {
            secret.push(span.clone());
        }
        let class = url.host().map(|host| host.class());
        if class.is_some_and(|class| !matches!(class, HostClass::Named | HostClass::Public)) {
            private.push(span);
        }
    }
    (secret, private)
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
        check("password='hunter2!!', tokens: 12", &[], &[], &[]);
        check(
            "password=hunter22222 and token: \"abcdefghij\"",
            &["hunter22222", "abcdefghij"],
            &[],
            &[],
        );
        check(
            "see http://10.0.0.1:8080/x, https://example.com and http://[::1]/a",
            &[],
            &[],
            &["http://10.0.0.1:8080/x", "http://[::1]/a"],
        );
        check(
            "postgres://me:pw@db.internal/x",
            &["postgres://me:pw@db.internal/x"],
            &[],
            &["postgres://me:pw@db.internal/x"],
        );
        check(
            "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----\ny",
            &["-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----"],
            &[],
            &[],
        );
        check("an @mention, a decorator @app.route and é@é.de", &[], &[], &[]);
    }
}
