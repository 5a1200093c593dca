//! A walk finds what a look at every rule finds, none twice; a tree stays small; the same rules give the same tree.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Answers, Picture, Stats, Tree, Way, WayNode, compile};
use crate::condition::Facts;
use crate::diagnostic::Diagnostic;
use crate::model::{self, Policies, Rule};
use crate::normal::Place;
use crate::request::vocabulary;
use crate::schema::{ActionId, AttributeId};
use crate::source::{Level, Source, SourceMap};
use crate::value::{Fact, Tri, Value};
use crate::{document, form};

/// What a request may say, by name.
#[derive(Clone, Debug, Default)]
struct Said {
    action: Option<ActionId>,
    entities: BTreeMap<Level, Fact<&'static str>>,
    texts: BTreeMap<AttributeId, Fact<Value>>,
}

impl Answers for Said {
    fn action(&self) -> Fact<ActionId> {
        self.action.map_or(Fact::Null, Fact::Known)
    }

    fn entity(&self, level: Level) -> Fact<&str> {
        self.entities.get(&level).copied().unwrap_or(Fact::Unknown)
    }

    fn text(&self, attribute: AttributeId) -> Fact<&str> {
        match self.fact(attribute) {
            Fact::Known(value) => value.as_str().map_or(Fact::Unknown, Fact::Known),
            Fact::Null => Fact::Null,
            Fact::Unknown => Fact::Unknown,
        }
    }
}

impl Facts for Said {
    fn fact(&self, attribute: AttributeId) -> Fact<&Value> {
        self.texts.get(&attribute).map_or(Fact::Unknown, Fact::as_ref)
    }

    fn recursive(&self) -> Tri {
        Tri::Unknown
    }

    fn place(&self, path: &str) -> Place {
        Place::of(path)
    }
}

const ACTIONS: [&str; 4] = ["file.write", "file.read", "git.push", "deploy"];
const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const ENVIRONMENTS: [&str; 3] = ["dev", "staging", "production"];
const CLASSES: [&str; 3] = ["bug_fix", "feature", "migration"];

fn policies(documents: &[(Level, String)]) -> Policies {
    let mut map = SourceMap::default();
    let mut out: Vec<Diagnostic> = Vec::new();
    let mut lowered = Vec::new();
    for (number, (level, text)) in documents.iter().enumerate() {
        let source = Source::at(*level, format!("d{number}.yaml"), text.as_str());
        let id = map.add(&source.name, source.text.clone());
        for node in document::parse(id, &map, &mut out) {
            lowered.extend(form::lower(&node, &source, &mut out));
        }
    }
    let map = std::sync::Arc::new(map);
    let checked = model::check(lowered, None, false, &map, &mut out);
    assert!(checked.sound, "{}", crate::Diagnostics::new(out, map));
    (*checked.policies).clone()
}

fn rule(at: usize) -> impl Strategy<Value = String> {
    let action = prop::sample::subsequence(ACTIONS.to_vec(), 1..3);
    let environments = prop::sample::subsequence(ENVIRONMENTS.to_vec(), 0..3);
    let classes = prop::sample::subsequence(CLASSES.to_vec(), 0..3);
    let guard = prop::sample::select(vec![
        "",
        ", when: 'environment == \"dev\" || task_class == \"feature\"'",
        ", unless: 'environment == \"production\"'",
        ", when: 'subject.id == \"s\"'",
    ]);
    (action, environments, classes, guard).prop_map(move |(actions, environments, classes, guard)| {
        let list = |key: &str, names: &[&str]| {
            if names.is_empty() {
                String::new()
            } else {
                format!(", {key}: [{}]", names.join(", "))
            }
        };
        let actions = actions.join(", ");
        let selectors = list("environment", &environments) + &list("task_class", &classes);
        format!("  - {{id: r{at}, deny: [{actions}]{selectors}{guard}}}\n")
    })
}

