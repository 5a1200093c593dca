//! URLs and e-mail addresses in running text: where they begin and end, and whether a URL leads to what is not public. Knows
//! nothing of secrets but that a URL may carry one.

use super::rules::{NO_DOMAINS, NO_PERSONS, WEBHOOKS};
use super::value;
use crate::limits::{EMAIL_BYTES_MAX, REDACT_URL_BYTES_MAX};
use crate::normal::{Host, HostClass};

/// A URL found in a text.
pub(super) struct Url {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its host is not public.
    pub(super) private: bool,
    /// It is a credential as a whole.
    pub(super) webhook: Option<&'static str>,
    /// Where its password stands.
    pub(super) password: Option<(usize, usize)>,
}

/// Bytes of a scheme.
const SCHEME_MAX: usize = 32;

/// The URL whose `://` stands at `colon`; its scheme does not reach back beyond `floor`.
pub(super) fn url(text: &str, floor: usize, colon: usize) -> Option<Url> {
    let bytes = text.as_bytes();
    let least = colon.saturating_sub(SCHEME_MAX).max(floor);
    let scheme = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-');
    let length = bytes[least..colon].iter().rev().take_while(|b| scheme(b)).count();
    let start = (colon - length..colon).find(|&at| bytes[at].is_ascii_alphabetic())?;
    let from = colon + 3;
    let rest = &bytes[from..bytes.len().min(from + REDACT_URL_BYTES_MAX)];
    let authority = from
        + rest
            .iter()
            .take_while(|b| !ends(**b) && !matches!(b, b'/' | b'?' | b'#'))
            .count();
    let at = bytes[from..authority]
        .iter()
        .rposition(|b| *b == b'@')
        .map(|at| from + at);
    let place = at.map_or(from, |at| at + 1);
    let host = host(text.get(place..authority)?);
    let path = &bytes[authority..bytes.len().min(authority + 64)];
    let (private, webhook) = (leads_inside(host), webhook(host, path));
    // Where the URL ends is looked for where it goes as a whole: what is looked at is passed then.
    let end = match private || webhook.is_some() {
        true => authority + bytes[authority..].iter().take_while(|b| !ends(**b)).count(),
        false => authority,
    };
    Some(Url {
        start,
        end: trimmed(bytes, authority, end),
        private,
        webhook,
        password: at.and_then(|at| password(text, from, at)),
    })
}

/// What does not stand in a URL in running text.
fn ends(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || byte.is_ascii_control()
        || matches!(
            byte,
            b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | b'|' | b'{' | b'}'
        )
}

/// A sentence's full stop and brackets are no part of it.
fn trimmed(bytes: &[u8], least: usize, end: usize) -> usize {
    let mut end = end;
    while least < end
        && matches!(
            bytes[end - 1],
            b'.' | b',' | b';' | b':' | b'!' | b'?' | b')' | b']'
        )
    {
        end -= 1;
    }
    end
}

/// The host without its port.
fn host(place: &str) -> &str {
    if let Some(rest) = place.strip_prefix('[') {
        return rest.split(']').next().unwrap_or(rest);
    }
    let host = place.split([':', ')', ',', ']', ';']).next().unwrap_or(place);
    host.trim_end_matches(['.', ',', ';', ')', '!', '?'])
}

/// A password between the user and the host; or a token alone there.
fn password(text: &str, from: usize, at: usize) -> Option<(usize, usize)> {
    let info = text.get(from..at)?;
    let start = match info.find(':') {
        Some(colon) => from + colon + 1,
        None => from,
    };
    let password = text.get(start..at)?;
    let alone = start == from;
    let plausible = if alone {
        20 <= password.len() && password.bytes().any(|b| b.is_ascii_digit())
    } else {
        !password.is_empty()
    };
    (plausible && !value::stands_in(password)).then_some((start, at))
}

fn webhook(host: &str, path: &[u8]) -> Option<&'static str> {
    let is = |known: &str| host == known || host.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'));
    let found = WEBHOOKS
        .iter()
        .find(|(_, known, start)| is(known) && path.starts_with(start.as_bytes()) && 16 < path.len());
    found.map(|(rule, ..)| *rule)
}

/// Whether a host is of a private network. The machine itself is not: that a test server listens on localhost tells nobody
/// anything, and an agent needs to read it. A name that is no domain name leads nowhere.
fn leads_inside(host: &str) -> bool {
    let Ok(host) = Host::normalise(host) else {
        return false;
    };
    match host.class() {
        HostClass::Private | HostClass::LinkLocal | HostClass::Metadata => true,
        HostClass::Named => {
            host.as_str().bytes().any(|b| b.is_ascii_alphabetic()) && is_inside(host.as_str())
        }
        _ => false,
    }
}

/// Names that no public server answers for, beyond those that the class of a host knows.
fn is_inside(name: &str) -> bool {
    let inside = [
        ".lan",
        ".intranet",
        ".corp",
        ".home",
        ".private",
        ".localdomain",
        ".svc",
        ".docker",
    ];
    !name.contains('.') || inside.iter().any(|end| name.ends_with(end))
}

/// The e-mail address around the `@` at a place.
pub(super) fn email(text: &str, floor: usize, at: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let local = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'+' | b'-');
    let least = at.saturating_sub(EMAIL_BYTES_MAX).max(floor);
    let length = bytes[least..at].iter().rev().take_while(|b| local(b)).count();
    let start = (at - length..at).find(|&at| bytes[at].is_ascii_alphanumeric())?;
    // `\n` before the address is no letter of it; after `/` it is part of a URL or a path.
    let escaped = 0 < start && bytes[start - 1] == b'\\' && matches!(bytes[start], b'n' | b't' | b'r');
    let start = if escaped { start + 1 } else { start };
    if at <= start || 0 < start && bytes[start - 1] == b'/' || NO_PERSONS.contains(&&text[start..at]) {
        return None;
    }
    let domain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let length = bytes[at + 1..]
        .iter()
        .take(EMAIL_BYTES_MAX)
        .take_while(|b| domain(b))
        .count();
    let end = trimmed(bytes, at + 1, at + 1 + length);
    let name = text.get(at + 1..end)?.trim_end_matches('-');
    let end = at + 1 + name.len();
    let (before, last) = name.rsplit_once('.')?;
    let top = (2..=24).contains(&last.len()) && last.bytes().all(|b| b.is_ascii_alphabetic());
    let labels = before
        .split('.')
        .all(|label| !label.is_empty() && !label.starts_with('-'));
    let known = NO_DOMAINS.contains(&last.to_ascii_lowercase().as_str());
    (top && labels && !known).then_some((start, end))
}
