//! Snippets of Python, JavaScript, Perl, Ruby, PHP. They are not parsed. A snippet that names nothing by which it could
//! reach files, programs or the network only computes and prints; one that does is opaque to the caller. What it hands to
//! a shell as one plain string is found besides, so that rules can name it.

/// Words by which such languages act, or hide what they do.
const ACTS: &[&str] = &[
    "system",
    "popen",
    "exec",
    "spawn",
    "fork",
    "subprocess",
    "child_process",
    "commands",
    "pty",
    "shell",
    "eval",
    "compile",
    "__",
    "importlib",
    "getattr",
    "setattr",
    "globals",
    "builtins",
    "ctypes",
    "cffi",
    "marshal",
    "pickle",
    "codecs",
    "b64decode",
    "base64",
    "fromhex",
    "unhexlify",
    "atob",
    "fromCharCode",
    "chr(",
    "pack(",
    "pack '",
    "pack \"",
    "constructor",
    "Function",
    "Reflect",
    "process.binding",
    "process.dlopen",
    "mainModule",
    "import(",
    "remove",
    "unlink",
    "rmdir",
    "rmtree",
    "rmSync",
    "rm(",
    "rename",
    "replace(Path",
    "move",
    "copyfile",
    "copy(",
    "copytree",
    "symlink",
    "link(",
    "chmod",
    "chown",
    "mkdir",
    "touch",
    "hardlink",
    ".open('",
    ".open(\"",
    "makedirs",
    "truncate",
    "write",
    "shutil",
    "tempfile",
    "fs.",
    "'fs'",
    "\"fs\"",
    "node:fs",
    "fs/promises",
    "fs')",
    "Deno.",
    "Bun.",
    "socket",
    "urllib",
    "requests",
    "http",
    "fetch",
    "ftplib",
    "smtplib",
    "telnetlib",
    "paramiko",
    "aiohttp",
    "net.",
    "'net'",
    "\"net\"",
    "dgram",
    "tls",
    "XMLHttp",
    "WebSocket",
    "LWP",
    "IO::",
    "File.",
    "FileUtils",
    "Dir.",
    "Kernel",
    "send(",
    "instance_eval",
    "`",
    "qx",
    "%x",
    "file_put_contents",
    "fopen",
    "passthru",
    "proc_open",
    "pcntl",
    "curl",
    "kill",
    "ptrace",
    "mmap",
    "runpy",
    "run_path",
    "run_module",
    "os.environ[",
    "putenv",
    "sys.path",
    "require_relative",
    "loadstring",
    "multiprocessing",
    "asyncio.create",
    "signal",
    "\\x",
    "\\u",
    "os.open",
    "input(",
    "readFile",
    "open3",
    "Open3",
    "syscall",
];
/// Calls whose first argument a shell reads.
const SHELLS: &[&str] = &[
    "system(",
    "popen(",
    "getoutput(",
    "getstatusoutput(",
    "execSync(",
    "exec(",
    "shell_exec(",
    "passthru(",
    "check_output(",
    "check_call(",
    "subprocess.run(",
    "subprocess.call(",
    "Popen(",
    "subprocess.Popen(",
    "system ",
    "exec ",
    "spawnSync(",
    "spawn(",
    "os.execvp(",
];

/// What looks like one of those words and only reads or tells.
const HARMLESS: &[&str] = &[
    "requests.__version__",
    ".__version__",
    "__name__",
    "__file__",
    "__doc__",
    "__main__",
    "require('fs')",
    "require(\"fs\")",
    "require('node:fs')",
    "re.compile",
    "require(\"node:fs\")",
    "fs.readFileSync",
    ".readFileSync",
    ".existsSync",
    "fs.existsSync",
    "fs.statSync",
    "fs.readdirSync",
    "import requests",
    "process.stdout.write",
    "sys.stdout.write",
    "sys.stderr.write",
    "process.exit",
    "os.path.exists",
    "os.environ[",
    "os.environ.get",
    "shutil.which",
    "http://localhost",
    "httpx.",
    "urllib.parse",
];
/// Calls that read the file which their first argument names.
const READS: &[&str] = &["open(", "readFileSync(", "Path(", "require('./", "require(\"./"];

/// Whether a snippet may do more than compute, read and print.
pub(super) fn may_act(code: &str) -> bool {
    let mut rest = told(code);
    for harmless in HARMLESS {
        if rest.contains(harmless) {
            rest = rest.replace(harmless, " ");
        }
    }
    let paths = rest.contains("Path(") && rest.contains(".replace(");
    paths || ACTS.iter().any(|word| rest.contains(word)) || opens_to_write(&rest) || reads_by_handle(&rest)
}

/// A snippet without the texts in it that are only texts. Where a text can name a module or a member, stands in for code,
/// or holds some, it stays.
fn told(code: &str) -> String {
    let names = [
        "require",
        "import(",
        "import (",
        "__import__",
        "import_module",
        "open",
        "use ",
        "send",
        "contents",
        "readfile",
        "include",
        "URL",
        "URI",
        "`",
    ];
    if names.iter().any(|name| code.contains(name)) || names_members(code) {
        return code.to_owned();
    }
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'']) {
        let (before, quoted) = rest.split_at(at);
        out.push_str(before);
        let Some(text) = literal(quoted) else {
            out.push_str(quoted);
            return out;
        };
        let held = text.replace("\\n", "").replace("\\t", "");
        let odd = held.contains(['{', '$', '@', '\\', '#', '%']);
        let quote = &quoted[..1];
        out.push_str(quote);
        out.push_str(if odd { &text } else { " " });
        out.push_str(quote);
        rest = &quoted[text.len() + 2..];
    }
    out.push_str(rest);
    out
}

