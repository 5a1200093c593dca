//! Host names and patterns over them. Case and the trailing dot of a name in full are no difference here; the spellings
//! of IP addresses and names beyond ASCII are read as written.

use thiserror::Error;

use super::glob::GlobError;

/// A host in normal form: lower case, without a trailing dot. Holding one is proof of having normalised.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Host(Box<str>);

/// Why a text is no host.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HostError {
    /// It is empty, or only a dot.
    #[error("a host is empty")]
    Empty,
    /// It has a character that is in no host. What looks like more than a host (a port, a user, a path) could be read
    /// as another host by whoever connects.
    #[error("`{character}` is in no host, found in `{text}`")]
    Character {
        /// The text.
        text: String,
        /// The first such character.
        character: char,
    },
}

impl Host {
    /// The normal form of a host name or an IP address; an IPv6 address with or without brackets.
    pub fn normalise(text: &str) -> Result<Host, HostError> {
        let name = spelling(text);
        if name.is_empty() {
            return Err(HostError::Empty);
        }
        match foreign(name) {
            Some(character) => Err(HostError::Character {
                text: text.to_owned(),
                character,
            }),
            None => Ok(Host(name.to_lowercase().into())),
        }
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Patterns of which any may match: a host, `*.example.org` for every name below it (not itself), `*` for every host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostPatterns {
    patterns: Box<[String]>,
    matchers: Box<[HostPattern]>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum HostPattern {
    Any,
    /// With the dot before it, so that the border of a label is part of the comparison.
    Below(Box<str>),
    Exact(Host),
}

impl HostPatterns {
    /// Reads patterns.
    pub fn new(patterns: &[&str]) -> Result<HostPatterns, GlobError> {
        let read = |(index, pattern): (usize, &&str)| HostPattern::read(index, pattern);
        let matchers = patterns.iter().enumerate().map(read).collect::<Result<_, _>>()?;
        let patterns = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        Ok(HostPatterns { patterns, matchers })
    }

    /// The patterns as they are written.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Whether a host matches. What is no host matches `*` alone.
    pub fn matches(&self, host: &str) -> bool {
        let host = Host::normalise(host).ok();
        self.matchers.iter().any(|matcher| matcher.matches(host.as_ref()))
    }
}

impl HostPattern {
    fn read(index: usize, pattern: &str) -> Result<HostPattern, GlobError> {
        let refuse = |message: String, help: &str| GlobError {
            index,
            message,
            help: Some(help.to_owned()),
        };
        if pattern == "*" {
            return Ok(HostPattern::Any);
        }
        let (below, name) = match pattern.strip_prefix("*.") {
            Some(name) => (true, name),
            None => (false, pattern),
        };
        if name.contains('*') {
            let message = format!("`{pattern}` has a `*` that is not its whole first label");
            return Err(refuse(
                message,
                "`*.example.org` is every name below `example.org`; `*` is every host",
            ));
        }
        match Host::normalise(name) {
            Ok(host) if below => Ok(HostPattern::Below(format!(".{}", host.as_str()).into())),
            Ok(host) => Ok(HostPattern::Exact(host)),
            Err(error) => Err(refuse(
                error.to_string(),
                "write a host alone, without scheme, user, port and path",
            )),
        }
    }

    fn matches(&self, host: Option<&Host>) -> bool {
        match (self, host) {
            (HostPattern::Any, _) => true,
            (_, None) => false,
            (HostPattern::Below(suffix), Some(host)) => {
                suffix.len() < host.as_str().len() && host.as_str().ends_with(&**suffix)
            }
            (HostPattern::Exact(own), Some(host)) => own == host,
        }
    }
}

/// What is left of a text once the ways to write the same host are taken off.
fn spelling(text: &str) -> &str {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match bare {
        Some(address) if address.contains(':') => address,
        _ => text.strip_suffix('.').unwrap_or(text),
    }
}

/// The first character that is in no host. Two colons or more are an IPv6 address; one is a port.
fn foreign(name: &str) -> Option<char> {
    let address = 1 < name.matches(':').count();
    let label = |c: char| {
        c.is_alphanumeric() || matches!(c, '-' | '_' | '.') || (!c.is_ascii() && !c.is_whitespace())
    };
    // `%` begins the zone of an IPv6 address.
    let foreign = name
        .chars()
        .find(|&c| !(label(c) || address && matches!(c, ':' | '%')) || c.is_control());
    foreign.or_else(|| (name.starts_with('.') || name.contains("..") || name.ends_with('.')).then_some('.'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_host_has_one_form() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(Host::normalise(text).as_ref().map(Host::as_str), Ok(expected));
        }
        check("example.org", "example.org");
        check("Example.ORG.", "example.org");
        check("localhost", "localhost");
        check("10.0.0.1", "10.0.0.1");
        check("[::1]", "::1");
        check("FE80::1%eth0", "fe80::1%eth0");
        check("_dmarc.example.org", "_dmarc.example.org");
        check("BÜCHER.example", "bücher.example");
    }

    #[test]
    fn what_is_no_host() {
        #[track_caller]
        fn check(text: &str, expected: Option<char>) {
            let error = Host::normalise(text).expect_err(text);
            let expected = match expected {
                None => HostError::Empty,
                Some(character) => HostError::Character {
                    text: text.to_owned(),
                    character,
                },
            };
            assert_eq!(error, expected);
        }
        check("", None);
        check(".", None);
        check("example.org:443", Some(':'));
        check("https://example.org", Some(':'));
        check("me@example.org", Some('@'));
        check("example.org/x", Some('/'));
        check("example.org\\x", Some('\\'));
        check("a b", Some(' '));
        check("a\u{a0}b", Some('\u{a0}'));
        check("a\0b", Some('\0'));
        check("example..org", Some('.'));
        check("example.org..", Some('.'));
        check(".example.org", Some('.'));
        check("*.example.org", Some('*'));
    }

    #[test]
    fn patterns_respect_labels() {
        #[track_caller]
        fn check(pattern: &str, yes: &[&str], no: &[&str]) {
            let patterns = HostPatterns::new(&[pattern]).expect(pattern);
            for host in yes {
                assert!(patterns.matches(host), "`{pattern}` should match `{host}`");
            }
            for host in no {
                assert!(!patterns.matches(host), "`{pattern}` should not match `{host}`");
            }
        }
        check(
            "example.org",
            &["example.org", "EXAMPLE.org."],
            &["a.example.org", "example.org.evil.com"],
        );
        check("Example.org.", &["example.org"], &["org"]);
        check(
            "*.example.org",
            &["a.example.org", "a.b.EXAMPLE.org."],
            &[
                "example.org",
                ".example.org",
                "evil-example.org",
                "a.example.org.evil.com",
            ],
        );
        check("*", &["example.org", "::1", "no host at all"], &[]);
        check("::1", &["[::1]", "::1"], &["::2"]);
    }

    #[test]
    fn what_is_no_pattern() {
        #[track_caller]
        fn check(pattern: &str, expected: &str) {
            let error = HostPatterns::new(&["*", pattern]).expect_err(pattern);
            assert_eq!((error.index, error.message.as_str()), (1, expected));
            assert!(error.help.is_some());
        }
        check("", "a host is empty");
        check("*.", "a host is empty");
        check("**", "`**` has a `*` that is not its whole first label");
        check(
            "api-*.example.org",
            "`api-*.example.org` has a `*` that is not its whole first label",
        );
        check("*.*.org", "`*.*.org` has a `*` that is not its whole first label");
        check(
            "*example.org",
            "`*example.org` has a `*` that is not its whole first label",
        );
        check("example.org:443", "`:` is in no host, found in `example.org:443`");
        check(
            "https://example.org",
            "`:` is in no host, found in `https://example.org`",
        );
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(text in r"[aAé.:%\[\]-]{0,8}") {
            if let Ok(once) = Host::normalise(&text) {
                prop_assert_eq!(Host::normalise(once.as_str()), Ok(once));
            }
        }
    }
}
