//! `bailiwick redact`, `audit`, `provenance`.

use crate::run::Folder;

const EVENT: &str = r#"{"actor_type":"agent","actor":"agent-17","action":"tool.shell.exec","resource_type":"run","resource_id":"run_1","decision":"allowed","tenant_id":"acme","on_behalf_of":["ada"]}"#;
const OTHER: &str = r#"{"actor_type":"agent","actor":"agent-18","action":"file.write","resource_type":"run","resource_id":"run_2","decision":"denied","tenant_id":"umbrella"}"#;

fn logged() -> Folder {
    let folder = Folder::of(&[]);
    let events = format!("{EVENT}\n{OTHER}\n\n{EVENT}\n");
    folder
        .run_with(&["audit", "append", "audit.jsonl", "--stamp"], &events)
        .code(0)
        .says("3 appended; the last is entry 3");
    folder
}

fn lines(folder: &Folder) -> Vec<String> {
    let text = std::fs::read_to_string(folder.path().join("audit.jsonl")).expect("the log is there");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_text_is_written_without_its_secrets() {
    let folder = Folder::of(&[("log", "password='tr0ub4dor' of ada@example.org\n")]);
    let clean = "password='[redacted:password]' of [redacted:email-address]\n";
    let ran = folder.run(&["redact", "log"]);
    ran.code(0)
        .complains("taken out: 1 secret-like tokens, 1 e-mail addresses");
    assert_eq!(ran.out, clean);
    assert_eq!(
        folder.run_with(&["redact", "--exit-code"], clean).code(0).out,
        clean
    );
    folder.run(&["redact", "--exit-code", "log"]).code(1);
    let json = folder.run(&["redact", "--format", "json", "log"]).json();
    assert_eq!(json["redaction_summary"]["secret_like_tokens"], 1);
    let owed = [
        "redact",
        "log",
        "--sink",
        "pr_body",
        "--owed",
        "redact:pr_body/email_addresses",
    ];
    folder
        .run(&owed)
        .code(0)
        .says("password='tr0ub4dor' of [redacted:email-address]");
    folder.run(&["redact", "nowhere"]).code(2).complains("nowhere");
}

#[test]
fn a_log_is_appended_to_and_verified() {
    let folder = logged();
    folder
        .run(&["audit", "verify", "audit.jsonl"])
        .code(0)
        .says("sound, 3 entries");
    let checkpoint = folder
        .run(&["audit", "checkpoint", "audit.jsonl"])
        .code(0)
        .out
        .clone();
    folder.write("monday.json", checkpoint.as_bytes());
    let signed = folder.run(&["audit", "checkpoint", "audit.jsonl", "--to-sign", "monday.json"]);
    signed
        .code(0)
        .says("DSSEv1 47 application/vnd.bailiwick.audit-checkpoint+json ");
    let verify = ["audit", "verify", "audit.jsonl", "--checkpoint", "monday.json"];
    folder
        .run(&verify)
        .code(0)
        .says("none cut off or written anew before entry 3");

    let sound = lines(&folder);
    let check = |lines: &[String], expected: &str| {
        folder.write("audit.jsonl", (lines.join("\n") + "\n").as_bytes());
        folder.run(&verify).code(1).says(expected);
    };
    check(
        &[sound[0].replace("agent-17", "agent-99"), sound[1].clone()],
        "broken: entry 1",
    );
    check(
        &[sound[0].clone(), sound[2].clone()],
        "missing: entry 2 at line 2",
    );
    check(
        &[sound[0].clone(), sound[2].clone(), sound[1].clone()],
        "reordered: entry 2",
    );
    check(&sound[..2], "truncated: entry 3");
    folder.write("audit.jsonl", (sound.join("\n") + "\n{\"act").as_bytes());
    let json = folder.run(&["audit", "verify", "audit.jsonl", "--json"]);
    json.code(1);
    assert_eq!(
        (&json.json()["fault"], &json.json()["line"]),
        (&"torn".into(), &4.into())
    );
    folder
        .run_with(&["audit", "append", "audit.jsonl", "--stamp"], EVENT)
        .code(0)
        .says("the last is entry 4");
    folder.run(&verify).code(0);
    assert_eq!(
        std::fs::read(folder.path().join("audit.jsonl.torn")).expect("it is set aside"),
        b"{\"act\n"
    );
}

#[test]
fn what_is_no_event_is_not_appended() {
    let folder = logged();
    let wrong = format!("{EVENT}\n{}\n", EVENT.replace("actor_type", "actor_typ"));
    folder
        .run_with(&["audit", "append", "audit.jsonl", "--stamp"], &wrong)
        .code(2)
        .complains("line 2: this is no audit event: unknown field `actor_typ`");
    folder
        .run_with(&["audit", "append", "audit.jsonl"], EVENT)
        .code(2)
        .complains("missing field `audit_id`");
    folder
        .run(&["audit", "verify", "audit.jsonl"])
        .code(0)
        .says("sound, 4 entries");
}

#[test]
fn readers_see_their_own_and_leave_an_entry() {
    let folder = logged();
    let show =
        |more: &[&str]| folder.run(&[&["audit", "show", "audit.jsonl", "--reader"][..], more].concat());
    let own = show(&["ada", "--role", "engineer", "--tenant", "acme"]);
    assert_eq!(
        own.code(0)
            .out
            .lines()
            .filter(|line| line.contains("agent-17"))
            .count(),
        2,
        "{}",
        own.out
    );
    assert!(!own.out.contains("agent-18"));
    let all = show(&["eve", "--role", "security", "--tenant", "umbrella"]);
    assert!(
        all.code(0).out.contains("agent-18") && !all.out.contains("agent-17"),
        "{}",
        all.out
    );
    show(&["eve", "--role", "auditor", "--tenant", "acme"])
        .code(1)
        .complains("none of the roles auditor lets `eve` read now");
    show(&[
        "eve",
        "--role",
        "auditor",
        "--tenant",
        "acme",
        "--expires",
        "2999-01-01T00:00:00Z",
    ])
    .code(0)
    .says("ada");
    show(&[
        "eve",
        "--role",
        "auditor",
        "--tenant",
        "acme",
        "--expires",
        "2020-01-01T00:00:00Z",
    ])
    .code(1);
    show(&["eve", "--role", "auditor", "--expires", "soon"])
        .code(2)
        .complains("`soon` is no RFC 3339 time");
    folder.write("access.json", br#"{"intern": "all"}"#);
    show(&[
        "eve",
        "--role",
        "security",
        "--tenant",
        "acme",
        "--access",
        "access.json",
    ])
    .code(1);
    show(&[
        "eve",
        "--role",
        "intern",
        "--tenant",
        "acme",
        "--access",
        "access.json",
    ])
    .code(0);
    folder
        .run(&["audit", "show", "nowhere.jsonl", "--reader", "a", "--role", "b"])
        .code(2)
        .complains("there is no such log");

    let reads: Vec<String> = lines(&folder)
        .into_iter()
        .filter(|line| line.contains("audit.read"))
        .collect();
    assert_eq!(reads.len(), 7);
    assert_eq!(
        reads
            .iter()
            .filter(|line| line.contains("\"decision\":\"denied\""))
            .count(),
        3
    );
    folder
        .run(&["audit", "verify", "audit.jsonl"])
        .code(0)
        .says("sound, 10 entries");
}

#[test]
fn policies_are_asked_who_may_read() {
    let folder = logged();
    folder.write(
        "p.yaml",
        b"rules:\n  - {id: read, allow: audit.read, role: Auditor}\n",
    );
    let show = |role: &str| {
        let args = [
            "audit",
            "show",
            "audit.jsonl",
            "--reader",
            "eve",
            "--expires",
            "2999-01-01T00:00:00Z",
            "--policies",
            "p.yaml",
            "--role",
        ];
        folder.run(&[&args[..], &[role]].concat())
    };
    show("Auditor").code(0);
    show("security").code(1).complains("this log may not be read: ");
    assert!(
        lines(&folder)[4].contains("\"decision\":\"denied\"")
            && lines(&folder)[4].contains("\"policy_version\":\"sha256:")
    );
}

#[test]
fn an_extract_is_verified_by_itself() {
    let folder = logged();
    let args = [
        "audit",
        "export",
        "audit.jsonl",
        "--reader",
        "eve",
        "--role",
        "security",
        "--tenant",
        "acme",
        "--run",
        "run_1",
    ];
    let out = folder.run(&args).code(0).out.clone();
    assert_eq!(out.lines().count(), 2);
    folder.write("run_1.jsonl", out.as_bytes());
    folder
        .run(&["audit", "verify", "run_1.jsonl", "--extract"])
        .code(0)
        .says("sound, 2 entries");
    folder
        .run(&["audit", "verify", "run_1.jsonl"])
        .code(1)
        .says("missing: entry 2");
    let second = out.lines().nth(1).expect("there are two").to_owned() + "\n";
    folder.write("run_1.jsonl", second.as_bytes());
    folder
        .run(&["audit", "verify", "run_1.jsonl", "--extract"])
        .code(1)
        .says("missing: entry 3");
}

#[test]
fn provenance_is_made_of_records() {
    let folder = Folder::of(&[("p.yaml", "default: allow\n")]);
    let request = |action: &str, more: &str| {
        format!(
            r#"{{"action":"{action}","now":"2026-11-20T10:00:00Z","subject":"agent-17","subject_type":"agent","run":"run_1","task":"t","repository":"shop"{more}}}"#
        )
    };
    let requests = [
        request("model.call", r#","model":"small""#),
        request(
            "git.push",
            r#","base_sha":"abc","head_sha":"def","changed_files":[]"#,
        ),
    ];
    folder.write("calls.jsonl", requests.join("\n").as_bytes());
    let records = folder
        .run(&[
            "decide",
            "calls.jsonl",
            "--policies",
            "p.yaml",
            "--format",
            "record",
        ])
        .code(0)
        .out
        .clone();
    folder.write("records.jsonl", records.as_bytes());
    folder.write(
        "given.json",
        br#"{"agent_version": "0.9.3", "repository": {"head_sha": "def"}}"#,
    );
    let made = folder
        .run(&["provenance", "records.jsonl", "--given", "given.json"])
        .code(0)
        .json();
    let form = &made["agent_provenance"];
    assert_eq!(
        (&form["run_id"], &form["agent_version"]),
        (&"run_1".into(), &"0.9.3".into())
    );
    assert_eq!(
        form["model_policy"]["allowed_models"],
        serde_json::json!(["small"])
    );
    let statement = folder
        .run(&["provenance", "records.jsonl", "--statement"])
        .code(0)
        .json();
    assert_eq!(statement["subject"][0]["digest"]["gitCommit"], "def");
    folder.write("given.json", br#"{"repository": {"head_sha": "fff"}}"#);
    folder
        .run(&["provenance", "records.jsonl", "--given", "given.json"])
        .code(2)
        .complains("`/repository/head_sha`");
    folder.write("records.jsonl", records.replace("def", "dee").as_bytes());
    folder
        .run(&["provenance", "records.jsonl"])
        .code(2)
        .complains("it was changed after it was made");
}
