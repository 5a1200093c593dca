//! A walk finds what a look at every rule finds, none twice; a tree stays small; the same rules give the same tree.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Answers, Picture, Stats, Tree, Way, WayNode, compile};
use crate::condition::Facts;
use crate::diagnostic::Diagnostic;
use crate::model::{self, Policies, Rule};
use crate::normal::{Globs, Path, Place, Places};
use crate::request::vocabulary;
use crate::schema::{ActionId, AttributeId};
use crate::source::{Level, Source, SourceMap};
use crate::value::{Fact, List, Tri, Value};
use crate::{document, form};

/// What a request may say, by name.
#[derive(Clone, Debug, Default)]
struct Said {
    action: Option<ActionId>,
    entities: BTreeMap<Level, Fact<&'static str>>,
    texts: BTreeMap<AttributeId, Fact<Value>>,
    recursive: Option<Tri>,
    ignores_case: bool,
    home: bool,
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
        self.recursive.unwrap_or(Tri::Unknown)
    }

    fn ignores_case(&self) -> bool {
        self.ignores_case
    }

    fn spelled_otherwise(&self, path: &str) -> Option<String> {
        Path::in_full(path, self.home.then_some("/home/me")?)
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
                ..Said::default()
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
        check_bound(&stats);
        prop_assert_eq!(stats.rules, policies.rules.len());
    }
}

// -- leaves with many rules --

/// What the many rules of a leaf ask, by kind, each with a number in it.
const ASKED: [fn(usize, &str) -> String; 12] = [
    |_, glob| format!("deny: [file.write, file.delete], path: '{glob}'"),
    |n, glob| format!("deny: [file.write, file.delete], path: ['{glob}', 'part-{n}/**']"),
    |_, glob| format!("deny: git.push, branch: '{glob}'"),
    |n, _| format!("deny: model.call, when: 'tokens > {n}'"),
    |n, _| format!("ask: model.call, when: '{n} >= tokens', approval: {{roles: [ciso]}}"),
    |n, _| format!("deny: model.call, when: 'tokens == {n} || tokens < 3'"),
    |n, _| format!("deny: rollout.promote, when: 'rollout <= {n}%'"),
    |n, _| format!("deny: network.connect, host: ['*.h{}.example', 'h{n}']", n % 4),
    |n, _| format!("deny: [git.push, model.call], role: [engineer, {}]", ROLES[n % 4]),
    |n, _| {
        format!(
            "deny: [git.push, model.call], subject: 's{}-*', unless: 'environment == \"dev\"'",
            n % 5
        )
    },
    |n, _| {
        format!(
            "deny: deploy, service: [s{n}, s{}], environment: [dev, production]",
            n + 1
        )
    },
    |n, _| format!("deny: context.include, when: 'path == \"a{}\"'", n % 3),
];
const ROLES: [&str; 4] = ["ops-lead", "ciso", "cto", "Viewer"];
const MANY: [&str; 7] = [
    "file.write",
    "file.delete",
    "git.push",
    "model.call",
    "rollout.promote",
    "network.connect",
    "deploy",
];

fn glob_text() -> impl Strategy<Value = String> {
    let parts = ["a", "b", "*", "**", "a*", "*.md", "[ab]", "part-1"];
    let parts = prop::collection::vec(prop::sample::select(parts.to_vec()), 1..4);
    let start = prop::sample::select(vec!["", "", "/", "~/", "../"]);
    (start, parts)
        .prop_map(|(start, parts)| format!("{start}{}", parts.join("/")))
        .prop_filter("a pattern", |text| Globs::new(&[text]).is_ok())
}

fn crowd() -> impl Strategy<Value = Vec<(Level, String)>> {
    let kinds = prop::collection::vec(0..ASKED.len(), 1..3);
    let rules = prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, glob_text()), 8..60);
    let scope = prop::sample::select(vec!["[a, b]", "'*'", "[a, 'b*']"]);
    let document = (kinds, rules, scope).prop_map(|(kinds, rules, scope)| {
        let line = |(at, (kind, n, glob)): (usize, (prop::sample::Index, usize, String))| {
            format!(
                "  - {{id: r{at}, {}}}\n",
                ASKED[kinds[kind.index(kinds.len())]](n, &glob)
            )
        };
        let rules: String = rules.into_iter().enumerate().map(line).collect();
        format!("applies_to: {{repository: {scope}}}\nrules:\n{rules}")
    });
    // Two documents of one name would be one, or no set at all.
    let named = |(at, text): (usize, String)| {
        let policy = format!("policy: {{id: p{at}, version: 1}}\n{text}");
        (Level::Repository, policy)
    };
    prop::collection::vec(document, 1..4)
        .prop_map(move |all| all.into_iter().enumerate().map(named).collect())
}

