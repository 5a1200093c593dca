//! URLs, as the WHATWG URL standard reads them, as far as rules ask: scheme, host, port, and one spelling of the whole.
//! Ours and not the `url` crate, which is the oracle of the tests below: that one costs 18 KB gzipped more in WASM, keeps a
//! password in its text, and reads no host of `ssh://` or of git's `user@host:path`.
//!
//! The normal form has neither user and password nor fragment: they do not say what is reached, and a pattern for
//! `https://example.org/**` is to match with and without. Characters that need no escape have none; each other byte keeps
//! its own.

use std::ops::Range;

use thiserror::Error;

use super::host::{Host, HostError};
use crate::limits::URL_BYTES_MAX;

/// A URL in normal form. Holding one is proof of having normalised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    text: Box<str>,
    scheme_length: usize,
    host: Option<Host>,
    port: Option<u16>,
    user: bool,
    host_span: Range<usize>,
}

/// Why a text is no URL.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UrlError {
    /// It begins with no scheme: what it is relative to is nowhere said.
    #[error("`{0}` begins with no scheme; expected `https://...`")]
    Relative(String),
    /// Its port is no number up to 65535.
    #[error("`{0}` is no port")]
    Port(String),
    /// Its host is none.
    #[error(transparent)]
    Host(#[from] HostError),
    /// Longer than [`URL_BYTES_MAX`].
    #[error("a URL has {0} bytes; the most is {URL_BYTES_MAX}")]
    TooLong(usize),
}

/// The schemes that the standard calls special, with their ports.
const SPECIAL: &[(&str, Option<u16>)] = &[
    ("http", Some(80)),
    ("https", Some(443)),
    ("ws", Some(80)),
    ("wss", Some(443)),
    ("ftp", Some(21)),
    ("file", None),
];
/// The ports of others that tools reach hosts by.
const PORTS: &[(&str, u16)] = &[
    ("ssh", 22),
    ("git", 9418),
    ("sftp", 22),
    ("git+ssh", 22),
    ("ssh+git", 22),
    ("git+https", 443),
    ("git+http", 80),
    ("rsync", 873),
    ("redis", 6379),
    ("postgres", 5432),
    ("postgresql", 5432),
    ("mysql", 3306),
    ("ldap", 389),
    ("ldaps", 636),
    ("ftps", 990),
];

impl Url {
    /// Reads an absolute URL.
    pub fn normalise(text: &str) -> Result<Url, UrlError> {
        if URL_BYTES_MAX < text.len() {
            return Err(UrlError::TooLong(text.len()));
        }
        let cleaned = Cleaned::of(text);
        let (scheme, rest) = scheme(&cleaned.text).ok_or_else(|| UrlError::Relative(cut(text)))?;
        let scheme = scheme.to_ascii_lowercase();
        let special = SPECIAL.iter().find(|(known, _)| *known == scheme);
        let rest = rest.split('#').next().unwrap_or(rest);
        let read = match special {
            Some(("file", _)) => file(rest),
            Some(_) => Some(split(rest.trim_start_matches(['/', '\\']), true)),
            None => rest.strip_prefix("//").map(|rest| split(rest, false)),
        };
        let Some((authority, behind)) = read else {
            // A file without an authority has an empty one, so that nothing of its path becomes one.
            let text = match scheme.as_str() {
                "file" => format!("file://{}", located(rest, true)),
                _ => format!("{scheme}:{}", escaped(rest)),
            };
            return Ok(Url::without_host(text, scheme.len()));
        };
        let (user, place) = match authority.rfind('@') {
            Some(at) => (true, &authority[at + 1..]),
            None => (false, authority),
        };
        let (name, port) = host_and_port(place)?;
        let host = match name {
            "" if special.is_none() || scheme == "file" => None,
            name => Some(host(name, special.is_some())?),
        };
        let host = host.filter(|host| scheme != "file" || host.as_str() != "localhost");
        let default = default_port(&scheme);
        let mut out = format!("{scheme}://");
        if let Some(host) = &host {
            let v6 = host.as_str().contains(':');
            out.push_str(if v6 { "[" } else { "" });
            out.push_str(host.as_str());
            out.push_str(if v6 { "]" } else { "" });
            if let Some(port) = port.filter(|port| Some(*port) != default) {
                out.push_str(&format!(":{port}"));
            }
        }
        out.push_str(&located(behind, special.is_some()));
        // Of a drive the name is no part of the text.
        let start = (name.as_ptr() as usize).saturating_sub(cleaned.text.as_ptr() as usize);
        Ok(Url {
            text: out.into(),
            scheme_length: scheme.len(),
            port: host.as_ref().and(port.or(default)),
            host,
            user,
            host_span: cleaned.span(start..start + name.len()),
        })
    }

