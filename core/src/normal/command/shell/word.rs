//! Words: quotes, expansions and substitutions. Commands inside of them are read by the grammar of `parse.rs`.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::super::budget::Unread;
use super::parse::{Parser, is_meta, name_length};
use super::quote::{ansi_c, backtick};
use super::{Operator, Part, Variable, Word};

impl<'s> Parser<'s, '_> {
    /// The word here, if there is one.
    pub(super) fn word(&mut self) -> Result<Option<Word<'s>>, Unread> {
        let begin = self.at;
        let mut parts = SmallVec::new();
        // Most words are one run of characters and nothing else.
        let run = self.run();
        if !run.is_empty() {
            parts.push(Part::Text(run));
        }
        while let Some(part) = self.part(begin)? {
            if let Some(part) = part {
                add(&mut parts, part);
            }
        }
        if self.at == begin {
            return Ok(None);
        }
        self.budget.work(1 + parts.len())?;
        Ok(Some(Word {
            parts,
            span: begin..self.at,
        }))
    }

    /// The next part of a word; `Some(None)` is a continued line, which is none.
    fn part(&mut self, begin: usize) -> Result<Option<Option<Part<'s>>>, Unread> {
        let part = match self.byte(0) {
            b'<' | b'>' if self.byte(1) == b'(' => self.process()?,
            b'(' if self.extends(begin) => {
                self.balanced()?;
                Part::Pattern
            }
            byte if is_meta(byte) => return Ok(None),
            b'\\' => return self.escape().map(Some),
            b'\'' => self.single()?,
            b'"' => return self.double().map(|parts| Some(Some(joined(parts)))),
            b'$' => return self.dollar(false).map(|part| Some(Some(part))),
            b'`' => self.backtick(false)?,
            _ => Part::Text(self.run()),
        };
        Ok(Some(Some(part)))
    }

    /// Characters that mean themselves, a glob, a brace or a tilde.
    fn run(&mut self) -> &'s str {
        let rest = self.rest();
        let end = rest
            .bytes()
            .position(|b| is_meta(b) || matches!(b, b'\\' | b'\'' | b'"' | b'$' | b'`'));
        let text = &rest[..end.unwrap_or(rest.len())];
        self.at += text.len();
        text
    }

    /// Whether `(` belongs to an extended pattern: `@(a|b)`.
    fn extends(&self, begin: usize) -> bool {
        begin < self.at
            && matches!(
                self.text.as_bytes()[self.at - 1],
                b'?' | b'*' | b'+' | b'@' | b'!'
            )
    }

    /// Skips from `(` to its `)`. Substitutions in it are refused rather than searched for.
    fn balanced(&mut self) -> Result<(), Unread> {
        let mut depth = 0usize;
        loop {
            match self.byte(0) {
                0 | b'$' | b'`' | b'\n' => return Err(Unread),
                b'\\' => self.at += 1,
                b'\'' | b'"' => {
                    let quote = self.rest().chars().next().unwrap_or('"');
                    let inner = self.rest()[1..].find(quote).ok_or(Unread)?;
                    let bad = quote == '"' && self.rest()[1..=inner].contains(['$', '`', '\\']);
                    if bad {
                        return Err(Unread);
                    }
                    self.at += inner + 1;
                }
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// The right side of `=~` or `==` in `[[ ]]`, where parentheses and bars are part of the word.
    pub(super) fn pattern_word(&mut self) -> Result<Option<Word<'s>>, Unread> {
        let begin = self.at;
        let mut parts = SmallVec::new();
        let mut open = 0usize;
        loop {
            match self.byte(0) {
                0 | b'\n' => break,
                b' ' | b'\t' | b';' | b'&' if open == 0 => break,
                b')' if open == 0 => break,
                b'(' => open += 1,
                b')' => open -= 1,
                byte if is_meta(byte) => {}
                _ => {
                    if let Some(Some(part)) = self.part(self.at)? {
                        add(&mut parts, part);
                    }
                    continue;
                }
            }
            parts.push(Part::Text(&self.text[self.at..=self.at]));
            self.at += 1;
        }
        if self.at == begin {
            return Ok(None);
        }
        Ok(Some(Word {
            parts,
            span: begin..self.at,
        }))
    }

    fn process(&mut self) -> Result<Part<'s>, Unread> {
        self.at += 2;
        let list = self.list()?;
        self.may_close()?;
        self.expect(")")?;
        Ok(Part::Process(list))
    }

    // -- quotes --

    fn escape(&mut self) -> Result<Option<Part<'s>>, Unread> {
        self.at += 1;
        let Some(next) = self.rest().chars().next() else {
            return Ok(Some(Part::Quoted("\\".into())));
        };
        let text = &self.rest()[..next.len_utf8()];
        self.at += text.len();
        Ok(if next == '\n' {
            None
        } else {
            Some(Part::Quoted(text.into()))
        })
    }

    fn single(&mut self) -> Result<Part<'s>, Unread> {
        self.at += 1;
        let end = self.rest().find('\'').ok_or(Unread)?;
        let text = &self.rest()[..end];
        self.at += end + 1;
        Ok(Part::Quoted(text.into()))
    }

    fn double(&mut self) -> Result<SmallVec<[Part<'s>; 1]>, Unread> {
        self.at += 1;
        self.budget.enter()?;
        let parts = self.parts_until(Until::Quote)?;
        self.expect("\"")?;
        self.budget.leave();
        Ok(parts)
    }

    /// The body of a here-document, to the end of the text.
    pub(super) fn document(&mut self) -> Result<Vec<Part<'s>>, Unread> {
        self.parts_until(Until::End).map(SmallVec::into_vec)
    }

    /// Text in which `$`, backticks and some escapes mean something, and quotes perhaps.
    fn parts_until(&mut self, until: Until) -> Result<SmallVec<[Part<'s>; 1]>, Unread> {
        let mut parts = SmallVec::new();
        loop {
            match self.byte(0) {
                0 => break,
                b'"' if until == Until::Quote => break,
                b'\\' => {
                    if let Some(part) = self.double_escape(until) {
                        add(&mut parts, part);
                    }
                }
                b'$' => add(&mut parts, self.dollar(true)?),
                b'`' => add(&mut parts, self.backtick(true)?),
                _ => {
                    let end = self.rest().bytes().position(|b| {
                        matches!(b, b'\\' | b'$' | b'`') || (b == b'"' && until == Until::Quote)
                    });
                    let text = &self.rest()[..end.unwrap_or(self.rest().len())];
                    self.at += text.len();
                    add(&mut parts, Part::Quoted(text.into()));
                }
            }
        }
        self.budget.work(parts.len())?;
        Ok(parts)
    }

    fn double_escape(&mut self, until: Until) -> Option<Part<'s>> {
        let escaped = match self.byte(1) {
            b'\n' => {
                self.at += 2;
                return None;
            }
            b'"' => until == Until::Quote,
            b'$' | b'`' | b'\\' => true,
            _ => false,
        };
        let begin = self.at + usize::from(escaped);
        self.at = begin + 1;
        Some(Part::Quoted(self.text[begin..self.at].into()))
    }

    fn backtick(&mut self, quoted: bool) -> Result<Part<'s>, Unread> {
        self.at += 1;
        let (text, length) = backtick(self.rest(), quoted)?;
        self.at += length;
        Ok(Part::Backtick(text, quoted))
    }

    // -- dollars --

    fn dollar(&mut self, quoted: bool) -> Result<Part<'s>, Unread> {
        let begin = self.at;
        self.at += 1;
        // Bash drops a continued line before it looks for what follows: `$\<newline>(` substitutes.
        while self.byte(0) == b'\\' && self.byte(1) == b'\n' {
            self.at += 2;
        }
        match self.byte(0) {
            b'(' => self.substitution(quoted),
            b'{' => self.braces(quoted),
            b'[' => {
                self.at += 1;
                Ok(Part::Arithmetic(self.arithmetic("]")?))
            }
            b'\'' if !quoted => {
                let (text, length) = ansi_c(&self.rest()[1..])?;
                self.at += 1 + length;
                Ok(Part::Quoted(text.into()))
            }
            b'"' if !quoted => self.double().map(joined),
            _ => self.parameter(quoted, begin),
        }
    }

    fn parameter(&mut self, quoted: bool, begin: usize) -> Result<Part<'s>, Unread> {
        let length = match self.byte(0) {
            b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' => 1,
            _ => name_length(self.rest()),
        };
        if length == 0 {
            return if self.at == begin + 1 {
                Ok(Part::Quoted("$".into()))
            } else {
                Err(Unread)
            };
        }
        let name = &self.rest()[..length];
        self.at += length;
        // `$na\<newline>me` is `$name`.
        if self.byte(0) == b'\\' && self.byte(1) == b'\n' {
            return Err(Unread);
        }
        Ok(Part::Variable(plain(name), quoted))
    }

    fn substitution(&mut self, quoted: bool) -> Result<Part<'s>, Unread> {
        if self.byte(1) == b'(' {
            let arithmetic = self.attempt(|parser| {
                parser.at += 2;
                parser.arithmetic("))")
            })?;
            if let Some(parts) = arithmetic {
                return Ok(Part::Arithmetic(parts));
            }
        } else if self.byte(1) == b'\\' && self.byte(2) == b'\n' {
            return Err(Unread);
        }
        self.at += 1;
        let list = self.list()?;
        self.may_close()?;
        self.expect(")")?;
        Ok(Part::Command(list, quoted))
    }

    /// An arithmetic expression up to `close`, with what is substituted in it.
    pub(super) fn arithmetic(&mut self, close: &str) -> Result<Vec<Part<'s>>, Unread> {
        self.budget.enter()?;
        let mut parts = Vec::new();
        let (mut round, mut square) = (0usize, 0usize);
        loop {
            if round == 0 && square == 0 && self.eat(close) {
                self.budget.leave();
                self.budget.work(parts.len())?;
                return Ok(parts);
            }
            match self.byte(0) {
                0 => return Err(Unread),
                b'$' => {
                    parts.push(self.dollar(true)?);
                    continue;
                }
                b'`' => {
                    parts.push(self.backtick(true)?);
                    continue;
                }
                b'"' => {
                    parts.extend(self.double()?);
                    continue;
                }
                b'\'' => {
                    parts.push(self.single()?);
                    continue;
                }
                b'\\' => {
                    self.escape()?;
                    continue;
                }
                b'(' => round += 1,
                b')' => round = round.checked_sub(1).ok_or(Unread)?,
                b'[' => square += 1,
                b']' => square = square.checked_sub(1).ok_or(Unread)?,
                _ => {
                    parts.push(self.expression());
                    continue;
                }
            }
            parts.push(Part::Quoted(self.text[self.at..=self.at].into()));
            self.at += 1;
        }
    }

    /// A run of an expression that substitutes nothing.
    fn expression(&mut self) -> Part<'s> {
        let special = |b: u8| b"$`\"'\\()[]\0".contains(&b);
        let end = self.rest().bytes().position(special).unwrap_or(self.rest().len());
        let text = &self.rest()[..end];
        self.at += end;
        Part::Quoted(text.into())
    }

    // -- braces --

    /// `${...}`
    fn braces(&mut self, quoted: bool) -> Result<Part<'s>, Unread> {
        self.at += 1;
        if self.byte(0) == b'\\' || matches!(self.byte(0), b' ' | b'\n' | b'|' | b'\t') {
            return Err(Unread); // `${ command; }` of later versions, and continued lines
        }
        let length = self.byte(0) == b'#' && self.byte(1) != b'}';
        let indirect = self.byte(0) == b'!' && self.byte(1) != b'}';
        self.at += usize::from(length || indirect);
        let name = self.braced_name()?;
        let subscripted = self.byte(0) == b'[';
        let mut argument = Vec::new();
        if self.eat("[") {
            argument = self.arithmetic("]")?;
        }
        let operator = self.operator()?;
        self.budget.enter()?;
        let text = self.braced_text(quoted)?;
        self.budget.leave();
        argument.extend(text);
        let operator = match operator {
            Operator::Executes => operator,
            _ if length => Operator::Length,
            _ if indirect || (subscripted && matches!(operator, Operator::Plain | Operator::Demand)) => {
                Operator::Other
            }
            other => other,
        };
        Ok(Part::Variable(
            Variable {
                name,
                operator,
                argument,
            },
            quoted,
        ))
    }

    fn braced_name(&mut self) -> Result<&'s str, Unread> {
        let rest = self.rest();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let length = match name_length(rest) {
            0 if 0 < digits => digits,
            0 if rest.starts_with(['@', '*', '#', '?', '-', '$', '!']) => 1,
            0 => return Err(Unread),
            length => length,
        };
        self.at += length;
        Ok(&rest[..length])
    }

    fn operator(&mut self) -> Result<Operator, Unread> {
        let colon = usize::from(self.byte(0) == b':');
        let operator = match self.byte(colon) {
            b'}' if colon == 0 => return Ok(Operator::Plain),
            b'-' => Operator::Default,
            b'=' => Operator::Assign,
            b'+' => Operator::Alternative,
            b'?' => Operator::Demand,
            b'@' if colon == 0 && self.byte(1) == b'P' => Operator::Executes,
            b'@' | b'#' | b'%' | b'/' | b'^' | b',' if colon == 0 => Operator::Other,
            _ if colon == 1 => Operator::Other,
            b'*' => Operator::Other,
            _ => return Err(Unread),
        };
        let taken = matches!(
            operator,
            Operator::Default | Operator::Assign | Operator::Alternative | Operator::Demand
        );
        self.at += colon + usize::from(taken);
        Ok(operator)
    }

    /// What stands between the operator and `}`.
    fn braced_text(&mut self, quoted: bool) -> Result<Vec<Part<'s>>, Unread> {
        let mut parts = Vec::new();
        loop {
            match self.byte(0) {
                0 => return Err(Unread),
                b'}' => {
                    self.at += 1;
                    self.budget.work(parts.len())?;
                    return Ok(parts);
                }
                b'\\' => parts.extend(self.escape()?),
                b'\'' if !quoted => parts.push(self.single()?),
                b'"' => parts.extend(self.double()?),
                b'$' => parts.push(self.dollar(quoted)?),
                b'`' => parts.push(self.backtick(quoted)?),
                b'<' | b'>' if self.byte(1) == b'(' && !quoted => parts.push(self.process()?),
                _ => {
                    let special = |b: u8| b"}\\'\"$`\0".contains(&b) || (!quoted && b"<>".contains(&b));
                    let end = self.rest().bytes().skip(1).position(special);
                    let end = end.map_or(self.rest().len(), |end| end + 1);
                    // The first byte may begin a longer character.
                    let end = (end..=self.rest().len())
                        .find(|&end| self.rest().is_char_boundary(end))
                        .unwrap_or(end);
                    let text = &self.rest()[..end];
                    self.at += end;
                    parts.push(if quoted {
                        Part::Quoted(text.into())
                    } else {
                        Part::Text(text)
                    });
                }
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    Quote,
    End,
}

fn plain(name: &str) -> Variable<'_> {
    Variable {
        name,
        operator: Operator::Plain,
        argument: Vec::new(),
    }
}

/// One more part. Where there are two there are mostly more.
fn add<'s>(parts: &mut SmallVec<[Part<'s>; 1]>, part: Part<'s>) {
    if parts.len() == 1 {
        parts.reserve(3);
    }
    parts.push(part);
}

/// One part for what stands between double quotes. Mostly it is one anyway.
fn joined(mut parts: SmallVec<[Part<'_>; 1]>) -> Part<'_> {
    match parts.pop() {
        None => Part::Quoted(Cow::Borrowed("")),
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            Part::Double(parts.into_vec())
        }
    }
}
