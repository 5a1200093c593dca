//! Chains, what breaks them, and who reads. Each fault is made by hand on a log of ten entries of three runs.

use super::*;
use crate::digest::canonical;
use serde_json::{Value as Json, json};

fn event(number: u64) -> Event {
    let run = format!("run_{}", number % 3);
    Event {
        audit_id: format!("aud_{number}"),
        tenant_id: Some(["acme", "umbrella"][(number % 2) as usize].to_owned()),
        actor_type: "agent".to_owned(),
        actor: format!("agent-{}", number % 4),
        action: "tool.shell.exec".to_owned(),
        resource_type: "run".to_owned(),
        resource_id: Some(run),
        created_at: "2026-11-20T10:00:00Z".to_owned(),
        ..Event::default()
    }
}

fn lines() -> Vec<String> {
    let mut chain = Chain::new();
    let line = |number| {
        chain
            .append(event(number))
            .expect("it is an event")
            .trim_end()
            .to_owned()
    };
    (1..=10).map(line).collect()
}

fn checkpoint(entries: usize) -> Checkpoint {
    let mut chain = Chain::new();
    lines()[..entries]
        .iter()
        .for_each(|line| drop(chain.accept(line.as_bytes()).expect("it is sound")));
    Checkpoint::of(&chain, "audit", "2026-11-20T11:00:00Z").expect("it is not empty")
}

fn verify(lines: &[String], scope: Scope, checkpoint: Option<Checkpoint>) -> Result<Verified, Fault> {
    let mut verifier = Verifier::new(scope, checkpoint);
    lines.iter().all(|line| verifier.push(line.as_bytes()));
    verifier.finish()
}

#[track_caller]
fn faulty(lines: &[String], kind: FaultKind, line: u64, sequence: Option<u64>) {
    let fault = verify(lines, Scope::Whole, Some(checkpoint(10))).expect_err("something is wrong");
    assert_eq!(
        (fault.kind, fault.line, fault.sequence),
        (kind, line, sequence),
        "{fault}"
    );
}

/// An entry changed as somebody would who knows how hashes are taken.
fn forged(line: &str, change: impl FnOnce(&mut Json)) -> String {
    let mut json: Json = serde_json::from_str(line).expect("it is JSON");
    change(&mut json);
    json.as_object_mut()
        .expect("it is an object")
        .remove("entry_hash");
    let hash = crate::digest::Digest::of_json(&json).to_string();
    json["entry_hash"] = json!(hash);
    String::from_utf8(canonical(&json)).expect("it is UTF-8")
}

#[test]
fn a_sound_log_is_sound() {
    let found = verify(&lines(), Scope::Whole, Some(checkpoint(7))).expect("it is sound");
    assert_eq!(
        (found.entries, found.last_sequence, found.checkpointed),
        (10, 10, true)
    );
    assert_eq!(verify(&[], Scope::Whole, None).map(|found| found.entries), Ok(0));
}

#[test]
fn the_first_fault_is_named() {
    let sound = lines();
    let with = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines = sound.clone();
        change(&mut lines);
        lines
    };
    // Changed, with the hash left as it was, and anew.
    faulty(
        &with(&|l| l[3] = l[3].replace("agent-0", "agent-9")),
        FaultKind::Broken,
        4,
        Some(4),
    );
    let denied = |json: &mut Json| json["decision"] = json!("denied");
    faulty(
        &with(&|l| l[3] = forged(&l[3], denied)),
        FaultKind::Broken,
        5,
        Some(5),
    );
    faulty(
        &with(&|l| l[9] = forged(&l[9], denied)),
        FaultKind::Broken,
        10,
        Some(10),
    );
    faulty(&with(&|l| l[4] = "{}".to_owned()), FaultKind::Broken, 5, None);
    faulty(
        &with(&|l| l[4] = format!("{} ", l[4])),
        FaultKind::Broken,
        5,
        None,
    );
    faulty(
        &with(&|l| l[4] = l[4].replacen('{', "{\"action\":\"x\",", 1)),
        FaultKind::Broken,
        5,
        None,
    );
    // Left out, at each place.
    faulty(&with(&|l| drop(l.remove(0))), FaultKind::Missing, 1, Some(1));
    faulty(&with(&|l| drop(l.remove(5))), FaultKind::Missing, 6, Some(6));
    faulty(&with(&|l| drop(l.drain(2..6))), FaultKind::Missing, 3, Some(3));
    faulty(&with(&|l| drop(l.pop())), FaultKind::Truncated, 10, Some(10));
    faulty(&[], FaultKind::Truncated, 1, Some(1));
    // Moved, forwards and backwards.
    faulty(&with(&|l| l.swap(2, 3)), FaultKind::Reordered, 3, Some(3));
    faulty(
        &with(&|l| {
            let moved = l.remove(1);
            l.push(moved);
        }),
        FaultKind::Reordered,
        2,
        Some(2),
    );
    faulty(
        &with(&|l| {
            let moved = l.remove(8);
            l.insert(1, moved);
        }),
        FaultKind::Reordered,
        2,
        Some(2),
    );
    // Twice.
    faulty(
        &with(&|l| l.insert(4, l[3].clone())),
        FaultKind::Repeated,
        5,
        Some(4),
    );
    // Cut off without a checkpoint nobody can see.
    assert!(verify(&sound[..6], Scope::Whole, None).is_ok());
}

