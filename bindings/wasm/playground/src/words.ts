// The words of the page for what the engine says: each outcome with its mark, each level with whose it is.

import type { Level, MatchedRule, Outcome } from "bailiwick-wasm";

export const WORD: { [K in Outcome]: { mark: string; word: string; long: string } } = {
  allowed: { mark: "✓", word: "allowed", long: "Allowed" },
  ask_approval: { mark: "?", word: "asks", long: "Asks for approval" },
  denied: { mark: "✕", word: "denied", long: "Denied" },
};

export const LEVELS: [Level, string][] = [
  ["platform", "whoever runs the agents"],
  ["organization", "the company"],
  ["team", "who owns the code"],
  ["repository", "one repository"],
  ["campaign", "one change over many"],
  ["task", "one task"],
  ["runtime", "one sandbox"],
  ["tool_call", "one tool"],
];

/** What a rule that fired does. */
export function deed(rule: MatchedRule): string {
  if (rule.effect === "only") return rule.match === "false" ? "closes" : "passes";
  if (rule.effect === "engine") return "engine";
  const word = { allow: "allows", ask: "asks", deny: "denies", gate: "gates", require: "requires", limit: "limits", switch: "switch" }[rule.effect];
  return rule.match === "unknown" ? `${word} (not known)` : word;
}

/** Which outcome a rule that fired speaks for, to colour it by; null where it restricts nothing. */
export function tone(rule: MatchedRule): Outcome | null {
  if (rule.effect === "allow") return "allowed";
  if (rule.effect === "ask") return "ask_approval";
  if (rule.effect === "only") return rule.match === "false" ? "denied" : null;
  if (rule.effect === "deny" || rule.effect === "engine" || rule.effect === "switch") return "denied";
  return null;
}

/** A long name of a file by its last parts. */
export function short(source: string): string {
  return source.split("/").slice(-1).join("/");
}
