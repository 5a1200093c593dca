//! A script as bash and POSIX sh read it: a tree of commands and words. Knows nothing of what programs do, and expands
//! nothing.
//!
//! The parser is ours. The crates that were tried (see the notes in spec/12-commands.md) either do not look into
//! `${x:-$(..)}`, arithmetic, here-documents and `"$\<newline>(`, or take unbounded time or memory for eight bytes, or do
//! not build for WASM; and all of them give up the one thing that we cannot do without: a bound that is shared with the
//! scripts that are found inside words. What it cannot read for certain it refuses, and the reader calls the whole opaque.

mod parse;
mod quote;
mod word;

use std::borrow::Cow;
use std::ops::Range;

use smallvec::SmallVec;

pub(super) use parse::{Commands, parse};

/// What the inside of `$'..'` stands for, its closing quote included in `text`.
pub(super) fn ansi_c(text: &str) -> Option<String> {
    quote::ansi_c(text)
        .ok()
        .filter(|(_, length)| *length == text.len())
        .map(|(text, _)| text)
}

/// Bytes of the command line.
pub(super) type Span = Range<usize>;

/// A script and the bodies of its here-documents, which the redirections name by number.
#[derive(Debug)]
pub(super) struct Script<'s> {
    pub(super) list: List<'s>,
    pub(super) bodies: Vec<Body<'s>>,
}

/// Commands one after another.
pub(super) type List<'s> = Vec<Node<'s>>;

/// A command.
#[derive(Debug)]
pub(super) enum Node<'s> {
    Simple(Simple<'s>),
    /// Two or more stages.
    Pipe(Vec<Node<'s>>),
    /// Commands joined by `&&` and `||`.
    Chain(Box<Node<'s>>, Vec<(Link, Node<'s>)>),
    Background(Box<Node<'s>>),
    Not(Box<Node<'s>>),
    Group(List<'s>),
    Subshell(List<'s>),
    If {
        arms: Vec<(List<'s>, List<'s>)>,
        other: Option<List<'s>>,
    },
    Loop {
        condition: List<'s>,
        body: List<'s>,
    },
    /// Without words: over the arguments.
    For {
        name: &'s str,
        words: Option<Vec<Word<'s>>>,
        body: List<'s>,
    },
    ForArithmetic {
        head: Vec<Part<'s>>,
        body: List<'s>,
    },
    Case {
        word: Word<'s>,
        arms: Vec<(Vec<Word<'s>>, List<'s>)>,
    },
    /// The body as text: it is read again where it is called.
    Function {
        name: &'s str,
        body: &'s str,
        span: Span,
    },
    /// `[[ ... ]]`
    Test(Vec<Word<'s>>),
    /// `(( ... ))`
    Arithmetic(Vec<Part<'s>>),
    Redirected(Box<Node<'s>>, Vec<Redirection<'s>>),
}

/// How a command hangs on the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    And,
    Or,
}

/// A program or builtin with its arguments.
#[derive(Debug, Default)]
pub(super) struct Simple<'s> {
    pub(super) assignments: Vec<Assignment<'s>>,
    pub(super) words: Vec<Word<'s>>,
    pub(super) redirections: Vec<Redirection<'s>>,
    pub(super) span: Span,
}

/// `name=value`, `name+=value`, `name[subscript]=value`.
#[derive(Debug)]
pub(super) struct Assignment<'s> {
    pub(super) name: &'s str,
    /// Appends, or sets one element: then the value of the whole is not known afterwards.
    pub(super) partial: bool,
    pub(super) subscript: Vec<Part<'s>>,
    pub(super) value: Word<'s>,
}

/// `2> file`
#[derive(Debug)]
pub(super) struct Redirection<'s> {
    /// Written before it: a number, or `{name}`.
    pub(super) descriptor: &'s str,
    pub(super) kind: Redirect,
    pub(super) target: Word<'s>,
}

/// What a redirection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Redirect {
    Read,
    Write,
    ReadWrite,
    /// `<&`
    DuplicateInput,
    /// `>&`, which writes a file where no number follows.
    DuplicateOutput,
    HereString,
    /// The number of the body.
    Here(usize),
}

/// The body of a here-document.
#[derive(Debug)]
pub(super) enum Body<'s> {
    /// Its delimiter was quoted.
    Literal(Cow<'s, str>),
    Expanded(Vec<Part<'s>>),
    /// Not come to yet.
    Pending,
}

/// A word before its expansion.
#[derive(Debug, Default)]
pub(super) struct Word<'s> {
    /// Nearly always one.
    pub(super) parts: SmallVec<[Part<'s>; 1]>,
    pub(super) span: Span,
}

/// A piece of a word. `bool` says whether it stands in double quotes.
#[derive(Debug)]
pub(super) enum Part<'s> {
    /// Not quoted: globs, braces and tildes mean something.
    Text(&'s str),
    /// Quoted; perhaps empty.
    Quoted(Cow<'s, str>),
    /// Several parts in double quotes.
    Double(Vec<Part<'s>>),
    Variable(Variable<'s>, bool),
    Command(List<'s>, bool),
    /// Its text, once unquoted.
    Backtick(Cow<'s, str>, bool),
    /// `<( )` or `>( )`.
    Process(List<'s>),
    /// `$(( ))`
    Arithmetic(Vec<Part<'s>>),
    /// `@(a|b)`: a pattern.
    Pattern,
    /// `(a b c)` after `name=`.
    Array(Vec<Word<'s>>),
}

/// `$name` and its relatives.
#[derive(Debug)]
pub(super) struct Variable<'s> {
    pub(super) name: &'s str,
    pub(super) operator: Operator,
    /// What stands in the braces after the name: subscript, default value, pattern.
    pub(super) argument: Vec<Part<'s>>,
}

/// What braces do with the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Plain,
    /// `${#x}`
    Length,
    /// `${x-y}`, `${x:-y}`
    Default,
    /// `${x=y}`, `${x:=y}`
    Assign,
    /// `${x+y}`, `${x:+y}`
    Alternative,
    /// `${x?y}`, `${x:?y}`
    Demand,
    /// A form whose value is not followed.
    Other,
    /// `${x@P}`: what the value holds is executed.
    Executes,
}