/// `object["name"]`
fn names_members(code: &str) -> bool {
    code.match_indices('[').any(|(at, _)| {
        let before = code[..at].trim_end().chars().next_back();
        let after = code[at + 1..].trim_start();
        after.starts_with(['"', '\''])
            && before.is_some_and(|c| c == ')' || c == ']' || c == '_' || c == '.' || c.is_alphanumeric())
    })
}

/// The files that a snippet reads by a plain name; `None` for one whose name it makes up.
pub(super) fn reads(code: &str) -> Vec<Option<String>> {
    let mut found = Vec::new();
    for call in READS {
        for (at, _) in code.match_indices(call).take(32) {
            let after = if call.ends_with('/') {
                &code[at + call.len() - 3..]
            } else {
                &code[at + call.len()..]
            };
            let plain = literal(after.trim_start()).filter(|name| !name.contains(['\\', '{', '$']));
            if plain.is_some() || !after.trim_start().starts_with(')') {
                found.push(plain);
            }
        }
    }
    found
}

/// `open(name)` reads; with a mode of its own it may write.
fn opens_to_write(code: &str) -> bool {
    code.match_indices("open").any(|(at, _)| {
        let call = code[at..].split([')', '\n']).next().unwrap_or("");
        call.contains(',') || call.contains('>') || call.contains('|') || call.contains('%')
    })
}

/// Perl's `<|command>` and `open F, ...` without parentheses, and two-argument forms on `@ARGV`.
fn reads_by_handle(code: &str) -> bool {
    code.contains("open ") || code.contains("open(F") || code.contains("<$")
}

/// Scripts that a snippet hands to a shell as one plain string, or as a list of plain strings.
pub(super) fn shell_lines(code: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for call in SHELLS {
        for (at, _) in code.match_indices(call).take(32) {
            lines.extend(argument(&code[at + call.len()..]));
        }
    }
    for mark in ['`'] {
        let mut parts = code.split(mark).skip(1);
        while let (Some(inner), Some(_)) = (parts.next(), parts.next()) {
            lines.push(inner.to_owned());
            if 32 < lines.len() {
                return lines;
            }
        }
    }
    lines
}

fn argument(after: &str) -> Option<String> {
    let after = after.trim_start().trim_start_matches("args=");
    if let Some(list) = after.strip_prefix('[') {
        let words: Vec<String> = list
            .split(']')
            .next()?
            .split(',')
            .filter_map(|word| literal(word.trim()))
            .collect();
        let quoted: Vec<String> = words
            .iter()
            .map(|word| format!("'{}'", word.replace('\'', "'\\''")))
            .collect();
        return (!quoted.is_empty()).then(|| quoted.join(" "));
    }
    let first = literal(after)?;
    // `system("rm", "-rf", "x")`, `spawn("rm", ["-rf"])`
    let rest = &after[(first.len() + 2).min(after.len())..];
    let more: Vec<String> = rest
        .split(')')
        .next()?
        .split([',', '[', ']'])
        .filter_map(|word| literal(word.trim()))
        .collect();
    let more: Vec<String> = more
        .iter()
        .map(|word| format!("'{}'", word.replace('\'', "'\\''")))
        .collect();
    Some(format!("{first} {}", more.join(" ")))
}

fn literal(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inner = &text[1..];
    let end = inner.find(quote)?;
    Some(inner[..end].to_owned())
}

/// URLs that stand in a snippet which may reach them.
pub(super) fn urls(code: &str) -> Vec<&str> {
    if !may_act(code) {
        return Vec::new();
    }
    let found = code.match_indices("://").take(16).map(|(at, _)| {
        let begin = code[..at]
            .rfind(|c: char| !c.is_ascii_alphanumeric())
            .map_or(0, |before| {
                before + code[before..].chars().next().map_or(1, char::len_utf8)
            });
        let end = code[at + 3..].find(|c: char| c.is_whitespace() || "'\"`)>,;".contains(c));
        &code[begin..end.map_or(code.len(), |end| at + 3 + end)]
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_that_compute_are_told_from_those_that_act() {
        for code in [
            "import sys; print(sys.version)",
            "print(1 + 2)",
            "console.log(process.version)",
            "import json,sys; print(json.load(sys.stdin)['version'])",
            "import numpy; print(numpy.version.version)",
            "print join(',', @ARGV)",
        ] {
            assert!(!may_act(code), "{code}");
        }
        for code in [
            "import os; os.system('rm -rf x')",
            "require('child_process').execSync('id')",
            "import shutil; shutil.rmtree('x')",
            "open('x', 'w')",
            "getattr(__builtins__, 'ev' + 'al')('1')",
        ] {
            assert!(may_act(code), "{code}");
        }
    }

    #[test]
    fn shell_text_is_found() {
        assert_eq!(shell_lines("import os; os.system('rm -rf x')"), ["rm -rf x "]);
        assert_eq!(shell_lines("subprocess.run(['git', 'push'])"), ["'git' 'push'"]);
        assert_eq!(
            shell_lines("spawn('rm', ['-rf', 'x'])")
                .first()
                .map(String::as_str),
            Some("rm '-rf' 'x'")
        );
    }
}
