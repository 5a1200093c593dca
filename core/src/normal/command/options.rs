//! The arguments of a program sorted into options and operands, as its row says. Knows no program by name.

use std::borrow::Cow;
use std::ops::Range;

use super::arg::Arg;
use super::table::{OptionRow, Row, Takes};

/// Arguments, sorted.
#[derive(Debug, Default)]
pub(super) struct Sorted<'a> {
    /// Options as they are listed, with their values.
    pub(super) options: Vec<Given>,
    /// They mostly stand together, and then are borrowed.
    pub(super) operands: Cow<'a, [Arg]>,
    /// Where the first of them stands.
    begin: usize,
    /// Whether there is an option that is not listed.
    pub(super) unlisted: bool,
    /// Whether some word may be any number of options.
    pub(super) doubtful: bool,
}

/// One option that is given.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) name: &'static str,
    pub(super) role: &'static str,
    pub(super) value: Option<Arg>,
}

impl<'a> Sorted<'a> {
    /// Sorts the arguments; the program itself is not among them.
    pub(super) fn of(row: &Row, args: &'a [Arg]) -> Sorted<'a> {
        let mut sorted = Sorted::default();
        let mut rest = args;
        while let Some((arg, after)) = rest.split_first() {
            let at = args.len() - rest.len();
            rest = after;
            if arg.is("--") {
                sorted.add_operands(args, at + 1..args.len());
                break;
            }
            if arg.is_anything() {
                sorted.doubtful = true;
            }
            if 1 < arg.text.len() && arg.text.starts_with('-') {
                rest = sorted.option(row, arg, rest);
                continue;
            }
            // A lone `-` that more may follow may be an option.
            sorted.doubtful |= arg.text == "-" && arg.open;
            if row.posix {
                sorted.add_operands(args, at..args.len());
                break;
            }
            sorted.add_operands(args, at..at + 1);
        }
        sorted
    }

    fn add_operands(&mut self, args: &'a [Arg], range: Range<usize>) {
        let before = self.operands.len();
        if before == 0 {
            self.begin = range.start;
        }
        let borrowed = before == 0 || matches!(self.operands, Cow::Borrowed(_));
        if borrowed && self.begin + before == range.start {
            self.operands = Cow::Borrowed(&args[self.begin..range.end]);
        } else if !range.is_empty() {
            self.operands.to_mut().extend_from_slice(&args[range]);
        }
    }

    /// Whether a mark was left, or an option with a role given.
    pub(super) fn has(&self, role: &str) -> bool {
        self.options.iter().any(|given| given.role == role)
    }

    /// The values of a role.
    pub(super) fn values<'s>(&'s self, role: &'s str) -> impl Iterator<Item = &'s Arg> {
        let given = self.options.iter().filter(move |given| given.role == role);
        given.filter_map(|given| given.value.as_ref())
    }

    fn option<'r>(&mut self, row: &Row, arg: &Arg, rest: &'r [Arg]) -> &'r [Arg] {
        let text = arg.text.as_str();
        let end = text.bytes().position(|byte| byte == b'=').unwrap_or(text.len());
        let name = &text[..end];
        let whole = row.option(name).or_else(|| {
            let long = text.starts_with("--");
            if long { row.abbreviated(name) } else { None }
        });
        if let Some(option) = whole {
            let attached = (name.len() < text.len()).then(|| arg.from(name.len() + 1));
            // `-j$(nproc)`: the value is what is not known.
            let letter = arg.open && name.len() == 2 && option.takes != Takes::Nothing;
            let attached = attached.or(letter.then(|| arg.from(2)));
            self.doubtful |= attached.is_none() && arg.open;
            return self.given(option, attached, rest);
        }
        if text.starts_with("--") {
            self.unlisted = true;
            return rest;
        }
        if row.words {
            return self.word(row, arg, rest);
        }
        self.cluster(row, arg, rest)
    }

    /// `-oprog`, `-version`
    fn word<'r>(&mut self, row: &Row, arg: &Arg, rest: &'r [Arg]) -> &'r [Arg] {
        self.doubtful |= arg.open;
        match arg.text.get(..2).and_then(|letter| row.option(letter)) {
            Some(option) if option.takes != Takes::Nothing => self.given(option, Some(arg.from(2)), rest),
            _ => {
                self.unlisted = true;
                rest
            }
        }
    }

    /// `-xzf file`
    fn cluster<'r>(&mut self, row: &Row, arg: &Arg, rest: &'r [Arg]) -> &'r [Arg] {
        let mut key = String::with_capacity(8);
        for (at, letter) in arg.text.char_indices().skip(1) {
            let after = at + letter.len_utf8();
            key.clear();
            key.extend(['-', letter]);
            match row.option(&key) {
                Some(option) if option.takes != Takes::Nothing => {
                    let attached = (after < arg.text.len() || arg.open).then(|| arg.from(after));
                    return self.given(option, attached, rest);
                }
                Some(option) => {
                    self.given(option, None, rest);
                }
                None if letter.is_ascii_digit() => {}
                None => self.unlisted = true,
            }
        }
        self.doubtful |= arg.open;
        rest
    }

    fn given<'r>(&mut self, option: OptionRow, attached: Option<Arg>, rest: &'r [Arg]) -> &'r [Arg] {
        let (value, rest) = match (option.takes, attached) {
            (Takes::Nothing, value) | (Takes::Attached | Takes::Value, value @ Some(_)) => (value, rest),
            (Takes::Attached, None) => (None, rest),
            (Takes::Rest, attached) => return self.all(option, attached, rest),
            (Takes::TwoValues, _) => (None, rest.get(2..).unwrap_or(&[])),
            (Takes::Value, None) => (rest.first().cloned(), rest.get(1..).unwrap_or(&[])),
        };
        self.options.push(Given {
            name: option.name,
            role: option.role,
            value,
        });
        rest
    }

    fn all<'r>(&mut self, option: OptionRow, attached: Option<Arg>, rest: &'r [Arg]) -> &'r [Arg] {
        let values = attached.into_iter().chain(rest.iter().cloned());
        self.options.extend(values.map(|value| Given {
            name: option.name,
            role: "rest",
            value: Some(value),
        }));
        &[]
    }
}
