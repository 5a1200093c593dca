// Every vector of the specification gets from the package what it gets from the core: the canonical record byte for byte.
"use strict";

const { test } = require("node:test");

const bailiwick = require("..");
const everyVector = require("./vectors.cjs");

test("every vector", () => everyVector(bailiwick));
