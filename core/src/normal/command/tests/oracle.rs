//! Bash as the judge: what it refuses, what it accepts, and which files its programs touch. Where a judge is not
//! installed the test says so and judges nothing.

#![allow(
    clippy::disallowed_methods,
    reason = "a test that asks programs and looks at what they did"
)]

use std::process::{Command, Stdio};

use super::super::{budget::Budget, shell};
use super::*;

fn installed(program: &str) -> bool {
    let version = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

fn bash_accepts(text: &str) -> bool {
    let output = Command::new("bash")
        .args(["-n", "-c", text])
        .stdin(Stdio::null())
        .output();
    output.is_ok_and(|output| {
        output.status.success() && !String::from_utf8_lossy(&output.stderr).contains("syntax error")
    })
}

fn we_accept(text: &str) -> bool {
    shell::parse(text, &mut Budget::new()).is_ok()
}

/// What bash accepts and we refuse is opaque: safe, and rare. What we accept and bash refuses never runs. Both are
/// counted; only too many of the first are an error.
fn compare(texts: impl Iterator<Item = String>) -> (usize, Vec<String>, Vec<String>) {
    let (mut count, mut refused, mut accepted) = (0, Vec::new(), Vec::new());
    for text in texts {
        count += 1;
        match (bash_accepts(&text), we_accept(&text)) {
            (true, false) => refused.push(text),
            (false, true) => accepted.push(text),
            _ => {}
        }
    }
    (count, refused, accepted)
}

fn corpus() -> impl Iterator<Item = String> {
    let texts = [
        include_str!("../../../../../spec/vectors/commands/dangerous.jsonl"),
        include_str!("../../../../../spec/vectors/commands/benign.jsonl"),
    ];
    texts.into_iter().flat_map(str::lines).filter_map(|line| {
        let json: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(json["command"].as_str()?.to_owned())
    })
}

#[test]
fn bash_accepts_what_we_accept() {
    if !installed("bash") {
        println!("bash is not installed: nothing was compared");
        return;
    }
    let (count, refused, accepted) = compare(corpus());
    println!(
        "corpora: {count} lines; refused by us alone: {refused:#?}; accepted by us alone: {accepted:#?}"
    );
    assert!(refused.is_empty() && accepted.len() <= 2);
    let (count, refused, accepted) = compare(generated(600));
    println!(
        "generated: {count} lines; refused by us alone: {refused:#?}; accepted by us alone: {accepted:#?}"
    );
    assert!(refused.len() * 20 <= count);
}

/// Short lines of pieces that fit together more often than not.
fn generated(count: usize) -> impl Iterator<Item = String> {
    const PIECES: &[&str] = &[
        "echo a",
        "ls",
        " ; ",
        " && ",
        " | ",
        "\n",
        "(",
        ")",
        "{ ",
        "; }",
        "if true; then ",
        "; fi",
        "$(",
        ")",
        "\"",
        "'",
        "`",
        "${x:-a}",
        "x=1 ",
        " > f",
        " 2>&1",
        "<<E\nb\nE\n",
        "[[ -n a ]]",
        "((1))",
        "$((1+1))",
        " & ",
        "for i in a; do ",
        "; done",
        "case a in a) ",
        ";; esac",
        "f() { ",
        "#c",
        "!",
        " ",
        "\\\n",
        "<(ls)",
        "a[1]=b",
        "$'x'",
        "&>f",
        "<<<a",
        "|&",
        "while ",
        "; do ",
        "time ",
        "~",
        "{a,b}",
        "esac",
        "done",
        "]]",
    ];
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap_or(0)
    };
    (0..count).map(move |_| (0..1 + next(7)).map(|_| PIECES[next(PIECES.len())]).collect())
}

