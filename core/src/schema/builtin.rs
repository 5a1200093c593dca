//! The vocabulary of the specification, as tables. spec/05-vocabulary.md is printed from it.

use super::{Action, Attribute, EnumId, Enumeration, ObligationClass, Owner, Scalar, Schema, Type};
use crate::normal::ODDITIES;

use Scalar::{Bool, Duration, Host, Int, Number, Path, Percent, Reported, String as Text, Timestamp, Url};
use Type::{List, Map, One};

const SUBJECT_TYPE: EnumId = EnumId(0);
const ROLE: EnumId = EnumId(1);
const AUTONOMY_LEVEL: EnumId = EnumId(2);
const RISK_TIER: EnumId = EnumId(3);
const TASK_CLASS: EnumId = EnumId(4);
const CHANGE_CLASS: EnumId = EnumId(5);
const ENVIRONMENT: EnumId = EnumId(6);
const ORIGIN: EnumId = EnumId(7);
const CHECK_STATUS: EnumId = EnumId(8);
const ACTION: EnumId = EnumId(9);
const DATA_CLASS: EnumId = EnumId(10);
const HOST_CLASS: EnumId = EnumId(11);
const PATH_CLASS: EnumId = EnumId(12);
const PATH_ODDITY: EnumId = EnumId(13);
const CHANGE_TYPE: EnumId = EnumId(14);
const RELEASE: EnumId = EnumId(15);
const RISK: EnumId = EnumId(16);
const PLATFORM_PART: EnumId = EnumId(17);
const PROMPT_LOG: EnumId = EnumId(18);
const FAILURE: EnumId = EnumId(19);

