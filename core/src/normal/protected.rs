//! Paths that are more than files: what steers the engine, the agents, the tools and the machine, and what holds keys. A
//! table by class, and how a path is held against it.
//!
//! A class asks what a path could be on any system, since missing one costs more than seeing one too many: case, dots
//! and spaces at the end, streams, invisible characters and the short names of Windows (`GIT~1`) are no difference here.
//! Knows no disk: what is to be created counts like what is there.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use smallvec::SmallVec;

use super::path::{Place, composed, is_invisible};

macro_rules! classes {
    ($($variant:ident = $name:literal, $doc:literal;)*) => {
        /// A named class of paths.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum PathClass { $(#[doc = $doc] $variant),* }

        impl PathClass {
            /// All of them, in the order of the vocabulary.
            pub const ALL: &'static [PathClass] = &[$(PathClass::$variant),*];

            /// As rules write it.
            pub const fn as_str(self) -> &'static str {
                match self { $(PathClass::$variant => $name),* }
            }

            /// What it is.
            pub const fn doc(self) -> &'static str {
                match self { $(PathClass::$variant => $doc),* }
            }
        }
    };
}

classes! {
    EnginePolicies = "engine_policies", "the policies of this engine";
    AgentSettings = "agent_settings", "settings, hooks and tool servers of coding agents";
    InstructionFiles = "instruction_files", "what agents read as instructions";
    ShellStartup = "shell_startup", "what a shell runs when it starts or enters a folder";
    Autostart = "autostart", "what the system runs by itself: timers, services, log-in items";
    GitHooks = "git_hooks", "what git runs by itself";
    GitConfig = "git_config", "what tells git which programs to run and which hosts to ask";
    EditorSettings = "editor_settings", "settings and tasks of editors";
    CiWorkflows = "ci_workflows", "what continuous integration runs";
    Ssh = "ssh", "keys and settings of SSH";
    CloudCredentials = "cloud_credentials", "credentials of clouds, clusters and forges";
    PackageCredentials = "package_credentials", "credentials and sources of package managers";
    SecretStores = "secret_stores", "key rings, password stores and log-in files";
    Dotenv = "dotenv", "environment files";
}

use PathClass::*;

/// Where the paths of a row usually lie: what a folder above them takes along. They are seen wherever they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lies {
    /// In the workspace.
    Work,
    /// Below the home.
    Home,
    /// In both.
    Both,
    /// Nowhere in particular.
    Any,
    /// Only there: the row is an absolute path.
    System,
}

use Lies::{Any, Both, Home, System, Work};

