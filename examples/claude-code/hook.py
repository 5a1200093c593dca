"""A PreToolUse hook for Claude Code that asks Bailiwick before each tool call, and blocks where it cannot ask.

It reads the event from standard input and answers on standard output. Claude Code lets a tool run when its hook fails in any
other way than with exit code 2; so whatever goes wrong here, a policy that does not load included, ends with 2. It only ever
tightens: what is allowed is left to Claude Code's own settings. It knows Claude Code's tools and nothing of rules.

Settings, from the environment: `BAILIWICK_POLICIES`, a folder or file (`policies` beside this file); `BAILIWICK_RECORDS`, the
file that records are added to (`records.jsonl` beside it); `BAILIWICK_ROLES`, the roles of the person at the terminal.
"""

import json
import os
import sys
import threading
from datetime import datetime, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Claude Code gives up on a hook after a while, and then the tool runs: be sooner.
SECONDS = 20
# They reach nothing, or what they start is asked for by itself.
HARMLESS = {"AskUserQuestion", "BashOutput", "EnterPlanMode", "ExitPlanMode", "KillShell", "Task", "Agent", "TodoWrite"}
# In these modes nobody is asked, so that asking would be allowing.
NOBODY_ASKED = {"auto", "bypassPermissions", "dontAsk"}


def call(tool: str, given: dict, cwd: str) -> tuple[str, dict]:
    """The action and its arguments, as the vocabulary names them. What is not known here is no action, and so denied."""
    if tool == "Bash":
        return "shell.exec", {"command": given["command"], "cwd": cwd}
    if tool in ("Write", "Edit", "MultiEdit", "NotebookEdit"):
        return "file.write", {"path": place(given, cwd, "file_path", "notebook_path"), "recursive": False}
    if tool == "Read":
        return "file.read", {"path": place(given, cwd, "file_path"), "recursive": False}
    if tool == "Glob":
        return "file.read", {"path": below(given, cwd), "recursive": True}
    if tool in ("Grep", "LS"):
        return "file.read", {"path": os.path.realpath(os.path.join(cwd, given.get("path") or ".")), "recursive": True}
    if tool == "WebFetch":
        return "http.request", {"url": given["url"], "method": "GET"}
    if tool == "WebSearch":
        return "network.connect", {}
    if tool.startswith("mcp__"):
        _, server, name = tool.split("__", 2)
        return "mcp.call", {"server": server, "mcp_tool": name, "mcp_arguments": given}
    return tool, {}


def place(given: dict, cwd: str, *names: str) -> str:
    """Where a file really lies: links are the disk's matter, and the engine has none."""
    path = next(given[name] for name in names if name in given)
    return os.path.realpath(os.path.join(cwd, path))


def below(given: dict, cwd: str) -> str:
    """The folder in which names are looked for. The pattern may lead out of the `path` beside it."""
    fixed = given["pattern"]
    if ".." in fixed or "{/" in fixed or ",/" in fixed:
        return "/"  # where that leads is more than is read here
    for special in "*?[{":
        fixed = fixed.split(special)[0]
    return os.path.realpath(os.path.join(cwd, given.get("path") or ".", os.path.dirname(fixed)))


def request(event: dict, now: str) -> dict:
    root = os.path.realpath(os.environ.get("CLAUDE_PROJECT_DIR") or event["cwd"])
    action, arguments = call(event["tool_name"], event["tool_input"], event["cwd"])
    said = {
        "action": action,
        "arguments": arguments,
        "subject": {"type": "agent", "id": event.get("agent_id") or "claude-code"},
        "scope": {
            "tenant": None, "organization": None, "team": None, "campaign": None, "task": None,
            "repository": os.path.basename(root), "runtime": "claude-code", "tool": event["tool_name"],
        },
        "context": {"workspace_root": root, "home": str(Path.home())},
        # All that this file does for a rule is to keep the record.
        "capabilities": ["audit"],
        "now": now,
        "run_id": event["session_id"],
    }
    if event.get("tool_use_id"):
        said["tool_call_id"] = event["tool_use_id"]
    return said


def person_can_approve(record: dict) -> bool:
    """Whether a yes of the person at the terminal is all that is outstanding."""
    roles = {role.strip() for role in os.environ.get("BAILIWICK_ROLES", "").split(",")}
    required = {each["id"]: each["slots"] for each in record["approvals"]["required"]}

    def fits(slot: dict) -> bool:
        return not slot["teams"] and (not slot["roles"] or bool(roles & set(slot["roles"])))

    outstanding = record["approvals"]["outstanding"]
    return all(each.get("missing") == 1 and all(map(fits, required[each["id"]])) for each in outstanding)


def answer(decision: str, reason: str) -> dict:
    said = {"hookEventName": "PreToolUse", "permissionDecision": decision, "permissionDecisionReason": reason[:9000]}
    return {"hookSpecificOutput": said}


def ask(event: dict) -> dict | None:
    import bailiwick  # where it is missing, that is a mistake like any other

    if event["tool_name"] in HARMLESS:
        return None
    policies = Path(os.environ.get("BAILIWICK_POLICIES") or HERE / "policies")
    if policies.is_dir():
        engine = bailiwick.Engine.load_folder(policies)
    else:
        engine = bailiwick.Engine.load(policies.read_text(encoding="utf-8"))
    now = datetime.now(timezone.utc).isoformat()
    decision = engine.decide(request(event, now))
    # The record is kept before anybody acts on it.
    records = os.environ.get("BAILIWICK_RECORDS") or HERE / "records.jsonl"
    with open(records, "a", encoding="utf-8") as file:
        file.write(decision.record_json(decision_id=event.get("tool_use_id"), created_at=now) + "\n")
    if decision.outcome == "allowed":
        return None
    asks = decision.outcome == "ask_approval" and event.get("permission_mode") not in NOBODY_ASKED
    word = "ask" if asks and person_can_approve(decision.record()) else "deny"
    return answer(word, decision.explanation)


def give_up() -> None:
    os.write(2, b"bailiwick: no answer in time; the call is blocked\n")
    os._exit(2)


def main() -> int:
    watch = threading.Timer(SECONDS, give_up)
    watch.daemon = True
    watch.start()
    try:
        said = ask(json.load(sys.stdin))
        if said is not None:
            json.dump(said, sys.stdout)
        sys.stdout.flush()
        return 0
    except BaseException as error:  # noqa: BLE001 - what is not caught lets the tool run
        print(f"bailiwick: the call is blocked, since it cannot be decided: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    code = main()
    os._exit(code)  # nothing that happens on the way out changes the answer