struct EnumRow(&'static str, Order, Range, &'static [&'static str], &'static str);

enum Order {
    Ordered,
    Unordered,
}

enum Range {
    Open,
    Closed,
}

use Order::{Ordered, Unordered};
use Range::{Closed, Open};

/// In the order of the identifiers above.
const ENUMERATIONS: &[EnumRow] = &[
    EnumRow(
        "subject_type",
        Ordered,
        Closed,
        &["agent", "service", "human"],
        "what a subject is, the least trusted first",
    ),
    EnumRow(
        "role",
        Unordered,
        Open,
        &[
            "Viewer",
            "Operator",
            "Approver",
            "CampaignOwner",
            "PolicyAdmin",
            "PlatformAdmin",
            "Auditor",
            "engineer",
            "team-lead",
            "engineering-lead",
            "security-lead",
            "ops-lead",
            "compliance-lead",
            "product-owner",
            "on-call",
            "on-call-engineer",
            "cto",
            "ciso",
        ],
        "what a subject may do by office; a request may carry roles that no policy names",
    ),
    EnumRow(
        "autonomy_level",
        Ordered,
        Closed,
        &[
            "analysis_only",
            "dry_run",
            "local_branch",
            "draft_pr",
            "supervised_pr",
            "autonomous_pr",
            "fleet_campaign",
        ],
        "how far an agent may go by itself, the least first; the form autonomy_modes replaces it",
    ),
    EnumRow(
        "risk_tier",
        Ordered,
        Closed,
        &["low", "medium", "high", "critical", "regulated"],
        "how much harm a change to a repository can do",
    ),
    EnumRow(
        "task_class",
        Unordered,
        Closed,
        &[
            "analysis_only",
            "test_generation",
            "test_change",
            "documentation",
            "refactoring",
            "bug_fix",
            "feature",
            "config_non_destructive",
            "dependency_upgrade",
            "dependency_patch_minor",
            "dependency_major_upgrade",
            "migration",
        ],
        "what kind of task a run works on",
    ),
    EnumRow(
        "change_class",
        Unordered,
        Closed,
        &[
            "test_change",
            "documentation",
            "code_change",
            "refactoring",
            "config_non_destructive",
            "dependency_patch_minor",
            "dependency_major_upgrade",
            "ci_workflow_change",
            "production_config_change",
            "schema_migration",
            "security_change",
            "infrastructure_change",
        ],
        "what kind of change leaves the workspace",
    ),
    EnumRow(
        "environment",
        Ordered,
        Closed,
        &["dev", "test", "staging", "production"],
        "where something takes effect",
    ),
    EnumRow(
        "origin",
        Unordered,
        Closed,
        &[
            "human",
            "platform",
            "instruction_file",
            "tool_output",
            "build_log",
            "issue",
            "review_comment",
            "web_page",
        ],
        "what the call follows from",
    ),
    EnumRow(
        "check_status",
        Unordered,
        Closed,
        &["passed", "failed", "skipped", "running"],
        "how a check ended",
    ),
    EnumRow("action", Unordered, Closed, &[], "the names of the actions"),
    EnumRow(
        "data_class",
        Ordered,
        Closed,
        &[
            "public",
            "internal",
            "confidential",
            "regulated",
            "secret",
            "generated_sensitive",
        ],
        "how data is classified",
    ),
    // The constants of these three are what the normal forms find; a test holds those together that are not the same list.
    EnumRow(
        "host_class",
        Unordered,
        Closed,
        &[
            "public",
            "private",
            "loopback",
            "link_local",
            "metadata",
            "unspecified",
            "multicast",
            "reserved",
            "named",
        ],
        "where a host lies, as far as its own text tells; a name that says nothing of it is named",
    ),
    EnumRow(
        "path_class",
        Unordered,
        Closed,
        &[
            "engine_policies",
            "agent_settings",
            "instruction_files",
            "shell_startup",
            "autostart",
            "git_hooks",
            "git_config",
            "editor_settings",
            "ci_workflows",
            "ssh",
            "cloud_credentials",
            "package_credentials",
            "secret_stores",
            "dotenv",
        ],
        "what a path steers or holds besides being a file",
    ),
    EnumRow(
        "path_oddity",
        Unordered,
        Closed,
        ODDITIES,
        "what people do not see in a path, or systems read differently",
    ),
    EnumRow(
        "change_type",
        Unordered,
        Closed,
        &["code", "security", "infrastructure", "agent_rule", "compliance"],
        "what a change is about, as decision matrices tell changes apart",
    ),
    EnumRow(
        "release",
        Ordered,
        Closed,
        &["patch", "minor", "major"],
        "how much of a version a change counts up",
    ),
    EnumRow(
        "risk",
        Ordered,
        Closed,
        &["low", "medium", "high", "critical"],
        "how much harm a change can do, as somebody rated it",
    ),
    EnumRow(
        "platform_part",
        Unordered,
        Closed,
        &[
            "tool_type",
            "permission_class",
            "prompt",
            "model_router",
            "judge",
            "agent_runtime",
            "worker_image",
            "verifier_container",
            "schema",
            "instruction_file",
        ],
        "the part of the agent platform that a change is about",
    ),
    EnumRow(
        "prompt_log",
        Ordered,
        Closed,
        &["no_log", "redacted_log", "raw_log"],
        "how much of a prompt is written down",
    ),
    EnumRow(
        "failure",
        Unordered,
        Open,
        &[
            "worker_crash",
            "sandbox_failure",
            "clone_timeout",
            "registry_outage",
            "model_timeout",
            "verifier_flaky",
            "pr_rate_limit",
            "stale_base",
            "policy_changed",
            "budget_exhausted",
            "wave_paused",
            "artifact_store_unavailable",
        ],
        "what went wrong; a request may report others",
    ),
];

struct AttributeRow(&'static str, Type, &'static str, &'static str);

/// Name, type, JSON pointer, meaning. Those that the engine derives have no pointer.
const REQUEST: &[AttributeRow] = &[
    AttributeRow("subject.id", One(Text), "/subject/id", "who asks"),
    AttributeRow(
        "subject.type",
        One(Scalar::Enum(SUBJECT_TYPE)),
        "/subject/type",
        "the least trusted type along the on-behalf-of chain",
    ),
    AttributeRow(
        "subject.role",
        List(Scalar::Enum(ROLE)),
        "/subject/roles",
        "the roles that all of the chain have",
    ),
    AttributeRow("tenant.id", One(Text), "/scope/tenant/id", "the tenant"),
    AttributeRow(
        "organization.id",
        One(Text),
        "/scope/organization/id",
        "the organization",
    ),
    AttributeRow("team.id", One(Text), "/scope/team/id", "the team"),
    AttributeRow(
        "repository.id",
        One(Text),
        "/scope/repository/id",
        "the repository",
    ),
    AttributeRow(
        "repository.team",
        One(Text),
        "/scope/repository/team",
        "the team that owns it",
    ),
    AttributeRow(
        "repository.risk_tier",
        One(Scalar::Enum(RISK_TIER)),
        "/scope/repository/risk_tier",
        "its risk tier",
    ),
    AttributeRow(
        "repository.verifier_profile",
        One(Text),
        "/scope/repository/verifier_profile",
        "which verifiers suit it",
    ),
    AttributeRow(
        "repository.instructions_file",
        One(Text),
        "/scope/repository/instructions_file",
        "its instruction file for agents",
    ),
    AttributeRow(
        "repository.onboarded",
        One(Bool),
        "",
        "whether an agent_onboarding document speaks of it; seen from the repository level down",
    ),
    AttributeRow("campaign.id", One(Text), "/scope/campaign/id", "the campaign"),
    AttributeRow(
        "campaign.autonomy_level",
        One(Scalar::Enum(AUTONOMY_LEVEL)),
        "/scope/campaign/autonomy_level",
        "how far its runs may go",
    ),
    AttributeRow("task.id", One(Text), "/scope/task/id", "the task"),
    AttributeRow(
        "task.ticket",
        One(Text),
        "/scope/task/ticket",
        "the ticket that it carries out",
    ),
    AttributeRow("run.id", One(Text), "/scope/run/id", "the run"),
    AttributeRow(
        "runtime.id",
        One(Text),
        "/scope/runtime/id",
        "the sandbox or host",
    ),
    AttributeRow(
        "tool.id",
        One(Text),
        "/scope/tool/id",
        "the tool; the action's name where no other is said",
    ),
    AttributeRow(
        "environment",
        One(Scalar::Enum(ENVIRONMENT)),
        "/context/environment",
        "where it takes effect",
    ),
    AttributeRow(
        "task_class",
        One(Scalar::Enum(TASK_CLASS)),
        "/context/task_class",
        "what kind of task the run works on",
    ),
    AttributeRow(
        "network_profile",
        One(Text),
        "/context/network_profile",
        "the egress profile of the sandbox",
    ),
    AttributeRow(
        "origin",
        One(Scalar::Enum(ORIGIN)),
        "/context/origin",
        "what the call follows from",
    ),
    AttributeRow(
        "resource.tenant",
        One(Text),
        "/resource/tenant",
        "the tenant of what is acted upon",
    ),
    AttributeRow(
        "request.action",
        One(Scalar::Enum(ACTION)),
        "",
        "the action that is asked for, also where a rule looks at an effect derived from it",
    ),
    AttributeRow(
        "evidence.verifiers",
        Map(Scalar::Enum(CHECK_STATUS)),
        "/evidence/verifiers",
        "how each verifier ended",
    ),
    AttributeRow(
        "evidence.figures",
        Map(Reported),
        "/evidence/figures",
        "what was measured or is reported, by name",
    ),
    AttributeRow(
        "evidence.attested",
        Map(Reported),
        "/evidence/attested",
        "what somebody vouches for: of the sandbox, of a checklist",
    ),
    AttributeRow(
        "evidence.in_flight",
        List(Path),
        "/evidence/in_flight",
        "the files that other changes touch which are not merged yet",
    ),
    AttributeRow(
        "evidence.base_head",
        One(Text),
        "/evidence/base_head",
        "the commit at which the branch stands that the change is for",
    ),
    AttributeRow("now", One(Timestamp), "/now", "the host's time"),
];

/// Name, type, meaning. An argument stands at `/arguments/` and its name, a dot one step deeper.
struct ArgumentRow(&'static str, Type, &'static str);

const ARGUMENTS: &[ArgumentRow] = &[
    ArgumentRow(
        "argv",
        List(Text),
        "the program and its arguments, as the system gets them",
    ),
    ArgumentRow("command", One(Text), "a command line for a shell"),
    ArgumentRow("cwd", One(Path), "the directory in which it runs"),
    ArgumentRow(
        "program",
        One(Text),
        "the program's name, or its path where the call names one",
    ),
    ArgumentRow(
        "runs_code",
        One(Bool),
        "whether the program runs code of its own choosing: a build, a test, a script",
    ),
    ArgumentRow(
        "pipes_remote_script",
        One(Bool),
        "whether an interpreter is given a script from the network",
    ),
    ArgumentRow(
        "raises_privilege",
        One(Bool),
        "whether it runs with more rights than whoever calls it",
    ),
    ArgumentRow(
        "loads_code_by_environment",
        One(Bool),
        "whether the environment was made to load code: LD_PRELOAD, GIT_SSH_COMMAND, PATH",
    ),
    ArgumentRow(
        "skips_hooks",
        One(Bool),
        "whether the hooks of a repository are bypassed: --no-verify",
    ),
    ArgumentRow(
        "installs_packages",
        One(Bool),
        "whether packages are fetched and installed",
    ),
    ArgumentRow("path", One(Path), "the path"),
    ArgumentRow(
        "path_prefix",
        One(Text),
        "what a path begins with of which no more can be read: a folder, with a slash",
    ),
    ArgumentRow("destination", One(Path), "where it is moved to"),
    ArgumentRow(
        "recursive",
        One(Bool),
        "whether everything below the path is touched too",
    ),
    ArgumentRow(
        "outside_workspace",
        One(Bool),
        "whether the path is outside the workspace",
    ),
    ArgumentRow(
        "path_class",
        List(Scalar::Enum(PATH_CLASS)),
        "the protected classes that the path is of",
    ),
    ArgumentRow(
        "path_oddity",
        List(Scalar::Enum(PATH_ODDITY)),
        "what is odd about the path as it is written",
    ),
    ArgumentRow("content_digest", One(Text), "the digest of what is written"),
    ArgumentRow("patch", One(Text), "the patch"),
    ArgumentRow(
        "strip",
        One(Int),
        "how many leading folders of the names in the patch are dropped; unsaid, as git does",
    ),
    ArgumentRow("changed_files", List(Path), "the files that the change touches"),
    ArgumentRow(
        "change_class",
        One(Scalar::Enum(CHANGE_CLASS)),
        "what kind of change it is",
    ),
    ArgumentRow("lines_changed", One(Int), "lines added and removed"),
    ArgumentRow("head_sha", One(Text), "the commit that is proposed"),
    ArgumentRow("base_sha", One(Text), "the commit that it is based on"),
    ArgumentRow("remote", One(Text), "the remote"),
    ArgumentRow("branch.name", One(Text), "the branch"),
    ArgumentRow("branch.protected", One(Bool), "whether the branch is protected"),
    ArgumentRow(
        "via_pull_request",
        One(Bool),
        "whether the change goes through a pull request",
    ),
    ArgumentRow("force", One(Bool), "whether history is overwritten"),
    ArgumentRow("tag", One(Text), "the tag"),
    ArgumentRow("message", One(Text), "the message"),
    ArgumentRow("number", One(Int), "the pull request's number"),
    ArgumentRow("title", One(Text), "the title"),
    ArgumentRow("labels", List(Text), "the labels"),
    ArgumentRow("host", One(Host), "the host"),
    ArgumentRow("port", One(Int), "the port"),
    ArgumentRow(
        "host_class",
        One(Scalar::Enum(HOST_CLASS)),
        "where the host lies, as far as its own text tells",
    ),
    ArgumentRow("url", One(Url), "the URL"),
    ArgumentRow("scheme", One(Text), "the URL's scheme"),
    ArgumentRow(
        "url_user",
        One(Bool),
        "whether the URL names a user or a password before its host",
    ),
    ArgumentRow("method", One(Text), "the HTTP method"),
    ArgumentRow("provider", One(Text), "who runs the model"),
    ArgumentRow("model", One(Text), "the model"),
    ArgumentRow("use", One(Text), "what the model is called for"),
    ArgumentRow("tokens", One(Int), "tokens that the call needs at most"),
    ArgumentRow(
        "data_class",
        One(Scalar::Enum(DATA_CLASS)),
        "the class of the data",
    ),
    ArgumentRow("artifact_kind", One(Text), "the kind of artifact"),
    ArgumentRow("content_size", One(Int), "bytes"),
    ArgumentRow("secret", One(Text), "the name of the secret"),
    ArgumentRow("credential_kind", One(Text), "the kind of credential"),
    ArgumentRow("ttl", One(Duration), "how long it is valid"),
    ArgumentRow("server", One(Text), "the MCP server"),
    ArgumentRow("mcp_tool", One(Text), "the server's tool"),
    ArgumentRow(
        "mcp_arguments",
        Map(Text),
        "the arguments of the call by name; what is no text stands as its canonical JSON",
    ),
    ArgumentRow(
        "target_count",
        One(Int),
        "how many repositories the campaign aims at",
    ),
    ArgumentRow("wave", One(Int), "which wave"),
    ArgumentRow("service", One(Text), "the service"),
    ArgumentRow("version", One(Text), "the version, as semver.org writes it"),
    ArgumentRow("rollout", One(Percent), "the share of traffic"),
    ArgumentRow("requirement", One(Text), "the requirement that is answered"),
    ArgumentRow("operation", One(Text), "the operation that is approved"),
    ArgumentRow(
        "autonomy_level",
        One(Scalar::Enum(AUTONOMY_LEVEL)),
        "how far an agent may go",
    ),
    ArgumentRow("policy_id", One(Text), "the policy"),
    ArgumentRow("digest", One(Text), "the digest of the new content"),
    ArgumentRow("cost.usd", One(Number), "US dollars that the call costs at most"),
    ArgumentRow("cost.eur", One(Number), "euros that the call costs at most"),
    ArgumentRow("region", One(Text), "where the model runs"),
    ArgumentRow(
        "prompt_log",
        One(Scalar::Enum(PROMPT_LOG)),
        "how much of the prompt is written down",
    ),
    ArgumentRow("redacted", One(Bool), "whether it went through the redaction"),
    ArgumentRow("restricted", One(Bool), "whether only the few may read it"),
    ArgumentRow("encrypted", One(Bool), "whether it is stored encrypted"),
    ArgumentRow("age", One(Duration), "how long ago it was stored"),
    ArgumentRow("justification", One(Text), "why it is needed"),
    ArgumentRow("reviewer", One(Text), "who is asked for a review"),
    ArgumentRow(
        "change_type",
        One(Scalar::Enum(CHANGE_TYPE)),
        "what the change is about",
    ),
    ArgumentRow(
        "release",
        One(Scalar::Enum(RELEASE)),
        "how much of the version the change counts up",
    ),
    ArgumentRow("risk", One(Scalar::Enum(RISK)), "how risky the change is rated"),
    ArgumentRow(
        "platform_part",
        One(Scalar::Enum(PLATFORM_PART)),
        "the part of the agent platform",
    ),
    ArgumentRow("phase", One(Int), "the phase of the rollout that is left"),
    ArgumentRow("failure", One(Scalar::Enum(FAILURE)), "what went wrong"),
    ArgumentRow("attempt", One(Int), "how often it was tried"),
    ArgumentRow(
        "severity",
        One(Text),
        "how bad it is, as the host's own scale says",
    ),
    ArgumentRow("resource_type", One(Text), "the type of the resource"),
    ArgumentRow("resource_id", One(Text), "the resource"),
];

struct ActionRow {
    name: &'static str,
    arguments: &'static [&'static str],
    bound: &'static [&'static str],
    kind: Kind,
    derives: &'static [&'static str],
    doc: &'static str,
}

