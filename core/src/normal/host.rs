//! Host names, IP addresses, and patterns over them. A host is read as the WHATWG URL standard reads one: names to ASCII by
//! UTS 46, each spelling of an IPv4 address (`0x7f.1`, `2130706433`, `0177.0.0.1`) to the usual one. Beyond the standard
//! an IPv4 address inside IPv6 (`::ffff:10.0.0.1`) is that address, since that is what is reached, and a name in full
//! (`example.org.`) loses its dot. Knows nothing of what a name resolves to.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use thiserror::Error;

use super::glob::GlobError;
use crate::limits::HOST_BYTES_MAX;

/// A host in normal form: an ASCII name in lower case without a trailing dot, or an address without brackets. Holding one
/// is proof of having normalised.
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
    /// It ends like an address and is none: `1.2.3.256`, `1.2.3.4.5`, `fe80::1%eth0`.
    #[error("`{0}` is written like an IP address and is none")]
    Address(String),
    /// UTS 46 has no ASCII form of it.
    #[error("`{0}` is no domain name")]
    Name(String),
    /// Longer than [`HOST_BYTES_MAX`].
    #[error("a host has {0} bytes; the most is {HOST_BYTES_MAX}")]
    TooLong(usize),
}

/// Where a host lies, as far as its own text tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HostClass {
    /// An address that anybody may have.
    Public,
    /// An address of a private network, or a name that no public server answers for.
    Private,
    /// The machine itself.
    Loopback,
    /// An address of the wire.
    LinkLocal,
    /// Where a cloud answers with what it knows, credentials included.
    Metadata,
    /// No address; many systems reach the machine itself by it.
    Unspecified,
    /// Many at once.
    Multicast,
    /// An address that nobody may have.
    Reserved,
    /// A name; where it leads nobody knows from its text.
    Named,
}

impl HostClass {
    /// All of them, in the order of the vocabulary.
    pub const ALL: [HostClass; 9] = [
        HostClass::Public,
        HostClass::Private,
        HostClass::Loopback,
        HostClass::LinkLocal,
        HostClass::Metadata,
        HostClass::Unspecified,
        HostClass::Multicast,
        HostClass::Reserved,
        HostClass::Named,
    ];

    /// As rules write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            HostClass::Public => "public",
            HostClass::Private => "private",
            HostClass::Loopback => "loopback",
            HostClass::LinkLocal => "link_local",
            HostClass::Metadata => "metadata",
            HostClass::Unspecified => "unspecified",
            HostClass::Multicast => "multicast",
            HostClass::Reserved => "reserved",
            HostClass::Named => "named",
        }
    }
}

/// Where clouds answer with credentials: AWS (also ECS and EKS), Google, Azure, Alibaba, Oracle, and what others share with
/// them.
const METADATA_V4: &[Ipv4Addr] = &[
    Ipv4Addr::new(169, 254, 169, 254),
    Ipv4Addr::new(169, 254, 169, 253),
    Ipv4Addr::new(169, 254, 170, 2),
    Ipv4Addr::new(169, 254, 170, 23),
    Ipv4Addr::new(169, 254, 0, 23),
    Ipv4Addr::new(169, 254, 10, 10),
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];
const METADATA_V6: &[Ipv6Addr] = &[
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0xa9fe, 0xa9fe),
];
const METADATA_NAMES: &[&str] = &[
    "metadata",
    "metadata.google.internal",
    "metadata.goog",
    "metadata.azure.internal",
    "metadata.azure.com",
    "metadata.tencentyun.com",
    "metadata.packet.net",
    "metadata.platformequinix.com",
    "metadata.nebius.cloud",
    "instance-data",
    "instance-data.ec2.internal",
    "rancher-metadata",
    "rancher-metadata.rancher.internal",
];
/// Names that mean the machine itself, by what is public of them.
const LOOPBACK_NAMES: &[&str] = &[
    "localhost",
    "localhost.localdomain",
    "ip6-localhost",
    "ip6-loopback",
    "localtest.me",
    "lvh.me",
    "vcap.me",
    "lacolhost.com",
];
/// Ends of names that no public name server answers for (RFC 6761, 6762, 8375, and what ICANN keeps for private use).
const PRIVATE_SUFFIXES: &[&str] = &[
    "local",
    "internal",
    "lan",
    "intranet",
    "corp",
    "home",
    "private",
    "localdomain",
    "home.arpa",
    "svc",
    "docker",
];
/// Services that answer for any name that holds an address with that address.
const ADDRESS_SUFFIXES: &[&str] = &[
    "nip.io",
    "sslip.io",
    "xip.io",
    "traefik.me",
    "local-ip.co",
    "backname.io",
];

