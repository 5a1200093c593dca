// How the page is built: relative addresses, so that it opens from any folder of any server, and the example sets, packs and
// schemas of this repository as modules. Nothing is fetched from elsewhere, when it is built or when it is looked at.
import { fileURLToPath } from "node:url";

import schema from "./build/schema.js";
import sets from "./build/sets.js";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

export default {
  base: "./",
  plugins: [sets(repository), schema(repository)],
  // The package finds its module beside itself; bundled ahead of time it would not.
  optimizeDeps: { exclude: ["bailiwick-wasm"] },
  server: { fs: { allow: [repository] } },
  worker: { format: "es" },
  build: { target: "es2022", modulePreload: { polyfill: false }, chunkSizeWarningLimit: 700, reportCompressedSize: false },
};