/// A row: where, and names that stand one behind the other, separated by spaces. A `/` at the end takes in all that is
/// below; `*` is any text of one segment, at the beginning or the end of a name, and `~` a space.
/// As they are usually written; case is no difference where they are found.
const TABLE: &[(PathClass, Lies, &str)] = &[
    (EnginePolicies, Both, ".bailiwick/ .config/bailiwick/"),
    (EnginePolicies, Work, "bailiwick.yaml bailiwick.yml"),
    (EnginePolicies, Any, "*.bailiwick.yaml *.bailiwick.yml"),
    (EnginePolicies, System, "/etc/bailiwick/"),
    (
        AgentSettings,
        Both,
        ".claude/ .cursor/ .codex/ .gemini/ .continue/ .windsurf/ .codeium/ .cline/ .roo/ .kilocode/ .kiro/",
    ),
    (
        AgentSettings,
        Both,
        ".amazonq/ .opencode/ .goose/ .junie/ .trae/ .augment/ .qwen/ .kimi/ .factory/ .crush/ .openhands/ .agents/",
    ),
    (
        AgentSettings,
        Both,
        ".agent/ .devin/ .copilot/ .amp/ .zencoder/ .mcp/ .iflow/ .vibe/ .warp/ .plandex/ .pi/ .antigravity/",
    ),
    (
        AgentSettings,
        Home,
        ".claude.json .config/opencode/ .config/goose/ .config/amp/ .config/crush/ .config/github-copilot/ .config/claude/",
    ),
    (
        AgentSettings,
        Home,
        "Library/Application~Support/Claude/ AppData/Roaming/Claude/ .aws/amazonq/ .config/mcp/ .config/cursor/",
    ),
    (
        AgentSettings,
        Work,
        ".mcp.json mcp.json .aider.conf.yml opencode.json opencode.jsonc crush.json .crush.json .roomodes .vscode/mcp.json",
    ),
    (
        AgentSettings,
        Work,
        ".github/copilot/ .github/hooks/ .amp.json .ampcode.json .codex.toml",
    ),
    (
        AgentSettings,
        Any,
        ".aider* .cursorignore .cursorindexingignore .geminiignore .aiexclude .codeiumignore .clineignore .rooignore",
    ),
    (
        AgentSettings,
        Any,
        "mcp_config.json mcp_settings.json cline_mcp_settings.json claude_desktop_config.json managed-settings.json managed-mcp.json",
    ),
    (
        AgentSettings,
        System,
        "/etc/claude-code/ /etc/codex/ /etc/gemini-cli/ /etc/opencode/ /Library/Application~Support/ClaudeCode/",
    ),
    (InstructionFiles, Both, "AGENTS.md CLAUDE.md GEMINI.md"),
    (
        InstructionFiles,
        Work,
        ".cursorrules .windsurfrules .clinerules .clinerules/ .roorules .goosehints .rules .augment-guidelines",
    ),
    (
        InstructionFiles,
        Work,
        ".cursor/rules/ .cursor/commands/ .windsurf/rules/ .windsurf/workflows/ .continue/rules/ .continue/prompts/ .amazonq/rules/",
    ),
    (
        InstructionFiles,
        Work,
        ".kiro/steering/ .kiro/specs/ .roo/rules/ .roo/commands/ .trae/rules/ .junie/guidelines.md .junie/AGENTS.md .augment/rules/",
    ),
    (
        InstructionFiles,
        Work,
        ".github/copilot-instructions.md .github/instructions/ .github/prompts/ .github/agents/ .github/chatmodes/ .github/skills/",
    ),
    (
        InstructionFiles,
        Work,
        ".openhands/microagents/ .openhands/skills/ .kilocode/rules/ .opencode/agent/ .opencode/command/ .factory/droids/ .agents/skills/",
    ),
    (
        InstructionFiles,
        Both,
        ".claude/commands/ .claude/skills/ .claude/agents/ .claude/rules/ .claude/output-styles/ .codex/prompts/ .codex/skills/ .gemini/commands/",
    ),
    (
        InstructionFiles,
        Any,
        "AGENTS.override.md AGENT.md CLAUDE.local.md QWEN.md KIMI.md CRUSH.md WARP.md SKILL.md replit.md opencode.md .roorules-* *.mdc",
    ),
    (
        ShellStartup,
        Home,
        ".bashrc .bash_profile .bash_login .bash_logout .bash_aliases .profile .zshrc .zshenv .zprofile .zlogin .zlogout",
    ),
    (
        ShellStartup,
        Home,
        ".kshrc .mkshrc .cshrc .tcshrc .login .logout .inputrc .xprofile .xinitrc .xsession .xsessionrc .pam_environment .hushlogin",
    ),
    (
        ShellStartup,
        Home,
        ".config/fish/ .config/nushell/ .config/powershell/ .config/zsh/ .config/bash/ .bashrc.d/ .bash_profile.d/ .zshrc.d/",
    ),
    (
        ShellStartup,
        Home,
        ".oh-my-zsh/ .oh-my-bash/ .zsh/ .config/environment.d/ Documents/PowerShell/ Documents/WindowsPowerShell/ .tmux.conf .screenrc",
    ),
    (
        ShellStartup,
        Work,
        ".envrc .mise.toml mise.toml .tool-versions .mise/ .config/mise/",
    ),
    (
        ShellStartup,
        Any,
        "Microsoft.PowerShell_profile.ps1 Microsoft.VSCode_profile.ps1 profile.ps1 .zshrc.* .bashrc.* .profile.*",
    ),
    (
        ShellStartup,
        System,
        "/etc/profile /etc/profile.d/ /etc/bash.bashrc /etc/bashrc /etc/bash.bash_logout /etc/zsh/ /etc/zshenv /etc/zshrc /etc/zprofile",
    ),
    (
        ShellStartup,
        System,
        "/etc/fish/ /etc/environment /etc/environment.d/ /etc/csh.cshrc /etc/csh.login /etc/inputrc /etc/ld.so.preload /etc/ld.so.conf /etc/ld.so.conf.d/",
    ),
    (
        Autostart,
        Home,
        ".config/autostart/ .config/systemd/ Library/LaunchAgents/ Library/LaunchDaemons/ .config/upstart/ .crontab",
    ),
    (
        Autostart,
        Home,
        "AppData/Roaming/Microsoft/Windows/Start~Menu/Programs/Startup/",
    ),
    (
        Autostart,
        System,
        "/etc/crontab /etc/cron.d/ /etc/cron.hourly/ /etc/cron.daily/ /etc/cron.weekly/ /etc/cron.monthly/ /var/spool/cron/ /etc/anacrontab",
    ),
    (
        Autostart,
        System,
        "/etc/systemd/ /lib/systemd/ /usr/lib/systemd/ /etc/init.d/ /etc/rc.local /etc/xdg/autostart/ /etc/udev/rules.d/ /etc/sudoers /etc/sudoers.d/ /etc/pam.d/",
    ),
    (
        Autostart,
        System,
        "/Library/LaunchAgents/ /Library/LaunchDaemons/",
    ),
    (
        GitHooks,
        Work,
        ".git/hooks/ .husky/ .githooks/ .git-hooks/ lefthook.yml lefthook.yaml .lefthook.yml .lefthook/ .pre-commit-config.yaml .overcommit.yml",
    ),
    (
        GitHooks,
        Home,
        ".git-templates/ .git-template/ .config/git/hooks/ .config/git/template/",
    ),
    (
        GitHooks,
        Any,
        ".git/modules/*/hooks/ .git/worktrees/*/hooks/ .git/modules/*/*/hooks/ lefthook-local.yml .lintstagedrc .lintstagedrc.*",
    ),
    (
        GitConfig,
        Work,
        ".git .git/config .git/config.worktree .git/info/attributes .git/objects/info/alternates .git/commondir .git/gitdir .gitmodules",
    ),
    (
        GitConfig,
        Home,
        ".gitconfig .config/git/config .config/git/attributes .gitattributes_global",
    ),
    (
        GitConfig,
        Any,
        ".git/modules/*/config .git/modules/*/*/config .git/worktrees/*/config.worktree .git/worktrees/*/gitdir .git/worktrees/*/commondir .gitconfig.*",
    ),
    (GitConfig, System, "/etc/gitconfig /etc/gitattributes"),
    (
        EditorSettings,
        Work,
        ".vscode/ .idea/ .fleet/ .zed/ .vs/ .nova/ .devcontainer/ .devcontainer.json .dir-locals.el .exrc .nvimrc .nvim.lua .lvimrc",
    ),
    (
        EditorSettings,
        Home,
        ".vimrc .vim/ .gvimrc .ideavimrc .emacs .emacs.d/ .config/nvim/ .config/vim/ .config/emacs/ .config/zed/ .config/helix/ .nanorc",
    ),
    (
        EditorSettings,
        Home,
        ".config/Code/User/ .config/VSCodium/User/ .config/JetBrains/ .config/sublime-text/ .vscode-server/ .cursor-server/",
    ),
    (
        EditorSettings,
        Home,
        "Library/Application~Support/Code/ Library/Application~Support/Cursor/ AppData/Roaming/Code/User/ AppData/Roaming/Cursor/User/",
    ),
    (
        EditorSettings,
        Any,
        "*.code-workspace *.sublime-project .spacemacs .doom.d/",
    ),
    (
        CiWorkflows,
        Work,
        ".github/workflows/ .github/actions/ .github/dependabot.yml .github/dependabot.yaml .github/CODEOWNERS CODEOWNERS .gitlab-ci.yml",
    ),
    (
        CiWorkflows,
        Work,
        ".gitlab-ci.yaml .gitlab-ci/ .gitlab/ci/ .gitlab/CODEOWNERS .circleci/ .travis.yml Jenkinsfile azure-pipelines.yml azure-pipelines.yaml",
    ),
    (
        CiWorkflows,
        Work,
        ".azure-pipelines/ .azuredevops/ bitbucket-pipelines.yml .drone.yml .drone.star .drone.jsonnet .woodpecker/ .woodpecker.yml",
    ),
    (
        CiWorkflows,
        Work,
        "appveyor.yml .appveyor.yml .buildkite/ .teamcity/ .cirrus.yml .cirrus.star .semaphore/ buildspec.yml buildspec.yaml cloudbuild.yaml",
    ),
    (
        CiWorkflows,
        Work,
        "cloudbuild.yml cloudbuild.json .tekton/ .forgejo/ .gitea/workflows/ .builds/ .build.yml .harness/ codemagic.yaml bitrise.yml .rwx/ .depot/workflows/",
    ),
    (
        CiWorkflows,
        Any,
        "jenkinsfile.* *.Jenkinsfile azure-pipelines-*.yml azure-pipelines.*.yml buildspec-*.yml",
    ),
    (Ssh, Home, ".ssh/"),
    (Ssh, System, "/etc/ssh/"),
    (
        Ssh,
        Any,
        "id_rsa id_dsa id_ecdsa id_ecdsa_sk id_ed25519 id_ed25519_sk authorized_keys authorized_keys2 ssh_host_* *.ppk",
    ),
    (
        CloudCredentials,
        Home,
        ".aws/ .azure/ .config/gcloud/ .kube/ .docker/config.json .config/gh/ .config/glab-cli/ .config/hub .oci/ .aliyun/",
    ),
    (
        CloudCredentials,
        Home,
        ".bluemix/ .ibmcloud/ .config/doctl/ .config/heroku/ .terraform.d/ .terraformrc .vault-token .config/rclone/ .s3cfg .boto .databrickscfg",
    ),
    (
        CloudCredentials,
        Home,
        ".snowflake/ .snowsql/ .fly/ .cloudflared/ .wrangler/ .config/.wrangler/ .config/containers/auth.json .dockercfg .config/helm/ .minikube/",
    ),
    (
        CloudCredentials,
        Home,
        ".config/op/ .config/sops/ .config/age/ .pulumi/ .vercel/ .netlify/ .config/netlify/ .config/configstore/ .tsh/ .rancher/ .linode-cli",
    ),
    (
        CloudCredentials,
        Home,
        "AppData/Roaming/gcloud/ AppData/Roaming/GitHub~CLI/ Library/Application~Support/gcloud/ .passwd-s3fs .config/linode-cli .railway/ .edgerc",
    ),
    (
        CloudCredentials,
        System,
        "/etc/kubernetes/ /etc/rancher/ /var/run/secrets/ /run/secrets/ /var/lib/kubelet/",
    ),
    (
        CloudCredentials,
        Any,
        "application_default_credentials.json kubeconfig *.kubeconfig service-account.json service_account.json credentials.tfrc.json *.tfstate",
    ),
    (
        PackageCredentials,
        Both,
        ".npmrc .yarnrc .yarnrc.yml .pypirc .cargo/config .cargo/config.toml .bundle/config .bunfig.toml bunfig.toml",
    ),
    (
        PackageCredentials,
        Home,
        ".pip/ .config/pip/ .cargo/credentials .cargo/credentials.toml .gem/credentials .gemrc .m2/settings.xml .m2/settings-security.xml",
    ),
    (
        PackageCredentials,
        Home,
        ".gradle/gradle.properties .gradle/init.d/ .gradle/init.gradle .nuget/ .config/nuget/ .composer/auth.json .config/composer/ .hex/ .condarc",
    ),
    (
        PackageCredentials,
        Home,
        ".pub-cache/ .config/dart/ .config/uv/ .config/pypoetry/ .config/hatch/ .sbt/ .ivy2/ .config/yarn/ .config/pnpm/ .swiftpm/ .config/npm/ .luarocks/",
    ),
    (
        PackageCredentials,
        Home,
        "AppData/Roaming/npm/ AppData/Roaming/pip/ AppData/Roaming/NuGet/",
    ),
    (
        PackageCredentials,
        Any,
        "pip.conf pip.ini nuget.config .pnpmrc .cargo/credentials.* .conan/remotes.json auth.json npmrc",
    ),
    (
        PackageCredentials,
        System,
        "/etc/npmrc /etc/pip.conf /etc/apt/ /etc/yum.repos.d/",
    ),
    (
        SecretStores,
        Home,
        ".gnupg/ .password-store/ .local/share/keyrings/ Library/Keychains/ .netrc _netrc .git-credentials .config/git/credentials",
    ),
    (
        SecretStores,
        Home,
        ".pgpass .my.cnf .mylogin.cnf .authinfo .authinfo.gpg .lastpass/ .config/keepassxc/ .config/Bitwarden/ .config/1Password/ .htpasswd",
    ),
    (
        SecretStores,
        Home,
        ".mozilla/ .config/google-chrome/ .config/chromium/ Library/Application~Support/Google/Chrome/ Library/Application~Support/Firefox/",
    ),
    (
        SecretStores,
        Home,
        "AppData/Local/Google/Chrome/User~Data/ AppData/Roaming/Mozilla/ AppData/Local/Microsoft/Credentials/ AppData/Roaming/Microsoft/Credentials/ AppData/Roaming/Microsoft/Protect/",
    ),
    (
        SecretStores,
        Any,
        "*.kdbx *.keychain *.keychain-db *.p12 *.pfx *.jks *.keystore",
    ),
    (
        SecretStores,
        System,
        "/etc/shadow /etc/gshadow /etc/master.passwd /etc/krb5.keytab",
    ),
    (Dotenv, Work, ".env .env.local .env.production"),
    (Dotenv, Any, ".env.* *.env"),
];

