//! The arguments of a program sorted into options and operands, as its row says. Knows no program by name.

use super::arg::Arg;
use super::table::{OptionRow, Row, Takes};

/// Arguments, sorted.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// Options as they are listed, with their values.
    pub(super) options: Vec<Given>,
    pub(super) operands: Vec<Arg>,
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

impl Sorted {
    /// Sorts the arguments; the program itself is not among them.
    pub(super) fn of(row: &Row, args: &[Arg]) -> Sorted {
        let mut sorted = Sorted::default();
        let mut rest = args;
        while let Some((arg, after)) = rest.split_first() {
            rest = after;
            if arg.is("--") {
                sorted.operands.extend_from_slice(rest);
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
            sorted.operands.push(arg.clone());
            if row.posix {
                sorted.operands.extend_from_slice(rest);
                break;
            }
        }
        sorted
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

    fn option<'a>(&mut self, row: &Row, arg: &Arg, rest: &'a [Arg]) -> &'a [Arg] {
        let text = arg.text.as_str();
        let name = text.split('=').next().unwrap_or(text);
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
    fn word<'a>(&mut self, row: &Row, arg: &Arg, rest: &'a [Arg]) -> &'a [Arg] {
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
    fn cluster<'a>(&mut self, row: &Row, arg: &Arg, rest: &'a [Arg]) -> &'a [Arg] {
        for (at, letter) in arg.text.char_indices().skip(1) {
            let after = at + letter.len_utf8();
            let key = format!("-{letter}");
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

    fn given<'a>(&mut self, option: OptionRow, attached: Option<Arg>, rest: &'a [Arg]) -> &'a [Arg] {
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

    fn all<'a>(&mut self, option: OptionRow, attached: Option<Arg>, rest: &'a [Arg]) -> &'a [Arg] {
        let values = attached.into_iter().chain(rest.iter().cloned());
        self.options.extend(values.map(|value| Given {
            name: option.name,
            role: "rest",
            value: Some(value),
        }));
        &[]
    }
}
