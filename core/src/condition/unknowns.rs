//! Which attributes leave a condition unknown. Runs for records only, so it may look twice.

use std::collections::{BTreeMap, BTreeSet};

use super::eval::{Frame, Held, holds, value};
use super::parse::is_name;
use super::{Expr, Facts, Operand, Reach};
use crate::schema::{AttributeId, Schema};
use crate::value::{Tri, Value};

/// Attributes, or entries of them, by how they are named.
type Entries = BTreeMap<String, (AttributeId, Option<String>)>;

/// The names of those attributes; none where the condition is known.
pub(super) fn of(expr: &Expr, facts: &dyn Facts, schema: &Schema) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    Collector {
        schema,
        names: &mut names,
    }
    .expr(expr, Frame::new(facts));
    names
}

struct Collector<'a> {
    schema: &'a Schema,
    names: &'a mut BTreeSet<String>,
}

impl Collector<'_> {
    fn expr(&mut self, expr: &Expr, frame: Frame<'_>) {
        if holds(expr, frame) != Tri::Unknown {
            return;
        }
        match expr {
            Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| self.expr(part, frame)),
            Expr::If(parts) => parts.iter().for_each(|part| self.expr(part, frame)),
            Expr::Not(inner) => self.expr(inner, frame),
            Expr::Exists { list, body } | Expr::Each { list, body } => self.lambda(list, body, frame),
            Expr::Glob { operand, reach, .. } => self.glob(operand, *reach, frame),
            leaf => self.leaf(leaf, frame),
        }
    }

    fn lambda(&mut self, list: &Operand, body: &Expr, frame: Frame<'_>) {
        match value(list, frame).list() {
            Some(items) => {
                if items.open {
                    self.operand(list);
                }
                frame.each_item(items, |frame| {
                    self.expr(body, frame);
                    true
                });
            }
            None => self.operand(list),
        }
    }

    fn glob(&mut self, operand: &Operand, reach: Reach, frame: Frame<'_>) {
        let known = matches!(value(operand, frame), Held::Value(Value::String(_)));
        match reach {
            Reach::Touched { .. } if known => _ = self.names.insert("recursive".into()),
            _ => self.operand(operand),
        }
    }

    /// Those that are unsaid or open; where there are none, it is null or unreadable that leaves the answer open.
    fn leaf(&mut self, leaf: &Expr, frame: Frame<'_>) {
        let (mut operands, mut open) = (Vec::new(), Vec::new());
        let mut note = |operand: &Operand| {
            operands.push(operand.clone());
            if is_open(value(operand, frame)) {
                open.push(operand.clone());
            }
        };
        leaf.each_operand(&mut note);
        let blamed = if open.is_empty() { operands } else { open };
        blamed.iter().for_each(|operand| self.operand(operand));
    }

    fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Key(id, key) => {
                let name = &self.schema.attribute(*id).name;
                self.names.insert(key_name(name, key));
            }
            Operand::Reported(reported) => {
                let name = &self.schema.attribute(reported.attribute).name;
                self.names.insert(key_name(name, &reported.key));
            }
            Operand::Size(inner) => self.operand(inner),
            Operand::Versions(pair) => pair.iter().for_each(|one| self.operand(one)),
            other => {
                other.each_attribute(&mut |id| _ = self.names.insert(self.schema.attribute(id).name.clone()))
            }
        }
    }
}

/// What an operand reads, by name: with the key where it is the entry of a map.
pub(super) fn entries(operand: &Operand, schema: &Schema, out: &mut Entries) {
    let mut entry = |id: AttributeId, key: &str| {
        let name = key_name(&schema.attribute(id).name, key);
        out.insert(name, (id, Some(key.to_owned())));
    };
    match operand {
        Operand::Key(id, key) => entry(*id, key),
        Operand::Reported(reported) => entry(reported.attribute, &reported.key),
        Operand::Size(inner) => entries(inner, schema, out),
        Operand::Versions(pair) => pair.iter().for_each(|one| entries(one, schema, out)),
        Operand::If(parts) => {
            parts.0.each_operand(&mut |operand| entries(operand, schema, out));
            entries(&parts.1, schema, out);
            entries(&parts.2, schema, out);
        }
        Operand::Attribute(id) => _ = out.insert(schema.attribute(*id).name.clone(), (*id, None)),
        Operand::Item(_) | Operand::Fixed(_) => {}
    }
}

fn is_open(held: Held<'_>) -> bool {
    match held {
        Held::Unknown | Held::AtLeast(_) => true,
        Held::Value(Value::List(list)) => list.open,
        Held::Value(_) | Held::Null | Held::Int(_) => false,
    }
}

/// `evidence.verifiers.unit_tests`, `evidence.verifiers["unit-tests"]`.
fn key_name(attribute: &str, key: &str) -> String {
    match is_name(key) {
        true => format!("{attribute}.{key}"),
        false => format!("{attribute}[{key:?}]"),
    }
}
