//! One walk over a text that finds what must go. Driven by the tables of `rules`; bytes that begin nothing are passed at the
//! speed of a table lookup. Every look back and ahead is bounded or passes over what the walk then skips, so that the whole is
//! linear. What is found never ends within a word, and words are whole: what was found in a text is found no matter what
//! stands next to it.

use super::address;
use super::rules::{ANY, Chars, Part, Strength, TOKENS, Token};
use super::value::{self, KEY_MAX, Written};
use super::{Class, Sink};

/// A place in a text that must go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) class: Class,
    pub(super) rule: &'static str,
}

/// Bytes of a value by which it is told whether it is one. What is taken out is the whole.
const VALUE_MAX: usize = 256;
/// Bytes between a `name` and the `value` that goes with it.
const NAMED_MAX: usize = 128;
/// Backslashes before a quote: a text in a text in a text.
const BACKSLASHES_MAX: usize = 7;
/// Bytes between two quotes. Where there is no second one, the first begins no other value within these bytes either.
const QUOTED_MAX: usize = 16 << 10;
/// Spaces between a key, its sign and its value.
const SPACES_MAX: usize = 8;
/// Bytes between the lines that frame a private key.
const KEY_BODY_MAX: usize = 64 << 10;

/// What a byte begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nothing,
    Word,
    Colon,
    Equals,
    At,
    Greater,
    Backslash,
    Percent,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Nothing; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        kinds[byte] = match b {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-' => Kind::Word,
            b':' => Kind::Colon,
            b'=' => Kind::Equals,
            b'@' => Kind::At,
            b'>' => Kind::Greater,
            b'\\' => Kind::Backslash,
            b'%' => Kind::Percent,
            _ => Kind::Nothing,
        };
        byte += 1;
    }
    kinds
};

/// The tokens whose start begins with a byte, as bits of their rows. A row without a start begins with a digit of hex.
const ROWS: [u128; 256] = {
    assert!(TOKENS.len() <= 128);
    let mut rows = [0_u128; 256];
    let mut row = 0;
    while row < TOKENS.len() {
        let starts = TOKENS[row].starts;
        let mut at = 0;
        while at < starts.len() {
            rows[starts[at].as_bytes()[0] as usize] |= 1 << row;
            at += 1;
        }
        if starts.is_empty() {
            let mut byte = 0;
            while byte < 256 {
                if (byte as u8).is_ascii_hexdigit() {
                    rows[byte] |= 1 << row;
                }
                byte += 1;
            }
        }
        row += 1;
    }
    rows
};

/// The second bytes of starts by their first, so that most words are passed with two lookups. Rows without a start are tried
/// on long words alone.
const PAIRS: [[u64; 2]; 128] = {
    let mut pairs = [[0_u64; 2]; 128];
    let mut row = 0;
    while row < TOKENS.len() {
        let starts = TOKENS[row].starts;
        let mut at = 0;
        while at < starts.len() {
            let start = starts[at].as_bytes();
            let second = start[1] as usize;
            pairs[start[0] as usize][second >> 6] |= 1 << (second & 63);
            at += 1;
        }
        row += 1;
    }
    pairs
};

/// Words as short as this are not tried for rows without a start.
const LONG_WORD: usize = 8;

pub(super) fn is_word(byte: u8) -> bool {
    matches!(KINDS[usize::from(byte)], Kind::Word)
}

/// All that must go, in order, none over another.
pub(super) fn scan(text: &str, sink: &Sink) -> Vec<Found> {
    let mut walk = Walk {
        text,
        bytes: text.as_bytes(),
        sink,
        found: Vec::new(),
        floor: 0,
    };
    walk.run();
    walk.found
}

struct Walk<'t> {
    text: &'t str,
    bytes: &'t [u8],
    sink: &'t Sink,
    found: Vec<Found>,
    /// The end of what was found last. No look goes back beyond it.
    floor: usize,
}

