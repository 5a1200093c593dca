// The decision tree with the path taken: for each effect, the questions that the compiled policies asked, the answer, and the
// few rules that remained. A drawing for the eye, and the same as a list for those who hear the page.

import type { Record, Way, WayEdge, WayNode } from "bailiwick-wasm";

import { fill, h, s } from "../element";
import type { Child } from "../element";

/** A question is short; the names of rules are not. */
const NARROW = 128;
const WIDTH = 218;
const COLUMN = 238;
const LINE = 17;
const GAP = 16;
const LISTED = 8;
const CHARS = 28;

export class TreePanel {
  readonly element: HTMLElement;
  #ways: Way[] = [];
  #record: Record | null = null;
  #effects = h("select", { id: "tree-effect", change: () => this.#draw() });
  #body = h("div.trees");

  constructor() {
    this.element = h(
      "div.panel",
      {},
      h("div.bar", {}, h("label", { for: "tree-effect" }, "The way of "), this.#effects),
      h("p.note", {}, "Policies are compiled to two trees, the platform's and that of the levels below it. A call walks both, once for each effect, and only the rules at the end of its way are looked at."),
      this.#body,
    );
  }

  show(ways: Way[], effects: string[], record: Record): void {
    this.#ways = ways;
    this.#record = record;
    const chosen = this.#effects.value;
    const drawn = [...new Set(ways.map((it) => it.effect))];
    fill(this.#effects, drawn.map((at) => h("option", { value: at }, (effects[at] ?? "").replaceAll("`", "").slice(0, 80))));
    this.#effects.value = drawn.includes(Number(chosen)) && chosen !== "" ? chosen : String(this.#worst(drawn));
    this.#draw();
  }

  /** The effect that a rule fired on which denies, so that the way shown is one of interest. */
  #worst(drawn: number[]): number {
    const deny = this.#record?.matched_rules.find((it) => it.effect === "deny" || it.match === "false");
    return drawn.find((at) => deny?.on?.includes(at)) ?? drawn[0] ?? 0;
  }

  #draw(): void {
    const fired = new Set(this.#record?.matched_rules.map((it) => `${it.policy.split("@")[0]}/${it.rule}`));
    const ways = this.#ways.filter((it) => it.effect === Number(this.#effects.value) && it.nodes.length > 0);
    fill(this.#body, ways.length === 0 ? h("p", {}, "No policies were asked.") : ways.map((way) => part(way, fired)));
  }
}

function part(way: Way, fired: Set<string>): Child {
  const left = way.nodes.flatMap((node) => node.rules ?? []);
  const name = way.part === "platform" ? "The platform's rules" : "The rules of the levels below";
  return h(
    "section.tree",
    { "aria-label": name },
    h("h3", {}, name, " ", h("span.aside", {}, `${left.length} of ${way.rules} were looked at`)),
    h("div.drawing", { tabindex: 0, role: "group", "aria-label": `${name}, drawn` }, drawing(way, fired)),
    // Where there is no room for the drawing, the words are at hand.
    h("details", { "data-key": `way ${way.part}`, open: matchMedia("(max-width: 40rem)").matches }, h("summary", {}, "The same in words"), h("ol.way", {}, inWords(way, 0, fired, new Set()))),
    way.left_out === 0 ? null : h("p.note", {}, `${way.left_out} more parts of the way are not drawn.`),
  );
}

function isFired(rule: string, fired: Set<string>): boolean {
  return fired.has(rule.replace(/ \([^)]*\)$/, ""));
}

function label(edge: WayEdge): string {
  if (edge.answers.length === 0) return "whatever it is";
  return edge.answers.join(", ") + (edge.more === 0 ? "" : `, and ${edge.more} more`);
}

function inWords(way: Way, at: number, fired: Set<string>, seen: Set<number>): Child[] {
  const node = way.nodes[at]!;
  if (seen.has(at)) return [h("li", {}, "as above")];
  seen.add(at);
  if (node.question === undefined) return (node.rules ?? []).map((rule) => h("li", {}, h("code", {}, rule), isFired(rule, fired) ? " fired" : " did not fire"));
  const taken = (node.edges ?? []).filter((it) => it.taken && it.to !== null);
  const beside = (node.edges ?? []).find((it) => !it.taken);
  return [
    h(
      "li",
      {},
      h("code", {}, node.question),
      `? ${node.answer}`,
      beside === undefined ? null : h("span.note", {}, ` not: ${label(beside)}`),
      taken.map((edge) => h("ol", {}, h("li", {}, edge.answers.length === 0 ? "whatever it is:" : `${label(edge)}:`, h("ol", {}, inWords(way, edge.to!, fired, seen))))),
    ),
  ];
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

function lines(node: WayNode, fired: Set<string>): { text: string; strong: boolean }[] {
  if (node.question !== undefined) return [{ text: `${node.question}?`, strong: true }];
  const rules = (node.rules ?? []).toSorted((a, b) => Number(isFired(b, fired)) - Number(isFired(a, fired)));
  const shown = rules.slice(0, LISTED).map((rule) => ({ text: `${isFired(rule, fired) ? "● " : "○ "}${rule.split("/").at(-1)}`, strong: isFired(rule, fired) }));
  return rules.length <= LISTED ? shown : [...shown, { text: `and ${rules.length - LISTED} more`, strong: false }];
}

/** Columns from left to right, each node beside the middle of what is below it; what was not taken ends in a stub. */
function drawing(way: Way, fired: Set<string>): SVGElement {
  const boxes = new Map<number, Box>();
  const stubs: { from: number; top: number; edge: WayEdge }[] = [];
  let bottom = GAP;
  let right = 0;
  const place = (at: number, depth: number): number => {
    const known = boxes.get(at);
    if (known !== undefined) return known.top + known.height / 2;
    const node = way.nodes[at]!;
    const height = lines(node, fired).length * LINE + 14;
    const box: Box = { left: 8 + depth * COLUMN, top: 0, width: node.question === undefined ? WIDTH : NARROW, height };
    boxes.set(at, box);
    right = Math.max(right, box.left + box.width + 8);
    const middles: number[] = [];
    for (const edge of node.edges ?? []) {
      if (edge.taken && edge.to !== null) middles.push(place(edge.to, depth + 1));
      else if (!edge.taken) {
        stubs.push({ from: at, top: bottom + LINE / 2, edge });
        right = Math.max(right, box.left + COLUMN + WIDTH + 8);
        middles.push(bottom + LINE / 2);
        bottom += LINE + GAP;
      }
    }
    if (middles.length === 0) {
      box.top = bottom;
      bottom += height + GAP;
    } else {
      box.top = Math.max(4, (middles[0]! + middles.at(-1)!) / 2 - height / 2);
      bottom = Math.max(bottom, box.top + height + GAP);
    }
    return box.top + height / 2;
  };
  place(0, 0);
  const out: SVGElement[] = [];
  for (const [at, from] of boxes) {
    for (const edge of way.nodes[at]!.edges ?? []) {
      const to = edge.to === null ? undefined : boxes.get(edge.to);
      if (to !== undefined) out.push(...line(from, to.left, to.top + to.height / 2, edge));
    }
  }
  for (const { from, top, edge } of stubs) out.push(...line(boxes.get(from)!, boxes.get(from)!.left + COLUMN, top, edge), s("text.beside", { x: boxes.get(from)!.left + COLUMN + 6, y: top + 4 }, `not: ${cut(label(edge), 26)}`));
  for (const [at, box] of boxes) out.push(drawn(way.nodes[at]!, box, fired));
  return s("svg", { viewBox: `0 0 ${right} ${bottom}`, width: right, height: bottom, "aria-hidden": "true", focusable: "false" }, out);
}

function line(from: Box, x2: number, y2: number, edge: WayEdge): SVGElement[] {
  const [x1, y1] = [from.left + from.width, from.top + from.height / 2];
  const middle = (x1 + x2) / 2;
  const path = s(`path.${edge.taken ? "taken" : "not"}`, { d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}` });
  if (!edge.taken) return [path];
  return [path, s("text.answer", { x: x2 - 6, y: y2 - 7, "text-anchor": "end" }, cut(edge.answers.length === 0 ? "whatever" : label(edge), 16))];
}

function drawn(node: WayNode, box: Box, fired: Set<string>): SVGElement {
  const isQuestion = node.question !== undefined;
  const texts = lines(node, fired).map(({ text, strong }, at) => s(strong ? "text.strong" : "text", { x: box.left + 10, y: box.top + 20 + at * LINE }, cut(text, CHARS)));
  return s(`g.${isQuestion ? "question" : "rules"}`, {}, s("rect", { x: box.left, y: box.top, width: box.width, height: box.height, rx: isQuestion ? 12 : 4 }), texts);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

