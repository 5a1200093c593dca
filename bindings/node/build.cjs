// Builds the native part with cargo and puts it beside this file. Runs when the package is installed from its folder. Cargo
// and a copy are all it takes, so nothing is downloaded for it.
"use strict";

const { spawnSync } = require("node:child_process");
const { copyFileSync, existsSync, renameSync } = require("node:fs");
const { join } = require("node:path");

const native = join(__dirname, "bailiwick.node");
const manifest = join(__dirname, "Cargo.toml");

function build() {
  if (!existsSync(manifest)) {
    // A packed package holds the native part and not its source.
    if (existsSync(native)) return;
    throw new Error("this package holds neither its native part nor the source of it");
  }
  const built = spawnSync(
    "cargo",
    ["rustc", "--release", "--locked", "--lib", "--message-format=json-render-diagnostics", "--manifest-path", manifest]
      // Nobody reads the symbols of a module, and it is a fifth of the size without.
      .concat(["--", "-C", "strip=symbols"]),
    { stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 28 },
  );
  if (built.error) {
    throw new Error(`cargo cannot be run (${built.error.message}); it comes with Rust: https://rustup.rs`);
  }
  if (built.status !== 0) throw new Error("the native part does not build; cargo says why above");
  // Put in place at once: another process may have the old one loaded.
  copyFileSync(library(built.stdout.toString()), `${native}.new`);
  renameSync(`${native}.new`, native);
}

function library(messages) {
  for (const line of messages.split("\n")) {
    if (!line.startsWith("{")) continue;
    const message = JSON.parse(line);
    if (message.reason === "compiler-artifact" && message.target.name === "bailiwick_node") {
      return message.filenames.find((name) => /\.(so|dylib|dll)$/.test(name));
    }
  }
  throw new Error("cargo built no library");
}

build();
