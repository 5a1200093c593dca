// Made from the table of the surface by `cargo bindings generate`.

/** The answer: go on, get the approvals first, or do not. */
export type Outcome = "allowed" | "ask_approval" | "denied";

/** The eight levels of authority, the highest first. */
export type Level = "platform" | "organization" | "team" | "repository" | "campaign" | "task" | "runtime" | "tool_call";

/** How bad a finding is. With an error nothing compiles. */
export type Severity = "error" | "warning";

/** Whether the ground of a record has moved. */
export type Validity = "holds" | "policies_changed" | "state_changed" | "expired";

/** The kind of a rule that fired. */
export type RuleEffect = "allow" | "only" | "ask" | "deny" | "gate" | "require" | "limit" | "switch" | "engine";

/** How a rule matched. */
export type Match = "true" | "unknown" | "false";

/** How a criterion of a gate stands. */
export type CriterionState = "held" | "failed" | "missing";

/** How a limit stands. */
export type LimitState = "within" | "alert" | "exceeded" | "unknown" | "contradicted";

/** Where a text goes. */
export type Sink = "model_context" | "log_view" | "trace_view" | "artifact_link" | "judge_packet" | "pr_body" | "support_export" | "audit";

/** How an act ended: `failed` was tried, `refused` was not allowed, `not_done` was allowed and not tried. */
export type DeedResult = "done" | "failed" | "refused" | "rolled_back" | "not_done";

/** Why an outcome record is not that of a decision. */
export type DeedFault = "changed" | "decision_changed" | "other_decision" | "not_allowed" | "was_allowed";

/** What is wrong with an audit log. */
export type AuditFault = "broken" | "missing" | "reordered" | "repeated" | "truncated" | "torn";

/** How much of a log a reader may see, within the tenant: the own entries, the team's, or all. */
export type AuditReach = "own" | "team" | "all";

/** What a step towards an allowed answer is. */
export type ChangeKind = "say" | "approve" | "offer" | "leave_out";

/** Which of the two compiled trees: that of the platform, or that of the levels below. */
export type TreePart = "platform" | "below";

/** The versions. */
export interface Version {
  /** The version of the program. */
  engine: string;
  /** The version of the language. */
  language: string;
}

/** A text of policies with the authority that whoever loads it gives to it. */
export interface Source {
  /** How diagnostics and records call it; a path, usually. */
  name: string;
  /** The YAML. */
  text: string;
  /** The level at which it speaks; the platform where it is missing. */
  level?: Level;
  /** The tenant whose policy set it belongs to. */
  tenant?: string | null;
  /** The entities that it speaks for, by level. */
  entities?: { [name: string]: string };
}

/** A text of policy tests with the scope that they are asked in. */
export interface TestSource {
  /** How reports call it. */
  name: string;
  /** The YAML. */
  text: string;
  /** The tenant of requests that do not say theirs. */
  tenant?: string | null;
  /** The entities of requests that do not say theirs, by level. */
  entities?: { [name: string]: string };
}

/** What may be flipped without loading policies again. */
export interface State {
  /** What is known of switches, by `<policy id>/<switch id>`. */
  switches?: { [name: string]: SwitchState };
}

/** What is known of one switch. */
export interface SwitchState {
  /** Whether it is on. */
  on: boolean;
  /** When that was seen (RFC 3339). */
  at?: string | null;
}

/** A position in a text. */
export interface Position {
  /** From 1. */
  line: number;
  /** From 1, in Unicode code points. */
  column: number;
  /** From 0. */
  byte: number;
}

/** A place in a source with a word on it. */
export interface Label {
  /** The source's name. */
  source: string;
  /** What about it; may be empty. */
  text: string;
  /** Where it begins. */
  start: Position;
  /** Behind where it ends. */
  end: Position;
}

