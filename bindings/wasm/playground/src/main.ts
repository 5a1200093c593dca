// The page: what is looked at, and who is told when it changes. Every answer comes from the bench.

import "./style.css";

import type { Outcome } from "bailiwick-wasm";

import { statement } from "./answer/approvals";
import type { Tick } from "./answer/approvals";
import { AnswerPanel } from "./answer/panel";
import { Bench, latest } from "./bench";
import type { Answer, Checked } from "./bench";
import { CallPanel } from "./call/panel";
import { patched } from "./call/request";
import { FilesPanel } from "./editor/files";
import { counted, fill, h } from "./element";
import * as link from "./link";
import { ComparePanel } from "./panels/compare";
import { Tabs } from "./panels/tabs";
import { TestsPanel } from "./panels/tests";
import { TreePanel } from "./panels/tree";
import { SETS, ship } from "./sets";
import type { Shipped } from "./sets";
import type { Files, Request } from "./texts";
import { isTest } from "./texts";
import { themeButton } from "./theme";
import { WORD } from "./words";

/** How long nobody must have typed before the answer is read out. */
const QUIET_MS = 600;

/** From how many characters on a link is long for mail and chat. */
const LONG = 8_000;

const bench = new Bench();

/** What is looked at. */
const scene = {
  set: "acme",
  shipped: { files: {}, calls: [] } as Shipped,
  files: {} as Files,
  /** The version to compare with, where the visitor kept one. */
  kept: null as Files | null,
  request: {} as Request | string,
  ticks: [] as Tick[],
  checked: null as Checked | null,
  answer: null as Answer | null,
};

// -- the parts --

const call = new CallPanel((request, chosen) => {
  scene.request = request;
  if (chosen) void follow();
  else void answer();
});

const files = new FilesPanel({ edit });

const answers = new AnswerPanel({
  jump,
  tick: (tick, on) => {
    scene.ticks = scene.ticks.filter((it) => it.requirement !== tick.requirement || it.slot !== tick.slot);
    if (on) scene.ticks.push(tick);
    void answer();
  },
  say: (pointer, value) => change((request) => patched(request, pointer, value)),
  offer: (obligation) => change((request) => ({ ...request, capabilities: [...((request.capabilities as string[] | undefined) ?? []), obligation] })),
});

const tests = new TestsPanel(() => void runTests(), (source, line, column) => jump(source, line, column));
const compare = new ComparePanel({
  keep: () => {
    scene.kept = { ...scene.files };
    void compared();
  },
  jump,
  show: (request) => {
    show(request);
    void follow();
  },
});
const tree = new TreePanel();
const record = h("pre.record", { id: "record", tabindex: 0, role: "region", "aria-label": "The decision record" });

const tabs = new Tabs(
  "Policies and what to do with them",
  [
    { id: "policies", title: "Policies", panel: files.element },
    { id: "tests", title: "Tests", panel: tests.element },
    { id: "compare", title: "Compare", panel: compare.element },
    { id: "tree", title: "Tree", panel: tree.element },
    { id: "record", title: "Record", panel: h("div.panel", {}, h("p.note", {}, "The decision made to last, as the host keeps it."), record) },
  ],
  () => void refresh(),
);

const choose = h("select", { id: "set", change: () => void open(choose.value) });
const about = h("p.about", { id: "about" });
const notice = h("div.notice", { role: "alert", hidden: true });
const spoken = h("div.hidden", { role: "status", "aria-live": "polite", id: "spoken" });
const figures = h("span", { id: "figures" });
const engine = h("span", {});
const shared = h("div.shared", { hidden: true });
const share = h("button.small", { type: "button", id: "share", click: () => void makeLink() }, "Share");

for (const group of ["Examples", "Packs"] as const) {
  const entries = Object.entries(SETS).filter(([, it]) => it.group === group);
  choose.append(h("optgroup", { label: group }, entries.map(([name, it]) => h("option", { value: name }, it.title))));
}

document.body.append(
  h("a.skip", { href: "#answer-title" }, "To the answer"),
  h(
    "header",
    {},
    h("h1", {}, h("span.brand", {}, "Bailiwick"), " ", h("span.aside", {}, "playground")),
    h("label.hidden", { for: "set" }, "Policies"),
    choose,
    h("div.tools", {}, share, themeButton()),
  ),
  h("main", {}, h("div.intro", {}, about, notice, shared), h("div.left", {}, call.element, answers.element), tabs.element),
  h("footer", {}, figures, " ", engine, " Nothing leaves this page: the policies are decided in your browser."),
  spoken,
);

// -- what happens --

/** Texts that were edited and not yet looked at, so that whoever types fast is not answered for every letter. */
const edits = new Map<string, string | null>();

function edit(name: string, text: string | null): void {
  if (text === null) delete scene.files[name];
  else scene.files[name] = text;
  edits.set(name, text);
  written += 1;
  void check();
}

