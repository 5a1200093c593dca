// The package as it would be published, installed into a consumer, in a real browser: without a bundler, in a web worker, and
// through a bundler. It must say what the core says, the canonical record byte for byte.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "vite";

import { open, page, serve } from "./browser.mjs";

/** A folder in which the packed package is installed. */
const consumer = process.env.BAILIWICK_CONSUMER;
const vectors = process.env.BAILIWICK_VECTORS;
const PACKAGE = "./node_modules/bailiwick-wasm/index.js";
const PATIENCE = { timeout: 300_000 };

let server;
let browser;

before(async () => {
  assert.ok(consumer && vectors, "`cargo bindings wasm` says where the package and the vectors are");
  copyFileSync(vectors, join(consumer, "vectors.jsonl"));
  copyFileSync(fileURLToPath(new URL("ask.mjs", import.meta.url)), join(consumer, "ask.mjs"));
  server = await serve(consumer);
  browser = await open();
});

after(async () => {
  await browser?.close();
  server?.close();
});

const html = (script, map = "") => `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>vectors</title>${map}<script type="module">${script}</script>`;
const report = (found) => `document.title = JSON.stringify(${found});`;

async function opened(t, name, content) {
  writeFileSync(join(consumer, name), content);
  const visited = await page(browser.context, server.address + name);
  t.after(() => visited.close());
  await visited.waitForFunction(() => document.title.startsWith("{"), undefined, PATIENCE).catch((error) => assert.fail(`${error.message} ${visited.errors.join("; ")}`));
  assert.deepEqual(visited.errors, []);
  return JSON.parse(await visited.title());
}

function answered(t, { asked, wrong }, least) {
  assert.equal(wrong, null);
  assert.ok(least < asked, `only ${asked} vectors`);
  t.diagnostic(`${asked} vectors`);
}

test("the browser without a bundler: every vector", async (t) => {
  const script = `import * as bailiwick from ${JSON.stringify(PACKAGE)}; import { ask } from "./ask.mjs";
    await bailiwick.init(); ${report('await ask(bailiwick, "vectors.jsonl", 1)')}`;
  answered(t, await opened(t, "page.html", html(script)), 4_500);
});

test("a web worker of type module: every eighth vector", async (t) => {
  writeFileSync(
    join(consumer, "worker.mjs"),
    `import * as bailiwick from ${JSON.stringify(PACKAGE)}; import { ask } from "./ask.mjs";
     await bailiwick.init(); postMessage(await ask(bailiwick, "vectors.jsonl", 8));`,
  );
  const script = `new Worker("worker.mjs", { type: "module" }).onmessage = ({ data }) => { ${report("data")} };`;
  answered(t, await opened(t, "worker.html", html(script)), 560);
});

const bundled = (root) =>
  build({ root, base: "./", configFile: false, logLevel: "error", worker: { format: "es" }, build: { target: "es2022", outDir: join(consumer, "built"), emptyOutDir: true } });

test("the README's worker", async (t) => {
  const source = join(consumer, "readme");
  rmSync(source, { recursive: true, force: true });
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, "worker.js"), programs()[1]);
  writeFileSync(
    join(source, "main.js"),
    `const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
     worker.onmessage = ({ data }) => { ${report("data")} };
     worker.postMessage({ action: "run.view", now: "2026-11-20T10:00:00Z" });`,
  );
  writeFileSync(join(source, "index.html"), '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>readme</title><script type="module" src="./main.js"></script>');
  await bundled(source);
  const visited = await page(browser.context, `${server.address}built/`);
  t.after(() => visited.close());
  await visited.waitForFunction(() => document.title.startsWith("{"), undefined, PATIENCE);
  assert.equal(JSON.parse(await visited.title()).decision, "allowed");
});

test("a bundler, in a page and in a worker: every eighth vector", async (t) => {
  const source = join(consumer, "bundled");
  rmSync(source, { recursive: true, force: true });
  mkdirSync(source, { recursive: true });
  const asks = (tell) => `import * as bailiwick from "bailiwick-wasm"; import { ask } from "../ask.mjs"; await bailiwick.init(); ${tell('await ask(bailiwick, "/vectors.jsonl", 8)')}`;
  writeFileSync(join(source, "worker.js"), asks((found) => `postMessage(${found});`));
  writeFileSync(join(source, "main.js"), `${asks((found) => `const here = ${found};`)}
    new Worker(new URL("./worker.js", import.meta.url), { type: "module" }).onmessage = ({ data }) => { ${report("{ here, there: data }")} };`);
  const index = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>vectors</title><script type="module" src="./main.js"></script>';
  writeFileSync(join(source, "index.html"), index);
  await bundled(source);
  const visited = await page(browser.context, `${server.address}built/`);
  t.after(() => visited.close());
  await visited.waitForFunction(() => document.title.startsWith("{"), undefined, PATIENCE);
  const { here, there } = JSON.parse(await visited.title());
  answered(t, here, 560);
  answered(t, there, 560);
});

/** The programs of the README, as it is packed. */
function programs() {
  const readme = readFileSync(join(consumer, "node_modules/bailiwick-wasm/README.md"), "utf8");
  return Array.from(readme.matchAll(/```js\n([\s\S]*?)```/g), ([, program]) => program);
}

test("the README's quick start", async (t) => {
  const [program] = programs();
  const map = `<script type="importmap">{"imports": {"bailiwick-wasm": ${JSON.stringify(PACKAGE)}}}</script>`;
  const script = `const said = []; console.log = (...words) => said.push(words.join(" "));\n`;
  writeFileSync(join(consumer, "start.mjs"), program);
  const found = await opened(t, "start.html", html(`${script} await import("./start.mjs"); ${report("{ said }")}`, map));
  assert.equal(found.said.length, 1);
  assert.match(found.said[0], /^allowed Allowed: granted by the rule `look`/);
});

test("what it asks for is its own", () => {
  assert.ok(browser.asked.some((it) => it.endsWith("bailiwick_bg.wasm")));
  assert.deepEqual(browser.asked.filter((it) => !it.startsWith(server.address) && !it.startsWith("data:")), []);
});
