//! A word after its expansion, and what flows from one program into the next. Both are known, known by their beginning,
//! or not known.

use std::rc::Rc;

use super::shell::Span;
use super::text::Text;

/// A word as a program gets it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Arg {
    /// What is known of it: its beginning at least.
    pub(super) text: Text,
    /// Whether more may follow `text`.
    pub(super) open: bool,
    /// What follows is what a glob matches: names of one folder that `text` gives.
    pub(super) glob: bool,
    /// There may be no such word, or several.
    pub(super) many: bool,
    /// It is no option, though perhaps nothing else is known of it: a number, a name, a path.
    pub(super) plain: bool,
    /// A `~` at its beginning is the home, not a file of that name.
    pub(super) home: bool,
    /// It comes from the network.
    pub(super) remote: bool,
    /// It is shell text that a program is known to print of its own.
    pub(super) own: bool,
    /// It names a pipe; this is what can be read from it.
    pub(super) pipe: Option<Rc<Flow>>,
    /// Where it is said.
    pub(super) span: Span,
}

impl Arg {
    pub(super) fn known(text: &str, span: Span) -> Arg {
        Arg {
            text: text.into(),
            span,
            ..Arg::default()
        }
    }

    pub(super) fn unknown(span: Span) -> Arg {
        Arg {
            open: true,
            span,
            ..Arg::default()
        }
    }

    /// All of it, where all of it is known.
    pub(super) fn whole(&self) -> Option<&str> {
        (!self.open && !self.many).then_some(self.text.as_str())
    }

    /// Whether it is this text.
    pub(super) fn is(&self, text: &str) -> bool {
        self.whole() == Some(text)
    }

    /// Whether it may be an option, as far as its text tells.
    pub(super) fn may_be_option(&self) -> bool {
        if self.text.is_empty() {
            self.open && !self.plain
        } else {
            self.text.starts_with('-')
        }
    }

    /// Whether nothing is known of how many words it is or how they begin: not even that they are no options.
    pub(super) fn is_anything(&self) -> bool {
        self.many && !self.glob && self.may_be_option()
    }

    /// The part of it from a byte on.
    pub(super) fn from(&self, at: usize) -> Arg {
        Arg {
            text: self.text.get(at..).unwrap_or("").into(),
            home: false,
            ..self.clone()
        }
    }
}

/// What a program writes to its output, or reads from its input.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Flow {
    /// The text, where it is known.
    pub(super) text: Option<Text>,
    /// It comes from the network.
    pub(super) remote: bool,
    /// It is the content of files, or what the caller gives: no program made it up.
    pub(super) stored: bool,
    /// It is one word of which this is known: it is no option, and begins so.
    pub(super) plain: Option<&'static str>,
    /// A program of the table that is known to print shell text of its own (`ssh-agent -s`).
    pub(super) own: bool,
}

/// Bytes up to which the output of several commands is put together.
const TEXT_MAX: usize = 4_096;

impl Flow {
    /// Nothing at all.
    pub(super) fn silent() -> Flow {
        Flow::text("")
    }

    pub(super) fn text(text: &str) -> Flow {
        Flow {
            text: Some(text.into()),
            ..Flow::default()
        }
    }

    pub(super) fn unknown() -> Flow {
        Flow::default()
    }

    /// What whoever calls the shell has for its input.
    pub(super) fn inherited() -> Flow {
        Flow {
            stored: true,
            ..Flow::default()
        }
    }

    pub(super) fn remote() -> Flow {
        Flow {
            remote: true,
            ..Flow::default()
        }
    }

    pub(super) fn plain(begin: &'static str) -> Flow {
        Flow {
            plain: Some(begin),
            ..Flow::default()
        }
    }

    /// One after the other.
    pub(super) fn then(self, next: Flow) -> Flow {
        match (self.text.as_deref(), next.text.as_deref()) {
            (Some(""), _) => next,
            (_, Some("")) => self,
            // Each command adds to the text of all before it: without a bound a long script would take its square.
            (Some(first), Some(second)) if first.len() + second.len() <= TEXT_MAX => Flow {
                remote: self.remote || next.remote,
                ..Flow::text(&format!("{first}{second}"))
            },
            _ => Flow {
                remote: self.remote || next.remote,
                stored: self.stored && next.stored,
                ..Flow::default()
            },
        }
    }
}
