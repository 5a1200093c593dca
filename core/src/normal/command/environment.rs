//! Environment variables by which programs load code. Knows neither shells nor programs.

use super::arg::{Arg, Flow};
use super::budget::Unread;
use super::walk::Walk;

/// Variables that name code to load, or a program to run.
const LOADS: &[&str] = &[
    "PATH",
    "ENV",
    "IFS",
    "SHELLOPTS",
    "BASHOPTS",
    "PS4",
    "CLASSPATH",
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "NODE_OPTIONS",
    "NODE_PATH",
    "PYTHONSTARTUP",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONBREAKPOINT",
    "PYTHONUSERBASE",
    "PERL5OPT",
    "PERL5LIB",
    "PERLLIB",
    "PERL5DB",
    "RUBYOPT",
    "RUBYLIB",
    "BASH_ENV",
    "GCONV_PATH",
    "OPENSSL_CONF",
    "LESSOPEN",
    "LESSCLOSE",
    "RUSTC",
    "MAKEFLAGS",
    "SHELL",
    "CC",
    "CXX",
    "GIT_EXEC_PATH",
    "GIT_TEMPLATE_DIR",
    "GIT_CONFIG",
    "ZDOTDIR",
    "INPUTRC",
    "TERMINFO",
    "LUA_INIT",
    "LUA_PATH",
    "PHPRC",
    "PHP_INI_SCAN_DIR",
    "GEM_PATH",
    "GEM_HOME",
    "BUNDLE_GEMFILE",
    "VIMINIT",
    "EXINIT",
    "GVIMINIT",
    "MANPATH",
];
/// Beginnings of names that do.
const PREFIXES: &[&str] = &[
    "LD_",
    "DYLD_",
    "BASH_FUNC_",
    "GIT_CONFIG_",
    "npm_config_",
    "NPM_CONFIG_",
    "CARGO_TARGET_",
    "CARGO_BUILD_",
    "RUSTC_",
];
/// Variables whose value a shell or a program runs as a command.
const COMMANDS: &[&str] = &[
    "GIT_SSH_COMMAND",
    "GIT_SSH",
    "GIT_EDITOR",
    "GIT_SEQUENCE_EDITOR",
    "GIT_PAGER",
    "GIT_EXTERNAL_DIFF",
    "GIT_ASKPASS",
    "GIT_PROXY_COMMAND",
    "EDITOR",
    "VISUAL",
    "PAGER",
    "MANPAGER",
    "BROWSER",
    "PROMPT_COMMAND",
    "SSH_ASKPASS",
    "SUDO_ASKPASS",
    "RSYNC_RSH",
    "CVS_RSH",
    "FZF_DEFAULT_COMMAND",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "KUBE_EDITOR",
    "TAR_RSH",
    "MANROFFOPT",
];
/// What a search path may hold without changing whose programs run.
const STANDARD: &[&str] = &[
    "/bin",
    "/usr/bin",
    "/usr/local/bin",
    "/sbin",
    "/usr/sbin",
    "/usr/local/sbin",
];

/// Whether setting a variable makes programs load code.
pub(super) fn loads(name: &str, value: &Arg) -> bool {
    match name {
        // Where nothing but what an administrator writes is searched, nothing is loaded.
        "PATH" => value
            .whole()
            .is_none_or(|value| value.split(':').any(|part| !STANDARD.contains(&part))),
        "PAGER" | "GIT_PAGER" | "MANPAGER" => !matches!(value.whole(), Some("cat" | "less" | "more" | "")),
        // To split at line ends or commas is what scripts do; only a strange separator turns data into commands.
        "IFS" => value.whole().is_none_or(|value| {
            value
                .chars()
                .any(|c| c.is_ascii_alphanumeric() || "/$-".contains(c))
        }),
        _ => {
            LOADS.contains(&name)
                || COMMANDS.contains(&name)
                || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        }
    }
}

/// A variable that loads code is set: what follows runs with it. A value that is itself a command is read as one.
pub(super) fn set(walk: &mut Walk<'_>, name: &str, value: &Arg) -> Result<(), Unread> {
    walk.loads = true;
    if matches!(name, "PS4" | "PS1" | "PS0" | "PS2" | "LESSOPEN" | "LESSCLOSE") {
        // Prompts substitute, and `|program %s` filters what is shown.
        walk.opaque |= value.open || value.text.contains(['`', '|']) || value.text.contains("$(");
    }
    if !COMMANDS.contains(&name) {
        return Ok(());
    }
    match value.whole() {
        Some("") => Ok(()),
        Some(command) => {
            walk.subshell(|walk| walk.nested_at(command, &value.span, &Flow::unknown()).map(|_| ()))
        }
        None => {
            walk.opaque = true;
            Ok(())
        }
    }
}
