//! Text to syntax tree. Knows the grammar, not what a name means. Mistakes that people bring from other languages
//! (`=`, `and`, `<>`) are reported and read as what they mean, so that one pass finds the others too.

use std::ops::Range;

use super::errors::{self, Findings};
use super::literal::{self, Literal};
use crate::limits::CONDITION_DEPTH_MAX;

/// A part of a condition and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Ast {
    pub at: Range<usize>,
    pub node: Node,
}

/// What a part of a condition is.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// Reported already.
    Wrong,
    Literal(Literal),
    List(Vec<Ast>),
    /// `branch.protected`, `evidence.verifiers["unit-tests"]`.
    Path(Vec<Step>),
    Not(Box<Ast>),
    All(Vec<Ast>),
    Any(Vec<Ast>),
    If(Box<[Ast; 3]>),
    Relation(Relation, Box<[Ast; 2]>),
    /// `name(arguments)`, `receiver.name(arguments)`.
    Call {
        receiver: Option<Box<Ast>>,
        name: Step,
        arguments: Vec<Ast>,
    },
}

/// One name of a path.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub at: Range<usize>,
    pub name: Box<str>,
    /// `["name"]` rather than `.name`.
    pub quoted: bool,
}

/// How two operands are related.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    In,
    NotIn,
}

/// Reported, and nothing sensible can follow.
pub(super) struct Stop;

type Parsed<T> = Result<T, Stop>;

/// Reads a condition. `None` where it could not be read to its end; all that is wrong is in the findings.
pub(super) fn parse(findings: &mut Findings<'_>) -> Option<Ast> {
    let text = findings.text();
    let tokens = Lexer {
        text,
        at: 0,
        findings,
    }
    .tokens()
    .ok()?;
    let mut parser = Parser {
        text,
        tokens,
        next: 0,
        depth: 0,
        findings,
    };
    parser.condition().ok()
}

// -- text to tokens --

#[derive(Clone, Debug, PartialEq)]
enum Token<'t> {
    Name(&'t str),
    Literal(Literal),
    Sign(&'static str),
    /// Reported already.
    Wrong,
    End,
}

/// All signs, longer ones before those that they start with. Some are here only to be reported.
const SIGNS: [&str; 32] = [
    "&&", "||", "===", "!==", "==", "!=", "<=", ">=", "<>", "=~", "!~", "=>", "(", ")", "[", "]", ".", ",",
    "?", ":", "!", "<", ">", "=", "-", "+", "*", "/", "%", "&", "|", "$",
];

/// The words that are no names.
const WORDS: [(&str, Literal); 3] = [
    ("true", Literal::Bool(true)),
    ("false", Literal::Bool(false)),
    ("null", Literal::Null),
];

struct Lexer<'t, 'f, 'o> {
    text: &'t str,
    at: usize,
    findings: &'f mut Findings<'o>,
}

impl<'t> Lexer<'t, '_, '_> {
    fn tokens(mut self) -> Parsed<Vec<(Token<'t>, Range<usize>)>> {
        let mut tokens = Vec::new();
        loop {
            self.skip_blank();
            let start = self.at;
            let token = self.token()?;
            let last = token == Token::End;
            tokens.push((token, start..self.at));
            if last {
                return Ok(tokens);
            }
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_blank(&mut self) {
        loop {
            let blank = self.rest().len() - self.rest().trim_start().len();
            let comment = match self.rest()[blank..].starts_with("//") {
                true => self.rest()[blank..]
                    .find('\n')
                    .unwrap_or(self.rest().len() - blank),
                false => 0,
            };
            self.at += blank + comment;
            if comment == 0 {
                return;
            }
        }
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn token(&mut self) -> Parsed<Token<'t>> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(Token::End);
        };
        match first {
            '"' | '\'' => self.quoted(false),
            'r' | 'R' if rest[1..].starts_with(['"', '\'']) => {
                self.at += 1;
                self.quoted(true)
            }
            '0'..='9' => Ok(self.number()),
            _ if is_name_start(first) => Ok(self.word()),
            _ => self.sign(first),
        }
    }

    fn word(&mut self) -> Token<'t> {
        let name = self.take(is_name_part);
        match WORDS.iter().find(|(word, _)| *word == name) {
            Some((_, literal)) => Token::Literal(literal.clone()),
            None => Token::Name(name),
        }
    }