enum Kind {
    /// Changes nothing.
    Reads,
    /// Changes something in the workspace or the platform.
    Mutates,
    /// A change leaves the workspace by it.
    Leaves,
}

use Kind::{Leaves, Mutates, Reads};

const fn action(
    name: &'static str,
    kind: Kind,
    arguments: &'static [&'static str],
    bound: &'static [&'static str],
    derives: &'static [&'static str],
    doc: &'static str,
) -> ActionRow {
    ActionRow {
        name,
        arguments,
        bound,
        kind,
        derives,
        doc,
    }
}

const CHANGE: &[&str] = &[
    "changed_files",
    "change_class",
    "change_type",
    "release",
    "risk",
    "lines_changed",
    "head_sha",
    "base_sha",
];
const PULL_REQUEST: &[&str] = &[
    "changed_files",
    "change_class",
    "change_type",
    "release",
    "risk",
    "lines_changed",
    "head_sha",
    "base_sha",
    "number",
    "title",
    "labels",
    "branch.name",
    "branch.protected",
];
const FILES: &[&str] = &["file.write", "file.delete"];
/// What a shell may do that nobody has read.
const SHELL: &[&str] = &[
    "command.run",
    "file.read",
    "file.write",
    "file.delete",
    "file.move",
    "network.connect",
    "git.commit",
    "git.push",
    "git.branch",
    "git.tag",
];

