//! The `cel` crate as the judge of our evaluator: on facts that are fully known the two agree. What CEL does not have
//! is written out in what it has: an order of an enumeration as a list of its constants, lists on the left of `in` as
//! `exists`, durations and timestamps as their nanoseconds.

use std::collections::HashMap;

use cel::{Context, Program};
use proptest::prelude::*;

use super::generate::{any_expr, full_facts};
use super::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn the_cel_crate_agrees(expr in any_expr(), facts in full_facts()) {
        let condition = Condition::of(expr);
        let text = Desugar { lambdas: 0 }.expr(condition.expr());
        prop_assert_eq!(ask_cel(&text, &facts), condition.eval(&facts), "{}", text);
    }
}

/// Texts that are CEL as they stand.
#[test]
fn the_cel_crate_agrees_on_plain_cel() {
    let passed = [("unit_tests", text("passed")), ("a-b", text("failed"))];
    let facts = known(vec![
        ("branch.name", text("release/größe")),
        ("branch.protected", Fact::Known(Value::Bool(true))),
        ("force", Fact::Known(Value::Bool(false))),
        ("lines_changed", Fact::Known(Value::Int(7))),
        ("labels", list(&["a", "bc"], false)),
        ("evidence.verifiers", map(&passed)),
        ("tag", Fact::Null),
    ]);
    for condition in [
        "branch.protected && !force",
        "branch.protected || force && force",
        "!(branch.protected && force) ? lines_changed > 5 : lines_changed < 5",
        "force ? branch.protected : force ? true : branch.protected",
        "branch.name.startsWith(\"rel\") && branch.name.endsWith('ße') && branch.name.contains('/')",
        "size(branch.name) == 13 && branch.name.size() != 12",
        "size(labels) == 2 && labels.size() >= 2",
        "labels.exists(l, l == 'a') && labels.all(l, size(l) < 3)",
        "labels.exists(l, labels.all(m, m == l || size(l) < size(m)))",
        "labels.all(l, l in [\"a\", \"bc\", \"d\"])",
        "'a' in labels && !('x' in labels)",
        "lines_changed in [1, 7] && !(lines_changed in [])",
        "-7 < lines_changed && lines_changed == 7",
        "evidence.verifiers.unit_tests == 'passed' && evidence.verifiers[\"a-b\"] != 'passed'",
        "tag == null && tag != 'x' && branch.name != null",
        r#"'\x41\u00df\U0001F600\101\n' == "Aß😀A\n" && r"\d" == '\\d'"#,
        "1 == 1 && 'a' < 'b' && 1.5 < 2.0",
        "['a', 'b'].exists(x, x == 'a') // a comment",
    ] {
        assert_eq!(compiled(condition).eval(&facts), Tri::True, "{condition}");
        assert_eq!(ask_cel(condition, &facts), Tri::True, "{condition}");
    }
}

fn ask_cel(text: &str, facts: &Known) -> Tri {
    let program = Program::compile(text).unwrap_or_else(|why| panic!("{text}: {why}"));
    let mut context = Context::default();
    for (name, value) in variables(facts) {
        context.add_variable_from_value(name, value);
    }
    match program.execute(&context) {
        Ok(cel::Value::Bool(holds)) => holds.into(),
        other => panic!("{text}: {other:?}"),
    }
}

/// Attributes by the first part of their names; what follows is a map.
fn variables(facts: &Known) -> HashMap<String, cel::Value> {
    let mut leaves = HashMap::new();
    let mut maps: HashMap<String, HashMap<String, cel::Value>> = HashMap::new();
    for (id, fact) in &facts.facts {
        let value = fact_value(fact);
        match SCHEMA.attribute(*id).name.split_once('.') {
            Some((first, rest)) => _ = maps.entry(first.into()).or_default().insert(rest.into(), value),
            None => _ = leaves.insert(SCHEMA.attribute(*id).name.clone(), value),
        }
    }
    leaves.extend(maps.into_iter().map(|(name, map)| (name, map.into())));
    leaves
}

fn fact_value(fact: &Fact<Value>) -> cel::Value {
    match fact {
        Fact::Known(value) => cel_value(value),
        Fact::Null => cel::Value::Null,
        Fact::Unknown => panic!("the oracle is asked about what is known"),
    }
}