/// Environment files that hold no secrets by what everybody calls them.
const HARMLESS_ENV: &[&str] = &["example", "sample", "template", "dist", "defaults", "schema"];

/// One path of the table.
struct Row {
    class: PathClass,
    lies: Lies,
    names: Vec<String>,
    /// Whether what lies below is of the class as well.
    below: bool,
}

struct Table {
    rows: Vec<Row>,
    /// Rows by their first name, where that has no `*`.
    by_name: HashMap<String, Vec<usize>>,
    /// Rows by what Windows may call their first name for old programs, without the number.
    by_short_name: HashMap<(String, String), Vec<usize>>,
    /// Rows whose first name has one.
    wild: Vec<usize>,
    /// What a folder above takes along, by that folder.
    above: HashMap<String, Vec<PathClass>>,
}

static PROTECTED: LazyLock<Table> = LazyLock::new(Table::new);

impl Table {
    fn new() -> Table {
        let rows: Vec<Row> = TABLE
            .iter()
            .flat_map(|&(class, lies, paths)| paths.split(' ').map(move |path| Row::read(class, lies, path)))
            .collect();
        let mut table = Table {
            rows,
            by_name: HashMap::new(),
            by_short_name: HashMap::new(),
            wild: Vec::new(),
            above: HashMap::new(),
        };
        for (at, row) in table.rows.iter().enumerate() {
            let short = table.by_short_name.entry(shortened(&row.names[0]));
            short.or_default().push(at);
            match row.names[0].contains('*') {
                true => table.wild.push(at),
                false => table.by_name.entry(row.names[0].clone()).or_default().push(at),
            }
            for root in row.roots() {
                row.put_above(root, &mut table.above);
            }
        }
        table
    }
}

