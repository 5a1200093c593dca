"""How long a decision takes from a Python dict, as ratios within one run: beside parsing the same request as JSON, and beside
cedarpy and casbin on policies that say the same. Every engine must give the right answers before it is timed."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bailiwick
import casbin
import casbin.persist
import cedarpy

NOW = "2026-11-20T10:00:00Z"


def requests(rules: int) -> list[dict]:
    """The usual facts of a coding agent's call; every third one is denied."""
    paths = [f"secrets-{n % rules}/key" if n % 3 == 0 else f"src-{n}/lib.rs" for n in range(60)]
    return [
        {
            "subject": {"type": "agent", "id": "agent-17", "roles": ["engineer"]},
            "action": "file.write",
            "arguments": {"path": path},
            "scope": {"team": "payments", "repository": "payment-service"},
            "context": {"environment": "dev", "workspace_root": "/workspace"},
            "capabilities": ["*"],
            "now": NOW,
        }
        for path in paths
    ]


def best(asked: list, ask: Callable[[Any], object]) -> float:
    """Microseconds of one: for each thing asked its least disturbed time of many, and the mean of those."""
    least = [float("inf")] * len(asked)
    end = time.perf_counter() + 1
    while time.perf_counter() < end:
        for at, one in enumerate(asked):
            start = time.perf_counter()
            ask(one)
            least[at] = min(least[at], time.perf_counter() - start)
    return sum(least) / len(asked) * 1e6


def bailiwick_engine(rules: int) -> bailiwick.Engine:
    lines = [f"  - {{id: r{n}, deny: file.write, path: 'secrets-{n}/**'}}" for n in range(rules)]
    return bailiwick.Engine.load("rules:\n  - {id: edit, allow: file.write}\n" + "\n".join(lines))


def cedar(rules: int, asked: list[dict]) -> tuple[Callable[[dict], bool], list[dict]]:
    text = "permit(principal, action == Action::\"file.write\", resource);\n"
    text += "\n".join(
        f'forbid(principal, action == Action::"file.write", resource) when {{ context.path like "secrets-{n}/*" }};'
        for n in range(rules)
    )
    policies, entities = cedarpy.PolicySet.from_str(text), cedarpy.Entities.from_json_str("[]")
    made = [
        {
            "principal": 'Agent::"agent-17"',
            "action": 'Action::"file.write"',
            "resource": 'Repository::"payment-service"',
            "context": {"path": request["arguments"]["path"], "environment": "dev", "team": "payments"},
        }
        for request in asked
    ]
    return lambda request: cedarpy.is_authorized(request, policies, entities).allowed, made


MODEL = """
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.act == p.act && keyMatch(r.obj, p.obj)
"""


def casbin_enforcer(rules: int, asked: list[dict]) -> tuple[Callable[[tuple], bool], list[tuple]]:
    model = casbin.Model()
    model.load_model_from_text(MODEL)
    enforcer = casbin.Enforcer(model)
    enforcer.add_policy("agent", "*", "file.write", "allow")
    for n in range(rules):
        enforcer.add_policy("agent", f"secrets-{n}/*", "file.write", "deny")
    made = [("agent-17", request["arguments"]["path"], "file.write") for request in asked]
    return lambda request: enforcer.enforce(*request), made


Runs = dict[str, tuple[list, Callable[[Any], object]]]


def show(title: str, runs: Runs) -> None:
    """The first run is what the others are compared with."""
    floor = 0.0
    print(f"\n{title}")
    for name, (asked, ask) in runs.items():
        took = best(asked, ask)
        floor = floor or took
        print(f"  {name:<40} {took:>10.2f} us   x {took / floor:>8.2f}")


def crossing(engine: bailiwick.Engine, texts: list[str]) -> Runs:
    """Every way over the border."""
    asked = [json.loads(text) for text in texts]
    return {
        "json.loads of the request": (texts, json.loads),
        "bailiwick, dict to decision": (asked, engine.decide),
        "bailiwick, JSON text to decision": (texts, engine.decide),
        "bailiwick, dict by way of json.dumps": (asked, lambda request: engine.decide(json.dumps(request))),
        "bailiwick, dict to record": (asked, engine.record),
    }


def main() -> None:
    acme = Path(__file__).parents[3] / "examples/acme"
    day = (acme / "day.jsonl").read_text(encoding="utf-8").splitlines()
    engine = bailiwick.Engine.load_folder(acme / "policies")
    size = sum(map(len, day)) // len(day)
    show(f"examples/acme, {len(day)} calls, {size} bytes a request", crossing(engine, day))
    for rules in (10, 100, 1000):
        asked = requests(rules)
        right = [not request["arguments"]["path"].startswith("secrets") for request in asked]
        texts = [json.dumps(request) for request in asked]
        engine = bailiwick_engine(rules)
        ask_cedar, for_cedar = cedar(rules, asked)
        ask_casbin, for_casbin = casbin_enforcer(rules, asked)
        assert [engine.allows(request) for request in asked] == right
        assert [ask_cedar(request) for request in for_cedar] == right
        assert [ask_casbin(request) for request in for_casbin] == right
        runs = {
            **crossing(engine, texts),
            "cedarpy, parsed policies": (for_cedar, ask_cedar),
            "casbin": (for_casbin, ask_casbin),
        }
        show(f"{rules} rules on one action, {sum(map(len, texts)) // len(texts)} bytes a request", runs)


main()
