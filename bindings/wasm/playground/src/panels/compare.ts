// Two versions of the policies on the same requests: which answers are not the same, stricter or looser, and by which rule.

import type { MatchedRule, Outcome } from "bailiwick-wasm";

import type { Compared, Difference } from "../bench";
import { counted, fill, h, prose } from "../element";
import type { Child } from "../element";
import type { Files, Request } from "../texts";
import { WORD, short } from "../words";

export interface Hands {
  keep: () => void;
  jump: (source: string, line: number) => void;
  show: (call: Request) => void;
}

export class ComparePanel {
  readonly element: HTMLElement;
  #what = h("p.note", { id: "compare-what" });
  #said = h("p.result", { id: "compare-result", role: "status" });
  #list = h("div.list");
  readonly #hands: Hands;

  constructor(hands: Hands) {
    this.#hands = hands;
    this.element = h(
      "div.panel",
      {},
      h("div.bar", {}, h("button.quiet", { type: "button", id: "compare-keep", click: hands.keep }, "Keep this version as before"), this.#what),
      this.#said,
      this.#list,
    );
  }

  /** Which two versions are compared. */
  versions(before: Files, now: Files, kept: boolean): void {
    const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => before[name] !== now[name]);
    const which = kept ? "the version that you kept" : "the set as it is shipped";
    const files = changed.length === 0 ? "no file differs yet: change a policy, and see here what it does" : changed.map(short).join(", ");
    fill(this.#what, `Before: ${which}. Now: what stands in the editor. Changed: ${files}.`);
  }

  show({ before, now, asked, differences }: Compared): void {
    const wrong = before.length > 0 ? "The version before does not compile." : now.length > 0 ? "The version in the editor does not compile." : null;
    if (wrong !== null) {
      this.#said.textContent = wrong;
      fill(this.#list);
      return;
    }
    const stricter = differences.filter((it) => it.stricter).length;
    const how = [stricter === 0 ? null : `${stricter} stricter`, stricter === differences.length ? null : `${differences.length - stricter} looser`].filter((it) => it !== null);
    this.#said.textContent = `${counted(asked, "request")} asked of both: ${differences.length === 0 ? "every answer is the same" : `${counted(differences.length, "answer")} changed, ${how.join(", ")}`}.`;
    fill(this.#list, h("ul.differences", {}, differences.map((it) => this.#difference(it))));
  }

  #difference(it: Difference): Child {
    const word = (outcome: Outcome): Child => h(`span.chip.${outcome}` as "span", {}, WORD[outcome].mark, " ", WORD[outcome].word);
    const rule = it.stricter ? it.ruleNow : (it.ruleBefore ?? it.ruleNow);
    return h(
      `li.${it.stricter ? "stricter" : "looser"}` as "li",
      {},
      h("p", {}, h("b", {}, it.stricter ? "▲ stricter" : "▼ looser"), " ", word(it.before), " → ", word(it.now)),
      h("p", {}, prose(it.what)),
      h("p.note", {}, rule === null ? null : [it.stricter ? "by " : "no longer by ", h("code", {}, rule.rule), ` at the ${rule.level} level `, it.stricter ? this.#place(rule) : null], " ", it.call === null ? null : h("button.small.quiet", { type: "button", click: () => this.#hands.show(it.call!) }, "Show this call")),
    );
  }

  #place(rule: MatchedRule): Child {
    const place = rule.place;
    if (place === undefined) return null;
    return h("button.place", { type: "button", click: () => this.#hands.jump(place.source, place.line) }, `${short(place.source)} line ${place.line}`);
  }
}
