//! Syntax tree to condition: names are resolved, types checked, constants given their types, costs bounded. What is wrong
//! is reported and the rest goes on being checked.

mod functions;
mod names;
mod relations;

use std::ops::Range;

use super::errors::{self, Findings};
use super::literal::Literal;
use super::parse::{self, Ast, Node, Relation};
use super::{Condition, Expr, Fixed, Operand, Reported, Scope, Text};
use crate::diagnostic::Diagnostic;
use crate::limits::{CONDITION_BYTES_MAX, CONDITION_COST_MAX};
use crate::schema::{AttributeId, Scalar, Type};
use crate::source::Span;
use crate::value::Value;

/// Reads and checks a condition. `None` where something is wrong with it; what, is added to `out`.
pub fn compile(text: &Text<'_>, scope: &Scope<'_>, out: &mut Vec<Diagnostic>) -> Option<Condition> {
    let mut findings = Findings::new(text);
    let condition = checked(text.text, scope, &mut findings);
    let fine = findings.is_fine();
    out.extend(findings.into_diagnostics());
    condition.filter(|_| fine)
}

fn checked(text: &str, scope: &Scope<'_>, findings: &mut Findings<'_>) -> Option<Condition> {
    let all = 0..text.len();
    if CONDITION_BYTES_MAX < text.len() {
        findings.report(&all, |span| errors::too_long(span, text.len()));
        return None;
    }
    if text.trim().is_empty() {
        findings.report(&all, errors::empty);
        return None;
    }
    let ast = parse::parse(findings)?;
    let mut checker = Checker {
        scope,
        findings,
        variables: Vec::new(),
        guards: Vec::new(),
        lenient: false,
    };
    let condition = Condition::of(checker.condition(&ast)?.read_as(scope.reading));
    if CONDITION_COST_MAX < condition.cost() {
        findings.report(&all, |span| errors::too_costly(span, condition.cost()));
    }
    Some(condition)
}

/// What a part of a condition turns out to be.
#[derive(Clone, Debug)]
enum Typed {
    /// Something that holds or does not.
    Condition(Expr),
    /// Something with a value and a type.
    Value(Operand, Type),
    /// A constant whose type its surroundings give.
    Constant(Literal),
    /// A list that is written out.
    List(Vec<(Typed, Range<usize>)>),
}

struct Checker<'a, 's, 'f, 'o> {
    scope: &'a Scope<'s>,
    findings: &'f mut Findings<'o>,
    /// The variables of the lambdas around, the innermost last.
    variables: Vec<(Box<str>, Scalar)>,
    /// The attributes that something around has made sure of with `has`.
    guards: Vec<AttributeId>,
    /// Whether what stands opposite is wrong: a bare name may be a constant of what was meant there.
    lenient: bool,
}

/// `None` is: reported already.
type Checked<T> = Option<T>;

impl Checker<'_, '_, '_, '_> {
    // -- conditions --

    fn condition(&mut self, ast: &Ast) -> Checked<Expr> {
        let typed = self.typed(ast, Some(Scalar::Bool))?;
        self.as_condition(typed, &ast.at)
    }

    fn as_condition(&mut self, typed: Typed, at: &Range<usize>) -> Checked<Expr> {
        match settled(typed, Scalar::Bool) {
            Typed::Condition(expr) => Some(expr),
            Typed::Value(operand, Type::One(Scalar::Bool)) => Some(Expr::Is(operand)),
            Typed::Constant(Literal::Bool(true)) => Some(Expr::always()),
            Typed::Constant(Literal::Bool(false)) => Some(Expr::never()),
            other => {
                let found = self.describe(&other);
                self.report(at, |span| errors::expected(span, "a condition", &found))
            }
        }
    }

    fn typed(&mut self, ast: &Ast, wanted: Option<Scalar>) -> Checked<Typed> {
        match &ast.node {
            Node::Wrong => None,
            Node::Literal(literal) => Some(Typed::Constant(literal.clone())),
            Node::List(items) => self.list(items, wanted),
            Node::Path(steps) => self.path(steps, &ast.at, wanted),
            Node::Not(inner) => Some(Typed::Condition(self.condition(inner)?.negated())),
            Node::All(parts) => Some(Typed::Condition(Expr::all(self.chain(parts, true)?))),
            Node::Any(parts) => Some(Typed::Condition(Expr::any(self.chain(parts, false)?))),
            Node::If(parts) => self.choice(parts, wanted),
            Node::Relation(relation, sides) => self.relation(*relation, sides).map(Typed::Condition),
            Node::Call {
                receiver,
                name,
                arguments,
            } => self.call(receiver.as_deref(), name, arguments, &ast.at),
        }
    }

