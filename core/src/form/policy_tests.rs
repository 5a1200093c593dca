//! Policy tests: requests with what must come out (spec/11-forms.md, 11.6). A list, or `policy_tests:` with the `scope` that
//! all of them share. They stand in files of their own and are no policies.

use std::collections::HashMap;

use super::errors;
use super::native::KINDS;
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Node, Scalar};
use crate::outcome::Outcome;
use crate::source::{Span, Spanned};

/// A file of policy tests.
#[derive(Clone, Debug, Default)]
pub struct Tests {
    /// The scope entities that a test does not name itself: a flat request, in part.
    pub scope: Option<Node>,
    /// The tests.
    pub tests: Vec<Test>,
}

/// One test.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: Spanned<String>,
    /// A flat request, in part.
    pub input: Node,
    /// The state, where the test gives one.
    pub state: Option<Node>,
    /// What must come out.
    pub expected: Expected,
    /// The test.
    pub span: Span,
}

/// What must come out.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The decision.
    pub decision: Spanned<Outcome>,
    /// What the explanation or the reason of a rule that fired must contain, whatever the case of letters.
    pub reason_contains: Vec<String>,
    /// Rules that must be among the matched ones, as `<policy id>/<rule id>`.
    pub rules: Vec<Spanned<String>>,
    /// What must be owed.
    pub obligations: Vec<Spanned<String>>,
}

/// The words for decisions; what people write elsewhere is taken too.
const DECISIONS: [(&str, Outcome); 7] = [
    ("allowed", Outcome::Allowed),
    ("ask_approval", Outcome::AskApproval),
    ("denied", Outcome::Denied),
    ("allow", Outcome::Allowed),
    ("ask", Outcome::AskApproval),
    ("deny", Outcome::Denied),
    ("block", Outcome::Denied),
];

/// Whether a document holds policy tests rather than policies.
pub fn holds_tests(node: &Node) -> bool {
    match node {
        Node::List(_) => true,
        Node::Map(map) => map.get("policy_tests").is_some(),
        Node::Scalar(_) => false,
    }
}

/// Reads policy tests; `None` where the document holds something else.
pub fn tests(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Tests> {
    let whole = Field::whole("a policy test file", node);
    if let Node::List(entries) = node {
        if entries.items.iter().all(is_rule) {
            out.push(errors::rules_as_list(node.span()));
            return None;
        }
        let tests = list(whole, out);
        return Some(Tests { scope: None, tests });
    }
    let mut fields = whole.fields("a policy test file", out)?;
    let scope = fields.optional("scope").map(|field| field.node().clone());
    let tests = fields
        .required("policy_tests")
        .map(|field| list(field, out))
        .unwrap_or_default();
    fields.finish(out);
    Some(Tests { scope, tests })
}

/// Whether an entry of a list was meant to be a rule.
fn is_rule(node: &Node) -> bool {
    let Node::Map(map) = node else { return false };
    let has = |key: &str| map.get(key).is_some();
    KINDS.iter().any(|kind| has(kind)) && !has("input") && !has("expect")
}

fn list(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Test> {
    let tests = field.nonempty_list(out).unwrap_or_default();
    let tests: Vec<Test> = tests.into_iter().filter_map(|field| test(field, out)).collect();
    let mut first: HashMap<&str, Span> = HashMap::new();
    for test in &tests {
        if let Some(&first) = first.get(test.name.value.as_str()) {
            out.push(errors::test_twice(test.name.span, first, &test.name.value));
        }
        first.entry(&test.name.value).or_insert(test.name.span);
    }
    tests
}

fn test(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Test> {
    let mut fields = field.fields("a policy test", out)?;
    let name = fields
        .required("name")
        .and_then(|field| field.nonempty_text(out))
        .map(Scalar::spanned);
    let input = fields.required("input").map(|field| field.node().clone());
    let state = fields.optional("state").map(|field| field.node().clone());
    let expected = fields.required("expect").and_then(|field| expected(field, out));
    let span = fields.start();
    fields.finish(out);
    Some(Test {
        name: name?,
        input: input?,
        state,
        expected: expected?,
        span,
    })
}

fn expected(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Expected> {
    let mut fields = field.fields("`expect`", out)?;
    let decision = fields
        .required("decision")
        .and_then(|field| field.keyword(&DECISIONS, out));
    let mut texts = |key, out: &mut Vec<Diagnostic>| -> Vec<Spanned<String>> {
        let found = fields
            .optional(key)
            .map(|field| field.nonempty_texts(out))
            .unwrap_or_default();
        found.into_iter().map(Scalar::spanned).collect()
    };
    let reasons = texts("reason_contains", out);
    let rules = texts("rules", out);
    let obligations = texts("obligations", out);
    fields.finish(out);
    let reason_contains = reasons.into_iter().map(|reason| reason.value).collect();
    Some(Expected {
        decision: decision?,
        reason_contains,
        rules,
        obligations,
    })
}
