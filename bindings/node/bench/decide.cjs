// How long a decision takes from a JavaScript object, as ratios within one run: beside parsing the same request as JSON, and
// beside cedar-wasm and casbin on policies that say the same. Every engine must give the right answers before it is timed.
"use strict";

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const cedarWasm = require("@cedar-policy/cedar-wasm/nodejs");
const { newEnforcer, newModelFromString } = require("casbin");

const { Engine } = require("..");

const NOW = "2026-11-20T10:00:00Z";

/** The usual facts of a coding agent's call; every third one is denied. */
function requests(rules) {
  const path = (n) => (n % 3 === 0 ? `secrets-${n % rules}/key` : `src-${n}/lib.rs`);
  return Array.from({ length: 60 }, (_, n) => ({
    subject: { type: "agent", id: "agent-17", roles: ["engineer"] },
    action: "file.write",
    arguments: { path: path(n) },
    scope: { team: "payments", repository: "payment-service" },
    context: { environment: "dev", workspace_root: "/workspace" },
    capabilities: ["*"],
    now: NOW,
  }));
}

/** Microseconds of one: for each thing asked its least disturbed time of many, and the mean of those. */
function best(asked, ask) {
  const least = asked.map(() => Infinity);
  const end = performance.now() + 1000;
  while (performance.now() < end) {
    asked.forEach((one, at) => {
      const start = process.hrtime.bigint();
      ask(one);
      least[at] = Math.min(least[at], Number(process.hrtime.bigint() - start));
    });
  }
  return least.reduce((sum, one) => sum + one, 0) / asked.length / 1000;
}

const numbers = (rules) => Array.from({ length: rules }, (_, n) => n);

function bailiwickEngine(rules) {
  const lines = numbers(rules).map((n) => `  - {id: r${n}, deny: file.write, path: 'secrets-${n}/**'}`);
  return Engine.load(`rules:\n  - {id: edit, allow: file.write}\n${lines.join("\n")}`);
}

function cedar(rules, asked) {
  const forbid = (n) =>
    `forbid(principal, action == Action::"file.write", resource) when { context.path like "secrets-${n}/*" };`;
  const staticPolicies = ['permit(principal, action == Action::"file.write", resource);', ...numbers(rules).map(forbid)];
  const parsed = cedarWasm.preparsePolicySet(`rules-${rules}`, { staticPolicies: staticPolicies.join("\n") });
  assert.equal(parsed.type, "success");
  const made = asked.map((request) => ({
    principal: { type: "Agent", id: "agent-17" },
    action: { type: "Action", id: "file.write" },
    resource: { type: "Repository", id: "payment-service" },
    context: { path: request.arguments.path, environment: "dev", team: "payments" },
    preparsedPolicySetId: `rules-${rules}`,
    entities: [],
  }));
  const ask = (call) => cedarWasm.statefulIsAuthorized(call).response.decision === "allow";
  return [ask, made];
}

const MODEL = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.act == p.act && keyMatch(r.obj, p.obj)
`;

async function casbin(rules, asked) {
  const enforcer = await newEnforcer(newModelFromString(MODEL));
  await enforcer.addPolicy("agent", "*", "file.write", "allow");
  for (const n of numbers(rules)) await enforcer.addPolicy("agent", `secrets-${n}/*`, "file.write", "deny");
  return [(path) => enforcer.enforceSync("agent-17", path, "file.write"), asked.map((request) => request.arguments.path)];
}

/** The first run is what the others are compared with. */
function show(title, runs) {
  let floor = 0;
  console.log(`\n${title}`);
  for (const [name, [asked, ask]] of Object.entries(runs)) {
    const took = best(asked, ask);
    floor ||= took;
    console.log(`  ${name.padEnd(40)} ${took.toFixed(2).padStart(10)} us   x ${(took / floor).toFixed(2).padStart(8)}`);
  }
}

/** Every way over the border. */
function crossing(engine, texts) {
  const asked = texts.map((text) => JSON.parse(text));
  const decide = (request) => engine.decide(request);
  return {
    "JSON.parse of the request": [texts, (text) => JSON.parse(text)],
    "bailiwick, object to decision": [asked, decide],
    "bailiwick, JSON text to decision": [texts, decide],
    "bailiwick, object to record": [asked, (request) => engine.record(request)],
  };
}

const bytes = (texts) => Math.round(texts.join("").length / texts.length);

async function main() {
  const acme = join(__dirname, "../../../examples/acme");
  const day = readFileSync(join(acme, "day.jsonl"), "utf8").trim().split("\n");
  const engine = Engine.loadFolder(join(acme, "policies"));
  const title = `examples/acme, ${day.length} calls, ${bytes(day)} bytes a request`;
  show(title, crossing(engine, day));
  for (const rules of [10, 100, 1000]) await among(rules);
}

async function among(rules) {
  const asked = requests(rules);
  const right = asked.map((request) => !request.arguments.path.startsWith("secrets"));
  const texts = asked.map((request) => JSON.stringify(request));
  const engine = bailiwickEngine(rules);
  const [askCedar, forCedar] = cedar(rules, asked);
  const [askCasbin, forCasbin] = await casbin(rules, asked);
  assert.deepEqual(asked.map((request) => engine.allows(request)), right);
  assert.deepEqual(forCedar.map(askCedar), right);
  assert.deepEqual(forCasbin.map(askCasbin), right);
  show(`${rules} rules on one action, ${bytes(texts)} bytes a request`, {
    ...crossing(engine, texts),
    "cedar-wasm, parsed policies": [forCedar, askCedar],
    casbin: [forCasbin, askCasbin],
  });
}

main();
