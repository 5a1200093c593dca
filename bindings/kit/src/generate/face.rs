//! The JavaScript of the package for browsers: that of the Node package, with the module in place of the native part and without
//! what needs a disk. One text for both, so that they cannot come to differ.

use crate::{machine, root};

const HEAD: &str = r#"// Made from bindings/node/index.cjs by `cargo bindings generate`.
//
// The package: the module with the names, errors and values of JavaScript. Decides nothing. Values cross the border as
// JSON text; what has no JSON is found here, with its pointer, and denied there.

import * as native from "./module/bailiwick.js";

/** Loads the module, once, before anything else is called. */
export { default as init, initSync } from "./module/bailiwick.js";
"#;

/// What is cut out: from the first text up to and without the second.
const CUTS: [(&str, &str); 7] = [
    ("  static loadFolder(", "  static fromBundle("),
    ("class AuditLog {", "/** A request and the state beside it"),
    ("function checkFolder(", "function facts("),
    ("function auditVerifyFile(", "function auditToSign("),
    ("  AuditLog,\n", "  BailiwickError,\n"),
    ("  auditVerifyFile,\n", "  check,\n"),
    ("  checkFolder,\n", "  deed,\n"),
];

/// What is said otherwise.
const SWAPS: [(&str, &str); 2] = [
    ("use Engine.load, Engine.loadFolder or", "use Engine.load or"),
    ("module.exports = {", "export {"),
];

/// `index.js`.
///
/// # Errors
/// Where the JavaScript of the Node package cannot be read, or lacks a text that is cut or swapped.
pub(super) fn script() -> Result<String, String> {
    let text = machine::read(&root().join("bindings/node/index.cjs"))?;
    let lacks = |what: &str| format!("bindings/node/index.cjs lacks `{}`", what.trim());
    let require = "const native = require(\"./bailiwick.node\");\n";
    let (_, body) = text.split_once(require).ok_or_else(|| lacks(require))?;
    let mut out = format!("{HEAD}{body}");
    for (from, to) in CUTS {
        let start = out.find(from).ok_or_else(|| lacks(from))?;
        let length = out[start..].find(to).ok_or_else(|| lacks(to))?;
        out.replace_range(start..start + length, "");
    }
    for (from, to) in SWAPS {
        if !out.contains(from) {
            return Err(lacks(from));
        }
        out = out.replace(from, to);
    }
    Ok(out)
}
