// The package beside cedar-wasm and casbin on the workload that the Rust benchmarks ask of their peers as well (benches/peers). Each
// engine is given the workload in its own idiom, has to give the right answers, and only then is timed. Prints tables of Markdown.
//
// `cargo bindings bench` writes the workload and runs this; BAILIWICK_CONTEST names the folder.
"use strict";

const assert = require("node:assert/strict");
const { readFileSync, readdirSync } = require("node:fs");
const { join } = require("node:path");

const cedarWasm = require("@cedar-policy/cedar-wasm/nodejs");
const { newEnforcer } = require("casbin");

const { Engine } = require("..");

const ORDER = ["allowed", "ask_approval", "denied"];

function ofBailiwick(folder) {
  const engine = Engine.load(JSON.parse(readFileSync(join(folder, "bailiwick.json"), "utf8")));
  return (ask) => engine.decide(ask.request).outcome;
}

function ofCedar(folder, asks) {
  const text = readFileSync(join(folder, "policies.cedar"), "utf8");
  // Cedar numbers policies as they stand; the first line is the permit.
  const asking = new Set();
  text.split("\n").forEach((line, at) => line.startsWith('@effect("ask")') && asking.add(`policy${at}`));
  const parsed = cedarWasm.preparsePolicySet(folder, { staticPolicies: text });
  assert.equal(parsed.type, "success");
  for (const ask of asks) {
    for (const request of ask.cedar) Object.assign(request, { preparsedPolicySetId: folder, entities: ask.entities });
  }
  const one = (request) => {
    const { decision, diagnostics } = cedarWasm.statefulIsAuthorized(request).response;
    if (decision === "allow") return 0;
    return diagnostics.reason.every((id) => asking.has(id)) ? 1 : 2;
  };
  return (ask) => ORDER[Math.max(...ask.cedar.map(one))];
}

async function ofCasbin(folder) {
  const enforcer = async (rows) => {
    const made = await newEnforcer(join(folder, "casbin.conf"), join(folder, rows));
    await made.addFunction("ending", (path, end) => path.endsWith(end));
    await made.addFunction("over", (amount, most) => amount !== "" && Number(amount) > Number(most));
    return made;
  };
  const [denied, asked] = [await enforcer("denied.csv"), await enforcer("asked.csv")];
  return (ask) => {
    if (!ask.casbin.every((request) => denied.enforceSync(...request))) return "denied";
    return ask.casbin.every((request) => asked.enforceSync(...request)) ? "allowed" : "ask_approval";
  };
}

const ENGINES = {
  "**bailiwick**, object to decision": ofBailiwick,
  "cedar-wasm, parsed policies": ofCedar,
  casbin: ofCasbin,
};
const BUDGET = 2000;
const CHECKING = 20000;

/** How many answers were checked: all, unless that takes too long. */
function check(asks, decide) {
  const end = performance.now() + CHECKING;
  for (const [at, ask] of asks.entries()) {
    assert.equal(decide(ask), ask.expected, JSON.stringify(ask));
    if (end < performance.now() && 15 <= at) return at + 1;
  }
  return asks.length;
}

/** Microseconds of one question: the median, each timed by itself, asked in turn. */
function median(asks, decide) {
  const taken = [];
  const start = performance.now();
  while (performance.now() - start < BUDGET) {
    for (const ask of asks) {
      const before = process.hrtime.bigint();
      decide(ask);
      taken.push(Number(process.hrtime.bigint() - before));
      if (5 * BUDGET < performance.now() - start) break;
    }
  }
  taken.sort((a, b) => a - b);
  return taken[Math.floor(taken.length / 2)] / 1000;
}

function figure(number) {
  if (number < 100) return number.toFixed(number < 10 ? 2 : 1);
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, " ");
}

const FLOOR = "`JSON.parse` of the request";

async function measure(folder) {
  const asks = readFileSync(join(folder, "asks.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const texts = asks.map((ask) => JSON.stringify(ask.request));
  const found = { [FLOOR]: [median(texts, (text) => JSON.parse(text)), asks.length] };
  for (const [name, make] of Object.entries(ENGINES)) {
    const decide = await make(folder, asks);
    const checked = check(asks, decide);
    found[name] = [median(asks.slice(0, checked), decide), checked];
  }
  return found;
}

async function main() {
  const contest = process.env.BAILIWICK_CONTEST;
  for (const kind of ["uniform", "commands", "globs"]) {
    const own = readdirSync(contest).filter((name) => name.startsWith(kind));
    const sizes = own.map((name) => Number(name.split("-")[1])).sort((a, b) => a - b);
    const found = [];
    for (const size of sizes) found.push(await measure(join(contest, `${kind}-${size}`)));
    console.log(`\n| ${kind} | ${sizes.map((size) => `${size} rules`).join(" | ")} |`);
    console.log(`|---|${"---:|".repeat(sizes.length)}`);
    for (const name of Object.keys(found[0])) {
      const cells = found.map((rows) => {
        const [took, checked] = rows[name];
        const some = checked === 300 ? "" : ` (the first ${checked} questions)`;
        return `x ${figure(took / rows[FLOOR][0])}, ${figure(took)} us${some}`;
      });
      console.log(`| ${name} | ${cells.join(" | ")} |`);
    }
  }
}

main();
