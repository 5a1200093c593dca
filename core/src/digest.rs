//! Hashes: SHA-256 (FIPS 180-4), over bytes or over canonical JSON (RFC 8785). Knows nothing of what is hashed.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};
use sha2::{Digest as _, Sha256};

use crate::pack::{Broken, Pack, Reader, Writer};

/// A SHA-256 hash. Displays as `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The hash of parts, each with its length before it, so that no two lists of parts hash alike.
    pub fn of_parts<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> Digest {
        let mut hasher = Sha256::new();
        for part in parts {
            let part = part.as_ref();
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Digest(hasher.finalize().into())
    }

    /// The hash of the canonical form of a value.
    pub fn of_json<T: Serialize>(value: &T) -> Digest {
        Digest(Sha256::digest(canonical(value)).into())
    }

    /// The first hexadecimal digits.
    pub fn short(&self, digits: usize) -> String {
        let mut hex = self.hex();
        hex.truncate(digits);
        hex
    }

    fn hex(&self) -> String {
        String::from_utf8_lossy(&self.digits()).into_owned()
    }

    fn digits(&self) -> [u8; 64] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [0; 64];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        digits
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        f.write_str(&String::from_utf8_lossy(&self.digits()))
    }
}

/// Reads what it displays.
impl FromStr for Digest {
    type Err = ();

    fn from_str(text: &str) -> Result<Digest, ()> {
        let digits = text.strip_prefix("sha256:").ok_or(())?.as_bytes();
        let mut digest = Digest([0; 32]);
        if digits.len() != 64 {
            return Err(());
        }
        for (byte, pair) in digest.0.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(digest)
    }
}

fn digit(digit: u8) -> Result<u8, ()> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(()),
    }
}

impl Pack for Digest {
    fn pack(&self, to: &mut Writer) {
        to.raw(&self.0);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Digest, Broken> {
        let mut digest = Digest([0; 32]);
        digest.0.copy_from_slice(from.raw(32)?);
        Ok(digest)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The canonical form of a value (RFC 8785).
///
/// serde_json writes texts, and lists and objects without spaces, as the RFC does; so where the keys come in its order already
/// only numbers are left to the library that knows all of it, and that takes a fraction of the time. Maps of serde_json come so
/// in most builds, and structs whose fields stand in the order of their names. Where a key does not, the library writes all.
pub fn canonical<T: Serialize>(value: &T) -> Vec<u8> {
    let (mut out, unsorted) = (Vec::with_capacity(1 << 12), Cell::new(false));
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Canonical::new(&unsorted));
    match value.serialize(&mut serializer) {
        Ok(()) if !unsorted.get() => out,
        _ => by_library(value),
    }
}

fn by_library<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value)
        .expect("a JSON value in memory has a canonical form: its numbers are finite")
}

/// Whole numbers up to here are written digit by digit; what is larger is rounded to a double first.
const WHOLE_MAX: u64 = 1 << 53;

/// Writes numbers as ECMAScript does, whole ones without a fraction, the others by the library; and watches the order of keys.
struct Canonical<'c> {
    unsorted: &'c Cell<bool>,
    /// The keys of the objects that are open, one behind the other.
    keys: Vec<u8>,
    /// For each object that is open where its keys begin, and the last of them.
    open: Vec<(usize, Option<usize>)>,
    /// Where the key that is being written begins.
    key: Option<usize>,
}

impl Canonical<'_> {
    fn new(unsorted: &Cell<bool>) -> Canonical<'_> {
        Canonical {
            unsorted,
            keys: Vec::with_capacity(1 << 9),
            open: Vec::with_capacity(1 << 3),
            key: None,
        }
    }
}