fn written() -> impl Strategy<Value = (Level, String)> {
    let rules = (1..8usize).prop_flat_map(|count| (0..count).map(rule).collect::<Vec<_>>());
    let teams = prop::sample::subsequence(NAMES.to_vec(), 0..3);
    let repositories = prop::sample::subsequence(NAMES.to_vec(), 0..4);
    (any::<u32>(), teams, repositories, rules).prop_map(|(id, teams, repositories, rules)| {
        let names = |key: &str, names: &[&str]| {
            if names.is_empty() {
                String::new()
            } else {
                format!("  {key}: [{}]\n", names.join(", "))
            }
        };
        let scope = names("team", &teams) + &names("repository", &repositories);
        let scope = if scope.is_empty() {
            scope
        } else {
            format!("applies_to:\n{scope}")
        };
        (
            Level::Repository,
            format!(
                "policy: {{id: p{id}, version: 1}}\n{scope}rules:\n{}",
                rules.concat()
            ),
        )
    })
}

fn fact(names: &'static [&'static str]) -> impl Strategy<Value = Fact<&'static str>> {
    prop_oneof![
        4 => prop::sample::select(names.to_vec()).prop_map(Fact::Known),
        1 => Just(Fact::Known("elsewhere")),
        1 => Just(Fact::Null),
        2 => Just(Fact::Unknown),
    ]
}

fn said() -> impl Strategy<Value = Said> {
    let facts = (
        fact(&NAMES),
        fact(&NAMES),
        fact(&ENVIRONMENTS),
        fact(&CLASSES),
        fact(&["s"]),
    );
    (prop::sample::select(ACTIONS.to_vec()), facts).prop_map(
        |(action, (team, repository, environment, class, id))| {
            let schema = &vocabulary().schema;
            let attribute = |name: &str| schema.attribute_named(name).expect("the vocabulary has it");
            let text = |fact: Fact<&str>| fact.map(Value::text);
            Said {
                action: schema.action_named(action),
                entities: [(Level::Team, team), (Level::Repository, repository)].into(),
                texts: [
                    (attribute("environment"), text(environment)),
                    (attribute("task_class"), text(class)),
                    (attribute("subject.id"), text(id)),
                ]
                .into(),
            }
        },
    )
}

/// Whether a rule would fire or grant, found without the tree.
fn can_matter(policies: &Policies, rule: &Rule, said: &Said) -> bool {
    let scope = &policies.documents[rule.document as usize].scope;
    let applies = scope.iter().all(|entry| match said.entity(entry.level) {
        Fact::Known(name) => entry.names.holds(name),
        Fact::Null | Fact::Unknown => false,
    });
    let named = said.action.is_some_and(|action| rule.actions.contains(&action));
    let holds = rule
        .guard
        .iter()
        .map(|id| policies.conditions[id.0 as usize].eval(said));
    applies && named && (rule.kind.grants() || holds.fold(Tri::True, Tri::and) != Tri::False)
}

fn visited(tree: &Tree, said: &Said) -> Vec<u32> {
    let mut visited = Vec::new();
    tree.visit(said, &mut |rule| visited.push(rule));
    visited.sort_unstable();
    visited
}

proptest! {
    #[test]
    fn a_walk_finds_what_a_look_at_every_rule_finds(
        documents in prop::collection::vec(written(), 1..8),
        said in prop::collection::vec(said(), 1..20),
    ) {
        let policies = policies(&documents);
        let tree = compile(&policies);
        for said in &said {
            let found = visited(&tree, said);
            prop_assert!(found.windows(2).all(|pair| pair[0] != pair[1]), "visited twice: {:?}", found);
            for (at, rule) in policies.rules.iter().enumerate() {
                if can_matter(&policies, rule, said) {
                    prop_assert!(found.contains(&(at as u32)), "{} is missed for {:?}", rule.id, said);
                }
            }
        }
    }

    #[test]
    fn the_same_rules_give_the_same_tree(mut documents in prop::collection::vec(written(), 1..8)) {
        let (one, again) = (policies(&documents), policies(&documents));
        let (first, second) = (compile(&one), compile(&again));
        prop_assert_eq!(Picture::of(&first, &one).text(), Picture::of(&second, &again).text());
        documents.reverse();
        let turned = policies(&documents);
        prop_assert_eq!(Picture::of(&first, &one).text(), Picture::of(&compile(&turned), &turned).text());
    }

    #[test]
    fn a_tree_is_no_larger_than_its_bound(documents in prop::collection::vec(written(), 1..8)) {
        let policies = policies(&documents);
        let tree = compile(&policies);
        let stats = Stats::of(&tree, &policies);
        prop_assert!(stats.references <= super::compile::COPIES_MAX as usize * stats.rules);
        prop_assert_eq!(stats.rules, policies.rules.len());
    }
}