const ACTIONS: &[ActionRow] = &[
    action(
        "shell.exec",
        Reads,
        &["argv", "command", "cwd"],
        &[],
        SHELL,
        "run a command, as argv or as a line for a shell",
    ),
    action(
        "command.run",
        Reads,
        &[
            "program",
            "argv",
            "cwd",
            "runs_code",
            "pipes_remote_script",
            "raises_privilege",
            "loads_code_by_environment",
            "skips_hooks",
            "installs_packages",
        ],
        &[],
        &[],
        "run one program",
    ),
    action(
        "file.read",
        Reads,
        &[
            "path",
            "path_prefix",
            "recursive",
            "outside_workspace",
            "path_class",
            "path_oddity",
        ],
        &[],
        &[],
        "read a file",
    ),
    action(
        "file.write",
        Mutates,
        &[
            "path",
            "path_prefix",
            "recursive",
            "outside_workspace",
            "path_class",
            "path_oddity",
            "content_digest",
        ],
        &["content_digest"],
        &[],
        "create or change a file",
    ),
    action(
        "file.delete",
        Mutates,
        &[
            "path",
            "path_prefix",
            "recursive",
            "outside_workspace",
            "path_class",
            "path_oddity",
        ],
        &[],
        &[],
        "delete a file or what is below a directory",
    ),
    action(
        "file.move",
        Mutates,
        &[
            "path",
            "destination",
            "recursive",
            "outside_workspace",
            "path_class",
            "path_oddity",
        ],
        &[],
        &["file.delete", "file.write"],
        "move or rename",
    ),
    action(
        "patch.apply",
        Mutates,
        &["patch", "strip", "changed_files"],
        &[],
        &["file.read", "file.write", "file.delete", "file.move"],
        "apply a patch to the workspace",
    ),
    action(
        "git.commit",
        Mutates,
        &["message", "changed_files", "branch.name", "branch.protected"],
        &[],
        FILES,
        "commit",
    ),
    action(
        "git.push",
        Leaves,
        &[
            "remote",
            "branch.name",
            "branch.protected",
            "via_pull_request",
            "force",
            "changed_files",
            "change_class",
            "change_type",
            "release",
            "risk",
            "lines_changed",
            "head_sha",
            "base_sha",
        ],
        &["head_sha"],
        FILES,
        "push",
    ),
    action(
        "git.branch",
        Mutates,
        &["branch.name", "branch.protected"],
        &[],
        &[],
        "create, move or delete a branch",
    ),
    action(
        "git.tag",
        Mutates,
        &["tag", "head_sha"],
        &[],
        &[],
        "create, move or delete a tag",
    ),
    action("pr.view", Reads, &["number"], &[], &[], "look at a pull request"),
    action(
        "pr.create",
        Leaves,
        PULL_REQUEST,
        &["head_sha"],
        FILES,
        "open a pull request",
    ),
    action(
        "pr.create_draft",
        Leaves,
        PULL_REQUEST,
        &["head_sha"],
        FILES,
        "open a draft pull request",
    ),
    action(
        "pr.update",
        Leaves,
        PULL_REQUEST,
        &["head_sha"],
        FILES,
        "update a pull request",
    ),
    action(
        "pr.mark_ready",
        Leaves,
        PULL_REQUEST,
        &["head_sha"],
        FILES,
        "mark a draft as ready for review",
    ),
    action(
        "pr.merge",
        Leaves,
        PULL_REQUEST,
        &["head_sha"],
        FILES,
        "merge a pull request",
    ),
    action(
        "change.apply",
        Leaves,
        CHANGE,
        &["head_sha"],
        FILES,
        "bring a change, given by its files, out of the workspace",
    ),
    action(
        "change.rollback",
        Mutates,
        &["service", "version"],
        &[],
        &[],
        "take a change back",
    ),
    action(
        "network.connect",
        Reads,
        &["host", "port", "host_class"],
        &[],
        &[],
        "reach a host",
    ),
    action(
        "http.request",
        Mutates,
        &[
            "url",
            "method",
            "host",
            "port",
            "host_class",
            "scheme",
            "url_user",
        ],
        &[],
        &["network.connect"],
        "send an HTTP request",
    ),
    action(
        "model.call",
        Reads,
        &[
            "provider",
            "model",
            "use",
            "tokens",
            "cost.usd",
            "cost.eur",
            "data_class",
            "region",
            "prompt_log",
        ],
        &[],
        &[],
        "call a model",
    ),
    action(
        "context.include",
        Reads,
        &[
            "path",
            "data_class",
            "content_size",
            "redacted",
            "justification",
            "outside_workspace",
            "path_class",
            "path_oddity",
            "recursive",
        ],
        &[],
        &[],
        "put something into a model's context",
    ),
    action(
        "artifact.read",
        Reads,
        &["artifact_kind", "data_class", "age"],
        &[],
        &[],
        "read an artifact",
    ),
    action(
        "artifact.write",
        Mutates,
        &[
            "artifact_kind",
            "data_class",
            "content_size",
            "redacted",
            "restricted",
            "encrypted",
        ],
        &[],
        &[],
        "store an artifact",
    ),
    action(
        "artifact.delete",
        Mutates,
        &["artifact_kind", "data_class", "age"],
        &[],
        &[],
        "delete an artifact",
    ),
    action(
        "artifact.export",
        Leaves,
        &["artifact_kind", "data_class", "content_size", "redacted", "age"],
        &[],
        &[],
        "give an artifact out",
    ),
    action("secret.read", Reads, &["secret"], &[], &[], "read a secret"),
    action(
        "credential.lease",
        Mutates,
        &["credential_kind", "ttl"],
        &[],
        &[],
        "lease a credential",
    ),
    action(
        "mcp.call",
        Mutates,
        &["server", "mcp_tool", "mcp_arguments"],
        &[],
        &[],
        "call a tool of an MCP server",
    ),
    action("task.submit", Mutates, &[], &[], &[], "submit a task"),
    action("run.view", Reads, &[], &[], &[], "look at a run"),
    action("run.start", Mutates, &["autonomy_level"], &[], &[], "start a run"),
    action(
        "run.resume",
        Mutates,
        &[],
        &[],
        &[],
        "go on with a run that was held",
    ),
    action("run.cancel", Mutates, &[], &[], &[], "cancel a run"),
    action(
        "review.request",
        Mutates,
        &["reviewer", "number"],
        &[],
        &[],
        "ask somebody for a review",
    ),
    action(
        "campaign.create",
        Mutates,
        &["target_count", "change_class", "autonomy_level"],
        &[],
        &[],
        "create a campaign",
    ),
    action(
        "campaign.advance",
        Mutates,
        &["wave", "target_count", "change_class"],
        &[],
        &[],
        "start a campaign's next wave",
    ),
    action(
        "deploy",
        Leaves,
        &[
            "service",
            "version",
            "change_class",
            "change_type",
            "release",
            "risk",
            "rollout",
            "digest",
        ],
        &["digest"],
        &[],
        "deploy a version",
    ),
    action(
        "rollout.promote",
        Mutates,
        &["service", "version", "rollout"],
        &[],
        &[],
        "take a rollout to its next step",
    ),
    action(
        "rollout.observe",
        Reads,
        &["service", "version", "rollout"],
        &[],
        &[],
        "look how a change does that is rolled out",
    ),
    action(
        "phase.promote",
        Mutates,
        &["phase", "autonomy_level"],
        &[],
        &[],
        "take the rollout of agents to its next phase",
    ),
    action(
        "failure.report",
        Reads,
        &["failure", "attempt", "severity"],
        &[],
        &[],
        "ask what to do about a failure",
    ),
    action(
        "autonomy.expand",
        Mutates,
        &["autonomy_level"],
        &[],
        &[],
        "let agents go further",
    ),
    action(
        "approval.grant",
        Mutates,
        &["requirement", "operation"],
        &[],
        &[],
        "answer a requirement",
    ),
    action(
        "policy.change",
        Mutates,
        &["policy_id", "changed_files", "digest"],
        &["digest"],
        FILES,
        "change policies",
    ),
    action(
        "agent.change",
        Mutates,
        &["changed_files", "digest", "platform_part"],
        &["digest"],
        FILES,
        "change the agent platform itself",
    ),
    action(
        "audit.read",
        Reads,
        &["resource_type", "resource_id"],
        &[],
        &[],
        "read the audit log",
    ),
    action(
        "emergency_stop.activate",
        Mutates,
        &[],
        &[],
        &[],
        "stop all automation",
    ),
    action(
        "emergency_stop.deactivate",
        Mutates,
        &[],
        &[],
        &[],
        "let automation run again",
    ),
];