/// Harmless commands in a scratch folder: each file that the system saw written or deleted is within the facts.
#[test]
fn what_the_system_sees_is_within_the_facts() {
    if !installed("strace") || !installed("bash") {
        println!("strace or bash is not installed: nothing was traced");
        return;
    }
    let scratch = std::env::temp_dir().join(format!("bailiwick-trace-{}", std::process::id()));
    let (mut traced, mut missed) = (0, Vec::new());
    for text in TRACED {
        let _ = std::fs::remove_dir_all(&scratch);
        let folder = scratch.join("ws/d");
        std::fs::create_dir_all(&folder).expect("a scratch folder can be made");
        for name in ["ws/a", "ws/b", "ws/d/c"] {
            std::fs::write(scratch.join(name), "one\ntwo\n").expect("a scratch file can be written");
        }
        let root = scratch.join("ws");
        let root = root.to_str().expect("a scratch folder has a plain name");
        let Some(touched) = trace(text, root) else {
            println!("strace could not run: nothing was traced");
            return;
        };
        traced += 1;
        let places = Places {
            root: Some(root),
            ..Places::default()
        };
        let reading = read(&Call {
            line: Some(text),
            places,
            ..Call::default()
        });
        let unseen = touched
            .iter()
            .filter(|(kind, path)| !reading.opaque && !within(&reading, kind, path));
        missed.extend(unseen.map(|(kind, path)| format!("{text:?}: {kind} {path}")));
    }
    println!("{traced} commands were traced");
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    let _ = std::fs::remove_dir_all(&scratch);
}

const TRACED: &[&str] = &[
    "echo x > new",
    "echo x >> a",
    "cat a b > new",
    "rm a",
    "rm -rf d",
    "mv a z",
    "mv a b d",
    "mv a d",
    "cp a z",
    "cp a d",
    "cp -r d e",
    "cp a b d/",
    "cp -t d a",
    "ln -s a link",
    "ln a hard",
    "ln d/c",
    "touch new d/new",
    "mkdir -p x/y/z",
    "rmdir d || rm d/c && rmdir d",
    "truncate -s 1 a",
    "dd if=a of=copy bs=1 count=1",
    "tee x y < a",
    "sed -i s/one/1/ a d/c",
    "sed -i.bak s/one/1/ a",
    "sed -n 'w out' a",
    "sort -o sorted a",
    "split -l 1 a part",
    "tar cf x.tar a d",
    "tar cf x.tar a && rm a && tar xf x.tar",
    "tar czf x.tgz d; tar xzf x.tgz -C d",
    "gzip a",
    "gzip -k a && gunzip -f a.gz",
    "find . -name c -delete",
    "find . -type f -exec rm {} +",
    "find . -name a -fprint list",
    "cd d && rm c",
    "cd d; echo x > y",
    "(cd d && echo x > y); echo z > w",
    "cd nowhere; rm a",
    "install -m 600 a i",
    "install -d newdir",
    "chmod 600 a",
    "for f in a b; do rm $f; done",
    "for f in *; do test -f $f && rm $f; done",
    "f() { echo x > \"$1\"; }; f out",
    "X=out; echo x > $X",
    "bash -c 'rm \"$1\"' _ a",
    "echo 'rm a' | sh",
    "echo 'rm a' > s; sh s",
    "printf '%s\\n' a b | xargs rm",
    "ls | grep -x a | xargs -I{} mv {} {}.old",
    "env X=1 rm a",
    "timeout 5 rm a",
    "awk '{print > \"out\"}' a",
    "perl -pi -e s/one/1/ a",
    "diff a b > diff.txt; true",
    "git init -q repo",
    "patch a <<'E'\n--- a\n+++ a\n@@ -1,2 +1,2 @@\n-one\n+1\n two\nE",
    "exec 3> three; echo x >&3",
    "{ echo a; echo b; } > both",
    "unlink a",
    "shred -u a",
    "ls *.none 2> err; true",
    "eval 'echo x > y'",
    "base64 a > b64",
    "cat <<E > doc\n$(echo x > side)\nE",
];

/// What a command writes and deletes below a folder, as the kernel saw it.
fn trace(text: &str, root: &str) -> Option<Vec<(&'static str, String)>> {
    let log = format!("{root}.trace");
    let calls = "trace=openat,open,creat,unlink,unlinkat,rmdir,rename,renameat,renameat2,truncate,mkdir,mkdirat,link,linkat,symlink,symlinkat,chdir,fchdir";
    let status = Command::new("strace")
        .args([
            "-f", "-y", "-qq", "-s", "4096", "-e", calls, "-o", &log, "bash", "-c", text,
        ])
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    let text = std::fs::read_to_string(&log).ok()?;
    if text.is_empty() && !status.success() {
        return None;
    }
    Some(touches(&text, root))
}

