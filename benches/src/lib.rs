//! The workloads that benchmarks measure: policies and requests by number, the same ones every time. Each request comes with
//! the answer that it must get, and nothing is measured before all of them have been checked.
//!
//! - *fleet*: teams with repositories, each with a few rules over a dozen actions under conditions of every kind. Few of all
//!   rules can matter for one request.
//! - *dense*: all rules speak for the same repository, most of them by a glob on one action;
//! - *crowded*: every repository defines the same name and denies everything of one kind, which loading has to keep apart.
//!
//! [`contest`] is the workload that other engines are asked as well.

pub mod contest;
pub mod counting;
pub mod texts;

use std::fmt::Write as _;

use bailiwick::{Engine, Level, Outcome, Request, Source, State};
use serde_json::{Value, json};

/// Policies and requests with their answers.
pub struct Workload {
    /// The policies as YAML.
    pub sources: Vec<Source>,
    /// What is asked.
    pub cases: Vec<Case>,
}

/// A request and its answer.
pub struct Case {
    /// The request as JSON.
    pub text: String,
    /// The request as it was read.
    pub request: Request,
    /// The answer that it must get.
    pub expected: Outcome,
}

impl Workload {
    /// Compiles the policies and checks that every request gets the answer that it must get.
    ///
    /// # Panics
    /// Where the policies do not compile or an answer is another one: then there is nothing worth measuring.
    pub fn engine(&self) -> Engine {
        let loaded = Engine::load(self.sources.iter().cloned());
        let engine =
            loaded.unwrap_or_else(|found| refuse(&format!("the workload does not compile:\n{found}")));
        for case in &self.cases {
            let found = engine.decide(&case.request, &State::none()).outcome();
            if found != case.expected {
                refuse(&format!(
                    "expected {}, found {found}: {}",
                    case.expected, case.text
                ));
            }
        }
        engine
    }
}

#[allow(clippy::panic)] // a benchmark of wrong answers must not run
fn refuse(why: &str) -> ! {
    panic!("{why}")
}

const REPOSITORIES_IN_TEAM: usize = 10;
/// How many repositories the requests of one workload are about.
const ASKED_REPOSITORIES: usize = 32;

/// So many rules over teams and repositories.
pub fn fleet(rules: usize) -> Workload {
    let (mut teams, mut repositories) = (String::new(), String::new());
    let (mut left, mut team, mut names) = (rules, 0, Vec::new());
    while 0 < left {
        let own = team_rules(team);
        let own = &own[..own.len().min(left.div_ceil(10))];
        left -= own.len();
        document(
            &mut teams,
            &format!("team-{team}"),
            &format!("team: team-{team}"),
            own,
        );
        for number in 0..REPOSITORIES_IN_TEAM {
            let repository = team * REPOSITORIES_IN_TEAM + number;
            let own = repository_rules(repository);
            let own = &own[..own.len().min(left)];
            if own.is_empty() {
                break;
            }
            left -= own.len();
            let scope = format!("team: team-{team}, repository: repo-{repository}");
            document(&mut repositories, &format!("repo-{repository}"), &scope, own);
            if own.len() == 9 {
                names.push((team, repository));
            }
        }
        team += 1;
    }
    let step = names.len().div_ceil(ASKED_REPOSITORIES).max(1);
    let cases = names
        .into_iter()
        .step_by(step)
        .flat_map(|(team, repository)| fleet_cases(team, repository))
        .collect();
    let sources = vec![
        Source::platform(
            "platform.yaml",
            "policy: {id: platform, version: 1}\ndefault: allow\n",
        ),
        Source::at(Level::Team, "teams.yaml", teams),
        Source::at(Level::Repository, "repositories.yaml", repositories),
    ];
    Workload { sources, cases }
}

fn document(out: &mut String, id: &str, scope: &str, rules: &[String]) {
    let _ = write!(
        out,
        "---\npolicy: {{id: {id}, version: 1}}\napplies_to: {{{scope}}}\nrules:\n"
    );
    for rule in rules {
        let _ = writeln!(out, "  - {{{rule}}}");
    }
}