    fn without_host(text: String, scheme_length: usize) -> Url {
        Url {
            text: text.into(),
            scheme_length,
            host: None,
            port: None,
            user: false,
            host_span: 0..0,
        }
    }

    /// A pattern over URLs, with what stands before the path as the normal form has it: `HTTPS://Example.org:443/**` is
    /// `https://example.org/**`. Where there are wild parts in it only letters become small.
    pub fn pattern(pattern: &str) -> String {
        let Some(at) = pattern.find("://").map(|at| at + 3) else {
            return pattern.to_owned();
        };
        let end = pattern[at..].find('/').map_or(pattern.len(), |end| at + end);
        let (origin, path) = pattern.split_at(end);
        match Url::normalise(origin) {
            Ok(url) if !origin.contains(['*', '?', '[', '{', '\\', '#']) => {
                format!("{}{path}", url.as_str().strip_suffix('/').unwrap_or(url.as_str()))
            }
            _ => format!("{}{path}", origin.to_ascii_lowercase()),
        }
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands before the colon, in lower case.
    pub fn scheme(&self) -> &str {
        &self.text[..self.scheme_length]
    }

    /// The host that is reached.
    pub fn host(&self) -> Option<&Host> {
        self.host.as_ref()
    }

    /// The port that is reached, that of the scheme where none is written.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Whether a user or a password is written before the host.
    pub fn has_user(&self) -> bool {
        self.user
    }

    /// Where in the text the host is written.
    pub fn host_span(&self) -> Range<usize> {
        self.host_span.clone()
    }
}

/// What git fetches from and pushes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remote {
    /// A host, by a URL or as `user@host:path`.
    Host {
        /// The host.
        host: Host,
        /// Its port, as far as one is known.
        port: Option<u16>,
        /// `ssh`, `https` and so on.
        scheme: Box<str>,
    },
    /// A path on this machine.
    Local(Box<str>),
    /// `ext::sh -c ...` and its kin: git runs what is written.
    Command(Box<str>),
    /// The name of a remote, which the repository's configuration explains.
    Name(Box<str>),
}

impl Remote {
    /// Reads the remote of a git command in the order in which git does: a transport, a URL, `host:path`, a path, a name.
    pub fn read(text: &str) -> Result<Remote, UrlError> {
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
        if let Some((transport, _)) = text
            .split_once("::")
            .filter(|(before, _)| !before.is_empty() && before.chars().all(word))
        {
            let _ = transport;
            return Ok(Remote::Command(text.into()));
        }
        if text.contains("://") {
            let url = Url::normalise(text)?;
            return Ok(match url.host() {
                Some(host) => Remote::Host {
                    host: host.clone(),
                    port: url.port(),
                    scheme: url.scheme().into(),
                },
                None => Remote::Local(text.into()),
            });
        }
        let drive = text.as_bytes().get(1) == Some(&b':') && text.as_bytes()[0].is_ascii_alphabetic();
        let colon = scp_colon(text).filter(|_| !drive);
        if let Some(colon) = colon {
            let place = &text[..colon];
            let name = place.rsplit('@').next().unwrap_or(place);
            // `[host:port]:path` is git's own.
            let inner = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
            let (name, port) = match inner.filter(|inner| inner.matches(':').count() == 1) {
                Some(inner) => host_and_port(inner)?,
                None => (name, None),
            };
            let host = Host::normalise(name)?;
            return Ok(Remote::Host {
                host,
                port: port.or(Some(22)),
                scheme: "ssh".into(),
            });
        }
        let path = drive || text.contains(['/', '\\']) || text.starts_with(['.', '~']);
        Ok(if path {
            Remote::Local(text.into())
        } else {
            Remote::Name(text.into())
        })
    }
}

