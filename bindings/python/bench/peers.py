"""The package beside cedarpy and casbin on the workload that the Rust benchmarks ask of their peers as well (benches/peers). Each engine
is given the workload in its own idiom, has to give the right answers, and only then is timed. Prints tables of Markdown.

`cargo bindings bench` writes the workload and runs this; BAILIWICK_CONTEST names the folder."""

import json
import os
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import bailiwick
import casbin
import cedarpy

ORDER = ["allowed", "ask_approval", "denied"]
Decide = Callable[[dict], str]


def of_bailiwick(folder: Path, asks: list[dict]) -> Decide:
    engine = bailiwick.Engine.load(json.loads((folder / "bailiwick.json").read_text()))
    return lambda ask: engine.decide(ask["request"]).outcome


def of_cedar(folder: Path, asks: list[dict]) -> Decide:
    text = (folder / "policies.cedar").read_text()
    # Cedar numbers policies as they stand; the first line is the permit.
    asking = {f"policy{at}" for at, line in enumerate(text.splitlines()) if line.startswith('@effect("ask")')}
    policies = cedarpy.PolicySet.from_str(text)
    for ask in asks:
        ask["cedar.entities"] = cedarpy.Entities.from_json_str(json.dumps(ask["entities"]))
        for request in ask["cedar"]:
            for key in ("principal", "action", "resource"):
                request[key] = f'{request[key]["type"]}::"{request[key]["id"]}"'

    def one(request: dict, entities: object) -> int:
        response = cedarpy.is_authorized(request, policies, entities)
        if response.allowed:
            return 0
        return 1 if asking.issuperset(response.diagnostics.reasons) else 2

    return lambda ask: ORDER[max(one(request, ask["cedar.entities"]) for request in ask["cedar"])]


def of_casbin(folder: Path, asks: list[dict]) -> Decide:
    def enforcer(rows: str) -> casbin.Enforcer:
        made = casbin.Enforcer(str(folder / "casbin.conf"), str(folder / rows))
        made.add_function("ending", lambda path, end: path.endswith(end))
        made.add_function("over", lambda amount, most: amount != "" and int(amount) > int(most))
        return made

    denied, asked = enforcer("denied.csv"), enforcer("asked.csv")

    def decide(ask: dict) -> str:
        if not all(denied.enforce(*request) for request in ask["casbin"]):
            return "denied"
        if not all(asked.enforce(*request) for request in ask["casbin"]):
            return "ask_approval"
        return "allowed"

    return decide


ENGINES = {"**bailiwick**, dict to decision": of_bailiwick, "cedarpy, parsed policies": of_cedar, "casbin": of_casbin}
BUDGET = 2.0
CHECKING = 20.0


def check(asks: list[dict], decide: Decide) -> int:
    """How many answers were checked: all, unless that takes too long."""
    end = time.perf_counter() + CHECKING
    for at, ask in enumerate(asks):
        found = decide(ask)
        assert found == ask["expected"], f"expected {ask['expected']}, found {found}: {ask}"
        if end < time.perf_counter() and 15 <= at:
            return at + 1
    return len(asks)


def median(asks: list[dict], decide: Callable[[dict], object]) -> float:
    """Microseconds of one question: the median, each timed by itself, asked in turn."""
    taken: list[int] = []
    start = time.perf_counter()
    while time.perf_counter() - start < BUDGET:
        for ask in asks:
            before = time.perf_counter_ns()
            decide(ask)
            taken.append(time.perf_counter_ns() - before)
            if 5 * BUDGET < time.perf_counter() - start:
                break
    return statistics.median(taken) / 1000


def figure(number: float) -> str:
    return f"{number:.2f}" if number < 10 else f"{number:.1f}" if number < 100 else f"{number:,.0f}".replace(",", " ")


def measure(folder: Path) -> dict[str, tuple[float, int]]:
    asks = [json.loads(line) for line in (folder / "asks.jsonl").read_text().splitlines()]
    texts = [{"text": json.dumps(ask["request"])} for ask in asks]
    found = {"`json.loads` of the request": (median(texts, lambda ask: json.loads(ask["text"])), len(asks))}
    for name, make in ENGINES.items():
        decide = make(folder, asks)
        checked = check(asks, decide)
        found[name] = (median(asks[:checked], decide), checked)
    return found


def main() -> None:
    contest = Path(os.environ["BAILIWICK_CONTEST"])
    folders = sorted(contest.iterdir(), key=lambda path: (path.name.split("-")[0], int(path.name.split("-")[1])))
    for kind in ("uniform", "commands", "globs"):
        own = [folder for folder in folders if folder.name.startswith(kind)]
        found = {int(re.sub(r"\D", "", folder.name)): measure(folder) for folder in own}
        print(f"\n| {kind} | " + " | ".join(f"{size} rules" for size in found) + " |")
        print("|---|" + "---:|" * len(found))
        for name in next(iter(found.values())):
            cells = []
            for rows in found.values():
                took, checked = rows[name]
                floor = rows["`json.loads` of the request"][0]
                some = "" if checked == 300 else f" (the first {checked} questions)"
                cells.append(f"x {figure(took / floor)}, {figure(took)} us{some}")
            print(f"| {name} | " + " | ".join(cells) + " |")


main()
