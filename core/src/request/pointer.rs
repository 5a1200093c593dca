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
    moves: Vec<Move>,
}

/// What stands at `to` stood at `from`.
#[derive(Clone, Debug)]
enum Move {
    /// Both as pointers.
    Part {
        to: Cow<'static, str>,
        from: Cow<'static, str>,
    },
    /// From a key at the top to a path of plain keys, both as they are at hand: a request that is right never pays for
    /// writing them as pointers.
    Key { to: String, from: String },
}

impl Origins {
    pub(super) fn add(&mut self, to: impl Into<Cow<'static, str>>, from: impl Into<Cow<'static, str>>) {
        let (to, from) = (to.into(), from.into());
        self.moves.push(Move::Part { to, from });
    }

    pub(super) fn add_key(&mut self, to: String, from: String) {
        self.moves.push(Move::Key { to, from });
    }

    /// The place in what the host wrote.
    pub(super) fn trace(&self, pointer: &str) -> String {
        let nearest = self
            .moves
            .iter()
            .filter_map(|part| Some((part, part.rest_of(pointer)?)));
        match nearest.min_by_key(|(_, rest)| rest.len()) {
            Some((Move::Part { from, .. }, rest)) => format!("{from}{rest}"),
            Some((Move::Key { from, .. }, rest)) => format!("/{}{rest}", escaped(from)),
            None => pointer.to_owned(),
        }
    }
}

impl Move {
    /// What is left of a pointer behind the part that was moved.
    fn rest_of<'p>(&self, pointer: &'p str) -> Option<&'p str> {
        let rest = match self {
            Move::Part { to, .. } => pointer.strip_prefix(&**to)?,
            Move::Key { to, .. } => pointer.strip_prefix('/')?.strip_prefix(to.as_str())?,
        };
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }
}
