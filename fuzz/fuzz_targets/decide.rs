//! Policies and requests put together from parts: the decision, its explanation and its record come without a panic, twice
//! the same, and the record holds.
#![no_main]

use std::fmt::Write as _;

use bailiwick::parts::Validity;
use bailiwick::{Engine, Level, Request, Source, Stamp, State};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    rules: Vec<Rule>,
    request: Asked,
    switched: bool,
}

#[derive(Arbitrary, Debug)]
struct Rule {
    level: u8,
    kind: u8,
    action: u8,
    selector: u8,
    guard: u8,
    scope: u8,
}

#[derive(Arbitrary, Debug)]
struct Asked {
    action: u8,
    arguments: u16,
    said: u16,
    path: u8,
    command: Option<String>,
}

const ACTIONS: [&str; 10] = [
    "file.write",
    "file.delete",
    "file.move",
    "shell.exec",
    "git.push",
    "pr.create",
    "http.request",
    "deploy",
    "'file.*'",
    "'*'",
];
const KINDS: [&str; 8] = [
    "allow: A",
    "only: A",
    "ask: A, approval: {roles: [engineer]}",
    "deny: A",
    "deny: A, unknown: ask",
    "deny: A, bypass: {roles: [on-call], for: 1h, then: [audit]}",
    "gate: A, criteria: {tests: 'evidence.verifiers.tests == \"passed\"'}",
    "require: A, obligations: [audit, notify]",
];
const SELECTORS: [&str; 7] = [
    "",
    ", path: 'src/**'",
    ", environment: production",
    ", role: [engineer]",
    ", host: '*.example'",
    ", not: {environment: dev}",
    ", branch: 'release/*'",
];
const GUARDS: [&str; 7] = [
    "",
    ", when: 'environment == production'",
    ", unless: 'subject.role in [\"engineer\"]'",
    ", when: 'has(task_class)'",
    ", when: 'now < timestamp(\"2027-01-01T00:00:00Z\")'",
    ", expires: 2026-12-01T00:00:00Z",
    ", when: 'subject.id == \"a\"'",
];
const SCOPES: [&str; 4] = [
    "",
    "applies_to: {repository: r}\n",
    "applies_to: {repository: [r, s]}\n",
    "applies_to: {repository: 'r*'}\n",
];
const PATHS: [&str; 6] = ["src/a.rs", "../x", "/etc/passwd", ".", "~/x", "src/../docs/a"];

fn pick<'a>(from: &[&'a str], at: u8) -> &'a str {
    from[usize::from(at) % from.len()]
}

fn sources(rules: &[Rule]) -> Vec<Source> {
    let mut sources = vec![Source::platform(
        "platform.yaml",
        "policy: {id: base, version: 1}\ndefault: allow\nswitches: [{id: stop, denies: ['*.push'], max_age: 1h}]\n",
    )];
    for (at, rule) in rules.iter().take(24).enumerate() {
        let level = Level::ALL[usize::from(rule.level) % 8];
        let kind = pick(&KINDS, rule.kind).replace('A', pick(&ACTIONS, rule.action));
        let scope = if level < Level::Repository {
            ""
        } else {
            pick(&SCOPES, rule.scope)
        };
        let mut text = format!("policy: {{id: p{at}, version: 1}}\n{scope}");
        let (selector, guard) = (pick(&SELECTORS, rule.selector), pick(&GUARDS, rule.guard));
        let _ = write!(text, "rules: [{{id: r{at}, {kind}{selector}{guard}}}]\n");
        let source = Source::at(level, format!("p{at}.yaml"), text);
        // One mistake and nothing is loaded: leave out what does not compile by itself.
        if Engine::load([sources[0].clone(), source.clone()]).is_ok() {
            sources.push(source);
        }
    }
    sources
}

fn request(asked: &Asked) -> Option<Request> {
    let mut keys = vec![
        format!("\"tool\": \"{}\"", pick(&ACTIONS[..8], asked.action)),
        "\"now\": \"2026-11-20T10:00:00Z\"".into(),
    ];
    let mut say = |bit: u16, key: &str, known: &str| match asked.said >> bit & 3 {
        0 => {}
        1 => keys.push(format!("\"{key}\": null")),
        _ => keys.push(format!("\"{key}\": \"{known}\"")),
    };
    for (bit, key) in [
        "organization",
        "team",
        "repository",
        "campaign",
        "task",
        "runtime",
        "environment",
    ]
    .into_iter()
    .enumerate()
    {
        say(
            bit as u16 * 2,
            key,
            if key == "environment" { "production" } else { "r" },
        );
    }
    let path = pick(&PATHS, asked.path);
    let action = pick(&ACTIONS[..8], asked.action);
    let mut argument = |bit: u16, of: &[&str], text: String| {
        if asked.arguments >> bit & 1 == 1 && of.contains(&action) {
            keys.push(text);
        }
    };
    argument(
        0,
        &["file.write", "file.delete", "file.move"],
        format!("\"path\": \"{path}\""),
    );
    argument(1, &["file.move"], format!("\"destination\": \"{path}\""));
    argument(
        2,
        &["git.push", "pr.create"],
        format!("\"changed_files\": [\"{path}\", \"docs/b\"]"),
    );
    argument(3, &["http.request"], "\"host\": \"a.example\"".into());
    argument(
        4,
        &["shell.exec"],
        format!("\"argv\": [\"git\", \"push\", \"{path}\"]"),
    );
    argument(5, &["file.delete", "file.move"], "\"recursive\": true".into());
    if let (Some(command), "shell.exec") = (&asked.command, action) {
        keys.push(format!("\"command\": {command:?}"));
    }
    if asked.arguments >> 6 & 1 == 1 {
        keys.push("\"capabilities\": [\"*\"]".into());
    }
    Request::from_json(&format!("{{{}}}", keys.join(", "))).ok()
}

fuzz_target!(|input: Input| {
    let Some(request) = request(&input.request) else {
        return;
    };
    let Ok(engine) = Engine::load(sources(&input.rules)) else {
        return;
    };
    let state = State::none().with_switch("base/stop", input.switched, Some(1_795_168_800_000_000_000));
    let decision = engine.decide(&request, &state);
    let record = decision.record(Stamp::default());
    assert_eq!(decision.outcome(), record.decision);
    let again = engine.decide(&request, &state);
    assert_eq!(record.to_json(), again.record(Stamp::default()).to_json());
    assert!(!again.explain().to_string().is_empty());
    let holds = engine.still_holds(&record, &state, "2026-11-20T10:00:00Z");
    assert!(matches!(holds, Ok(Validity::Holds) | Err(_)), "{holds:?}");
});
