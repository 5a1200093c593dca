//! The engine and the reference give the same answer to every request under every policy set; and the generator does not
//! quietly stop making cases that matter.

use std::cell::RefCell;
use std::collections::BTreeMap;

use bailiwick::machinery::decision::Compiled;
use bailiwick::machinery::tree::Stats;
use bailiwick::{Engine, Request, State};
use bailiwick_reference::Answer;
use serde_json::Value as Json;

use crate::generate::policy::{Policies, Shape};
use crate::generate::{Dice, request};
use crate::run;

const REQUESTS: usize = 100;

/// Of so many requests one has its record written, and compared as well.
const RECORDED: usize = 50;

/// How often each thing came about: a sort of things, and which one of it.
#[derive(Default)]
struct Tally {
    by_name: RefCell<BTreeMap<&'static str, BTreeMap<String, u64>>>,
}

impl Tally {
    fn count(&self, sort: &'static str) {
        self.count_one(sort, "");
    }

    fn count_one(&self, sort: &'static str, name: &str) {
        let mut by_name = self.by_name.borrow_mut();
        let names = by_name.entry(sort).or_default();
        match names.get_mut(name) {
            Some(count) => *count += 1,
            None => drop(names.insert(name.to_owned(), 1)),
        }
    }

    fn of(&self, sort: &str, name: &str) -> u64 {
        let by_name = self.by_name.borrow();
        by_name
            .get(sort)
            .and_then(|names| names.get(name))
            .copied()
            .unwrap_or(0)
    }

    fn answer(&self, answer: &Answer) {
        self.count("requests");
        self.count_one("outcome", answer.outcome.as_str());
        for rule in &answer.matched {
            match rule.effect.as_ref() {
                "engine" => self.count_one("denial", &rule.rule),
                kind => self.count_one("kind", kind),
            }
        }
        for cap in &answer.caps {
            self.count_one("cap", &cap[6]);
        }
        for state in answer.requirements.values() {
            self.count_one("requirement", state);
        }
        for (what, there) in [
            ("bypassed", !answer.bypassed.is_empty()),
            ("criteria", !answer.criteria.is_empty()),
            ("unknowns", !answer.unknowns.is_empty()),
            ("obligations", !answer.obligations.is_empty()),
            ("caps", !answer.caps.is_empty()),
            ("floors", !answer.floors.is_empty()),
            ("charges", !answer.charges.is_empty()),
        ] {
            if there {
                self.count(what);
            }
        }
    }
}

/// Whether the record is asked for what the engine says.
#[derive(Clone, Copy)]
enum By {
    Record,
    Decision,
}

/// Compares the two on one request; the answer of both where they agree.
fn same(engine: &Engine, request: &Request, state: &State, by: By) -> Option<Answer> {
    let found = match by {
        By::Record => run::engine(engine, request, state),
        By::Decision => run::unrecorded(engine, request, state),
    };
    (found == run::reference(engine, request, state)).then_some(found)
}

/// Whether some leaf of its trees is so crowded that its rules are found by an index.
fn indexed(set: &Compiled) -> bool {
    let parts = set.set.parts().into_iter().zip(&set.trees);
    parts
        .into_iter()
        .any(|(policies, tree)| Stats::of(tree, policies).indexed > 0)
}

fn differs(policies: &Policies, request: &Json, state: &State) -> bool {
    let (Ok(engine), Ok(request)) = (policies.load(), Request::from_value(request.clone())) else {
        return false;
    };
    same(&engine, &request, state, By::Decision).is_none()
}

fn explain(policies: &Policies, request: &Json, state: &State, seed: u64) -> ! {
    let (policies, request) = run::smallest(policies.clone(), request.clone(), |policies, request| {
        differs(policies, request, state)
    });
    let engine = policies.load().unwrap();
    let read = Request::from_value(request.clone()).unwrap();
    panic!(
        "engine and reference differ (seed {seed})\n{}\nrequest: {request}\nstate: {state:?}\nengine: {:#?}\nreference: {:#?}",
        policies.text(),
        run::unrecorded(&engine, &read, state),
        run::reference(&engine, &read, state),
    );
}

