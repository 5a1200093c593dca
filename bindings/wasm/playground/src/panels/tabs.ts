// A list of tabs with a panel each, as the practices for accessible pages have them: arrows go from tab to tab, Tab into the
// panel. Knows nothing of what the panels show.

import { h } from "../element";

export interface Tab {
  id: string;
  title: string;
  panel: HTMLElement;
}

export class Tabs {
  readonly element: HTMLElement;
  #tabs: { id: string; button: HTMLButtonElement; panel: HTMLElement }[];
  #chosen = "";
  readonly #opened: (id: string) => void;

  constructor(name: string, tabs: Tab[], opened: (id: string) => void) {
    this.#opened = opened;
    this.#tabs = tabs.map(({ id, title, panel }) => ({
      id,
      button: h("button.tab", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, click: () => this.open(id) }, title),
      panel: h("div.tabpanel", { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}` }, panel),
    }));
    const list = h("div.tabs.main", { role: "tablist", "aria-label": name, keydown: (event: KeyboardEvent) => this.#key(event) }, this.#tabs.map((it) => it.button));
    this.element = h("section.workspace", { "aria-label": name, id: "workspace" }, list, this.#tabs.map((it) => it.panel));
    this.#draw(tabs[0]!.id);
  }

  get chosen(): string {
    return this.#chosen;
  }

  open(id: string): void {
    if (!this.#tabs.some((it) => it.id === id)) return;
    this.#draw(id);
    this.#opened(id);
  }

  #draw(id: string): void {
    this.#chosen = id;
    for (const tab of this.#tabs) {
      const chosen = tab.id === id;
      tab.button.setAttribute("aria-selected", String(chosen));
      tab.button.tabIndex = chosen ? 0 : -1;
      tab.panel.hidden = !chosen;
    }
  }

  #key(event: KeyboardEvent): void {
    const at = this.#tabs.findIndex((it) => it.id === this.#chosen);
    const last = this.#tabs.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.open(this.#tabs[to]!.id);
    this.#tabs[to]!.button.focus();
  }
}