fn repository_rules(r: usize) -> Vec<String> {
    let (lines, tokens) = (200 + r % 50, 10_000 + r % 100);
    vec![
        format!(
            "id: secrets, deny: file.write, path: ['secrets-{r}/**', '**/*.pem'], reason: Secrets are not written."
        ),
        "id: production, ask: deploy, environment: production, approval: {roles: [team-lead]}".to_owned(),
        format!("id: releases, deny: git.push, branch: 'release-{r}/*'"),
        format!(
            "id: large, ask: pr.create, when: 'lines_changed > {lines}', approval: {{roles: [engineer]}}"
        ),
        format!("id: inside, deny: network.connect, host: '*.internal-{r}.example'"),
        "id: on_call, deny: secret.read, unless: 'subject.role in [\"on-call\"]'".to_owned(),
        "id: docs, ask: file.delete, path: 'docs/**', approval: {roles: [engineer]}".to_owned(),
        format!("id: tokens, deny: model.call, when: 'tokens > {tokens}'"),
        "id: steps, ask: rollout.promote, when: 'rollout > 10%', approval: {roles: [ops-lead]}".to_owned(),
    ]
}

fn team_rules(t: usize) -> Vec<String> {
    vec![
        format!("id: vendor, deny: file.write, path: 'vendor-{t}/**'"),
        format!("id: shadow, deny: mcp.call, server: 'shadow-{t}-*'"),
        "id: leases, ask: credential.lease, environment: production, approval: {roles: [security-lead]}"
            .to_owned(),
        format!("id: versions, deny: git.tag, tag: 'v{t}.*'"),
        "id: export, ask: artifact.export, data_class: [confidential, regulated], approval: {roles: [ciso]}"
            .to_owned(),
        format!("id: critical, ask: deploy, service: 'critical-{t}-*', approval: {{roles: [ops-lead]}}"),
        "id: huge, deny: pr.create, when: 'lines_changed > 5000'".to_owned(),
        format!("id: hotfix, ask: git.push, branch: 'hotfix-{t}/*', approval: {{roles: [on-call]}}"),
        format!("id: legal, deny: file.delete, path: 'legal-{t}/**'"),
        format!("id: prod, deny: secret.read, secret: 'prod-{t}-*'"),
    ]
}

/// Four requests for each answer.
fn fleet_cases(team: usize, r: usize) -> Vec<Case> {
    use Outcome::{Allowed, AskApproval, Denied};
    let ask = |action: &str, arguments: Value, environment: &str, expected: Outcome| {
        case(
            &format!("team-{team}"),
            &format!("repo-{r}"),
            action,
            arguments,
            environment,
            expected,
        )
    };
    let write = |path: &str| json!({"path": path});
    let push = |branch: String| json!({"remote": "origin", "branch.name": branch, "force": false, "changed_files": []});
    let request =
        |lines: u32| json!({"lines_changed": lines, "changed_files": ["src/lib.rs"], "title": "Mend it"});
    let deploy = || json!({"service": "shop", "version": "1.2.3", "rollout": "5%"});
    let model = |tokens: u32| json!({"provider": "house", "model": "small", "tokens": tokens});
    vec![
        ask("file.write", write("src/lib.rs"), "dev", Allowed),
        ask("git.push", push("feature/x".into()), "dev", Allowed),
        ask("deploy", deploy(), "staging", Allowed),
        ask("model.call", model(500), "dev", Allowed),
        ask("deploy", deploy(), "production", AskApproval),
        ask("pr.create", request(900), "dev", AskApproval),
        ask(
            "file.delete",
            json!({"path": "docs/a.md", "recursive": false}),
            "dev",
            AskApproval,
        ),
        ask(
            "rollout.promote",
            json!({"service": "shop", "version": "1.2.3", "rollout": "50%"}),
            "dev",
            AskApproval,
        ),
        ask("file.write", write(&format!("secrets-{r}/key")), "dev", Denied),
        ask("git.push", push(format!("release-{r}/1")), "dev", Denied),
        ask(
            "network.connect",
            json!({"host": format!("db.internal-{r}.example"), "port": 443}),
            "dev",
            Denied,
        ),
        ask("model.call", model(20_000), "dev", Denied),
    ]
}