#[test]
fn a_log_that_is_written_anew_is_found_by_its_checkpoint() {
    let mut chain = Chain::new();
    let anew = |number| {
        let mut event = event(number);
        event.actor = "somebody-else".to_owned();
        chain.append(event).expect("it is an event").trim_end().to_owned()
    };
    let lines: Vec<String> = (1..=10).map(anew).collect();
    assert!(verify(&lines, Scope::Whole, None).is_ok());
    faulty(&lines, FaultKind::Broken, 10, Some(10));
}

#[test]
fn an_extract_is_verified_by_the_chains_of_its_runs() {
    let of_run = |run: &str| -> Vec<String> {
        let id = format!("\"id\":\"{run}\"");
        lines().into_iter().filter(|line| line.contains(&id)).collect()
    };
    let extract = of_run("run_1");
    assert_eq!(extract.len(), 4);
    assert!(verify(&extract, Scope::Extract, None).is_ok());
    let kind = |lines: &[String]| {
        verify(lines, Scope::Extract, None)
            .expect_err("something is wrong")
            .kind
    };
    assert_eq!(kind(&extract[1..]), FaultKind::Missing);
    let swapped = [extract[1].clone(), extract[0].clone()];
    assert_eq!(kind(&swapped), FaultKind::Missing);
    let changed = [extract[0].replace("agent-1", "agent-2"), extract[1].clone()];
    assert_eq!(kind(&changed), FaultKind::Broken);
}

/// Every change of one byte, every line dropped, every two lines swapped: nothing passes.
#[test]
fn nothing_can_be_changed_unseen() {
    let sound = lines();
    for at in 0..sound.len() {
        for byte in 0..sound[at].len() {
            let mut bytes = sound[at].clone().into_bytes();
            bytes[byte] = if bytes[byte] == b'x' { b'y' } else { b'x' };
            let mut changed = sound.clone();
            changed[at] = String::from_utf8_lossy(&bytes).into_owned();
            let fault = verify(&changed, Scope::Whole, None).expect_err("a byte was changed");
            assert_eq!(fault.line, at as u64 + 1, "{fault}");
        }
        for other in at + 1..sound.len() {
            let mut changed = sound.clone();
            changed.swap(at, other);
            let fault = verify(&changed, Scope::Whole, None).expect_err("two lines were swapped");
            assert_eq!((fault.kind, fault.line), (FaultKind::Reordered, at as u64 + 1));
        }
    }
}

#[test]
fn form_17_is_an_event() {
    let form = r#"{
        "audit_id": "aud_01jz0000000000000000000000", "tenant_id": "ten_platform", "actor_type": "service",
        "actor": "agent-worker-17", "action": "tool.shell.exec", "resource_type": "run", "resource_id": "run_01jz",
        "decision": "allowed", "approval_id": null, "policy_version": "policy_2026_07_04_1",
        "request_hash": "sha256:...", "result_hash": "sha256:...", "created_at": "2026-07-04T11:02:44+07:00"
    }"#;
    let event = Event::from_json(form).expect("it is form 17");
    assert_eq!(event.run(), Some("run_01jz"));
    let line = Chain::new().append(event).expect("it is an event");
    let (entry, form): (Json, Json) = (
        serde_json::from_str(&line).unwrap(),
        serde_json::from_str(form).unwrap(),
    );
    for (key, value) in form.as_object().expect("it is an object") {
        assert_eq!(&entry[key], value, "{key}");
    }
    assert_eq!(
        entry["chain"],
        json!({"previous": null, "sequence": 1, "run": {"id": "run_01jz", "previous": null, "sequence": 1}})
    );
}

#[test]
fn what_is_no_event_is_refused() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Json), expected: &str) {
        let mut json = json!(event(1));
        change(&mut json);
        let error = Event::from_json(&json.to_string())
            .expect_err("something is wrong")
            .to_string();
        assert!(error.contains(expected), "{error}");
    }
    check(|e| e["actor"] = json!(" "), "`actor` is empty");
    check(
        |e| e["actor_type"] = json!("robot"),
        "must be `agent`, `service` or `human`",
    );
    check(
        |e| e["created_at"] = json!("yesterday"),
        "`yesterday`, which is no RFC 3339 time",
    );
    check(|e| e["created_at"] = json!("2026-11-20"), "no RFC 3339 time");
    check(|e| e["decision"] = json!("maybe"), "no audit event");
    check(|e| e["chain"] = json!({}), "unknown field `chain`");
    check(
        |e| drop(e.as_object_mut().unwrap().remove("action")),
        "missing field `action`",
    );
    check(
        |e| e["details"] = json!({"n": 9_007_199_254_740_993_u64}),
        "2^53-1",
    );
    let twice = json!(event(1)).to_string().replacen('{', "{\"actor\":\"x\",", 1);
    assert!(Event::from_json(&twice).is_err());
}

