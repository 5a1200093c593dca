//! Comparisons: which types go together, and what constants opposite them become.

use std::ops::Range;
use std::sync::Arc;

use super::{Checked, Checker, Typed, against_nothing, fits, is_nothing, scalar_of, settled};
use crate::condition::errors;
use crate::condition::literal::Literal;
use crate::condition::parse::{Ast, Node, Relation};
use crate::condition::{Expr, Fixed, Operand, Order, Ranks};
use crate::schema::{EnumId, Scalar, Type};

impl Checker<'_, '_, '_, '_> {
    pub(super) fn relation(&mut self, relation: Relation, [left, right]: &[Ast; 2]) -> Checked<Expr> {
        let (left_hint, right_hint) = (self.hint(left), self.hint(right));
        self.negated_operand(relation, left, right)?;
        let a = self.typed(left, right_hint);
        let before = self.lenient;
        self.lenient |= a.is_none();
        let b = self.typed(right, left_hint);
        self.lenient = before;
        let (a_at, b_at) = (&left.at, &right.at);
        let (a, b) = self.settle(a?, a_at, b?, b_at)?;
        match relation {
            Relation::Equal => self.equal(a, a_at, b, b_at),
            Relation::Unequal => self.equal(a, a_at, b, b_at).map(Expr::negated),
            Relation::In => self.is_in(a, a_at, b, b_at),
            Relation::NotIn => self.is_in(a, a_at, b, b_at).map(Expr::negated),
            Relation::Less => self.ordered(a, a_at, Order::Less, b, b_at),
            Relation::AtMost => self.ordered(a, a_at, Order::AtMost, b, b_at),
            Relation::Greater => self.ordered(a, a_at, Order::Greater, b, b_at),
            Relation::AtLeast => self.ordered(a, a_at, Order::AtLeast, b, b_at),
        }
    }

    /// What is reported is of the type of what stands opposite.
    fn settle(
        &mut self,
        a: Typed,
        a_at: &Range<usize>,
        b: Typed,
        b_at: &Range<usize>,
    ) -> Checked<(Typed, Typed)> {
        let own = |typed: &Typed| match typed {
            Typed::Value(_, ty) => Some(scalar_of(*ty)).filter(|scalar| *scalar != Scalar::Reported),
            Typed::Constant(literal) => literal.scalar(),
            Typed::List(items) => items.iter().find_map(|(item, _)| match item {
                Typed::Constant(literal) => literal.scalar(),
                _ => None,
            }),
            Typed::Condition(_) => Some(Scalar::Bool),
        };
        let reported = |typed: &Typed| matches!(typed, Typed::Value(_, Type::One(Scalar::Reported)));
        match (reported(&a), reported(&b)) {
            (true, true) => self.report(&(a_at.start..b_at.end), errors::untyped),
            (true, false) if is_nothing(&b) => Some((against_nothing(a), Typed::Constant(Literal::Int(0)))),
            (false, true) if is_nothing(&a) => Some((Typed::Constant(Literal::Int(0)), against_nothing(b))),
            (true, false) => Some((own(&b).map_or(a.clone(), |scalar| settled(a, scalar)), b)),
            (false, true) => Some((a.clone(), own(&a).map_or(b.clone(), |scalar| settled(b, scalar)))),
            (false, false) => Some((a, b)),
        }
    }

    /// `!x == y` is `(!x) == y`, which few mean.
    fn negated_operand(&mut self, relation: Relation, left: &Ast, right: &Ast) -> Checked<()> {
        let Node::Not(inner) = &left.node else {
            return Some(());
        };
        if self.hint(inner).is_none_or(|scalar| scalar == Scalar::Bool) {
            return Some(());
        }
        let text = self.findings.text();
        let (x, whole) = (&text[inner.at.clone()], &text[inner.at.start..right.at.end]);
        let cure = match relation {
            Relation::In => format!("{x} not in {}", &text[right.at.clone()]),
            _ => format!("!({whole})"),
        };
        self.report(&left.at, |span| errors::negated_operand(span, x, &cure))
    }