/// The obligations of the specification: name, class, meaning. A `:` and a word may follow (`notify:security`).
pub const OBLIGATIONS: &[(&str, ObligationClass, &str)] = &[
    ("audit", ObligationClass::Protects, "write an audit entry"),
    (
        "redact",
        ObligationClass::Protects,
        "redact before it reaches the named sink",
    ),
    ("retain", ObligationClass::Protects, "keep the evidence"),
    ("label", ObligationClass::Protects, "label what is produced"),
    (
        "hold",
        ObligationClass::Protects,
        "do not go on until the unknown trigger is known",
    ),
    (
        "request_review",
        ObligationClass::Protects,
        "ask the named team for a review",
    ),
    (
        "post_hoc_review",
        ObligationClass::Protects,
        "have the act reviewed afterwards",
    ),
    ("encrypt", ObligationClass::Protects, "store it encrypted"),
    ("restrict", ObligationClass::Protects, "let only the few read it"),
    ("explain", ObligationClass::Protects, "tell whoever asked why"),
    ("notify", ObligationClass::Acts, "tell the named channel"),
    ("rollback", ObligationClass::Acts, "take the change back"),
    ("escalate", ObligationClass::Acts, "bring in the named role"),
    ("block", ObligationClass::Acts, "let nothing of the kind begin"),
    (
        "pause",
        ObligationClass::Acts,
        "hold the run until somebody resumes it",
    ),
    ("cancel_run", ObligationClass::Acts, "cancel the run"),
    (
        "revoke",
        ObligationClass::Acts,
        "take back what was leased, at the named time",
    ),
    ("verify", ObligationClass::Acts, "carry out the named check"),
    ("create_incident", ObligationClass::Acts, "open an incident"),
    (
        "schedule_review",
        ObligationClass::Acts,
        "set a date for a review",
    ),
    ("report", ObligationClass::Acts, "report it to the named office"),
    ("retry", ObligationClass::Acts, "try again"),
    ("reschedule", ObligationClass::Acts, "put it back into the queue"),
    ("rerun", ObligationClass::Acts, "run the check again"),
    (
        "backoff",
        ObligationClass::Acts,
        "wait, longer each time, and try again",
    ),
    (
        "rebase",
        ObligationClass::Acts,
        "put the change onto the current base",
    ),
    (
        "reevaluate",
        ObligationClass::Acts,
        "decide again before anything risky",
    ),
    (
        "fallback",
        ObligationClass::Acts,
        "go on with the named substitute",
    ),
    (
        "mark_flaky",
        ObligationClass::Acts,
        "mark the check as one that fails by chance",
    ),
    ("ask", ObligationClass::Acts, "put it to a person"),
];

