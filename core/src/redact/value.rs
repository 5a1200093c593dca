//! Keys and values: which key says that its value is secret, and which value is one and no word, reference or placeholder.
//! Counts characters instead of taking logarithms, so that every platform says the same. Knows no text around them.

use super::rules::{HARMLESS, KEYS, PLACEHOLDERS, SUFFIXES, Strength, WORDS};

/// Words of a key that are looked at, from its end.
const WORDS_MAX: usize = 4;
/// Bytes of a key.
pub(super) const KEY_MAX: usize = 96;
/// Bytes of a value that are looked at to tell what it is.
const LOOK_MAX: usize = 512;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// Between quotes.
    Quoted,
    /// Bare, in a line of its own without spaces, as a shell or an environment file assigns.
    Line,
    /// Bare.
    Bare,
}

/// What a key says of its value: `None` where nothing.
pub(super) fn strength(key: &str) -> Option<Strength> {
    if key.len() < 3 || KEY_MAX < key.len() {
        return None;
    }
    // Most keys end in a letter that no word of the table ends in.
    let key = key.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_' || c == '-');
    let mut words = words(key);
    while 1 < words.len()
        && words
            .first()
            .is_some_and(|word| SUFFIXES.contains(&word.as_str()))
    {
        words.remove(0);
    }
    let last = words.first()?;
    let before = words.get(1);
    if let Some(before) = before {
        if HARMLESS.contains(&before.as_str()) {
            return None;
        }
        let both = format!("{before} {last}");
        if let Some((_, strength)) = KEYS.iter().find(|(known, _)| *known == both) {
            return Some(*strength);
        }
    }
    if let Some((_, strength)) = KEYS.iter().find(|(known, _)| known == last) {
        // `pass: 3` counts tests; `db_pass` does not.
        return Some(*strength).filter(|_| last != "pass" || before.is_some() || key.len() == 4);
    }
    let ends = [
        "password",
        "passwd",
        "passphrase",
        "secret",
        "apikey",
        "accesskey",
        "secretkey",
        "token",
    ];
    let long = ends
        .iter()
        .find(|end| end.len() < last.len() && last.ends_with(**end))?;
    KEYS.iter()
        .find(|(known, _)| known == long)
        .map(|(_, strength)| *strength)
}

/// The last words of a key, the last first, in lower case: `myApi-KEY` is `key`, `api`, `my`.
fn words(key: &str) -> Vec<String> {
    let bytes = key.as_bytes();
    let mut words = Vec::new();
    let mut end = bytes.len();
    let mut at = end;
    while 0 < at && words.len() < WORDS_MAX {
        at -= 1;
        let separates = !bytes[at].is_ascii_alphanumeric();
        let begins = bytes[at].is_ascii_uppercase()
            && at + 1 < end
            && (at == 0 || !bytes[at - 1].is_ascii_uppercase() || bytes[at + 1].is_ascii_lowercase());
        if separates || begins || at == 0 {
            let start = if separates { at + 1 } else { at };
            if start < end {
                words.push(key[start..end].to_ascii_lowercase());
            }
            end = at;
        }
    }
    words
}

/// What is known of a value's characters.
struct Look {
    length: usize,
    lower: bool,
    upper: bool,
    digit: bool,
    other: bool,
    space: bool,
    distinct: u32,
    hex: bool,
}

