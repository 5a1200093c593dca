//! Functions and the lambdas.

use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;

use super::{Checked, Checker, Typed, settled};
use crate::condition::errors;
use crate::condition::literal::{self, Literal};
use crate::condition::parse::{Ast, Node, Step};
use crate::condition::{Cidr, Expr, Fixed, Operand, Part, Pattern, Reach, Reading, Reported};
use crate::normal::{Globs, HostPatterns};
use crate::schema::{Scalar, Type};
use crate::value::{List, Value};
use crate::zone::{Hours, Zone};

/// The functions, and how each is used.
const FUNCTIONS: [(&str, &str); 16] = [
    ("has", "has(attribute)"),
    ("size", "size(list or text)"),
    ("timestamp", "timestamp(\"2027-01-01T00:00:00Z\")"),
    ("duration", "duration(\"30m\")"),
    ("startsWith", "text.startsWith(\"start\")"),
    ("endsWith", "text.endsWith(\"end\")"),
    ("contains", "text.contains(\"part\")"),
    ("matches", "text.matches(\"regex\")"),
    ("exists", "list.exists(x, condition on x)"),
    ("all", "list.all(x, condition on x)"),
    ("glob", "glob(path, \"pattern\", ...)"),
    ("host_in", "host_in(host, \"example.org\", ...)"),
    ("in_cidr", "in_cidr(host, \"10.0.0.0/8\", ...)"),
    ("semver_compare", "semver_compare(version, \"1.2.0\")"),
    ("over", "over(evidence.figures.error_rate, \"5m\")"),
    (
        "in_hours",
        "in_hours(now, \"mon-thu 09:00-16:00\", \"Asia/Jakarta\")",
    ),
];

impl Checker<'_, '_, '_, '_> {
    pub(super) fn call(
        &mut self,
        receiver: Option<&Ast>,
        name: &Step,
        arguments: &[Ast],
        at: &Range<usize>,
    ) -> Checked<Typed> {
        match (&*name.name, receiver, arguments) {
            ("has", None, [one]) => self.has(one).map(Typed::Condition),
            ("size", None, [one]) | ("size", Some(one), []) => self.size(one),
            ("timestamp", None, [one]) => self.instant(one),
            ("duration", None, [one]) => self.span_of_time(one),
            ("startsWith", Some(whole), [part]) => self.part(whole, Part::Start, part),
            ("endsWith", Some(whole), [part]) => self.part(whole, Part::End, part),
            ("contains", Some(whole), [part]) => self.contains(whole, part),
            ("matches", Some(whole), [pattern]) | ("matches", None, [whole, pattern]) => {
                self.matches(whole, pattern)
            }
            ("exists" | "all", Some(list), [variable, body]) => self.lambda(list, &name.name, variable, body),
            ("glob", None, [operand, patterns @ ..]) if !patterns.is_empty() => self.glob(operand, patterns),
            ("host_in", None, [operand, patterns @ ..]) if !patterns.is_empty() => {
                self.host(operand, patterns)
            }
            ("in_cidr", None, [operand, blocks @ ..]) if !blocks.is_empty() => self.cidr(operand, blocks),
            ("semver_compare", None, [a, b]) => self.versions(a, b),
            ("over", None, [figure, window]) => self.over(figure, window),
            ("in_hours", None, [instant, hours, zone]) => self.in_hours(instant, hours, zone),
            _ => self.no_such_call(&name.name, &name.at, at),
        }
    }

    fn no_such_call(&mut self, name: &str, name_at: &Range<usize>, at: &Range<usize>) -> Checked<Typed> {
        let names = FUNCTIONS.iter().map(|(name, _)| *name);
        match FUNCTIONS.iter().find(|(known, _)| *known == name) {
            Some((_, usage)) => self.report(at, |span| errors::wrong_arguments(span, usage)),
            None => self.report(name_at, |span| errors::unknown_function(span, name, names)),
        }
    }

    fn has(&mut self, ast: &Ast) -> Checked<Expr> {
        match self.typed(ast, None)? {
            Typed::Value(operand @ (Operand::Attribute(_) | Operand::Key(..) | Operand::Reported(_)), _) => {
                Some(Expr::Has(operand))
            }
            other => {
                let found = self.describe(&other);
                self.report(&ast.at, |span| errors::expected(span, "an attribute", &found))
            }
        }
    }