/** One finding in policies or tests. */
export interface Diagnostic {
  /** The stable name of this kind of finding. */
  code: string;
  /** How bad it is. */
  severity: Severity;
  /** What is wrong, in one sentence. */
  message: string;
  /** What to do. */
  help: string | null;
  /** The first is where it is wrong; the others say what it clashes with. */
  labels: Label[];
}

/** One thing that is wrong with a request or a state. */
export interface Problem {
  /** The stable name of this kind of problem. */
  code: string;
  /** Where, as a JSON pointer into what was given. */
  pointer: string;
  /** What is wrong, in one sentence. */
  message: string;
  /** What to do. */
  help: string | null;
}

/** One level of the ladder. */
export interface LevelExplanation {
  /** The level. */
  level: Level;
  /** Its verdict alone. */
  decision: Outcome;
  /** What each of its rules that fired says, a line each. */
  lines: string[];
}

/** One step towards an allowed answer. */
export interface Change {
  /** What is to be done. */
  kind: ChangeKind;
  /** The same in words. */
  text: string;
  /** To say: the attribute, as conditions name it. */
  attribute?: string;
  /** To say: where the request says it, as a JSON pointer. */
  pointer?: string;
  /** To say: the value. */
  value?: unknown;
  /** To get approved: the requirement. */
  requirement?: string;
  /** To get approved: by whom, in words. */
  by?: string[];
  /** To offer: the obligation that the host is to do. */
  obligation?: string;
  /** To leave out: the file. */
  path?: string;
}

/** A place in a source. */
export interface Place {
  /** The source's name. */
  source: string;
  /** From 1. */
  line: number;
  /** From 1, in Unicode code points. */
  column: number;
  /** From 0. */
  byte: number;
}

/** A rule that fired. */
export interface MatchedRule {
  /** `id@version` of its document. */
  policy: string;
  /** Its level. */
  level: Level;
  /** Its id. */
  rule: string;
  /** Its kind; `engine` where the engine denies by itself. */
  effect: RuleEffect;
  /** How it matched; `false` where an `only` rule closes its layer. */
  match: Match;
  /** The effects that it fired on. */
  on?: number[];
  /** What its author tells people. */
  reason?: string;
  /** The controls that it carries out. */
  controls?: string[];
  /** Where it stands. */
  place?: Place;
}

/** A decision explained. */
export interface Explanation {
  /** The answer. */
  decision: Outcome;
  /** Why, in one or two sentences. */
  sentence: string;
  /** The rule that the answer comes from, without its reason; null where no rule gave it. */
  deciding: MatchedRule | null;
  /** What the request would do, in words. */
  effects: string[];
  /** The levels from the platform down, each with what its rules say. */
  levels: LevelExplanation[];
  /** What the request leaves unsaid and a rule would have needed. */
  unknowns: string[];
  /** The smallest change that would make it allowed, checked by deciding again. */
  changes: Change[];
  /** All of it as a person reads it. */
  text: string;
}

/** An edge from a question. */
export interface WayEdge {
  /** The answers that lead along it; empty where it is taken whatever the answer. */
  answers: string[];
  /** How many more answers do. */
  more: number;
  /** Whether it is on the way. */
  taken: boolean;
  /** The node that it leads to, by its place; null beside the way. */
  to: number | null;
}

/** A question on the way, or the rules that remained at its end. */
export interface WayNode {
  /** The question, as conditions name it. */
  question?: string;
  /** A name, `null`, or `not said`. */
  answer?: string;
  /** Those that were taken, then one for all that were not. */
  edges?: WayEdge[];
  /** The rules, each as `policy/rule (kind)`. */
  rules?: string[];
}

/** The way of one effect through one of the compiled trees. */
export interface Way {
  /** The effect, by its place. */
  effect: number;
  /** Which tree: the platform's, or that of the levels below it. */
  part: TreePart;
  /** How many rules the tree leads to. */
  rules: number;
  /** What is on the way, the root first. */
  nodes: WayNode[];
  /** Nodes on the way that are left out, since there are too many. */
  left_out: number;
}

