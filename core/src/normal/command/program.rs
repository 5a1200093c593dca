//! What a program is called. Knows nothing of what programs do.
//!
//! A bare name (`curl`) is the program that the search path gives. A call by path names that file and no other: a `git`
//! in a scratch folder is not git, so its name is the whole path (`/tmp/git`, `./git`). The directories of [`STANDARD`]
//! are the exception: what lies there is what the search path would give, and only an administrator writes there, so
//! that `/usr/bin/git` is `git` for allow and deny rules alike.

use super::super::path::{Path, PathError, Places};

const STANDARD: &[&str] = &["/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin"];

/// Programs that read their arguments as a script, or as the name of one.
const SHELLS: &[&str] = &[
    "sh",
    "bash",
    "dash",
    "zsh",
    "ksh",
    "ash",
    "busybox",
    "fish",
    "csh",
    "tcsh",
    "pwsh",
    "powershell",
    "cmd",
];

/// The name of the program that the first word of a command calls.
pub fn program_name(word: &str, places: &Places<'_>) -> Result<String, PathError> {
    if !word.contains(['/', '\\']) {
        // Refuses what no path may have; `..` and `~` without a separator are searched for like any name.
        return Path::normalise(&format!("./{word}"), &Places::default()).map(|_| word.to_owned());
    }
    // Without the root first: where the workspace is `/`, `/usr/bin/git` is still git.
    let alone = Path::normalise(word, &Places::default())?;
    if let Some(name) = standard(alone.as_str()) {
        return Ok(name.to_owned());
    }
    let path = Path::normalise(word, places)?;
    Ok(match standard(path.as_str()) {
        Some(name) => name.to_owned(),
        None => by_path(&path),
    })
}

/// Whether a selector of a policy names a program, itself in its normal form.
pub fn program_matches(selector: &str, program: &str) -> bool {
    selector == program || program_name(selector, &Places::default()).is_ok_and(|name| name == program)
}

/// Whether a word calls a shell, wherever that lies and however Windows spells it. Only ever adds doubt: it makes a
/// command opaque.
pub(super) fn is_shell(word: &str) -> bool {
    let name = word
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(word)
        .to_ascii_lowercase();
    SHELLS.contains(&name.strip_suffix(".exe").unwrap_or(&name))
}

fn standard(path: &str) -> Option<&str> {
    let (directory, name) = path.rsplit_once('/')?;
    STANDARD.contains(&directory).then_some(name)
}

/// A program in the workspace keeps `./`: without it `./git` would be git.
fn by_path(path: &Path) -> String {
    let text = path.as_str();
    if path.outside() || text.starts_with("./") {
        text.to_owned()
    } else {
        format!("./{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_what_its_whole_path_names() {
        #[track_caller]
        fn check(word: &str, expected: &str) {
            let places = Places {
                root: Some("/ws"),
                cwd: Some("sub"),
                ..Places::default()
            };
            assert_eq!(program_name(word, &places).as_deref(), Ok(expected));
        }
        check("git", "git");
        check("git.exe", "git.exe");
        check("/usr/bin/git", "git");
        check("/usr/local/bin/../bin/git", "git");
        check("//usr/bin/git", "git");
        check("../../usr/bin/git", "git");
        check("/usr/local/bin/sub/git", "/usr/local/bin/sub/git");
        check("/opt/bin/git", "/opt/bin/git");
        check("/bin", "/bin");
        check("./git", "./sub/git");
        check("../gradlew", "./gradlew");
        check(".\\gradlew", "./sub/gradlew");
        check("/ws/gradlew", "./gradlew");
        check("~/bin/git", "~/bin/git");
        check("C:\\git\\git.exe", "C:/git/git.exe");
    }

    #[test]
    fn the_root_of_the_workspace_does_not_rename_git() {
        let places = Places {
            root: Some("/"),
            ..Places::default()
        };
        assert_eq!(program_name("/usr/bin/git", &places).as_deref(), Ok("git"));
        assert_eq!(program_name("/tmp/git", &places).as_deref(), Ok("./tmp/git"));
    }

    #[test]
    fn selectors_name_programs() {
        #[track_caller]
        fn check(selector: &str, program: &str, expected: bool) {
            assert_eq!(
                program_matches(selector, program),
                expected,
                "`{selector}` and `{program}`"
            );
        }
        check("git", "git", true);
        check("git", "./git", false);
        check("git", "/tmp/git", false);
        check("/usr/bin/git", "git", true);
        check("./gradlew", "./gradlew", true);
        check("tools/../gradlew", "gradlew", false);
        check("tools/x", "./tools/x", true);
        check("/opt/x/", "/opt/x", true);
        check("", "git", false);
    }
}
