// The call that is asked about: chosen from a list, written in a form, or as JSON. Knows no policy and no answer but the word
// beside each call of the list.

import type { Outcome } from "bailiwick-wasm";

import { h } from "../element";
import { fill } from "../element";
import type { Request } from "../texts";
import { WORD } from "../words";
import { AROUND, FORMS, fieldsOf } from "./forms";
import type { Field } from "./forms";
import { said, shown } from "./request";

export class CallPanel {
  readonly element: HTMLElement;
  #request: Request = {};
  #calls: Request[] = [];
  #choose = h("select", { id: "call-choice", change: () => this.#chosen() });
  #action = h("select", { id: "call-action", change: () => this.#acted() });
  #fields = h("div.fields", { id: "call-fields" });
  #around = h("div.fields.pairs");
  #json = h("textarea", {
    id: "call-json",
    spellcheck: "false",
    autocapitalize: "off",
    rows: 16,
    "aria-describedby": "call-json-said",
    input: () => this.#typed(),
  });
  #jsonSaid = h("p.note", { id: "call-json-said" }, "All of the request. What is written here is what is asked.");
  #whoSaid = h("span.aside");
  /** Told what is asked now; and whether it was chosen from the list. */
  readonly #changed: (request: Request | string, chosen: boolean) => void;

  constructor(changed: (request: Request | string, chosen: boolean) => void) {
    this.#changed = changed;
    this.element = h(
      "section.call",
      { "aria-labelledby": "call-title" },
      h(
        "div.head",
        {},
        h("h2", { id: "call-title" }, "The call"),
        h("label.inline", { for: "call-choice" }, h("span.hidden", {}, "Calls of this example"), this.#choose),
      ),
      h("p.sentence", {}, h("label", { for: "call-action" }, "The agent wants to"), " ", this.#action),
      this.#fields,
      h("details", {}, h("summary", {}, "Who and where ", this.#whoSaid), this.#around),
      h("details", {}, h("summary", {}, "The request as JSON"), h("label.hidden", { for: "call-json" }, "The request as JSON"), this.#json, this.#jsonSaid),
    );
  }

  /** The calls to choose from. */
  offer(calls: Request[]): void {
    this.#calls = calls;
    this.#list([]);
  }

  /** What became of each of them, as they are shipped. */
  mark(outcomes: Outcome[]): void {
    this.#list(outcomes);
  }

  show(request: Request): void {
    this.#request = request;
    this.#draw();
    this.#json.value = JSON.stringify(request, null, 2);
    this.#valid(null);
  }

  /** Shows a request that is no JSON, as it was written. */
  showText(text: string): void {
    this.#json.value = text;
    this.#typed();
  }

  #list(outcomes: Outcome[]): void {
    const chosen = this.#choose.value;
    const options = this.#calls.map((call, at) => h("option", { value: at }, label(call, at, outcomes[at])));
    fill(this.#choose, h("option", { value: "" }, `Choose one of ${this.#calls.length} calls…`), options);
    this.#choose.value = chosen;
    this.#match();
  }

  #match(): void {
    const at = this.#calls.findIndex((call) => call.tool_call_id === this.#request.tool_call_id && same(call, this.#request));
    this.#choose.value = at === -1 ? "" : String(at);
  }

  #draw(): void {
    const request = this.#request;
    const action = String(request.action ?? "");
    const known = FORMS.map((form) => h("option", { value: form.action }, form.label));
    const other = FORMS.some((form) => form.action === action) ? null : h("option", { value: action }, action);
    fill(this.#action, other, known);
    this.#action.value = action;
    fill(this.#fields, fieldsOf(request).map((field, at) => this.#field(field, `call-field-${at}`)));
    fill(this.#around, AROUND.map((field, at) => this.#field(field, `call-around-${at}`)));
    const where = AROUND.map((field) => shown(request, field)).filter((it) => it !== "");
    this.#whoSaid.textContent = where.slice(0, 1).concat(where.slice(2)).join(" · ");
    this.#match();
  }

  #field(field: Field, id: string): HTMLElement {
    const now = shown(this.#request, field);
    if (typeof now === "boolean") {
      const box = h("input", { type: "checkbox", id, "data-key": id, change: () => this.#say(field, box.checked) });
      box.checked = now;
      return h("label.check", { for: id }, box, " ", field.label);
    }
    const input = this.#input(field, id, now);
    const hint = field.hint === undefined ? null : h("span.aside", {}, ` (${field.hint})`);
    return h(`div.field.${field.kind}`, {}, h("label", { for: id }, field.label, hint), input);
  }

  #input(field: Field, id: string, now: string): HTMLElement {
    if (field.kind === "choice") {
      const options = [...new Set(["", now, ...(field.options ?? [])])];
      const select = h(
        "select",
        { id, "data-key": id, change: () => this.#say(field, select.value) },
        options.map((it) => h("option", { value: it }, it === "" ? "not said" : it)),
      );
      select.value = now;
      return select;
    }
    const input = h("input", {
      id,
      type: "text",
      inputmode: field.kind === "number" ? "numeric" : null,
      "data-key": id,
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      input: () => this.#say(field, input.value),
    });
    input.value = now;
    return input;
  }

  /** What a field says. The fields stay as they are: whoever types in one must not lose it. */
  #say(field: Field, value: string | boolean): void {
    this.#request = said(this.#request, field, value);
    this.#json.value = JSON.stringify(this.#request, null, 2);
    this.#match();
    this.#changed(this.#request, false);
  }

  #chosen(): void {
    const call = this.#calls[Number(this.#choose.value)];
    if (this.#choose.value === "" || call === undefined) return;
    this.show(call);
    this.#changed(call, true);
  }

  #acted(): void {
    const form = FORMS.find((it) => it.action === this.#action.value);
    if (form === undefined) return;
    this.show({ ...this.#request, action: form.action, arguments: JSON.parse(JSON.stringify(form.sample)) });
    this.#changed(this.#request, false);
  }

  #typed(): void {
    try {
      const request: unknown = JSON.parse(this.#json.value);
      if (typeof request !== "object" || request === null || Array.isArray(request)) throw new Error("a request is an object");
      this.#request = request as Request;
      this.#draw();
      this.#valid(null);
      this.#changed(this.#request, false);
    } catch (error) {
      this.#valid((error as Error).message);
      this.#changed(this.#json.value, false);
    }
  }

  #valid(problem: string | null): void {
    this.#json.setAttribute("aria-invalid", String(problem !== null));
    this.#jsonSaid.textContent = problem === null ? "All of the request. What is written here is what is asked." : `No JSON: ${problem}`;
  }
}

function same(a: Request, b: Request): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function label(call: Request, at: number, outcome: Outcome | undefined): string {
  const args = (call.arguments ?? {}) as Request;
  const what = args.command ?? (args.argv as string[] | undefined)?.join(" ") ?? args.path ?? args.url ?? args.service ?? args.mcp_tool ?? args.secret ?? args.model ?? "";
  const mark = outcome === undefined ? "" : `${WORD[outcome].mark} `;
  return `${mark}${at + 1}. ${String(call.action)} ${String(what)}`.slice(0, 90);
}
