//! The surface by itself: the ways in, and what is said where they are not met. What is decided is the vectors' matter.

use bailiwick::machinery::redact::SINKS;
use bailiwick_surface::table::WORDS;
use bailiwick_surface::{
    Ask, AuditRefusal, Engine, InvalidInput, PolicyError, Said, Stamp, audit_event, audit_lines,
    audit_to_sign, audit_verify, check, deed, deed_fault, facts, provenance, redact, version,
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

fn event(id: &str, run: &str) -> Json {
    json!({
        "audit_id": id, "actor_type": "agent", "actor": "agent-17", "action": "file.write", "resource_type": "run",
        "resource_id": run, "created_at": "2026-11-20T10:00:00Z",
    })
}

#[test]
fn controls_are_shown_by_tests_that_pass() {
    let policies = "
policy: {id: house, version: 1}
rules:
  - {id: look, allow: run.view, controls: [own/views]}
---
compliance: {controls: {own/retained: {obligation: retain}}}
";
    let engine = Engine::load(&json!(policies).to_string(), false).unwrap_or_else(|error| panic!("{error}"));
    let of = |tests: Option<&str>| {
        let tests = tests.map(|tests| json!(tests).to_string());
        let made = engine.compliance(tests.as_deref());
        read(&made.unwrap_or_else(|error| panic!("{}", error.message)))
    };
    let bare = of(None);
    let gaps =
        json!([{"control": "own/retained", "rule": null}, {"control": "own/views", "rule": "house/look"}]);
    assert_eq!(bare["gaps"], gaps);
    let table = bare["markdown"].as_str().unwrap_or_default();
    assert!(table.starts_with("| control | rule | tests |"), "{table}");
    assert!(table.contains("| own/views | house/look | **none** |"), "{table}");
    let passes = "- {name: people look, input: {tool: run.view}, expect: {decision: allowed}}";
    let shown = of(Some(passes));
    let rules = json!([{"rule": "house/look", "tests": ["people look"]}]);
    assert_eq!(
        shown["controls"][1],
        json!({"control": "own/views", "rules": rules})
    );
    let fails = passes.replace("allowed", "denied");
    assert_eq!(of(Some(&fails)), bare, "a test that fails shows nothing");
    assert!(engine.compliance(Some(&json!("tests: 5").to_string())).is_err());
}

#[test]
fn a_log_grows_by_lines_and_says_where_it_is_not_sound() {
    let events = |ids: &[&str]| Json::from_iter(ids.iter().map(|id| event(id, "run_1"))).to_string();
    let first = audit_lines("", &events(&["aud_1", "aud_2"])).expect("they are events");
    let log = first.clone() + &audit_lines(&first, &events(&["aud_3"])).expect("the log is sound");
    let report = |log: &str| read(&audit_verify(log, None, false).expect("there is no checkpoint"));
    assert_eq!(report(&log)["entries"], 3);
    let cut = log
        .lines()
        .take(1)
        .chain(log.lines().skip(2))
        .map(|line| format!("{line}\n"));
    let cut: String = cut.collect();
    assert_eq!(report(&cut)["fault"], "missing");
    assert_eq!(report(&log.replace("agent-17", "agent-18"))["fault"], "broken");
    assert_eq!(report(log.trim_end())["fault"], "torn");
    for fault in ["missing", "broken", "torn"] {
        assert!(words("AuditFault").contains(&fault));
    }
    let unsound = audit_lines(&cut, &events(&["aud_4"])).expect_err("nothing grows on it");
    assert!(matches!(unsound, AuditRefusal::Log(error) if error.fault.contains("missing")));
    let torn = audit_lines(log.trim_end(), &events(&["aud_4"])).expect_err("nothing grows on it");
    assert!(matches!(torn, AuditRefusal::Log(error) if error.fault.contains("torn")));
    // One that is no event, and none of them is a line.
    let mixed = json!([event("aud_4", "run_1"), {"audit_id": "aud_5"}, "{"]).to_string();
    let AuditRefusal::Input(wrong) = audit_lines(&log, &mixed).expect_err("they are no events") else {
        panic!("the log is sound");
    };
    let pointers: Vec<Json> = read(&wrong.problems)
        .as_array()
        .into_iter()
        .flatten()
        .map(|problem| problem["pointer"].clone())
        .collect();
    assert_eq!(pointers, ["/1", "/2"]);
    assert!(audit_lines(&log, "{}").is_err());
    assert!(audit_verify(&log, Some("{}"), false).is_err());
    assert!(audit_to_sign("{}").is_err());
}

#[test]
fn the_event_of_a_decision_has_its_hashes() {
    let record = engine().decide(Ask::Text(VIEW), None).record(Stamp::default());
    let made = audit_event(Ask::Text(VIEW), &record, "aud_1").expect("they are a request and its record");
    let (made, record_json) = (read(&made), read(&record));
    assert_eq!(made["record_hash"], record_json["record_hash"]);
    assert_eq!(made["decision"], "allowed");
    assert_eq!(
        made["created_at"], "2026-11-20T10:00:00Z",
        "the request's, where the record has no stamp"
    );
    assert!(audit_lines("", &json!([made]).to_string()).is_ok());
    assert!(audit_event(Ask::Text("{"), &record, "aud_1").is_err());
    assert!(audit_event(Ask::Text(VIEW), "{}", "aud_1").is_err());
}

#[test]
fn provenance_rests_on_whole_records_of_one_run() {
    let asked =
        |run: &str| format!(r#"{{"action": "run.view", "run": "{run}", "now": "2026-11-20T10:00:00Z"}}"#);
    let record = |run: &str| {
        engine()
            .decide(Ask::Text(&asked(run)), None)
            .record(Stamp::default())
    };
    let (one, other) = (record("run_1"), record("run_2"));
    let of = |records: &[&str], given: Option<&str>, statement| {
        provenance(&json!(records).to_string(), given, statement).map_err(|error| error.message)
    };
    let made = read(&of(&[&one, &one], None, false).expect("they are of one run"));
    assert_eq!(made["agent_provenance"]["run_id"], "run_1");
    assert_eq!(made["agent_provenance"]["records"]["count"], 2);
    let given = r#"{"repository": {"id": "shop", "head_sha": "abc"}}"#;
    let statement = read(&of(&[&one], Some(given), true).expect("the commit is given"));
    assert_eq!(statement["subject"][0]["digest"]["gitCommit"], "abc");
    for (records, given, statement, why) in [
        (vec![], None, false, "there are no records"),
        (
            vec![one.as_str(), other.as_str()],
            None,
            false,
            "is of the run `run_2`",
        ),
        (
            vec![one.as_str()],
            Some(r#"{"run_id": "run_9"}"#),
            false,
            "`/run_id`",
        ),
        (
            vec![one.as_str()],
            Some(r#"{"rnu_id": "run_9"}"#),
            false,
            "rnu_id",
        ),
        (vec![one.as_str()], None, true, "head_sha"),
        (vec!["{}"], None, false, "record 1"),
    ] {
        let error = of(&records, given, statement).expect_err(why);
        assert!(error.contains(why), "{error}");
    }
}

#[cfg(feature = "disk")]
mod on_disk {
    #![allow(clippy::disallowed_methods, reason = "tests of a file")]

    use std::path::PathBuf;

    use bailiwick_surface::{AuditLog, Export, audit_verify_file};

    use super::*;

    fn path(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("bailiwick-surface-{}-{name}", std::process::id()));
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).expect("there is a folder for what passes");
        folder.join("audit.jsonl")
    }

    #[test]
    fn a_file_is_appended_to_read_and_verified() {
        let path = path("append");
        let path = path.to_str().expect("it is UTF-8");
        let log = AuditLog::open(path, true).expect("there is none yet");
        assert_eq!(
            log.checkpoint("house", "2026-11-20T11:00:00Z")
                .expect("it is sound"),
            "null"
        );
        let events = json!([event("aud_1", "run_1"), event("aud_2", "run_2")]).to_string();
        assert_eq!(log.append(&events), Ok(2));
        assert!(log.append("[{}]").is_err());
        let kept = log
            .checkpoint("house", "2026-11-20T11:00:00Z")
            .expect("it is sound");
        assert!(audit_to_sign(&kept).expect("it is one").starts_with("DSSEv1 "));
        let of_run = read(&log.entries(Some("run_2")).expect("it is sound"));
        assert_eq!(of_run[0]["chain"]["sequence"], 2);
        let report = audit_verify_file(path, Some(&kept), false).expect("it can be read");
        assert_eq!(read(&report)["checkpointed"], true);
        // Somebody rewrites the file.
        let text = std::fs::read_to_string(path).expect("it is there");
        std::fs::write(path, text.replace("run_1", "run_3")).expect("it can be written");
        let report = read(&audit_verify_file(path, None, false).expect("it can be read"));
        assert_eq!((&report["sound"], &report["line"]), (&json!(false), &json!(1)));
        let error = AuditLog::open(path, true).expect_err("nothing is appended to it");
        assert!(error.fault.contains("broken"), "{}", error.fault);
        let error = audit_verify_file(&format!("{path}.none"), None, false).expect_err("there is none");
        assert!(matches!(error, AuditRefusal::Log(error) if error.fault == "null"));
    }

    #[test]
    fn who_reads_is_written_down_and_sees_what_the_roles_allow() {
        let path = path("export");
        let log = AuditLog::open(path.to_str().expect("it is UTF-8"), true).expect("there is none yet");
        let mut other = event("aud_2", "run_2");
        other["actor"] = json!("agent-18");
        let events = json!([event("aud_1", "run_1"), other]).to_string();
        log.append(&events).expect("they are events");
        let export = |reader: &Json, record: Option<&str>| {
            let reader = reader.to_string();
            let asked = Export {
                reader: &reader,
                now: "2026-11-20T12:00:00Z",
                audit_id: "aud_r",
                run: None,
                access: None,
                record,
            };
            log.export(asked).map(|export| read(&export))
        };
        let lines = |export: &Json| export["lines"].as_str().unwrap_or_default().lines().count();
        let own = export(&json!({"id": "agent-17", "roles": ["engineer"]}), None).expect("it is a reader");
        assert_eq!(
            (&own["reach"], lines(&own)),
            (&json!("own"), 2),
            "with the own reading"
        );
        let all = export(&json!({"id": "judge-1", "roles": ["security"]}), None).expect("it is a reader");
        assert_eq!(
            (&all["reach"], lines(&all)),
            (&json!("all"), 4),
            "with both readings"
        );
        let report = audit_verify(all["lines"].as_str().unwrap_or_default(), None, true);
        assert_eq!(read(&report.expect("there is no checkpoint"))["sound"], true);
        let denied = engine().decide(Ask::Text("{"), None).record(Stamp::default());
        let none =
            export(&json!({"id": "judge-1", "roles": ["security"]}), Some(&denied)).expect("it is a reader");
        assert_eq!(
            (&none["reach"], lines(&none)),
            (&Json::Null, 0),
            "the policies denied it"
        );
        let none = export(&json!({"id": "guest", "roles": ["guest"]}), None).expect("it is a reader");
        assert_eq!(none["reach"], Json::Null);
        assert_eq!(
            read(&log.entries(None).expect("it is sound"))
                .as_array()
                .map(Vec::len),
            Some(6)
        );
        assert!(export(&json!({"id": "x"}), None).is_err());
        assert!(export(&json!({"id": "x", "roles": [], "role": "y"}), None).is_err());
        for reach in ["own", "team", "all"] {
            assert!(words("AuditReach").contains(&reach));
        }
    }
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

/// Requests of many kinds: granted, denied, put to a person, without a time, without an action, and no JSON at all.
fn requests(count: usize) -> Vec<String> {
    let kind = |at: usize| match at % 7 {
        0 => r#"{"action": "run.view", "now": "2026-11-20T10:00:00Z"}"#.to_owned(),
        1 => format!(r#"{{"action": "run.view", "now": "2026-11-20T10:00:00Z", "run_id": "run-{at}"}}"#),
        2 => format!(r#"{{"action": "file.read", "path": "src/{at}.rs", "now": "2026-11-20T10:00:00Z"}}"#),
        3 => {
            format!(r#"{{"action": "shell.exec", "command": "cat {at} > b", "now": "2026-11-20T10:00:00Z"}}"#)
        }
        4 => r#"{"action": "run.view"}"#.to_owned(),
        5 => format!("{{\"action\": {at}}}"),
        _ => "{".repeat(at),
    };
    (0..count).map(kind).collect()
}

#[test]
fn many_are_decided_as_each_by_itself_is() {
    let engine = engine();
    let on = r#"{"switches": {"house/stop": {"on": true}}}"#;
    for state in [None, Some(on), Some(r#"{"switches": 7}"#), Some("{")] {
        for count in [0, 1, 50, 1_000] {
            let texts = requests(count);
            let state = || state.map(Ask::Text);
            let many = engine.decide_many(texts.iter().map(|text| Ask::Text(text)).collect(), state());
            assert_eq!(many.len(), count);
            let outcomes = engine.decide_each(
                texts.iter().map(|text| Ask::Text(text)).collect(),
                state(),
                |decision| decision.outcome(),
            );
            for ((text, decision), outcome) in texts.iter().zip(&many).zip(outcomes) {
                let alone = engine.decide(Ask::Text(text), state());
                assert_eq!(
                    decision.record(Stamp::default()),
                    alone.record(Stamp::default()),
                    "{text}"
                );
                assert_eq!((decision.outcome(), outcome), (alone.outcome(), alone.outcome()));
            }
        }
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "one thread flips while another decides")]
fn many_are_decided_in_one_state_while_it_is_flipped() {
    let engine = engine();
    let over = std::sync::atomic::AtomicBool::new(false);
    let order = std::sync::atomic::Ordering::Relaxed;
    std::thread::scope(|scope| {
        let flips = scope.spawn(|| {
            let mut on = false;
            while !over.load(order) {
                on = !on;
                engine.flip("house/stop", on, None).expect("the switch flips");
            }
        });
        for _ in 0..50 {
            let asked = (0..200).map(|_| Ask::Text(VIEW)).collect();
            let mut outcomes = engine.decide_each(asked, None, |decision| decision.outcome());
            outcomes.dedup();
            assert_eq!(outcomes.len(), 1, "{outcomes:?}");
        }
        over.store(true, order);
        flips.join().expect("nothing panics");
    });
}

#[test]
#[allow(clippy::disallowed_methods, reason = "two threads flip at once")]
fn of_flips_at_once_none_is_lost() {
    let engine = engine();
    let flip = |name: &str| {
        for at in 0..200 {
            engine
                .flip(&format!("{name}/{at}"), true, None)
                .expect("the switch flips");
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| flip("a"));
        flip("b");
    });
    assert_eq!(
        read(&engine.state())["switches"]
            .as_object()
            .map(serde_json::Map::len),
        Some(400)
    );
}
