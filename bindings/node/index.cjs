// The package: the native part with the names, errors and values of JavaScript. Decides nothing. Values cross the border as
// JSON text; what has no JSON is found here, with its pointer, and denied there.
"use strict";

const native = require("./bailiwick.node");

class BailiwickError extends Error {
  get name() {
    return this.constructor.name;
  }
}

class PolicyError extends BailiwickError {
  constructor(message, diagnostics) {
    super(message);
    this.diagnostics = diagnostics;
  }
}

class InputError extends BailiwickError {
  constructor(message, problems) {
    super(message);
    this.problems = problems;
  }
}

class AuditError extends BailiwickError {
  constructor(message, fault) {
    super(message);
    this.fault = fault;
  }
}

class NotAllowed extends BailiwickError {
  constructor(decision) {
    super(decision.explanation);
    Object.defineProperty(this, "decision", { value: decision });
  }

  get record() {
    return this.decision.record();
  }
}

class Denied extends NotAllowed {}
class ApprovalNeeded extends NotAllowed {}

/** What the native part throws. */
const RAISED = { AuditError, InputError, PolicyError };

/** Runs a native function; what it throws becomes an error of these classes. */
function run(what) {
  try {
    return what();
  } catch (error) {
    let said;
    try {
      said = JSON.parse(error.message);
    } catch {
      throw error;
    }
    throw new RAISED[said.class](said.message, said.found);
  }
}

/** Only the package makes engines and decisions. */
const MADE = Symbol("made by bailiwick");

function made(token, name, how) {
  if (token !== MADE) throw new TypeError(`${name} has no constructor: ${how}`);
}

class Engine {
  #native;
  // The engine's own state as text, for decisions that are asked for more than their answer after it was flipped.
  #held = "{}";

  constructor(token, engine) {
    made(token, "Engine", "use Engine.load, Engine.loadFolder or Engine.fromBundle");
    this.#native = engine;
  }

  static load(policies, { byTenant = false } = {}) {
    return new Engine(MADE, run(() => native.Engine.load(JSON.stringify(policies) ?? "null", byTenant)));
  }

  static loadFolder(path, { byTenant = false } = {}) {
    return new Engine(MADE, run(() => native.Engine.loadFolder(String(path), byTenant)));
  }

  static fromBundle(bundle) {
    if (!(bundle instanceof Uint8Array)) throw new TypeError("expected the bytes of a bundle as a Uint8Array");
    return new Engine(MADE, run(() => native.Engine.fromBundle(bundle)));
  }

  toBundle() {
    return this.#native.toBundle();
  }

