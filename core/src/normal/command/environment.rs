//! Environment variables by which programs load code. Knows neither shells nor programs.

use super::arg::{Arg, Flow};
use super::budget::Unread;
use super::walk::Walk;

/// Variables that name code to load, or a program to run.
const LOADS: &[&str] = &[
    "PATH",
    "SHELLOPTS",
    "BASHOPTS",
    "PS4",
    "CLASSPATH",
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
const PREFIXES: &[&str] = &["LD_", "DYLD_", "BASH_FUNC_", "GIT_CONFIG_"];
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
/// Variables of options and places, of which only some values load code.
const OPTIONS: &[&str] = &[
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "JAVA_OPTS",
    "MAVEN_OPTS",
    "GRADLE_OPTS",
    "SBT_OPTS",
    "ANT_OPTS",
    "KOTLIN_OPTS",
    "SCALA_OPTS",
    "JVM_OPTS",
    "GOFLAGS",
    "RUSTFLAGS",
    "RUSTDOCFLAGS",
    "CFLAGS",
    "CXXFLAGS",
    "LDFLAGS",
    "CGO_CFLAGS",
    "CGO_LDFLAGS",
    "NODE_OPTIONS",
];
/// Words of such options that name code.
const CODE: &[&str] = &[
    "agent",
    "linker",
    "codegen-backend",
    "-fplugin",
    "-wrapper",
    "-specs",
    "bootclasspath",
    "toolexec",
    "-exec",
    "overlay",
    "modfile",
    "require",
    "import",
    "loader",
    "-r ",
    "eval",
    "inspect",
    "--env-file",
    "@",
];
/// Programs that may stand in for a compiler or an editor without being anything else.
const USUAL: &[&str] = &[
    "gcc",
    "g++",
    "cc",
    "c++",
    "clang",
    "clang++",
    "tcc",
    "musl-gcc",
    "sccache",
    "ccache",
    "true",
    ":",
    "cat",
    "less",
    "more",
    "vim",
    "vi",
    "nvim",
    "nano",
    "emacs",
    "code --wait",
    "none",
    "echo",
    "bash",
    "sh",
    "zsh",
    "/bin/sh",
    "/bin/bash",
    "/bin/zsh",
    "/usr/bin/bash",
    "/usr/bin/zsh",
    "",
];
/// Variables by which programs are sent to a host.
const REACHES: &[&str] = &[
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "ftp_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "FTP_PROXY",
    "DOCKER_HOST",
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "npm_config_registry",
    "NPM_CONFIG_REGISTRY",
    "YARN_NPM_REGISTRY_SERVER",
    "GOPROXY",
    "AWS_ENDPOINT_URL",
    "PGHOST",
    "PGHOSTADDR",
    "MYSQL_HOST",
    "REDIS_URL",
    "VAULT_ADDR",
    "CONSUL_HTTP_ADDR",
    "NOMAD_ADDR",
    "KUBERNETES_MASTER",
    "HF_ENDPOINT",
    "OPENAI_BASE_URL",
    "ANTHROPIC_BASE_URL",
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
        // A shell that is called `sh` reads the file that it names; to most programs it is a word.
        "ENV" => value.open || value.text.contains('/'),
        "MAKEFLAGS" => {
            value.open
                || value.text.contains("eval")
                || value.text.contains('=') && !value.text.starts_with("-j")
        }
        "SHELL" | "CC" | "CXX" => !usual(value),
        _ if COMMANDS.contains(&name) => !usual(value),
        _ if OPTIONS.contains(&name) => value.open || CODE.iter().any(|word| value.text.contains(word)),
        // What the workspace holds is what its programs run anyway.
        "PYTHONPATH" | "NODE_PATH" | "PERL5LIB" | "PERLLIB" | "RUBYLIB" | "LUA_PATH" | "CLASSPATH" => {
            value.open
                || value.home
                || value
                    .text
                    .split(':')
                    .any(|part| part.starts_with(['/', '~']) || part.contains(".."))
        }
        _ if name.starts_with("npm_config_") || name.starts_with("NPM_CONFIG_") => {
            let name = name.to_ascii_lowercase();
            [
                "script_shell",
                "node_options",
                "prefix",
                "globalconfig",
                "userconfig",
                "registry",
                "git",
            ]
            .iter()
            .any(|word| name.ends_with(word))
        }
        _ if name.starts_with("CARGO_TARGET_") || name.starts_with("CARGO_BUILD_") => {
            [
                "_LINKER",
                "_RUNNER",
                "_RUSTFLAGS",
                "_RUSTC",
                "_WRAPPER",
                "_RUSTDOC",
            ]
            .iter()
            .any(|word| name.ends_with(word))
                && !usual(value)
        }
        "GIT_CONFIG_GLOBAL" | "GIT_CONFIG_SYSTEM" => !value.is("/dev/null"),
        "GIT_CONFIG_NOSYSTEM" => false,
        // To split at line ends or commas is what scripts do; only a strange separator turns data into commands.
        "IFS" => value.whole().is_none_or(|value| {
            value
                .chars()
                .any(|c| c.is_ascii_alphanumeric() || "/$-".contains(c))
        }),
        _ => LOADS.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix)),
    }
}

/// A value that stands for what everybody uses there.
fn usual(value: &Arg) -> bool {
    value.whole().is_some_and(|value| {
        // `gcc-13`, `clang-18`
        let bare = value.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '.');
        USUAL.contains(&value) || USUAL.contains(&bare)
    })
}

/// A variable that sends programs to a host: they reach it, whatever their own words say.
pub(super) fn reaches(walk: &mut Walk<'_>, name: &str, value: &Arg) {
    // The names are few, and most assignments are none of them.
    if !REACHES.contains(&name) && !name.starts_with("AWS_ENDPOINT_URL_") {
        return;
    }
    let empty = value.text.is_empty() && !value.open;
    let nowhere = matches!(value.whole(), Some("off" | "direct")) || value.text.starts_with(['/', '.']);
    if !empty && !nowhere && !value.text.starts_with("unix:") {
        walk.connects(value);
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
