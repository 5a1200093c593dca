//! The laws of the language (spec/02-levels.md, 2.6) as properties of the engine.

use std::collections::BTreeSet;

use bailiwick::machinery::schema::Schema;
use bailiwick::{Engine, Level, Outcome, Record, Request, Stamp, State};
use serde_json::{Value as Json, json};

use crate::generate::policy::{self, Policies, Shape};
use crate::generate::rule::{self, Means, RESTRICTING};
use crate::generate::{Dice, request, request::Saying};
use crate::run;

/// Requests for each policy set; a law costs several loads for a set.
const REQUESTS: usize = 30;

/// A policy set that compiles, by a seed; `None` where the seed gives one that does not.
fn set(seed: u64, unknown_ask: bool) -> Option<(Dice, Policies, Engine)> {
    let mut dice = Dice::of(seed);
    let policies = Policies::generate(&mut dice, Shape { unknown_ask });
    let engine = policies.load().ok()?;
    Some((dice, policies, engine))
}

fn record(engine: &Engine, request: &Request, state: &State) -> Record {
    engine.decide(request, state).record(Stamp::default())
}

/// Requests with and without approvals, each with a state.
fn questions(dice: &mut Dice, policies: &Policies, engine: &Engine) -> Vec<(Json, State)> {
    let mut all = Vec::new();
    for _ in 0..REQUESTS {
        let (said, null) = dice.pick(&[(95, 3), (85, 5), (60, 10)]);
        let asked = request::request(dice, policies, Saying { said, null });
        let state = request::state(dice, policies, asked["now"].as_str().unwrap_or_default());
        let Ok(read) = Request::from_value(asked.clone()) else {
            continue;
        };
        let wanted: Vec<String> = record(engine, &read, &state)
            .approvals
            .required
            .into_iter()
            .map(|one| one.id)
            .collect();
        if !wanted.is_empty() {
            all.push((
                request::with_approvals(dice, asked.clone(), &read, &wanted),
                state.clone(),
            ));
        }
        all.push((asked, state));
    }
    all.retain(|(request, _)| Request::from_value(request.clone()).is_ok());
    all
}

/// The keys of two records that differ.
fn differences(a: &Record, b: &Record) -> String {
    let (a, b) = (a.to_json(), b.to_json());
    let keys = a.as_object().into_iter().flat_map(|keys| keys.iter());
    keys.filter(|(key, value)| b.get(key) != Some(value))
        .map(|(key, value)| format!("{key}: {value}\n  {}\n", b[key]))
        .collect()
}

/// 2.5: what is wrong with the claim that one verdict is at least as strict as another.
fn looser(strict: &Record, base: &Record) -> Option<String> {
    if strict.decision < base.decision {
        return Some(format!(
            "the outcome {} is less strict than {}",
            strict.decision, base.decision
        ));
    }
    // A request that some set refuses to read is not looked at by its rules, so nothing else can be compared.
    let unread = |record: &Record| {
        let ends = ["invalid_request", "unknown_action", "unknown_tenant"];
        record
            .matched_rules
            .iter()
            .any(|rule| rule.effect == "engine" && ends.contains(&rule.rule.as_str()))
    };
    if unread(strict) {
        return None;
    }
    let requirements = |record: &Record| -> BTreeSet<String> {
        record
            .approvals
            .required
            .iter()
            .map(|one| one.id.clone())
            .collect()
    };
    let owed = |record: &Record| -> BTreeSet<(String, String)> {
        record
            .obligations
            .iter()
            .map(|one| (one.name.clone(), one.rule.clone()))
            .collect()
    };
    let criteria = |record: &Record| -> BTreeSet<(String, String)> {
        record
            .criteria
            .iter()
            .map(|one| (one.rule.clone(), one.criterion.clone()))
            .collect()
    };
    if let Some(lost) = requirements(base).difference(&requirements(strict)).next() {
        return Some(format!("the requirement {lost} is lost"));
    }
    if let Some(lost) = owed(base).difference(&owed(strict)).next() {
        return Some(format!("the obligation {lost:?} is lost"));
    }
    criteria(base)
        .difference(&criteria(strict))
        .next()
        .map(|lost| format!("the criterion {lost:?} is lost"))
}

/// S≥l: the documents of a level and above. The sources of the others stay, without a word in them: a tenant whose sources
/// are gone is nobody's.
fn from_above(policies: &Policies, level: Level) -> Policies {
    let keep = |document: &policy::Document| {
        if document.level <= level {
            document.clone()
        } else {
            document.blank()
        }
    };
    Policies {
        documents: policies.documents.iter().map(keep).collect(),
        ..policies.clone()
    }
}

