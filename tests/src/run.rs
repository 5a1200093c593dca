//! How many cases, and what is done with one that fails: it is made small before it is shown.

use bailiwick::machinery::model::PolicySet;
use bailiwick::{Engine, Request, Stamp, State};
use bailiwick_reference::Answer;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value as Json;

use crate::generate::policy::Policies;

/// The number of policy sets: an ordinary share, or what `BAILIWICK_CASES` says.
pub(crate) fn sets(ordinary: u32) -> u32 {
    std::env::var("BAILIWICK_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(ordinary)
}

/// Runs a property over seeds. A seed says nothing, so proptest has nothing to shrink; [`smallest`] does that.
pub(crate) fn seeds(cases: u32, property: impl Fn(u64)) {
    let from: u64 = std::env::var("BAILIWICK_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(0);
    let config = Config {
        cases,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let seed = proptest::num::u64::ANY;
    let outcome = runner.run(&seed, |seed| {
        property(seed ^ from);
        Ok(())
    });
    if let Err(error) = outcome {
        let text = error.to_string();
        panic!("{}", text.lines().next().unwrap_or_default());
    }
}

/// The engine's answer as its record holds it, which is the answer as it is before there is a record.
pub(crate) fn engine(engine: &Engine, request: &Request, state: &State) -> Answer {
    let decision = engine.decide(request, state);
    let answer = Answer::of_record(&decision.record(Stamp::default()));
    assert_eq!(
        answer,
        Answer::of_decision(&decision),
        "a record says otherwise than its decision, of {}",
        request.value()
    );
    answer
}

/// The engine's answer without the record that it would be kept in, which costs several times as much as to decide.
pub(crate) fn unrecorded(engine: &Engine, request: &Request, state: &State) -> Answer {
    Answer::of_decision(&engine.decide(request, state))
}

/// The reference's answer.
pub(crate) fn reference(engine: &Engine, request: &Request, state: &State) -> Answer {
    let sets: Vec<&PolicySet> = engine.sets().map(|compiled| &compiled.set).collect();
    bailiwick_reference::decide(&sets, request, state)
}

/// Removes documents, rules, and parts of documents and requests as long as the case still fails.
pub(crate) fn smallest(
    mut policies: Policies,
    mut request: Json,
    fails: impl Fn(&Policies, &Json) -> bool,
) -> (Policies, Json) {
    loop {
        let smaller = fewer(&policies).into_iter().find(|fewer| fails(fewer, &request));
        if let Some(smaller) = smaller {
            policies = smaller;
            continue;
        }
        match less(&request).into_iter().find(|less| fails(&policies, less)) {
            Some(smaller) => request = smaller,
            None => return (policies, request),
        }
    }
}

fn fewer(policies: &Policies) -> Vec<Policies> {
    let mut all = Vec::new();
    for at in 0..policies.documents.len() {
        let mut fewer = policies.clone();
        fewer.documents.remove(at);
        all.push(fewer);
    }
    for at in 0..policies.documents.len() {
        for body in less(&policies.documents[at].body) {
            let mut fewer = policies.clone();
            fewer.documents[at].body = body;
            all.push(fewer);
        }
    }
    all
}

/// The same value with one part of it less.
fn less(value: &Json) -> Vec<Json> {
    let mut all = Vec::new();
    match value {
        Json::Object(keys) => {
            for key in keys.keys() {
                let mut without = keys.clone();
                without.remove(key);
                all.push(Json::Object(without));
            }
            for (key, inner) in keys {
                for smaller in less(inner) {
                    let mut with = keys.clone();
                    with.insert(key.clone(), smaller);
                    all.push(Json::Object(with));
                }
            }
        }
        Json::Array(items) => {
            for at in 0..items.len() {
                let mut without = items.clone();
                without.remove(at);
                all.push(Json::Array(without));
                for smaller in less(&items[at]) {
                    let mut with = items.clone();
                    with[at] = smaller;
                    all.push(Json::Array(with));
                }
            }
        }
        _ => {}
    }
    all
}