/// The colon of `host:path`: the first one outside brackets, where no slash is before it.
fn scp_colon(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            '/' | '\\' => return None,
            ':' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// A text without what the standard drops, and where its bytes stood.
struct Cleaned {
    text: String,
    from: usize,
    /// Where something was dropped between them.
    offsets: Vec<u32>,
}

impl Cleaned {
    /// Without controls and spaces at both ends, and without tabs and line breaks anywhere.
    fn of(text: &str) -> Cleaned {
        let ignored = |c: char| c <= ' ';
        let dropped = |c: char| matches!(c, '\t' | '\n' | '\r');
        let from = text.len() - text.trim_start_matches(ignored).len();
        let kept = text.trim_matches(ignored);
        let mut offsets = Vec::new();
        if kept.contains(dropped) {
            let chars = kept.char_indices().filter(|&(_, c)| !dropped(c));
            offsets.extend(chars.flat_map(|(at, c)| (at..at + c.len_utf8()).map(|at| at as u32)));
        }
        let text = if offsets.is_empty() {
            kept.to_owned()
        } else {
            kept.replace(dropped, "")
        };
        Cleaned { text, from, offsets }
    }

    fn span(&self, range: Range<usize>) -> Range<usize> {
        let at = |index: usize| self.from + self.offsets.get(index).map_or(index, |&offset| offset as usize);
        match range.is_empty() {
            true => 0..0,
            false => at(range.start)..at(range.end - 1) + 1,
        }
    }
}

fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let first = scheme.as_bytes().first()?;
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    (first.is_ascii_alphabetic() && scheme.chars().all(word)).then_some((scheme, rest))
}

/// The authority and what is behind it.
fn split(rest: &str, special: bool) -> (&str, &str) {
    let ends = |c: char| matches!(c, '/' | '?') || special && c == '\\';
    rest.split_at(rest.find(ends).unwrap_or(rest.len()))
}

/// The authority of a file URL, if it has one. A drive is none.
fn file(rest: &str) -> Option<(&str, &str)> {
    let slash = |c| matches!(c, '/' | '\\');
    let rest = rest.strip_prefix(slash)?.strip_prefix(slash)?;
    let (authority, behind) = split(rest, true);
    let drive = authority.len() == 2
        && authority.as_bytes()[0].is_ascii_alphabetic()
        && matches!(authority.as_bytes()[1], b':' | b'|');
    Some(if drive { ("", rest) } else { (authority, behind) })
}

fn host_and_port(place: &str) -> Result<(&str, Option<u16>), UrlError> {
    let from = if place.starts_with('[') {
        place.find(']').unwrap_or(place.len())
    } else {
        0
    };
    let Some(at) = place[from..].find(':') else {
        return Ok((place, None));
    };
    let (name, port) = (&place[..from + at], &place[from + at + 1..]);
    if port.is_empty() {
        return Ok((name, None));
    }
    let digits = port.bytes().all(|b| b.is_ascii_digit());
    let number = port.trim_start_matches('0');
    let read = if number.is_empty() { Ok(0) } else { number.parse() };
    match read {
        Ok(port) if digits => Ok((name, Some(port))),
        _ => Err(UrlError::Port(cut(port))),
    }
}

fn host(name: &str, special: bool) -> Result<Host, UrlError> {
    if name.starts_with('[') || !special || !name.contains('%') {
        // A colon outside brackets went to the port.
        return Ok(Host::normalise(name)?);
    }
    let decoded = decoded(name);
    match decoded.find([':', '[', '%']) {
        Some(at) => {
            let character = decoded[at..].chars().next().unwrap_or('%');
            Err(HostError::Character {
                text: cut(&decoded),
                character,
            }
            .into())
        }
        None => Ok(Host::normalise(&decoded)?),
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    let special = SPECIAL
        .iter()
        .find(|(known, _)| *known == scheme)
        .and_then(|(_, port)| *port);
    special.or_else(|| {
        PORTS
            .iter()
            .find(|(known, _)| *known == scheme)
            .map(|(_, port)| *port)
    })
}

/// Percent escapes to bytes, read as UTF-8.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match escape_at(bytes, at) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn escape_at(bytes: &[u8], at: usize) -> Option<u8> {
    let hex = |byte: u8| (byte as char).to_digit(16);
    match bytes.get(at..at + 3)? {
        [b'%', high, low] => Some((hex(*high)? * 16 + hex(*low)?) as u8),
        _ => None,
    }
}

/// One spelling of the bytes: what needs no escape has none (RFC 3986, 6.2.2), what may not stand as it is has one. A `%`
/// that escapes nothing stands, unless what is behind it has lost an escape of its own and would make it one.
fn escaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    let mut bare = None;
    while at < bytes.len() {
        let (byte, was_escaped) = match escape_at(bytes, at) {
            Some(byte) => (byte, true),
            None => (bytes[at], false),
        };
        at += if was_escaped { 3 } else { 1 };
        let unreserved = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        let stands = byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'`');
        if byte == b'%' && !was_escaped {
            bare = Some(out.len());
        }
        if unreserved || stands && !was_escaped {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        if let Some(percent) = bare.filter(|&percent| escape_at(out.as_bytes(), percent).is_some()) {
            out.insert_str(percent + 1, "25");
            bare = None;
        }
    }
    out
}

