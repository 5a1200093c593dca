// Completion in policy files: the keys and words that the schema lets stand where the cursor is. Where the cursor is it reads
// from the indentation, which a file that is being typed still has when it is no YAML any more.

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Text } from "@codemirror/state";

import { at, keys, words } from "./schema";
import type { Schema, Word } from "./schema";

/** Fetched when it is first needed: it is larger than the rest of the page. */
let schema: Promise<Schema> | undefined;

export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w.*$-]*/);
  if (word === null || (word.from === word.to && !context.explicit && !isInvited(context))) return null;
  const root = await (schema ??= import("virtual:schema").then((it) => it.default));
  const where = place(context.state.doc, context.pos);
  const found = isCondition(where) ? (root.attributes ?? []) : where.key === null ? [...keys(at(root, where.path)), ...(where.inList ? words(root, at(root, where.path)) : [])] : words(root, at(root, [...where.path, where.key]));
  const options = found.map((it) => option(it, where.flow));
  return options.length === 0 ? null : { from: word.from, options, validFor: /^[\w.*$-]*$/ };
}

/** Whether a condition is typed, whose words are attributes. */
function isCondition({ path, key }: Where): boolean {
  return [key, ...path.slice(-2)].some((it) => it === "when" || it === "unless") || (key !== null && path.at(-1) === "criteria");
}

/** Behind `key: `, `- `, `[` and `, ` something is expected. */
function isInvited(context: CompletionContext): boolean {
  return context.matchBefore(/(^\s*-\s|:\s|[[{,]\s?)$/) !== null;
}

function option({ text, about, isKey }: Word, flow: boolean): Completion {
  return { label: text, detail: about, type: isKey ? "property" : "enum", apply: isKey && !flow ? `${text}: ` : text, boost: isKey ? 1 : 0 };
}

/** Where something is typed: the keys that lead there, the key whose value it is, or null where a key is typed. */
export interface Where {
  path: string[];
  key: string | null;
  inList: boolean;
  /** Whether it is between braces, where a key needs no line of its own. */
  flow: boolean;
}

export function place(text: Text, pos: number): Where {
  const line = text.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  const [, indent, dashes, rest] = /^(\s*)((?:-\s+)*)(.*)$/.exec(before)!;
  const path = above(text, line.number, indent!.length + dashes!.length, dashes!.length > 0 ? indent!.length : null);
  return inside(path, rest!, dashes!.length > 0);
}

/** The keys of the lines above that this one lies below. `item` is where its own dash stands, if it has one. */
function above(text: Text, number: number, column: number, item: number | null): string[] {
  const path: string[] = item === null ? [] : ["-"];
  let limit = item ?? column;
  let listed = item !== null;
  for (let at = number - 1; 0 < at && (0 < limit || listed); at--) {
    const line = text.line(at).text;
    const found = /^(\s*)((?:-\s+)*)([\w.$*/-]+):(?:\s|$)/.exec(line);
    if (/^\s*(#|$)/.test(line)) continue;
    const dash = /^(\s*)-\s/.exec(line);
    if (found !== null) {
      const [, indent, dashes, key] = found;
      const own = indent!.length + dashes!.length;
      // A list may stand in the column of the key whose value it is.
      if (own < limit || (listed && own <= limit && dashes === "")) {
        path.unshift(key!);
        limit = own;
        listed = false;
      }
    }
    if (dash !== null && dash[1]!.length < limit) {
      path.unshift("-");
      limit = dash[1]!.length;
      listed = true;
    }
  }
  return path;
}

/** The rest of the way within the line: braces and brackets that are open at the cursor. */
function inside(path: string[], rest: string, item: boolean): Where {
  const where: Where = { path, key: null, inList: item, flow: false };
  const open: ("{" | "[")[] = [];
  let token = "";
  for (const char of rest) {
    if (char === "{" || char === "[") {
      if (where.key !== null) where.path = [...where.path, where.key];
      else if (open.at(-1) === "[") where.path = [...where.path, "-"];
      open.push(char);
      [where.key, token, where.flow] = [null, "", true];
    } else if (char === "}" || char === "]") {
      open.pop();
      where.path = where.path.slice(0, -1);
      [where.key, token] = [null, ""];
    } else if (char === "," && open.length > 0) {
      [where.key, token] = [null, ""];
    } else if (char === ":" && open.at(-1) !== "[") {
      if (where.key === null) [where.key, token] = [token.trim(), ""];
    } else {
      token += char;
    }
  }
  where.inList = open.at(-1) === "[" || (item && open.length === 0 && where.key === null);
  if (open.at(-1) === "[" && where.key === null) return { ...where, key: where.path.at(-1) ?? null, path: where.path.slice(0, -1) };
  return where;
}