fn case(
    team: &str,
    repository: &str,
    action: &str,
    arguments: Value,
    environment: &str,
    expected: Outcome,
) -> Case {
    let request = json!({
        "subject": {"type": "agent", "id": "agent-17", "roles": ["engineer"]},
        "action": action,
        "arguments": arguments,
        "scope": {"team": team, "repository": repository},
        "context": {"environment": environment, "workspace_root": "/work"},
        "capabilities": ["*"],
        "now": "2026-11-20T10:00:00Z",
    });
    let text = request.to_string();
    match Request::from_json(&text) {
        Ok(request) => Case {
            text,
            request,
            expected,
        },
        Err(problems) => refuse(&format!("the request does not fit: {problems}\n{text}")),
    }
}

/// So many rules that all speak for one repository: seven in ten by a glob on `file.write`, the rest over services,
/// environments, branches and thresholds.
pub fn dense(rules: usize) -> Workload {
    let rule = |n: usize| match n % 10 {
        0 => format!("id: r{n}, ask: deploy, service: service-{n}, approval: {{roles: [team-lead]}}"),
        1 => format!("id: r{n}, deny: git.push, branch: 'release-{n}/*'"),
        2 => format!("id: r{n}, deny: model.call, when: 'tokens > {}'", 10_000 + n),
        3 => format!("id: r{n}, deny: file.write, path: '**/*.x{n}'"),
        4 => format!("id: r{n}, ask: file.write, path: 'docs/{n}/*.md', approval: {{roles: [engineer]}}"),
        _ => format!("id: r{n}, deny: file.write, path: 'part-{n}/secrets/**'"),
    };
    let rules: Vec<String> = (0..rules).map(rule).collect();
    let mut text = String::new();
    document(&mut text, "dense", "team: team-0, repository: repo-0", &rules);
    let ask = |action, arguments, expected| case("team-0", "repo-0", action, arguments, "dev", expected);
    let write = |path: &str| json!({"path": path});
    let push = |branch: &str| json!({"remote": "origin", "branch.name": branch, "force": false, "changed_files": []});
    let model = |tokens: u32| json!({"provider": "house", "model": "small", "tokens": tokens});
    let cases = vec![
        ask("file.write", write("src/lib.rs"), Outcome::Allowed),
        ask(
            "deploy",
            json!({"service": "shop", "version": "1.2.3"}),
            Outcome::Allowed,
        ),
        ask("git.push", push("feature/x"), Outcome::Allowed),
        ask("model.call", model(500), Outcome::Allowed),
        ask("file.write", write("docs/14/a.md"), Outcome::AskApproval),
        ask(
            "deploy",
            json!({"service": "service-500", "version": "1.2.3"}),
            Outcome::AskApproval,
        ),
        ask("file.write", write("part-777/secrets/key"), Outcome::Denied),
        ask("file.write", write("src/deep/down/a.x513"), Outcome::Denied),
        ask("git.push", push("release-11/1"), Outcome::Denied),
        ask("model.call", model(10_013), Outcome::Denied),
    ];
    let sources = below_an_open_platform("dense.yaml", text);
    Workload { sources, cases }
}

/// Rules of repositories, below a platform that grants everything.
fn below_an_open_platform(name: &str, text: String) -> Vec<Source> {
    let platform = "policy: {id: platform, version: 1}\ndefault: allow\n";
    vec![
        Source::platform("platform.yaml", platform),
        Source::at(Level::Repository, name, text),
    ]
}

/// So many repositories that each define the same name, use it, and deny something to everybody: what loading could be
/// quadratic in.
pub fn crowded(repositories: usize) -> Workload {
    let mut text = String::new();
    for r in 0..repositories {
        document(
            &mut text,
            &format!("repo-{r}"),
            &format!("team: team-0, repository: repo-{r}"),
            &[
                "id: part, deny: file.write, path: $parts".to_owned(),
                format!("id: all, deny: deploy, reason: Not from repo-{r}."),
                "id: none, ask: deploy, environment: production, approval: {roles: [ciso]}".to_owned(),
            ],
        );
        let _ = writeln!(text, "definitions: {{parts: ['part-{r}/**']}}");
    }
    let write = json!({"path": "part-0/a"});
    let cases = vec![case(
        "team-0",
        "repo-0",
        "file.write",
        write,
        "dev",
        Outcome::Denied,
    )];
    let sources = below_an_open_platform("repositories.yaml", text);
    Workload { sources, cases }
}
