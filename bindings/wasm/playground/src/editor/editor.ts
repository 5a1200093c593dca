// The editor of one file at a time, each with its own history and place. Knows the findings and the marks that it is handed,
// and no engine.

import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import type { Diagnostic, MatchedRule } from "bailiwick-wasm";

import { complete } from "./completion";
import * as findings from "./findings";
import * as marks from "./marks";
import { theme } from "./theme";

export class Editor {
  readonly view: EditorView;
  #name = "";
  #states = new Map<string, EditorState>();
  readonly #changed: (name: string, text: string) => void;

  constructor(parent: HTMLElement, changed: (name: string, text: string) => void) {
    this.#changed = changed;
    this.view = new EditorView({ parent, state: this.#state("", "") });
  }

  get name(): string {
    return this.#name;
  }

  /** Shows a file. One that was shown before is as it was left, if its text is the same. */
  open(name: string, text: string): void {
    if (name === this.#name && this.view.state.doc.toString() === text) return;
    this.#states.set(this.#name, this.view.state);
    const known = this.#states.get(name);
    this.#name = name;
    this.view.setState(known !== undefined && known.doc.toString() === text ? known : this.#state(name, text));
  }

  /** Forgets all files. */
  clear(): void {
    this.#states.clear();
    this.#name = "";
    this.view.setState(this.#state("", ""));
  }

  show(all: Diagnostic[], rules: MatchedRule[], deciding: MatchedRule | null): void {
    findings.show(this.view, all, this.#name);
    marks.show(this.view, rules, deciding, this.#name);
  }

  /** Brings a line into the middle, with the cursor on it, and the focus too if it is asked for. */
  reveal(line: number, column = 1, focus = true): void {
    const text = this.view.state.doc;
    const found = text.line(Math.min(Math.max(1, line), text.lines));
    const at = Math.min(found.from + column - 1, found.to);
    if (focus) {
      this.view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      this.view.focus();
    } else {
      this.view.dispatch({ selection: { anchor: at } });
      this.#scroll(at);
    }
  }

  /** Scrolls the editor alone: the page stays where whoever reads it has it. */
  #scroll(at: number): void {
    this.view.requestMeasure({
      key: "reveal",
      read: (view) => view.lineBlockAt(Math.min(at, view.state.doc.length)).top - view.scrollDOM.clientHeight / 2,
      write: (top, view) => (view.scrollDOM.scrollTop = top),
    });
  }

  #state(name: string, text: string): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        marks.marks,
        highlightActiveLine(),
        highlightActiveLineGutter(),
        history(),
        drawSelection(),
        highlightSelectionMatches(),
        search({ top: true }),
        yaml(),
        yaml().language.data.of({ autocomplete: complete }),
        autocompletion({ icons: false }),
        // Tab stays the browser's, so that nobody is caught in the editor.
        keymap.of([...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
        findings.findings,
        theme,
        EditorView.contentAttributes.of({ "aria-label": name === "" ? "Policy file" : `Policy file ${name}`, spellcheck: "false", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.#changed(this.#name, update.state.doc.toString());
        }),
      ],
    });
  }
}
