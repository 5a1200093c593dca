// The example sets and packs of this repository as modules, `virtual:set/<name>`, read when the page is built and copied
// nowhere. Knows which folders a set lies in, and nothing of what is in them.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The folders of a set, laid over one another, and its requests, a line each. */
const SETS = {
  acme: { folders: ["examples/acme/policies"], calls: "examples/acme/day.jsonl" },
  "claude-code": { folders: ["examples/claude-code/policies"] },
  devika: { folders: ["examples/devika/policies"] },
  "coding-agent": { folders: ["packs/coding-agent"] },
  soc2: { folders: ["packs/coding-agent", "packs/soc2"] },
  "pci-dss": { folders: ["packs/coding-agent", "packs/pci-dss"] },
  hipaa: { folders: ["packs/coding-agent", "packs/hipaa"] },
  "fleet-campaign": { folders: ["packs/coding-agent", "packs/fleet-campaign"] },
  "devika-pack": { folders: ["packs/coding-agent", "packs/devika"] },
};

const PREFIX = "virtual:set/";

export default function sets(repository) {
  return {
    name: "bailiwick-sets",
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const set = SETS[id.slice(PREFIX.length + 1)];
      if (set === undefined) throw new Error(`there is no set ${id}`);
      const paths = set.folders.flatMap((folder) => yaml(join(repository, folder)));
      const files = Object.fromEntries(paths.map(([name, path]) => [name, readFileSync(path, "utf8")]));
      const calls = set.calls === undefined ? [] : lines(join(repository, set.calls));
      for (const [, path] of paths) this.addWatchFile(path);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify({ files, calls }))});`;
    },
  };
}

/** The policy files below a folder, as `[name from there, path]`, sorted. */
function yaml(folder, name = "") {
  const entries = readdirSync(join(folder, name), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const below = name === "" ? entry.name : `${name}/${entry.name}`;
    if (entry.isDirectory()) return yaml(folder, below);
    return /\.ya?ml$/.test(entry.name) ? [[below, join(folder, below)]] : [];
  });
}

function lines(path) {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
