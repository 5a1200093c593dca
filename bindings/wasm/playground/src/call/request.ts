// A request as an object that fields read and write. Makes new objects and changes none. Knows how requests spell a thing in
// more than one way, and nothing of what it means.

import type { Request } from "../texts";
import type { Field, Path } from "./forms";

/** What stands somewhere, as a field shows it. */
export function shown(request: Request, field: Field): string | boolean {
  const value = lookup(request, field.at);
  if (field.kind === "check") return value === true;
  if (field.kind === "command" && value === undefined) return words(lookup(request, ["arguments", "argv"]));
  if (Array.isArray(value)) return value.map(text).join(", ");
  return text(value);
}

/** The request with what a field says. */
export function said(request: Request, field: Field, value: string | boolean): Request {
  const old = lookup(request, field.at);
  const next = put(request, field.at, parsed(field, value, old));
  if (field.kind !== "command") return next;
  // A line for a shell stands in place of words for the system.
  const { argv: _, ...rest } = next.arguments as Request;
  return { ...next, arguments: rest };
}

/** The request with a value at a JSON pointer. */
export function patched(request: Request, pointer: string, value: unknown): Request {
  return put(request, pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~")), value);
}

function parsed(field: Field, value: string | boolean, old: unknown): unknown {
  if (typeof value === "boolean") return value;
  if (field.kind === "number") return value.trim() === "" ? undefined : Number(value);
  if (field.kind === "list") {
    const list = value.split(",").map((it) => it.trim());
    return list.filter((it) => it !== "").map((it) => keep(it, old));
  }
  if (field.at[0] === "scope") {
    if (value.trim() === "") return null;
    return isObject(old) ? { ...old, id: value } : value;
  }
  return field.kind === "choice" && value === "" ? undefined : value;
}

/** The files of a change may be objects; one whose path is still there stays what it is. */
function keep(path: string, old: unknown): unknown {
  const list = Array.isArray(old) ? old : [];
  return list.find((it) => isObject(it) && it.path === path) ?? path;
}

function lookup(request: unknown, [first, ...rest]: Path): unknown {
  if (first === undefined) return request;
  return isObject(request) ? lookup(request[first], rest) : undefined;
}

function put(request: Request, [first, ...rest]: Path, value: unknown): Request {
  if (first === undefined) return request;
  const below = isObject(request[first]) ? (request[first] as Request) : {};
  const next = { ...request, [first]: rest.length === 0 ? value : put(below, rest, value) };
  if (next[first] === undefined) delete next[first];
  return next;
}

function isObject(value: unknown): value is Request {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (isObject(value)) return text(value.id ?? value.path ?? value.name ?? JSON.stringify(value));
  return String(value);
}

/** Words for the system as a line for a shell. */
function words(argv: unknown): string {
  if (!Array.isArray(argv)) return "";
  const plain = /^[\w@%+=:,./-]+$/;
  return argv.map((word) => (plain.test(String(word)) ? String(word) : `'${String(word).replaceAll("'", `'\\''`)}'`)).join(" ");
}
