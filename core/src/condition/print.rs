//! A condition as text: CEL with our two spellings, in one canonical form. It compiles to an equal condition.

use super::literal::duration_text;
use super::parse::is_name;
use super::{Expr, Operand, Order, Part, Values};
use crate::schema::Schema;
use crate::value::Value;

/// The text of an expression.
pub(super) fn print(expr: &Expr, schema: &Schema) -> String {
    let mut printer = Printer {
        schema,
        text: String::new(),
        lambdas: 0,
    };
    printer.expr(expr, Tightness::Choice);
    printer.text
}

/// How tightly the surroundings bind, the loosest first; what binds less tightly is put in parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tightness {
    Choice,
    Any,
    All,
    Relation,
    Operand,
}

struct Printer<'a> {
    schema: &'a Schema,
    text: String,
    /// How many lambdas are open.
    lambdas: usize,
}

impl Printer<'_> {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn within(&mut self, own: Tightness, around: Tightness, print: impl FnOnce(&mut Self)) {
        let parentheses = own < around;
        self.put(if parentheses { "(" } else { "" });
        print(self);
        self.put(if parentheses { ")" } else { "" });
    }

    fn expr(&mut self, expr: &Expr, around: Tightness) {
        match expr {
            Expr::All(parts) if parts.is_empty() => self.put("true"),
            Expr::Any(parts) if parts.is_empty() => self.put("false"),
            Expr::All(parts) => self.within(Tightness::All, around, |p| {
                p.chain(parts, " && ", Tightness::Relation)
            }),
            Expr::Any(parts) => {
                self.within(Tightness::Any, around, |p| p.chain(parts, " || ", Tightness::All))
            }
            Expr::Not(inner) => self.negated(inner, around),
            Expr::If(parts) => self.within(Tightness::Choice, around, |p| p.choice(parts)),
            leaf => self.leaf(leaf, around),
        }
    }

    fn chain(&mut self, parts: &[Expr], sign: &str, around: Tightness) {
        for (at, part) in parts.iter().enumerate() {
            self.put(if at == 0 { "" } else { sign });
            self.expr(part, around);
        }
    }

    fn choice(&mut self, [condition, then, otherwise]: &[Expr; 3]) {
        self.expr(condition, Tightness::Any);
        self.put(" ? ");
        self.expr(then, Tightness::Any);
        self.put(" : ");
        self.expr(otherwise, Tightness::Any);
    }

    fn negated(&mut self, inner: &Expr, around: Tightness) {
        match inner {
            Expr::In { operand, values } => {
                self.within(Tightness::Relation, around, |p| {
                    p.among(operand, values, "!=", "not in")
                });
            }
            Expr::Within { item, list } => self.relation(item, "not in", list, around),
            Expr::Compare {
                left,
                order: Order::Equal,
                right,
                ..
            } => self.relation(left, "!=", right, around),
            other => {
                self.put("!");
                self.expr(other, Tightness::Operand);
            }
        }
    }

    fn leaf(&mut self, leaf: &Expr, around: Tightness) {
        match leaf {
            Expr::Is(operand) => self.operand(operand),
            Expr::Has(operand) => self.call("has", operand, []),
            Expr::In { operand, values } => {
                self.within(Tightness::Relation, around, |p| {
                    p.among(operand, values, "==", "in")
                });
            }
            Expr::Within { item, list } => self.relation(item, "in", list, around),
            Expr::Compare {
                left, order, right, ..
            } => self.relation(left, order.sign(), right, around),
            Expr::Rank {
                operand,
                order,
                rank,
                ranks,
            } => {
                let constant = ranks.constants.get(*rank).map_or("", |constant| &**constant);
                self.within(Tightness::Relation, around, |p| {
                    p.operand(operand);
                    p.put(&format!(" {} {}", order.sign(), quoted(constant)));
                });
            }
            Expr::Glob { operand, globs, .. } => self.call("glob", operand, globs.patterns()),
            Expr::Host { operand, patterns } => self.call("host_in", operand, patterns.patterns()),
            Expr::Cidr { operand, blocks } => {
                let blocks: Vec<_> = blocks
                    .iter()
                    .map(|block| format!("{}/{}", block.address, block.bits))
                    .collect();
                self.call("in_cidr", operand, &blocks);
            }
            Expr::Text { operand, part, text } => self.part(operand, *part, text),
            Expr::Hours { operand, hours } => {
                let texts = hours.texts().map(str::to_owned);
                self.call("in_hours", operand, &texts);
            }
            Expr::Matches { operand, pattern } => {
                self.operand(operand);
                self.put(&format!(".matches({})", quoted(pattern.text())));
            }
            Expr::Exists { list, body } => self.lambda(list, "exists", body),
            Expr::Each { list, body } => self.lambda(list, "all", body),
            Expr::All(_) | Expr::Any(_) | Expr::Not(_) | Expr::If(_) => self.expr(leaf, around),
        }
    }

    fn among(&mut self, operand: &Operand, values: &Values, one: &str, many: &str) {
        self.operand(operand);
        let mut items = values.iter();
        match (items.next(), items.len()) {
            (Some(only), 0) => self.put(&format!(" {one} {}", literal(only))),
            _ => self.put(&format!(" {many} {}", list(values.iter()))),
        }
    }

    fn relation(&mut self, left: &Operand, sign: &str, right: &Operand, around: Tightness) {
        self.within(Tightness::Relation, around, |p| {
            p.operand(left);
            p.put(&format!(" {sign} "));
            p.operand(right);
        });
    }

    fn call<'t>(&mut self, name: &str, operand: &Operand, texts: impl IntoIterator<Item = &'t String>) {
        self.put(&format!("{name}("));
        self.operand(operand);
        for text in texts {
            self.put(&format!(", {}", quoted(text)));
        }
        self.put(")");
    }

    fn part(&mut self, operand: &Operand, part: Part, text: &Operand) {
        self.operand(operand);
        self.put(match part {
            Part::Start => ".startsWith(",
            Part::End => ".endsWith(",
            Part::Anywhere => ".contains(",
        });
        self.operand(text);
        self.put(")");
    }

    fn lambda(&mut self, list: &Operand, name: &str, body: &Expr) {
        self.operand(list);
        self.put(&format!(".{name}({}, ", item_name(self.lambdas)));
        self.lambdas += 1;
        self.expr(body, Tightness::Choice);
        self.lambdas -= 1;
        self.put(")");
    }

    fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Attribute(id) => self.put(&self.schema.attribute(*id).name),
            Operand::Key(id, key) => self.key(&self.schema.attribute(*id).name, key),
            Operand::Reported(reported) => {
                let name = &self.schema.attribute(reported.attribute).name;
                match &reported.window {
                    Some(window) => {
                        self.put("over(");
                        self.key(name, &reported.key);
                        self.put(&format!(", {})", quoted(window)));
                    }
                    None => self.key(name, &reported.key),
                }
            }
            Operand::Item(outwards) => self.put(&item_name(self.lambdas.saturating_sub(1 + outwards))),
            Operand::Fixed(fixed) => self.put(&literal(&fixed.0)),
            Operand::Size(inner) => self.call("size", inner, []),
            Operand::Versions(pair) => {
                self.put("semver_compare(");
                self.operand(&pair[0]);
                self.put(", ");
                self.operand(&pair[1]);
                self.put(")");
            }
            Operand::If(parts) => {
                self.put("(");
                self.expr(&parts.0, Tightness::Any);
                self.put(" ? ");
                self.operand(&parts.1);
                self.put(" : ");
                self.operand(&parts.2);
                self.put(")");
            }
        }
    }

    fn key(&mut self, attribute: &str, key: &str) {
        self.put(attribute);
        let member = format!("{attribute}.{key}");
        match is_name(key) && self.schema.attribute_named(&member).is_none() {
            true => self.put(&format!(".{key}")),
            false => self.put(&format!("[{}]", quoted(key))),
        }
    }
}

