// Elements of the page, made of a tag, attributes and children. Knows nothing of what they show.

export type Child = Node | string | null | undefined | false | Child[];

type Attributes = { [name: string]: string | number | boolean | null | undefined | ((event: never) => void) };

/** `h("p.note", {id: "a"}, "text")`. A function is a listener; true is an empty attribute; false and null are none. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  what: Tag | `${Tag}.${string}`,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const [tag, ...classes] = what.split(".") as [Tag, ...string[]];
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(" ");
  set(element, attributes);
  append(element, children);
  return element;
}

/** The same for drawings. */
export function s(what: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const [tag, ...classes] = what.split(".") as [string, ...string[]];
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  if (classes.length > 0) element.setAttribute("class", classes.join(" "));
  set(element, attributes);
  append(element, children);
  return element;
}

function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

function append(element: Element, children: Child[]): void {
  for (const child of children.flat(8) as Exclude<Child, Child[]>[]) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/** Puts new children in place of the old, and the focus back on the one with the same `data-key`. */
export function fill(element: Element, ...children: Child[]): void {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.closest<HTMLElement>("[data-key]")?.dataset.key;
  const open = new Set(Array.from(element.querySelectorAll<HTMLElement>("details[data-key][open]"), (it) => it.dataset.key));
  element.replaceChildren();
  append(element, children);
  for (const details of element.querySelectorAll<HTMLDetailsElement>("details[data-key]")) {
    if (open.has(details.dataset.key)) details.open = true;
  }
  if (key !== undefined) element.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

/** Text in which what stands between backticks is code. */
export function prose(text: string): Child[] {
  return text.split(/`([^`]*)`/).map((part, at) => (at % 2 === 0 ? part : h("code", {}, part)));
}

/** One thing or several, in words. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