    fn sign(&mut self, first: char) -> Parsed<Token<'t>> {
        if let Some(sign) = SIGNS.into_iter().find(|sign| self.rest().starts_with(sign)) {
            self.at += sign.len();
            return Ok(Token::Sign(sign));
        }
        let at = self.at..self.at + first.len_utf8();
        self.findings
            .report(&at, |span| errors::stray_character(span, first));
        Err(Stop)
    }

    /// `50`, `0.5`, `1e3`, `10%`, `1h30m`.
    fn number(&mut self) -> Token<'t> {
        let start = self.at;
        self.take(|c| c.is_ascii_digit());
        if self.rest().starts_with('.') && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) {
            self.at += 1;
            self.take(|c| c.is_ascii_digit());
        }
        self.exponent();
        self.take(|c| c.is_ascii_alphanumeric() || c == '_');
        if self.rest().starts_with('%') {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        if let Some(number) = number_of(text) {
            return Token::Literal(number);
        }
        self.findings
            .report(&(start..self.at), |span| errors::bad_number(span, text));
        Token::Wrong
    }

    fn exponent(&mut self) {
        let Some(rest) = self.rest().strip_prefix(['e', 'E']) else {
            return;
        };
        let digits = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        if digits.starts_with(|c: char| c.is_ascii_digit()) {
            self.at += self.rest().len() - digits.len();
            self.take(|c| c.is_ascii_digit());
        }
    }

    fn quoted(&mut self, raw: bool) -> Parsed<Token<'t>> {
        let start = self.at;
        let quote = if self.rest().starts_with('"') { '"' } else { '\'' };
        self.at += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.rest().chars().next().filter(|&c| c != '\n') else {
                self.findings
                    .report(&(start..start + 1), |span| errors::open_quote(span, quote));
                return Err(Stop);
            };
            self.at += c.len_utf8();
            match c {
                c if c == quote => return Ok(Token::Literal(Literal::Text(text.into()))),
                '\\' if !raw => text.extend(self.escape()),
                c => text.push(c),
            }
        }
    }

    /// What stands behind a backslash (cel-spec, "String and Bytes Values").
    fn escape(&mut self) -> Option<char> {
        let start = self.at - 1;
        let escaped = self.rest().chars().next()?;
        self.at += escaped.len_utf8();
        let read = match escaped {
            '\\' | '\'' | '"' | '`' | '?' => Some(escaped),
            'a' => Some('\u{7}'),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'v' => Some('\u{b}'),
            'x' | 'X' => self.code_point(2, 16),
            'u' => self.code_point(4, 16),
            'U' => self.code_point(8, 16),
            '0'..='3' => {
                self.at -= 1;
                self.code_point(3, 8)
            }
            _ => None,
        };
        if read.is_none() {
            let at = start..self.at;
            self.findings.report(&at, errors::bad_escape);
        }
        read
    }

    fn code_point(&mut self, digits: usize, radix: u32) -> Option<char> {
        let text = self.rest().get(..digits)?;
        let code = u32::from_str_radix(text, radix)
            .ok()
            .filter(|_| !text.starts_with('+'))?;
        self.at += digits;
        char::from_u32(code)
    }
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn is_name_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn number_of(text: &str) -> Option<Literal> {
    match text.ends_with('%') {
        true => literal::percent(text).map(Literal::Percent),
        false => literal::number(text).or_else(|| literal::duration(text).map(Literal::Duration)),
    }
}

/// Whether a text can be written as a name.
pub(super) fn is_name(text: &str) -> bool {
    let reserved = ["in", "not", "and", "or"].contains(&text) || WORDS.iter().any(|(word, _)| *word == text);
    text.starts_with(is_name_start) && text.chars().all(is_name_part) && !reserved
}

// -- tokens to tree --

struct Parser<'t, 'f, 'o> {
    text: &'t str,
    tokens: Vec<(Token<'t>, Range<usize>)>,
    next: usize,
    depth: usize,
    findings: &'f mut Findings<'o>,
}

impl<'t> Parser<'t, '_, '_> {
    fn condition(&mut self) -> Parsed<Ast> {
        let ast = self.choice()?;
        match self.peek() {
            Token::End => Ok(ast),
            _ => self.unexpected("an operator or the end"),
        }
    }