#[test]
fn secrets_do_not_reach_the_log() {
    let mut event = event(1);
    event.reason = Some("ran `psql postgres://a:tr0ub4dor@db.example.org`".to_owned());
    event.details =
        Some(json!({"argv": ["x", "--password", "tr0ub4dor"], "env": {"API_KEY": "a8f7d6e5c4b3a291"}}));
    let line = Chain::new().append(event).expect("it is an event");
    assert!(
        !line.contains("tr0ub4dor") && !line.contains("a8f7d6e5"),
        "{line}"
    );
    assert!(Chain::new().accept(line.trim_end().as_bytes()).is_ok());
}

#[test]
fn an_event_of_a_decision_says_who_and_by_which_policies() {
    let source = crate::Source::platform("p.yaml", "policy: {id: p, version: 1}\ndefault: allow");
    let engine = crate::Engine::load([source]).expect("it compiles");
    let request = r#"{"action": "file.read", "arguments": {"path": "src/a"}, "now": "2026-11-20T10:00:00Z",
        "subject": {"type": "agent", "id": "agent-17", "on_behalf_of": {"type": "human", "id": "ada"}},
        "scope": {"tenant": null, "team": "payments", "run": "run_1"}}"#;
    let request = crate::Request::from_json(request).expect("it fits");
    let record = engine
        .decide(&request, &crate::State::none())
        .record(crate::Stamp::default());
    let event = Event::of_decision(&request, &record, "aud_1")
        .checked()
        .expect("it is an event");
    assert_eq!(
        (event.actor.as_str(), event.actor_type.as_str(), event.run()),
        ("agent-17", "agent", Some("run_1"))
    );
    assert_eq!(
        (event.on_behalf_of, event.team_id),
        (vec!["ada".to_owned()], Some("payments".to_owned()))
    );
    assert_eq!(event.policy_version, Some(record.policy_set_hash.clone()));
    assert_eq!(event.record_hash, Some(record.record_hash.clone()));
    assert_eq!(event.created_at, "2026-11-20T10:00:00Z");
}

#[test]
fn readers_see_what_form_25_gives_them() {
    let form = json!({"engineer": "own", "team_lead": "team", "security": "all", "auditor": {"scope": "all", "expires": "required"}});
    let access = Access::from_json(&form).expect("it is form 25");
    let mut entry = event(2);
    entry.team_id = Some("payments".to_owned());
    entry.on_behalf_of = vec!["ada".to_owned()];
    let line = Chain::new().append(entry).expect("it is an event");
    let entry = Chain::new()
        .accept(line.trim_end().as_bytes())
        .expect("it is sound");
    let sees = |role: &str, id: &str, team: &str, tenant: Option<&str>, expires: Option<i128>| {
        let reader = Reader {
            id: id.to_owned(),
            roles: vec!["somebody".to_owned(), role.to_owned()],
            tenant: tenant.map(str::to_owned),
            team: Some(team.to_owned()),
            expires,
        };
        access
            .reach(&reader, 100)
            .is_some_and(|reach| reader.sees(reach, &entry))
    };
    let acme = Some("acme");
    assert!(sees("engineer", "agent-2", "x", acme, None) && sees("engineer", "ada", "x", acme, None));
    assert!(!sees("engineer", "eve", "payments", acme, None));
    assert!(
        sees("team_lead", "eve", "payments", acme, None) && !sees("team_lead", "eve", "search", acme, None)
    );
    assert!(sees("security", "eve", "x", acme, None));
    assert!(
        !sees("security", "eve", "x", Some("umbrella"), None) && !sees("security", "eve", "x", None, None)
    );
    assert!(
        !sees("auditor", "eve", "x", acme, None),
        "an auditor's right must end"
    );
    assert!(sees("auditor", "eve", "x", acme, Some(101)) && !sees("auditor", "eve", "x", acme, Some(100)));
    assert!(!sees("intern", "ada", "payments", acme, None));
    let wrong = |value: Json| {
        Access::from_json(&value)
            .expect_err("it does not fit")
            .to_string()
    };
    assert!(wrong(json!({"security": "al"})).contains("did you mean `all`?"));
    assert!(wrong(json!({"auditor": {"scope": "all", "until": "x"}})).contains("no key `until`"));
}

#[test]
fn a_checkpoint_is_signed_in_the_way_of_dsse() {
    let checkpoint = checkpoint(3);
    let read = Checkpoint::from_json(&checkpoint.to_json()).expect("it is one");
    assert_eq!(read, checkpoint);
    let signed = Checkpoint {
        signatures: vec![Signature {
            keyid: "k".to_owned(),
            sig: "c2ln".to_owned(),
        }],
        ..checkpoint.clone()
    };
    assert_eq!(signed.to_sign(), checkpoint.to_sign());
    // The example of the DSSE specification, its body a JSON text.
    assert_eq!(
        to_sign("http://example.com/HelloWorld", &json!("hi")),
        b"DSSEv1 29 http://example.com/HelloWorld 4 \"hi\""
    );
}