fn l1_breaks(policies: &Policies, level: Level, request: &Json, state: &State) -> Option<String> {
    let (whole, above) = (policies.load().ok()?, from_above(policies, level).load().ok()?);
    let request = Request::from_value(request.clone()).ok()?;
    looser(&record(&whole, &request, state), &record(&above, &request, state))
}

#[test]
fn l1_a_lower_level_never_makes_it_less_strict() {
    run::seeds(run::sets(60), |seed| {
        let Some((mut dice, policies, whole)) = set(seed, true) else {
            return;
        };
        for level in Level::ALL {
            if !policies.documents.iter().any(|document| document.level > level) {
                continue;
            }
            let above = match from_above(&policies, level).load() {
                Ok(above) => above,
                Err(found) => panic!(
                    "what is above {level} does not compile alone (seed {seed}): {found}\n{}",
                    policies.text()
                ),
            };
            for (asked, state) in questions(&mut dice, &policies, &whole) {
                let read = Request::from_value(asked.clone()).unwrap();
                if looser(&record(&whole, &read, &state), &record(&above, &read, &state)).is_some() {
                    let fails = |policies: &Policies, request: &Json| {
                        l1_breaks(policies, level, request, &state).is_some()
                    };
                    let (policies, asked) = run::smallest(policies.clone(), asked, fails);
                    let why = l1_breaks(&policies, level, &asked, &state);
                    panic!(
                        "L1 is broken below {level} (seed {seed}): {why:?}\n{}\n{asked}\n{state:?}",
                        policies.text()
                    );
                }
            }
        }
    });
}

/// The set with a restricting rule more in one of its documents. Its version stays, since the law speaks of rules.
fn with_rule(dice: &mut Dice, policies: &Policies) -> Option<Policies> {
    let mut more = policies.clone();
    let at = dice.below(more.documents.len());
    let document = &mut more.documents[at];
    document.body.get("policy")?.get("version")?;
    let means = Means {
        level: document.level,
        extended: policies.extended,
        paths: Vec::new(),
        roles: Vec::new(),
        workflows: Vec::new(),
        unknown_ask: true,
        crowd: None,
    };
    let rule = rule::rule(dice, "one_more", &RESTRICTING, &means, &Schema::builtin());
    let keys = document.body.as_object_mut()?;
    keys.entry("rules")
        .or_insert_with(|| json!([]))
        .as_array_mut()?
        .push(rule);
    Some(more)
}

#[test]
fn l1_a_restricting_rule_more_never_makes_it_less_strict() {
    run::seeds(run::sets(150), |seed| {
        let Some((mut dice, policies, before)) = set(seed, true) else {
            return;
        };
        let Some(more) = with_rule(&mut dice, &policies) else {
            return;
        };
        let Ok(after) = more.load() else { return };
        for (asked, state) in questions(&mut dice, &policies, &before) {
            let read = Request::from_value(asked.clone()).unwrap();
            let why = looser(&record(&after, &read, &state), &record(&before, &read, &state));
            assert!(
                why.is_none(),
                "L1 is broken (seed {seed}): {why:?}\n{}\n{asked}\n{state:?}",
                more.text()
            );
        }
    });
}

/// The same words in another order: documents, and rules and switches within them.
fn shuffled(dice: &mut Dice, policies: &Policies) -> Policies {
    let mut other = policies.clone();
    dice.shuffle(&mut other.documents);
    for document in &mut other.documents {
        for key in ["rules", "switches"] {
            if let Some(list) = document.list(key) {
                dice.shuffle(list);
            }
        }
    }
    other
}

#[test]
fn l2_the_order_of_sources_and_rules_changes_nothing() {
    run::seeds(run::sets(150), |seed| {
        let Some((mut dice, policies, engine)) = set(seed, true) else {
            return;
        };
        let other = shuffled(&mut dice, &policies)
            .load()
            .expect("it compiles in another order");
        for (asked, state) in questions(&mut dice, &policies, &engine) {
            let read = Request::from_value(asked.clone()).unwrap();
            let (a, b) = (record(&engine, &read, &state), record(&other, &read, &state));
            assert_eq!(
                a.record_hash,
                b.record_hash,
                "L2 is broken (seed {seed})\n{}\n{asked}\n{}",
                policies.text(),
                differences(&a, &b)
            );
        }
    });
}

#[test]
fn l3_loading_twice_changes_nothing() {
    run::seeds(run::sets(100), |seed| {
        let Some((mut dice, policies, engine)) = set(seed, true) else {
            return;
        };
        let twice = policies.sources().into_iter().chain(policies.sources());
        let twice = Engine::load(twice).expect("it compiles when loaded twice");
        for (asked, state) in questions(&mut dice, &policies, &engine) {
            let read = Request::from_value(asked.clone()).unwrap();
            let (a, b) = (record(&engine, &read, &state), record(&twice, &read, &state));
            assert_eq!(
                a.record_hash,
                b.record_hash,
                "L3 is broken (seed {seed})\n{}\n{asked}",
                policies.text()
            );
        }
    });
}

