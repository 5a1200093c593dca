//! Amounts: decimal figures that are added up and compared exactly, such as tokens, money, seconds. Knows neither what is
//! counted nor who may use how much.

use serde_json::{Number, Value as Json};

use crate::limits::INTEGER_MAX;
use crate::pack::{Broken, Pack, Reader, Writer};
use crate::value::Value;

/// An exact decimal number with at most nine decimals. Money is one, since 0.1 + 0.2 is 0.3.
///
/// ```
/// # use bailiwick::machinery::amount::Amount;
/// let [a, b] = ["0.1", "0.2"].map(|text| Amount::parse(text).unwrap());
/// assert_eq!(a.plus(b), Amount::parse("0.3").unwrap());
/// assert_eq!(Amount::parse("1e3"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(
    /// In billionths: sums and products with a percentage stay far within the type.
    i128,
);

const DECIMALS: usize = 9;
const ONE: i128 = 1_000_000_000;

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);
    /// One of something that is counted.
    pub const ONE: Amount = Amount(ONE);

    /// Digits, with up to nine more behind a point; within ±(2^53 - 1).
    pub fn parse(text: &str) -> Option<Amount> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let decimals = decimals.trim_end_matches('0');
        if !is_number(whole) || !(decimals.is_empty() || is_number(decimals)) || digits.ends_with('.') {
            return None;
        }
        // Longer ones are larger than any that JSON keeps exact, or finer than a billionth.
        if DECIMALS < decimals.len() || 32 < whole.len() {
            return None;
        }
        let whole: i128 = whole.parse().ok()?;
        let parts: i128 = format!("{decimals:0<DECIMALS$}").parse().ok()?;
        (whole <= i128::from(INTEGER_MAX)).then_some(Amount(sign * (whole * ONE + parts)))
    }

    /// A value that can be added up: a number as it is written, a duration as its seconds.
    pub fn of(value: &Value) -> Option<Amount> {
        match value {
            Value::Int(n) => Some(Amount(i128::from(*n) * ONE)),
            // The shortest text that reads back as the same number is what its author wrote.
            Value::Number(n) | Value::Percent(n) => Amount::parse(&n.to_string()),
            Value::Duration(nanoseconds) => Some(Amount(*nanoseconds)),
            _ => None,
        }
    }

    /// So many seconds as there are nanoseconds in it.
    pub fn of_nanoseconds(nanoseconds: i128) -> Amount {
        Amount(nanoseconds)
    }

    /// A JSON number as it is written.
    pub fn of_number(number: &Number) -> Option<Amount> {
        match number.as_i64() {
            Some(whole) => Some(Amount(i128::from(whole) * ONE)),
            None => Amount::parse(&number.as_f64()?.to_string()),
        }
    }

    /// Both together. What is larger than any amount stays the largest there is.
    #[must_use]
    pub fn plus(self, other: Amount) -> Amount {
        Amount(self.0.saturating_add(other.0))
    }

    /// What is left of it.
    #[must_use]
    pub fn minus(self, other: Amount) -> Amount {
        Amount(self.0.saturating_sub(other.0))
    }

    /// So many percent of it, rounded down to a billionth.
    #[must_use]
    pub fn percent(self, percent: Amount) -> Amount {
        Amount(self.0.saturating_mul(percent.0).div_euclid(100 * ONE))
    }

    /// Whether it is less than nothing.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// As records write it: the JSON number nearest to it, which is the number itself up to fifteen digits.
    pub fn to_json(self) -> Json {
        let whole = self.0 / ONE;
        match i64::try_from(whole) {
            Ok(whole) if self.0 % ONE == 0 && whole.abs() <= INTEGER_MAX => Json::from(whole),
            _ => Json::from(self.to_string().parse::<f64>().unwrap_or(f64::MAX)),
        }
    }
}

impl Pack for Amount {
    fn pack(&self, to: &mut Writer) {
        self.0.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Amount, Broken> {
        Pack::unpack(from).map(Amount)
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (sign, size) = if self.0 < 0 {
            ("-", self.0.unsigned_abs())
        } else {
            ("", self.0.unsigned_abs())
        };
        let (whole, parts) = (size / ONE.unsigned_abs(), size % ONE.unsigned_abs());
        let parts = format!("{parts:0>DECIMALS$}");
        match parts.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            parts => write!(f, "{sign}{whole}.{parts}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn amount(text: &str) -> Amount {
        Amount::parse(text).expect("it is an amount")
    }

    #[test]
    fn texts_are_read_as_they_are_written() {
        for (text, written) in [
            ("5.00", "5"),
            ("0.1", "0.1"),
            ("-3.25", "-3.25"),
            ("007", "7"),
            ("9007199254740991", "9007199254740991"),
            ("0.000000001", "0.000000001"),
        ] {
            assert_eq!(amount(text).to_string(), written);
        }
    }

    #[test]
    fn what_is_no_decimal_or_not_kept_exact_is_none() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1e3",
            "+1",
            "1_000",
            "0.0000000001",
            "9007199254740992",
            "NaN",
            "--1",
            "1.2.3",
        ] {
            assert_eq!(Amount::parse(text), None, "{text}");
        }
    }

    #[test]
    fn sums_of_money_are_exact() {
        let mut sum = Amount::ZERO;
        (0..1000).for_each(|_| sum = sum.plus(amount("0.1")));
        assert_eq!(sum, amount("100"));
        assert_eq!(
            Amount::of(&Value::Number(0.1)).map(|a| a.plus(amount("0.2"))),
            Some(amount("0.3"))
        );
    }

    #[test]
    fn a_share_is_taken_exactly() {
        assert_eq!(amount("200").percent(amount("80")), amount("160"));
        assert_eq!(amount("0.05").percent(amount("12.5")), amount("0.00625"));
        assert_eq!(amount("100000").percent(amount("110")), amount("110000"));
    }

    #[test]
    fn records_write_the_number_itself() {
        for text in ["4.1", "199.95", "123456789012.123", "-2.5", "100000"] {
            assert_eq!(amount(text).to_json().to_string(), text);
        }
    }
}