    /// `a ? b : c`.
    fn choice(&mut self) -> Parsed<Ast> {
        let condition = self.any()?;
        if !self.eat("?") {
            return Ok(condition);
        }
        let then = self.nested(Self::choice)?;
        self.expect(":")?;
        let otherwise = self.nested(Self::choice)?;
        let at = condition.at.start..otherwise.at.end;
        Ok(Ast {
            at,
            node: Node::If(Box::new([condition, then, otherwise])),
        })
    }

    fn any(&mut self) -> Parsed<Ast> {
        self.chain("||", &["|", "or", "OR"], Node::Any, Self::all)
    }

    fn all(&mut self) -> Parsed<Ast> {
        self.chain("&&", &["&", "and", "AND"], Node::All, Self::relation)
    }

    fn chain(
        &mut self,
        sign: &'static str,
        wrong: &[&str],
        node: fn(Vec<Ast>) -> Node,
        part: fn(&mut Self) -> Parsed<Ast>,
    ) -> Parsed<Ast> {
        let mut parts = vec![part(self)?];
        while self.eat(sign) || self.eat_wrong(wrong, sign) {
            parts.push(part(self)?);
        }
        match (parts.first(), parts.last()) {
            (Some(first), Some(last)) if parts.len() > 1 => {
                let at = first.at.start..last.at.end;
                Ok(Ast {
                    at,
                    node: node(parts),
                })
            }
            _ => Ok(parts.remove(0)),
        }
    }

    /// `a == b`, `a in b`, and only one of them: CEL would compare the truth of the first with the third.
    fn relation(&mut self) -> Parsed<Ast> {
        let left = self.calculation()?;
        let Some(relation) = self.relation_sign()? else {
            return Ok(left);
        };
        let right = self.calculation()?;
        let at = left.at.start..right.at.end;
        if self.at_relation() {
            let at = self.here();
            self.findings.report(&at, errors::chained);
            return Err(Stop);
        }
        Ok(Ast {
            at,
            node: Node::Relation(relation, Box::new([left, right])),
        })
    }

    fn at_relation(&self) -> bool {
        match self.peek() {
            Token::Sign(sign) => sign_relation(sign).is_some(),
            Token::Name(name) => *name == "in",
            _ => false,
        }
    }

    fn relation_sign(&mut self) -> Parsed<Option<Relation>> {
        let at = self.here();
        let relation = match (self.peek(), self.peek_second()) {
            (Token::Sign("=~" | "!~"), _) => {
                self.findings.report(&at, errors::match_sign);
                return Err(Stop);
            }
            (Token::Sign(sign), _) => match sign_relation(sign) {
                Some((relation, None)) => relation,
                Some((relation, Some(right))) => {
                    let found = *sign;
                    self.findings
                        .report(&at, |span| errors::foreign(span, found, right));
                    relation
                }
                None => return Ok(None),
            },
            (Token::Name("in"), _) => Relation::In,
            (Token::Name("not"), Token::Name("in")) => {
                self.next += 1;
                Relation::NotIn
            }
            _ => return Ok(None),
        };
        self.next += 1;
        Ok(Some(relation))
    }

