// A browser on pages of this machine: a small server of files, and Debian's Chromium with an empty profile. Knows nothing of what
// the pages show. Every address that a page asks for is kept, so that a test can hold it to its own origin.
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";

import { chromium } from "playwright-core";

const KINDS = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".jsonl": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Serves a folder, as any server of static files does. */
export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const name = normalize(decodeURIComponent(new URL(request.url, "http://here").pathname)).replace(/^(\.\.[/\\])+/, "");
    let path = join(folder, name);
    if (existsSync(path) && statSync(path).isDirectory()) path = join(path, "index.html");
    try {
      const body = await readFile(path);
      response.writeHead(200, { "content-type": KINDS[extname(path)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

export async function open() {
  const place = process.env.BAILIWICK_CHROMIUM ?? PLACES.find((path) => existsSync(path));
  if (place === undefined) throw new Error("the tests of the playground need Chromium; on Debian and Ubuntu: apt-get install chromium");
  const profile = mkdtempSync(join(tmpdir(), "bailiwick-browser-"));
  const context = await chromium.launchPersistentContext(profile, { executablePath: place, headless: true, args: FLAGS, viewport: { width: 1440, height: 900 } });
  const asked = [];
  context.on("request", (request) => asked.push(request.url()));
  return {
    context,
    asked,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Says what goes wrong in a page where it would be seen. */
export async function page(context, address, options = {}) {
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  if (options.viewport) await page.setViewportSize(options.viewport);
  if (options.media) await page.emulateMedia(options.media);
  await page.goto(address);
  return Object.assign(page, { errors });
}
