//! `decide`: one request and many, the formats, the exit codes.

use crate::run::{BASE, Folder, request};

fn folder() -> Folder {
    Folder::of(&[("base.yaml", BASE)])
}

const DECIDE: [&str; 3] = ["decide", "--policies", "base.yaml"];

fn with<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&DECIDE, args].concat()
}

#[test]
fn one_request_from_anywhere() {
    let folder = folder();
    let text = request("file.read", "src/a.rs");
    folder.write("r.json", text.as_bytes());
    folder
        .run(&with(&["r.json"]))
        .code(0)
        .says("allowed  file.read src/a.rs")
        .says("base.yaml:3");
    folder.run(&with(&["--request", &text])).code(0).says("allowed");
    folder.run_with(&with(&[]), &text).code(0).says("allowed");
    folder.run_with(&with(&["-"]), &text).code(0).says("allowed");
}

#[test]
fn the_exit_code_says_the_answer_where_it_is_asked_to() {
    let folder = folder();
    let answers = [
        ("file.read", "a", 0),
        ("file.read", "secrets/key", 1),
        ("file.write", "a", 3),
    ];
    for (tool, path, code) in answers {
        let request = request(tool, path);
        folder.run(&with(&["--request", &request])).code(0);
        folder
            .run(&with(&["--request", &request, "--exit-code"]))
            .code(code);
    }
}

#[test]
fn a_denied_answer_names_rule_and_place() {
    let folder = folder();
    let ran = folder.run(&with(&["--request", &request("file.read", "secrets/key")]));
    ran.code(0)
        .says("Secrets are not for agents")
        .says("`no_secrets`")
        .says("base.yaml:4");
    let ran = folder.run(&with(&[
        "--format",
        "json",
        "--request",
        &request("file.read", "secrets/key"),
    ]));
    let answer = ran.code(0).json();
    assert_eq!(
        (&answer["decision"], &answer["rule"]["rule"]),
        (&"denied".into(), &"no_secrets".into())
    );
    assert_eq!(answer["rule"]["place"]["line"], 4);
}

#[test]
fn records_are_canonical_and_reproducible() {
    let folder = folder();
    let args = with(&[
        "--format",
        "record",
        "--request",
        r#"{"tool": "file.read", "path": "a", "now": "2026-11-20T10:00:00Z"}"#,
    ]);
    let first = folder.run(&args).code(0).out.clone();
    assert_eq!(folder.run(&args).out, first);
    let record = bailiwick::Record::from_json(first.trim_end()).expect("it is a record");
    assert_eq!(record.canonical(), first.trim_end().as_bytes());
    assert_eq!(record.hash().to_string(), record.record_hash);
    assert_eq!(record.created_at, None);
    let stamped = folder.run(&[&args[..], &["--stamp"]].concat()).code(0).json();
    assert!(stamped["created_at"].as_str().is_some_and(|at| at.ends_with('Z')));
    assert_eq!(stamped["record_hash"], record.record_hash);
}

#[test]
fn a_bad_line_costs_only_itself() {
    let folder = folder();
    let lines = [
        &request("file.read", "a"),
        r#"{"tool": "file.read", "pth": "a", "now": "2026-11-20T10:00:00Z"}"#,
        "",
        "nonsense",
    ];
    let stdin = format!("{}\n{}\n", lines.join("\n"), request("file.read", "secrets/key"));
    let ran = folder.run_with(&with(&["--jsonl", "--format", "json"]), &stdin);
    let answers = ran.code(2).json_lines();
    let decisions: Vec<&str> = answers
        .iter()
        .filter_map(|answer| answer["decision"].as_str())
        .collect();
    assert_eq!(decisions, ["allowed", "denied", "denied", "denied"]);
    let numbers: Vec<u64> = answers
        .iter()
        .filter_map(|answer| answer["line"].as_u64())
        .collect();
    assert_eq!(numbers, [1, 2, 4, 5]);
    assert_eq!(answers[1]["rule"]["rule"], "invalid_request");
    assert_eq!(answers[1]["problems"][0]["pointer"], "/pth");
    assert_eq!(answers[1]["problems"][0]["help"], "did you mean `path`?");
    assert_eq!(answers[3]["rule"]["rule"], "no_secrets");
}

#[test]
fn a_bad_line_has_a_record_too() {
    let folder = folder();
    let ran = folder.run_with(&with(&["--jsonl", "--format", "record"]), "nonsense\n");
    let record = bailiwick::Record::from_json(ran.code(2).out.trim_end()).expect("it is a record");
    assert_eq!(record.matched_rules[0].rule, "invalid_request");
    assert_eq!(record.hash().to_string(), record.record_hash);
}