impl Order {
    /// How it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Order::Equal => "==",
            Order::Less => "<",
            Order::AtMost => "<=",
            Order::Greater => ">",
            Order::AtLeast => ">=",
        }
    }
}

/// The variable of the lambda inside so many others. No attribute starts with such a name.
fn item_name(lambdas: usize) -> String {
    match lambdas {
        0 => "item".into(),
        more => format!("item{}", more + 1),
    }
}

fn list<'a>(values: impl Iterator<Item = &'a Value>) -> String {
    let items: Vec<String> = values.map(literal).collect();
    format!("[{}]", items.join(", "))
}

fn literal(value: &Value) -> String {
    match value {
        Value::Bool(b) => b.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Number(n) => format!("{n:?}"),
        Value::Percent(n) => format!("{n}%"),
        Value::String(text) => quoted(text),
        Value::Timestamp(nanos) => match jiff::Timestamp::from_nanosecond(*nanos) {
            Ok(timestamp) => format!("timestamp(\"{timestamp}\")"),
            // Not from text: no condition reads such a one.
            Err(_) => format!("timestamp(\"{nanos}ns\")"),
        },
        Value::Duration(nanos) if *nanos < 0 => format!("duration(\"{}\")", duration_text(*nanos)),
        Value::Duration(nanos) => duration_text(*nanos),
        Value::List(items) => list(items.items.iter()),
        Value::Map(_) => "{}".into(),
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
