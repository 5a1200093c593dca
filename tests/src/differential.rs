//! The engine and the reference give the same answer to every request under every policy set; and the generator does not
//! quietly stop making cases that matter.

use std::cell::RefCell;
use std::collections::BTreeMap;

use bailiwick::{Engine, Request, Stamp, State};
use serde_json::Value as Json;

use crate::generate::policy::{Policies, Shape};
use crate::generate::{Dice, request};
use crate::run;

const REQUESTS: usize = 100;

/// How often each thing came about.
#[derive(Default)]
struct Tally {
    by_name: RefCell<BTreeMap<String, u64>>,
}

impl Tally {
    fn count(&self, name: impl Into<String>) {
        *self.by_name.borrow_mut().entry(name.into()).or_default() += 1;
    }

    fn of(&self, name: &str) -> u64 {
        self.by_name.borrow().get(name).copied().unwrap_or(0)
    }

    fn answer(&self, answer: &bailiwick_reference::Answer) {
        self.count("requests");
        self.count(format!("outcome {}", answer.outcome));
        for rule in &answer.matched {
            let name = if rule.effect == "engine" {
                &rule.rule
            } else {
                &rule.effect
            };
            self.count(format!(
                "{} {name}",
                if rule.effect == "engine" { "denial" } else { "kind" }
            ));
        }
        for cap in &answer.caps {
            self.count(format!("cap {}", cap[6]));
        }
        for state in answer.requirements.values() {
            self.count(format!("requirement {state}"));
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

/// Compares the two on one request; the outcome of both where they agree.
fn same(engine: &Engine, request: &Json, state: &State) -> Option<bailiwick_reference::Answer> {
    let request = Request::from_value(request.clone()).ok()?;
    let found = run::engine(engine, &request, state);
    (found == run::reference(engine, &request, state)).then_some(found)
}

fn differs(policies: &Policies, request: &Json, state: &State) -> bool {
    policies.load().is_ok_and(|engine| {
        Request::from_value(request.clone()).is_ok() && same(&engine, request, state).is_none()
    })
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
        run::engine(&engine, &read, state),
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
            first.inspect(|found| tally.count(format!("because {}: {}", found.code, found.message)));
            return;
        }
    };
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
        let Some(answer) = same(&engine, &asked, &state) else {
            explain(&policies, &asked, &state, seed)
        };
        tally.answer(&answer);
        let requirements: Vec<String> = engine
            .decide(&read, &state)
            .record(Stamp::default())
            .approvals
            .required
            .into_iter()
            .map(|one| one.id)
            .collect();
        if requirements.is_empty() || left == 0 {
            continue;
        }
        left -= 1;
        let answered = request::with_approvals(&mut dice, &asked, &requirements);
        if Request::from_value(answered.clone()).is_err() {
            tally.count("requests that cannot be read");
            continue;
        }
        let Some(answer) = same(&engine, &answered, &state) else {
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
    for (name, count) in tally.by_name.borrow().iter() {
        println!("{count:>9} {name}");
    }
    // A few sets by chance say nothing about shares.
    if tally.of("sets") < 200 {
        return;
    }
    let share = |name: &str, of: &str, least: f64| {
        let found = tally.of(name) as f64 / tally.of(of).max(1) as f64;
        assert!(
            found >= least,
            "`{name}` makes {found:.4} of `{of}`, which is less than {least}"
        );
    };
    let broken = tally.of("sets that do not compile") as f64 / tally.of("sets") as f64;
    assert!(broken < 0.10, "{broken:.3} of the sets do not compile");
    for (name, least) in [
        ("outcome allowed", 0.08),
        ("outcome ask_approval", 0.02),
        ("outcome denied", 0.20),
        ("kind allow", 0.10),
        ("kind only", 0.01),
        ("kind ask", 0.05),
        ("kind deny", 0.08),
        ("kind gate", 0.01),
        ("kind require", 0.02),
        ("kind switch", 0.005),
        ("denial unknown_tenant", 0.001),
        ("denial tenant_boundary", 0.005),
        ("denial unknown_action", 0.002),
        ("denial entity_unsaid", 0.02),
        ("denial contradiction", 0.001),
        ("denial invalid_request", 0.002),
        ("denial closed", 0.02),
        ("denial unmet_obligation", 0.01),
        ("requirement satisfied", 0.005),
        ("requirement outstanding", 0.02),
        ("requirement moot", 0.02),
        ("requirement rejected", 0.001),
        ("requirement blocked", 0.002),
        ("bypassed", 0.0005),
        ("criteria", 0.02),
        ("unknowns", 0.05),
    ] {
        share(name, "requests", least);
    }
}
