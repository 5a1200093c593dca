// What is wrong in a file, under the word that is wrong: a wavy line, and below it carets, the message and the cure.

import { StateEffect, StateField } from "@codemirror/state";
import type { EditorState, Range, Text } from "@codemirror/state";
import { Decoration, EditorView, WidgetType } from "@codemirror/view";
import type { DecorationSet } from "@codemirror/view";
import type { Diagnostic } from "bailiwick-wasm";

import { h, prose } from "../element";
import { offset } from "./positions";

/** Findings on one line beyond these are not written below it; the list beside the editor has all of them. */
const BELOW_MAX = 20;

const put = StateEffect.define<{ findings: Diagnostic[]; source: string }>();

class Below extends WidgetType {
  constructor(
    readonly finding: Diagnostic,
    readonly column: number,
    readonly width: number,
    readonly said: string,
  ) {
    super();
  }

  override eq(other: Below): boolean {
    return this.column === other.column && this.width === other.width && this.finding.message === other.finding.message && this.said === other.said;
  }

  override toDOM(): HTMLElement {
    const carets = " ".repeat(this.column) + "^".repeat(Math.max(1, this.width));
    const indent = `${Math.min(this.column, 24)}ch`;
    return h(
      `div.finding.${this.finding.severity}` as "div",
      { role: "note" },
      h("div.carets", { "aria-hidden": "true" }, carets),
      h("div.message", { style: `margin-inline-start:${indent}` }, h("b", {}, this.finding.severity), " ", prose(this.said)),
      this.finding.help === null ? null : h("div.cure", { style: `margin-inline-start:${indent}` }, h("b", {}, "cure"), " ", prose(this.finding.help)),
    );
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(now, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(put)) return decorations(transaction.state, effect.value.findings, effect.value.source);
    }
    return now.map(transaction.changes);
  },
  provide: (from) => EditorView.decorations.from(from),
});

export const findings = field;

/** Shows the findings of a source, and no others. */
export function show(view: EditorView, all: Diagnostic[], source: string): void {
  view.dispatch({ effects: put.of({ findings: all, source }) });
}

function decorations(state: EditorState, all: Diagnostic[], source: string): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const finding of all) {
    finding.labels.forEach((label, at) => {
      if (label.source !== source) return;
      const [from, to] = range(state.doc, label.start, label.end);
      if (from < to) ranges.push(Decoration.mark({ class: `wrong ${at === 0 ? finding.severity : "other"}` }).range(from, to));
      if (at !== 0 || BELOW_MAX <= ranges.length) return;
      const line = state.doc.lineAt(from);
      const word = Math.max(1, Math.min(to, line.to) - from);
      ranges.push(Decoration.widget({ widget: new Below(finding, from - line.from, word, finding.message), block: true, side: 1 }).range(line.to));
    });
  }
  return Decoration.set(ranges, true);
}

function range(text: Text, start: { line: number; column: number }, end: { line: number; column: number }): [number, number] {
  const from = offset(text, start);
  const to = Math.max(from, offset(text, end));
  // A finding without a width points at the character where it stands, so that there is something to see.
  return from === to && from < text.lineAt(from).to ? [from, from + 1] : [from, to];
}