fn value(values: Vec<Value>) -> impl Strategy<Value = Fact<Value>> {
    prop_oneof![
        8 => prop::sample::select(values).prop_map(Fact::Known),
        1 => Just(Fact::Null),
        1 => Just(Fact::Unknown),
    ]
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::text(text)).collect()
}

fn said_of_many() -> impl Strategy<Value = Said> {
    let paths = [
        "a",
        "A/b",
        "part-1/x",
        "a/b/c.md",
        "b",
        ".",
        "..",
        "/a/b",
        "/home/me/a",
        "~/a/b",
        "/",
        "../a",
        "é",
    ];
    let normal = |path: &&str| {
        Path::normalise(path, &Places::default())
            .expect("a path")
            .as_str()
            .to_owned()
    };
    let paths: Vec<String> = paths.iter().map(normal).collect();
    let paths = paths.iter().map(|path| Value::text(path)).collect();
    let list = |names: &[&str], open: bool| {
        Value::List(List {
            items: texts(names),
            open,
        })
    };
    let roles = vec![
        list(&["engineer"], false),
        list(&["cto", "ops-lead"], false),
        list(&["ciso"], true),
        list(&[], false),
        Value::text("Viewer"),
    ];
    let numbers = vec![
        Value::Int(3),
        Value::Int(7),
        Value::Number(4.5),
        Value::Int(-1),
        Value::text("7"),
    ];
    let facts = (
        value(paths),
        value(texts(&["a", "b/c", "x", "a/part-1"])),
        value(numbers),
        value(vec![Value::Percent(3.0), Value::Percent(11.5), Value::Int(3)]),
        value(texts(&[
            "x.h1.example",
            "h3",
            "H3",
            "h1.example",
            "no host",
            "::1",
        ])),
        value(roles),
        value(texts(&["s1-x", "s4", "s2-"])),
        value(texts(&["s3", "s12", "shop"])),
        fact(&ENVIRONMENTS),
    );
    let entity = fact(&["a", "bb", "c"]);
    let tri = prop::option::of(prop::sample::select(vec![Tri::False, Tri::True]));
    let action = prop::sample::select(MANY.to_vec());
    (action, entity, facts, tri, any::<bool>(), any::<bool>()).prop_map(
        |(action, repository, facts, recursive, ignores_case, home)| {
            let schema = &vocabulary().schema;
            let attribute = |name: &str| schema.attribute_named(name).expect("the vocabulary has it");
            let texts = [
                (attribute("path"), facts.0),
                (attribute("branch.name"), facts.1),
                (attribute("tokens"), facts.2),
                (attribute("rollout"), facts.3),
                (attribute("host"), facts.4),
                (attribute("subject.role"), facts.5),
                (attribute("subject.id"), facts.6),
                (attribute("service"), facts.7),
                (attribute("environment"), facts.8.map(Value::text)),
            ];
            Said {
                action: schema.action_named(action),
                entities: [(Level::Repository, repository)].into(),
                texts: texts.into(),
                recursive,
                ignores_case,
                home,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn an_index_leaves_out_no_rule_that_can_matter(
        documents in crowd(),
        said in prop::collection::vec(said_of_many(), 1..30),
    ) {
        let policies = policies(&documents);
        let tree = compile(&policies);
        for said in &said {
            let found = visited(&tree, said);
            prop_assert!(found.windows(2).all(|pair| pair[0] != pair[1]), "visited twice: {:?}", found);
            for (at, rule) in policies.rules.iter().enumerate() {
                if can_matter(&policies, rule, said) {
                    prop_assert!(found.contains(&(at as u32)), "{} is missed for {:?}\n{:?}", rule.id, said, documents);
                }
            }
        }
    }
}

/// So many rules of each kind, and how few of them a walk shows.
#[test]
fn of_many_rules_few_are_shown() {
    let line = |n: usize| format!("  - {{id: r{n}, {}}}\n", ASKED[n % 4](n, &format!("x{n}/*")));
    let rules: String = (0..2_000).map(line).collect();
    let policies = policies(&[(
        Level::Repository,
        format!("policy: {{id: p, version: 1}}\nrules:\n{rules}"),
    )]);
    let tree = compile(&policies);
    let schema = &vocabulary().schema;
    let stats = Stats::of(&tree, &policies);
    assert_eq!((stats.indexed, stats.references), (2_000, 2_000), "{stats}");
    for (action, attribute, known, expected) in [
        ("file.write", "path", Value::text("x4/y"), vec![4]),
        ("file.delete", "path", Value::text("part-9/y"), vec![9]),
        ("git.push", "branch.name", Value::text("x10/y"), vec![10]),
        ("model.call", "tokens", Value::Int(8), vec![3, 7]),
    ] {
        let attribute = schema.attribute_named(attribute).expect("the vocabulary has it");
        let said = Said {
            action: schema.action_named(action),
            texts: [(attribute, Fact::Known(known))].into(),
            recursive: Some(Tri::False),
            ..Said::default()
        };
        assert_eq!(visited(&tree, &said), expected, "{action}");
    }
}

/// What is promised of the size of any tree: see [`super::compile`].
#[track_caller]
fn check_bound(stats: &Stats) {
    use super::compile::{COPIES_EACH, COPIES_FREE};
    let references = stats.rules * (1 + COPIES_EACH) + COPIES_FREE;
    assert!(stats.references <= references, "{stats}");
    assert!(stats.leaves <= stats.references.max(1), "{stats}");
    assert!(stats.nodes <= references * (stats.depth + 1), "{stats}");
    assert!(stats.bytes <= 128 * references, "{stats}");
}

/// Rules that give several answers to every question, each another choice of them: without a bound each would stand in the
/// tree as often as its answers multiply to.
#[test]
fn no_set_of_rules_blows_a_tree_up() {
    let choice = |n: usize, from: &[&str], most: usize| {
        let chosen = (0..most).map(|k| from[(n * (k + 3) + k * k + n / 7) % from.len()]);
        let chosen: std::collections::BTreeSet<&str> = chosen.collect();
        chosen.into_iter().collect::<Vec<_>>().join(", ")
    };
    let rule = |n: usize| {
        let (environments, classes) = (choice(n, &ENVIRONMENTS, 3), choice(n / 2, &CLASSES, 3));
        let (actions, tail) = (choice(n, &MANY, 5), n % 97);
        format!(
            "  - {{id: r{n}, deny: [{actions}], environment: [{environments}], task_class: [{classes}], subject: 's{tail}-*'}}\n"
        )
    };
    for rules in [200, 12_000] {
        let rules: String = (0..rules).map(rule).collect();
        let policies = policies(&[(
            Level::Repository,
            format!("policy: {{id: p, version: 1}}\nrules:\n{rules}"),
        )]);
        check_bound(&Stats::of(&compile(&policies), &policies));
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

#[test]
fn a_way_shows_of_a_crowded_leaf_what_is_looked_at() {
    let rule = |at: usize| format!("  - {{id: r{at}, deny: git.push, branch: 'release-{at}/*'}}\n");
    let text: String = (0..20).map(rule).collect();
    let policies = policies(&[(
        Level::Platform,
        format!("policy: {{id: p, version: 1}}\nrules:\n{text}"),
    )]);
    let schema = &vocabulary().schema;
    let branch = schema.attribute_named("branch.name").expect("it is built in");
    let said = Said {
        action: schema.action_named("git.push"),
        texts: [(branch, Fact::Known(Value::text("release-7/1")))].into(),
        ..Said::default()
    };
    let way = Way::of(&compile(&policies), &policies, &said);
    let drawn: Vec<String> = way.nodes.iter().flat_map(rules).collect();
    assert!(matches!(&*drawn, [only] if only.contains("/r7 ")), "{drawn:?}");
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