impl Row {
    fn read(class: PathClass, lies: Lies, path: &str) -> Row {
        let below = path.ends_with('/');
        let names = path
            .trim_matches('/')
            .split('/')
            .map(|name| name.replace('~', " ").to_lowercase())
            .collect();
        Row {
            class,
            lies,
            names,
            below,
        }
    }

    fn roots(&self) -> &'static [&'static str] {
        let wild = self.names.iter().any(|name| name.contains('*'));
        match self.lies {
            _ if wild => &[],
            Work => &["."],
            Home => &["~"],
            Both => &[".", "~"],
            System => &["/"],
            Any => &[],
        }
    }

    /// Notes the row's class at each folder above it.
    fn put_above(&self, root: &str, above: &mut HashMap<String, Vec<PathClass>>) {
        let join = |names: &[String]| match (root, names) {
            (_, []) => root.to_owned(),
            (".", names) => names.join("/"),
            ("/", names) => format!("/{}", names.join("/")),
            (root, names) => format!("{root}/{}", names.join("/")),
        };
        for depth in 0..self.names.len() {
            let classes = above.entry(join(&self.names[..depth])).or_default();
            if !classes.contains(&self.class) {
                classes.push(self.class);
            }
        }
    }

    /// Whether the row's names stand at a place of the path.
    fn is_at(&self, names: &[Cow<'_, str>], at: usize) -> bool {
        if self.lies == System && at != 0 {
            return false;
        }
        let Some(found) = names.get(at..at + self.names.len()) else {
            return false;
        };
        let ends = at + self.names.len() == names.len();
        (ends || self.below) && self.names.iter().zip(found).all(|(row, name)| is_name(row, name))
    }
}

