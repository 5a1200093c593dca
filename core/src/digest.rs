//! Hashes: SHA-256 (FIPS 180-4), over bytes or over canonical JSON (RFC 8785). Knows nothing of what is hashed.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter};
use sha2::{Digest as _, Sha256};

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

    /// The hash of the canonical form of a JSON value.
    pub fn of_json(value: &Value) -> Digest {
        Digest(Sha256::digest(canonical(value)).into())
    }

    /// The first hexadecimal digits.
    pub fn short(&self, digits: usize) -> String {
        let mut hex = self.hex();
        hex.truncate(digits);
        hex
    }

    fn hex(&self) -> String {
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits
            .filter_map(|digit| char::from_digit(digit.into(), 16))
            .collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The canonical form of a JSON value (RFC 8785).
///
/// serde_json writes texts, and lists and objects without spaces, as the RFC does; so where the keys stand in its order already
/// only numbers are left to the library that knows all of it, and that takes a fraction of the time.
pub fn canonical(value: &Value) -> Vec<u8> {
    if !is_sorted(value) {
        return by_library(value);
    }
    let mut out = Vec::with_capacity(1 << 10);
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Numbers);
    match value.serialize(&mut serializer) {
        Ok(()) => out,
        Err(_) => by_library(value),
    }
}

fn by_library<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value)
        .expect("a JSON value in memory has a canonical form: its numbers are finite")
}

/// Whether the keys of all objects stand in the order of their UTF-16 code units. That of bytes is another only behind the
/// surrogates, from U+E000 on.
fn is_sorted(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(is_sorted),
        Value::Object(keys) => {
            let plain = keys.keys().all(|key| key.bytes().all(|byte| byte < 0xee));
            plain && keys.keys().is_sorted() && keys.values().all(is_sorted)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// Whole numbers up to here are written digit by digit; what is larger is rounded to a double first.
const WHOLE_MAX: u64 = 1 << 53;

/// Writes numbers as ECMAScript does: whole ones without a fraction, the others by the library.
struct Numbers;

impl Formatter for Numbers {
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
    use serde_json::{Number, json};

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
            let key = prop_oneof!["[a-c_]{0,2}", "[\u{7f}\u{e000}\u{ffff}\u{10000}a]{0,3}"];
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
