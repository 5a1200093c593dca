// The policy files in tabs: which are open, which is shown, which have findings; adding and taking away. Knows names and texts.

import type { Diagnostic, MatchedRule } from "bailiwick-wasm";

import { counted, fill, h, prose } from "../element";
import type { Child } from "../element";
import type { Files } from "../texts";
import { short } from "../words";
import { Editor } from "./editor";

/** Tabs that a set opens with. */
const OPENED_MAX = 4;

export interface Owner {
  /** A text was changed, or a file added (as an empty text) or taken away (null). */
  edit: (name: string, text: string | null) => void;
}

export class FilesPanel {
  readonly element: HTMLElement;
  readonly editor: Editor;
  #files: Files = {};
  #shipped: Files = {};
  #open: string[] = [];
  #name = "";
  #findings: Diagnostic[] = [];
  #rules: MatchedRule[] = [];
  #deciding: MatchedRule | null = null;
  #tabs = h("div.tabs.files", { role: "tablist", "aria-label": "Open policy files", keydown: (event: KeyboardEvent) => this.#key(event) });
  #pick = h("select", { id: "file-choice", change: () => this.open(this.#pick.value) });
  #path = h("p.path", { id: "file-path" });
  #list = h("div.problems", { role: "region", "aria-label": "What is wrong in the policies", hidden: true });
  #added = h("input", { id: "file-new", type: "text", placeholder: "team/search/rules.yaml", spellcheck: "false", autocapitalize: "off" });
  #reverting = h("button.small.quiet", { type: "button", id: "file-revert", click: () => this.#revert() }, "Undo all changes");
  #adding = h("form.adding", { hidden: true, submit: (event: Event) => this.#add(event) });
  readonly #owner: Owner;

