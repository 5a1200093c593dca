"""What a strict type checker must accept of a program that uses the package, and what it must not: each `ignore` here would
be reported, were it not needed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, assert_type

import bailiwick
from bailiwick import types

engine = bailiwick.Engine.load({"platform/base.yaml": "rules: [{id: look, allow: run.view}]"})
request = {"action": "run.view", "now": "2026-11-20T10:00:00Z"}
decision = engine.decide(request, state={"switches": {"house/stop": {"on": False}}})
assert_type(decision, bailiwick.Decision)
assert_type(decision.outcome, Literal["allowed", "ask_approval", "denied"])
record = decision.record(decision_id="d-1")
assert_type(record, types.Record)
assert_type(record["approvals"]["outstanding"], list[types.ApprovalId])
assert_type(engine.still_holds(record, "2026-11-20T10:00:00Z"), types.Validity)
assert_type([found["labels"][0]["start"]["line"] for found in engine.diagnostics], list[int])
assert_type(bailiwick.version(), types.Version)
assert_type([report["passed"] for report in engine.test()], list[bool])

assert_type(bailiwick.facts({"command": "ls"})["opaque"], bool)
assert_type(bailiwick.redact("a text", "log_view")["redaction_summary"]["email_addresses"], int)
deed = bailiwick.deed(record, "done", at="2026-11-20T10:00:00Z")
assert_type(deed, types.Deed)
assert_type(bailiwick.deed_fault(deed, record), types.DeedFault | None)
assert_type(record["caps"], list[types.Cap])
assert_type(engine.compliance()["gaps"][0]["rule"], str | None)
audit = bailiwick.audit_event(request, record, "aud_1")
assert_type(audit, types.AuditEvent)
log = bailiwick.AuditLog.open("audit.jsonl")
assert_type(log.append([audit]), int)
assert_type(log.entries(run="run_1"), list[types.AuditEntry])
assert_type(log.checkpoint("house", "2026-11-20T10:00:00Z"), types.AuditCheckpoint | None)
assert_type(log.export({"id": "me", "roles": ["auditor"]}, "2026-11-20T10:00:00Z", "aud_2"), types.AuditExport)
assert_type(bailiwick.audit_verify(bailiwick.audit_lines("", [audit])), types.AuditReport)

bailiwick.redact("a text", "log_veiw")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
engine.decide(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
engine.decide(request, None)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
engine.flip("house/stop", on=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
decision.outcome = "allowed"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
print(record["decisoin"])  # type: ignore[typeddict-item]  # pyright: ignore[reportGeneralTypeIssues, reportUnknownArgumentType]


def reading(path: str) -> dict[str, object]:
    return {"action": "file.read", "path": path}


@bailiwick.guard(engine, reading)
def read(path: str) -> bytes:
    return path.encode()


@bailiwick.guard(engine, request, on_decision=print)
async def view(run: int) -> str:
    await asyncio.sleep(run)
    return ""


plain: Callable[[str], bytes] = read
awaited: Callable[[int], Awaitable[str]] = view
_ = read(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

try:
    with bailiwick.guard(engine, request) as entered:
        assert_type(entered, bailiwick.Decision)
except bailiwick.ApprovalNeeded as needed:
    assert_type(needed.record, types.Record)
except bailiwick.Denied as denied:
    assert_type(denied.decision, bailiwick.Decision)
except bailiwick.PolicyError as error:
    assert_type(error.diagnostics, list[types.Diagnostic])
except bailiwick.InputError as invalid:
    assert_type(invalid.problems, list[types.Problem])