/// The classes that a path in normal form is of, each once, in their order.
pub fn classes(normal: &str) -> SmallVec<[PathClass; 2]> {
    let table = &*PROTECTED;
    let mut found = SmallVec::new();
    let absolute = normal.starts_with('/');
    let names: SmallVec<[Cow<'_, str>; 8]> = normal
        .split('/')
        .filter(|name| !name.is_empty() && *name != ".")
        .map(loose)
        .collect();
    let mut note = |at: usize, row: usize| {
        let row = &table.rows[row];
        if (row.lies != System || absolute) && !found.contains(&row.class) && row.is_at(&names, at) {
            found.push(row.class);
        }
    };
    for (at, name) in names.iter().enumerate() {
        for &row in table.by_name.get(&**name).into_iter().flatten() {
            note(at, row);
        }
        let short = short_name(name).and_then(|short| table.by_short_name.get(&short));
        for &row in short.into_iter().flatten() {
            note(at, row);
        }
        for &row in &table.wild {
            note(at, row);
        }
    }
    let harmless = names.last().is_some_and(|name| is_harmless_env(name));
    found.retain(|class| *class != Dotenv || !harmless);
    found.sort();
    found
}

/// The classes of what usually lies below a path in normal form. `home_known`: whether whoever normalised the path knew the
/// home; where not, a folder that usually holds homes is above them.
pub fn below(normal: &str, place: Place, home_known: bool) -> Vec<PathClass> {
    let names: Vec<Cow<'_, str>> = normal.split('/').map(loose).collect();
    let folder = match names.join("/") {
        empty if empty.is_empty() => "/".to_owned(),
        folder => folder,
    };
    let of = |folder: &str| PROTECTED.above.get(folder).map_or(&[][..], Vec::as_slice);
    let workspace = if place == Place::Above && folder != "." {
        of(".")
    } else {
        &[]
    };
    let holds_home = folder == "/" || !home_known && is_home_like(&folder);
    let home = if holds_home && folder != "~" { of("~") } else { &[] };
    let mut classes = [of(&folder), workspace, home].concat();
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// The classes of paths that a shell's pattern may find below a folder in normal form: `dotenv` for `*/.env` and for `.e*`
/// anywhere. A pattern that gives not even the beginning of a name (`*`, `*.md`) is aimed at nothing; what a folder holds
/// as a whole is [`below`]'s to say.
pub fn aimed(folder: &str, pattern: &str) -> Vec<PathClass> {
    let (above, wild) = (loose_names(folder), loose_names(pattern));
    if PATTERN_NAMES_MAX < wild.len() || PATTERN_NAMES_MAX < above.len() {
        return PathClass::ALL.to_vec();
    }
    let names = [&above[..], &wild[..]].concat();
    let begins = |name: &str| !name.starts_with(WILD);
    let is_aimed = |row: &Row, at: usize| {
        let ends = at + row.names.len();
        let Some(found) = names.get(at..ends) else {
            return false;
        };
        let from = above.len().max(at);
        from < ends
            && (ends == names.len() || row.below)
            && (from..ends).any(|place| begins(&names[place]) && row.names[place - at] != "*")
            && row
                .names
                .iter()
                .zip(found)
                .enumerate()
                .all(
                    |(index, (row, name))| match at + index < above.len() || !name.contains(WILD) {
                        true => is_name(row, name),
                        false => may_name(row, name),
                    },
                )
    };
    let absolute = folder.starts_with('/');
    let of = |row: &&Row| match row.lies {
        System => absolute && is_aimed(row, 0),
        _ => (0..names.len()).any(|at| is_aimed(row, at)),
    };
    let mut classes: Vec<PathClass> = PROTECTED.rows.iter().filter(of).map(|row| row.class).collect();
    classes.sort_unstable();
    classes.dedup();
    let harmless = wild.last().is_some_and(|name| is_harmless_env(name));
    classes.retain(|class| *class != Dotenv || !harmless);
    classes
}

fn loose_names(path: &str) -> Vec<Cow<'_, str>> {
    let names = path.split('/').filter(|name| !name.is_empty() && *name != ".");
    names.map(loose).collect()
}

/// Names of a folder and of a pattern that are looked at one by one.
const PATTERN_NAMES_MAX: usize = 32;
/// What is no plain letter in a shell's pattern.
const WILD: [char; 3] = ['*', '?', '['];

/// Whether a name of the table and a shell's pattern have a name in common. No `*` stands for a dot at the beginning.
fn may_name(row: &str, pattern: &str) -> bool {
    if let Some(end) = row.strip_prefix('*') {
        return pattern.ends_with(end);
    }
    if row.starts_with('.') && pattern.starts_with(WILD) {
        return false;
    }
    let marks = |text: &str| -> Vec<char> {
        let mut marks = Vec::new();
        let mut rest = text.chars();
        while let Some(mark) = rest.next() {
            // A class stands for one letter, whichever.
            if mark == '[' && rest.as_str().contains(']') {
                rest = rest.as_str()[rest.as_str().find(']').map_or(0, |end| end + 1)..].chars();
                marks.push('?');
            } else {
                marks.push(mark);
            }
        }
        marks
    };
    let (row, pattern) = (marks(row), marks(pattern));
    if PATTERN_BYTES_MAX < pattern.len() {
        return true;
    }
    // meets[p]: what is left of the row and `pattern[p..]` have a name in common.
    let tail = |marks: &[char]| marks.iter().all(|mark| *mark == '*');
    let mut meets: Vec<bool> = (0..=pattern.len()).map(|at| tail(&pattern[at..])).collect();
    for (at, &mark) in row.iter().enumerate().rev() {
        let mut next = vec![false; pattern.len() + 1];
        next[pattern.len()] = tail(&row[at..]);
        for (begin, &other) in pattern.iter().enumerate().rev() {
            next[begin] = match (mark, other) {
                ('*', _) | (_, '*') => meets[begin] || next[begin + 1],
                (one, two) => (one == two || one == '?' || two == '?') && meets[begin + 1],
            };
        }
        meets = next;
    }
    meets[0]
}

/// Letters of a pattern that are looked at one by one.
const PATTERN_BYTES_MAX: usize = 256;

/// `/home`, `/home/me`, `/Users/me`, `/root`, `C:/Users/me`.
fn is_home_like(folder: &str) -> bool {
    let rest = match folder.as_bytes() {
        [b'a'..=b'z', b':', ..] => &folder[2..],
        _ => folder,
    };
    let mut names = rest.split('/').skip(1);
    match (names.next(), names.next(), names.next()) {
        (Some("home" | "users"), _, None) => rest.starts_with('/'),
        (Some("root"), None, None) => rest.starts_with('/'),
        _ => false,
    }
}

/// A name as the most forgiving system reads it.
fn loose(name: &str) -> Cow<'_, str> {
    let plain = name.is_ascii()
        && !name.bytes().any(|b| b.is_ascii_uppercase() || b == b':')
        && !name.ends_with([' ', '.']);
    if plain {
        return Cow::Borrowed(name);
    }
    let visible: String = composed(name).chars().filter(|&c| !is_invisible(c)).collect();
    let stream = visible.find(':').filter(|&at| 1 < at || visible.len() != 2);
    let bare = stream.map_or(visible.as_str(), |at| &visible[..at]);
    let bare = if matches!(bare, "." | "..") {
        bare
    } else {
        bare.trim_end_matches([' ', '.'])
    };
    // Compatibility forms (a Kelvin sign, a long s) fold to letters where lower case and upper case are both taken.
    let folded: String = bare
        .chars()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .collect();
    Cow::Owned(composed(&folded).into_owned())
}