/** The verdict of one level alone. */
export interface LevelVerdict {
  /** The level. */
  level: Level;
  /** Its verdict. */
  decision: Outcome;
}

/** Something owed. */
export interface Obligation {
  /** What. */
  name: string;
  /** In how many seconds. */
  within?: number;
  /** That is, until when. */
  by?: string;
  /** How often at most. */
  times?: number;
  /** What is owed after that. */
  then?: string;
  /** By which policy. */
  policy: string;
  /** By which rule of it. */
  rule: string;
}

/** A requirement in full. */
export interface RequiredApproval {
  /** What an approval must name. */
  id: string;
  /** Who must approve. */
  slots: ({ [key: string]: unknown })[];
  /** Seconds that they have. */
  timeout: number | null;
  /** Whose approval completes it after that. */
  escalation: string | null;
  /** Seconds that an approval counts. */
  valid_for: number | null;
  /** Where the host tells approvers. */
  notify: string[];
  /** Whether the host shows approvers what an agent recommends. */
  agent_can_recommend: boolean;
  /** The policy of the first rule that asks for it. */
  policy: string;
  /** That rule. */
  rule: string;
}

/** A requirement by its id. */
export interface ApprovalId {
  /** The id. */
  id: string;
  /** How many persons are missing, where it is outstanding. */
  missing?: number;
}

/** What approval was asked for, and how it stands. */
export interface Approvals {
  /** All that was asked for. */
  required: RequiredApproval[];
  /** What is met. */
  satisfied: ApprovalId[];
  /** What is still to be got. */
  outstanding: ApprovalId[];
  /** What would be outstanding, were the answer not denied anyway. */
  moot: ApprovalId[];
  /** What somebody rejected. */
  rejected: ApprovalId[];
  /** What nobody answered in time. */
  blocked: ApprovalId[];
}

/** How a criterion of a gate stands. */
export interface Criterion {
  /** The gate's policy. */
  policy: string;
  /** The gate. */
  rule: string;
  /** The criterion. */
  criterion: string;
  /** How it stands. */
  state: CriterionState;
  /** What must hold. */
  expected: string;
  /** What the request says of it. */
  found: unknown;
  /** True where it is only reported. */
  advisory?: boolean;
}

/** How a cap stands. Lengths of time are seconds. */
export interface Cap {
  /** The limit's policy. */
  policy: string;
  /** The limit. */
  rule: string;
  /** What is counted. */
  unit: string;
  /** Whose use counts; null where each request stands by itself. */
  per: string | null;
  /** Over which time. */
  window: string | null;
  /** Whose that is here. */
  entity: string | null;
  /** What was used before; null where it is unknown. */
  used: number | null;
  /** What this request adds; null where it is unknown. */
  needs: number | null;
  /** The cap at which it denies. */
  at_most: number;
  /** What is left after it; null where it is unknown. */
  headroom: number | null;
  /** How it stands. */
  state: LimitState;
}

/** How a floor stands. */
export interface Floor {
  /** The limit's policy. */
  policy: string;
  /** The limit. */
  rule: string;
  /** What is counted. */
  unit: string;
  /** What this request comes to; null where it is unknown. */
  needs: number | null;
  /** The floor. */
  at_least: number;
  /** How it stands. */
  state: LimitState;
}

/** What an act adds to a used figure. */
export interface Charge {
  /** Whose use it is. */
  per: string;
  /** Over which time. */
  window: string | null;
  /** Whose that is here. */
  entity: string;
  /** What is counted. */
  unit: string;
  /** How much. */
  amount: number;
}

/** A deny rule that a bypass lifted. */
export interface Bypassed {
  /** Its policy. */
  policy: string;
  /** The rule. */
  rule: string;
  /** The requirement that was met. */
  requirement: string;
  /** Until when. */
  until: string | null;
}