/// A path and its query.
fn located(text: &str, special: bool) -> String {
    match text.split_once('?') {
        Some((route, query)) => format!("{}?{}", path(route, special), escaped(query)),
        None => path(text, special),
    }
}

/// A path without `.` and `..`, in whatever escapes they are written.
fn path(text: &str, special: bool) -> String {
    let separates = |c: char| c == '/' || special && c == '\\';
    let text = match text.strip_prefix(separates) {
        Some(text) => text,
        None if text.is_empty() && !special => return String::new(),
        None => text,
    };
    let mut segments: Vec<String> = Vec::new();
    let mut parts = text.split(separates).peekable();
    while let Some(part) = parts.next() {
        let part = escaped(part);
        let last = parts.peek().is_none();
        match part.as_str() {
            "." | ".." => {
                if part == ".." {
                    segments.pop();
                }
                if last {
                    segments.push(String::new());
                }
            }
            _ => segments.push(part),
        }
    }
    format!("/{}", segments.join("/"))
}

fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_url_has_one_form() {
        #[track_caller]
        fn check(text: &str, expected: &str, host: &str, port: u16) {
            let url = Url::normalise(text).expect(text);
            let host = Some(host).filter(|host| !host.is_empty());
            assert_eq!(
                (url.as_str(), url.host().map(Host::as_str)),
                (expected, host),
                "{text}"
            );
            assert_eq!(url.port().unwrap_or(0), port, "{text}");
        }
        let plain = "https://example.org/";
        for text in [
            "https://example.org",
            "HTTPS://EXAMPLE.org.:443/#top",
            " https:\\\\example.org\\ ",
            "https:example.org",
            "https:////example.org",
            "ht\ntps://exa\tmple.org/",
            "https://user:pass@example.org/",
            "https://good.com@example.org",
            "https://a:b@c@example.org",
            "https://%65xample.org/",
            "https://example.org/a/..",
            "https://example.org/%2e",
            "https://example.org:/",
            "https://example.org:0443/",
        ] {
            check(text, plain, "example.org", 443);
        }
        check(
            "http://0x7f.1:8080/a/../%61%2fb c?d=é#e",
            "http://127.0.0.1:8080/a%2Fb%20c?d=%C3%A9",
            "127.0.0.1",
            8080,
        );
        check(
            "http://[::FFFF:169.254.169.254]/",
            "http://169.254.169.254/",
            "169.254.169.254",
            80,
        );
        check(
            "http://[2001:DB8::1]:80/x",
            "http://[2001:db8::1]/x",
            "2001:db8::1",
            80,
        );
        check(
            "http://bücher.example/",
            "http://xn--bcher-kva.example/",
            "xn--bcher-kva.example",
            80,
        );
        check(
            "http://good.com\\@evil.com/",
            "http://good.com/@evil.com/",
            "good.com",
            80,
        );
        check("http://good.com#@evil.com/", "http://good.com/", "good.com", 80);
        check(
            "http://good.com?@evil.com/",
            "http://good.com/?@evil.com/",
            "good.com",
            80,
        );
        check(
            "ssh://git@HOST.example/x",
            "ssh://host.example/x",
            "host.example",
            22,
        );
        check("file:///etc/../passwd", "file:///passwd", "", 0);
        check("file:/x", "file:///x", "", 0);
        check("file:\r/..//f", "file:////f", "", 0);
        check("file:..?a/../b", "file:///?a/../b", "", 0);
        check("ht.tp:%%33%333h", "ht.tp:%25333h", "", 0);
        check("file://localhost/x", "file:///x", "", 0);
        check("file://c:/x", "file:///c:/x", "", 0);
        check("file://server/x", "file://server/x", "server", 0);
        check("mailto:A@b", "mailto:A@b", "", 0);
    }

    #[test]
    fn what_is_no_url() {
        for text in [
            "",
            "example.org",
            "//example.org",
            "1http://x",
            "http://",
            "http:///",
            "http://a:b/",
            "http://a:65536/",
            "http://a b/",
            "http://::1/",
            "http://[::1",
            "http://[fe80::1%25eth0]/",
            "http://1.2.3.999/",
            "http://a%00b/",
            "http://a%2fb/",
            "http://[::1]x/",
            "http://exa%3Ample/",
        ] {
            assert!(Url::normalise(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_host_has_a_place() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let url = Url::normalise(text).expect(text);
            assert_eq!(&text[url.host_span()], expected);
        }
        check("https://a@example.org:1/", "example.org");
        check("  https://a@exa\tmple.org:1/", "exa\tmple.org");
        check("http://é.example", "é.example");
    }

    #[test]
    fn remotes() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let read = match Remote::read(text) {
                Ok(Remote::Host { host, port, scheme }) => {
                    format!("{scheme} {} {}", host.as_str(), port.unwrap_or(0))
                }
                Ok(Remote::Local(path)) => format!("local {path}"),
                Ok(Remote::Command(text)) => format!("runs {text}"),
                Ok(Remote::Name(name)) => format!("name {name}"),
                Err(_) => "none".to_owned(),
            };
            assert_eq!(read, expected, "{text}");
        }
        check("git@GitHub.com:a/b.git", "ssh github.com 22");
        check("github.com:a/b", "ssh github.com 22");
        check("me@[::1]:x", "ssh ::1 22");
        check("[host:2222]:x", "ssh host 2222");
        check("https://tok@github.com/a/b", "https github.com 443");
        check("ssh://git@h:2222/x", "ssh h 2222");
        check("git://h/x", "git h 9418");
        check("ext::sh -c evil", "runs ext::sh -c evil");
        check("./a:b", "local ./a:b");
        check("../x", "local ../x");
        check("C:\\x", "local C:\\x");
        check("file:///x", "local file:///x");
        check("origin", "name origin");
        check("a b:c", "none");
    }

    const TEXT: &str = r"(https|http|ftp|HTTP|ssh|:|//|/|\\|@|a|b|\.|org|127|0x7f|1|%2e|%41|%2F|\[|\]|::1|\?|#|é|ß|\t|\n| |80|443){0,12}";

    proptest! {
        #[test]
        fn escapes_are_read_once(text in "(%|%3|%33|3|%25|2|5|h|/|%2){0,12}") {
            for text in [format!("a:x{text}"), format!("https://h/x{text}?{text}")] {
                let url = Url::normalise(&text).expect("it has a scheme");
                let again = Url::normalise(url.as_str());
                prop_assert_eq!(again.as_ref().map(Url::as_str), Ok(url.as_str()));
            }
        }

        #[test]
        fn normalising_twice_is_normalising_once(text in TEXT) {
            if let Ok(once) = Url::normalise(&text) {
                let twice = Url::normalise(once.as_str());
                prop_assert_eq!(twice.as_ref().map(Url::as_str), Ok(once.as_str()));
                prop_assert_eq!(twice.as_ref().ok().and_then(Url::host), once.host());
                prop_assert_eq!(twice.ok().and_then(|url| url.port()), once.port());
            }
        }

        #[test]
        fn any_text_has_an_answer(text in any::<String>()) {
            let _ = Url::normalise(&text);
            let _ = Url::normalise(&format!("http://{text}"));
            let _ = Remote::read(&text);
        }

        /// Where the `url` crate sees a host, this sees the same one or none at all.
        #[test]
        fn the_oracle_agrees(text in r"(https|http|ws):(//|/|\\\\)?".prop_flat_map(|start| (Just(start), TEXT))) {
            let text = format!("{}{}", text.0, text.1);
            let (ours, oracle) = (Url::normalise(&text), url::Url::parse(&text));
            match (&ours, &oracle) {
                (Ok(ours), Ok(oracle)) => {
                    let host = oracle.host_str().and_then(|host| Host::normalise(host).ok());
                    prop_assert_eq!(ours.host(), host.as_ref());
                    prop_assert_eq!(ours.port(), oracle.port_or_known_default());
                    prop_assert_eq!(ours.scheme(), oracle.scheme());
                    let mut oracle = oracle.clone();
                    let _ = (oracle.set_username(""), oracle.set_password(None), oracle.set_fragment(None));
                    if let Ok(again) = Url::normalise(oracle.as_str()) {
                        prop_assert_eq!(ours.as_str(), again.as_str());
                    }
                }
                (Ok(_), Err(why)) => prop_assert!(false, "{} is no URL: {}", text, why),
                // Ours refuses hosts with empty labels and with characters that no name server knows.
                (Err(_), Ok(oracle)) => prop_assert!(
                    oracle.host_str().is_none_or(|host| Host::normalise(host).is_err()), "{} is {}", text, oracle
                ),
                (Err(_), Err(_)) => {}
            }
        }
    }
}