    /// There is no arithmetic; what looks like it is reported as a whole. `default-deny` looks like it too.
    fn calculation(&mut self) -> Parsed<Ast> {
        let mut left = self.unary()?;
        while let Token::Sign(sign @ ("+" | "-" | "*" | "/" | "%")) = *self.peek() {
            let sign_at = self.here();
            self.next += 1;
            let right = self.unary()?;
            let at = left.at.start..right.at.end;
            let hyphened = sign == "-" && sign_at == (left.at.end..right.at.start);
            let text = &self.text[at.clone()];
            match (hyphened, &left.node, &right.node) {
                (true, Node::Path(_) | Node::Wrong, Node::Path(_)) => {
                    self.findings.replace(&at, |span| errors::hyphened(span, text));
                }
                (_, Node::Wrong, _) | (_, _, Node::Wrong) => {}
                _ => self
                    .findings
                    .report(&sign_at, |span| errors::arithmetic(span, sign)),
            }
            left = Ast {
                at,
                node: Node::Wrong,
            };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Ast> {
        let start = self.here().start;
        let (mut odd, mut word) = (false, false);
        while self.eat("!") || self.at_not() {
            word |= self.eat_wrong(&["not", "NOT"], "!");
            odd = !odd;
        }
        let operand = if self.eat("-") {
            self.negative(start)?
        } else {
            self.postfix()?
        };
        if word && self.at_relation() {
            // `not a == b` is meant as `!(a == b)`; that it is not written so was said.
            return Ok(Ast {
                at: operand.at,
                node: Node::Wrong,
            });
        }
        if !odd {
            return Ok(operand);
        }
        let at = start..operand.at.end;
        Ok(Ast {
            at,
            node: Node::Not(Box::new(operand)),
        })
    }

    fn at_not(&self) -> bool {
        matches!(self.peek(), Token::Name("not" | "NOT"))
    }

    fn negative(&mut self, start: usize) -> Parsed<Ast> {
        let at = start..self.here().end;
        let node = match self.peek() {
            Token::Literal(Literal::Int(n)) => Node::Literal(Literal::Int(-n)),
            Token::Literal(Literal::Number(n)) => Node::Literal(Literal::Number(-n)),
            Token::Literal(Literal::Percent(n)) => Node::Literal(Literal::Percent(-n)),
            Token::Literal(Literal::Duration(n)) => Node::Literal(Literal::Duration(-n)),
            _ => {
                let operand = self.postfix()?;
                self.findings
                    .report(&(start..start + 1), |span| errors::arithmetic(span, "-"));
                return Ok(Ast {
                    at: start..operand.at.end,
                    node: Node::Wrong,
                });
            }
        };
        self.next += 1;
        Ok(Ast { at, node })
    }

    /// An operand with what hangs on it: members, keys, a call.
    fn postfix(&mut self) -> Parsed<Ast> {
        let mut ast = self.primary()?;
        loop {
            ast = if self.eat(".") {
                self.member(ast)?
            } else if matches!(ast.node, Node::Path(_)) && *self.peek() == Token::Sign("[") {
                self.next += 1;
                self.key(ast)?
            } else {
                return Ok(ast);
            };
        }
    }

    fn member(&mut self, receiver: Ast) -> Parsed<Ast> {
        let Token::Name(name) = *self.peek() else {
            return self.unexpected("a name");
        };
        let step = Step {
            at: self.here(),
            name: name.into(),
            quoted: false,
        };
        self.next += 1;
        if self.eat("(") {
            return match receiver.node {
                // No function returns what has functions; and a chain must not nest the tree without bound.
                Node::Call { .. } => {
                    self.findings
                        .report(&step.at, |span| errors::call_on_result(span, name));
                    Err(Stop)
                }
                _ => self.call(Some(Box::new(receiver)), step),
            };
        }
        self.step(receiver, step)
    }

    fn step(&mut self, mut receiver: Ast, step: Step) -> Parsed<Ast> {
        let end = self.tokens[self.next - 1].1.end;
        match &mut receiver.node {
            Node::Path(steps) => {
                steps.push(step);
                receiver.at.end = end;
                Ok(receiver)
            }
            _ => {
                self.findings
                    .report(&step.at, |span| errors::no_members(span, &step.name));
                Err(Stop)
            }
        }
    }

    fn key(&mut self, receiver: Ast) -> Parsed<Ast> {
        let at = self.here();
        let Token::Literal(Literal::Text(name)) = self.peek().clone() else {
            self.findings.report(&at, errors::bad_key);
            return Err(Stop);
        };
        self.next += 1;
        self.expect("]")?;
        self.step(
            receiver,
            Step {
                at,
                name,
                quoted: true,
            },
        )
    }

    fn primary(&mut self) -> Parsed<Ast> {
        let at = self.here();
        let token = self.peek().clone();
        let node = match token {
            Token::Literal(literal) => Node::Literal(literal),
            Token::Wrong => Node::Wrong,
            Token::Name("in" | "and" | "or" | "AND" | "OR") => return self.unexpected("an operand"),
            Token::Name(name) => return self.name(name, at),
            Token::Sign("(") => return self.group(at.start),
            Token::Sign("[") => return self.list(at.start),
            Token::Sign("$") => {
                self.findings.report(&at, errors::dollar);
                self.next += 1;
                return self.primary_after_dollar();
            }
            Token::Sign(_) | Token::End => return self.unexpected("an operand"),
        };
        self.next += 1;
        Ok(Ast { at, node })
    }

    fn primary_after_dollar(&mut self) -> Parsed<Ast> {
        let at = self.here();
        match *self.peek() {
            Token::Name(name) => self.name(name, at),
            _ => Err(Stop),
        }
    }

    fn name(&mut self, name: &str, at: Range<usize>) -> Parsed<Ast> {
        self.next += 1;
        let step = Step {
            at: at.clone(),
            name: name.into(),
            quoted: false,
        };
        if self.eat("(") {
            return self.call(None, step);
        }
        Ok(Ast {
            at,
            node: Node::Path(vec![step]),
        })
    }

    fn group(&mut self, start: usize) -> Parsed<Ast> {
        self.next += 1;
        let mut inner = self.nested(Self::choice)?;
        inner.at = start..self.here().end;
        self.expect(")")?;
        Ok(inner)
    }

    fn list(&mut self, start: usize) -> Parsed<Ast> {
        self.next += 1;
        let (items, end) = self.until("]")?;
        Ok(Ast {
            at: start..end,
            node: Node::List(items),
        })
    }

    fn call(&mut self, receiver: Option<Box<Ast>>, name: Step) -> Parsed<Ast> {
        let start = receiver
            .as_ref()
            .map_or(name.at.start, |receiver| receiver.at.start);
        let (arguments, end) = self.until(")")?;
        Ok(Ast {
            at: start..end,
            node: Node::Call {
                receiver,
                name,
                arguments,
            },
        })
    }

    /// Operands between commas up to a sign; a comma before it is fine.
    fn until(&mut self, close: &'static str) -> Parsed<(Vec<Ast>, usize)> {
        let mut items = Vec::new();
        loop {
            let end = self.here().end;
            if self.eat(close) {
                return Ok((items, end));
            }
            items.push(self.nested(Self::choice)?);
            if *self.peek() != Token::Sign(close) {
                self.expect(",")?;
            }
        }
    }

    fn nested<T>(&mut self, inner: fn(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == CONDITION_DEPTH_MAX {
            let at = self.here();
            self.findings.report(&at, errors::too_deep);
            return Err(Stop);
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn peek(&self) -> &Token<'t> {
        self.tokens.get(self.next).map_or(&Token::End, |(token, _)| token)
    }

    fn peek_second(&self) -> &Token<'t> {
        self.tokens
            .get(self.next + 1)
            .map_or(&Token::End, |(token, _)| token)
    }

    fn here(&self) -> Range<usize> {
        self.tokens
            .get(self.next)
            .map_or(self.text.len()..self.text.len(), |(_, at)| at.clone())
    }

    fn eat(&mut self, sign: &'static str) -> bool {
        let found = *self.peek() == Token::Sign(sign);
        self.next += usize::from(found);
        found
    }

    /// Takes what other languages write for a sign, and says so.
    fn eat_wrong(&mut self, wrong: &[&str], sign: &'static str) -> bool {
        let at = self.here();
        let (Token::Name(found) | Token::Sign(found)) = *self.peek() else {
            return false;
        };
        if !wrong.contains(&found) {
            return false;
        }
        self.findings
            .report(&at, |span| errors::foreign(span, found, sign));
        self.next += 1;
        true
    }

    fn expect(&mut self, sign: &'static str) -> Parsed<()> {
        match self.eat(sign) {
            true => Ok(()),
            false => self.unexpected(&format!("`{sign}`")),
        }
    }

    fn unexpected<T>(&mut self, wanted: &str) -> Parsed<T> {
        let at = self.here();
        let found = &self.text[at.clone()];
        let before = self
            .next
            .checked_sub(1)
            .map_or("", |before| &self.text[self.tokens[before].1.clone()]);
        self.findings
            .report(&at, |span| errors::unexpected(span, wanted, found, before));
        Err(Stop)
    }
}

/// What a sign means, and how it is written where it is another language's.
fn sign_relation(sign: &str) -> Option<(Relation, Option<&'static str>)> {
    Some(match sign {
        "==" => (Relation::Equal, None),
        "!=" => (Relation::Unequal, None),
        "<" => (Relation::Less, None),
        "<=" => (Relation::AtMost, None),
        ">" => (Relation::Greater, None),
        ">=" => (Relation::AtLeast, None),
        "=" | "===" => (Relation::Equal, Some("==")),
        "<>" | "!==" => (Relation::Unequal, Some("!=")),
        "=>" => (Relation::AtLeast, Some(">=")),
        _ => return None,
    })
}
