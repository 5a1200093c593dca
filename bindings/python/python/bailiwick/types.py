"""The shapes of what goes in and comes out, for type checkers. Made from the table of the surface by `cargo bindings generate`."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

__all__ = [
    "ApprovalId",
    "Approvals",
    "AuditCheckpoint",
    "AuditEntry",
    "AuditEvent",
    "AuditExport",
    "AuditFault",
    "AuditLink",
    "AuditReach",
    "AuditReader",
    "AuditReport",
    "AuditRunLink",
    "AuditSignature",
    "Bypassed",
    "Cap",
    "Change",
    "ChangeKind",
    "Charge",
    "Compliance",
    "ComplianceControl",
    "ComplianceGap",
    "ComplianceRule",
    "Criterion",
    "CriterionState",
    "Deed",
    "DeedFault",
    "DeedResult",
    "Diagnostic",
    "Doubt",
    "Explanation",
    "Floor",
    "Label",
    "Level",
    "LevelExplanation",
    "LevelVerdict",
    "LimitState",
    "Match",
    "MatchedRule",
    "Obligation",
    "Outcome",
    "Place",
    "Position",
    "Problem",
    "Record",
    "Redacted",
    "RedactionSummary",
    "RequiredApproval",
    "RuleEffect",
    "Seen",
    "Severity",
    "Sink",
    "Source",
    "State",
    "SwitchState",
    "TestReport",
    "TestSource",
    "Validity",
    "Version",
]

Outcome = Literal["allowed", "ask_approval", "denied"]
"""The answer: go on, get the approvals first, or do not."""

Level = Literal["platform", "organization", "team", "repository", "campaign", "task", "runtime", "tool_call"]
"""The eight levels of authority, the highest first."""

Severity = Literal["error", "warning"]
"""How bad a finding is. With an error nothing compiles."""

Validity = Literal["holds", "policies_changed", "state_changed", "expired"]
"""Whether the ground of a record has moved."""

RuleEffect = Literal["allow", "only", "ask", "deny", "gate", "require", "limit", "switch", "engine"]
"""The kind of a rule that fired."""

Match = Literal["true", "unknown", "false"]
"""How a rule matched."""

CriterionState = Literal["held", "failed", "missing"]
"""How a criterion of a gate stands."""

LimitState = Literal["within", "alert", "exceeded", "unknown", "contradicted"]
"""How a limit stands."""

Sink = Literal["model_context", "log_view", "trace_view", "artifact_link", "judge_packet", "pr_body", "support_export", "audit"]
"""Where a text goes."""

DeedResult = Literal["done", "failed", "refused", "rolled_back", "not_done"]
"""How an act ended: `failed` was tried, `refused` was not allowed, `not_done` was allowed and not tried."""

DeedFault = Literal["changed", "decision_changed", "other_decision", "not_allowed", "was_allowed"]
"""Why an outcome record is not that of a decision."""

AuditFault = Literal["broken", "missing", "reordered", "repeated", "truncated", "torn"]
"""What is wrong with an audit log."""

AuditReach = Literal["own", "team", "all"]
"""How much of a log a reader may see, within the tenant: the own entries, the team's, or all."""

ChangeKind = Literal["say", "approve", "offer", "leave_out"]
"""What a step towards an allowed answer is."""


class Version(TypedDict):
    """The versions."""

    engine: str
    """The version of the program."""
    language: str
    """The version of the language."""


class _Source(TypedDict):
    name: str
    """How diagnostics and records call it; a path, usually."""
    text: str
    """The YAML."""


class Source(_Source, total=False):
    """A text of policies with the authority that whoever loads it gives to it."""

    level: Level
    """The level at which it speaks; the platform where it is missing."""
    tenant: str | None
    """The tenant whose policy set it belongs to."""
    entities: dict[str, str]
    """The entities that it speaks for, by level."""


class _TestSource(TypedDict):
    name: str
    """How reports call it."""
    text: str
    """The YAML."""


class TestSource(_TestSource, total=False):
    """A text of policy tests with the scope that they are asked in."""

    tenant: str | None
    """The tenant of requests that do not say theirs."""
    entities: dict[str, str]
    """The entities of requests that do not say theirs, by level."""