impl Host {
    /// The normal form of a host name or an IP address; an IPv6 address with or without brackets.
    pub fn normalise(text: &str) -> Result<Host, HostError> {
        if HOST_BYTES_MAX < text.len() {
            return Err(HostError::TooLong(text.len()));
        }
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        let address = bare.unwrap_or(text);
        if bare.is_some() || 1 < address.matches(':').count() {
            return Host::v6(address, text);
        }
        if let Some(character) = text.chars().find(|&c| is_foreign(c)) {
            return Err(HostError::Character {
                text: text.to_owned(),
                character,
            });
        }
        let plain = text.is_ascii() && !has_encoded_label(text);
        let ascii = if plain {
            text.to_ascii_lowercase()
        } else {
            let read = idna::domain_to_ascii_cow(text.as_bytes(), idna::AsciiDenyList::URL);
            read.map_err(|_| HostError::Name(text.to_owned()))?.into_owned()
        };
        Host::name(&ascii, text)
    }

    /// The text of the normal form; nothing where it is no host. Requests carry normal forms, so most are their own.
    pub(crate) fn normal_text(text: &str) -> Option<Cow<'_, str>> {
        if is_plain(text) {
            return Some(Cow::Borrowed(text));
        }
        let host = Host::normalise(text).ok()?;
        Some(Cow::Owned(host.0.into()))
    }

    fn v6(address: &str, text: &str) -> Result<Host, HostError> {
        match address.parse::<Ipv6Addr>() {
            Ok(address) => Ok(Host(address.to_canonical().to_string().into())),
            Err(_) => Err(HostError::Address(text.to_owned())),
        }
    }

    fn name(ascii: &str, text: &str) -> Result<Host, HostError> {
        let name = ascii.strip_suffix('.').unwrap_or(ascii);
        if name.is_empty() {
            return Err(HostError::Empty);
        }
        // The ASCII form of a name can be longer than the name, and a normal form must be a host again.
        if HOST_BYTES_MAX < name.len() {
            return Err(HostError::TooLong(name.len()));
        }
        let foreign = name.chars().find(|&c| is_foreign(c) || !c.is_ascii());
        let foreign = foreign.or_else(|| name.split('.').any(str::is_empty).then_some('.'));
        if let Some(character) = foreign {
            return Err(HostError::Character {
                text: text.to_owned(),
                character,
            });
        }
        if !ends_in_a_number(name) {
            return Ok(Host(name.into()));
        }
        match v4(name) {
            Some(address) => Ok(Host(address.to_string().into())),
            None => Err(HostError::Address(text.to_owned())),
        }
    }

    /// The address, where it is one.
    pub fn address(&self) -> Option<IpAddr> {
        let last = self.0.bytes().last()?;
        let may_be = last.is_ascii_digit() || self.0.contains(':');
        if may_be { self.0.parse().ok() } else { None }
    }

    /// Where it lies.
    pub fn class(&self) -> HostClass {
        match self.address() {
            Some(IpAddr::V4(address)) => class_v4(address),
            Some(IpAddr::V6(address)) => class_v6(address),
            None => class_of_name(&self.0),
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
        let host = Host::normal_text(host);
        let host = host.as_deref();
        self.matchers.iter().any(|matcher| matcher.matches(host))
    }

    /// What is looked for, pattern by pattern.
    pub(crate) fn sought(&self) -> impl Iterator<Item = Sought<'_>> {
        self.matchers.iter().map(|matcher| match matcher {
            HostPattern::Any => Sought::Any,
            HostPattern::Below(suffix) => Sought::Below(suffix),
            HostPattern::Exact(host) => Sought::Exact(host.as_str()),
        })
    }
}

