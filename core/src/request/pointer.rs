//! JSON pointers (RFC 6901) that cost nothing until somebody reads them, and the way back from the full form to the
//! form that the host wrote.

use std::borrow::Cow;
use std::fmt;

/// A place in a JSON value, as a chain of steps on the stack of whoever walks it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pointer<'p> {
    Root,
    Key(&'p Pointer<'p>, &'p str),
    Index(&'p Pointer<'p>, usize),
}

impl Pointer<'_> {
    pub(super) fn key<'p>(&'p self, key: &'p str) -> Pointer<'p> {
        Pointer::Key(self, key)
    }

    pub(super) fn index(&self, index: usize) -> Pointer<'_> {
        Pointer::Index(self, index)
    }
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pointer::Root => Ok(()),
            Pointer::Key(parent, key) => write!(f, "{parent}/{}", escaped(key)),
            Pointer::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// A key as a pointer writes it.
pub(super) fn escaped(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) {
        Cow::Owned(key.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(key)
    }
}

/// Where the parts of a full form stood in what the host wrote.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins {
    /// What stands at the first pointer stood at the second.
    moves: Vec<(Cow<'static, str>, Cow<'static, str>)>,
}

impl Origins {
    pub(super) fn add(&mut self, to: impl Into<Cow<'static, str>>, from: impl Into<Cow<'static, str>>) {
        self.moves.push((to.into(), from.into()));
    }

    /// The place in what the host wrote.
    pub(super) fn trace(&self, pointer: &str) -> String {
        let below = |to: &str| {
            pointer
                .strip_prefix(to)
                .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let nearest = self
            .moves
            .iter()
            .filter_map(|(to, from)| below(to).map(|rest| (to.len(), from, rest)));
        match nearest.max_by_key(|(length, _, _)| *length) {
            Some((_, from, rest)) => format!("{from}{rest}"),
            None => pointer.to_owned(),
        }
    }
}