/// The same id and version with other words is an error, whatever else is loaded.
#[test]
fn l3_one_version_means_one_text() {
    let other = |text: &str| bailiwick::Source::platform("p.yaml", text.to_owned());
    let first = "policy: {id: p, version: 1}\nrules: [{id: a, deny: file.read}]\n";
    let second = "policy: {id: p, version: 1}\nrules: [{id: a, deny: file.write}]\n";
    assert!(Engine::load([other(first), other(second)]).is_err());
}

/// What a request says of the world and might as well have left open: JSON pointers. Not among them are statements
/// (approvals, times, capabilities), what selects the policies (tenants, the tool, whose unsaid value the action's name
/// is), who asks for whom, and what says the same act in another way (`command` beside `argv`, `patch` beside files).
fn knowledge(request: &Json) -> Vec<String> {
    let mut found = Vec::new();
    let below = |from: &str, found: &mut Vec<String>| {
        let keys = request
            .pointer(from)
            .and_then(Json::as_object)
            .into_iter()
            .flat_map(|keys| keys.keys());
        found.extend(keys.map(|key| format!("{from}/{}", key.replace('/', "~1"))));
    };
    below("/arguments", &mut found);
    below("/arguments/branch", &mut found);
    below("/arguments/x", &mut found);
    below("/scope", &mut found);
    below("/scope/repository", &mut found);
    below("/scope/campaign", &mut found);
    below("/context", &mut found);
    below("/context/x", &mut found);
    below("/evidence/verifiers", &mut found);
    below("/arguments/cost", &mut found);
    below("/usage", &mut found);
    let keys: Vec<String> = found
        .iter()
        .filter(|key| key.starts_with("/usage/"))
        .cloned()
        .collect();
    keys.iter().for_each(|key| below(key, &mut found));
    below("/subject", &mut found);
    below("/subject/on_behalf_of", &mut found);
    let fixed = [
        "tenant",
        "tool",
        "command",
        "patch",
        "on_behalf_of",
        "case_insensitive",
        "x",
        "branch",
        "run",
    ];
    found.retain(|pointer| !fixed.contains(&pointer.rsplit('/').next().unwrap_or_default()));
    // A write or a read that does not say `recursive` says that it is not; only deleting and moving leave it open.
    let open = ["file.delete", "file.move"].contains(&request["action"].as_str().unwrap_or_default());
    found.retain(|pointer| open || pointer != "/arguments/recursive");
    // Of an entity the attributes go, or all of it.
    found.retain(|pointer| !["/scope/repository/id", "/scope/campaign/id"].contains(&pointer.as_str()));
    found
}

/// The same request saying less: parts unsaid, lists open and with fewer members, changes without their kind.
fn less_said(dice: &mut Dice, request: &Json) -> Json {
    let mut less = request.clone();
    for pointer in knowledge(request) {
        if !dice.chance(22) {
            continue;
        }
        let Some((parent, key)) = pointer.rsplit_once('/') else {
            continue;
        };
        let key = key.replace("~1", "/");
        let Some(keys) = less.pointer_mut(parent).and_then(Json::as_object_mut) else {
            continue;
        };
        match keys.get_mut(&key) {
            Some(Json::Array(items)) if dice.chance(60) => {
                if key == "changed_files" && dice.chance(40) {
                    items.iter_mut().for_each(forget_kind);
                } else {
                    if !items.is_empty() && dice.chance(50) {
                        items.remove(dice.below(items.len()));
                    }
                    let open = json!({"at_least": items.clone()});
                    keys.insert(key.to_owned(), open);
                }
            }
            Some(_) => drop(keys.remove(&key)),
            None => {}
        }
    }
    less
}

/// A change of which only the path is said. A rename without its other end stays one.
fn forget_kind(change: &mut Json) {
    let Some(keys) = change.as_object_mut() else {
        return;
    };
    if keys.get("change") == Some(&json!("renamed")) {
        keys.remove("from");
    } else if let Some(path) = keys.get("path") {
        *change = path.clone();
    }
}

/// What the completed request says is not what the policies know, or cannot be read: then it is another question.
fn another_question(record: &Record) -> bool {
    let names = ["contradiction", "invalid_request"];
    record
        .matched_rules
        .iter()
        .any(|rule| rule.effect == "engine" && names.contains(&rule.rule.as_str()))
}