/** A decision made to last (spec/09-records.md). */
export interface Record {
  /** A stamp: the caller's id of this decision. */
  decision_id?: string;
  /** A stamp: the run, as the request names it. */
  run_id?: string;
  /** A stamp: the tool call, as the request names it. */
  tool_call_id?: string;
  /** The answer. */
  decision: Outcome;
  /** What was asked for. */
  action: string;
  /** With these arguments. */
  requested: unknown;
  /** For these entities. */
  scope: unknown;
  /** What it would do. */
  effects: ({ [key: string]: unknown })[];
  /** The rules that fired, and what the engine denies by itself. */
  matched_rules: MatchedRule[];
  /** The verdict of each level alone. */
  levels: LevelVerdict[];
  /** Why, in one or two sentences. */
  explanation: string;
  /** What is owed. */
  obligations: Obligation[];
  /** What approval was asked for, and how it stands. */
  approvals: Approvals;
  /** The criteria of gates. */
  criteria: Criterion[];
  /** How much of what may be used, and how much is left. */
  caps: Cap[];
  /** How much of what must be at least. */
  floors: Floor[];
  /** What the act adds to used figures; the host adds it up. */
  charges: Charge[];
  /** The deny rules that a bypass lifted. */
  bypassed: Bypassed[];
  /** The attributes that rules would have needed to know. */
  unknowns: string[];
  /** The hash of the documents that apply. */
  policy_hash: string;
  /** A stamp: the hash of the whole policy set. */
  policy_set_hash: string;
  /** The hash of the request. */
  request_hash: string;
  /** The hash that approvals name. */
  operation_hash: string;
  /** The hash of the switches in sight. */
  state_hash: string;
  /** The hash of the record without itself, the stamps and the places. */
  record_hash: string;
  /** Until when it holds if nothing but time goes on. */
  valid_until: string | null;
  /** A stamp: the version of the program. */
  engine_version: string;
  /** The version of the language. */
  language_version: string;
  /** A stamp: when the caller made it. */
  created_at?: string;
}

/** An outcome record: what became of what was decided (spec/15-switches-and-roles.md). */
export interface Deed {
  /** The hash of the decision record. */
  decision: string;
  /** The caller's id of the decision, where the record has one. */
  decision_id?: string;
  /** The hash of the request. */
  request_hash: string;
  /** How it ended. */
  result: DeedResult;
  /** Why it was done, or why not. */
  rationale?: string;
  /** The ticket under which it was done. */
  ticket?: string;
  /** The hash of what came out. */
  result_hash?: string;
  /** When that was (RFC 3339). */
  at?: string;
  /** The hash of the outcome record without itself. */
  deed_hash: string;
}

/** Why something is opaque. */
export interface Doubt {
  /** In words. */
  why: string;
  /** The program that is not known well enough. */
  program?: string;
  /** Where, as two offsets in bytes into the text. */
  span?: number[];
}

/** What is seen in a value. */
export interface Seen {
  /** That of the value. */
  id?: unknown;
  /** Why the value cannot be read. */
  error?: string;
  /** What it would do, each with its `kind` and the `span` that it comes from. */
  effects: ({ [key: string]: unknown })[];
  /** What all of it comes to. */
  facts: { [key: string]: unknown };
  /** Whether there may be more to it than is seen. */
  opaque: boolean;
  /** Why it is opaque. */
  doubts?: Doubt[];
}

/** How much was taken out of a text. */
export interface RedactionSummary {
  /** Keys, tokens, passwords, private keys, connection strings. */
  secret_like_tokens: number;
  /** E-mail addresses. */
  email_addresses: number;
  /** URLs of hosts that are not public. */
  private_urls: number;
  /** Blocks of text that were shortened. */
  large_blocks_removed: number;
  /** How often each rule found something. */
  rules?: { [name: string]: number };
}