fn case(seed: u64, tally: &Tally) {
    let mut dice = Dice::of(seed);
    let policies = Policies::generate(&mut dice, Shape { unknown_ask: true });
    tally.count("sets");
    let engine = match policies.load() {
        Ok(engine) => engine,
        Err(found) => {
            tally.count("sets that do not compile");
            let first = found
                .iter()
                .find(|found| found.severity == bailiwick::parts::Severity::Error);
            first.inspect(|found| tally.count_one("because", &format!("{}: {}", found.code, found.message)));
            return;
        }
    };
    if engine.sets().any(indexed) {
        tally.count("sets with an index");
    }
    let mut left = REQUESTS;
    while left > 0 {
        left -= 1;
        let (said, null) = dice.pick(&[(95, 3), (90, 5), (80, 10), (55, 10)]);
        let asked = request::request(&mut dice, &policies, request::Saying { said, null });
        let state = request::state(&mut dice, &policies, asked["now"].as_str().unwrap_or_default());
        let Ok(read) = Request::from_value(asked.clone()) else {
            tally.count("requests that cannot be read");
            continue;
        };
        let by = if left.is_multiple_of(RECORDED) {
            By::Record
        } else {
            By::Decision
        };
        let Some(answer) = same(&engine, &read, &state, by) else {
            explain(&policies, &asked, &state, seed)
        };
        tally.answer(&answer);
        if answer.requirements.is_empty() || left == 0 {
            continue;
        }
        left -= 1;
        let answered = request::with_approvals(&mut dice, asked, &read, answer.requirements.keys());
        let Ok(read) = Request::from_value(answered.clone()) else {
            tally.count("requests that cannot be read");
            continue;
        };
        let Some(answer) = same(&engine, &read, &state, by) else {
            explain(&policies, &answered, &state, seed)
        };
        tally.answer(&answer);
    }
}

/// The heart of it. The shares below are minima: under them the generator has stopped to test something.
#[test]
fn the_engine_answers_as_the_reference_does() {
    let tally = Tally::default();
    let begin = std::time::Instant::now();
    run::seeds(run::sets(400), |seed| case(seed, &tally));
    println!("{:.1} s", begin.elapsed().as_secs_f64());
    for (sort, names) in tally.by_name.borrow().iter() {
        for (name, count) in names {
            println!("{count:>9} {sort} {name}");
        }
    }
    // A few sets by chance say nothing about shares.
    if tally.of("sets", "") < 200 {
        return;
    }
    let broken = tally.of("sets that do not compile", "") as f64 / tally.of("sets", "") as f64;
    assert!(broken < 0.10, "{broken:.3} of the sets do not compile");
    let indexed = tally.of("sets with an index", "") as f64 / tally.of("sets", "") as f64;
    assert!(indexed >= 0.03, "{indexed:.3} of the sets have an index");
    for (sort, name, least) in [
        ("outcome", "allowed", 0.08),
        ("outcome", "ask_approval", 0.02),
        ("outcome", "denied", 0.20),
        ("kind", "allow", 0.10),
        ("kind", "only", 0.01),
        ("kind", "ask", 0.05),
        ("kind", "deny", 0.08),
        ("kind", "gate", 0.01),
        ("kind", "require", 0.02),
        ("kind", "switch", 0.005),
        ("denial", "unknown_tenant", 0.001),
        ("denial", "tenant_boundary", 0.005),
        ("denial", "unknown_action", 0.002),
        ("denial", "entity_unsaid", 0.02),
        ("denial", "contradiction", 0.001),
        ("denial", "invalid_request", 0.002),
        ("denial", "closed", 0.02),
        ("denial", "unmet_obligation", 0.01),
        ("requirement", "satisfied", 0.005),
        ("requirement", "outstanding", 0.02),
        ("requirement", "moot", 0.02),
        ("requirement", "rejected", 0.001),
        ("requirement", "blocked", 0.002),
        ("bypassed", "", 0.0005),
        ("criteria", "", 0.02),
        ("unknowns", "", 0.05),
    ] {
        let found = tally.of(sort, name) as f64 / tally.of("requests", "").max(1) as f64;
        assert!(
            found >= least,
            "`{sort} {name}` makes {found:.4} of the requests, which is less than {least}"
        );
    }
}