    fn size(&mut self, ast: &Ast) -> Checked<Typed> {
        let operand = match self.typed(ast, None)? {
            Typed::Value(operand, Type::List(_) | Type::Map(_)) => operand,
            Typed::Value(operand, Type::One(scalar)) if is_textual(scalar) => operand,
            Typed::Constant(Literal::Text(text)) => Operand::Fixed(Fixed(Value::String(text))),
            Typed::List(items) => return Some(Typed::Constant(Literal::Int(items.len() as i64))),
            other => {
                let found = self.describe(&other);
                return self.report(&ast.at, |span| errors::expected(span, "a list or text", &found));
            }
        };
        Some(Typed::Value(
            Operand::Size(Box::new(operand)),
            Type::One(Scalar::Int),
        ))
    }

    fn instant(&mut self, ast: &Ast) -> Checked<Typed> {
        let text = self.quoted(ast, "a timestamp")?;
        match literal::timestamp(text) {
            Some(nanos) => Some(Typed::Constant(Literal::Timestamp(nanos))),
            None => self.report(&ast.at, |span| errors::bad_timestamp(span, text)),
        }
    }

    fn span_of_time(&mut self, ast: &Ast) -> Checked<Typed> {
        let text = self.quoted(ast, "a duration")?;
        match literal::duration(text) {
            Some(nanos) => Some(Typed::Constant(Literal::Duration(nanos))),
            None => self.report(&ast.at, |span| errors::bad_duration(span, text)),
        }
    }

