//! The policy tests of form 08 against the policies that its comment names, and against one that they must not pass.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests"
)]

use bailiwick::{Engine, Level, Source, Suite};
use bailiwick_conformance::spec;

fn form(name: &str) -> String {
    std::fs::read_to_string(spec().join("vectors/forms").join(name)).expect("the form is there")
}

fn engine(repository: &str) -> Engine {
    let platform = "
policy: {id: platform, version: 1}
default: allow
rules:
  - {id: network, ask: network.connect, network_profile: default-deny, approval: {count: 1}}
";
    let sources = [
        Source::platform("platform.yaml", platform),
        Source::at(Level::Repository, "repo.yaml", repository)
            .for_entity(Level::Repository, "payment-service"),
    ];
    Engine::load(sources).unwrap_or_else(|found| panic!("{found}"))
}

fn failures(engine: &Engine) -> Vec<String> {
    let tests = Source::at(Level::Repository, "repo.test.yaml", form("08-policy-tests.yaml"));
    let suite = Suite::parse(&tests.for_entity(Level::Repository, "payment-service"))
        .unwrap_or_else(|found| panic!("{found}"));
    assert_eq!(suite.len(), 2);
    suite
        .run(engine)
        .into_iter()
        .flat_map(|report| report.failures)
        .collect()
}

#[test]
fn the_tests_of_form_08_pass_on_form_01() {
    assert_eq!(
        failures(&engine(&form("01-repo-policy.yaml"))),
        Vec::<String>::new()
    );
}

#[test]
fn they_do_not_pass_where_workflows_may_be_changed() {
    let open = form("01-repo-policy.yaml").replace(".github/workflows/**", "nothing/**");
    assert!(
        failures(&engine(&open))
            .iter()
            .any(|failure| failure.contains("forbidden path"))
    );
}

/// Form 26 over a platform that grants everything, and tests of it as a user writes them.
#[test]
fn policy_tests_see_what_redaction_owes() {
    let tests = "
- name: the text of a pull request is redacted
  input: {tool: pr.create, head_sha: abc, changed_files: [src/a]}
  expect: {decision: allowed, obligations: ['redact:pr_body/secret_like_tokens', 'redact:pr_body/email_addresses']}
- name: so is what a model reads, with long blocks cut
  input: {tool: context.include, path: build.log}
  expect: {decision: allowed, obligations: ['redact:model_context/large_blocks/65536/2048']}
- name: a host that cannot is stopped
  input: {tool: context.include, path: build.log, capabilities: [audit]}
  expect: {decision: denied, reason_contains: 'redact:'}
";
    let failures = |form: &str| -> Vec<String> {
        let sources = [
            Source::platform(
                "platform.yaml",
                "policy: {id: platform, version: 1}\ndefault: allow\n",
            ),
            Source::platform("redaction.yaml", form),
        ];
        let engine = Engine::load(sources).unwrap_or_else(|found| panic!("{found}"));
        let suite = Suite::parse(&Source::platform("redaction.test.yaml", tests));
        let reports = suite.unwrap_or_else(|found| panic!("{found}")).run(&engine);
        reports.into_iter().flat_map(|report| report.failures).collect()
    };
    assert_eq!(failures(&form("26-redaction.yaml")), Vec::<String>::new());
    // Each of the three fails, some in two ways.
    let open = failures("redaction: {sinks: [log_view], remove: [private_urls]}");
    assert_eq!(open.len(), 5, "{open:?}");
}