/// Whether a name of the table is a name of a path.
fn is_name(row: &str, name: &str) -> bool {
    let matches = match (row.strip_prefix('*'), row.strip_suffix('*')) {
        (Some(""), _) => true,
        (Some(end), _) => end.len() < name.len() && name.ends_with(end),
        (_, Some(start)) => name.starts_with(start),
        _ => match row.split_once('*') {
            Some((start, end)) => {
                start.len() + end.len() <= name.len() && name.starts_with(start) && name.ends_with(end)
            }
            None => row == name,
        },
    };
    matches || !row.contains('*') && name.contains('~') && short_name(name) == Some(shortened(row))
}

/// A name that Windows made for old programs, without its number: `git` of `git~1`, `mcp` and `jso` of `mcp~1.jso`.
fn short_name(name: &str) -> Option<(String, String)> {
    let (base, extension) = name.split_once('.').unwrap_or((name, ""));
    let (head, number) = base.rsplit_once('~')?;
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (digits && !head.is_empty() && name.len() <= 12).then(|| (head.to_owned(), extension.to_owned()))
}

/// What Windows makes of a name for old programs: at most six of its letters, and three of its extension.
fn shortened(name: &str) -> (String, String) {
    let bare = name.trim_start_matches('.');
    let (base, extension) = bare.rsplit_once('.').unwrap_or((bare, ""));
    let letters = base.chars().filter(|c| !matches!(c, '.' | ' '));
    (letters.take(6).collect(), extension.chars().take(3).collect())
}