class State(TypedDict, total=False):
    """What may be flipped without loading policies again."""

    switches: dict[str, SwitchState]
    """What is known of switches, by `<policy id>/<switch id>`."""


class _SwitchState(TypedDict):
    on: bool
    """Whether it is on."""


class SwitchState(_SwitchState, total=False):
    """What is known of one switch."""

    at: str | None
    """When that was seen (RFC 3339)."""


class Position(TypedDict):
    """A position in a text."""

    line: int
    """From 1."""
    column: int
    """From 1, in Unicode code points."""
    byte: int
    """From 0."""


class Label(TypedDict):
    """A place in a source with a word on it."""

    source: str
    """The source's name."""
    text: str
    """What about it; may be empty."""
    start: Position
    """Where it begins."""
    end: Position
    """Behind where it ends."""


class Diagnostic(TypedDict):
    """One finding in policies or tests."""

    code: str
    """The stable name of this kind of finding."""
    severity: Severity
    """How bad it is."""
    message: str
    """What is wrong, in one sentence."""
    help: str | None
    """What to do."""
    labels: list[Label]
    """The first is where it is wrong; the others say what it clashes with."""


class Problem(TypedDict):
    """One thing that is wrong with a request or a state."""

    code: str
    """The stable name of this kind of problem."""
    pointer: str
    """Where, as a JSON pointer into what was given."""
    message: str
    """What is wrong, in one sentence."""
    help: str | None
    """What to do."""


class LevelExplanation(TypedDict):
    """One level of the ladder."""

    level: Level
    """The level."""
    decision: Outcome
    """Its verdict alone."""
    lines: list[str]
    """What each of its rules that fired says, a line each."""


class _Change(TypedDict):
    kind: ChangeKind
    """What is to be done."""
    text: str
    """The same in words."""


class Change(_Change, total=False):
    """One step towards an allowed answer."""

    attribute: str
    """To say: the attribute, as conditions name it."""
    pointer: str
    """To say: where the request says it, as a JSON pointer."""
    value: Any
    """To say: the value."""
    requirement: str
    """To get approved: the requirement."""
    by: list[str]
    """To get approved: by whom, in words."""
    obligation: str
    """To offer: the obligation that the host is to do."""
    path: str
    """To leave out: the file."""


class Explanation(TypedDict):
    """A decision explained."""

    decision: Outcome
    """The answer."""
    sentence: str
    """Why, in one or two sentences."""
    effects: list[str]
    """What the request would do, in words."""
    levels: list[LevelExplanation]
    """The levels from the platform down, each with what its rules say."""
    unknowns: list[str]
    """What the request leaves unsaid and a rule would have needed."""
    changes: list[Change]
    """The smallest change that would make it allowed, checked by deciding again."""
    text: str
    """All of it as a person reads it."""


class Place(TypedDict):
    """A place in a source."""

    source: str
    """The source's name."""
    line: int
    """From 1."""
    column: int
    """From 1, in Unicode code points."""
    byte: int
    """From 0."""


class _MatchedRule(TypedDict):
    policy: str
    """`id@version` of its document."""
    level: Level
    """Its level."""
    rule: str
    """Its id."""
    effect: RuleEffect
    """Its kind; `engine` where the engine denies by itself."""
    match: Match
    """How it matched; `false` where an `only` rule closes its layer."""


class MatchedRule(_MatchedRule, total=False):
    """A rule that fired."""

    on: list[int]
    """The effects that it fired on."""
    reason: str
    """What its author tells people."""
    controls: list[str]
    """The controls that it carries out."""
    place: Place
    """Where it stands."""


class LevelVerdict(TypedDict):
    """The verdict of one level alone."""

    level: Level
    """The level."""
    decision: Outcome
    """Its verdict."""


class _Obligation(TypedDict):
    name: str
    """What."""
    policy: str
    """By which policy."""
    rule: str
    """By which rule of it."""


class Obligation(_Obligation, total=False):
    """Something owed."""

    within: float
    """In how many seconds."""
    by: str
    """That is, until when."""
    times: int
    """How often at most."""
    then: str
    """What is owed after that."""


