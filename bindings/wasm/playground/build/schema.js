// The schemas of policy files as the module `virtual:schema`, with what completion needs of them and no more; and the attributes
// that conditions read.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ID = "virtual:schema";
/** What says which keys and words there are. Bounds, patterns of values and dependencies are the engine's matter. */
const KEPT = new Set(["$ref", "anyOf", "oneOf", "const", "description", "enum", "items", "patternProperties", "properties", "type"]);

export default function schema(repository) {
  const read = (name) => JSON.parse(readFileSync(join(repository, "spec/schemas", `${name}.schema.json`), "utf8"));
  return {
    name: "bailiwick-schema",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load(id) {
      if (id !== `\0${ID}`) return undefined;
      const policy = read("policy");
      const test = read("test");
      const out = {
        $defs: Object.fromEntries(Object.entries({ ...policy.$defs, ...test.$defs }).map(([name, it]) => [name, kept(it)])),
        anyOf: [{ $ref: "#/$defs/document" }, ...test.anyOf.map(kept)],
        attributes: attributes(readFileSync(join(repository, "spec/05-vocabulary.md"), "utf8")),
      };
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(out))});`;
    },
  };
}

/** The rows of the vocabulary's tables of attributes: name, type, where it is stated, what it is. */
function attributes(chapter) {
  const rows = chapter.matchAll(/^\| `([^`]+)` \| ([^|]+) \| [^|]+ \| ([^|]+) \|$/gm);
  return Array.from(rows, ([, text, type, about]) => ({ text, about: `${type.trim()}: ${about.trim()}`, isKey: false }));
}

function kept(node) {
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map(kept);
  const out = {};
  for (const [key, value] of Object.entries(node)) {
    if (!KEPT.has(key)) continue;
    const isNames = key === "properties" || key === "patternProperties";
    out[key] = isNames ? Object.fromEntries(Object.entries(value).map(([name, it]) => [name, kept(it)])) : kept(value);
  }
  return out;
}