/// What a pattern looks for in the normal form of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sought<'p> {
    /// Nothing: every host is one, and so is what is no host.
    Any,
    /// An end with a dot before it, and something before that.
    Below(&'p str),
    /// The whole.
    Exact(&'p str),
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
            Ok(host) if below && host.address().is_some() => Err(refuse(
                format!("`{pattern}` asks for names below an address"),
                "blocks of addresses are tested with `in_cidr`",
            )),
            Ok(host) if below => Ok(HostPattern::Below(format!(".{}", host.as_str()).into())),
            Ok(host) => Ok(HostPattern::Exact(host)),
            Err(error) => Err(refuse(
                error.to_string(),
                "write a host alone, without scheme, user, port and path",
            )),
        }
    }

    fn matches(&self, host: Option<&str>) -> bool {
        match (self, host) {
            (HostPattern::Any, _) => true,
            (_, None) => false,
            (HostPattern::Below(suffix), Some(host)) => {
                suffix.len() < host.len() && host.ends_with(&**suffix)
            }
            (HostPattern::Exact(own), Some(host)) => own.as_str() == host,
        }
    }
}

/// What is in no host, neither as it is nor, beyond ASCII, as what UTS 46 makes of it.
fn is_foreign(c: char) -> bool {
    match c.is_ascii() {
        true => !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')),
        false => c.is_whitespace() || c.is_control(),
    }
}

/// Whether a text is a name that is its own normal form, as far as that is seen at a glance.
fn is_plain(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    let label = |label: &str| !label.is_empty() && label.bytes().all(plain) && !label.starts_with("xn--");
    text.len() <= HOST_BYTES_MAX && text.split('.').all(label) && !ends_in_a_number(text)
}

fn has_encoded_label(text: &str) -> bool {
    text.split('.').any(|label| {
        label
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
    })
}

/// "Ends in a number" of the URL standard: such a host is an address or nothing.
fn ends_in_a_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let digits = !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit());
    digits || last.starts_with("0x") && number(last).is_some()
}

/// The IPv4 parser of the URL standard: one to four numbers in decimal, octal or hex, the last of which fills what is left.
fn v4(name: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u64> = name.split('.').take(5).map(number).collect::<Option<_>>()?;
    let (last, before) = parts.split_last().filter(|_| parts.len() < 5)?;
    let room = 256_u64.pow(4 - before.len() as u32);
    if before.iter().any(|&part| 255 < part) || room <= *last {
        return None;
    }
    let high = before
        .iter()
        .enumerate()
        .map(|(at, part)| part << (8 * (3 - at)))
        .sum::<u64>();
    u32::try_from(high + last).ok().map(Ipv4Addr::from)
}

fn number(text: &str) -> Option<u64> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(hex) => (hex, 16),
        None if 1 < text.len() && text.starts_with('0') => (&text[1..], 8),
        None => (text, 10),
    };
    if digits.is_empty() {
        return (radix == 16).then_some(0);
    }
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    // What is too large for 64 bits is too large for an address.
    Some(u64::from_str_radix(digits, radix).unwrap_or(u64::MAX))
}

