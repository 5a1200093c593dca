// The same for CommonJS, in short: the names come by `require` as they come by `import`.
import bailiwick = require("bailiwick");

const engine: bailiwick.Engine = bailiwick.Engine.load("rules: [{id: look, allow: run.view}]");
const allowed: boolean = engine.allows({ action: "run.view", now: "2026-11-20T10:00:00Z" });
if (!allowed) throw new Error("expected it to be allowed");
const diagnostics: bailiwick.Diagnostic[] = engine.diagnostics;
if (diagnostics.length !== 0) throw new Error("expected no warnings");
