//! The surface by itself: the ways in, and what is said where they are not met. What is decided is the vectors' matter.

use bailiwick::machinery::redact::SINKS;
use bailiwick_surface::table::WORDS;
use bailiwick_surface::{
    Ask, Engine, InvalidInput, PolicyError, Said, Stamp, check, deed, deed_fault, facts, redact, version,
};
use serde_json::{Value as Json, json};

const POLICIES: &str = "
policy: {id: house, version: 1}
rules: [{id: look, allow: run.view}]
switches: [{id: stop, denies: '*'}]
";
const VIEW: &str = r#"{"action": "run.view", "now": "2026-11-20T10:00:00Z"}"#;

fn read(text: &str) -> Json {
    serde_json::from_str(text).expect("the surface gives JSON")
}

fn engine() -> Engine {
    Engine::load(&json!(POLICIES).to_string(), false).expect("the policies compile")
}

/// Policies that do not load: each finding as `code source message`.
#[track_caller]
fn refuses(policies: &Json, expected: &[&str]) {
    let error: PolicyError = Engine::load(&policies.to_string(), false).expect_err("the policies are wrong");
    assert_eq!(
        read(&check(&policies.to_string())),
        read(&error.diagnostics),
        "check says the same"
    );
    let found: Vec<String> = read(&error.diagnostics)
        .as_array()
        .into_iter()
        .flatten()
        .map(|found| {
            let word = |json: &Json| json.as_str().unwrap_or_default().to_owned();
            format!(
                "{} {} {}",
                word(&found["code"]),
                word(&found["labels"][0]["source"]),
                word(&found["message"])
            )
        })
        .collect();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            found.starts_with(expected),
            "expected {expected:?}, found {found:?}"
        );
    }
}

#[test]
fn policies_are_a_text_files_or_sources() {
    let source =
        json!({"name": "s.yaml", "text": POLICIES, "level": "platform", "tenant": null, "entities": {}});
    for policies in [
        json!(POLICIES),
        json!({"platform/p.yaml": POLICIES}),
        json!([source]),
    ] {
        let engine = Engine::load(&policies.to_string(), false).expect("the policies compile");
        assert_eq!(engine.decide(Ask::Text(VIEW), None).outcome(), "allowed");
        assert_eq!(engine.diagnostics(), "[]");
    }
    let none = Engine::load("[]", false).expect("no source is wrong");
    assert_eq!(none.decide(Ask::Text(VIEW), None).outcome(), "denied");
}

#[test]
fn what_is_wrong_with_policies_is_said_with_its_place() {
    refuses(
        &json!("rulez: 1"),
        &["unknown-key policies.yaml unknown key `rulez`"],
    );
    refuses(
        &json!({"team/x/t.yaml": "rulez: 1\ndefualt: allow"}),
        &[
            "unknown-key team/x/t.yaml unknown key `rulez`",
            "unknown-key team/x/t.yaml unknown key `defualt`",
        ],
    );
    refuses(
        &json!({"tean/x/t.yaml": "", "../a.yaml": ""}),
        &[
            "layout ../a.yaml the name has a part `..`",
            "layout tean `tean/` is no level; did you mean `team/`?",
        ],
    );
    refuses(
        &json!({}),
        &["layout  no policies (*.yaml, *.yml) in the policies given"],
    );
    refuses(&json!({"README.md": "# rules"}), &["layout  no policies"]);
    refuses(
        &json!(5),
        &["layout  expected a text, an object of files or a list of sources, found 5"],
    );
    refuses(
        &json!([{"name": "a", "text": "", "levle": "team"}]),
        &["layout  unknown key `levle` in a source"],
    );
    refuses(
        &json!([{"name": "a"}]),
        &["layout  a source lacks the key `text`"],
    );
    refuses(
        &json!([{"name": "a", "text": "", "level": "tean"}]),
        &["layout  `tean` is no level; did you mean `team`?"],
    );
}

