//! The examples of rules, held against the rules when they are loaded: each must match or must not (spec/03-rules.md, 3.9).

use serde_json::{Map, Value as Json, json};

use crate::decision::{self, Compiled};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::document::Node;
use crate::effect::Effects;
use crate::form::Example;
use crate::model::RuleRef;
use crate::request::{Declared, Request, RequestProblem, flat_entities};
use crate::schema::Schema;
use crate::value::Tri;

/// The beginning of this version of the language: the time of examples and tests that say none.
pub const NOW: &str = "2026-11-01T00:00:00Z";

/// Checks all examples of one part of a policy set; says whether one is wrong.
pub fn check(compiled: &Compiled, part: u8, examples: &[(u32, Example)], out: &mut Vec<Diagnostic>) -> bool {
    let before = out.len();
    for (rule, example) in examples {
        out.extend(wrong(compiled, RuleRef { part, rule: *rule }, example));
    }
    before < out.len()
}

fn wrong(compiled: &Compiled, rule: RuleRef, example: &Example) -> Vec<Diagnostic> {
    let request = match request(&example.request, &Map::new()) {
        Ok(request) => request,
        Err(found) => return found,
    };
    let schema = compiled.set.schema();
    let bound = match request.bind(schema, &|_| Declared::Always) {
        Ok(bound) => bound,
        Err(problems) => {
            return problems
                .iter()
                .map(|problem| unfit(&example.request, problem))
                .collect();
        }
    };
    let effects = Effects::of(&request, schema);
    if effects[0].kind().is_none() {
        return vec![unknown_action(&example.request, request.action(), schema)];
    }
    let fires = |at: usize| decision::holds(compiled, &request, &effects, &bound, rule, at);
    let best = (0..effects.len()).map(fires).max().unwrap_or(Tri::False);
    let grants = compiled.set.rule(rule).kind.grants();
    let matches = best == Tri::True || (best == Tri::Unknown && !grants);
    if matches == example.matches {
        return Vec::new();
    }
    vec![mistaken(compiled, rule, example, best)]
}

fn unknown_action(node: &Node, name: &str, schema: &Schema) -> Diagnostic {
    let span = ["/action", "/tool"]
        .iter()
        .find_map(|pointer| node.at_pointer(pointer))
        .unwrap_or_else(|| node.span());
    let known: Vec<&str> = schema.actions().map(|(_, action)| action.name.as_str()).collect();
    Diagnostic::error(Code("bad-example"), span, format!("there is no action `{name}`"))
        .help_if(did_you_mean(name, known))
}

fn mistaken(compiled: &Compiled, rule: RuleRef, example: &Example, best: Tri) -> Diagnostic {
    let known = compiled.set.rule(rule);
    let (message, help) = match (example.matches, best) {
        (true, Tri::Unknown) => (
            "must match, but that is unknown",
            "say in the example what the rule looks at",
        ),
        (true, _) => ("must match, but does not", "correct the rule or the example"),
        (false, Tri::Unknown) => (
            "must not match, but may: what it leaves unsaid is unknown",
            "say in the example what the rule looks at",
        ),
        (false, _) => ("must not match, but does", "correct the rule or the example"),
    };
    Diagnostic::error(
        Code("example-fails"),
        example.request.span(),
        format!("the example of `{}` {message}", known.id),
    )
    .and(known.span, "the rule")
    .help(help)
}

/// A flat request with what examples and tests need not say.
pub fn request(node: &Node, scope: &Map<String, Json>) -> Result<Request, Vec<Diagnostic>> {
    let mut out = Vec::new();
    let Some(value) = node.to_json(&mut out) else {
        return Err(out);
    };
    let Json::Object(mut keys) = value else {
        return Err(vec![Diagnostic::error(
            Code("bad-example"),
            node.span(),
            "a request is a mapping; this is not",
        )]);
    };
    fill(&mut keys, scope);
    Request::from_value(Json::Object(keys)).map_err(|error| {
        error
            .problems()
            .iter()
            .map(|problem| unfit(node, problem))
            .collect()
    })
}

fn fill(keys: &mut Map<String, Json>, scope: &Map<String, Json>) {
    keys.entry("now").or_insert_with(|| json!(NOW));
    keys.entry("capabilities").or_insert_with(|| json!(["*"]));
    let nested = keys.contains_key("scope") || keys.contains_key("context") || keys.contains_key("arguments");
    let entities = if nested {
        let scope = keys.entry("scope").or_insert_with(|| json!({}));
        match scope.as_object_mut() {
            Some(scope) => scope,
            None => return,
        }
    } else {
        keys
    };
    for entity in flat_entities() {
        let said = entities
            .keys()
            .any(|key| key == entity || key.strip_prefix(entity).is_some_and(|rest| rest.starts_with('.')));
        if !said {
            let value = scope.get(entity).cloned().unwrap_or(Json::Null);
            entities.insert(entity.to_owned(), value);
        }
    }
}

/// A problem of a request, at its place in the document.
fn unfit(node: &Node, problem: &RequestProblem) -> Diagnostic {
    let span = node.at_pointer(&problem.pointer).unwrap_or_else(|| node.span());
    let message = format!(
        "the request does not fit at `{}`: {}",
        problem.pointer, problem.message
    );
    Diagnostic::error(Code("bad-example"), span, message).help_if(problem.help.clone())
}