#[test]
fn lines_that_are_no_text_or_too_long_are_refused() {
    let folder = folder();
    let long = format!("{{\"tool\": \"{}\"}}", "x".repeat(5 << 20));
    folder.write(
        "calls.jsonl",
        format!("{long}\n{}\n", request("file.read", "a")).as_bytes(),
    );
    let answers = folder
        .run(&with(&["calls.jsonl", "--format", "json"]))
        .code(2)
        .json_lines();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0]["problems"][0]["code"], "request-too-long");
    assert_eq!(answers[1]["decision"], "allowed");
    folder.write("latin.jsonl", b"{\"tool\": \"caf\xe9\"}\n");
    let answers = folder
        .run(&with(&["latin.jsonl", "--format", "json"]))
        .code(2)
        .json_lines();
    assert_eq!(answers[0]["problems"][0]["message"], "not UTF-8 from byte 13 on");
}

#[test]
fn a_single_bad_request_says_what_is_wrong() {
    let folder = folder();
    let ran = folder.run(&with(&["--request", r#"{"tool": "file.read", "path": 5}"#]));
    ran.code(2)
        .complains("the request does not fit")
        .complains("/now")
        .complains("/path");
    assert_eq!(ran.out, "");
    let ran = folder.run(&with(&["--format", "json", "--request", "nonsense"]));
    assert_eq!(ran.code(2).json()["decision"], "denied");
}

#[test]
fn a_summary_is_a_table_with_counts() {
    let folder = folder();
    let lines = [
        request("file.read", "a"),
        request("file.read", "secrets/key"),
        request("file.write", "b"),
        "x".to_owned(),
    ];
    folder.write("calls.jsonl", lines.join("\n").as_bytes());
    let ran = folder.run(&with(&["calls.jsonl", "--summary"]));
    ran.code(2)
        .says("   1  allowed       file.read a ")
        .says("platform base/no_secrets")
        .says("base.yaml:4")
        .says("(not a request)")
        .says("4 calls: 1 allowed, 1 ask_approval, 2 denied; 1 of them not a request");
    let ran = folder.run(&with(&["calls.jsonl", "--summary", "--format", "json"]));
    assert_eq!(ran.code(2).json_lines().len(), 4);
    ran.complains("4 calls: 1 allowed");
}

#[test]
fn state_flips_switches() {
    let policies =
        "policy: {id: s, version: 1}\ndefault: allow\nswitches: [{id: stop, denies: ['*'], reason: stopped}]";
    let folder = Folder::of(&[
        ("s.yaml", policies),
        ("on.json", r#"{"switches": {"s/stop": {"on": true}}}"#),
        ("bad.json", r#"{"swiches": {}}"#),
    ]);
    let request = request("file.read", "a");
    let run = |more: &[&str]| {
        folder.run(
            &[
                &[
                    "decide",
                    "--policies",
                    "s.yaml",
                    "--exit-code",
                    "--request",
                    &request,
                ],
                more,
            ]
            .concat(),
        )
    };
    run(&[]).code(0);
    run(&["--state", "on.json"]).code(1).says("topped");
    run(&["--state", "bad.json"])
        .code(2)
        .complains("bad.json: this is no state")
        .complains("did you mean `switches`?");
}

#[test]
fn policies_with_an_error_decide_nothing() {
    let folder = Folder::of(&[("wrong.yaml", "rules: [{id: a, allow: file.reed}]")]);
    let ran = folder.run(&[
        "decide",
        "--policies",
        "wrong.yaml",
        "--request",
        &request("file.read", "a"),
    ]);
    ran.code(2)
        .complains("wrong.yaml:1:24")
        .complains("nothing is decided");
    assert_eq!(ran.out, "");
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    use std::process::{Command, Stdio};
    let folder = folder();
    let lines: String = (0..20_000)
        .map(|at| request("file.read", &format!("src/{at}.rs")) + "\n")
        .collect();
    folder.write("calls.jsonl", lines.as_bytes());
    let mut child = Command::new(env!("CARGO_BIN_EXE_bailiwick"))
        .args(with(&["calls.jsonl"]))
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn who_forgets_the_request_or_the_time_is_told() {
    let folder = folder();
    folder
        .run_with(&with(&[]), " \n")
        .code(2)
        .complains("standard input is empty");
    let ran = folder.run(&with(&["--request", r#"{"tool": "file.read", "path": "a"}"#]));
    ran.code(2).complains("such as \"now\": \"20");
}

#[test]
fn a_stream_is_answered_line_by_line() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Command, Stdio};
    let folder = folder();
    let mut child = Command::new(env!("CARGO_BIN_EXE_bailiwick"))
        .args(with(&["--jsonl", "--format", "json"]))
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    let mut stdout = BufReader::new(child.stdout.take().expect("it was piped"));
    for (path, expected) in [("a", "\"allowed\""), ("secrets/key", "\"denied\"")] {
        writeln!(stdin, "{}", request("file.read", path)).expect("the program reads");
        let mut answer = String::new();
        stdout
            .read_line(&mut answer)
            .expect("the program answers before it is asked again");
        assert!(answer.contains(expected), "{answer}");
    }
    drop(stdin);
    assert!(child.wait().expect("the program ends").success());
}