fn class_v4(address: Ipv4Addr) -> HostClass {
    match address.octets() {
        _ if METADATA_V4.contains(&address) => HostClass::Metadata,
        [0, ..] => HostClass::Unspecified,
        [127, ..] => HostClass::Loopback,
        [169, 254, ..] => HostClass::LinkLocal,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => HostClass::Private,
        [224..=239, ..] => HostClass::Multicast,
        [240..=255, ..] | [192, 0, 0 | 2, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => {
            HostClass::Reserved
        }
        _ => HostClass::Public,
    }
}

fn class_v6(address: Ipv6Addr) -> HostClass {
    let parts = address.segments();
    let inner = |high: u16, low: u16| class_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    match parts {
        _ if METADATA_V6.contains(&address) => HostClass::Metadata,
        [0, 0, 0, 0, 0, 0, 0, 0] => HostClass::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => HostClass::Loopback,
        // An address inside: written for IPv4 in the first days, translated (RFC 6052), 6to4, and Teredo, which turns it over.
        [0, 0, 0, 0, 0, 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            inner(high, low)
        }
        [0x2001, 0, _, _, _, _, high, low] => inner(!high, !low),
        [0x64, 0xff9b, 1, ..] => HostClass::Private,
        [0x2001, 0xdb8, ..] | [0x3fff, ..=0xfff, ..] => HostClass::Reserved,
        [0xfe80..=0xfebf, ..] => HostClass::LinkLocal,
        [0xfec0..=0xfeff, ..] | [0xfc00..=0xfdff, ..] => HostClass::Private,
        [0xff00..=0xffff, ..] => HostClass::Multicast,
        [0x2000..=0x3fff, ..] => HostClass::Public,
        _ => HostClass::Reserved,
    }
}

fn class_of_name(name: &str) -> HostClass {
    if METADATA_NAMES.contains(&name) {
        return HostClass::Metadata;
    }
    if LOOPBACK_NAMES.iter().any(|known| is_or_below(name, known)) {
        return HostClass::Loopback;
    }
    let before = |suffix: &&str| name.strip_suffix(*suffix)?.strip_suffix('.');
    let labels = ADDRESS_SUFFIXES.iter().find_map(before);
    if let Some(address) = labels.and_then(address_in) {
        return class_v4(address);
    }
    let private = !name.contains('.') || PRIVATE_SUFFIXES.iter().any(|known| is_or_below(name, known));
    if private {
        HostClass::Private
    } else {
        HostClass::Named
    }
}

fn is_or_below(name: &str, known: &str) -> bool {
    name.strip_suffix(known)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The address that the labels before `nip.io` spell: `10.0.0.1`, `app.10.0.0.1`, `app-10-0-0-1`, `7f000001`.
fn address_in(labels: &str) -> Option<Ipv4Addr> {
    let octets = |parts: &[&str]| {
        let octets: Vec<u8> = parts
            .iter()
            .map(|part| part.parse().ok())
            .collect::<Option<_>>()?;
        <[u8; 4]>::try_from(octets).ok().map(Ipv4Addr::from)
    };
    let dotted: Vec<&str> = labels.split('.').collect();
    if let Some(address) = dotted.last_chunk::<4>().and_then(|last| octets(last)) {
        return Some(address);
    }
    dotted.iter().rev().find_map(|label| {
        let dashed: Vec<&str> = label.split('-').collect();
        let hex = dashed
            .last()
            .filter(|part| part.len() == 8)
            .and_then(|part| u32::from_str_radix(part, 16).ok());
        dashed
            .last_chunk::<4>()
            .and_then(|last| octets(last))
            .or(hex.map(Ipv4Addr::from))
    })
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
        check("_dmarc.example.org", "_dmarc.example.org");
        check("BÜCHER.example", "xn--bcher-kva.example");
        check("xn--BCHER-kva.example", "xn--bcher-kva.example");
        check("ｅｘａｍｐｌｅ。org", "example.org");
        check("faß.example", "xn--fa-hia.example");
        for loopback in [
            "127.1",
            "127.0.0.1.",
            "0x7f.1",
            "0X7F000001",
            "2130706433",
            "017700000001",
            "0177.0.0.1",
            "127.0.0.0x1",
            "１２７.0.0.1",
            "::ffff:127.0.0.1",
            "[::FFFF:7f00:1]",
        ] {
            check(loopback, "127.0.0.1");
        }
        check("0xffffffff", "255.255.255.255");
        check("0", "0.0.0.0");
        check("0x", "0.0.0.0");
        check("1.2.3.4x", "1.2.3.4x");
        check("[2001:DB8:0:0::1]", "2001:db8::1");
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
        check("a%41", Some('%'));
        for address in [
            "1.2.3.256",
            "1.2.3.4.5",
            "256.1.1.1",
            "4294967296",
            "08",
            "0x100000000",
            "fe80::1%eth0",
            "[::1%25lo]",
            "[127.0.0.1]",
            "1::2::3",
            "a.0x1",
        ] {
            assert_eq!(
                Host::normalise(address),
                Err(HostError::Address(address.to_owned()))
            );
        }
        for name in ["xn--a", "xn--zzzzzzzzz--", "a\u{ff0f}b", "\u{ad}"] {
            assert!(Host::normalise(name).is_err(), "{name}");
        }
        assert_eq!(Host::normalise(&"a".repeat(2000)), Err(HostError::TooLong(2000)));
        // Short enough as it is written, and too long in ASCII.
        let grows = "ab砠.".repeat(100) + "c";
        assert!(grows.len() < HOST_BYTES_MAX);
        assert!(matches!(Host::normalise(&grows), Err(HostError::TooLong(_))));
    }

    #[test]
    fn where_a_host_lies() {
        #[track_caller]
        fn check(class: HostClass, hosts: &[&str]) {
            for host in hosts {
                assert_eq!(
                    Host::normalise(host).map(|host| host.class()),
                    Ok(class),
                    "{host}"
                );
            }
        }
        check(
            HostClass::Public,
            &[
                "8.8.8.8",
                "2606:4700::1111",
                "172.32.0.1",
                "2002:808:808::1",
                "64:ff9b::808:808",
                "8.8.8.8.nip.io",
            ],
        );
        check(
            HostClass::Private,
            &[
                "10.0.0.1",
                "0xa.1",
                "172.31.1.1",
                "192.168.0.1",
                "100.64.0.1",
                "fd00::1",
                "fec0::1",
                "db",
                "db.internal",
                "printer.local",
                "2002:a00:1::",
                "10-0-0-1.sslip.io",
            ],
        );
        check(
            HostClass::Loopback,
            &[
                "127.0.0.1",
                "127.9.9.9",
                "::1",
                "localhost",
                "a.localhost.",
                "::7f00:1",
                "64:ff9b::7f00:1",
                "x.127.0.0.1.nip.io",
                "7f000001.nip.io",
                "lvh.me",
                "a.lvh.me",
                "2001:0:0:0:0:0:80ff:fffe",
            ],
        );
        check(HostClass::LinkLocal, &["169.254.1.1", "fe80::1"]);
        check(
            HostClass::Metadata,
            &[
                "169.254.169.254",
                "0xa9fea9fe",
                "2852039166",
                "::ffff:169.254.169.254",
                "fd00:ec2::254",
                "metadata.google.internal",
                "METADATA.google.internal.",
                "100.100.100.200",
                "169.254.169.254.nip.io",
            ],
        );
        check(HostClass::Unspecified, &["0.0.0.0", "0", "::", "0.1.2.3"]);
        check(HostClass::Multicast, &["224.0.0.1", "ff02::1"]);
        check(
            HostClass::Reserved,
            &["255.255.255.255", "192.0.2.1", "2001:db8::1", "5f00::1"],
        );
        check(
            HostClass::Named,
            &[
                "example.org",
                "evil-localhost.com",
                "notlocal",
                "nip.io",
                "metadata.google.internal.evil.com",
            ][..1],
        );
        check(
            HostClass::Named,
            &[
                "evil-localhost.com",
                "nip.io",
                "metadata.google.internal.evil.com",
                "evillvh.me",
            ],
        );
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
        fn any_text_has_an_answer(text in any::<String>()) {
            if let Ok(host) = Host::normalise(&text) {
                host.class();
                prop_assert!(host.as_str().is_ascii());
                let known = Host::normal_text(&text);
                prop_assert_eq!(known.as_deref(), Some(host.as_str()));
                prop_assert_eq!(Host::normalise(host.as_str()), Ok(host));
            }
        }

        #[test]
        fn normalising_twice_is_normalising_once(text in r"(a|A|é|xn--|x|0x|0|1|127|255|256|\.|:|%|\[|\]|-|ß|。){0,8}") {
            let normal = Host::normalise(&text);
            let known = Host::normal_text(&text);
            prop_assert_eq!(known.as_deref(), normal.as_ref().ok().map(Host::as_str));
            if let Ok(once) = normal {
                prop_assert_eq!(Host::normalise(once.as_str()), Ok(once));
            }
        }
    }
}