impl Formatter for Canonical<'_> {
    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open.push((self.keys.len(), None));
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let start = self.open.pop().map_or(0, |(start, _)| start);
        self.keys.truncate(start);
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.key = Some(self.keys.len());
        match first {
            true => Ok(()),
            false => writer.write_all(b","),
        }
    }

    /// The order is that of UTF-16 code units, which is another than that of bytes only behind the surrogates, from U+E000 on.
    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let (Some(key), Some((_, last))) = (self.key.take(), self.open.last_mut()) else {
            return Ok(());
        };
        let new = &self.keys[key..];
        let follows = last.is_none_or(|last| self.keys[last..key] < *new);
        let plain = new.is_ascii() || new.iter().all(|&byte| byte < 0xee);
        if !follows || !plain {
            self.unsorted.set(true);
        }
        *last = Some(key);
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if self.key.is_some() {
            self.keys.extend_from_slice(fragment.as_bytes());
        }
        writer.write_all(fragment.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        // Keys are compared by what they are, not by how they are written. Such keys are rare.
        if self.key.is_some() {
            self.unsorted.set(true);
        }
        CompactFormatter.write_char_escape(writer, escape)
    }

    fn write_i64<W: ?Sized + Write>(&mut self, writer: &mut W, value: i64) -> io::Result<()> {
        match value.unsigned_abs() <= WHOLE_MAX {
            true => CompactFormatter.write_i64(writer, value),
            false => writer.write_all(&by_library(&value)),
        }
    }

    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        match value <= WHOLE_MAX {
            true => CompactFormatter.write_u64(writer, value),
            false => writer.write_all(&by_library(&value)),
        }
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        match value.fract() == 0.0 && value.abs() <= WHOLE_MAX as f64 {
            true => CompactFormatter.write_i64(writer, value as i64),
            false => writer.write_all(&by_library(&value)),
        }
    }
}

#[cfg(test)]
mod canonical_tests {
    use proptest::prelude::*;
    use serde_json::{Number, Value, json};

    use super::*;

    fn number() -> impl Strategy<Value = Number> {
        let edges = [
            0.0,
            -0.0,
            1e21,
            1e-7,
            9_007_199_254_740_993.0,
            -1.5,
            1e300,
            5e-324,
        ];
        prop_oneof![
            any::<i64>().prop_map(Number::from),
            any::<u64>().prop_map(Number::from),
            (-1000_i64..1000).prop_map(|whole| Number::from_f64(whole as f64).expect("it is finite")),
            any::<f64>().prop_filter_map("finite", Number::from_f64),
            prop::sample::select(edges.to_vec()).prop_filter_map("finite", Number::from_f64),
        ]
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            number().prop_map(Value::Number),
            ".{0,6}".prop_map(Value::String),
            "[\\x00-\\x7f\u{2028}\u{fffd}\u{10000}]{0,6}".prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            let key = prop_oneof![
                "[a-c_]{0,2}",
                "[\u{7f}\u{e000}\u{ffff}\u{10000}a]{0,3}",
                "[\"\\\\\n#a]{0,2}"
            ];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::btree_map(key, inner, 0..6)
                    .prop_map(|keys| Value::Object(keys.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_is_what_the_library_writes(value in value()) {
            let (ours, theirs) = (canonical(&value), by_library(&value));
            prop_assert_eq!(String::from_utf8_lossy(&ours), String::from_utf8_lossy(&theirs));
        }
    }

    #[test]
    fn fields_in_another_order_and_keys_said_twice_are_left_to_the_library() {
        #[derive(Serialize)]
        struct Unsorted {
            b: u8,
            a: u8,
        }
        assert_eq!(canonical(&Unsorted { b: 1, a: 2 }), br#"{"a":2,"b":1}"#);
        let nested = [json!({"a": {"z": 1}, "b": {"a": 1}}), json!({"a": {}})];
        assert_eq!(canonical(&nested), by_library(&nested));
    }

    #[test]
    fn numbers_and_order_are_those_of_ecmascript() {
        let value =
            json!({"b": 1.0, "a": -0.0, "c": 9_007_199_254_740_993_u64, "d": 1e21, "e": "\u{7f}\u{8}\u{1}/"});
        let text = "{\"a\":0,\"b\":1,\"c\":9007199254740992,\"d\":1e+21,\"e\":\"\u{7f}\\b\\u0001/\"}";
        assert_eq!(String::from_utf8(canonical(&value)).expect("it is text"), text);
        let value = json!({"\u{e000}": 1, "\u{10000}": 2});
        let text = "{\"\u{10000}\":2,\"\u{e000}\":1}";
        assert_eq!(String::from_utf8(canonical(&value)).expect("it is text"), text);
    }
}