const check = latest(async () => {
  const now = [...edits];
  edits.clear();
  let last: Checked | null = null;
  for (const [name, text] of now) last = (await bench.ask("edit", { name, text })) ?? last;
  if (last !== null) await checked(last);
  await refresh(now.some(([name]) => isTest(name)));
});

async function checked(it: Checked): Promise<void> {
  scene.checked = it;
  files.find(it.diagnostics);
  const errors = it.diagnostics.filter((found) => found.severity === "error");
  answers.stale(it.compiles ? null : `The policies do not compile: ${counted(errors.length, "error")}. Nothing would be allowed until that is mended; below is the answer from before.`);
  if (it.compiles) await answer();
  else speak(`The policies do not compile. ${errors[0]?.message ?? ""}. ${errors[0]?.help ?? ""}`);
}

/** The request as it is asked: with the approvals that are ticked. */
function asked(): Request | string {
  if (typeof scene.request === "string" || scene.ticks.length === 0) return scene.request;
  const given = (scene.request.approvals as object[] | undefined) ?? [];
  const at = scene.request.now;
  // Where approvals have a time limit, it runs from when they were asked for.
  return { asked_at: at, ...scene.request, approvals: [...given, ...scene.ticks.map((tick) => statement(tick, at))] };
}

const answer = latest(async () => {
  const began = performance.now();
  const found = await bench.ask("answer", asked());
  scene.answer = found;
  answers.show(found, scene.ticks.filter((tick) => tick.operation === found?.record.operation_hash));
  if (found === null) return;
  const { deciding } = found.explanation;
  files.fired(found.record.matched_rules, deciding);
  const seen = performance.now() - began;
  const loaded = scene.checked?.ms ?? 0;
  figures.textContent = `Loaded in ${loaded.toFixed(1)} ms, decided in ${found.ms.toFixed(2)} ms, explained in ${found.shownMs.toFixed(1)} ms, on the page in ${seen.toFixed(1)} ms.`;
  Object.assign(figures.dataset, { load: loaded, decide: found.ms, explain: found.shownMs, seen });
  speak(`${WORD[found.outcome].long}. ${deciding === null ? "" : `At the ${deciding.level} level.`} ${found.explanation.sentence.replaceAll("`", "")}`);
  await shown();
});

function change(how: (request: Request) => Request): void {
  if (typeof scene.request === "string") return;
  scene.request = how(scene.request);
  call.show(scene.request);
  void answer();
}

/** What depends on the answer alone. */
async function shown(): Promise<void> {
  const found = scene.answer;
  if (found === null) return;
  if (tabs.chosen === "record") record.textContent = JSON.stringify(found.record, null, 2);
  if (tabs.chosen === "tree") tree.show(await bench.ask("tree", asked()), found.explanation.effects, found.record);
}

/** What depends on the policies, as far as it is looked at. */
async function refresh(ofTest = false): Promise<void> {
  await shown();
  if (tabs.chosen === "compare") await compared();
  if (tabs.chosen === "policies" && ofTest) await findInTests();
}

/** The findings of test files are those of running them. */
async function findInTests(): Promise<void> {
  const { diagnostics } = await bench.ask("test", null);
  files.find([...(scene.checked?.diagnostics ?? []), ...diagnostics.filter((it) => isTest(it.labels[0]?.source ?? ""))]);
}

const runTests = latest(async () => {
  tests.running();
  tests.show(await bench.ask("test", null));
});

const compared = latest(async () => {
  const before = scene.kept ?? scene.shipped.files;
  compare.versions(before, scene.files, scene.kept !== null);
  compare.show(await bench.ask("compare", { before, calls: scene.shipped.calls }));
});

function jump(source: string, line: number, column = 1): void {
  if (tabs.chosen !== "policies") tabs.open("policies");
  files.jump(source, line, column);
  // On a narrow page the editor is further down.
  const top = files.element.getBoundingClientRect().top;
  if (top < 0 || window.innerHeight < top) files.element.scrollIntoView({ block: "start" });
}

let quiet = 0;
function speak(text: string): void {
  window.clearTimeout(quiet);
  quiet = window.setTimeout(() => (spoken.textContent = text), QUIET_MS);
}

function tell(text: string | null): void {
  notice.hidden = text === null;
  fill(notice, text === null ? null : [h("p", {}, text), h("button.small.quiet", { type: "button", click: () => tell(null) }, "Close")]);
}

// What fails here is a mistake of ours, or of the browser; the page must not look as if it still answered.
window.addEventListener("unhandledrejection", (event) => {
  answers.stale("The engine has stopped, and nothing below is an answer to what stands above. Load the page again.");
  tell(`Something failed: ${String(event.reason)}`);
});

// -- opening --

async function open(name: string, seen: link.Seen | null = null): Promise<void> {
  scene.set = name;
  scene.shipped = await ship(name);
  const { shipped } = scene;
  scene.files = link.edited(shipped.files, seen?.edits ?? {});
  scene.kept = seen?.before == null ? null : link.edited(shipped.files, seen.before);
  scene.ticks = seen?.ticks ?? [];
  choose.value = name;
  about.textContent = `${SETS[name]!.about} Change the call or a policy: the answer follows while you type.`;
  call.offer(shipped.calls);
  const first = shipped.calls.find((it) => it.tool_call_id === SETS[name]!.opening) ?? shipped.calls[0] ?? {};
  files.set(scene.files, shipped.files, seen === null ? [] : [seen.file]);
  // Before the policies are loaded: what a visitor types in the meantime must stay.
  if (seen === null) show(first);
  else showText(seen.request);
  scene.checked = await bench.ask("set", scene.files);
  await checked(scene.checked);
  await settle(seen);
  const outcomes: Outcome[] = await bench.ask("outcomes", shipped.calls);
  call.mark(outcomes);
}

function show(request: Request): void {
  scene.request = request;
  call.show(request);
}

function showText(text: string): void {
  scene.request = text;
  call.showText(text);
}

/** How often something was edited: nobody's text may be scrolled away from him. */
let written = 0;

/** Answers a call that was chosen, and brings the rule that decides it into the editor. */
async function follow(): Promise<void> {
  const [request, before] = [scene.request, written];
  await answer();
  if (scene.request !== request || written !== before) return;
  const place = scene.answer?.explanation.deciding?.place;
  if (place !== undefined) files.jump(place.source, place.line, place.column, false);
}

/** Opens the files of the rules that fired, or the file that a link was made on. */
async function settle(seen: link.Seen | null): Promise<void> {
  const fired = scene.answer?.record.matched_rules ?? [];
  const place = scene.answer?.explanation.deciding?.place;
  if (seen === null && place !== undefined) {
    files.set(scene.files, scene.shipped.files, [place.source]);
    files.find(scene.checked?.diagnostics ?? []);
    files.fired(fired, scene.answer?.explanation.deciding ?? null);
  }
  const others = fired.filter((it) => it.effect !== "allow").flatMap((it) => (it.place === undefined ? [] : [it.place.source]));
  files.suggest(others.toReversed());
  const known = place !== undefined && (seen === null || seen.file === place.source);
  if (known) files.jump(place.source, place.line, place.column, false);
  if (seen !== null && seen.panel !== "") tabs.open(seen.panel);
}

async function makeLink(): Promise<void> {
  const text = typeof scene.request === "string" ? scene.request : JSON.stringify(scene.request);
  const hash = await link.write({
    set: scene.set,
    base: link.base(scene.shipped.files),
    edits: link.edits(scene.files, scene.shipped.files),
    before: scene.kept === null ? null : link.edits(scene.kept, scene.shipped.files),
    request: text,
    ticks: scene.ticks,
    file: files.name,
    panel: tabs.chosen,
  });
  history.replaceState(null, "", hash);
  const field = h("input", { type: "text", id: "link", readonly: true, "aria-label": "The link", focus: () => field.select() });
  field.value = location.href;
  const said = h("span", { role: "status" }, "");
  shared.hidden = false;
  fill(shared, h("p", {}, "This link opens what you see. All of it stands behind the #, which browsers send to nobody. ", said, LONG < location.href.length ? ` It has ${location.href.length} characters; some programs cut links of that length.` : null), field, h("button.small.quiet", { type: "button", click: () => (shared.hidden = true) }, "Close"));
  field.focus();
  try {
    await navigator.clipboard.writeText(location.href);
    said.textContent = "It is in your clipboard.";
  } catch {
    said.textContent = "Copy it from here.";
  }
}

async function arrive(): Promise<void> {
  if (location.hash.length < 2 || location.hash === "#answer-title") return open("acme");
  const seen = await link.read(location.hash);
  if (typeof seen === "string") {
    tell(`The link cannot be opened: ${seen}. This is the example that everybody starts with.`);
    return open("acme");
  }
  if (!Object.hasOwn(SETS, seen.set)) {
    tell("The link cannot be opened: it names an example that this page does not have. This is the one that everybody starts with.");
    return open("acme");
  }
  await open(seen.set, seen);
  if (seen.base !== link.base(scene.shipped.files)) tell(`The example “${SETS[seen.set]!.title}” has changed since this link was made; what you see may differ from what was shared.`);
}

window.addEventListener("hashchange", () => {
  if (location.hash.startsWith("#v")) void arrive();
});

await arrive();
const { engine: number, language } = await bench.ask("version", null);
engine.textContent = `Engine ${number}, language ${language}.`;
document.body.dataset.ready = "true";
