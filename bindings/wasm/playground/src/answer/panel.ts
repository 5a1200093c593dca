// The answer to the call: the word, the sentence, the rule with its line, the effects, the ladder, the approvals, what is owed
// and what would change it. Shows what the engine says and works nothing out.

import type { Explanation, MatchedRule, Outcome, Record } from "bailiwick-wasm";

import type { Answer } from "../bench";
import { counted, fill, h, prose } from "../element";
import type { Child } from "../element";
import { WORD, short, tone } from "../words";
import { approvals } from "./approvals";
import type { Tick } from "./approvals";
import { ladder } from "./ladder";

export interface Hands {
  /** Shows a line of a file. */
  jump: (source: string, line: number) => void;
  /** Gives or takes back an approval. */
  tick: (tick: Tick, on: boolean) => void;
  /** Says something more in the request. */
  say: (pointer: string, value: unknown) => void;
  /** Offers an obligation. */
  offer: (obligation: string) => void;
}

export class AnswerPanel {
  readonly element: HTMLElement;
  #body = h("div.answer-body");
  #stale = h("p.stale", { hidden: true });
  readonly #hands: Hands;

  constructor(hands: Hands) {
    this.#hands = hands;
    this.element = h(
      "section.answer",
      { "aria-labelledby": "answer-title", id: "answer" },
      h("h2.hidden", { id: "answer-title", tabindex: "-1" }, "The answer"),
      this.#stale,
      this.#body,
    );
  }

  /** Says that the answer is of policies before a mistake, or that there is none. */
  stale(why: string | null): void {
    this.#stale.hidden = why === null;
    this.#stale.textContent = why ?? "";
    this.#body.classList.toggle("is-stale", why !== null);
  }

  show(answer: Answer | null, ticks: Tick[]): void {
    if (answer === null) {
      fill(this.#body, h("div.verdict.none", {}, h("p.word", {}, "No answer"), h("p", {}, "The policies have not compiled yet.")));
      return;
    }
    const { explanation, record } = answer;
    fill(
      this.#body,
      this.#verdict(answer),
      approvals(record, ticks, (tick, on) => this.#hands.tick(tick, on)),
      explanation.changes.length > 0 ? this.#changes(explanation) : null,
      effects(explanation, record),
      h("h3", {}, "The eight levels ", h("span.aside", {}, "a lower one may restrict, never expand")),
      ladder(record, explanation.deciding, (rule) => this.#place(rule)),
      explanation.changes.length > 0 ? null : this.#changes(explanation),
      owed(record),
      figures(record),
    );
  }

  #verdict({ outcome, explanation, problems }: Answer): HTMLElement {
    const { mark, long } = WORD[outcome];
    const wrong = problems.map((it) => h("li", {}, it.pointer === "" ? null : [h("code", {}, it.pointer), " "], prose(it.message), it.help === null ? null : [" ", prose(it.help)]));
    return h(
      `div.verdict.${outcome}` as "div",
      { "data-outcome": outcome },
      h("p.word", {}, h("span.mark", { "aria-hidden": "true" }, mark), " ", long),
      h("p.why", {}, prose(explanation.sentence)),
      wrong.length === 0 ? null : h("ul.wrong", {}, wrong),
      this.#by(explanation.deciding, outcome),
    );
  }

  #by(rule: MatchedRule | null, decision: Outcome): Child {
    if (rule === null) return null;
    const whose = rule.effect === "engine" ? ["by the engine itself, at the ", h("b", {}, rule.level), " level"] : ["at the ", h("b", {}, rule.level), " level, by ", h("code", {}, rule.rule)];
    return h("p.by", {}, decision === "allowed" ? "Granted " : "Decided ", whose, " ", this.#place(rule));
  }

  #place(rule: MatchedRule): Child {
    const place = rule.place;
    if (place === undefined) return null;
    return h(
      "button.place",
      {
        type: "button",
        title: `${place.source}, line ${place.line}`,
        "data-key": `place ${place.source}:${place.line}`,
        "data-source": place.source,
        "data-line": place.line,
        click: () => this.#hands.jump(place.source, place.line),
      },
      `${short(place.source)} line ${place.line}`,
    );
  }

  #changes({ changes, decision }: Explanation): Child {
    if (decision === "allowed") return null;
    // Approvals have their boxes.
    const others = changes.filter((it) => it.kind !== "approve");
    const none = changes.length === 0 ? h("p.note", {}, "Nothing that the request could say would make it allowed; a rule would have to change.") : null;
    if (none === null && others.length === 0) return null;
    const button = (change: (typeof others)[number]): Child => {
      if (change.kind === "say" && change.pointer !== undefined) {
        return h("button.small", { type: "button", click: () => this.#hands.say(change.pointer!, change.value) }, "Say so");
      }
      if (change.kind === "offer" && change.obligation !== undefined) {
        return h("button.small", { type: "button", click: () => this.#hands.offer(change.obligation!) }, "Offer it");
      }
      return null;
    };
    const list = others.map((it) => h("li", {}, prose(it.text), " ", button(it)));
    return h("div.changes", {}, h("h3", {}, "What would make it allowed"), none, list.length === 0 ? null : h("ul", {}, list));
  }
}

function effects(explanation: Explanation, record: Record): Child {
  if (explanation.effects.length === 0) return null;
  const item = (words: string, at: number): HTMLElement => {
    const by = record.matched_rules.filter((rule) => rule.on?.includes(at));
    const strict = ["denied", "ask_approval"].map((it) => by.find((rule) => tone(rule) === it && rule.effect !== "allow")).find((it) => it !== undefined);
    if (strict === undefined) return h("li.plain", {}, h("span.mark", { "aria-hidden": "true" }, "·"), h("span.what", {}, prose(words)));
    // What an approval has opened is still what the rule asks for.
    const met = record.decision === "allowed";
    const kind = met ? "allowed" : (tone(strict) ?? "denied");
    const note = h("span.note", {}, met ? "approved, as asked" : WORD[kind].word, " by ", h("code", {}, strict.rule));
    return h(`li.${kind}` as "li", {}, h("span.mark", { "aria-hidden": "true" }, WORD[kind].mark), h("span.what", {}, prose(words), note));
  };
  const derived = explanation.effects.length - 1;
  const about = derived === 0 ? "the call itself" : `the call, and ${counted(derived, "thing")} that it would do`;
  return h("div.effects-of", {}, h("h3", {}, "Effects ", h("span.aside", {}, about)), h("ul.effects", { id: "effects" }, explanation.effects.map(item)));
}

function owed(record: Record): Child {
  if (record.obligations.length === 0) return null;
  const list = record.obligations.map((it) => h("li", {}, h("code", {}, it.name), it.within === undefined ? null : ` within ${it.within} s`, h("span.note", {}, ` ${it.policy} / ${it.rule}`)));
  return h("div.owed", {}, h("h3", {}, "Then owed ", h("span.aside", {}, "what the host does when it goes on")), h("ul", {}, list));
}

function figures(record: Record): Child {
  const criteria = record.criteria.map((it) => h("li", {}, h("b", {}, it.state), " ", h("code", {}, it.criterion), ` expected ${it.expected}`));
  const caps = record.caps.map((it) => h("li", {}, h("code", {}, it.rule), ` ${it.used ?? "?"} + ${it.needs ?? "?"} of ${it.at_most} ${it.unit}${it.window === null ? "" : ` in ${it.window}`}`));
  if (criteria.length + caps.length === 0) return null;
  return h("div.figures", {}, h("h3", {}, "Criteria and limits"), h("ul", {}, criteria, caps));
}
