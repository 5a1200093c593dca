// Asks a package, for Node or for browsers, every vector of the specification: it must say what the core says, the canonical
// record byte for byte.
"use strict";

const assert = require("node:assert/strict");
const { createReadStream } = require("node:fs");
const { createInterface } = require("node:readline");

module.exports = async function everyVector(bailiwick) {
  let asked = 0;
  for await (const line of createInterface({ input: createReadStream(process.env.BAILIWICK_VECTORS) })) {
    const vector = JSON.parse(line);
    try {
      ask(bailiwick, vector);
    } catch (error) {
      error.message = `${vector.name}: ${error.message}`;
      throw error;
    }
    asked += 1;
  }
  assert.ok(4500 < asked, `only ${asked} vectors`);
  return asked;
};

function ask(bailiwick, vector) {
  if (vector.look !== undefined) {
    for (const value of [vector.look, JSON.stringify(vector.look)]) assert.deepEqual(bailiwick.facts(value), vector.seen);
    return;
  }
  if (vector.text !== undefined) {
    for (const [sink, left] of Object.entries(vector.redacted)) {
      assert.deepEqual(bailiwick.redact(vector.text, sink), left);
    }
    return;
  }
  if (vector.request === undefined) {
    assert.deepEqual(bailiwick.check(vector.sources), vector.diagnostics);
    return;
  }
  const engine = bailiwick.Engine.load(vector.sources);
  const decision = engine.decide(vector.request, { state: vector.state });
  assert.equal(decision.recordJson(), vector.record);
  assert.deepEqual(decision.problems, vector.problems);
  const bundled = bailiwick.Engine.fromBundle(engine.toBundle());
  assert.equal(bundled.decide(vector.request, { state: vector.state }).recordJson(), vector.record);
  const record = JSON.parse(vector.record);
  assert.deepEqual(decision.record(), record);
  assert.equal(decision.outcome, record.decision);
  assert.equal(decision.allowed, record.decision === "allowed");
  assert.equal(decision.explanation, record.explanation);
  assert.ok(Array.isArray(decision.tree()));
  const deed = bailiwick.deed(record, vector.result, { ticket: "OPS-7" });
  assert.deepEqual(deed, vector.deed);
  assert.equal(bailiwick.deedFault(deed, vector.record), null);
  evidence(bailiwick, vector);
  asValues(engine, vector, decision);
  for (const holds of vector.holds) {
    for (const kept of [holds.record, JSON.parse(holds.record)]) {
      assert.equal(engine.stillHolds(kept, holds.now, { state: holds.state }), holds.validity);
    }
  }
}

// The audit event, the log with nothing but it, and the provenance, where there are any.
function evidence(bailiwick, vector) {
  const calls = {
    event: () => bailiwick.auditEvent(vector.request, vector.record, "aud_1"),
    line: () => bailiwick.auditLines("", [vector.event]),
    provenance: () => bailiwick.provenance([vector.record]),
  };
  for (const [key, call] of Object.entries(calls)) {
    if (vector[key] !== null) assert.deepEqual(call(), vector[key]);
    else if (vector.event !== null) assert.throws(call, bailiwick.InputError);
  }
}

// An object is the same request as its text, but for what a parser drops or rounds on the way to it.
function asValues(engine, vector, decision) {
  if (vector.problems.length > 0) return;
  const [request, state] = [JSON.parse(vector.request), JSON.parse(vector.state)];
  assert.equal(engine.decide(request, { state }).recordJson(), vector.record);
  assert.deepEqual(engine.record(request, { state }), decision.record());
  assert.equal(engine.allows(request, { state }), decision.allowed);
  assert.deepEqual(engine.explain(request, { state }), decision.explain());
  assert.equal(engine.decideMany([request], { state })[0].outcome, decision.outcome);
}
