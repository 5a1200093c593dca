//! Selectors: the keys of a rule that read like the thing they select, and which attribute each looks at.

/// How a selector compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compares {
    /// The value is one of those given.
    Exactly,
    /// The value is one of those given, whatever the case of ASCII letters.
    IgnoringCase,
    /// The value is one of the programs given, in their normal form.
    ByProgram,
    /// One of the patterns matches (spec/06-normal-forms.md).
    ByGlob,
    /// One of the host patterns matches.
    ByHost,
}

/// One selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The key in a rule.
    pub key: &'static str,
    /// The attribute that it looks at.
    pub attribute: &'static str,
    /// How.
    pub compares: Compares,
}

use Compares::{ByGlob, ByHost, ByProgram, Exactly, IgnoringCase};

const fn selector(key: &'static str, attribute: &'static str, compares: Compares) -> Selector {
    Selector {
        key,
        attribute,
        compares,
    }
}

/// All selectors.
pub const SELECTORS: &[Selector] = &[
    selector("path", "path", ByGlob),
    selector("path_class", "path_class", Exactly),
    selector("path_oddity", "path_oddity", Exactly),
    selector("program", "program", ByProgram),
    selector("host", "host", ByHost),
    selector("host_class", "host_class", Exactly),
    selector("role", "subject.role", Exactly),
    selector("subject", "subject.id", ByGlob),
    selector("subject_type", "subject.type", Exactly),
    selector("environment", "environment", Exactly),
    selector("task_class", "task_class", Exactly),
    selector("change_class", "change_class", Exactly),
    selector("risk_tier", "repository.risk_tier", Exactly),
    selector("network_profile", "network_profile", Exactly),
    selector("origin", "origin", Exactly),
    selector("branch", "branch.name", ByGlob),
    selector("remote", "remote", ByGlob),
    selector("tag", "tag", ByGlob),
    selector("model", "model", ByGlob),
    selector("provider", "provider", Exactly),
    selector("server", "server", ByGlob),
    selector("tool", "mcp_tool", ByGlob),
    selector("data_class", "data_class", Exactly),
    selector("artifact_kind", "artifact_kind", Exactly),
    selector("service", "service", ByGlob),
    selector("method", "method", IgnoringCase),
    selector("url", "url", ByGlob),
    selector("secret", "secret", ByGlob),
    selector("credential_kind", "credential_kind", Exactly),
    selector("change_type", "change_type", Exactly),
    selector("release", "release", Exactly),
    selector("risk", "risk", Exactly),
    selector("platform_part", "platform_part", Exactly),
    selector("failure", "failure", Exactly),
    selector("reviewer", "reviewer", ByGlob),
    selector("region", "region", Exactly),
    selector("use", "use", Exactly),
];

/// A selector by its key.
pub fn selector_named(key: &str) -> Option<&'static Selector> {
    SELECTORS.iter().find(|selector| selector.key == key)
}
