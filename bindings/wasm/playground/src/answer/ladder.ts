// The ladder of the eight levels, each with its own verdict and the rules of it that fired; the one that decides is marked.

import type { MatchedRule, Record } from "bailiwick-wasm";

import { counted, h, prose } from "../element";
import type { Child } from "../element";
import { LEVELS, WORD, deed, tone } from "../words";

export function ladder(record: Record, deciding: MatchedRule | null, place: (rule: MatchedRule) => Child): HTMLElement {
  const scope = (record.scope ?? {}) as { [level: string]: { id?: string } | null };
  const rungs = LEVELS.map(([level, whose]) => {
    const outcome = record.levels.find((it) => it.level === level)?.decision ?? "allowed";
    const rules = record.matched_rules.filter((it) => it.level === level);
    const decides = deciding?.level === level;
    const { mark, word } = WORD[outcome];
    const row = [
      h("span.mark", { "aria-hidden": "true" }, mark),
      h("span.level", {}, level),
      h("span.entity", {}, scope[level]?.id ?? h("i", {}, whose)),
      h("span.count", {}, rules.length === 0 ? "no rule fired" : counted(rules.length, "rule")),
      h("span.said", {}, word, decides ? h("b.decides", {}, record.decision === "allowed" ? " grants" : " decides") : null),
    ];
    const body =
      rules.length === 0
        ? h("div.rung", {}, row)
        : h("details", { "data-key": `level ${level}`, open: decides }, h("summary.rung", {}, row), h("ul.rules", {}, sorted(rules).map((rule) => line(rule, same(rule, deciding), place))));
    return h(`li.${outcome}${decides ? ".deciding" : ""}` as "li", { "data-level": level, "data-outcome": outcome, "aria-current": decides ? "true" : null }, body);
  });
  return h("ol.ladder", { id: "ladder" }, rungs);
}

function line(rule: MatchedRule, decides: boolean, place: (rule: MatchedRule) => Child): HTMLElement {
  return h(
    `li.${tone(rule) ?? "plain"}${decides ? ".deciding" : ""}` as "li",
    {},
    h("span.deed", {}, deed(rule)),
    h("span.body", {}, h("code", {}, rule.rule), " ", rule.reason === undefined ? null : h("span.reason", {}, prose(rule.reason)), " ", place(rule)),
  );
}

/** What denies before what asks before what opens. */
function sorted(rules: MatchedRule[]): MatchedRule[] {
  const rank = (rule: MatchedRule): number => ["denied", "ask_approval", null, "allowed"].indexOf(tone(rule));
  return rules.toSorted((a, b) => rank(a) - rank(b));
}

export function same(rule: MatchedRule, other: MatchedRule | null): boolean {
  return other !== null && rule.policy === other.policy && rule.rule === other.rule && rule.effect === other.effect;
}