    /// The parts of a conjunction, or of a disjunction. What one part makes sure of holds for the others: where
    /// `has(x)` is false the conjunction is false whatever the others say, and so for `!has(x)` in a disjunction.
    fn chain(&mut self, parts: &[Ast], conjunction: bool) -> Checked<Vec<Expr>> {
        let before = self.guards.len();
        for part in parts {
            self.guard(part, conjunction);
        }
        let checked: Vec<_> = parts.iter().map(|part| self.condition(part)).collect();
        self.guards.truncate(before);
        checked.into_iter().collect()
    }

    /// Notes the attributes that are there where a part has the given truth.
    fn guard(&mut self, ast: &Ast, truth: bool) {
        match &ast.node {
            Node::Not(inner) => self.guard(inner, !truth),
            Node::All(parts) if truth => parts.iter().for_each(|part| self.guard(part, true)),
            Node::Any(parts) if !truth => parts.iter().for_each(|part| self.guard(part, false)),
            Node::Call {
                receiver: None,
                name,
                arguments,
            } if truth && &*name.name == "has" => {
                arguments.iter().for_each(|argument| self.guard_path(argument));
            }
            Node::Relation(relation, sides) => {
                let unequal = [Relation::Equal, Relation::Unequal][usize::from(truth)];
                let [left, right] = &**sides;
                if *relation == unequal && matches!(right.node, Node::Literal(Literal::Null)) {
                    self.guard_path(left);
                }
            }
            _ => {}
        }
    }

    fn guard_path(&mut self, ast: &Ast) {
        if let Node::Path(steps) = &ast.node {
            self.guards
                .extend(self.longest_attribute(steps).map(|(id, _)| id));
        }
    }

    fn choice(&mut self, [condition, then, otherwise]: &[Ast; 3], wanted: Option<Scalar>) -> Checked<Typed> {
        let checked = self.condition(condition);
        let wanted = wanted
            .or_else(|| self.hint(then))
            .or_else(|| self.hint(otherwise));
        let branch = |checker: &mut Self, ast: &Ast, truth| {
            let before = checker.guards.len();
            checker.guard(condition, truth);
            let typed = checker.typed(ast, wanted);
            checker.guards.truncate(before);
            typed
        };
        let (a, b) = (branch(self, then, true), branch(self, otherwise, false));
        let (checked, a, b) = (checked?, a?, b?);
        if is_condition(&a) || is_condition(&b) {
            let a = self.as_condition(a, &then.at);
            let b = self.as_condition(b, &otherwise.at);
            return Some(Typed::Condition(Expr::If(Box::new([checked, a?, b?]))));
        }
        let (scalar, a, b) = self.pair(a, &then.at, b, &otherwise.at, wanted)?;
        Some(Typed::Value(
            Operand::If(Box::new((checked, a, b))),
            Type::One(scalar),
        ))
    }

    /// Two branches as values of one type.
    fn pair(
        &mut self,
        a: Typed,
        a_at: &Range<usize>,
        b: Typed,
        b_at: &Range<usize>,
        wanted: Option<Scalar>,
    ) -> Checked<(Scalar, Operand, Operand)> {
        let own = |typed: &Typed| match typed {
            Typed::Value(_, Type::One(scalar)) => Some(*scalar),
            _ => None,
        };
        let constant = |typed: &Typed| match typed {
            Typed::Constant(literal) => literal.scalar(),
            _ => None,
        };
        let scalar = own(&a).or(own(&b)).or(wanted).or(constant(&a)).or(constant(&b));
        let Some(scalar) = scalar else {
            return self.report(a_at, errors::null_misplaced);
        };
        let a = self.as_scalar(a, a_at, scalar);
        let b = self.as_scalar(b, b_at, scalar);
        Some((scalar, a?, b?))
    }

    // -- constants --

    fn value(&mut self, literal: &Literal, scalar: Scalar, at: &Range<usize>) -> Checked<Value> {
        let schema = self.scope.schema;
        match literal.to_value(scalar, schema) {
            Ok(value) => Some(value),
            // What could not be read is not wrong in kind as well.
            Err(_) if self.findings.within(at) => None,
            Err(why) => self.report(at, |span| errors::mismatch(span, literal, scalar, &why, schema)),
        }
    }