impl Look {
    fn of(value: &str) -> Look {
        let mut look = Look {
            length: value.len(),
            lower: false,
            upper: false,
            digit: false,
            other: false,
            space: false,
            distinct: 0,
            hex: true,
        };
        let mut seen = [0_u64; 4];
        for byte in value.bytes().take(LOOK_MAX) {
            look.lower |= byte.is_ascii_lowercase();
            look.upper |= byte.is_ascii_uppercase();
            look.digit |= byte.is_ascii_digit();
            look.space |= byte == b' ' || byte == b'\t';
            look.other |= !byte.is_ascii_alphanumeric();
            look.hex &= byte.is_ascii_hexdigit();
            seen[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
        look.distinct = seen.iter().map(|bits| bits.count_ones()).sum();
        look
    }
}

/// Whether a value is a secret, by what its key says and by how it is written.
pub(super) fn is_secret(strength: Strength, value: &str, written: Written) -> bool {
    if value.len() < 4 {
        return false;
    }
    let look = Look::of(value);
    let letters = look.lower || look.upper;
    // What its characters rule out is not looked at further: most values of most texts.
    let plausible = match strength {
        Strength::Password => true,
        Strength::Secret => letters && (look.digit || look.lower && look.upper),
        Strength::Perhaps => look.lower && look.upper && look.digit,
    };
    if !plausible || look.distinct < 3 || stands_for_another(value, written) || is_code(value, &look, written)
    {
        return false;
    }
    match strength {
        Strength::Password => is_password(value, &look, written),
        Strength::Secret => is_token(value, &look),
        Strength::Perhaps => {
            let strong = look.upper && look.lower && look.digit && 12 <= look.distinct;
            20 <= look.length && strong && !look.space && !is_name(value) && !is_path(value)
        }
    }
}

fn is_password(value: &str, look: &Look, written: Written) -> bool {
    if WORDS.iter().any(|word| value.eq_ignore_ascii_case(word)) || is_path(value) {
        return false;
    }
    // A sentence on passwords is none.
    if look.space && !(look.digit && look.other) || value.split(' ').nth(3).is_some() {
        return false;
    }
    let kinds = [look.lower, look.upper, look.digit, look.other]
        .iter()
        .filter(|kind| **kind)
        .count();
    match written {
        Written::Quoted => 5 <= look.length && (2 <= kinds || !look.digit || 6 <= look.length),
        Written::Line => 6 <= look.length && (2 < kinds || !is_name(value)),
        Written::Bare => {
            let letters = look.lower || look.upper;
            let digits_alone = look.digit && !letters && !look.other;
            6 <= look.length && !is_name(value) && (look.digit && letters || digits_alone || 2 < kinds)
        }
    }
}

fn is_token(value: &str, look: &Look) -> bool {
    if look.space || look.length < 8 || look.distinct < 5 || is_path(value) || is_name(value) {
        return false;
    }
    let letters = look.lower || look.upper;
    let mixed = look.lower && look.upper && 16 <= look.length && 10 <= look.distinct;
    letters && look.digit || mixed && !is_words(value)
}

/// Whether a value says where the value comes from, or that it is left out.
fn stands_for_another(value: &str, written: Written) -> bool {
    let bytes = value.as_bytes();
    let second = bytes.get(1).copied().unwrap_or(b' ');
    let refers = match bytes[0] {
        b'$' => second == b'{' || second == b'(' || second.is_ascii_alphabetic() && is_constant(&value[1..]),
        b'{' => true,
        b'<' => true,
        b'%' => true,
        b'*' | b'.' | b'-' | b'_' | b'#' | b'=' if second == bytes[0] => true,
        b'[' => written != Written::Quoted || value.starts_with("[redacted"),
        b'(' | b'&' | b'|' | b'#' | b'>' | b'=' => written != Written::Quoted,
        b'!' => value
            .split(' ')
            .next()
            .is_some_and(|tag| tag[1..].bytes().all(|b| b.is_ascii_alphabetic())),
        _ => false,
    };
    if refers || value.contains("[redacted") || value.contains("${") || value.contains("{{") {
        return true;
    }
    let start: String = value.chars().take(64).collect::<String>().to_ascii_lowercase();
    PLACEHOLDERS.iter().any(|word| start.contains(word))
        || start.starts_with("http:")
        || start.starts_with("https:")
}

fn is_constant(value: &str) -> bool {
    value
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// Whether a bare value is code that gets it: `config.password`, `get_token()`, `os.environ`.
fn is_code(value: &str, look: &Look, written: Written) -> bool {
    if written == Written::Quoted {
        return false;
    }
    let dotted = value.contains('.')
        && value.split('.').all(|part| {
            part.bytes()
                .next()
                .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        });
    let called = value.contains('(') || value.contains("::") || value.contains("->") || value.contains('[');
    let named = written == Written::Bare
        && !look.digit
        && value.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
    dotted && look.length < 40 || called || named
}

/// Whether it is a name of words: `prod-db-2`, `my_app_token`, `us-east-1`, `v1.2.3`.
fn is_name(value: &str) -> bool {
    let parts = value.split(['-', '_', '.', '/', ':']);
    let mut count = 0;
    let words = parts.into_iter().all(|part| {
        count += 1;
        is_word_of_name(part)
    });
    words && 1 < count
}

/// Letters of one case, or capitalised, with a few digits behind; or a few digits.
fn is_word_of_name(part: &str) -> bool {
    let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = part.len() - letters.len();
    let rest = letters.get(1..).unwrap_or("");
    let one_case = letters.bytes().all(|b| b.is_ascii_lowercase())
        || letters.bytes().all(|b| b.is_ascii_uppercase())
        || rest.bytes().all(|b| b.is_ascii_lowercase()) && letters.is_ascii();
    part.is_ascii() && one_case && letters.len() <= 14 && (digits <= 2 || letters.is_empty() && digits <= 4)
}

/// `MyServiceToken`: words set together.
fn is_words(value: &str) -> bool {
    value
        .bytes()
        .all(|b| b.is_ascii_alphabetic() || b == b'_' || b == b'-' || b == b'.')
        && {
            let words = words_in(value);
            words * 4 <= value.len()
        }
}

fn words_in(value: &str) -> usize {
    let bytes = value.as_bytes();
    let edge = |at: usize| at == 0 || bytes[at].is_ascii_uppercase() || !bytes[at].is_ascii_alphanumeric();
    (0..bytes.len()).filter(|&at| edge(at)).count()
}

/// A path, unless it is what base64 happens to begin with.
fn is_path(value: &str) -> bool {
    let rooted = [
        "/", "./", "../", "~/", "C:\\", "c:\\", "file:", "secrets/", "vault:",
    ]
    .iter()
    .any(|start| value.starts_with(start));
    let dotted = value.contains('.') && value.contains('/');
    let slashes = value.matches('/').count();
    let base64 = value.len() == 40 || 40 < value.len() && slashes * 12 < value.len() && !dotted;
    (rooted || dotted && 0 < slashes) && !base64
}

/// Whether a password in a URL stands for another: `https://user:$TOKEN@host`.
pub(super) fn stands_in(password: &str) -> bool {
    let word = password.to_ascii_lowercase();
    let named = matches!(word.as_str(), "password" | "pass" | "pwd" | "token" | "secret");
    named
        || stands_for_another(password, Written::Bare)
        || password.bytes().all(|b| b == password.as_bytes()[0])
}
