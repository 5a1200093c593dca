// What a strict type checker must accept of a module that uses the package, and what it must not. Nothing of Node is known.
import {
  ApprovalNeeded, Denied, Engine, PolicyError, auditEvent, auditLines, auditVerify, check, deed, deedFault, facts, guard,
  redact, version,
} from "bailiwick";
import type { ApprovalId, AuditEvent, AuditReport, Cap, Decision, DeedFault, Outcome, Record, Validity } from "bailiwick";

const engine = Engine.load({ "platform/base.yaml": "rules: [{id: look, allow: run.view}]" }, { byTenant: true });
const request = { action: "run.view", now: "2026-11-20T10:00:00Z" };
const decision: Decision = engine.decide(request, { state: { switches: { "house/stop": { on: false } } } });
const outcome: Outcome = decision.outcome;
if (outcome !== "allowed") throw new Error(decision.explanation);
const record: Record = decision.record({ decisionId: "d-1" });
const open: ApprovalId[] = record.approvals.outstanding;
const validity: Validity = engine.stillHolds(record, "2026-11-20T10:00:00Z");
if (open.length !== 0 || validity !== "holds") throw new Error("expected an allowed record that holds");
const line: number | undefined = check("rulez: 1")[0]?.labels[0]?.start.line;
if (line !== 1) throw new Error(`expected line 1, found ${line}`);
if (version().language.length === 0) throw new Error("expected a version");
const opaque: boolean = facts({ command: "ls" }).opaque;
const left: string = redact("a text", "log_view", { owed: [] }).text;
const fault: DeedFault | null = deedFault(deed(record, "done", { at: "2026-11-20T10:00:00Z" }), record);
const caps: Cap[] = record.caps;
if (opaque || left !== "a text" || fault !== null || caps.length !== 0) throw new Error("expected nothing to be seen");

const gap: string | null | undefined = engine.compliance().gaps[0]?.rule;
const event: AuditEvent = auditEvent(request, record, "aud_1");
const report: AuditReport = auditVerify(auditLines("", [event, JSON.stringify(event)]));
if (gap !== undefined || report.entries !== 2) throw new Error("expected two entries");

const view = guard(engine, (run: number) => ({ ...request, run: `${run}` }), (run: number) => run + 1);
const next: number = view(1);
const later = guard(engine, request, async (run: number) => `${run}`);
const awaited: string = await later(next);
if (awaited !== "2") throw new Error(awaited);

try {
  guard(engine, { action: "deploy" }, () => 1)();
} catch (error) {
  if (error instanceof Denied) error.record.decision satisfies Outcome;
  else if (error instanceof ApprovalNeeded) error.decision.allowed satisfies boolean;
  else if (error instanceof PolicyError) error.diagnostics.length satisfies number;
  else throw error;
}

export function wrong() {
  // @ts-expect-error: there is no such sink
  redact("a text", "log_veiw");
  // @ts-expect-error: a number is no request
  engine.decide(5);
  // @ts-expect-error: the state is given by name
  engine.decide(request, "{}", "{}");
  // @ts-expect-error: an answer is read, not written
  decision.outcome = "allowed";
  // @ts-expect-error: `load` makes engines
  new Engine();
  // @ts-expect-error: the guarded function takes a number
  view("1");
  // @ts-expect-error: there is no such answer
  return decision.outcome === "maybe";
}