    fn equal(&mut self, a: Typed, a_at: &Range<usize>, b: Typed, b_at: &Range<usize>) -> Checked<Expr> {
        match (a, b) {
            (Typed::Condition(expr), Typed::Constant(Literal::Bool(truth)))
            | (Typed::Constant(Literal::Bool(truth)), Typed::Condition(expr)) => {
                Some(if truth { expr } else { expr.negated() })
            }
            (Typed::Condition(_), _) => self.report(a_at, errors::compared_conditions),
            (_, Typed::Condition(_)) => self.report(b_at, errors::compared_conditions),
            (Typed::List(_), _) | (_, Typed::List(_)) => {
                self.report(&(a_at.start..b_at.end), errors::compared_lists)
            }
            (Typed::Value(operand, _), Typed::Constant(Literal::Null)) => self.is_null(operand, a_at),
            (Typed::Constant(Literal::Null), Typed::Value(operand, _)) => self.is_null(operand, b_at),
            (Typed::Constant(Literal::Null), _) => self.report(a_at, errors::null_misplaced),
            (_, Typed::Constant(Literal::Null)) => self.report(b_at, errors::null_misplaced),
            (Typed::Value(operand, ty), Typed::Constant(literal)) => {
                self.equal_constant(operand, ty, &literal, b_at)
            }
            (Typed::Constant(literal), Typed::Value(operand, ty)) => {
                self.equal_constant(operand, ty, &literal, a_at)
            }
            (Typed::Constant(a), Typed::Constant(b)) => {
                let (operand, scalar) = self.constant(&a, a_at)?;
                self.equal_constant(operand, Type::One(scalar), &b, b_at)
            }
            (Typed::Value(a, a_ty), Typed::Value(b, b_ty)) => {
                self.equal_values((a, a_ty), (b, b_ty), &(a_at.start..b_at.end))
            }
        }
    }

    fn is_null(&mut self, operand: Operand, at: &Range<usize>) -> Checked<Expr> {
        match operand {
            Operand::Attribute(_) | Operand::Key(..) | Operand::Reported(_) => {
                Some(Expr::Has(operand).negated())
            }
            _ => self.report(at, errors::null_misplaced),
        }
    }

    fn equal_constant(
        &mut self,
        operand: Operand,
        ty: Type,
        literal: &Literal,
        at: &Range<usize>,
    ) -> Checked<Expr> {
        let value = self.value(literal, scalar_of(ty), at)?;
        Some(Expr::In {
            operand,
            values: vec![value].into(),
        })
    }

    fn equal_values(&mut self, a: (Operand, Type), b: (Operand, Type), at: &Range<usize>) -> Checked<Expr> {
        self.comparable(a.1, b.1, at)?;
        match (a.1, b.1) {
            (Type::List(_), Type::List(_)) => self.report(at, errors::compared_lists),
            (_, Type::List(_)) => Some(Expr::Within { item: a.0, list: b.0 }),
            (Type::List(_), _) => Some(Expr::Within { item: b.0, list: a.0 }),
            _ => Some(Expr::Compare {
                left: a.0,
                order: Order::Equal,
                right: b.0,
                ranks: None,
            }),
        }
    }

    fn ordered(
        &mut self,
        a: Typed,
        a_at: &Range<usize>,
        order: Order,
        b: Typed,
        b_at: &Range<usize>,
    ) -> Checked<Expr> {
        match (a, b) {
            (Typed::Value(left, ty), Typed::Constant(literal)) => {
                self.ordered_constant(left, ty, a_at, order, &literal, b_at)
            }
            (Typed::Constant(literal), Typed::Value(right, ty)) => {
                self.ordered_constant(right, ty, b_at, order.flipped(), &literal, a_at)
            }
            (Typed::Constant(a), Typed::Constant(b)) => {
                let (left, scalar) = self.constant(&a, a_at)?;
                self.ordered_constant(left, Type::One(scalar), a_at, order, &b, b_at)
            }
            (Typed::Value(left, a_ty), Typed::Value(right, b_ty)) => {
                let (a, b) = (self.order_of(a_ty, a_at), self.order_of(b_ty, b_at));
                let (ranks, _) = (a?, b?);
                self.comparable(a_ty, b_ty, &(a_at.start..b_at.end))?;
                self.guarded(&left, a_at);
                self.guarded(&right, b_at);
                Some(Expr::Compare {
                    left,
                    order,
                    right,
                    ranks: ranks.map(|id| self.ranks(id)),
                })
            }
            (other @ (Typed::Condition(_) | Typed::List(_)), _) => {
                let found = self.describe(&other);
                self.report(a_at, |span| errors::unordered(span, &found))
            }
            (_, other) => {
                let found = self.describe(&other);
                self.report(b_at, |span| errors::unordered(span, &found))
            }
        }
    }

    fn ordered_constant(
        &mut self,
        operand: Operand,
        ty: Type,
        at: &Range<usize>,
        order: Order,
        literal: &Literal,
        literal_at: &Range<usize>,
    ) -> Checked<Expr> {
        let enumeration = self.order_of(ty, at);
        let value = self.value(literal, scalar_of(ty), literal_at);
        let (enumeration, value) = (enumeration?, value?);
        self.guarded(&operand, at);
        let Some(id) = enumeration else {
            return Some(Expr::Compare {
                left: operand,
                order,
                right: Operand::Fixed(Fixed(value)),
                ranks: None,
            });
        };
        let ranks = self.ranks(id);
        let rank = value.as_str().and_then(|constant| ranks.rank(constant))?;
        Some(Expr::Rank {
            operand,
            order,
            rank,
            ranks,
        })
    }

