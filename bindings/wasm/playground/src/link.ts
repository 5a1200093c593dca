// What is seen, as a link: the set by its name, what was changed in it, the request, the approvals. It stands behind the `#` of
// the address, which browsers send to nobody. Whatever an address holds is read with suspicion: it may be cut or made up.

import type { Tick } from "./answer/approvals";
import type { Files } from "./texts";

/** What a link brings back. */
export interface Seen {
  set: string;
  /** A word on the texts of the set when the link was made. */
  base: string;
  /** The files that differ from the set; null where one is gone. */
  edits: { [name: string]: string | null };
  /** The same of the version before, where one was kept. */
  before: { [name: string]: string | null } | null;
  request: string;
  ticks: Tick[];
  file: string;
  panel: string;
}

const VERSION = "v1";
/** Characters of a link, and of what it unfolds to: more is made by nobody who shares a policy. */
const LINK_MAX = 400_000;
const TEXT_MAX = 4_000_000;

export async function write(seen: Seen): Promise<string> {
  const packed = new Blob([JSON.stringify(seen)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `#${VERSION}=${btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** What a link says; a text says why it cannot be read. */
export async function read(hash: string): Promise<Seen | string> {
  const [version, body] = [hash.slice(1).split("=")[0], hash.slice(hash.indexOf("=") + 1)];
  if (version !== VERSION) return /^v\d+$/.test(version ?? "") ? "it was made by another version of this page" : "it is no link of this page";
  if (LINK_MAX < body.length) return "it is longer than any link of this page";
  try {
    const seen: unknown = JSON.parse(await unpacked(body));
    return isSeen(seen) ? seen : "it does not hold what a link of this page holds";
  } catch {
    return "it is damaged; some programs cut long links";
  }
}

async function unpacked(body: string): Promise<string> {
  const bytes = Uint8Array.from(atob(body.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (TEXT_MAX < text.length) throw new Error("too much");
  }
}

function isSeen(it: unknown): it is Seen {
  if (!isObject(it)) return false;
  const texts = [it.set, it.base, it.request, it.file, it.panel].every((text) => typeof text === "string");
  return texts && isEdits(it.edits) && (it.before === null || isEdits(it.before)) && Array.isArray(it.ticks) && it.ticks.every(isTick);
}

function isEdits(it: unknown): boolean {
  return isObject(it) && Object.values(it).every((text) => text === null || typeof text === "string");
}

function isTick(it: unknown): boolean {
  return isObject(it) && typeof it.requirement === "string" && typeof it.slot === "number" && typeof it.operation === "string" && isObject(it.approver) && typeof it.approver.id === "string";
}

function isObject(it: unknown): it is { [key: string]: unknown } {
  return typeof it === "object" && it !== null && !Array.isArray(it);
}

/** What is different from the files of a set. */
export function edits(files: Files, shipped: Files): { [name: string]: string | null } {
  const names = new Set([...Object.keys(files), ...Object.keys(shipped)]);
  const changed = [...names].filter((name) => files[name] !== shipped[name]);
  return Object.fromEntries(changed.map((name) => [name, files[name] ?? null]));
}

/** The files of a set with such differences. */
export function edited(shipped: Files, changes: { [name: string]: string | null }): Files {
  const files = { ...shipped };
  for (const [name, text] of Object.entries(changes)) {
    if (text === null) delete files[name];
    else files[name] = text;
  }
  return files;
}

/** A word on texts, to see whether they are still the same. It protects nothing (FNV-1a, and works where there is no TLS). */
export function base(files: Files): string {
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(files)) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(16);
}