    fn quoted<'x>(&mut self, ast: &'x Ast, what: &str) -> Checked<&'x str> {
        match &ast.node {
            Node::Literal(Literal::Text(text)) => Some(text),
            _ => self.report(&ast.at, |span| errors::not_constant(span, what)),
        }
    }

    fn part(&mut self, whole: &Ast, part: Part, text: &Ast) -> Checked<Typed> {
        let operand = self.text(whole);
        let text = self.text(text);
        Some(Typed::Condition(Expr::Text {
            operand: operand?,
            part,
            text: text?,
        }))
    }

    /// A text in a text, or an item in a list.
    fn contains(&mut self, whole: &Ast, part: &Ast) -> Checked<Typed> {
        let list = match self.typed(whole, None)? {
            list @ (Typed::List(_) | Typed::Value(_, Type::List(_))) => list,
            _ => return self.part(whole, Part::Anywhere, part),
        };
        let wanted = self.hint(whole);
        let item = self.typed(part, wanted)?;
        self.is_in(item, &part.at, list, &whole.at).map(Typed::Condition)
    }

    /// What is reported, over a window of time.
    fn over(&mut self, figure: &Ast, window: &Ast) -> Checked<Typed> {
        let found = self.typed(figure, None);
        let text = self.quoted(window, "a duration")?;
        let Some(nanos) = literal::duration(text).filter(|nanos| 0 < *nanos) else {
            return self.report(&window.at, |span| errors::bad_duration(span, text));
        };
        match found? {
            Typed::Value(Operand::Reported(reported), ty) if reported.window.is_none() => {
                let window = Some(literal::duration_text(nanos).into());
                Some(Typed::Value(
                    Operand::Reported(Reported { window, ..reported }),
                    ty,
                ))
            }
            other => {
                let found = self.describe(&other);
                self.report(&figure.at, |span| errors::over_what(span, &found))
            }
        }
    }

    /// An instant within hours of the week.
    fn in_hours(&mut self, instant: &Ast, hours: &Ast, zone: &Ast) -> Checked<Typed> {
        let operand = match self.typed(instant, Some(Scalar::Timestamp))? {
            Typed::Value(operand, Type::One(Scalar::Timestamp)) => operand,
            Typed::Constant(Literal::Timestamp(nanos)) => Operand::Fixed(Fixed(Value::Timestamp(nanos))),
            other => {
                let found = self.describe(&other);
                return self.report(&instant.at, |span| {
                    errors::expected(span, "an instant such as `now`", &found)
                });
            }
        };
        let text = self.quoted(hours, "days and hours")?;
        let name = self.quoted(zone, "a time zone")?;
        let Some(known) = Zone::named(name) else {
            return self.report(&zone.at, |span| errors::unknown_zone(span, name));
        };
        let Some(known) = Hours::parse(text, known) else {
            return self.report(&hours.at, |span| errors::unknown_hours(span, text));
        };
        let hours = Arc::new(known);
        Some(Typed::Condition(Expr::Hours { operand, hours }))
    }

    /// Something that is text: also a path, a host, the constant of an enumeration.
    fn text(&mut self, ast: &Ast) -> Checked<Operand> {
        match settled(self.typed(ast, Some(Scalar::String))?, Scalar::String) {
            Typed::Value(operand, Type::One(scalar)) if is_textual(scalar) => Some(operand),
            Typed::Constant(Literal::Text(text)) => Some(Operand::Fixed(Fixed(Value::String(text)))),
            other => {
                let found = self.describe(&other);
                self.report(&ast.at, |span| errors::expected(span, "text", &found))
            }
        }
    }

    fn matches(&mut self, whole: &Ast, pattern: &Ast) -> Checked<Typed> {
        let operand = self.text(whole);
        let text = self.quoted(pattern, "a regular expression")?;
        let built = match Pattern::new(text) {
            Ok(built) => Arc::new(built),
            Err(why) => return self.report(&pattern.at, |span| errors::bad_regex(span, &why.to_string())),
        };
        Some(Typed::Condition(Expr::Matches {
            operand: operand?,
            pattern: built,
        }))
    }

    fn lambda(&mut self, list: &Ast, name: &str, variable: &Ast, body: &Ast) -> Checked<Typed> {
        let checked = self
            .typed(list, None)
            .and_then(|typed| self.items(typed, &list.at));
        let (list, scalar) = checked?;
        let Some(variable) = lone_name(variable) else {
            let usage = format!("{name}(x, condition on x)");
            return self.report(&variable.at, |span| errors::wrong_arguments(span, &usage));
        };
        self.variables.push((variable.into(), scalar));
        let body = self.condition(body);
        self.variables.pop();
        let body = Box::new(body?);
        Some(Typed::Condition(match name {
            "exists" => Expr::Exists { list, body },
            _ => Expr::Each { list, body },
        }))
    }

    /// A list that a lambda can go through, and the type of its items.
    fn items(&mut self, typed: Typed, at: &Range<usize>) -> Checked<(Operand, Scalar)> {
        match typed {
            Typed::Value(operand, Type::List(scalar)) => Some((operand, scalar)),
            Typed::List(items) => self.fixed_list(items),
            other => {
                let found = self.describe(&other);
                self.report(at, |span| errors::expected(span, "a list", &found))
            }
        }
    }

    fn fixed_list(&mut self, items: Vec<(Typed, Range<usize>)>) -> Checked<(Operand, Scalar)> {
        let (mut scalar, mut values) = (None, Vec::new());
        for (item, at) in items {
            let Typed::Constant(literal) = item else {
                return self.report(&at, |span| {
                    errors::expected(span, "a constant", "something to look up")
                });
            };
            let (_, own) = self.constant(&literal, &at)?;
            values.push(self.value(&literal, *scalar.get_or_insert(own), &at)?);
        }
        let list = Value::List(List {
            items: values,
            open: false,
        });
        Some((Operand::Fixed(Fixed(list)), scalar.unwrap_or(Scalar::String)))
    }

    fn glob(&mut self, operand: &Ast, patterns: &[Ast]) -> Checked<Typed> {
        let found = self.texts(operand);
        let patterns = self.patterns(patterns, "a pattern")?;
        let globs = match Globs::new(&texts(&patterns)) {
            Ok(globs) => Arc::new(globs),
            Err(why) => return self.report(&patterns[why.index].1, |span| errors::bad_pattern(span, &why)),
        };
        let (operand, scalar) = found?;
        let reach = self.reach(&operand, scalar);
        Some(Typed::Condition(Expr::Glob {
            operand,
            globs,
            reach,
        }))
    }

    fn reach(&self, operand: &Operand, scalar: Scalar) -> Reach {
        match (operand, scalar) {
            (Operand::Attribute(id), _) => Reach::of(self.scope.schema, *id),
            (_, Scalar::Path) => Reach::Path(Reading::Touches),
            _ => Reach::Name,
        }
    }

    fn host(&mut self, operand: &Ast, patterns: &[Ast]) -> Checked<Typed> {
        let operand = self.hosts(operand);
        let patterns = self.patterns(patterns, "a host pattern")?;
        let patterns = match HostPatterns::new(&texts(&patterns)) {
            Ok(patterns) => Arc::new(patterns),
            Err(why) => return self.report(&patterns[why.index].1, |span| errors::bad_pattern(span, &why)),
        };
        Some(Typed::Condition(Expr::Host {
            operand: operand?,
            patterns,
        }))
    }

    fn cidr(&mut self, operand: &Ast, blocks: &[Ast]) -> Checked<Typed> {
        let operand = self.hosts(operand);
        let patterns = self.patterns(blocks, "a block of addresses")?;
        let mut blocks = Vec::new();
        for (text, at) in &patterns {
            match cidr(text) {
                Some(block) => blocks.push(block),
                None => self.findings.report(at, |span| errors::bad_cidr(span, text)),
            }
        }
        Some(Typed::Condition(Expr::Cidr {
            operand: operand?,
            blocks: blocks.into(),
        }))
    }

    fn hosts(&mut self, ast: &Ast) -> Checked<Operand> {
        let (operand, scalar) = self.texts(ast)?;
        match scalar {
            Scalar::Host | Scalar::String => Some(operand),
            other => {
                let found = format!("`{}`", self.scope.schema.type_name(Type::One(other)));
                self.report(&ast.at, |span| errors::expected(span, "a host", &found))
            }
        }
    }

    /// A text, or a list of them any of which is meant.
    fn texts(&mut self, ast: &Ast) -> Checked<(Operand, Scalar)> {
        match settled(self.typed(ast, Some(Scalar::String))?, Scalar::String) {
            Typed::Value(operand, Type::One(scalar) | Type::List(scalar)) if is_textual(scalar) => {
                Some((operand, scalar))
            }
            Typed::Constant(Literal::Text(text)) => {
                Some((Operand::Fixed(Fixed(Value::String(text))), Scalar::String))
            }
            other => {
                let found = self.describe(&other);
                self.report(&ast.at, |span| errors::expected(span, "text", &found))
            }
        }
    }

    /// Constant texts: written out, in a list, or named by a definition.
    fn patterns(&mut self, asts: &[Ast], what: &str) -> Checked<Vec<(Box<str>, Range<usize>)>> {
        let Typed::List(items) = self.list(asts, Some(Scalar::String))? else {
            return None;
        };
        let mut patterns = Vec::new();
        for (item, at) in items {
            match item {
                Typed::Constant(Literal::Text(text)) => patterns.push((text, at)),
                _ => return self.report(&at, |span| errors::not_constant(span, what)),
            }
        }
        match (patterns.is_empty(), asts.first()) {
            (true, Some(first)) => self.report(&first.at, |span| errors::no_patterns(span, what)),
            _ => Some(patterns),
        }
    }

    fn versions(&mut self, a: &Ast, b: &Ast) -> Checked<Typed> {
        let (left, right) = (self.version(a), self.version(b));
        let operand = Operand::Versions(Box::new([left?, right?]));
        Some(Typed::Value(operand, Type::One(Scalar::Int)))
    }

    fn version(&mut self, ast: &Ast) -> Checked<Operand> {
        let operand = self.text(ast)?;
        match &operand {
            Operand::Fixed(Fixed(Value::String(text))) if semver::Version::parse(text).is_err() => {
                self.report(&ast.at, |span| errors::bad_version(span, text))
            }
            _ => Some(operand),
        }
    }
}

