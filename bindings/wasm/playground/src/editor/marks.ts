// The rules that fired on the shown call, marked beside their lines; the one that decides, along its line.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import type { Text } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutter } from "@codemirror/view";
import type { DecorationSet } from "@codemirror/view";
import type { MatchedRule } from "bailiwick-wasm";

import { h } from "../element";
import { WORD, deed, tone } from "../words";

/** A line that a rule of the answer stands on. */
interface Mark {
  rule: MatchedRule;
  decides: boolean;
}

const put = StateEffect.define<Mark[]>();

class Sign extends GutterMarker {
  constructor(readonly mark: Mark) {
    super();
  }

  override eq(other: Sign): boolean {
    return this.mark.rule.rule === other.mark.rule.rule && this.mark.decides === other.mark.decides && this.mark.rule.effect === other.mark.rule.effect;
  }

  override toDOM(): HTMLElement {
    const outcome = tone(this.mark.rule);
    const said = `${this.mark.rule.rule} ${deed(this.mark.rule)}${this.mark.decides ? ", and decides" : ""}`;
    return h(`span.sign.${outcome ?? "plain"}` as "span", { title: said }, outcome === null ? "•" : WORD[outcome].mark);
  }
}

const field = StateField.define<{ signs: RangeSet<GutterMarker>; lines: DecorationSet }>({
  create: () => ({ signs: RangeSet.empty, lines: Decoration.none }),
  update(now, transaction) {
    for (const effect of transaction.effects) if (effect.is(put)) return made(transaction.state.doc, effect.value);
    return { signs: now.signs.map(transaction.changes), lines: now.lines.map(transaction.changes) };
  },
  provide: (from) => EditorView.decorations.from(from, (it) => it.lines),
});

export const marks = [field, gutter({ class: "signs", markers: (view) => view.state.field(field).signs })];

/** Marks the lines of those rules that stand in a source. */
export function show(view: EditorView, rules: MatchedRule[], deciding: MatchedRule | null, source: string): void {
  const here = rules.filter((rule) => rule.place?.source === source);
  const decides = (rule: MatchedRule): boolean => deciding?.place?.source === source && deciding.place.line === rule.place?.line && deciding.rule === rule.rule;
  view.dispatch({ effects: put.of(here.map((rule) => ({ rule, decides: decides(rule) }))) });
}

function made(text: Text, all: Mark[]): { signs: RangeSet<GutterMarker>; lines: DecorationSet } {
  const there = all.filter((it) => (it.rule.place?.line ?? 0) <= text.lines);
  const from = (it: Mark): number => text.line(Math.max(1, it.rule.place!.line)).from;
  return {
    signs: RangeSet.of(there.map((it) => new Sign(it).range(from(it))), true),
    lines: Decoration.set(there.filter((it) => it.decides).map((it) => Decoration.line({ class: `decides ${tone(it.rule) ?? "plain"}` }).range(from(it))), true),
  };
}