fn sample() -> Policies {
    policies(&[(
        Level::Repository,
        "policy: {id: p, version: 1}\nrules:\n  - {id: a, deny: file.write, environment: production}\n  \
         - {id: b, deny: file.write, environment: staging}\n  - {id: c, deny: git.push, environment: [production, staging]}\n  \
         - {id: d, deny: deploy}\n  - {id: e, deny: [deploy, git.push], task_class: feature}\n"
            .to_owned(),
    )])
}

#[test]
fn pictures_name_questions_answers_and_rules() {
    let policies = sample();
    let picture = Picture::of(&compile(&policies), &policies);
    let text = picture.text();
    for word in ["action?", "- deploy", "p/a (deny)", "p/e (deny)"] {
        assert!(text.contains(word), "{word} is not in\n{text}");
    }
    let dot = picture.dot();
    assert!(
        dot.starts_with("digraph") && dot.contains("n0 -> ") && dot.contains("p/c (deny)"),
        "{dot}"
    );
    let svg = picture.svg();
    assert!(
        svg.contains("prefers-color-scheme:dark") && svg.contains("p/a (deny)") && !svg.contains("left out")
    );
}

#[test]
fn a_large_drawing_says_what_it_leaves_out() {
    let rule = |n: usize| {
        format!(
            "  - {{id: r{n}, deny: file.write, environment: production, when: 'subject.id == \"s{n}\"'}}\n"
        )
    };
    let rules: String = (0..600).map(rule).collect();
    let policies = policies(&[(
        Level::Repository,
        format!("policy: {{id: p, version: 1}}\nrules:\n{rules}"),
    )]);
    let tree = compile(&policies);
    let svg = Picture::of(&tree, &policies).svg();
    assert!(
        svg.contains("more nodes are left out"),
        "{}",
        Stats::of(&tree, &policies)
    );
    assert!(svg.len() < 200_000);
}

#[test]
fn a_trace_tells_what_was_asked() {
    let policies = sample();
    let schema = &vocabulary().schema;
    let said = Said {
        action: schema.action_named("deploy"),
        ..Said::default()
    };
    let asked = compile(&policies).trace(&said, schema);
    assert_eq!(
        (asked[0].name.as_str(), asked[0].answer.as_str()),
        ("action", "deploy")
    );
}

#[test]
fn a_way_holds_what_a_walk_finds() {
    let policies = sample();
    let tree = compile(&policies);
    let schema = &vocabulary().schema;
    for action in schema
        .action_named("deploy")
        .into_iter()
        .chain(schema.action_named("file.write"))
    {
        let said = Said {
            action: Some(action),
            ..Said::default()
        };
        let mut found = Vec::new();
        tree.visit(&said, &mut |rule| {
            found.push(policies.rules[rule as usize].id.to_string())
        });
        let way = Way::of(&tree, &policies, &said);
        let mut drawn: Vec<String> = way.nodes.iter().flat_map(rules).collect();
        drawn.dedup();
        found.sort_unstable();
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), found.len(), "{drawn:?} {found:?}");
        assert!(
            drawn
                .iter()
                .zip(&found)
                .all(|(drawn, id)| drawn.contains(id.as_str()))
        );
        assert_eq!(way.left_out, 0);
    }
}

fn rules(node: &WayNode) -> Vec<String> {
    match node {
        WayNode::Rules(rules) => rules.clone(),
        WayNode::Question { .. } => Vec::new(),
    }
}

#[test]
fn a_way_leads_along_what_is_taken_and_names_what_is_not() {
    let policies = sample();
    let schema = &vocabulary().schema;
    let said = Said {
        action: schema.action_named("deploy"),
        ..Said::default()
    };
    let way = Way::of(&compile(&policies), &policies, &said);
    let Some(WayNode::Question {
        question,
        answer,
        edges,
    }) = way.nodes.first()
    else {
        panic!("the root asks")
    };
    assert_eq!((question.as_str(), answer.as_str()), ("action", "deploy"));
    assert!(edges.iter().any(|edge| edge.taken && edge.answers == ["deploy"]));
    for edge in edges {
        assert_eq!(edge.taken, edge.to.is_some(), "{edge:?}");
        assert!(edge.taken || !edge.answers.contains(&"deploy".to_owned()));
    }
}