fn lone_name(ast: &Ast) -> Option<&str> {
    match &ast.node {
        Node::Path(steps) if steps.len() == 1 => Some(&steps[0].name),
        _ => None,
    }
}

fn is_textual(scalar: Scalar) -> bool {
    matches!(
        scalar,
        Scalar::String | Scalar::Path | Scalar::Host | Scalar::Url | Scalar::Enum(_)
    )
}

/// `10.0.0.0/8`; an address alone is a block of one. Bits behind the prefix are an error: they show that something else
/// was meant.
fn cidr(text: &str) -> Option<Cidr> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address.parse().ok()?, Some(bits.parse::<u8>().ok()?)),
        None => (text.parse::<IpAddr>().ok()?, None),
    };
    let (width, value) = match address {
        IpAddr::V4(address) => (32, u128::from(address.to_bits())),
        IpAddr::V6(address) => (128, address.to_bits()),
    };
    let bits = bits.unwrap_or(width);
    let behind = u32::from(width.checked_sub(bits)?);
    let mask = 1_u128.checked_shl(behind).map_or(u128::MAX, |bit| bit - 1);
    (value & mask == 0).then_some(Cidr { address, bits })
}

fn texts(patterns: &[(Box<str>, Range<usize>)]) -> Vec<&str> {
    patterns.iter().map(|(text, _)| &**text).collect()
}