  constructor(owner: Owner) {
    this.#owner = owner;
    const pane = h("div.editor", { id: "editor", role: "tabpanel", "aria-labelledby": "file-path" });
    this.editor = new Editor(pane, (name, text) => this.#changed(name, text));
    this.#adding.append(
      h("label", { for: "file-new" }, "Name of the new file; its folders say for whom it speaks"),
      this.#added,
      h("button.small", { type: "submit" }, "Add"),
      h("button.small.quiet", { type: "button", click: () => this.#ask(false) }, "Cancel"),
    );
    this.element = h(
      "div.files-panel",
      {},
      h(
        "div.bar",
        {},
        h("label.hidden", { for: "file-choice" }, "Show a policy file"),
        this.#pick,
        h("button.small.quiet", { type: "button", id: "file-add", click: () => this.#ask(true) }, "New file"),
        h("button.small.quiet", { type: "button", id: "file-drop", "aria-label": "Delete this file", click: () => this.#drop() }, "Delete"),
        this.#reverting,
      ),
      this.#adding,
      this.#tabs,
      this.#path,
      pane,
      this.#list,
    );
  }

  /** Opens the files of a set; those given are opened in tabs. */
  set(files: Files, shipped: Files, open: string[]): void {
    this.#files = { ...files };
    this.#shipped = shipped;
    this.#findings = [];
    this.#rules = [];
    this.#deciding = null;
    this.editor.clear();
    const there = open.filter((name) => Object.hasOwn(files, name));
    this.#open = there.length > 0 ? there : Object.keys(files).slice(0, 1);
    this.#draw();
    this.open(this.#open[0] ?? "");
  }

  get name(): string {
    return this.#name;
  }

  /** Shows a file, in a tab of its own. */
  open(name: string): void {
    if (!Object.hasOwn(this.#files, name)) return;
    if (!this.#open.includes(name)) this.#open.push(name);
    this.#name = name;
    this.editor.open(name, this.#files[name]!);
    this.editor.show(this.#findings, this.#rules, this.#deciding);
    this.#draw();
  }

  /** Opens the files of rules that fired, the deciding one first, where the visitor has not opened any. */
  suggest(sources: string[]): void {
    for (const source of sources) {
      if (OPENED_MAX <= this.#open.length) break;
      if (Object.hasOwn(this.#files, source) && !this.#open.includes(source)) this.#open.push(source);
    }
    this.#draw();
  }

  jump(source: string, line: number, column = 1, focus = true): void {
    this.open(source);
    if (this.#name === source) this.editor.reveal(line, column, focus);
  }

  /** What is wrong with the policies. */
  find(findings: Diagnostic[]): void {
    this.#findings = findings;
    this.editor.show(findings, this.#rules, this.#deciding);
    this.#draw();
    this.#problems();
  }

  /** The rules that fired on the call. */
  fired(rules: MatchedRule[], deciding: MatchedRule | null): void {
    this.#rules = rules;
    this.#deciding = deciding;
    this.editor.show(this.#findings, rules, deciding);
  }

  #changed(name: string, text: string): void {
    if (!Object.hasOwn(this.#files, name)) return;
    this.#files[name] = text;
    this.#owner.edit(name, text);
    this.#draw();
  }

  #draw(): void {
    const names = Object.keys(this.#files).sort();
    const groups = new Map<string, string[]>();
    for (const name of names) {
      const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "";
      groups.set(folder, [...(groups.get(folder) ?? []), name]);
    }
    const option = (name: string): Child => h("option", { value: name }, `${this.#sign(name)}${short(name)}`);
    fill(this.#pick, [...groups].map(([folder, list]) => h("optgroup", { label: folder === "" ? "files" : folder }, list.map(option))));
    this.#pick.value = this.#name;
    fill(this.#tabs, this.#open.map((name) => this.#tab(name)));
    this.#path.textContent = this.#name;
    this.#reverting.disabled = names.length === Object.keys(this.#shipped).length && names.every((name) => this.#files[name] === this.#shipped[name]);
  }

  #sign(name: string): string {
    if (this.#findings.some((it) => it.severity === "error" && it.labels[0]?.source === name)) return "✕ ";
    return this.#files[name] === this.#shipped[name] ? "" : "• ";
  }

  #tab(name: string): Child {
    const shown = name === this.#name;
    const sign = this.#sign(name);
    const about = sign === "✕ " ? ", has errors" : sign === "• " ? ", changed" : "";
    const tab = h(
      "button.tab",
      {
        type: "button",
        role: "tab",
        "aria-selected": shown ? "true" : "false",
        "aria-controls": "editor",
        tabindex: shown ? 0 : -1,
        title: `${name}${about}`,
        "data-key": `tab ${name}`,
        "data-file": name,
        click: () => this.open(name),
        auxclick: () => this.#close(name),
      },
      sign === "" ? null : h("span.sign", { "aria-hidden": "true" }, sign),
      short(name),
      about === "" ? null : h("span.hidden", {}, about),
    );
    return tab;
  }

  /** Arrows go from tab to tab, as tab lists do; Delete closes one. */
  #key(event: KeyboardEvent): void {
    const at = this.#open.indexOf(this.#name);
    const last = this.#open.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const name = this.#open[to]!;
      this.open(name);
      this.#tabs.querySelector<HTMLElement>(`[data-file="${CSS.escape(name)}"]`)?.focus();
    } else if (event.key === "Delete") {
      event.preventDefault();
      this.#close(this.#name);
      this.#tabs.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
    }
  }

  #close(name: string): void {
    if (this.#open.length < 2) return;
    const at = this.#open.indexOf(name);
    this.#open.splice(at, 1);
    if (name === this.#name) this.open(this.#open[Math.max(0, at - 1)]!);
    else this.#draw();
  }

  #problems(): void {
    const all = this.#findings;
    const errors = all.filter((it) => it.severity === "error").length;
    this.#list.hidden = all.length === 0;
    const item = (it: Diagnostic): Child => {
      const label = it.labels[0];
      const where = label === undefined || label.source === "" ? null : h("button.place", { type: "button", click: () => this.jump(label.source, label.start.line, label.start.column) }, `${short(label.source)} line ${label.start.line}`);
      return h(`li.${it.severity}` as "li", {}, h("b", {}, it.severity), " ", prose(it.message), " ", where, it.help === null ? null : h("span.cure", {}, " cure: ", prose(it.help)));
    };
    const title = [errors === 0 ? null : counted(errors, "error"), errors === all.length ? null : counted(all.length - errors, "warning")].filter((it) => it !== null);
    fill(this.#list, h("p", {}, h("b", {}, title.join(", "))), h("ul", {}, all.slice(0, 50).map(item)));
  }

  #ask(asks: boolean): void {
    this.#adding.hidden = !asks;
    if (asks) this.#added.focus();
  }

  #add(event: Event): void {
    event.preventDefault();
    const name = this.#added.value.trim().replace(/^\/+/, "");
    if (name === "") return;
    const full = /\.ya?ml$/.test(name) ? name : `${name}.yaml`;
    if (!Object.hasOwn(this.#files, full)) {
      this.#files[full] = "rules: []\n";
      this.#owner.edit(full, this.#files[full]);
    }
    this.#added.value = "";
    this.#ask(false);
    this.open(full);
    this.editor.view.focus();
  }

  #drop(): void {
    const name = this.#name;
    if (Object.keys(this.#files).length < 2) return;
    delete this.#files[name];
    this.#open = this.#open.filter((it) => it !== name);
    if (this.#open.length === 0) this.#open.push(Object.keys(this.#files)[0]!);
    this.#owner.edit(name, null);
    this.open(this.#open[0]!);
  }

  #revert(): void {
    const changed = new Set([...Object.keys(this.#files), ...Object.keys(this.#shipped)].filter((name) => this.#files[name] !== this.#shipped[name]));
    for (const name of changed) {
      const text = this.#shipped[name] ?? null;
      if (text === null) delete this.#files[name];
      else this.#files[name] = text;
      this.#owner.edit(name, text);
    }
    this.#open = this.#open.filter((name) => Object.hasOwn(this.#files, name));
    this.open(Object.hasOwn(this.#files, this.#name) ? this.#name : (this.#open[0] ?? Object.keys(this.#files)[0]!));
  }
}
