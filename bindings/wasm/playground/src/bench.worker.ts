// The worker in which the engine stands, so that typing never waits for it. It keeps the texts and what they compile to, and
// hands out what the package says. It is the only file that calls the package.

import { Engine, PolicyError, init, version } from "bailiwick-wasm";
import type { Diagnostic, MatchedRule, Outcome } from "bailiwick-wasm";

import type { Answer, Answers, Asked, Checked, Difference, Kind } from "./bench";
import { isTest } from "./texts";
import type { Files, Request } from "./texts";

let files: Files = {};
/** The engine of the texts, or of the last ones that compiled. */
let engine: Engine | undefined;

/** Loads that make the engine's code warm, and how long nobody must have asked before each. */
const WARMING = 14;
const QUIET_MS = 60;

const ready = init();
let left = 0;
let warming = 0;

/**
 * Browsers make code fast that has run often: the first loads of a large set take several times as long as later ones. So its
 * policies are loaded a few times more while nobody asks, and whoever types in them is not the one who waits.
 */
function warm(): void {
  clearTimeout(warming);
  if (left === 0) return;
  warming = setTimeout(() => {
    left -= 1;
    engineOf(policies());
    warm();
  }, QUIET_MS);
}

const DUTIES: { [K in Kind]: (asked: Asked[K]) => Answers[K] } = {
  version: () => version(),

  set: (all) => {
    files = { ...all };
    engine = undefined;
    left = WARMING;
    return check();
  },

  edit: ({ name, text }) => {
    if (text === null) delete files[name];
    else files[name] = text;
    return isTest(name) ? null : check();
  },

  answer: (request) => (engine === undefined ? null : answer(engine, request)),

  outcomes: (requests) => (engine === undefined ? [] : engine.decideMany(requests).map((it) => it.outcome)),

  tree: (request) => engine?.decide(request).tree() ?? [],

  test: () => {
    const began = performance.now();
    try {
      const reports = Engine.load(files).test();
      return { reports, diagnostics: [], ms: performance.now() - began };
    } catch (error) {
      return { reports: null, diagnostics: found(error), ms: performance.now() - began };
    }
  },

  compare: ({ before, calls }) => {
    const [old, now] = [engineOf(before), engineOf(files)];
    if (!(old instanceof Engine)) return { before: old, now: [], asked: 0, differences: [] };
    if (!(now instanceof Engine)) return { before: [], now, asked: 0, differences: [] };
    const byCall = ofCalls(old, now, calls);
    const byTest = ofTests(old, now);
    return { before: [], now: [], asked: calls.length + byTest.asked, differences: [...byCall, ...byTest.differences] };
  },
};

/** Tests do not change what policies mean, and are left out where nobody runs them. */
function policies(): Files {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !isTest(name)));
}

function check(): Checked {
  const began = performance.now();
  try {
    engine = Engine.load(policies());
    return { compiles: true, diagnostics: engine.diagnostics, ms: performance.now() - began };
  } catch (error) {
    return { compiles: false, diagnostics: found(error), ms: performance.now() - began };
  }
}

function found(error: unknown): Diagnostic[] {
  if (error instanceof PolicyError) return error.diagnostics;
  throw error;
}

function answer(engine: Engine, request: Request | string): Answer {
  const began = performance.now();
  const decision = engine.decide(request);
  const decided = performance.now();
  const answer = {
    outcome: decision.outcome,
    problems: decision.problems,
    explanation: decision.explain(),
    record: decision.record(),
  };
  return { ...answer, ms: decided - began, shownMs: performance.now() - began };
}

function engineOf(all: Files): Engine | Diagnostic[] {
  try {
    return Engine.load(all);
  } catch (error) {
    return found(error);
  }
}

/** The calls whose outcome is not the same. */
function ofCalls(old: Engine, now: Engine, calls: Request[]): Difference[] {
  const was = old.decideMany(calls);
  const is = now.decideMany(calls);
  return calls.flatMap((call, at) => {
    const [before, after] = [was[at]!, is[at]!];
    if (before.outcome === after.outcome) return [];
    const rule = (it: typeof before) => it.explain().deciding;
    return [difference(before.explain().effects[0] ?? String(call.action), before.outcome, after.outcome, rule(before), rule(after), call)];
  });
}

/** The same of the requests of the policy tests that both have. */
function ofTests(old: Engine, now: Engine): { asked: number; differences: Difference[] } {
  let was, is;
  try {
    [was, is] = [old.test(), now.test()];
  } catch (error) {
    found(error);
    return { asked: 0, differences: [] };
  }
  const known = new Map(was.map((it) => [`${it.place.source} ${it.name}`, it]));
  const both = is.filter((it) => known.has(`${it.place.source} ${it.name}`));
  const differences = both.flatMap((after) => {
    const before = known.get(`${after.place.source} ${after.name}`)!;
    const [a, b] = [before.record?.decision, after.record?.decision];
    if (a === undefined || b === undefined || a === b) return [];
    return [difference(`test: ${after.name}`, a, b, strictest(before.record!.matched_rules, a), strictest(after.record!.matched_rules, b), null)];
  });
  return { asked: both.length, differences };
}

/** A test's record names no deciding rule; the first that restricts is shown for it. */
function strictest(rules: MatchedRule[], outcome: Outcome): MatchedRule | null {
  const kinds = outcome === "denied" ? ["deny", "gate", "limit", "switch", "engine"] : outcome === "ask_approval" ? ["ask", "deny"] : ["allow"];
  return rules.find((rule) => kinds.includes(rule.effect) || (outcome === "denied" && rule.match === "false")) ?? null;
}

const ORDER: Outcome[] = ["allowed", "ask_approval", "denied"];

function difference(
  what: string,
  before: Outcome,
  now: Outcome,
  ruleBefore: MatchedRule | null,
  ruleNow: MatchedRule | null,
  call: Request | null,
): Difference {
  return { what, before, now, ruleBefore, ruleNow, call, stricter: ORDER.indexOf(before) < ORDER.indexOf(now) };
}

self.addEventListener("message", async ({ data }: MessageEvent<{ id: number; kind: Kind; asked: never }>) => {
  try {
    await ready;
    postMessage({ id: data.id, answer: DUTIES[data.kind](data.asked) });
  } catch (error) {
    postMessage({ id: data.id, failed: String(error) });
  }
  warm();
});