class RequiredApproval(TypedDict):
    """A requirement in full."""

    id: str
    """What an approval must name."""
    slots: list[dict[str, Any]]
    """Who must approve."""
    timeout: float | None
    """Seconds that they have."""
    escalation: str | None
    """Whose approval completes it after that."""
    valid_for: float | None
    """Seconds that an approval counts."""
    notify: list[str]
    """Where the host tells approvers."""
    agent_can_recommend: bool
    """Whether the host shows approvers what an agent recommends."""
    policy: str
    """The policy of the first rule that asks for it."""
    rule: str
    """That rule."""


class _ApprovalId(TypedDict):
    id: str
    """The id."""


class ApprovalId(_ApprovalId, total=False):
    """A requirement by its id."""

    missing: int
    """How many persons are missing, where it is outstanding."""


class Approvals(TypedDict):
    """What approval was asked for, and how it stands."""

    required: list[RequiredApproval]
    """All that was asked for."""
    satisfied: list[ApprovalId]
    """What is met."""
    outstanding: list[ApprovalId]
    """What is still to be got."""
    moot: list[ApprovalId]
    """What would be outstanding, were the answer not denied anyway."""
    rejected: list[ApprovalId]
    """What somebody rejected."""
    blocked: list[ApprovalId]
    """What nobody answered in time."""


class _Criterion(TypedDict):
    policy: str
    """The gate's policy."""
    rule: str
    """The gate."""
    criterion: str
    """The criterion."""
    state: CriterionState
    """How it stands."""
    expected: str
    """What must hold."""
    found: Any
    """What the request says of it."""


class Criterion(_Criterion, total=False):
    """How a criterion of a gate stands."""

    advisory: bool
    """True where it is only reported."""


class Cap(TypedDict):
    """How a cap stands. Lengths of time are seconds."""

    policy: str
    """The limit's policy."""
    rule: str
    """The limit."""
    unit: str
    """What is counted."""
    per: str | None
    """Whose use counts; null where each request stands by itself."""
    window: str | None
    """Over which time."""
    entity: str | None
    """Whose that is here."""
    used: float | None
    """What was used before; null where it is unknown."""
    needs: float | None
    """What this request adds; null where it is unknown."""
    at_most: float
    """The cap at which it denies."""
    headroom: float | None
    """What is left after it; null where it is unknown."""
    state: LimitState
    """How it stands."""


class Floor(TypedDict):
    """How a floor stands."""

    policy: str
    """The limit's policy."""
    rule: str
    """The limit."""
    unit: str
    """What is counted."""
    needs: float | None
    """What this request comes to; null where it is unknown."""
    at_least: float
    """The floor."""
    state: LimitState
    """How it stands."""


class Charge(TypedDict):
    """What an act adds to a used figure."""

    per: str
    """Whose use it is."""
    window: str | None
    """Over which time."""
    entity: str
    """Whose that is here."""
    unit: str
    """What is counted."""
    amount: float
    """How much."""


class Bypassed(TypedDict):
    """A deny rule that a bypass lifted."""

    policy: str
    """Its policy."""
    rule: str
    """The rule."""
    requirement: str
    """The requirement that was met."""
    until: str | None
    """Until when."""


class _Record(TypedDict):
    decision: Outcome
    """The answer."""
    action: str
    """What was asked for."""
    requested: Any
    """With these arguments."""
    scope: Any
    """For these entities."""
    effects: list[dict[str, Any]]
    """What it would do."""
    matched_rules: list[MatchedRule]
    """The rules that fired, and what the engine denies by itself."""
    levels: list[LevelVerdict]
    """The verdict of each level alone."""
    explanation: str
    """Why, in one or two sentences."""
    obligations: list[Obligation]
    """What is owed."""
    approvals: Approvals
    """What approval was asked for, and how it stands."""
    criteria: list[Criterion]
    """The criteria of gates."""
    caps: list[Cap]
    """How much of what may be used, and how much is left."""
    floors: list[Floor]
    """How much of what must be at least."""
    charges: list[Charge]
    """What the act adds to used figures; the host adds it up."""
    bypassed: list[Bypassed]
    """The deny rules that a bypass lifted."""
    unknowns: list[str]
    """The attributes that rules would have needed to know."""
    policy_hash: str
    """The hash of the documents that apply."""
    policy_set_hash: str
    """A stamp: the hash of the whole policy set."""
    request_hash: str
    """The hash of the request."""
    operation_hash: str
    """The hash that approvals name."""
    state_hash: str
    """The hash of the switches in sight."""
    record_hash: str
    """The hash of the record without itself, the stamps and the places."""
    valid_until: str | None
    """Until when it holds if nothing but time goes on."""
    engine_version: str
    """A stamp: the version of the program."""
    language_version: str
    """The version of the language."""


