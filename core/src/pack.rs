//! Values as bytes and back, for compiled bundles (spec/20-bundles.md). Knows bytes, how deep it is in them and how many
//! things there are that a number may name; not what any of it means. Each module says beside its types, in `pack.rs`, which
//! of their parts are kept.
//!
//! Reading trusts nothing. A number that names something is held to how many there are, a list to the bytes that are left,
//! nesting to [`PACKED_DEPTH_MAX`]; what has a text form of its own (patterns, hours) is kept as that text and read by whoever
//! reads it in policies. What was written reads back as the same bytes, so that a bundle has one hash.

use std::fmt;
use std::sync::Arc;

use crate::limits::{INTEGER_MAX, PACKED_DEPTH_MAX};

/// Something that has a form in bytes.
pub(crate) trait Pack: Sized {
    /// Writes it.
    fn pack(&self, to: &mut Writer);
    /// Reads it.
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Broken>;
}

/// Bytes that do not say what they must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// From 0, in the bytes that are read.
    pub(crate) at: usize,
    /// What is wrong there, in words.
    pub(crate) what: String,
}

/// What numbers name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Action,
    Attribute,
    Enumeration,
    Document,
    Condition,
    Requirement,
    Rule,
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Named::Action => "action",
            Named::Attribute => "attribute",
            Named::Enumeration => "enumeration",
            Named::Document => "document",
            Named::Condition => "condition",
            Named::Requirement => "requirement",
            Named::Rule => "rule",
        })
    }
}

/// Bytes being written.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Bytes whose number the reader knows.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow (LEB128, as in DWARF 5, 7.6).
    pub(crate) fn number(&mut self, mut number: u128) {
        while 0x7f < number {
            self.byte(number as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u128);
        self.raw(text.as_bytes());
    }

    pub(crate) fn all<'t, T: Pack + 't>(&mut self, items: impl ExactSizeIterator<Item = &'t T>) {
        self.number(items.len() as u128);
        items.for_each(|item| item.pack(self));
    }
}