/** A text without its secrets. */
export interface Redacted {
  /** What is left; where something stood, `[redacted:` and a rule's name and `]`. */
  text: string;
  /** What was taken out. */
  redaction_summary: RedactionSummary;
}

/** How one policy test went. */
export interface TestReport {
  /** Its name. */
  name: string;
  /** Where it stands. */
  place: Place;
  /** Whether all was as expected. */
  passed: boolean;
  /** What was not. */
  failures: string[];
  /** The record of the decision; null where the request did not fit. */
  record: Record | null;
}

/** A rule that carries out a control. */
export interface ComplianceRule {
  /** `policy/rule`. */
  rule: string;
  /** The tests that pass and in whose records it is matched, or held as a limit. */
  tests: string[];
}

/** A control of a compliance framework. */
export interface ComplianceControl {
  /** Its name, such as `SOC2/change-management`. */
  control: string;
  /** What carries it out. */
  rules: ComplianceRule[];
}

/** A control that no rule carries out, or a rule of one that no test shows. */
export interface ComplianceGap {
  /** The control. */
  control: string;
  /** The rule without a test; null where there is no rule. */
  rule: string | null;
}

/** Which rules carry out which controls, and which tests show them. */
export interface Compliance {
  /** The controls by name. */
  controls: ComplianceControl[];
  /** What is missing. */
  gaps: ComplianceGap[];
  /** The same as a table of Markdown. */
  markdown: string;
}

/** What goes into an audit log. Keys that are left out of an event are null or missing in its entry. */
export interface AuditEvent {
  /** The host's id of the event. */
  audit_id: string;
  /** Whose tenant. */
  tenant_id?: string | null;
  /** `agent`, `service` or `human`. */
  actor_type: string;
  /** Who acted. */
  actor: string;
  /** What was done. */
  action: string;
  /** What it was done to: its kind. */
  resource_type: string;
  /** Which one. */
  resource_id?: string | null;
  /** What was decided. */
  decision?: Outcome | null;
  /** The requirement that was met. */
  approval_id?: string | null;
  /** The hash of the policy set. */
  policy_version?: string | null;
  /** The hash of the request. */
  request_hash?: string | null;
  /** The hash of what came out. */
  result_hash?: string | null;
  /** When (RFC 3339). */
  created_at: string;
  /** In which run. */
  run_id?: string;
  /** Whose team. */
  team_id?: string;
  /** For whom, from the nearest on. */
  on_behalf_of?: string[];
  /** The hash of the decision record. */
  record_hash?: string;
  /** Why, in words. */
  reason?: string;
  /** What else the host says. */
  details?: unknown;
}

/** The place of an entry in its run. */
export interface AuditRunLink {
  /** The run. */
  id: string;
  /** The number in the run, from 1. */
  sequence: number;
  /** The hash of the entry before it in the run. */
  previous: string | null;
}

/** The place of an entry in its log. */
export interface AuditLink {
  /** The number, from 1. */
  sequence: number;
  /** The hash of the entry before it. */
  previous: string | null;
  /** Its place in its run. */
  run?: AuditRunLink;
}

/** An entry of an audit log: an event with its place, and its hash. */
export interface AuditEntry {
  /** The host's id of the event. */
  audit_id: string;
  /** Whose tenant. */
  tenant_id?: string | null;
  /** `agent`, `service` or `human`. */
  actor_type: string;
  /** Who acted. */
  actor: string;
  /** What was done. */
  action: string;
  /** What it was done to: its kind. */
  resource_type: string;
  /** Which one. */
  resource_id?: string | null;
  /** What was decided. */
  decision?: Outcome | null;
  /** The requirement that was met. */
  approval_id?: string | null;
  /** The hash of the policy set. */
  policy_version?: string | null;
  /** The hash of the request. */
  request_hash?: string | null;
  /** The hash of what came out. */
  result_hash?: string | null;
  /** When (RFC 3339). */
  created_at: string;
  /** In which run. */
  run_id?: string;
  /** Whose team. */
  team_id?: string;
  /** For whom, from the nearest on. */
  on_behalf_of?: string[];
  /** The hash of the decision record. */
  record_hash?: string;
  /** Why, in words. */
  reason?: string;
  /** What else the host says. */
  details?: unknown;
  /** Its place in the log. */
  chain: AuditLink;
  /** The hash of the entry without itself. */
  entry_hash: string;
}