fn touches(log: &str, root: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut directories = std::collections::BTreeMap::<String, String>::new();
    for line in log
        .lines()
        .filter(|line| !line.contains(" = -1 ") && !line.contains("<unfinished"))
    {
        let (process, call) = line.split_once(' ').unwrap_or(("", line));
        let call = call.trim_start();
        let name = call.split('(').next().unwrap_or("");
        let paths: Vec<&str> = call.split('"').skip(1).step_by(2).collect();
        // `-y` shows the directory that a relative path is relative to, where the call names one.
        let standing = directories
            .get(process)
            .cloned()
            .unwrap_or_else(|| root.to_owned());
        let arguments = call.split('"').next().unwrap_or(call);
        let base = arguments
            .split('<')
            .nth(1)
            .and_then(|rest| rest.split('>').next())
            .unwrap_or(&standing);
        if name == "fchdir" {
            directories.insert(process.to_owned(), base.to_owned());
            continue;
        }
        if name == "chdir" {
            let to = paths.first().copied().unwrap_or("");
            let to = if to.starts_with('/') {
                to.to_owned()
            } else {
                format!("{standing}/{to}")
            };
            directories.insert(process.to_owned(), to);
            continue;
        }
        let full = |path: &str| {
            if path.starts_with('/') {
                path.to_owned()
            } else {
                format!("{base}/{path}")
            }
        };
        let kinds: &[&'static str] = match name {
            "openat" | "open"
                if ["O_WRONLY", "O_RDWR", "O_CREAT"]
                    .iter()
                    .any(|flag| call.contains(flag)) =>
            {
                &["file.write"]
            }
            "creat" | "truncate" | "mkdir" | "mkdirat" => &["file.write"],
            "link" | "linkat" | "symlink" | "symlinkat" => &["", "file.write"],
            "unlink" | "unlinkat" | "rmdir" => &["file.delete"],
            "rename" | "renameat" | "renameat2" => &["file.delete", "file.write"],
            _ => &[],
        };
        for (kind, path) in kinds.iter().zip(&paths).filter(|(kind, _)| !kind.is_empty()) {
            let path = full(path);
            if path.starts_with(root) {
                found.push((*kind, path));
            }
        }
    }
    // Temporary files that a program makes and takes away again are its own affair.
    let gone: Vec<String> = found
        .iter()
        .filter(|(kind, _)| *kind == "file.delete")
        .map(|(_, path)| path.clone())
        .collect();
    let made: Vec<String> = found
        .iter()
        .filter(|(kind, _)| *kind == "file.write")
        .map(|(_, path)| path.clone())
        .collect();
    found.retain(|(_, path)| {
        !(gone.contains(path)
            && made.contains(path)
            && made.iter().position(|made| made == path) < Some(made.len()))
            || path.ends_with("/a")
            || path.ends_with("/c")
    });
    found
}

/// Whether an effect of the kind covers a path. A write of a file that is deleted first is a write all the same.
fn within(reading: &Reading, kind: &str, path: &str) -> bool {
    reading.effects.iter().any(|seen| {
        let moves = seen.kind == "file.move";
        // Programs replace a file by deleting it: that is what writing it means.
        let same = seen.kind == kind || (kind == "file.delete" && seen.kind == "file.write") || moves;
        same && covers(seen, path, "path", moves) || (moves && covers(seen, path, "destination", true))
    })
}

fn covers(seen: &Seen, path: &str, name: &str, below: bool) -> bool {
    let Some(known) = fact(seen, name) else {
        return true;
    };
    let path = path.split("/ws/").nth(1).unwrap_or(".");
    let deep = below || fact(seen, "recursive").as_deref() != Some("false");
    // Making `x/y/z` makes the folders above it.
    known == path
        || (deep && (known == "." || path.starts_with(&format!("{known}/"))))
        || known.starts_with(&format!("{path}/"))
}