    /// A constant with the type that it has by itself.
    fn constant(&mut self, literal: &Literal, at: &Range<usize>) -> Checked<(Operand, Scalar)> {
        let Some(scalar) = literal.scalar() else {
            return self.report(at, errors::null_misplaced);
        };
        let value = self.value(literal, scalar, at)?;
        Some((Operand::Fixed(Fixed(value)), scalar))
    }

    /// One value of a type that is known beforehand.
    fn as_scalar(&mut self, typed: Typed, at: &Range<usize>, scalar: Scalar) -> Checked<Operand> {
        match settled(typed, scalar) {
            Typed::Constant(literal) => self
                .value(&literal, scalar, at)
                .map(|value| Operand::Fixed(Fixed(value))),
            Typed::Value(operand, Type::One(found)) if fits(found, scalar) => Some(operand),
            other => {
                let wanted = self.scope.schema.type_name(Type::One(scalar));
                let found = self.describe(&other);
                self.report(at, |span| errors::expected(span, &wanted, &found))
            }
        }
    }

    fn list(&mut self, items: &[Ast], wanted: Option<Scalar>) -> Checked<Typed> {
        let (mut all, mut fine) = (Vec::new(), true);
        for item in items {
            match self.typed(item, wanted) {
                // A named list in a list stands for what it lists.
                Some(Typed::List(inner)) => all.extend(inner),
                Some(typed) => all.push((typed, item.at.clone())),
                None => fine = false,
            }
        }
        fine.then_some(Typed::List(all))
    }

    // -- words --

    fn describe(&self, typed: &Typed) -> String {
        match typed {
            Typed::Condition(_) => "a condition".into(),
            Typed::Value(_, ty) => format!("`{}`", self.scope.schema.type_name(*ty)),
            Typed::Constant(literal) => literal.kind().into(),
            Typed::List(_) => "a list".into(),
        }
    }

    fn report<T>(&mut self, at: &Range<usize>, make: impl FnOnce(Span) -> Diagnostic) -> Checked<T> {
        self.findings.report(at, make);
        None
    }
}

/// A reported value read as the type that its surroundings want; anything else as it is.
fn settled(typed: Typed, scalar: Scalar) -> Typed {
    match typed {
        Typed::Value(Operand::Reported(reported), Type::One(Scalar::Reported)) => {
            let scalar = if scalar == Scalar::Int {
                Scalar::Number
            } else {
                scalar
            };
            Typed::Value(
                Operand::Reported(Reported {
                    scalar: Some(scalar),
                    ..reported
                }),
                Type::One(scalar),
            )
        }
        other => other,
    }
}

/// `0`, `0%`, `0s`.
fn is_nothing(typed: &Typed) -> bool {
    match typed {
        Typed::Constant(Literal::Int(n)) => *n == 0,
        Typed::Constant(Literal::Number(n) | Literal::Percent(n)) => *n == 0.0,
        Typed::Constant(Literal::Duration(n)) => *n == 0,
        _ => false,
    }
}

/// A reported value read by its sign alone.
fn against_nothing(typed: Typed) -> Typed {
    match settled(typed, Scalar::Number) {
        Typed::Value(Operand::Reported(reported), ty) => Typed::Value(
            Operand::Reported(Reported {
                against_nothing: true,
                ..reported
            }),
            ty,
        ),
        other => other,
    }
}

fn is_condition(typed: &Typed) -> bool {
    matches!(
        typed,
        Typed::Condition(_) | Typed::Value(_, Type::One(Scalar::Bool)) | Typed::Constant(Literal::Bool(_))
    )
}

fn scalar_of(ty: Type) -> Scalar {
    match ty {
        Type::One(scalar) | Type::List(scalar) | Type::Map(scalar) => scalar,
    }
}

/// Whether values of two types can be the same.
fn fits(a: Scalar, b: Scalar) -> bool {
    let number = |scalar| matches!(scalar, Scalar::Int | Scalar::Number);
    let text = |scalar| matches!(scalar, Scalar::String | Scalar::Path | Scalar::Host | Scalar::Url);
    a == b || number(a) && number(b) || text(a) && text(b)
}