class Record(_Record, total=False):
    """A decision made to last (spec/09-records.md)."""

    decision_id: str
    """A stamp: the caller's id of this decision."""
    run_id: str
    """A stamp: the run, as the request names it."""
    tool_call_id: str
    """A stamp: the tool call, as the request names it."""
    created_at: str
    """A stamp: when the caller made it."""


class _Deed(TypedDict):
    decision: str
    """The hash of the decision record."""
    request_hash: str
    """The hash of the request."""
    result: DeedResult
    """How it ended."""
    deed_hash: str
    """The hash of the outcome record without itself."""


class Deed(_Deed, total=False):
    """An outcome record: what became of what was decided (spec/15-switches-and-roles.md)."""

    decision_id: str
    """The caller's id of the decision, where the record has one."""
    rationale: str
    """Why it was done, or why not."""
    ticket: str
    """The ticket under which it was done."""
    result_hash: str
    """The hash of what came out."""
    at: str
    """When that was (RFC 3339)."""


class _Doubt(TypedDict):
    why: str
    """In words."""


class Doubt(_Doubt, total=False):
    """Why something is opaque."""

    program: str
    """The program that is not known well enough."""
    span: list[int]
    """Where, as two offsets in bytes into the text."""


class _Seen(TypedDict):
    effects: list[dict[str, Any]]
    """What it would do, each with its `kind` and the `span` that it comes from."""
    facts: dict[str, Any]
    """What all of it comes to."""
    opaque: bool
    """Whether there may be more to it than is seen."""


class Seen(_Seen, total=False):
    """What is seen in a value."""

    id: Any
    """That of the value."""
    error: str
    """Why the value cannot be read."""
    doubts: list[Doubt]
    """Why it is opaque."""


class _RedactionSummary(TypedDict):
    secret_like_tokens: int
    """Keys, tokens, passwords, private keys, connection strings."""
    email_addresses: int
    """E-mail addresses."""
    private_urls: int
    """URLs of hosts that are not public."""
    large_blocks_removed: int
    """Blocks of text that were shortened."""


class RedactionSummary(_RedactionSummary, total=False):
    """How much was taken out of a text."""

    rules: dict[str, int]
    """How often each rule found something."""


class Redacted(TypedDict):
    """A text without its secrets."""

    text: str
    """What is left; where something stood, `[redacted:` and a rule's name and `]`."""
    redaction_summary: RedactionSummary
    """What was taken out."""


class TestReport(TypedDict):
    """How one policy test went."""

    name: str
    """Its name."""
    place: Place
    """Where it stands."""
    passed: bool
    """Whether all was as expected."""
    failures: list[str]
    """What was not."""
    record: Record | None
    """The record of the decision; null where the request did not fit."""


class ComplianceRule(TypedDict):
    """A rule that carries out a control."""

    rule: str
    """`policy/rule`."""
    tests: list[str]
    """The tests that pass and in whose records it is matched, or held as a limit."""


class ComplianceControl(TypedDict):
    """A control of a compliance framework."""

    control: str
    """Its name, such as `SOC2/change-management`."""
    rules: list[ComplianceRule]
    """What carries it out."""


class ComplianceGap(TypedDict):
    """A control that no rule carries out, or a rule of one that no test shows."""

    control: str
    """The control."""
    rule: str | None
    """The rule without a test; null where there is no rule."""


class Compliance(TypedDict):
    """Which rules carry out which controls, and which tests show them."""

    controls: list[ComplianceControl]
    """The controls by name."""
    gaps: list[ComplianceGap]
    """What is missing."""
    markdown: str
    """The same as a table of Markdown."""


class _AuditEvent(TypedDict):
    audit_id: str
    """The host's id of the event."""
    actor_type: str
    """`agent`, `service` or `human`."""
    actor: str
    """Who acted."""
    action: str
    """What was done."""
    resource_type: str
    """What it was done to: its kind."""
    created_at: str
    """When (RFC 3339)."""