    /// Whether a type has an order, and that of which enumeration where it is not its own.
    fn order_of(&mut self, ty: Type, at: &Range<usize>) -> Checked<Option<EnumId>> {
        let schema = self.scope.schema;
        match ty {
            Type::One(Scalar::Enum(id)) if schema.enumeration(id).ordered => Some(Some(id)),
            Type::One(Scalar::Int | Scalar::Number | Scalar::Percent | Scalar::String) => Some(None),
            Type::One(Scalar::Timestamp | Scalar::Duration) => Some(None),
            Type::One(
                Scalar::Bool | Scalar::Path | Scalar::Host | Scalar::Url | Scalar::Enum(_) | Scalar::Reported,
            ) => {
                let name = format!("`{}`", schema.type_name(ty));
                self.report(at, |span| errors::unordered(span, &name))
            }
            Type::List(_) | Type::Map(_) => {
                let name = schema.type_name(ty);
                self.report(at, |span| errors::ordered_list(span, &name))
            }
        }
    }

    fn ranks(&self, id: EnumId) -> Arc<Ranks> {
        Arc::new(Ranks::of(self.scope.schema, id))
    }

    pub(super) fn is_in(
        &mut self,
        a: Typed,
        a_at: &Range<usize>,
        b: Typed,
        b_at: &Range<usize>,
    ) -> Checked<Expr> {
        match (a, b) {
            (_, Typed::Value(Operand::Attribute(id), Type::Map(_))) => {
                let name = self.scope.schema.attribute(id).name.clone();
                self.report(b_at, |span| errors::in_map(span, &name))
            }
            (Typed::Value(operand, ty), Typed::List(items)) => self.is_listed(operand, ty, a_at, items),
            (Typed::Constant(literal), Typed::List(items)) => {
                let (operand, scalar) = self.constant(&literal, a_at)?;
                self.is_listed(operand, Type::One(scalar), a_at, items)
            }
            (Typed::Constant(literal), Typed::Value(list, ty @ Type::List(_))) => {
                self.equal_constant(list, ty, &literal, a_at)
            }
            (Typed::List(items), Typed::Value(list, ty @ Type::List(_))) => {
                self.is_listed(list, ty, b_at, items)
            }
            (Typed::Value(item, item_ty), Typed::Value(list, list_ty @ Type::List(_))) => {
                self.comparable(item_ty, list_ty, &(a_at.start..b_at.end))?;
                Some(Expr::Within { item, list })
            }
            (
                other @ (Typed::Condition(_) | Typed::List(_)),
                Typed::List(_) | Typed::Value(_, Type::List(_)),
            ) => {
                let found = self.describe(&other);
                self.report(a_at, |span| {
                    errors::expected(span, "an attribute or a constant", &found)
                })
            }
            (_, other) => {
                let found = self.describe(&other);
                self.report(b_at, |span| errors::not_in_list(span, &found))
            }
        }
    }

    /// An operand in a list that is written out: constants become one set, what has to be looked up is compared.
    fn is_listed(
        &mut self,
        operand: Operand,
        ty: Type,
        at: &Range<usize>,
        items: Vec<(Typed, Range<usize>)>,
    ) -> Checked<Expr> {
        let (mut values, mut others, mut fine) = (Vec::new(), Vec::new(), true);
        for (item, item_at) in items {
            match item {
                Typed::Constant(literal) => match self.value(&literal, scalar_of(ty), &item_at) {
                    Some(value) => values.push(value),
                    None => fine = false,
                },
                other => match self.equal(Typed::Value(operand.clone(), ty), at, other, &item_at) {
                    Some(expr) => others.push(expr),
                    None => fine = false,
                },
            }
        }
        if !fine {
            return None;
        }
        if others.is_empty() || !values.is_empty() {
            others.insert(
                0,
                Expr::In {
                    operand,
                    values: values.into(),
                },
            );
        }
        Some(Expr::any(others))
    }

    fn comparable(&mut self, a: Type, b: Type, at: &Range<usize>) -> Checked<()> {
        if fits(scalar_of(a), scalar_of(b)) && !matches!(a, Type::Map(_)) && !matches!(b, Type::Map(_)) {
            return Some(());
        }
        let schema = self.scope.schema;
        let (a, b) = (
            format!("`{}`", schema.type_name(a)),
            format!("`{}`", schema.type_name(b)),
        );
        self.report(at, |span| errors::incomparable(span, &a, &b))
    }

    /// Reports attributes that are ordered here, that some of the rule's actions lack, and that nothing guards.
    fn guarded(&mut self, operand: &Operand, at: &Range<usize>) {
        let mut read = Vec::new();
        operand.each_attribute(&mut |id| read.push(id));
        let (schema, actions) = (self.scope.schema, self.scope.actions);
        for id in read {
            let mut without = actions
                .iter()
                .filter(|&&action| !schema.belongs(id, action))
                .peekable();
            if self.guards.contains(&id) || without.peek().is_none() {
                continue;
            }
            let without = without.map(|&action| schema.action(action).name.as_str());
            let name = &schema.attribute(id).name;
            self.findings
                .report(at, |span| errors::unguarded(span, name, without));
        }
    }
}