/** A signature under a checkpoint. */
export interface AuditSignature {
  /** Which key. */
  keyid: string;
  /** The signature. */
  sig: string;
}

/** How far a log had come. */
export interface AuditCheckpoint {
  /** The name of the log. */
  log: string;
  /** How many entries it had. */
  entries: number;
  /** The hash of the last one. */
  entry_hash: string;
  /** When (RFC 3339). */
  created_at: string;
  /** By whom it is signed. */
  signatures?: AuditSignature[];
}

/** Whether a log is sound: then how much it holds; else its first fault. */
export interface AuditReport {
  /** Whether it is. */
  sound: boolean;
  /** How many entries it holds. */
  entries?: number;
  /** The number of the last entry; larger than `entries` in an extract. */
  last_sequence?: number;
  /** The hash of the last one. */
  entry_hash?: string | null;
  /** Whether a checkpoint lies within it, so that nothing before it can have been cut off or written anew. */
  checkpointed?: boolean;
  /** What is wrong. */
  fault?: AuditFault;
  /** The line, from 1; 0 where there was none. */
  line?: number;
  /** The number of the entry. */
  sequence?: number | null;
  /** The id of the entry. */
  audit_id?: string | null;
  /** In words. */
  message?: string;
}

/** Who reads a log. */
export interface AuditReader {
  /** Who. */
  id: string;
  /** In which roles. */
  roles: string[];
  /** Of which tenant. */
  tenant?: string | null;
  /** Of which team. */
  team?: string | null;
  /** Until when the roles are given (RFC 3339). */
  expires?: string | null;
}

/** What a reader may see of a log. */
export interface AuditExport {
  /** How much; null where nothing. */
  reach: AuditReach | null;
  /** The lines as they stand in the log, each with its end: an extract of it. */
  lines: string;
}

