// The policy tests: run, counted, and each that fails with what was expected. Knows no policy.

import type { Diagnostic, TestReport } from "bailiwick-wasm";

import type { Tested } from "../bench";
import { counted, fill, h, prose } from "../element";
import type { Child } from "../element";
import { short } from "../words";

type Jump = (source: string, line: number, column?: number) => void;

export class TestsPanel {
  readonly element: HTMLElement;
  #said = h("p.result", { id: "tests-result", role: "status" }, "The tests that lie beside the policies have not been run.");
  #list = h("div.list");
  readonly #jump: Jump;

  constructor(run: () => void, jump: Jump) {
    this.#jump = jump;
    this.element = h(
      "div.panel",
      {},
      h("div.bar", {}, h("button", { type: "button", id: "tests-run", click: run }, "Run the tests"), this.#said),
      this.#list,
    );
  }

  running(): void {
    this.#said.textContent = "Running…";
  }

  show({ reports, diagnostics, ms }: Tested): void {
    if (reports === null) {
      this.#said.textContent = "Nothing was run: the policies or the tests cannot be read.";
      fill(this.#list, h("ul.tests", {}, diagnostics.map((it) => this.#finding(it))));
      return;
    }
    const failed = reports.filter((it) => !it.passed);
    this.#said.textContent =
      reports.length === 0 ? "This set has no tests." : `${counted(reports.length - failed.length, "test")} passed, ${failed.length} failed, in ${Math.round(ms)} ms.`;
    const files = Map.groupBy(reports, (it) => it.place.source);
    fill(this.#list, h("ul.tests", {}, failed.map((it) => this.#report(it))), [...files].map(([source, all]) => this.#file(source, all)));
  }

  #file(source: string, all: TestReport[]): Child {
    const passed = all.filter((it) => it.passed);
    return h(
      "details.file",
      { "data-key": `tests ${source}` },
      h("summary", {}, h("span.mark", { "aria-hidden": "true" }, passed.length === all.length ? "✓" : "✕"), " ", source, h("span.aside", {}, ` ${passed.length} of ${all.length} passed`)),
      h("ul.tests", {}, passed.map((it) => this.#report(it))),
    );
  }

  #report(it: TestReport): Child {
    const place = h("button.place", { type: "button", click: () => this.#jump(it.place.source, it.place.line) }, `${short(it.place.source)} line ${it.place.line}`);
    const why = it.failures.map((failure) => h("li", {}, prose(failure)));
    return h(`li.${it.passed ? "passed" : "failed"}` as "li", {}, h("span.mark", { "aria-hidden": "true" }, it.passed ? "✓" : "✕"), h("span", {}, h("b", {}, it.passed ? "passed" : "failed"), ` ${it.name} `, place, why.length === 0 ? null : h("ul", {}, why)));
  }

  #finding(it: Diagnostic): Child {
    const label = it.labels[0];
    const place = label === undefined ? null : h("button.place", { type: "button", click: () => this.#jump(label.source, label.start.line, label.start.column) }, `${short(label.source)} line ${label.start.line}`);
    return h("li.failed", {}, h("span.mark", { "aria-hidden": "true" }, "✕"), h("span", {}, prose(it.message), " ", place, it.help === null ? null : h("div.cure", {}, prose(it.help))));
  }
}
