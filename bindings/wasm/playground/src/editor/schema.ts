// The schema of policy files as a tree to walk: which keys may stand somewhere, and which words. Knows nothing of editors.

export interface Schema {
  /** At the root: the attributes that conditions read. */
  attributes?: Word[];
  $ref?: string;
  $defs?: { [name: string]: Schema };
  anyOf?: Schema[];
  oneOf?: Schema[];
  const?: unknown;
  description?: string;
  enum?: unknown[];
  items?: Schema;
  patternProperties?: { [pattern: string]: Schema };
  properties?: { [name: string]: Schema };
  type?: string | string[];
}

/** A word that may stand somewhere. */
export interface Word {
  text: string;
  about: string;
  isKey: boolean;
}

/** How far alternatives are followed; the schemas are not deeper. */
const DEPTH_MAX = 24;

/** The schemas of what stands at a path, whose `-` is an item of a list. */
export function at(root: Schema, path: readonly string[]): Schema[] {
  const into = (here: Schema[], step: string): Schema[] => here.flatMap((node) => below(node, step)).flatMap((node) => spread(root, node));
  return path.reduce(into, spread(root, root));
}

/** The keys that may stand in one of these. */
export function keys(nodes: Schema[]): Word[] {
  const found = new Map<string, Word>();
  for (const [name, node] of nodes.flatMap((node) => Object.entries(node.properties ?? {}))) {
    if (!found.has(name)) found.set(name, { text: name, about: node.description ?? "", isKey: true });
  }
  return [...found.values()];
}

/** The words that one of these may be. */
export function words(root: Schema, nodes: Schema[]): Word[] {
  const values = nodes.flatMap((node) => {
    const items = node.items === undefined ? [] : spread(root, node.items);
    return [node, ...items].flatMap((it) => [...(it.enum ?? []), ...(it.const === undefined ? [] : [it.const]), ...(it.type === "boolean" ? [true, false] : [])]);
  });
  return [...new Set(values.map(String))].map((text) => ({ text, about: "", isKey: false }));
}

function below(node: Schema, step: string): Schema[] {
  if (step === "-") return node.items === undefined ? [] : [node.items];
  const named = node.properties?.[step];
  if (named !== undefined) return [named];
  return Object.entries(node.patternProperties ?? {}).flatMap(([pattern, it]) => (new RegExp(pattern).test(step) ? [it] : []));
}

/** A node with everything that it may be instead. */
function spread(root: Schema, node: Schema, depth = 0): Schema[] {
  if (DEPTH_MAX < depth) return [];
  const named = node.$ref === undefined ? [] : [root.$defs?.[node.$ref.split("/").at(-1)!] ?? {}];
  const others = [...named, ...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  return [node, ...others.flatMap((it) => spread(root, it, depth + 1))];
}