impl Walk<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.bytes.len() {
            at = match KINDS[usize::from(self.bytes[at])] {
                Kind::Nothing => at + 1,
                Kind::Word => self.word(at),
                Kind::Colon => self.colon(at),
                Kind::Equals => self.assigned(at, 1).unwrap_or(at + 1),
                Kind::At => self.email(at),
                Kind::Greater => self.element(at),
                Kind::Backslash => at + self.escape(at),
                Kind::Percent => at + self.percent(at),
            };
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    /// The edge of a character at a place or before it.
    fn boundary(&self, at: usize) -> usize {
        (0..=at)
            .rev()
            .find(|&at| self.text.is_char_boundary(at))
            .unwrap_or(0)
    }

    fn removes(&self, class: Class) -> bool {
        self.sink.removes(class)
    }

    /// Notes a finding and says where to go on.
    fn take(&mut self, start: usize, end: usize, class: Class, rule: &'static str) -> usize {
        self.found.push(Found {
            start,
            end,
            class,
            rule,
        });
        self.floor = end;
        end
    }

    fn secret(&mut self, start: usize, end: usize, rule: &'static str) -> usize {
        self.take(start, end, Class::SecretLikeTokens, rule)
    }

    /// `\n` in a text within a text is no letter of the word behind it.
    fn escape(&self, at: usize) -> usize {
        match self.byte(at + 1) {
            b'u' if (2..6).all(|n| self.byte(at + n).is_ascii_hexdigit()) => 6,
            b'n' | b'r' | b't' | b'f' | b'b' | b'v' | b'0' | b'\\' => 2,
            _ => 1,
        }
    }

    /// So it is with `%20`.
    fn percent(&self, at: usize) -> usize {
        let hex = |n: usize| self.byte(at + n).is_ascii_hexdigit();
        if hex(1) && hex(2) { 3 } else { 1 }
    }

    // -- words --