#[test]
fn a_decision_keeps_the_state_that_it_was_made_in() {
    let engine = engine();
    let before = engine.decide(Ask::Text(VIEW), None);
    engine.flip("house/stop", true, None).expect("it is a switch");
    let after = engine.decide(Ask::Text(VIEW), None);
    assert_eq!((before.outcome(), after.outcome()), ("allowed", "denied"));
    let decided =
        |decision: &bailiwick_surface::Decision| read(&decision.record(Stamp::default()))["decision"].clone();
    assert_eq!(
        (decided(&before), decided(&after)),
        (json!("allowed"), json!("denied"))
    );
    let other = engine.clone();
    other.set_state(Ask::Text("{}")).expect("it is a state");
    assert_eq!(
        read(&engine.state()),
        json!({"switches": {"house/stop": {"on": true, "at": null}}})
    );
    assert_eq!(read(&other.state()), json!({"switches": {}}));
    let record = before.record(Stamp::default());
    assert_eq!(
        engine.still_holds(&record, "2026-11-20T10:00:00Z", None),
        Ok("state_changed")
    );
    assert_eq!(
        other.still_holds(&record, "2026-11-20T10:00:00Z", None),
        Ok("holds")
    );
}

#[test]
fn what_is_no_request_is_denied_in_every_way_that_is_asked() {
    let engine = engine();
    for (request, state) in [("{", None), (VIEW, Some("{")), (VIEW, Some(r#"{"switches": 1}"#))] {
        let decision = engine.decide(Ask::Text(request), state.map(Ask::Text));
        assert!(!decision.allowed());
        let stamp = Stamp {
            decision_id: Some("d-1".to_owned()),
            created_at: None,
        };
        let record = read(&decision.record(stamp));
        assert_eq!(record["matched_rules"][0]["rule"], "invalid_request");
        assert_eq!(record["decision_id"], "d-1");
        assert_ne!(decision.problems(), "[]");
        let explanation = read(&decision.explain());
        assert_eq!(explanation["decision"], "denied");
        assert_eq!(explanation["levels"].as_array().map(Vec::len), Some(8));
        assert_eq!(explanation["sentence"], json!(decision.explanation()));
    }
}

#[test]
fn inputs_that_decide_nothing_are_refused() {
    let engine = engine();
    let pointer = |error: bailiwick_surface::InvalidInput| read(&error.problems)[0]["pointer"].clone();
    let wrong = engine
        .flip("house/stop", true, Some("noon"))
        .expect_err("it is no time");
    assert_eq!(pointer(wrong), "/switches/house~1stop/at");
    let wrong = engine
        .set_state(Ask::Text(r#"{"swiches": {}}"#))
        .expect_err("it is no state");
    assert_eq!(pointer(wrong), "/swiches");
    let wrong = engine
        .still_holds("{}", "2026-11-20T10:00:00Z", None)
        .expect_err("it is no record");
    assert!(wrong.message.contains("expected a record"), "{}", wrong.message);
    assert_eq!(read(&version())["engine"], env!("CARGO_PKG_VERSION"));
}

fn words(name: &str) -> &'static [&'static str] {
    let found = WORDS.iter().find(|words| words.name == name);
    found.map_or(&[], |words| words.words)
}

#[test]
fn what_cannot_be_looked_at_is_opaque_and_says_why() {
    for (value, why) in [
        ("{", "not JSON"),
        ("5", "expected an object"),
        (r#"{"command": 5}"#, "command"),
        (r#"{"path": "a", "url": "b"}"#, "expected one of"),
    ] {
        let seen = read(&facts(Ask::Text(value)));
        assert!(
            seen["error"].as_str().is_some_and(|error| error.contains(why)),
            "{value}: {seen}"
        );
        assert_eq!(seen["opaque"], true, "{value}");
    }
    let long = format!(r#"{{"text": "{}"}}"#, "x".repeat(5 << 20));
    assert_eq!(read(&facts(Ask::Text(&long)))["opaque"], true);
}

#[test]
fn an_engine_knows_the_programs_of_its_policies() {
    let platform = "programs: {shipit: {operands: [delete]}}\nrules: [{id: look, allow: run.view}]";
    let files = json!({"platform/p.yaml": platform, "tenant/a/organization/a.yaml": "rules: []"});
    let engine = Engine::load(&files.to_string(), false).unwrap_or_else(|error| panic!("{error}"));
    let value = r#"{"command": "shipit now"}"#;
    let seen = |tenant| read(&engine.facts(Ask::Text(value), tenant));
    assert_ne!(
        seen(None),
        read(&facts(Ask::Text(value))),
        "the package by itself does not"
    );
    assert_eq!(seen(Some("a")), seen(None));
    let error = seen(Some("b"))["error"].clone();
    assert_eq!(error, "no policies of the tenant `b`");
}

#[test]
fn sinks_are_those_of_the_vocabulary() {
    let sinks: Vec<&str> = SINKS.iter().map(|sink| sink.name).collect();
    assert_eq!(sinks, words("Sink"));
    let text = "ask ada@example.org";
    for sink in sinks {
        let of = |owed: &[&str]| {
            let owed: Vec<String> = owed.iter().map(|&name| name.to_owned()).collect();
            let clean = redact(text, sink, Some(&owed)).expect("it is a sink");
            read(&clean)["text"].clone()
        };
        assert_eq!(of(&[]), text, "nothing is owed");
        assert_eq!(of(&[&format!("redact:{sink}/secret_like_tokens")]), text);
        assert_eq!(
            of(&[&format!("redact:{sink}/email_addresses")]),
            "ask [redacted:email-address]"
        );
    }
    let error: InvalidInput = redact(text, "pr_bdy", None).expect_err("it is no sink");
    assert!(
        error.message.contains("did you mean `pr_body`?"),
        "{}",
        error.message
    );
}

#[test]
fn an_outcome_is_that_of_its_decision() {
    let record = engine().decide(Ask::Text(VIEW), None).record(Stamp::default());
    let faults = |deed: &str| deed_fault(deed, &record).map(|fault| fault.unwrap_or("none"));
    for result in words("DeedResult") {
        let made = deed(&record, result, Said::default()).expect("it is a result");
        let expected = if *result == "refused" {
            "was_allowed"
        } else {
            "none"
        };
        assert_eq!(faults(&made), Ok(expected), "{result}");
    }
    let done = deed(&record, "done", Said::default()).expect("it is a result");
    assert_eq!(faults(&done.replace("done", "failed")), Ok("changed"));
    assert!(words("DeedFault").contains(&"changed"));
    assert!(faults("{}").is_err());
    assert!(deed("{}", "done", Said::default()).is_err());
    let error = deed(&record, "dne", Said::default()).expect_err("it is no result");
    assert!(
        error.message.contains("did you mean `done`?"),
        "{}",
        error.message
    );
}

#[test]
fn what_is_due_is_said_ahead() {
    let policies = "{default: allow, rules: [{id: freeze, deny: deploy, expires: 2026-12-24}]}";
    let engine = Engine::load(&json!(policies).to_string(), false).expect("it compiles");
    let due = |now: &str, ahead| {
        let found = engine.due(now, ahead).map_err(|error| error.message)?;
        let found = read(&found);
        Ok::<_, String>(found.as_array().map_or(0, Vec::len))
    };
    let of_loading = read(&engine.diagnostics()).as_array().map_or(0, Vec::len);
    assert_eq!(due("2026-11-01T00:00:00Z", None), Ok(of_loading));
    assert_eq!(due("2026-11-01T00:00:00Z", Some(60)), Ok(of_loading + 1));
    assert_eq!(due("2026-12-01T00:00:00Z", None), Ok(of_loading + 1));
    assert!(due("noon", None).is_err());
    assert!(due("2026-12-01T00:00:00Z", Some(u32::MAX)).is_ok());
}

#[test]
fn an_explanation_names_the_rule_that_decides_and_a_tree_leads_to_it() {
    let decision = engine().decide(Ask::Text(VIEW), None);
    let deciding = &read(&decision.explain())["deciding"];
    assert_eq!(
        (&deciding["rule"], &deciding["level"], &deciding["place"]["line"]),
        (&json!("look"), &json!("platform"), &json!(3))
    );
    assert_eq!(deciding.get("reason"), None);
    let ways = read(&decision.tree());
    let way = &ways[0];
    assert_eq!(
        (&way["effect"], &way["part"], &way["left_out"]),
        (&json!(0), &json!("platform"), &json!(0))
    );
    let nodes = way["nodes"].as_array().expect("a way has nodes");
    let found = nodes
        .iter()
        .flat_map(|node| node["rules"].as_array().into_iter().flatten());
    assert!(found.clone().any(|rule| rule == "house/look (allow)"), "{ways}");
}

#[test]
fn what_is_no_request_has_no_way_and_no_deciding_rule() {
    let decision = engine().decide(Ask::Text("{}"), None);
    assert_eq!(decision.tree(), "[]");
    assert_eq!(read(&decision.explain())["deciding"], Json::Null);
}
