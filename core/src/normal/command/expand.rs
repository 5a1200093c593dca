//! Words to what programs get: braces, tildes, variables and substitutions, as far as the text settles them. A
//! substitution is read as a script on the way.

use std::rc::Rc;

use super::arg::{Arg, Flow};
use super::budget::Unread;
use super::shell::{Operator, Part, Span, Variable, Word};
use super::text::Text;
use super::walk::Walk;
use crate::limits::COMMAND_BRACES_MAX;

/// The words that come out of one word, the last of them still growing.
struct Fields {
    done: Vec<Arg>,
    /// Its text is the first piece of it alone; where there are more, all of them are in `joined`.
    last: Arg,
    joined: String,
    /// Whether `last` holds anything, an empty quote included.
    begun: bool,
    span: Span,
}

/// Bytes that a word of several parts mostly fits in.
const JOINED: usize = 64;

impl Fields {
    fn new(span: Span) -> Fields {
        Fields {
            done: Vec::new(),
            last: Arg {
                span: span.clone(),
                ..Arg::default()
            },
            joined: String::new(),
            begun: false,
            span,
        }
    }

    fn push(&mut self, text: &str) {
        self.begun = true;
        // A word is known by its beginning: what follows something unknown is dropped.
        if self.last.open {
            return;
        }
        if self.last.text.is_empty() {
            self.last.text = text.into();
        } else {
            self.join(text);
        }
    }

    /// Puts a text behind what is there.
    fn join(&mut self, text: &str) {
        if self.joined.is_empty() {
            self.joined.reserve(JOINED);
            self.joined.push_str(&self.last.text);
        }
        self.joined.push_str(text);
    }

    fn open(&mut self, from: &Arg) {
        self.begun = true;
        if self.last.open {
            self.last.many |= from.many;
            self.last.remote |= from.remote;
            self.last.glob &= from.glob;
            return;
        }
        if self.last.text.is_empty() {
            self.last.plain = from.plain;
            self.last.home = from.home;
            self.last.text.clone_from(&from.text);
        } else {
            self.join(&from.text);
        }
        self.last.open |= from.open;
        self.last.glob |= from.glob;
        self.last.many |= from.many;
        self.last.remote |= from.remote;
        self.last.own = from.own && self.last.text.is_empty();
        if from.pipe.is_some() {
            self.last.pipe.clone_from(&from.pipe);
        }
    }

    fn split(&mut self) {
        let next = Arg {
            span: self.span.clone(),
            ..Arg::default()
        };
        let last = self.take_last(next);
        if std::mem::take(&mut self.begun) {
            self.done.push(last);
        }
    }

    fn take_last(&mut self, next: Arg) -> Arg {
        let mut last = std::mem::replace(&mut self.last, next);
        if !self.joined.is_empty() {
            last.text = self.joined.as_str().into();
            self.joined.clear();
        }
        last
    }

    /// The word that grew last, where no other is wanted.
    fn last(mut self) -> Arg {
        self.take_last(Arg::default())
    }

    fn finish_into(mut self, out: &mut Vec<Arg>) {
        out.append(&mut self.done);
        if self.begun {
            out.push(self.last());
        }
    }
}