/// Bytes being read.
#[derive(Debug)]
pub(crate) struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    depth: usize,
    known: [usize; 7],
    /// The texts that spans point into.
    pub(crate) sources: Vec<&'b str>,
}

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Reader<'b> {
        Reader {
            bytes,
            at: 0,
            depth: 0,
            known: [0; 7],
            sources: Vec::new(),
        }
    }

    /// How many bytes were read.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn broken(&self, what: impl Into<String>) -> Broken {
        Broken {
            at: self.at,
            what: what.into(),
        }
    }

    /// Says how many there are from here on.
    pub(crate) fn know(&mut self, of: Named, count: usize) {
        self.known[of as usize] = count;
    }

    /// A number that names something, held to how many there are.
    pub(crate) fn named(&mut self, of: Named) -> Result<u32, Broken> {
        let number = self.small("a number that names something")?;
        self.hold(of, number)?;
        Ok(number)
    }

    /// Whether there is such a thing.
    pub(crate) fn hold(&self, of: Named, number: u32) -> Result<(), Broken> {
        let count = self.known[of as usize];
        if (number as usize) < count {
            return Ok(());
        }
        Err(self.broken(format!("there is no {of} {number}, there are {count}")))
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Broken> {
        let byte = *self
            .bytes
            .get(self.at)
            .ok_or_else(|| self.broken("the bytes end"))?;
        self.at += 1;
        Ok(byte)
    }

    pub(crate) fn raw(&mut self, count: usize) -> Result<&'b [u8], Broken> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(raw) = rest.get(..count) else {
            return Err(self.broken(format!("{count} bytes must follow, there are {}", rest.len())));
        };
        self.at += count;
        Ok(raw)
    }

    pub(crate) fn number(&mut self) -> Result<u128, Broken> {
        // Most numbers are small.
        let first = self.byte()?;
        let mut number = u128::from(first & 0x7f);
        let (mut last, mut shift) = (first, 7);
        while last & 0x80 != 0 {
            last = self.byte()?;
            let part = u128::from(last & 0x7f);
            // One number has one form: no zeros at its end, nothing beyond its bits.
            if last == 0 || 126 < shift || shift == 126 && 3 < part {
                return Err(self.broken("a number is not in its shortest form"));
            }
            number |= part << shift;
            shift += 7;
        }
        Ok(number)
    }

    fn small<N: TryFrom<u128>>(&mut self, what: &str) -> Result<N, Broken> {
        let number = self.number()?;
        N::try_from(number).map_err(|_| self.broken(format!("{number} is too large for {what}")))
    }

    pub(crate) fn text(&mut self) -> Result<&'b str, Broken> {
        let count = self.small("the length of a text")?;
        let raw = self.raw(count)?;
        std::str::from_utf8(raw).map_err(|_| self.broken("a text is not UTF-8"))
    }

    /// How many things follow, each of a byte at least; and for how many of that size room is made at once.
    fn count<T>(&mut self) -> Result<(usize, usize), Broken> {
        let count: usize = self.small("the length of a list")?;
        let left = self.bytes.len() - self.at;
        if left < count {
            return Err(self.broken(format!("{count} things must follow in {left} bytes")));
        }
        // What a few bytes claim must not take much more memory than they do themselves.
        Ok((count, count.min(1 + left * 8 / size_of::<T>().max(1))))
    }

    pub(crate) fn all<T: Pack>(&mut self) -> Result<Vec<T>, Broken> {
        let (count, room) = self.count::<T>()?;
        let mut all = Vec::with_capacity(room);
        for _ in 0..count {
            all.push(T::unpack(self)?);
        }
        Ok(all)
    }

    /// Reads something that may hold things of its own kind.
    pub(crate) fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'b>) -> Result<T, Broken>,
    ) -> Result<T, Broken> {
        if PACKED_DEPTH_MAX <= self.depth {
            return Err(self.broken(format!("nested deeper than {PACKED_DEPTH_MAX}")));
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// Nothing may follow.
    pub(crate) fn end(&self) -> Result<(), Broken> {
        match self.bytes.len() - self.at {
            0 => Ok(()),
            left => Err(self.broken(format!("{left} bytes are left over"))),
        }
    }
}

/// `pack_fields!(Slot { roles, teams, human })`: all fields, in this order.
macro_rules! pack_fields {
    ($name:ty { $($field:ident),+ $(,)? }) => {
        impl $crate::pack::Pack for $name {
            fn pack(&self, to: &mut $crate::pack::Writer) {
                $(self.$field.pack(to);)+
            }

            fn unpack(from: &mut $crate::pack::Reader<'_>) -> Result<Self, $crate::pack::Broken> {
                Ok(Self { $($field: $crate::pack::Pack::unpack(from)?),+ })
            }
        }
    };
}

/// `pack_variants!(Kind { 0: Allow, 3: Ask(requirement), 4: Deny { unknown, bypass } })`: all variants, each with the byte before
/// it. They may hold variants of their own kind.
macro_rules! pack_variants {
    ($name:ty { $($tag:literal: $variant:ident $(($($part:ident),+))? $({ $($field:ident),+ })?),+ $(,)? }) => {
        impl $crate::pack::Pack for $name {
            fn pack(&self, to: &mut $crate::pack::Writer) {
                match self {
                    $(Self::$variant $(($($part),+))? $({ $($field),+ })? => {
                        to.byte($tag);
                        $($($part.pack(to);)+)?
                        $($($field.pack(to);)+)?
                    })+
                }
            }

            fn unpack(from: &mut $crate::pack::Reader<'_>) -> Result<Self, $crate::pack::Broken> {
                from.deeper(|from| match from.byte()? {
                    $($tag => {
                        $($(let $part = $crate::pack::Pack::unpack(from)?;)+)?
                        $($(let $field = $crate::pack::Pack::unpack(from)?;)+)?
                        Ok(Self::$variant $(($($part),+))? $({ $($field),+ })?)
                    })+
                    other => Err(from.broken(format!("{other} is no {}", stringify!($name)))),
                })
            }
        }
    };
}

pub(crate) use {pack_fields, pack_variants};

macro_rules! pack_numbers {
    ($($number:ty),+) => {$(
        impl Pack for $number {
            fn pack(&self, to: &mut Writer) {
                to.number(*self as u128);
            }

            fn unpack(from: &mut Reader<'_>) -> Result<Self, Broken> {
                from.small(stringify!($number))
            }
        }
    )+};
}

pack_numbers!(u8, u16, u32, u64, usize);

impl Pack for bool {
    fn pack(&self, to: &mut Writer) {
        to.byte(u8::from(*self));
    }

    fn unpack(from: &mut Reader<'_>) -> Result<bool, Broken> {
        match from.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(from.broken(format!("{other} is neither true nor false"))),
        }
    }
}

