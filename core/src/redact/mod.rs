//! Text to text without secrets, and the summary of what was taken out (spec/18-evidence.md, 18.1). `rules` is the table of
//! what secrets look like; `scan` walks a text once and finds; `value` tells a secret value from a word; `address` reads URLs
//! and e-mail addresses; `block` shortens what is too long; `json` goes through values. Knows no request and no record.
//!
//! Linear in the text: one walk with bounded looks back and ahead, at most [`PASSES_MAX`] times. Redacting what is redacted
//! changes nothing: the walk is repeated until it finds nothing, and a text that would not come to rest is taken out whole.

mod address;
mod block;
mod json;
pub mod rules;
mod scan;
mod sink;
mod value;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::limits::REDACT_BYTES_MAX;

pub use json::{redact_json, redact_text_of};
pub use sink::{Blocks, Class, SINKS, Sink, SinkKind, sink_kind};

/// Walks over one text. One finds, one shortens, one finds that nothing is left; what takes more is hostile and taken out whole.
const PASSES_MAX: usize = 6;

/// A text without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted<'t> {
    /// What is left; where something stood, `[redacted:` and the name of the rule and `]`.
    pub text: Cow<'t, str>,
    /// What was taken out.
    pub summary: Summary,
}

/// How much was taken out of a text, so that who reads it knows that it is not whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Keys, tokens, passwords, private keys, connection strings.
    pub secret_like_tokens: u64,
    /// E-mail addresses.
    pub email_addresses: u64,
    /// URLs of hosts that are not public.
    pub private_urls: u64,
    /// Blocks of text that were shortened.
    pub large_blocks_removed: u64,
    /// How often each rule found something.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, u64>,
}

impl Summary {
    /// Whether nothing was taken out.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    fn count(&mut self, class: Class, rule: &str) {
        match class {
            Class::SecretLikeTokens => self.secret_like_tokens += 1,
            Class::EmailAddresses => self.email_addresses += 1,
            Class::PrivateUrls => self.private_urls += 1,
            Class::LargeBlocks => self.large_blocks_removed += 1,
        }
        *self.rules.entry(rule.to_owned()).or_default() += 1;
    }

    /// Adds what was taken out of another text.
    pub fn add(&mut self, other: &Summary) {
        self.secret_like_tokens += other.secret_like_tokens;
        self.email_addresses += other.email_addresses;
        self.private_urls += other.private_urls;
        self.large_blocks_removed += other.large_blocks_removed;
        for (rule, count) in &other.rules {
            *self.rules.entry(rule.clone()).or_default() += count;
        }
    }
}

/// Takes out of a text what must not reach a sink.
///
/// ```
/// use bailiwick::{redact, parts::Sink};
///
/// let log = "login as ada@example.org with password='hunter2!'";
/// let clean = redact(log, &Sink::everything("log_view"));
/// assert_eq!(clean.text, "login as [redacted:email-address] with password='[redacted:password]'");
/// assert_eq!(clean.summary.secret_like_tokens, 1);
/// assert_eq!(redact(&clean.text, &Sink::everything("log_view")).text, clean.text);
/// ```
pub fn redact<'t>(text: &'t str, sink: &Sink) -> Redacted<'t> {
    let mut summary = Summary::default();
    if REDACT_BYTES_MAX < text.len() {
        return whole(Class::LargeBlocks, "too-long", summary);
    }
    let mut left = Cow::Borrowed(text);
    for _ in 0..PASSES_MAX {
        let found = scan::scan(&left, sink);
        let next = match found.is_empty() {
            true => block::shorten(&left, sink, &mut summary),
            false => Some(without(&left, &found, &mut summary)),
        };
        match next {
            Some(next) => left = Cow::Owned(next),
            None => return Redacted { text: left, summary },
        }
    }
    whole(Class::SecretLikeTokens, "unsettled", summary)
}

/// Where a text has what would be taken out, class by class, in order. What a first walk uncovers is not among it.
pub(crate) fn findings(text: &str, sink: &Sink) -> Vec<(Class, Range<usize>)> {
    let found = scan::scan(text, sink).into_iter();
    found.map(|found| (found.class, found.start..found.end)).collect()
}

/// A whole text taken out.
fn whole<'t>(class: Class, rule: &str, mut summary: Summary) -> Redacted<'t> {
    summary.count(class, rule);
    let text = Cow::Owned(marker(rule));
    Redacted { text, summary }
}

/// What stands where something was. No rule finds anything in it: it holds no long word, and a value that begins with a
/// bracket is none.
fn marker(rule: &str) -> String {
    format!("[redacted:{rule}]")
}

fn without(text: &str, found: &[scan::Found], summary: &mut Summary) -> String {
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for found in found {
        left.push_str(&text[at..found.start]);
        left.push_str(&marker(found.rule));
        summary.count(found.class, found.rule);
        at = found.end;
    }
    left.push_str(&text[at..]);
    left
}