/** Compiled policies, and the state of their switches. Shared between threads. */
export class Engine {
  private constructor();
  /** Loads policies: one text, a mapping of file names to texts, or a list of sources. A name says by its folders
   * for whom the file speaks; a text alone speaks for the platform. With `byTenant` a tenant whose policies do not
   * compile is denied everything, and the others are not touched by it; without it one mistake stops all. Throws
   * `PolicyError`. */
  static load(policies: string | { [name: string]: string } | Source[], options?: { byTenant?: boolean }): Engine;
  /** Loads a compiled bundle, in a tenth to a fifth of the time that its policies take. It decides as the engine
   * that it was made from, with the same records. One that is damaged or of another version is refused. Whoever can
   * write a bundle can write the policies: take it from where you would take them. Throws `PolicyError`. */
  static fromBundle(bundle: Uint8Array): Engine;
  /** The compiled policies as one run of bytes, with their texts and without tests and state. The same policies give
   * the same bytes; the first line holds their hash. */
  toBundle(): Uint8Array;
  /** What loading found: warnings, and the errors of tenants that are denied everything. */
  readonly diagnostics: Diagnostic[];
  /** Decides one request. Never fails: what is no request is denied, and its record says `invalid_request`. Without
   * a `state` the engine's own counts. */
  decide(request: object | string, options?: { state?: State | string }): Decision;
  /** Decides many requests, each by itself and all in one state, in one crossing of the border. The decisions stand
   * in the order of the requests. Where there are threads, larger numbers are shared out over the cores. */
  decideMany(requests: (object | string)[], options?: { state?: State | string }): Decision[];
  /** Whether a request is allowed as it stands. What is still to be approved is not. */
  allows(request: object | string, options?: { state?: State | string }): boolean;
  /** Decides one request and gives its record. Id and time are stamped as they are given. */
  record(request: object | string, options?: { state?: State | string; decisionId?: string; createdAt?: string }): Record;
  /** Decides one request and says why: the ladder of levels, the rules with their lines, what would make it allowed. */
  explain(request: object | string, options?: { state?: State | string }): Explanation;
  /** What is seen in a value by the vocabulary of the policies, which may describe more programs. `tenant` says by
   * whose, where they differ. */
  facts(value: object | string, options?: { tenant?: string }): Seen;
  /** What loading found, and what has ended or is due at an instant, or within `aheadDays` (30) after it. It changes
   * no answer. Throws `InputError`. */
  due(now: string, options?: { aheadDays?: number }): Diagnostic[];
  /** Runs policy tests: those given, or all that came with the policies. Throws `PolicyError`. */
  test(tests?: string | TestSource): TestReport[];
  /** Which rules carry out which controls, and which policy tests show them at work: those given, or all that came
   * with the policies. Throws `PolicyError`. */
  compliance(tests?: string | TestSource): Compliance;
  /** Flips a switch of the engine's own state, by the name `<policy id>/<switch id>`. `at` says when that was seen.
   * Throws `InputError`. */
  flip(name: string, on: boolean, options?: { at?: string }): void;
  /** The engine's own state. */
  readonly state: State;
  /** Puts a whole state in place of the engine's own. Throws `InputError`. */
  setState(state: State | string): void;
  /** Whether a record that was kept still holds at an instant, or the policies, the state or the time have moved on.
   * Throws `InputError`. */
  stillHolds(record: Record | string, now: string, options?: { state?: State | string }): Validity;
}

/** The answer to one request. It refuses to stand for true or false: compare `outcome`, or read `allowed`. */
export class Decision {
  private constructor();
  /** The answer. */
  readonly outcome: Outcome;
  /** Whether the host may go on. It must then do what the record lists under `obligations`. */
  readonly allowed: boolean;
  /** Why, in one or two sentences. */
  readonly explanation: string;
  /** What is wrong with the request, where it could not be read; empty where it could. */
  readonly problems: Problem[];
  /** The decision made to last. Id and time are stamped as they are given. */
  record(options?: { decisionId?: string; createdAt?: string }): Record;
  /** The record as canonical JSON (RFC 8785): the same bytes in every language. */
  recordJson(options?: { decisionId?: string; createdAt?: string }): string;
  /** Why, in full: the ladder of levels, the rules with their lines, what would make it allowed. */
  explain(): Explanation;
  /** The ways of its first twelve effects through the compiled trees, for a drawing: the questions, the answers, the
   * rules that remained. Empty where no policies were asked. */
  tree(): Way[];
}

/** The base of all errors of this package. */
export class BailiwickError extends Error {}

/** Policies or tests that do not load. The message shows each finding with its lines and its cure. */
export class PolicyError extends BailiwickError {
  readonly diagnostics: Diagnostic[];
}

/** A state, a record, a time or a word that cannot be read, where nothing is decided by it. */
export class InputError extends BailiwickError {
  readonly problems: Problem[];
}

/** An audit log that is not sound, where `fault` says what was found; or that cannot be read or written. */
export class AuditError extends BailiwickError {
  readonly fault: AuditReport | null;
}

/** A guard met a denial: what it guards was not called. */
export class Denied extends BailiwickError {
  readonly decision: Decision;
  readonly record: Record;
}

/** A guard met a call that needs approvals first: `record` lists them as outstanding. */
export class ApprovalNeeded extends BailiwickError {
  readonly decision: Decision;
  readonly record: Record;
}

/** The versions of the engine and of the language. */
export function version(): Version;

