// Light and dark: as the system says, until the visitor says otherwise.

import { h } from "./element";

const KEY = "bailiwick-theme";

export function themeButton(): HTMLElement {
  const dark = (): boolean => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const button = h("button.small.quiet", { type: "button", id: "theme", click: () => choose(dark() ? "light" : "dark") });
  const draw = (): void => {
    button.textContent = dark() ? "Light" : "Dark";
    button.setAttribute("aria-label", dark() ? "Light colours" : "Dark colours");
  };
  const choose = (theme: string): void => {
    document.documentElement.dataset.theme = theme;
    keep(theme);
    draw();
  };
  const known = kept();
  if (known === "light" || known === "dark") document.documentElement.dataset.theme = known;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
  return button;
}

/** A browser may keep nothing; then the system's choice holds at the next visit. */
function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Not kept.
  }
}