    /// The end of a word. Three dashes are no part of one.
    fn word_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.bytes.len() && is_word(self.bytes[at]) {
            if self.bytes[at] == b'-' && self.bytes[at..].starts_with(b"---") {
                break;
            }
            at += 1;
        }
        at
    }

    fn word(&mut self, at: usize) -> usize {
        let end = self.word_end(at);
        if end == at {
            return self.dashes(at);
        }
        if !self.removes(Class::SecretLikeTokens) {
            return end;
        }
        let mut edge = true;
        let mut from = at;
        while from < end {
            let byte = self.bytes[from];
            if edge
                && byte.is_ascii_alphanumeric()
                && let Some((rule, stop)) = self.token(from, end, from == at)
            {
                let stop = self.word_end(stop).max(stop);
                let dashes = self.bytes[at..from].iter().take_while(|b| **b == b'-').count();
                return self.secret(at + dashes, stop, rule);
            }
            edge = !byte.is_ascii_alphanumeric();
            from += 1;
        }
        self.before_value(at, end).unwrap_or(end)
    }

    /// The token that begins here, and where it ends.
    fn token(&self, at: usize, end: usize, begins: bool) -> Option<(&'static str, usize)> {
        let (first, second) = (usize::from(self.bytes[at]), usize::from(self.byte(at + 1)));
        let paired = second < 128 && PAIRS[first][second >> 6] >> (second & 63) & 1 == 1;
        let long = LONG_WORD <= end - at && self.bytes[at].is_ascii_hexdigit();
        if !paired && !long {
            return None;
        }
        let mut rows = ROWS[first];
        while rows != 0 {
            let row = rows.trailing_zeros() as usize;
            rows &= rows - 1;
            let token = &TOKENS[row];
            if is_open(token) && !begins {
                continue;
            }
            if let Some(stop) = self.matches(token, at) {
                return Some((token.id, stop));
            }
        }
        None
    }

    fn matches(&self, token: &Token, at: usize) -> Option<usize> {
        let rest = &self.bytes[at..];
        if token.starts.is_empty() {
            return self.parts(token.parts, at);
        }
        let starts = token
            .starts
            .iter()
            .filter(|start| rest.starts_with(start.as_bytes()));
        starts
            .filter_map(|start| self.parts(token.parts, at + start.len()))
            .max()
    }

    /// The end of the parts, where all are there and the last is not the beginning of something longer.
    fn parts(&self, parts: &[Part], from: usize) -> Option<usize> {
        let mut at = from;
        for part in parts {
            match part {
                Part::Text(text) => {
                    at = self.bytes[at..]
                        .starts_with(text.as_bytes())
                        .then_some(at + text.len())?;
                }
                Part::Run(chars, least, most) => {
                    let most = if *most == ANY {
                        usize::MAX
                    } else {
                        usize::from(*most)
                    };
                    let run = self.bytes[at..]
                        .iter()
                        .take(most)
                        .take_while(|b| is_of(**b, *chars))
                        .count();
                    at = (usize::from(*least) <= run).then_some(at + run)?;
                }
            }
        }
        let varied = is_varied(&self.bytes[from..at]);
        (varied && !self.byte(at).is_ascii_alphanumeric()).then_some(at)
    }

    // -- private keys --

    /// Three dashes and more; `-----BEGIN ... PRIVATE KEY-----` is a private key up to its last line.
    fn dashes(&mut self, at: usize) -> usize {
        let end = at + self.bytes[at..].iter().take_while(|b| **b == b'-').count();
        let title = &self.bytes[end..self.bytes.len().min(end + 80)];
        if !self.removes(Class::SecretLikeTokens) || !title.starts_with(b"BEGIN ") {
            return end;
        }
        let Some(length) = title.windows(5).position(|five| five == b"-----") else {
            return end;
        };
        if !contains(&title[..length], b"PRIVATE KEY") {
            return end;
        }
        let stop = self.key_end(end + length + 5);
        self.secret(at, stop, "private-key")
    }

    /// Behind the last line of a private key; where there is none, behind what looks like its body.
    fn key_end(&self, from: usize) -> usize {
        let most = self.bytes.len().min(from + KEY_BODY_MAX);
        let mut at = from;
        while at < most {
            if self.bytes[at..].starts_with(b"-----") {
                break;
            }
            at += 1;
        }
        if self.bytes[at..].starts_with(b"-----END") {
            let title = at + 8;
            let length = self.bytes[title..]
                .iter()
                .take(80)
                .take_while(|b| !matches!(b, b'-' | b'\n'))
                .count();
            let dashes = self.bytes[title + length..]
                .iter()
                .take_while(|b| **b == b'-')
                .count();
            return title + length + dashes;
        }
        self.key_body(from, at)
    }

    fn key_body(&self, from: usize, most: usize) -> usize {
        let body = |b: &u8| {
            is_of(*b, Chars::Base64)
                || matches!(
                    b,
                    b'\n' | b'\r' | b' ' | b'\t' | b'\\' | b'"' | b'\'' | b',' | b':' | b'-'
                )
        };
        let mut at = from + self.bytes[from..most].iter().take_while(|b| body(b)).count();
        while from < at && !is_word(self.bytes[at - 1]) {
            at -= 1;
        }
        at
    }

    // -- a key and its value --

    /// `:` between a key and a value, or after a scheme.
    fn colon(&mut self, at: usize) -> usize {
        if self.bytes[at..].starts_with(b"://") {
            return self.url(at);
        }
        match self.byte(at + 1) {
            b':' => at + 2,
            b'=' => self.assigned(at, 2).unwrap_or(at + 2),
            _ => self.assigned(at, 1).unwrap_or(at + 1),
        }
    }

    /// The value behind a sign of so many bytes, where its key says that it is secret.
    fn assigned(&mut self, at: usize, sign: usize) -> Option<usize> {
        if !self.removes(Class::SecretLikeTokens) {
            return None;
        }
        let before = if at == 0 { b' ' } else { self.bytes[at - 1] };
        if matches!(before, b'!' | b'<' | b'=') || self.byte(at + sign) == b'=' && sign == 1 {
            return None;
        }
        let (key_start, key_end, spaced) = self.key(at)?;
        let strength = match &self.text[key_start..key_end] {
            "value" | "Value" => self.named_before(key_start)?,
            key => value::strength(key)?,
        };
        let arrow = usize::from(self.byte(at + sign) == b'>');
        let begins = self.bytes[key_start..at].iter().all(|b| is_word(*b)) && self.begins_line(key_start);
        let bare = if begins && !spaced && self.bytes[at] == b'=' {
            Written::Line
        } else {
            Written::Bare
        };
        self.value(at + sign + arrow, strength, bare)
    }

    /// What the `name` before a `value` says: `- name: DB_PASSWORD` and `value: ...` in the next line.
    fn named_before(&self, at: usize) -> Option<Strength> {
        let from = self.boundary(at.saturating_sub(NAMED_MAX));
        let before = self.text.get(from.max(self.floor)..at)?;
        let rest = &before[before.to_ascii_lowercase().rfind("name")? + 4..];
        let is_name = |c: char| c.is_ascii() && is_word(c as u8) || c == '.';
        let mut words = rest.split(|c: char| !is_name(c)).filter(|word| !word.is_empty());
        let name = words.next()?;
        words.next().is_none().then(|| value::strength(name))?
    }

    /// The key before a sign: its place, and whether there is a space behind it.
    fn key(&self, sign: usize) -> Option<(usize, usize, bool)> {
        let back = |mut at: usize, most: usize, is: &dyn Fn(u8) -> bool| {
            let least = at.saturating_sub(most).max(self.floor);
            while least < at && is(self.bytes[at - 1]) {
                at -= 1;
            }
            at
        };
        let end = back(sign, SPACES_MAX, &|b| b == b' ' || b == b'\t');
        let spaced = end < sign;
        let end = back(end, 1, &|b| b == b']');
        let end = back(end, 1, &|b| matches!(b, b'"' | b'\'' | b'`'));
        let end = back(end, BACKSLASHES_MAX, &|b| b == b'\\');
        let start = back(end, KEY_MAX + 1, &|b| is_word(b) || b == b'.');
        (start < end).then_some((start, end, spaced))
    }

    /// Whether a key is the first of its line, or follows `export`, `set` or a flag that sets variables.
    fn begins_line(&self, at: usize) -> bool {
        let line = &self.bytes[at.saturating_sub(16).max(self.floor)..at];
        let line = line.rsplit(|b| *b == b'\n').next().unwrap_or(line);
        let line = line.trim_ascii();
        line.is_empty()
            || [&b"export"[..], b"set", b"-e", b"--env", b"ENV", b"ARG", b"$"]
                .iter()
                .any(|word| line.ends_with(word))
    }

    /// Takes the value that begins here, if it is a secret.
    fn value(&mut self, from: usize, strength: Strength, bare: Written) -> Option<usize> {
        let mut at = self.skip_spaces(from);
        // `Authorization: Bearer ...`, `b"..."`, `r'...'`.
        if let Some(behind) = self.scheme(at) {
            at = self.skip_spaces(behind);
        } else if self.byte(at).is_ascii_alphabetic() && matches!(self.byte(at + 1), b'"' | b'\'') {
            at += 1;
        }
        let (start, end, written) = self.value_at(at, bare);
        let value = self.text.get(start..end)?;
        if value.is_empty() || !value::is_secret(strength, value, written) {
            return None;
        }
        // What a provider's rule knows by itself is named by that.
        if self.byte(start).is_ascii_alphanumeric()
            && let Some((rule, stop)) = self.token(start, self.word_end(start), true)
            && end <= stop
        {
            return Some(self.secret(start, self.word_end(stop).max(stop), rule));
        }
        let end = match written {
            Written::Quoted => end,
            Written::Line | Written::Bare => self.bare_end(start, written, usize::MAX),
        };
        let rule = match strength {
            Strength::Password => "password",
            Strength::Secret | Strength::Perhaps => "secret-assignment",
        };
        Some(self.secret(start, end, rule))
    }

    fn skip_spaces(&self, from: usize) -> usize {
        let spaces = self.bytes[from.min(self.bytes.len())..].iter().take(SPACES_MAX);
        from + spaces.take_while(|b| matches!(b, b' ' | b'\t')).count()
    }

    /// Behind `Bearer `, `Basic `, `token `.
    fn scheme(&self, at: usize) -> Option<usize> {
        let end = self.word_end(at);
        let word = self.text.get(at..end).filter(|word| word.len() < 12)?;
        let known = [
            "bearer",
            "basic",
            "token",
            "apikey",
            "digest",
            "splunk",
            "negotiate",
        ];
        let is = known.iter().any(|known| word.eq_ignore_ascii_case(known));
        (is && self.byte(end) == b' ').then_some(end + 1)
    }

    /// The value that begins here: its place and how it is written.
    fn value_at(&self, at: usize, bare: Written) -> (usize, usize, Written) {
        let slashes = self.bytes[at.min(self.bytes.len())..]
            .iter()
            .take(BACKSLASHES_MAX);
        let slashes = slashes.take_while(|b| **b == b'\\').count();
        let quote = self.byte(at + slashes);
        if !matches!(quote, b'"' | b'\'' | b'`') {
            return (at, self.bare_end(at, bare, VALUE_MAX), bare);
        }
        let start = at + slashes + 1;
        match self.quoted_end(start, quote, slashes) {
            Some(end) => (start, end, Written::Quoted),
            None => (start, self.bare_end(start, bare, VALUE_MAX), bare),
        }
    }

    /// Where the quote stands again, with as many backslashes before it as the first one had.
    fn quoted_end(&self, start: usize, quote: u8, slashes: usize) -> Option<usize> {
        let most = self.bytes.len().min(start + QUOTED_MAX);
        let (mut at, mut run) = (start, 0);
        while at < most {
            match self.bytes[at] {
                b'\n' => return None,
                b'\\' => run += 1,
                byte if byte == quote && run <= slashes => return Some(at - run),
                _ => run = 0,
            }
            at += 1;
        }
        None
    }

    fn bare_end(&self, from: usize, bare: Written, most: usize) -> usize {
        let stops = |b: u8| match b {
            b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'<' | b'>' => true,
            b',' | b';' | b'&' | b')' | b']' | b'}' | b'|' | b'\\' => bare != Written::Line,
            _ => false,
        };
        let rest = &self.bytes[from.min(self.bytes.len())..];
        let end = from + rest.iter().take(most).take_while(|b| !stops(**b)).count();
        self.boundary(end)
    }

    /// A word that says what follows it: `Bearer <token>`, `--password <value>`, `-u user:password`, netrc's `password <value>`.
    fn before_value(&mut self, at: usize, end: usize) -> Option<usize> {
        if self.byte(end) != b' ' {
            return None;
        }
        let word = &self.text[at..end];
        match word {
            "-u" | "-U" | "--user" | "--proxy-user" => self.user(end + 1),
            "-p" if self.ends_before(at, b"sshpass ") => {
                self.value(end + 1, Strength::Password, Written::Line)
            }
            "requirepass" | "masterauth" => self.value(end + 1, Strength::Password, Written::Line),
            "password" | "passwd" if self.is_netrc(at) => {
                self.value(end + 1, Strength::Password, Written::Line)
            }
            _ if word.eq_ignore_ascii_case("bearer") => self.bearer(end + 1),
            _ => {
                let strength = value::strength(word.strip_prefix("--")?)?;
                self.value(end + 1, strength, Written::Line)
            }
        }
    }

    fn bearer(&mut self, from: usize) -> Option<usize> {
        let start = self.skip_spaces(from);
        let token = |b: &u8| is_of(*b, Chars::Base64) || matches!(b, b'.' | b'_' | b'-' | b'~');
        let end = start
            + self.bytes[start..]
                .iter()
                .take(VALUE_MAX)
                .take_while(|b| token(b))
                .count();
        let value = self.text.get(start..end).filter(|value| 16 <= value.len())?;
        if !value::is_secret(Strength::Secret, value, Written::Quoted) {
            return None;
        }
        let more = self.bytes[end..].iter().take_while(|b| token(b)).count();
        Some(self.secret(start, end + more, "bearer-token"))
    }

    /// `user:password` behind `-u` and `--user`.
    fn user(&mut self, from: usize) -> Option<usize> {
        let (start, stop, _) = self.value_at(self.skip_spaces(from), Written::Line);
        let colon = start + self.text.get(start..stop)?.find(':')?;
        let password = self.text.get(colon + 1..stop)?;
        let number = password.bytes().all(|b| b.is_ascii_digit());
        let secret = !number && value::is_secret(Strength::Password, password, Written::Quoted);
        secret.then(|| self.secret(colon + 1, stop, "password"))
    }

    fn ends_before(&self, at: usize, word: &[u8]) -> bool {
        self.bytes[self.floor.min(at)..at].ends_with(word)
    }

    /// Whether `login <name>` stands before, as in a netrc file.
    fn is_netrc(&self, at: usize) -> bool {
        let before = &self.bytes[at.saturating_sub(160).max(self.floor)..at];
        contains(before, b"login ") && contains(before, b"machine ") || contains(before, b"default login ")
    }

    /// `<password>value</password>`.
    fn element(&mut self, at: usize) -> usize {
        let next = at + 1;
        if !self.removes(Class::SecretLikeTokens) {
            return next;
        }
        let Some((start, end, false)) = self.key(at) else {
            return next;
        };
        if start == 0 || self.bytes[start - 1] != b'<' {
            return next;
        }
        let Some(strength) = value::strength(&self.text[start..end]) else {
            return next;
        };
        let length = self.bytes[next..]
            .iter()
            .take(VALUE_MAX)
            .take_while(|b| !matches!(b, b'<' | b'\n'))
            .count();
        let value = self.text.get(next..next + length).unwrap_or("");
        let closed = self.bytes[next + length..].starts_with(b"</");
        if !closed || value.is_empty() || !value::is_secret(strength, value, Written::Quoted) {
            return next;
        }
        self.secret(next, next + length, "password")
    }

    // -- addresses --

    fn url(&mut self, colon: usize) -> usize {
        let Some(url) = address::url(self.text, self.floor, colon) else {
            return colon + 3;
        };
        if let Some(rule) = url.webhook.filter(|_| self.removes(Class::SecretLikeTokens)) {
            return self.secret(url.start, url.end, rule);
        }
        if url.private && self.removes(Class::PrivateUrls) {
            return self.take(url.start, url.end, Class::PrivateUrls, "private-url");
        }
        match url.password.filter(|_| self.removes(Class::SecretLikeTokens)) {
            Some((start, end)) => self.secret(start, end, "url-password"),
            None => colon + 3,
        }
    }

    fn email(&mut self, at: usize) -> usize {
        if !self.removes(Class::EmailAddresses) {
            return at + 1;
        }
        match address::email(self.text, self.floor, at) {
            Some((start, end)) => self.take(start, end, Class::EmailAddresses, "email-address"),
            None => at + 1,
        }
    }
}

fn is_of(byte: u8, chars: Chars) -> bool {
    match chars {
        Chars::Digits => byte.is_ascii_digit(),
        Chars::Hex => byte.is_ascii_hexdigit(),
        Chars::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        Chars::Lower => byte.is_ascii_lowercase() || byte.is_ascii_digit(),
        Chars::Alnum => byte.is_ascii_alphanumeric(),
        Chars::Word => is_word(byte),
        Chars::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='),
        Chars::Dotted => is_word(byte) || matches!(byte, b'.' | b'='),
    }
}

/// Whether the body of a token is more than one character over and over, as masks and examples are. All of it is looked at:
/// else many starts in one long word would each look at all that follows.
fn is_varied(body: &[u8]) -> bool {
    let first = body.first().copied();
    body.len() < 8 || body.iter().any(|b| Some(*b) != first)
}

/// Whether a row can be told from a word's beginning alone: its first part may be as long as the word, and then something else
/// must follow. Tried at every edge within a word, it would look at the rest of the word each time.
const fn is_open(token: &Token) -> bool {
    matches!(token.parts, [Part::Run(_, _, ANY), _, ..])
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