/// The class of an obligation by its full name (`notify:security`); `None` where it is not known. Names under `x.` are
/// the policy set's own and protect.
pub fn obligation_class(obligation: &str) -> Option<ObligationClass> {
    let name = obligation.split(':').next().unwrap_or(obligation);
    if name.starts_with("x.") {
        return Some(ObligationClass::Protects);
    }
    OBLIGATIONS
        .iter()
        .find(|(known, _, _)| *known == name)
        .map(|(_, class, _)| *class)
}

/// The arguments that the engine derives from others.
const DERIVED: &[&str] = &[
    "outside_workspace",
    "runs_code",
    "path_class",
    "path_oddity",
    "host_class",
    "scheme",
    "url_user",
    "pipes_remote_script",
    "raises_privilege",
    "loads_code_by_environment",
    "skips_hooks",
    "installs_packages",
    "path_prefix",
];

pub(super) fn schema() -> Schema {
    let mut schema = Schema::empty();
    for EnumRow(name, order, range, constants, doc) in ENUMERATIONS {
        let constants = constants.iter().map(|&constant| constant.to_owned()).collect();
        let (ordered, open) = (matches!(order, Ordered), matches!(range, Open));
        let row = Enumeration {
            name: (*name).into(),
            constants,
            ordered,
            open,
            doc: (*doc).into(),
        };
        schema
            .add_enumeration(row)
            .expect("the table names each enumeration once");
    }
    for AttributeRow(name, ty, pointer, doc) in REQUEST {
        let row = Attribute {
            name: (*name).into(),
            ty: *ty,
            owner: Owner::Request,
            pointer: (*pointer).into(),
            derived: pointer.is_empty(),
            doc: (*doc).into(),
        };
        schema
            .add_attribute(row)
            .expect("the table names each attribute once");
    }
    for ArgumentRow(name, ty, doc) in ARGUMENTS {
        let row = Attribute {
            name: (*name).into(),
            ty: *ty,
            owner: Owner::Argument,
            pointer: format!("/arguments/{}", name.replace('.', "/")),
            derived: DERIVED.contains(name),
            doc: (*doc).into(),
        };
        schema
            .add_attribute(row)
            .expect("the table names each argument once");
    }
    for row in ACTIONS {
        let attribute = |name: &&str| {
            schema
                .attribute_named(name)
                .expect("an action lists arguments of the table")
        };
        let action = Action {
            name: row.name.into(),
            arguments: row.arguments.iter().map(attribute).collect(),
            bound: row.bound.iter().map(attribute).collect(),
            mutates: !matches!(row.kind, Reads),
            leaves_workspace: matches!(row.kind, Leaves),
            derives: Vec::new(),
            extension: false,
            doc: row.doc.into(),
        };
        schema
            .add_action(action)
            .expect("the table names each action once");
    }
    for (at, row) in ACTIONS.iter().enumerate() {
        let kinds = row
            .derives
            .iter()
            .map(|name| schema.action_named(name).expect("an action derives actions"));
        let kinds = kinds.collect();
        std::sync::Arc::make_mut(&mut schema.tables).actions[at].derives = kinds;
    }
    schema
}
