"""Every vector of the specification gets from the package what it gets from the core: the canonical record byte for byte."""

import json
import os
import unittest
from pathlib import Path

import bailiwick

VECTORS = Path(os.environ["BAILIWICK_VECTORS"])


class Vectors(unittest.TestCase):
    def test_every_vector(self) -> None:
        asked = 0
        for line in VECTORS.read_text(encoding="utf-8").splitlines():
            vector = json.loads(line)
            with self.subTest(vector["name"]):
                self.ask(vector)
            asked += 1
        self.assertGreater(asked, 4500)
        print(f"{asked} vectors")

    def ask(self, vector: dict) -> None:
        if "look" in vector:
            for value in (vector["look"], json.dumps(vector["look"])):
                self.assertEqual(bailiwick.facts(value), vector["seen"])
            return
        if "text" in vector:
            for sink, left in vector["redacted"].items():
                self.assertEqual(bailiwick.redact(vector["text"], sink), left)
            return
        if "request" not in vector:
            self.assertEqual(bailiwick.check(vector["sources"]), vector["diagnostics"])
            return
        engine = bailiwick.Engine.load(vector["sources"])
        decision = engine.decide(vector["request"], state=vector["state"])
        self.assertEqual(decision.record_json(), vector["record"])
        bundled = bailiwick.Engine.from_bundle(engine.to_bundle())
        self.assertEqual(bundled.decide(vector["request"], state=vector["state"]).record_json(), vector["record"])
        self.assertEqual(decision.problems, vector["problems"])
        record = json.loads(vector["record"])
        self.assertEqual(decision.record(), record)
        self.assertEqual(decision.outcome, record["decision"])
        self.assertEqual(decision.explanation, record["explanation"])
        deed = bailiwick.deed(record, vector["result"], ticket="OPS-7")
        self.assertEqual(deed, vector["deed"])
        self.assertIsNone(bailiwick.deed_fault(deed, vector["record"]))
        self.evidence(vector)
        self.as_values(engine, vector, decision)
        for holds in vector["holds"]:
            for kept in (holds["record"], json.loads(holds["record"])):
                found = engine.still_holds(kept, holds["now"], state=holds["state"])
                self.assertEqual(found, holds["validity"])

    def evidence(self, vector: dict) -> None:
        """The audit event, the log with nothing but it, and the provenance, where there are any."""
        calls = {
            "event": lambda: bailiwick.audit_event(vector["request"], vector["record"], "aud_1"),
            "line": lambda: bailiwick.audit_lines("", [vector["event"]]),
            "provenance": lambda: bailiwick.provenance([vector["record"]]),
        }
        for key, call in calls.items():
            if vector[key] is not None:
                self.assertEqual(call(), vector[key])
            elif vector["event"] is not None:
                self.assertRaises(bailiwick.InputError, call)

    def as_values(self, engine: bailiwick.Engine, vector: dict, decision: bailiwick.Decision) -> None:
        """A dict is the same request as its text, but for what a parser drops on the way to it."""
        try:
            request = json.loads(vector["request"])
        except ValueError:
            return
        if json.dumps(request, sort_keys=True) != json.dumps(as_said(vector["request"]), sort_keys=True):
            return
        state = json.loads(vector["state"])
        asked = engine.decide(request, state=state)
        if vector["problems"]:
            # What is wrong is the same; the words may be those of a value rather than of a text.
            codes = [problem["code"] for problem in vector["problems"]]
            self.assertEqual(sorted(problem["code"] for problem in asked.problems), sorted(codes))
            return
        self.assertEqual(asked.record_json(), vector["record"])
        self.assertEqual(engine.record(request, state=state), decision.record())
        self.assertEqual(engine.allows(request, state=state), decision.allowed)
        self.assertEqual(engine.explain(request, state=state), decision.explain())
        self.assertIsInstance(decision.tree(), list)
        self.assertEqual(engine.decide_many([request], state=state)[0].outcome, decision.outcome)


def as_said(text: str) -> object:
    """The JSON with every key as often as it is said."""
    return json.loads(text, object_pairs_hook=lambda pairs: dict(pairs) if len(dict(pairs)) == len(pairs) else pairs)