impl Walk<'_> {
    /// The words of a command.
    pub(super) fn words(&mut self, words: &[Word<'_>]) -> Result<Vec<Arg>, Unread> {
        let mut out = Vec::with_capacity(words.len());
        for word in words {
            self.word_into(word, &mut out)?;
        }
        self.budget.words(out.len())?;
        Ok(out)
    }

    fn word_into(&mut self, word: &Word<'_>, out: &mut Vec<Arg>) -> Result<(), Unread> {
        let span = self.span(&word.span);
        if let [Part::Text(text)] = word.parts.as_slice()
            && !text
                .bytes()
                .any(|byte| matches!(byte, b'{' | b'*' | b'?' | b'[' | b'~'))
        {
            out.push(Arg::known(text, span));
            return Ok(());
        }
        if word
            .parts
            .iter()
            .any(|part| matches!(part, Part::Text(text) if text.contains('{')))
        {
            return self.braced(word, span, out);
        }
        let mut fields = Fields::new(span);
        self.parts(&word.parts, &mut fields, false)?;
        fields.finish_into(out);
        Ok(())
    }

    /// One word where no fields are split: an assignment, the target of a redirection.
    pub(super) fn single(&mut self, word: &Word<'_>) -> Result<Arg, Unread> {
        let span = self.span(&word.span);
        let mut fields = Fields::new(span);
        self.parts(&word.parts, &mut fields, true)?;
        let known = fields.done.is_empty();
        let mut arg = fields.last();
        if !known {
            arg.open = true;
            arg.many = true;
        }
        Ok(arg)
    }

    /// A text in double quotes, a here-document.
    pub(super) fn text(&mut self, parts: &[Part<'_>]) -> Result<Arg, Unread> {
        let mut fields = Fields::new(0..0);
        self.parts(parts, &mut fields, true)?;
        let known = fields.done.is_empty();
        let mut arg = fields.last();
        arg.open |= !known;
        arg.many = false;
        Ok(arg)
    }

    fn parts(&mut self, parts: &[Part<'_>], fields: &mut Fields, whole: bool) -> Result<(), Unread> {
        for (at, part) in parts.iter().enumerate() {
            self.part(part, at == 0, fields, whole)?;
        }
        Ok(())
    }

    fn part(&mut self, part: &Part<'_>, first: bool, fields: &mut Fields, whole: bool) -> Result<(), Unread> {
        match part {
            Part::Text(text) => self.literal(text, first, fields, whole),
            Part::Quoted(text) => fields.push(text),
            Part::Double(parts) => {
                fields.begun = true;
                for part in parts {
                    self.part(part, false, fields, whole)?;
                }
            }
            Part::Variable(variable, quoted) => self.variable(variable, *quoted || whole, *quoted, fields)?,
            Part::Command(list, quoted) => {
                let flow = self.captured(|walk| walk.list(list, &Flow::inherited()))?;
                substituted(&flow, *quoted || whole, fields);
            }
            Part::Backtick(text, quoted) => {
                let flow = self.captured(|walk| walk.nested(text, &Flow::inherited()))?;
                substituted(&flow, *quoted || whole, fields);
            }
            Part::Process(list) => {
                let flow = self.captured(|walk| walk.list(list, &Flow::unknown()))?;
                let pipe = Arg {
                    text: "/dev/fd/".into(),
                    open: true,
                    remote: flow.remote,
                    pipe: Some(Rc::new(flow)),
                    ..Arg::default()
                };
                fields.open(&pipe);
            }
            Part::Arithmetic(parts) => {
                self.arithmetic(parts)?;
                fields.open(&plain(fields.span.clone()));
            }
            Part::Pattern => fields.open(&glob(fields.span.clone())),
            Part::Array(words) => {
                self.words(words)?;
                let mut several = Arg::unknown(fields.span.clone());
                several.many = true;
                fields.open(&several);
            }
        }
        Ok(())
    }

    /// What is not quoted: a tilde at the beginning, globs.
    fn literal(&mut self, text: &str, first: bool, fields: &mut Fields, whole: bool) {
        let mut text = text;
        if first && text.starts_with('~') && fields.last.text.is_empty() {
            let end = text.find(['/', ':']).unwrap_or(text.len());
            let (name, rest) = text.split_at(end);
            self.tilde(name, fields);
            text = rest;
        }
        match glob_at(text) {
            Some(at) if !whole => {
                fields.push(&text[..at]);
                fields.open(&glob(fields.span.clone()));
            }
            _ if text.is_empty() => {}
            _ => fields.push(text),
        }
    }

    fn tilde(&mut self, name: &str, fields: &mut Fields) {
        match name {
            "~" => {
                let home = self.home(fields.span.clone());
                fields.open(&home);
            }
            "~+" => fields.push("."),
            _ => {
                // Somebody's home, or the directory before.
                let mut path = plain(fields.span.clone());
                path.text = "/".into();
                fields.open(&path);
            }
        }
    }

    /// The value of a variable, split where it is not quoted.
    fn variable(
        &mut self,
        variable: &Variable<'_>,
        quoted: bool,
        at_quoted: bool,
        fields: &mut Fields,
    ) -> Result<(), Unread> {
        self.budget.work(1)?;
        if matches!(variable.name, "@" | "*") && variable.operator == Operator::Plain {
            return self.positional_all(quoted && !at_quoted, fields);
        }
        let value = self.value(variable, fields.span.clone())?;
        if quoted {
            fields.open(&Arg {
                many: variable.operator == Operator::Other && is_array(variable),
                ..value
            });
            return Ok(());
        }
        split(&value, self.separators_changed(), fields);
        Ok(())
    }

    fn positional_all(&mut self, joined: bool, fields: &mut Fields) -> Result<(), Unread> {
        let args = self.arguments.clone();
        match args {
            Some(args) if !joined => {
                self.budget.words(args.len())?;
                for (at, arg) in args.iter().enumerate() {
                    if 0 < at {
                        fields.split();
                    }
                    fields.open(arg);
                }
            }
            _ => {
                let mut all = Arg::unknown(fields.span.clone());
                all.many = true;
                fields.open(&all);
            }
        }
        Ok(())
    }

    fn value(&mut self, variable: &Variable<'_>, span: Span) -> Result<Arg, Unread> {
        let known = self.lookup(variable.name, span.clone());
        let argument = if variable.argument.is_empty() {
            Arg::default()
        } else {
            let mut fields = Fields::new(span.clone());
            let mark = self.variables.mark();
            self.parts(&variable.argument, &mut fields, true)?;
            self.variables.merge(mark);
            fields.last()
        };
        let unset_or_empty = || Arg {
            many: true,
            ..Arg::unknown(span.clone())
        };
        Ok(match variable.operator {
            // Without a value the shell stops there.
            Operator::Plain | Operator::Demand => known.unwrap_or_else(unset_or_empty),
            Operator::Length => plain(span),
            Operator::Executes => {
                self.opaque = true;
                self.doubt("`@P` and its kin run what is in the variable", None, &span);
                unset_or_empty()
            }
            Operator::Default | Operator::Assign => {
                if variable.operator == Operator::Assign {
                    self.variables.forget(variable.name);
                }
                match known {
                    Some(known) if !known.open && !known.text.is_empty() => known,
                    Some(known) if !known.open => argument,
                    _ => unset_or_empty(),
                }
            }
            Operator::Alternative | Operator::Other => {
                // An index or a pattern is substituted, and so is what an index holds.
                self.subscripts(&argument);
                Arg {
                    remote: known.is_some_and(|known| known.remote),
                    ..unset_or_empty()
                }
            }
        })
    }

    // -- braces --

    fn braced(&mut self, word: &Word<'_>, span: Span, out: &mut Vec<Arg>) -> Result<(), Unread> {
        let mut tokens = Vec::new();
        for (at, part) in word.parts.iter().enumerate() {
            match part {
                Part::Text(text) => tokens.extend(text.chars().map(Token::Char)),
                _ => tokens.push(Token::Part(at)),
            }
        }
        self.budget.work(tokens.len())?;
        let mut words = Vec::new();
        if !alternatives(&tokens, &mut words, 0) {
            let mut several = Arg::unknown(span);
            several.many = true;
            out.push(several);
            // What is substituted in it runs all the same.
            let mut fields = Fields::new(0..0);
            return self.parts(&word.parts, &mut fields, false);
        }
        for tokens in words {
            self.budget.work(tokens.len())?;
            let mut fields = Fields::new(span.clone());
            self.tokens(&tokens, &word.parts, &mut fields)?;
            fields.finish_into(out);
        }
        Ok(())
    }

    fn tokens(&mut self, tokens: &[Token], parts: &[Part<'_>], fields: &mut Fields) -> Result<(), Unread> {
        let mut text = String::new();
        let mut first = true;
        for token in tokens {
            match token {
                Token::Char(c) => text.push(*c),
                Token::Part(at) => {
                    self.literal(&std::mem::take(&mut text), first, fields, false);
                    first = false;
                    self.part(&parts[*at], false, fields, false)?;
                }
            }
        }
        self.literal(&text, first, fields, false);
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Token {
    Char(char),
    Part(usize),
}

/// All words that the braces of one word stand for; false where there are too many.
fn alternatives(tokens: &[Token], out: &mut Vec<Vec<Token>>, depth: usize) -> bool {
    if 16 < depth || COMMAND_BRACES_MAX < out.len() {
        return false;
    }
    let Some((open, close, choices)) = braces(tokens) else {
        out.push(tokens.to_vec());
        return true;
    };
    for choice in choices {
        let word = [&tokens[..open], &choice, &tokens[close + 1..]].concat();
        if !alternatives(&word, out, depth + 1) {
            return false;
        }
    }
    true
}

/// The first braces that expand: where they open and close, and what they stand for.
fn braces(tokens: &[Token]) -> Option<(usize, usize, Vec<Vec<Token>>)> {
    (0..tokens.len())
        .filter(|&at| tokens[at] == Token::Char('{'))
        .take(64)
        .find_map(|open| {
            let close = matching(tokens, open)?;
            let choices = choices(&tokens[open + 1..close])?;
            Some((open, close, choices))
        })
}

fn matching(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::Char('{') => depth += 1,
            Token::Char('}') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn choices(inner: &[Token]) -> Option<Vec<Vec<Token>>> {
    let mut depth = 0usize;
    let mut found = vec![Vec::new()];
    for &token in inner {
        match token {
            Token::Char('{') => depth += 1,
            Token::Char('}') => depth = depth.saturating_sub(1),
            Token::Char(',') if depth == 0 => {
                found.push(Vec::new());
                continue;
            }
            _ => {}
        }
        found.last_mut()?.push(token);
    }
    if 1 < found.len() {
        Some(found)
    } else {
        sequence(inner)
    }
}

/// `1..5`, `a..e`
fn sequence(inner: &[Token]) -> Option<Vec<Vec<Token>>> {
    let text = inner.iter().map(|token| match token {
        Token::Char(c) => Some(*c),
        Token::Part(_) => None,
    });
    let text: String = text.collect::<Option<_>>()?;
    let (first, rest) = text.split_once("..")?;
    let (last, step) = rest.split_once("..").unwrap_or((rest, "1"));
    let word = |text: String| text.chars().map(Token::Char).collect();
    if let (Ok(first), Ok(last), Ok(step)) = (first.parse::<i32>(), last.parse::<i32>(), step.parse::<i32>())
    {
        let (low, high) = (first.min(last), first.max(last));
        let step = usize::try_from(step.unsigned_abs().max(1)).ok()?;
        let all = (low..=high).step_by(step).take(COMMAND_BRACES_MAX + 1);
        return Some(all.map(|n| word(n.to_string())).collect());
    }
    let one = |text: &str| {
        text.chars()
            .next()
            .filter(|c| text.len() == 1 && c.is_ascii_alphabetic())
    };
    let (first, last) = (one(first)?, one(last)?);
    Some(
        (first.min(last)..=first.max(last))
            .map(|c| word(c.to_string()))
            .collect(),
    )
}

/// `"${x[@]}"` and `"${@:2}"` are several words though they are quoted.
fn is_array(variable: &Variable<'_>) -> bool {
    variable.name == "@" || matches!(variable.argument.first(), Some(Part::Quoted(text)) if text == "@")
}

// -- values --

fn plain(span: Span) -> Arg {
    Arg {
        plain: true,
        ..Arg::unknown(span)
    }
}

fn glob(span: Span) -> Arg {
    Arg {
        glob: true,
        many: true,
        plain: true,
        ..Arg::unknown(span)
    }
}

/// Where a glob begins. `[` is one only where a `]` follows.
fn glob_at(text: &str) -> Option<usize> {
    let at = text.bytes().position(|byte| matches!(byte, b'*' | b'?' | b'['))?;
    let bracket = text[at..].starts_with('[') && !text[at + 1..].contains(']');
    if bracket {
        text[at + 1..].find(['*', '?']).map(|next| at + 1 + next)
    } else {
        Some(at)
    }
}

/// What stands for `$( )`: its output without the new lines at its end.
fn substituted(flow: &Flow, quoted: bool, fields: &mut Fields) {
    let span = fields.span.clone();
    let value = match (&flow.text, flow.plain) {
        (Some(text), _) => Arg {
            remote: flow.remote,
            ..Arg::known(text.trim_end_matches('\n'), span)
        },
        (None, Some(begin)) => Arg {
            text: begin.into(),
            remote: flow.remote,
            ..plain(span)
        },
        (None, None) => Arg {
            remote: flow.remote,
            many: !quoted,
            own: flow.own,
            ..Arg::unknown(span)
        },
    };
    if quoted {
        fields.open(&value);
    } else {
        split(&value, false, fields);
    }
}

/// Splits a value that is not quoted into words.
fn split(value: &Arg, changed: bool, fields: &mut Fields) {
    if value.open || changed {
        let mut value = value.clone();
        value.many |= !value.plain;
        if changed {
            value.open = true;
            value.text = Text::default();
        }
        fields.open(&value);
        return;
    }
    let special = |byte| matches!(byte, b' ' | b'\t' | b'\n' | b'*' | b'?' | b'[');
    if !value.text.bytes().any(special) {
        if !value.text.is_empty() {
            fields.open(&Arg {
                glob: false,
                many: false,
                ..value.clone()
            });
        }
        return;
    }
    let words = value.text.split([' ', '\t', '\n']);
    let mut first = true;
    for word in words {
        if !first {
            fields.split();
        }
        first = false;
        if word.is_empty() {
            continue;
        }
        let at = glob_at(word);
        let known = Arg {
            text: word[..at.unwrap_or(word.len())].into(),
            open: at.is_some(),
            glob: at.is_some(),
            many: at.is_some(),
            ..value.clone()
        };
        fields.open(&known);
    }
}
