//! Running the program in a folder of its own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value as Json;

/// A folder that goes away with the test.
pub(crate) struct Folder(PathBuf);

/// What a run left.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    /// A folder with these files.
    pub(crate) fn of(files: &[(&str, &str)]) -> Folder {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = Folder(std::env::temp_dir().join(format!("bailiwick-{}-{number}", std::process::id())));
        fs::create_dir_all(&folder.0).expect("the folder for temporary files can be written");
        for (name, text) in files {
            folder.write(name, text.as_bytes());
        }
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.0.join(name);
        let parent = path.parent().expect("a file stands in a folder");
        fs::create_dir_all(parent).expect("a folder of ours can be written");
        fs::write(path, bytes).expect("a folder of ours can be written");
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }

    /// Runs the program in the folder, with that on standard input.
    pub(crate) fn run_with(&self, args: &[&str], stdin: &str) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_bailiwick"))
            .args(args)
            .current_dir(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut pipe = child.stdin.take().expect("it was piped");
        let input = stdin.to_owned();
        // It may end before it has read all: then nobody is there to write to.
        let writer = std::thread::spawn(move || drop(pipe.write_all(input.as_bytes())));
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("nothing in it panics");
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("output is UTF-8"),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Ran {
    #[track_caller]
    pub(crate) fn code(&self, expected: i32) -> &Ran {
        assert_eq!(
            self.code, expected,
            "\n-- out --\n{}\n-- err --\n{}",
            self.out, self.err
        );
        self
    }

    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Ran {
        assert!(self.out.contains(text), "`{text}` is not in\n{}", self.out);
        self
    }

    #[track_caller]
    pub(crate) fn complains(&self, text: &str) -> &Ran {
        assert!(self.err.contains(text), "`{text}` is not in\n{}", self.err);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.out).expect("the output is JSON")
    }

    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Json> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect()
    }
}

/// A platform that grants reading, but for secrets, and asks for writing.
pub(crate) const BASE: &str = "policy: {id: base, version: 1}
rules:
  - {id: read, allow: [file.read, file.write]}
  - {id: no_secrets, deny: file.read, path: 'secrets/**', reason: Secrets are not for agents.}
  - {id: ask_to_write, ask: file.write, approval: {count: 1, by: human}}
";

/// A request with that path.
pub(crate) fn request(tool: &str, path: &str) -> String {
    format!(r#"{{"tool": "{tool}", "path": "{path}", "now": "2026-11-20T10:00:00Z"}}"#)
}