class AuditEvent(_AuditEvent, total=False):
    """What goes into an audit log. Keys that are left out of an event are null or missing in its entry."""

    tenant_id: str | None
    """Whose tenant."""
    resource_id: str | None
    """Which one."""
    decision: Outcome | None
    """What was decided."""
    approval_id: str | None
    """The requirement that was met."""
    policy_version: str | None
    """The hash of the policy set."""
    request_hash: str | None
    """The hash of the request."""
    result_hash: str | None
    """The hash of what came out."""
    run_id: str
    """In which run."""
    team_id: str
    """Whose team."""
    on_behalf_of: list[str]
    """For whom, from the nearest on."""
    record_hash: str
    """The hash of the decision record."""
    reason: str
    """Why, in words."""
    details: Any
    """What else the host says."""


class AuditRunLink(TypedDict):
    """The place of an entry in its run."""

    id: str
    """The run."""
    sequence: int
    """The number in the run, from 1."""
    previous: str | None
    """The hash of the entry before it in the run."""


class _AuditLink(TypedDict):
    sequence: int
    """The number, from 1."""
    previous: str | None
    """The hash of the entry before it."""


class AuditLink(_AuditLink, total=False):
    """The place of an entry in its log."""

    run: AuditRunLink
    """Its place in its run."""


class _AuditEntry(TypedDict):
    audit_id: str
    """The host's id of the event."""
    actor_type: str
    """`agent`, `service` or `human`."""
    actor: str
    """Who acted."""
    action: str
    """What was done."""
    resource_type: str
    """What it was done to: its kind."""
    created_at: str
    """When (RFC 3339)."""
    chain: AuditLink
    """Its place in the log."""
    entry_hash: str
    """The hash of the entry without itself."""


class AuditEntry(_AuditEntry, total=False):
    """An entry of an audit log: an event with its place, and its hash."""

    tenant_id: str | None
    """Whose tenant."""
    resource_id: str | None
    """Which one."""
    decision: Outcome | None
    """What was decided."""
    approval_id: str | None
    """The requirement that was met."""
    policy_version: str | None
    """The hash of the policy set."""
    request_hash: str | None
    """The hash of the request."""
    result_hash: str | None
    """The hash of what came out."""
    run_id: str
    """In which run."""
    team_id: str
    """Whose team."""
    on_behalf_of: list[str]
    """For whom, from the nearest on."""
    record_hash: str
    """The hash of the decision record."""
    reason: str
    """Why, in words."""
    details: Any
    """What else the host says."""


class AuditSignature(TypedDict):
    """A signature under a checkpoint."""

    keyid: str
    """Which key."""
    sig: str
    """The signature."""


class _AuditCheckpoint(TypedDict):
    log: str
    """The name of the log."""
    entries: int
    """How many entries it had."""
    entry_hash: str
    """The hash of the last one."""
    created_at: str
    """When (RFC 3339)."""


class AuditCheckpoint(_AuditCheckpoint, total=False):
    """How far a log had come."""

    signatures: list[AuditSignature]
    """By whom it is signed."""


class _AuditReport(TypedDict):
    sound: bool
    """Whether it is."""


class AuditReport(_AuditReport, total=False):
    """Whether a log is sound: then how much it holds; else its first fault."""

    entries: int
    """How many entries it holds."""
    last_sequence: int
    """The number of the last entry; larger than `entries` in an extract."""
    entry_hash: str | None
    """The hash of the last one."""
    checkpointed: bool
    """Whether a checkpoint lies within it, so that nothing before it can have been cut off or written anew."""
    fault: AuditFault
    """What is wrong."""
    line: int
    """The line, from 1; 0 where there was none."""
    sequence: int | None
    """The number of the entry."""
    audit_id: str | None
    """The id of the entry."""
    message: str
    """In words."""


class _AuditReader(TypedDict):
    id: str
    """Who."""
    roles: list[str]
    """In which roles."""


class AuditReader(_AuditReader, total=False):
    """Who reads a log."""

    tenant: str | None
    """Of which tenant."""
    team: str | None
    """Of which team."""
    expires: str | None
    """Until when the roles are given (RFC 3339)."""


class AuditExport(TypedDict):
    """What a reader may see of a log."""

    reach: AuditReach | None
    """How much; null where nothing."""
    lines: str
    """The lines as they stand in the log, each with its end: an extract of it."""