fn cel_value(value: &Value) -> cel::Value {
    match value {
        Value::Bool(b) => (*b).into(),
        Value::Int(n) => (*n).into(),
        Value::Number(n) | Value::Percent(n) => (*n).into(),
        Value::String(text) => (&**text).into(),
        Value::Timestamp(n) | Value::Duration(n) => (*n as i64).into(),
        Value::List(list) => list.items.iter().map(cel_value).collect::<Vec<_>>().into(),
        Value::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, fact)| (key.to_string(), fact_value(fact)));
            entries.collect::<HashMap<_, _>>().into()
        }
    }
}

struct Desugar {
    lambdas: usize,
}

impl Desugar {
    fn expr(&mut self, expr: &Expr) -> String {
        match expr {
            Expr::All(parts) if parts.is_empty() => "true".into(),
            Expr::Any(parts) if parts.is_empty() => "false".into(),
            Expr::All(parts) => self.joined(parts, " && "),
            Expr::Any(parts) => self.joined(parts, " || "),
            Expr::Not(inner) => format!("!({})", self.expr(inner)),
            Expr::If(parts) => {
                let [condition, then, otherwise] = [0, 1, 2].map(|at| self.expr(&parts[at]));
                format!("({condition} ? {then} : {otherwise})")
            }
            Expr::Is(operand) => self.operand(operand),
            Expr::Has(operand) => format!("{} != null", self.operand(operand)),
            Expr::In { operand, values } => self.among(operand, values.iter()),
            Expr::Within { item, list } => format!("{} in {}", self.operand(item), self.operand(list)),
            Expr::Compare {
                left, order, right, ..
            } => {
                format!("{} {} {}", self.operand(left), order.sign(), self.operand(right))
            }
            Expr::Rank {
                operand,
                order,
                rank,
                ranks,
            } => {
                let fits = |at: &usize| order.allows(at.cmp(rank));
                let values: Vec<_> = (0..ranks.constants.len())
                    .filter(fits)
                    .map(|at| Value::text(&ranks.constants[at]))
                    .collect();
                self.among(operand, values.iter())
            }
            Expr::Text { operand, part, text } => {
                let name = ["startsWith", "endsWith", "contains"][*part as usize];
                format!("{}.{name}({})", self.operand(operand), self.operand(text))
            }
            Expr::Exists { list, body } => self.lambda(list, "exists", body),
            Expr::Each { list, body } => self.lambda(list, "all", body),
            Expr::Glob { .. }
            | Expr::Host { .. }
            | Expr::Cidr { .. }
            | Expr::Matches { .. }
            | Expr::Hours { .. } => {
                panic!("CEL has no {expr:?}")
            }
        }
    }

    fn joined(&mut self, parts: &[Expr], sign: &str) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.expr(part)).collect();
        format!("({})", parts.join(sign))
    }

    fn among<'a>(&mut self, operand: &Operand, values: impl Iterator<Item = &'a Value>) -> String {
        let values: Vec<String> = values.map(literal).collect();
        let (operand, values) = (self.operand(operand), values.join(", "));
        match operand.as_str() {
            "labels" | "subject.role" => format!("{operand}.exists(i, i in [{values}])"),
            _ => format!("{operand} in [{values}]"),
        }
    }

    fn lambda(&mut self, list: &Operand, name: &str, body: &Expr) -> String {
        let list = self.operand(list);
        let variable = format!("v{}", self.lambdas);
        self.lambdas += 1;
        let body = self.expr(body);
        self.lambdas -= 1;
        format!("{list}.{name}({variable}, {body})")
    }

    fn operand(&mut self, operand: &Operand) -> String {
        match operand {
            Operand::Attribute(id) => SCHEMA.attribute(*id).name.clone(),
            Operand::Item(outwards) => format!("v{}", self.lambdas - 1 - outwards),
            Operand::Fixed(fixed) => literal(&fixed.0),
            Operand::Size(inner) => format!("size({})", self.operand(inner)),
            Operand::Key(..) | Operand::Reported(_) | Operand::Versions(_) | Operand::If(_) => {
                panic!("not generated: {operand:?}")
            }
        }
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Percent(n) => format!("{n:?}"),
        Value::Timestamp(n) | Value::Duration(n) => n.to_string(),
        Value::List(list) => format!(
            "[{}]",
            list.items.iter().map(literal).collect::<Vec<_>>().join(", ")
        ),
        Value::String(text) => format!("{text:?}"),
        Value::Bool(b) => b.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Number(n) => format!("{n:?}"),
        Value::Map(_) => panic!("no map is a literal"),
    }
}