/// Instants, durations, exact amounts: the sign in the lowest bit. None of them is larger than this, so that a few can be added.
impl Pack for i128 {
    fn pack(&self, to: &mut Writer) {
        to.number((self << 1 ^ (self >> 127)) as u128);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<i128, Broken> {
        let number = from.number()?;
        let value = (number >> 1) as i128 ^ -((number & 1) as i128);
        match value.unsigned_abs() >> SIGNED_BITS {
            0 => Ok(value),
            _ => Err(from.broken(format!("{value} is further from 0 than any time or amount"))),
        }
    }
}

/// A billion times the largest integer takes 83.
const SIGNED_BITS: u32 = 90;

impl Pack for i64 {
    fn pack(&self, to: &mut Writer) {
        i128::from(*self).pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<i64, Broken> {
        let value = i128::unpack(from)?;
        let fits = |value: &i64| value.unsigned_abs() <= INTEGER_MAX.unsigned_abs();
        let value = i64::try_from(value).ok().filter(fits);
        value.ok_or_else(|| from.broken("an integer is larger than any that JSON keeps exact"))
    }
}

impl Pack for f64 {
    fn pack(&self, to: &mut Writer) {
        to.raw(&self.to_bits().to_le_bytes());
    }

    fn unpack(from: &mut Reader<'_>) -> Result<f64, Broken> {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(from.raw(8)?);
        let value = f64::from_le_bytes(bytes);
        value
            .is_finite()
            .then_some(value)
            .ok_or_else(|| from.broken("a number is not finite"))
    }
}

impl Pack for char {
    fn pack(&self, to: &mut Writer) {
        u32::from(*self).pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<char, Broken> {
        let number = u32::unpack(from)?;
        char::from_u32(number).ok_or_else(|| from.broken(format!("{number} is no character")))
    }
}

impl Pack for String {
    fn pack(&self, to: &mut Writer) {
        to.text(self);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<String, Broken> {
        from.text().map(str::to_owned)
    }
}

impl Pack for Box<str> {
    fn pack(&self, to: &mut Writer) {
        to.text(self);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Box<str>, Broken> {
        from.text().map(Box::from)
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, to: &mut Writer) {
        self.is_some().pack(to);
        self.iter().for_each(|value| value.pack(to));
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Option<T>, Broken> {
        bool::unpack(from)?.then(|| T::unpack(from)).transpose()
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, to: &mut Writer) {
        to.all(self.iter());
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Vec<T>, Broken> {
        from.all()
    }
}

impl<T: Pack> Pack for Box<[T]> {
    fn pack(&self, to: &mut Writer) {
        to.all(self.iter());
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Box<[T]>, Broken> {
        from.all().map(Vec::into_boxed_slice)
    }
}

impl<T: Pack> Pack for Arc<[T]> {
    fn pack(&self, to: &mut Writer) {
        to.all(self.iter());
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Arc<[T]>, Broken> {
        from.all().map(Arc::from)
    }
}

impl<T: Pack, const N: usize> Pack for [T; N] {
    fn pack(&self, to: &mut Writer) {
        self.iter().for_each(|item| item.pack(to));
    }

    fn unpack(from: &mut Reader<'_>) -> Result<[T; N], Broken> {
        let mut items = Vec::with_capacity(N);
        for _ in 0..N {
            items.push(T::unpack(from)?);
        }
        items
            .try_into()
            .map_err(|_| from.broken("a list is not of its length"))
    }
}

impl<T: Pack> Pack for Box<T> {
    fn pack(&self, to: &mut Writer) {
        (**self).pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Box<T>, Broken> {
        T::unpack(from).map(Box::new)
    }
}

impl<T: Pack> Pack for Arc<T> {
    fn pack(&self, to: &mut Writer) {
        (**self).pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Arc<T>, Broken> {
        T::unpack(from).map(Arc::new)
    }
}

impl<A: Pack, B: Pack> Pack for (A, B) {
    fn pack(&self, to: &mut Writer) {
        self.0.pack(to);
        self.1.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<(A, B), Broken> {
        Ok((A::unpack(from)?, B::unpack(from)?))
    }
}

impl<A: Pack, B: Pack, C: Pack> Pack for (A, B, C) {
    fn pack(&self, to: &mut Writer) {
        self.0.pack(to);
        self.1.pack(to);
        self.2.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<(A, B, C), Broken> {
        Ok((A::unpack(from)?, B::unpack(from)?, C::unpack(from)?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes<T: Pack>(value: &T) -> Vec<u8> {
        let mut writer = Writer::default();
        value.pack(&mut writer);
        writer.into_bytes()
    }

    fn read<T: Pack>(bytes: &[u8]) -> Result<T, Broken> {
        let mut reader = Reader::new(bytes);
        let value = T::unpack(&mut reader)?;
        reader.end().map(|()| value)
    }

    #[track_caller]
    fn check<T: Pack + PartialEq + fmt::Debug>(value: T) {
        assert_eq!(read(&bytes(&value)), Ok(value));
    }

    #[test]
    fn reads_what_it_wrote() {
        check((u8::MAX, u16::MAX));
        check((u32::MAX, u64::MAX, usize::MAX));
        check([0i128, -1, 1, (1 << SIGNED_BITS) - 1, -(1 << SIGNED_BITS) + 1]);
        check([INTEGER_MAX, -INTEGER_MAX]);
        check([0.0, -0.5, f64::MAX]);
        check((Some("text".to_owned()), None::<bool>, vec![true, false]));
        check::<Box<[Box<str>]>>(["a".into(), "".into(), "é".into()].into());
    }

    #[test]
    fn says_what_is_wrong() {
        let wrong = |found: Option<String>, words: &str| {
            let found = found.expect("it is wrong");
            assert!(found.contains(words), "{found}");
        };
        let what = |bytes: &[u8]| read::<Vec<String>>(bytes).err().map(|broken| broken.what);
        wrong(what(&[]), "the bytes end");
        wrong(what(&[200, 1]), "200 things must follow in 0 bytes");
        wrong(what(&[1, 5, b'a']), "5 bytes must follow, there are 1");
        wrong(what(&[1, 1, 0xff]), "not UTF-8");
        wrong(what(&[0, 7]), "1 bytes are left over");
        wrong(what(&[0x80, 0]), "shortest form");
        wrong(
            read::<u8>(&[0xff, 0x7f]).err().map(|broken| broken.what),
            "16383 is too large for u8",
        );
        wrong(
            read::<i64>(&bytes(&i64::MAX)).err().map(|broken| broken.what),
            "JSON keeps exact",
        );
        wrong(
            read::<f64>(&bytes(&f64::NAN)).err().map(|broken| broken.what),
            "finite",
        );
        let mut reader = Reader::new(&[3]);
        reader.know(Named::Rule, 3);
        wrong(
            reader.named(Named::Rule).err().map(|broken| broken.what),
            "there is no rule 3, there are 3",
        );
    }

    proptest! {
        /// One value has one form, so nothing can be changed that reads the same.
        #[test]
        fn any_bytes_that_read_are_those_that_would_be_written(given in prop::collection::vec(any::<u8>(), 0..24)) {
            if let Ok(value) = read::<Vec<(u32, Option<i128>, String)>>(&given) {
                prop_assert_eq!(bytes(&value), given);
            }
        }
    }
}