fn l4_breaks(engine: &Engine, less: &Json, more: &Json, state: &State, weak: bool) -> Option<String> {
    let less = Request::from_value(less.clone()).ok()?;
    let more = Request::from_value(more.clone()).ok()?;
    let (low, high) = (record(engine, &more, state), record(engine, &less, state));
    if another_question(&low) {
        return None;
    }
    let holds = if weak {
        high.decision != Outcome::Allowed || low.decision == Outcome::Allowed
    } else {
        low.decision <= high.decision
    };
    (!holds).then(|| {
        format!(
            "saying less gives {}, saying more {}\n{}",
            high.decision, low.decision, low.explanation
        )
    })
}

fn l4(cases: u32, unknown_ask: bool) {
    run::seeds(run::sets(cases), |seed| {
        let Some((mut dice, policies, engine)) = set(seed, unknown_ask) else {
            return;
        };
        for _ in 0..REQUESTS {
            let mut more = request::request(&mut dice, &policies, Saying { said: 96, null: 4 });
            more["capabilities"] = json!(["*"]);
            let state = request::state(&mut dice, &policies, more["now"].as_str().unwrap_or_default());
            for _ in 0..2 {
                let less = less_said(&mut dice, &more);
                if l4_breaks(&engine, &less, &more, &state, unknown_ask).is_some() {
                    let fails = |policies: &Policies, more: &Json| {
                        policies.load().is_ok_and(|engine| {
                            l4_breaks(&engine, &less, more, &state, unknown_ask).is_some()
                        })
                    };
                    let only_policies =
                        |policies: &Policies, request: &Json| request == &more && fails(policies, request);
                    let (policies, more) = run::smallest(policies.clone(), more.clone(), only_policies);
                    let why = l4_breaks(&policies.load().unwrap(), &less, &more, &state, unknown_ask);
                    panic!(
                        "L4 is broken (seed {seed}): {}\n{}\nless: {less}\nmore: {more}",
                        why.unwrap_or_default(),
                        policies.text()
                    );
                }
            }
        }
    });
}

#[test]
fn l4_saying_less_never_gives_less_strict() {
    l4(250, false);
}

#[test]
fn l4_under_unknown_ask_what_is_allowed_stays_so() {
    l4(150, true);
}

#[test]
fn l5_a_document_that_does_not_concern_a_request_changes_nothing() {
    run::seeds(run::sets(150), |seed| {
        let Some((mut dice, policies, engine)) = set(seed, true) else {
            return;
        };
        let tenants: Vec<_> = policies
            .documents
            .iter()
            .filter(|document| document.level != Level::Platform)
            .map(|one| one.tenant)
            .collect();
        let tenant = if tenants.is_empty() {
            None
        } else {
            dice.pick(&tenants)
        };
        let mut more = policies.clone();
        let stranger = policy::elsewhere(&mut dice, &policies, tenant);
        let level = stranger.level;
        more.documents.push(stranger);
        let other = match more.load() {
            Ok(other) => other,
            Err(found) => panic!("the stranger does not compile (seed {seed}): {found}"),
        };
        for (mut asked, state) in questions(&mut dice, &policies, &engine) {
            // Requests that do not say the entity are concerned: it could be this one.
            let key = if level == Level::ToolCall {
                "tool"
            } else {
                level.as_str()
            };
            if level != Level::ToolCall && asked["scope"].get(key).is_none() {
                continue;
            }
            if dice.chance(15) {
                asked["context"]["x"]["stray"] = dice.pick(&[json!(1), json!("one"), Json::Null]);
            }
            let Ok(read) = Request::from_value(asked.clone()) else {
                continue;
            };
            let (a, b) = (record(&engine, &read, &state), record(&other, &read, &state));
            assert_eq!(
                a.record_hash,
                b.record_hash,
                "L5 is broken (seed {seed})\n{}\n{asked}\n{}",
                more.text(),
                differences(&a, &b)
            );
        }
    });
}

#[test]
fn l6_the_same_question_gives_the_same_bytes() {
    run::seeds(run::sets(100), |seed| {
        let Some((mut dice, policies, engine)) = set(seed, true) else {
            return;
        };
        let again = policies.load().unwrap();
        for (asked, state) in questions(&mut dice, &policies, &engine) {
            let read = Request::from_value(asked.clone()).unwrap();
            let same = Request::from_json(&asked.to_string()).unwrap();
            let (a, b) = (record(&engine, &read, &state), record(&again, &same, &state));
            assert_eq!(
                a.canonical(),
                b.canonical(),
                "L6 is broken (seed {seed})\n{}\n{asked}",
                policies.text()
            );
        }
    });
}
