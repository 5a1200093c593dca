// Every vector of the specification gets from the module what it gets from the core: the canonical record byte for byte.
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as bailiwick from "../index.js";
import everyVector from "../../node/test/vectors.cjs";

// Node reads no files by their address, as browsers do, so the bytes are handed over.
bailiwick.initSync({ module: readFileSync(new URL("../module/bailiwick_bg.wasm", import.meta.url)) });

test("every vector", async (t) => t.diagnostic(`${await everyVector(bailiwick)} vectors`));