  get diagnostics() {
    return JSON.parse(this.#native.diagnostics());
  }

  decide(request, { state } = {}) {
    const [text, held] = asked(request, state);
    if (typeof text === "string" && typeof held !== "object") {
      return new Decision(MADE, this.#native.outcome(text, held), this.#native, text, held ?? this.#held);
    }
    const refused = this.#whole(text, held);
    return new Decision(MADE, refused.outcome(), { decide: () => refused });
  }

  decideMany(requests, { state } = {}) {
    const texts = Array.from(requests, asJson);
    const held = state == null ? undefined : asJson(state);
    if (typeof held === "object" || texts.some((text) => typeof text === "object")) {
      return Array.from(requests, (request) => this.decide(request, { state }));
    }
    const outcomes = this.#native.outcomes(texts, held);
    return outcomes.map((outcome, at) => new Decision(MADE, outcome, this.#native, texts[at], held ?? this.#held));
  }

  allows(request, { state } = {}) {
    return this.decide(request, { state }).allowed;
  }

  record(request, { state, decisionId, createdAt } = {}) {
    return JSON.parse(this.#whole(...asked(request, state)).record(decisionId, createdAt));
  }

  explain(request, { state } = {}) {
    return JSON.parse(this.#whole(...asked(request, state)).explain());
  }

  facts(value, { tenant } = {}) {
    return seen(value, (text) => this.#native.facts(text, tenant));
  }

  due(now, { aheadDays } = {}) {
    return JSON.parse(run(() => this.#native.due(now, aheadDays)));
  }

  test(tests) {
    return JSON.parse(run(() => this.#native.test(tests == null ? undefined : JSON.stringify(tests))));
  }

  compliance(tests) {
    return JSON.parse(run(() => this.#native.compliance(tests == null ? undefined : JSON.stringify(tests))));
  }

  flip(name, on, { at } = {}) {
    run(() => this.#native.flip(name, on, at));
    this.#held = this.#native.state();
  }

  get state() {
    return JSON.parse(this.#native.state());
  }

  setState(state) {
    run(() => this.#native.setState(jsonOf(state)));
    this.#held = this.#native.state();
  }

  stillHolds(record, now, { state } = {}) {
    const held = state == null ? undefined : jsonOf(state);
    return run(() => this.#native.stillHolds(jsonOf(record), now, held));
  }

  /** The native decision, of texts or of what is wrong with what should be one. */
  #whole(text, held) {
    if (typeof text === "object") return this.#native.refuse(JSON.stringify(text), false);
    if (typeof held === "object") return this.#native.refuse(JSON.stringify(held), true);
    return this.#native.decide(text, held);
  }
}

class Decision {
  #engine;
  #request;
  #state;
  #made;

  constructor(token, outcome, engine, request, state) {
    made(token, "Decision", "engines make them");
    this.#engine = engine;
    this.#request = request;
    this.#state = state;
    this.outcome = outcome;
    this.allowed = outcome === "allowed";
    Object.freeze(this);
  }

  /** The whole of it, by deciding again what was decided: the same engine, request and state give the same. */
  get #native() {
    return (this.#made ??= this.#engine.decide(this.#request, this.#state));
  }

  get explanation() {
    return this.#native.explanation();
  }

  get problems() {
    return JSON.parse(this.#native.problems());
  }

  record(stamp) {
    return JSON.parse(this.recordJson(stamp));
  }

  recordJson({ decisionId, createdAt } = {}) {
    return this.#native.record(decisionId, createdAt);
  }

  explain() {
    return JSON.parse(this.#native.explain());
  }

  tree() {
    return JSON.parse(this.#native.tree());
  }

  // An object is true to JavaScript, and nothing can be done about `if (decision)`. Every other way of taking it for a truth,
  // a number or a text ends here.
  [Symbol.toPrimitive]() {
    throw new TypeError(
      "a decision is neither true nor false: read `decision.allowed`, or compare `decision.outcome`",
    );
  }
}

class AuditLog {
  #native;

  constructor(token, log) {
    made(token, "AuditLog", "use AuditLog.open");
    this.#native = log;
  }

  static open(path, { unsynced = false } = {}) {
    return new AuditLog(MADE, run(() => native.AuditLog.open(String(path), unsynced)));
  }

  get path() {
    return this.#native.path();
  }

  append(events) {
    return run(() => this.#native.append(listOf(events)));
  }

  checkpoint(name, createdAt) {
    return JSON.parse(run(() => this.#native.checkpoint(name, createdAt)));
  }

  entries({ run: of } = {}) {
    return JSON.parse(run(() => this.#native.entries(of ?? undefined)));
  }

  export(reader, now, auditId, { run: of, access, record } = {}) {
    const [table, asked] = [access, record].map((value) => (value == null ? undefined : jsonOf(value)));
    return JSON.parse(run(() => this.#native.export(jsonOf(reader), now, auditId, of ?? undefined, table, asked)));
  }
}

/** A request and the state beside it, each as `asJson` gives it. */
function asked(request, state) {
  return [asJson(request), state == null ? undefined : asJson(state)];
}

/** The JSON text of a request or a state; or, where it has none, the list of what is wrong with it. */
function asJson(value) {
  if (typeof value === "string") {
    return isWellFormed(value)
      ? value
      : [{ code: "lone-surrogate", pointer: "", message: "the text holds half of a surrogate pair" }];
  }
  try {
    const text = JSON.stringify(value);
    if (text === undefined) return [noJson("", value)];
    // JSON.stringify writes what has no JSON as null, which would be a statement: that there is none.
    if (!text.includes("null") || isPlain(value)) return text;
    const problems = [];
    find(value, "", problems);
    return problems.length === 0 ? text : problems;
  } catch (error) {
    return [{ code: "wrong-type", pointer: "", message: `no JSON: ${error.message}` }];
  }
}

/** Crossing the border, half of a surrogate pair would become another character. Node 18 has no isWellFormed. */
const isWellFormed =
  typeof "".isWellFormed === "function" ? (text) => text.isWellFormed() : (text) => !/\p{Surrogate}/u.test(text);

/** Whether every null in its JSON stands for a null: the quick look that is enough for nearly all requests. */
function isPlain(value) {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      if (!hasJson(value[at]) || !isPlain(value[at])) return false;
    }
    return true;
  }
  if (value.toJSON !== undefined || value instanceof Number) return false;
  for (const key in value) {
    const item = value[key];
    if ((typeof item === "object" || typeof item === "number") && !isPlain(item)) return false;
  }
  return true;
}

/** A list writes what has no JSON as null; an object leaves it out, which says nothing. */
function hasJson(item) {
  return item !== undefined && typeof item !== "function" && typeof item !== "symbol";
}

/** Finds what JSON.stringify writes as null though it is not. It has come to an end on the same value before. */
function find(value, pointer, problems) {
  if (typeof value === "number" || value instanceof Number) {
    if (!Number.isFinite(Number(value))) {
      problems.push({ code: "not-a-number", pointer, message: `\`${value}\` is no number` });
    }
  } else if (typeof value !== "object" || value === null) {
    return;
  } else if (typeof value.toJSON === "function") {
    find(value.toJSON(""), pointer, problems);
  } else if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      if (hasJson(value[at])) find(value[at], `${pointer}/${at}`, problems);
      else problems.push(noJson(`${pointer}/${at}`, value[at]));
    }
  } else {
    for (const key of Object.keys(value)) {
      find(value[key], `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, problems);
    }
  }
}

function noJson(pointer, value) {
  return { code: "wrong-type", pointer, message: `expected JSON, found \`${typeof value}\`` };
}

/** The same where nothing is decided by it: what has no JSON is thrown. */
function jsonOf(value) {
  const text = asJson(value);
  if (typeof text === "object") throw new InputError(text.map((problem) => problem.message).join("\n"), text);
  return text;
}

/** A list of values or of their JSON texts, as a JSON list of texts. */
function listOf(values) {
  if (typeof values === "string") throw new TypeError("expected a list, found a text");
  return JSON.stringify(Array.from(values, jsonOf));
}

/**
 * A function that asks before it runs. Throws Denied or ApprovalNeeded unless the answer is `allowed`; then the function has
 * not been called. Whatever fails on the way is thrown.
 */
function guard(engine, request, call, { state, onDecision } = {}) {
  if (typeof call !== "function") throw new TypeError("guard(engine, request, call): expected a function to guard");
  function guarded(...args) {
    let asked = typeof request === "function" ? request.apply(this, args) : request;
    if (typeof asked === "object" && asked !== null && asked.now === undefined) {
      asked = { ...asked, now: new Date().toISOString() };
    }
    const decision = engine.decide(asked, { state: typeof state === "function" ? state() : state });
    onDecision?.(decision);
    if (decision.outcome === "allowed") return call.apply(this, args);
    throw decision.outcome === "ask_approval" ? new ApprovalNeeded(decision) : new Denied(decision);
  }
  return Object.defineProperty(guarded, "name", { value: call.name });
}

function version() {
  return JSON.parse(native.version());
}

function check(policies) {
  return JSON.parse(native.check(JSON.stringify(policies) ?? "null"));
}

function checkFolder(path) {
  return JSON.parse(native.checkFolder(String(path)));
}

function facts(value) {
  return seen(value, native.facts);
}

/** What is seen in a value. What has no JSON cannot be seen, and that is said as the engine says it. */
function seen(value, look) {
  const text = asJson(value);
  if (typeof text === "string") return JSON.parse(look(text));
  return { error: said(text), effects: [], facts: {}, opaque: true };
}

function said(problems) {
  return problems.map(({ pointer, message }) => (pointer === "" ? message : `${pointer}: ${message}`)).join("; ");
}

function redact(text, sink, { owed } = {}) {
  return JSON.parse(run(() => native.redact(text, sink, owed ?? undefined)));
}

function deed(record, result, { rationale, ticket, resultHash, at } = {}) {
  return JSON.parse(run(() => native.deed(jsonOf(record), result, rationale, ticket, resultHash, at)));
}

function deedFault(deed, record) {
  return run(() => native.deedFault(jsonOf(deed), jsonOf(record))) ?? null;
}

function provenance(records, { given, statement = false } = {}) {
  const said = given == null ? undefined : jsonOf(given);
  return JSON.parse(run(() => native.provenance(listOf(records), said, statement)));
}

function auditEvent(request, record, auditId) {
  return JSON.parse(run(() => native.auditEvent(jsonOf(request), jsonOf(record), auditId)));
}

function auditLines(log, events) {
  return run(() => native.auditLines(log, listOf(events)));
}

function auditVerify(log, { checkpoint, extract = false } = {}) {
  const known = checkpoint == null ? undefined : jsonOf(checkpoint);
  return JSON.parse(run(() => native.auditVerify(log, known, extract)));
}

function auditVerifyFile(path, { checkpoint, extract = false } = {}) {
  const known = checkpoint == null ? undefined : jsonOf(checkpoint);
  return JSON.parse(run(() => native.auditVerifyFile(String(path), known, extract)));
}

function auditToSign(checkpoint) {
  return run(() => native.auditToSign(jsonOf(checkpoint)));
}

module.exports = {
  ApprovalNeeded,
  AuditError,
  AuditLog,
  BailiwickError,
  Decision,
  Denied,
  Engine,
  InputError,
  PolicyError,
  auditEvent,
  auditLines,
  auditToSign,
  auditVerify,
  auditVerifyFile,
  check,
  checkFolder,
  deed,
  deedFault,
  facts,
  guard,
  provenance,
  redact,
  version,
};