/** Every finding of policies, errors and warnings. Empty where nothing is wrong. */
export function check(policies: string | { [name: string]: string } | Source[]): Diagnostic[];

/** What is seen in a value, apart from any rule: a tool call as a request says it, or one of `command`, `argv`,
 * `path`, `url`, `patch` and `text`, with `cwd`, `root`, `home` and `links` beside it. Never fails: what cannot be
 * read is opaque, and `error` says why. */
export function facts(value: object | string): Seen;

/** Takes out of a text what must not reach a sink: all that can be, or with `owed`, the names of a record's
 * obligations, what they ask for. Throws `InputError`. */
export function redact(text: string, sink: Sink, options?: { owed?: string[] }): Redacted;

/** The outcome record: what became of what was decided, tied to the decision record by its hash. Throws
 * `InputError`. */
export function deed(record: Record | string, result: DeedResult, options?: { rationale?: string; ticket?: string; resultHash?: string; at?: string }): Deed;

/** Why an outcome record is not that of a decision record; null where it is. Throws `InputError`. */
export function deedFault(deed: Deed | string, record: Record | string): DeedFault | null;

/** What a change made by an agent carries with it: `agent_provenance` out of the records of one run, in the order in
 * which they were made, and of what the caller gives besides, which may not contradict them. With `statement` as an
 * in-toto statement, to be signed by whoever has a key. Throws `InputError`. */
export function provenance(records: (Record | string)[], options?: { given?: { [key: string]: unknown }; statement?: boolean }): { [key: string]: unknown };

/** The audit event of a decision: who asked for what, and what came out. Its time is the record's stamp, or else the
 * request's `now`. Throws `InputError`. */
export function auditEvent(request: object | string, record: Record | string, auditId: string): AuditEvent;

/** The lines by which a log grows, for hosts that keep it elsewhere than in a file: `log` is the whole of it so far.
 * Secrets are taken out of the events. Where one of them is no event, no line is made. Throws `InputError`. Throws
 * `AuditError`. */
export function auditLines(log: string, events: (AuditEvent | string)[]): string;

/** Whether the text of a log is sound, and where it is not: the first entry that was changed, is missing, reordered
 * or repeated, or behind which the log was cut off. With `extract` it holds all entries of some runs, or of a
 * tenant. Throws `InputError`. */
export function auditVerify(log: string, options?: { checkpoint?: AuditCheckpoint | string; extract?: boolean }): AuditReport;

/** What of a checkpoint is signed (DSSE). Its UTF-8 is the message; whoever has a key signs it. Throws `InputError`. */
export function auditToSign(checkpoint: AuditCheckpoint | string): string;

/** What a guard takes besides. */
export interface GuardOptions {
  /** The state to ask in, or what gives it at each call. */
  state?: State | string | (() => State | string);
  /** Gets every decision before it is acted on, such as to keep its record and to do what it owes. */
  onDecision?: (decision: Decision) => void;
}

/**
 * A function that asks before it runs. `request` is the request, or a function of the arguments that gives it; where it says
 * no `now`, the clock does. Throws `Denied` or `ApprovalNeeded` unless the answer is `allowed`; then `call` has not been
 * called. Whatever fails on the way is thrown, and nothing is called.
 */
export function guard<This, Args extends unknown[], Result>(
  engine: Engine,
  request: object | string | ((this: This, ...args: Args) => object | string),
  call: (this: This, ...args: Args) => Result,
  options?: GuardOptions,
): (this: This, ...args: Args) => Result;

/**
 * Loads the module, once, before anything else is called. `module_or_path` is its address, an answer of `fetch`, its bytes or
 * the compiled module; without it, it is looked for beside this file.
 */
export function init(options?: { module_or_path?: unknown }): Promise<unknown>;

/** The same at once, of the bytes of the module or the compiled module. */
export function initSync(options: { module: unknown }): unknown;
