// Asks the package the vectors of the specification where it runs: in a page, in a worker. Knows nothing of Node.

/** Asks every so manieth vector; says how many were asked, and the first that was answered differently. */
export async function ask(bailiwick, address, every) {
  const lines = (await (await fetch(address)).text()).trim().split("\n");
  let asked = 0;
  for (let at = 0; at < lines.length; at += every) {
    const vector = JSON.parse(lines[at]);
    const wrong = one(bailiwick, vector);
    if (wrong !== null) return { asked, wrong: `${vector.name}: ${wrong}` };
    asked += 1;
  }
  return { asked, wrong: null };
}

function one(bailiwick, vector) {
  if (vector.look !== undefined) return same(bailiwick.facts(vector.look), vector.seen) ? null : "facts";
  if (vector.text !== undefined) {
    const wrong = Object.entries(vector.redacted).find(([sink, left]) => !same(bailiwick.redact(vector.text, sink), left));
    return wrong === undefined ? null : `redact for ${wrong[0]}`;
  }
  if (vector.request === undefined) return same(bailiwick.check(vector.sources), vector.diagnostics) ? null : "diagnostics";
  const decision = bailiwick.Engine.load(vector.sources).decide(vector.request, { state: vector.state });
  if (decision.recordJson() !== vector.record) return "the record's bytes";
  return same(decision.problems, vector.problems) ? null : "problems";
}

function same(a, b) {
  if (typeof a !== "object" || a === null || b === null || typeof b !== "object") return Object.is(a, b);
  const [left, right] = [Object.keys(a), Object.keys(b)];
  return Array.isArray(a) === Array.isArray(b) && left.length === right.length && left.every((key) => key in b && same(a[key], b[key]));
}