fn is_harmless_env(name: &str) -> bool {
    let parts = name.split('.').filter(|part| !part.is_empty() && *part != "env");
    let mut parts = parts.peekable();
    parts.peek().is_some() && parts.clone().any(|part| HARMLESS_ENV.contains(&part))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &[PathClass]) {
        assert_eq!(classes(path).as_slice(), expected, "{path}");
    }

    #[test]
    fn the_table_is_in_order() {
        let mut seen = std::collections::HashSet::new();
        for (class, _, paths) in TABLE {
            for path in paths.split(' ') {
                assert!(!path.is_empty(), "{class:?}: two spaces");
                assert!(
                    seen.insert((class, path.to_lowercase())),
                    "{class:?}: `{path}` stands twice"
                );
                let stars = path.split('/').all(|name| name.matches('*').count() < 2);
                assert!(stars && !path.contains("//"), "{class:?}: `{path}`");
            }
        }
        for (at, class) in PathClass::ALL.iter().enumerate() {
            assert!(seen.iter().any(|(of, _)| *of == class), "{class:?} has no path");
            assert!(at == *class as usize && !class.doc().is_empty());
        }
    }

    #[test]
    fn every_row_finds_its_own_paths() {
        for row in &PROTECTED.rows {
            let names: Vec<String> = row.names.iter().map(|name| name.replace('*', "x")).collect();
            let path = if row.lies == System {
                format!("/{}", names.join("/"))
            } else {
                names.join("/")
            };
            let mut spellings = vec![path.clone(), path.to_uppercase()];
            if row.lies != System {
                spellings.extend([
                    format!("~/{path}"),
                    format!("/home/me/{path}"),
                    format!("C:/Users/me/{path}. "),
                ]);
            }
            spellings.extend(row.below.then(|| format!("{path}/deep/x")));
            for spelling in spellings {
                assert!(
                    classes(&spelling).contains(&row.class),
                    "{spelling} is no {}",
                    row.class.as_str()
                );
            }
        }
    }

    #[test]
    fn classes_of_paths() {
        check(".git/hooks/pre-commit", &[GitHooks]);
        check("sub/.GIT/Hooks/x", &[GitHooks]);
        check(".git", &[GitConfig]);
        check(".git/config", &[GitConfig]);
        check("GIT~1/config", &[GitConfig]);
        check(".g\u{200c}it/config", &[GitConfig]);
        check(".git./config::$DATA", &[GitConfig]);
        check(".claude/settings.json", &[AgentSettings]);
        check("CLAUDE~1/settings.json", &[AgentSettings]);
        check(".claude/commands/x.md", &[AgentSettings, InstructionFiles]);
        check("packages/a/CLAUDE.md", &[InstructionFiles]);
        check(".github/workflows/ci.yml", &[CiWorkflows]);
        check("~/.ssh/id_rsa", &[Ssh]);
        check("/home/me/.ssh/config", &[Ssh]);
        check("/etc/ssh/sshd_config", &[Ssh]);
        check("etc/ssh/sshd_config", &[]);
        check("~/.docker/config.json", &[CloudCredentials]);
        check(
            "~/Library/Application Support/Claude/claude_desktop_config.json",
            &[AgentSettings],
        );
        check(".\u{212a}ube/config", &[CloudCredentials]);
        check("App/.env", &[Dotenv]);
        check(".env.production.local", &[Dotenv]);
        check("prod.env", &[Dotenv]);
    }

    #[test]
    fn everyday_paths_are_of_no_class() {
        for path in [
            "src/main.rs",
            "README.md",
            "docs/claude.txt",
            ".gitignore",
            ".github/ISSUE_TEMPLATE/bug.md",
            ".github",
            "src/git/config.rs",
            "hooks/useAuth.ts",
            "config",
            "environment.ts",
            ".environment",
            ".env.example",
            ".env.sample",
            "src/env.rs",
            "tests/fixtures/agents.rs",
            "ssh/client.go",
            "package.json",
            "Cargo.toml",
            ".cargo",
            ".editorconfig",
            ".prettierrc",
            "/tmp/x",
            "/usr/lib/git",
            "~/project/x",
            "target/debug/build",
            "a~1/b",
            "PROGRA~1/x",
            ".git/HEAD",
            ".git/index",
            ".",
            "/",
            "~",
        ] {
            check(path, &[]);
        }
    }

    #[test]
    fn patterns_are_aimed_at_what_they_begin_to_name() {
        let check = |folder: &str, pattern: &str, expected: &[PathClass]| {
            assert_eq!(aimed(folder, pattern), expected, "{folder} {pattern}");
        };
        check("services", "*/.env", &[Dotenv]);
        check("services", ".env*", &[ShellStartup, Dotenv]);
        check("services", ".[e]nv", &[Dotenv]);
        check("services", "*/.env.example", &[]);
        check("a", "*/.ENV*", &[ShellStartup, Dotenv]);
        check(".", ".g?thub/workflows/*", &[CiWorkflows]);
        check("sub", "AG*.md", &[InstructionFiles]);
        check("/home/me", ".ssh/id_*", &[Ssh]);
        // What gives no beginning is everything and nothing.
        check("src", "*", &[]);
        check("src", "*.md", &[]);
        check("src", "*/a.rs", &[]);
        check("src", "main*.rs", &[]);
    }

    #[test]
    fn folders_take_along_what_is_below() {
        let of = below;
        assert!(of("src", Place::Inside, true).is_empty());
        assert!(of("build", Place::Inside, true).is_empty());
        assert_eq!(of(".ssh", Place::Inside, true), []);
        assert!(of(".git", Place::Inside, true).contains(&GitHooks));
        assert!(of(".GitHub", Place::Inside, true).contains(&CiWorkflows));
        assert!(
            of(".", Place::Inside, true).contains(&CiWorkflows)
                && !of(".", Place::Inside, true).contains(&Ssh)
        );
        assert!(of("~", Place::Home, true).contains(&Ssh));
        assert!(of("~/.config", Place::Home, true).contains(&CloudCredentials));
        assert!(
            of("/", Place::Above, true).contains(&Ssh) && of("/", Place::Above, true).contains(&GitHooks)
        );
        assert!(
            of("/home", Place::Above, true).contains(&GitHooks)
                && !of("/home", Place::Above, true).contains(&Ssh)
        );
        assert!(of("/root", Place::Apart, false).contains(&Ssh));
        assert!(of("C:/Users/me", Place::Apart, false).contains(&Ssh));
        assert!(of("/home/me/x", Place::Apart, false).is_empty());
        assert!(of("/etc", Place::Apart, true).contains(&Ssh));
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in any::<String>()) {
            classes(&text);
            below(&text, Place::Unknown, false);
        }

        /// However a path is spelt that some system takes for the same, it has the classes of the plain one.
        #[test]
        fn no_spelling_escapes(row in 0..PROTECTED.rows.len(), upper in any::<u64>(), end in r"[. ]{0,3}(::\$DATA)?", before in r"([a-z]{1,4}/){0,3}") {
            let row = &PROTECTED.rows[row];
            let plain = row.names.join("/").replace('*', "x");
            let spelt: String = plain.chars().enumerate()
                .map(|(at, c)| if upper >> (at % 64) & 1 == 1 { c.to_ascii_uppercase() } else { c }).collect();
            let root = if row.lies == System { "/".to_owned() } else { before };
            let path = format!("{root}{spelt}{end}");
            prop_assert!(classes(&path).contains(&row.class), "{}", path);
        }
    }
}
