//! Switches are flipped as state, on the engine that is there: nothing is loaded or compiled again, and what was decided
//! before no longer holds.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fmt::Write;

use bailiwick::parts::Validity;
use bailiwick::{Engine, Outcome, Request, Source, Stamp, State};
use serde_json::{Value as Json, json};

const SWITCHES: &str = include_str!("../../spec/vectors/forms/02-kill-switch.yaml");
const NOW: &str = "2026-11-20T10:00:00Z";

/// The listed form with everything off, among many other rules.
fn engine(rules: usize) -> Engine {
    let mut text = String::from("policy: {id: base, version: 1}\ndefault: allow\nrules:\n");
    for at in 0..rules {
        _ = writeln!(text, "  - {{id: r{at}, deny: file.write, path: folder-{at}/**}}");
    }
    let off = SWITCHES.replace("true", "false");
    let sources = [
        Source::platform("base.yaml", text),
        Source::platform("switches.yaml", off),
        Source::platform(
            "stop.yaml",
            include_str!("../../spec/vectors/forms/29-emergency-stop.yaml"),
        ),
    ];
    Engine::load(sources).unwrap_or_else(|found| panic!("{found}"))
}

fn request(mut keys: Json) -> Request {
    keys["now"] = json!(NOW);
    keys["capabilities"] = json!(["*"]);
    Request::from_value(keys).unwrap()
}

#[test]
fn each_scope_is_flipped_on_and_off_on_the_engine_that_is_there() {
    let engine = engine(2_000);
    let agent = |action: &str| json!({"action": action, "subject_type": "agent", "subject": "a", "tenant": null, "repository": "payment-service"});
    let mut advance = agent("campaign.advance");
    advance["campaign"] = json!("cmp_01jz");
    let mut shell = agent("shell.exec");
    shell["argv"] = json!(["curl", "https://example.org"]);
    let mut create = agent("pr.create");
    create["changed_files"] = json!([]);
    let flips = [
        ("kill_switch/global.disable_new_runs", agent("run.start")),
        ("kill_switch/global.disable_pr_creation", create),
        ("kill_switch/campaign.pause_waves", advance),
        ("kill_switch/repository.block_all_agent_runs", agent("run.view")),
        ("kill_switch/capability.disable_shell_network", shell),
        ("emergency_stop/stop", agent("run.view")),
    ];
    for (switch, keys) in flips {
        let request = request(keys);
        let decide = |state: &State| engine.decide(&request, state).outcome();
        let off = State::none();
        assert_eq!(decide(&off), Outcome::Allowed, "{switch} is off");
        let on = off.clone().with_switch(switch, true, None);
        assert_eq!(decide(&on), Outcome::Denied, "{switch} is on");
        assert_eq!(
            decide(&on.with_switch(switch, false, None)),
            Outcome::Allowed,
            "{switch} is off again"
        );
    }
}

#[test]
fn what_was_allowed_before_a_flip_no_longer_holds() {
    let engine = engine(10);
    let request =
        request(json!({"action": "run.start", "subject_type": "agent", "subject": "a", "tenant": null}));
    let record = engine.decide(&request, &State::none()).record(Stamp::default());
    let on = State::none().with_switch("kill_switch/global.disable_new_runs", true, None);
    let holds = |state: &State| engine.still_holds(&record, state, NOW).unwrap();
    assert_eq!(holds(&State::none()), Validity::Holds);
    assert_eq!(holds(&on), Validity::StateChanged);
}

#[test]
fn a_switch_that_requires_owes_and_denies_nothing() {
    let engine = engine(10);
    let request = request(
        json!({"action": "run.view", "subject_type": "human", "subject": "p", "tenant": null, "run": "r1"}),
    );
    let on = State::none().with_switch("kill_switch/global.cancel_running_runs", true, None);
    let decision = engine.decide(&request, &on);
    assert_eq!(decision.outcome(), Outcome::Allowed);
    let record = decision.record(Stamp::default());
    let owed: Vec<&str> = record.obligations.iter().map(|owed| owed.name.as_str()).collect();
    assert_eq!(owed, ["cancel_run"]);
    assert_eq!(record.obligations[0].rule, "global.cancel_running_runs");
}
