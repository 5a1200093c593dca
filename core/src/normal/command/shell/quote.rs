//! Quotes taken off: `$'..'`, backticks, the delimiter of a here-document. Knows no commands.

use std::borrow::Cow;

use super::super::budget::Unread;
use super::{Part, Word};

/// The text of a word that holds no expansion.
pub(super) fn unquoted<'s>(word: &Word<'s>) -> Result<Cow<'s, str>, Unread> {
    let mut text = String::new();
    for part in &word.parts {
        match part {
            Part::Text(part) => text.push_str(part),
            Part::Quoted(part) => text.push_str(part),
            _ => return Err(Unread),
        }
    }
    Ok(text.into())
}

/// What stands between backticks, with the escapes that they take off, and the length up to behind the closing one.
pub(super) fn backtick(text: &str, quoted: bool) -> Result<(Cow<'_, str>, usize), Unread> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut escaped = false;
    loop {
        match bytes.get(at) {
            None => return Err(Unread),
            Some(b'`') => break,
            Some(b'\\') => {
                escaped = true;
                at += 2;
            }
            Some(_) => at += 1,
        }
    }
    let inner = text.get(..at).ok_or(Unread)?;
    if !escaped {
        return Ok((inner.into(), at + 1));
    }
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        let off = |next: &char| matches!(next, '`' | '\\' | '$') || (quoted && *next == '"');
        match (c, chars.next_if(off)) {
            ('\\', Some(next)) => out.push(next),
            (c, next) => {
                out.push(c);
                out.extend(next);
            }
        }
    }
    Ok((out.into(), at + 1))
}

/// What `$'..'` stands for, and the length up to behind the closing quote.
pub(super) fn ansi_c(text: &str) -> Result<(String, usize), Unread> {
    let bytes = text.as_bytes();
    let mut out: Vec<u8> = Vec::new();
    let mut at = 0;
    // A NUL ends the string, not the quotes.
    let mut ended = false;
    loop {
        match bytes.get(at) {
            None => return Err(Unread),
            Some(b'\'') => break,
            Some(b'\\') => {
                let (length, nul) = escape(&bytes[at + 1..], &mut out, ended)?;
                ended |= nul;
                at += 1 + length;
            }
            Some(&byte) => {
                if !ended {
                    out.push(byte);
                }
                at += 1;
            }
        }
    }
    let text = String::from_utf8(out).map_err(|_| Unread)?;
    Ok((text, at + 1))
}

/// One escape: how long it is behind the backslash, and whether it is a NUL.
fn escape(bytes: &[u8], out: &mut Vec<u8>, ended: bool) -> Result<(usize, bool), Unread> {
    let first = *bytes.first().ok_or(Unread)?;
    let (value, length) = match first {
        b'a' => (7, 1),
        b'b' => (8, 1),
        b'e' | b'E' => (27, 1),
        b'f' => (12, 1),
        b'n' => (10, 1),
        b'r' => (13, 1),
        b't' => (9, 1),
        b'v' => (11, 1),
        b'\\' | b'\'' | b'"' | b'?' => (u32::from(first), 1),
        b'0'..=b'7' => {
            let (value, length) = number(bytes, 8, 3);
            (value & 0xff, length)
        }
        b'x' => number_after(bytes, 2),
        b'u' => number_after(bytes, 4),
        b'U' => number_after(bytes, 8),
        b'c' => (u32::from(bytes.get(1).copied().ok_or(Unread)?) & 0x1f, 2),
        _ => (0x5c, 0),
    };
    if length == 1 && matches!(first, b'x' | b'u' | b'U') {
        return Err(Unread); // no digits: shells differ
    }
    if ended || value == 0 {
        return Ok((length, true));
    }
    match first {
        b'u' | b'U' => {
            let c = char::from_u32(value).ok_or(Unread)?;
            out.extend(c.encode_utf8(&mut [0; 4]).bytes());
        }
        _ => out.push(u8::try_from(value).map_err(|_| Unread)?),
    }
    Ok((length, false))
}

fn number_after(bytes: &[u8], most: usize) -> (u32, usize) {
    let (value, length) = number(&bytes[1..], 16, most);
    (value, 1 + length)
}

fn number(bytes: &[u8], base: u32, most: usize) -> (u32, usize) {
    let digits = bytes
        .iter()
        .take(most)
        .map_while(|&byte| char::from(byte).to_digit(base));
    digits.fold((0, 0), |(value, length), digit| {
        (value.wrapping_mul(base) + digit, length + 1)
    })
}
