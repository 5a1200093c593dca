//! What can be typed, and the help that goes with it.

use std::path::PathBuf;

use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};

use crate::screen::Color;

/// Says what coding agents may do: a policy decision point.
#[derive(Parser)]
#[command(
    name = "bailiwick",
    version,
    max_term_width = 100,
    after_help = "Start with `bailiwick init`, which writes a small commented policy set, and `bailiwick help <command>`, \
                  which shows examples.\n\n\
                  Exit codes of every command:\n  \
                  0  fine\n  \
                  1  findings: failed tests, warnings where those are denied\n  \
                  2  bad input, such as policies with errors; or wrong usage\n  \
                  3  an approval is needed (`decide --exit-code` alone)"
)]
pub(crate) struct Args {
    /// When to colour: auto (on a terminal, unless NO_COLOR is set), always, never
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Check(Check),
    Test(Test),
    Decide(Decide),
    Explain(Explain),
    Facts(Box<Facts>),
    Tree(Tree),
    Compile(Compile),
    Schema(Schema),
    Compliance(Compliance),
    Init(Init),
    Redact(Redact),
    Audit(Audit),
    Provenance(Provenance),
}

/// Find every mistake in policies
///
/// Reads policy files and folders and reports all mistakes in one pass: each with its place, the lines themselves, and
/// what to do about it. A folder is read by its layout: `platform/` speaks for the platform, `organization/acme/` for
/// that organization, `organization/acme/repository/shop/` for that repository, and so on. A file given by itself
/// speaks for the platform.
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick check policies                         a folder
  bailiwick check base.yaml                        one file, as the platform's
  bailiwick check policies --deny-warnings         in a pipeline
  bailiwick check policies --format sarif > policies.sarif
                                                   for code scanning
  bailiwick check policies --now 2027-01-04T00:00:00Z
                                                   what will have ended or be due by then

Exit codes:
  0  the policies compile (there may be warnings)
  1  they have warnings, with --deny-warnings
  2  they have errors, or something in them has ended or is overdue; or a path cannot be read, or a folder is not of the layout")]
pub(crate) struct Check {
    /// Policy files, and folders of them
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(crate) format: CheckFormat,
    /// Fail on warnings too
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// The time at which rules may have ended and reviews be due; without it that of the clock
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
    /// How many days before they are due to warn of them
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub(crate) ahead: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// With the lines that they are about
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, which code scanning services read
    Sarif,
}

/// Run policy tests
///
/// A policy test is a request with what must come out of it. Tests stand in files `*.test.yaml`, or as lists in any
/// policy file; they are asked in the scope of the folder that they stand in.
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick test policies                          all tests of a folder, by its policies
  bailiwick test shop.test.yaml --policies policies --scope repository=shop
                                                   one file from elsewhere, and for whom it asks
  bailiwick test policies --format junit > report.xml
                                                   for a build server

A test:
  - name: nobody writes workflows
    input: {tool: file.write, path: .github/workflows/ci.yml}
    expect: {decision: denied, reason_contains: forbidden path}

Exit codes:
  0  all tests pass
  1  a test fails
  2  there are no tests, one cannot be read, or the policies do not compile")]
pub(crate) struct Test {
    /// Test files, and folders of them
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The policies to ask; without it those of the same folders
    #[arg(long, value_name = "PATH")]
    pub(crate) policies: Vec<PathBuf>,
    /// For whom files outside of the policies' folder ask, such as `repository=shop`
    #[arg(long, value_name = "ENTITY=NAME")]
    pub(crate) scope: Vec<String>,
    /// How results are written
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub(crate) format: TestFormat,
    /// Name the tests that pass, too
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// The failures in full, and a count
    Human,
    /// JUnit XML, which build servers read
    Junit,
}

/// Where a request comes from, and by what it is decided.
#[derive(Arguments)]
pub(crate) struct Question {
    /// The policies: files, and folders of them
    #[arg(long, required = true, value_name = "PATH")]
    pub(crate) policies: Vec<PathBuf>,
    /// A file with the request; `-`, or nothing, is standard input
    #[arg(value_name = "REQUEST")]
    pub(crate) file: Option<PathBuf>,
    /// The request itself, as JSON
    #[arg(long, value_name = "JSON", conflicts_with = "file")]
    pub(crate) request: Option<String>,
    /// A file with the state of switches
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
}

/// Decide requests
///
/// Decides one request, or a stream of them, one on each line. A request is JSON in the full, the flat or the AuthZEN
/// form; `now` and the action are all that it must say, but what it leaves unsaid is unknown, and what is unknown is
/// decided strictly.
#[derive(Arguments)]
#[command(after_long_help = r#"Examples:
  # one request
  bailiwick decide --policies policies --request \
    '{"tool": "file.read", "path": "a.rs", "now": "2026-11-20T10:00:00Z"}'

  # a day of tool calls, as a table
  bailiwick decide --policies policies --summary calls.jsonl

  # a record for each line, as it comes in
  agent | bailiwick decide --policies policies --jsonl --format record

  # in a script: act only if it is allowed
  bailiwick decide --policies policies request.json --exit-code && ./act

The format `human` is for reading; `json` has the answer, the deciding rule
with its place and what is still owed, on one line; `record` is the decision
record in canonical JSON. Equal input gives equal output: there is no time in
an answer unless --stamp adds it.

A line that is not a request is answered `denied`, by the engine's rule
`invalid_request`, with the JSON pointer of what is wrong. The other lines are
decided all the same, and the exit code is 2 at the end.

Exit codes:
  0  decided, whatever the answer; with --exit-code: allowed
  1  with --exit-code: denied (on many lines: one of them)
  2  the policies do not compile, or a request does not fit
  3  with --exit-code: an approval is needed (on many lines: one of them,
     and none is denied)"#)]
pub(crate) struct Decide {
    #[command(flatten)]
    pub(crate) question: Question,
    /// A request on each line; files named *.jsonl and *.ndjson are read so anyway
    #[arg(long, conflicts_with = "request")]
    pub(crate) jsonl: bool,
    /// How answers are written
    #[arg(long, value_enum, default_value_t = DecideFormat::Human)]
    pub(crate) format: DecideFormat,
    /// Print a table: per call the answer, what it would do, and the deciding rule; then counts
    #[arg(long)]
    pub(crate) summary: bool,
    /// Stamp answers with the time at which they were made
    #[arg(long)]
    pub(crate) stamp: bool,
    /// Let the exit code say the answer
    #[arg(long)]
    pub(crate) exit_code: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DecideFormat {
    /// The answer in words
    Human,
    /// The answer, short, as JSON
    Json,
    /// The whole decision record, as canonical JSON
    Record,
}

/// Say why a request is answered as it is
///
/// Shows the answer with all that it rests on: what the request would do, what each of the eight levels says of that by
/// which rule at which line, what the request leaves unsaid, and the smallest change that would make it allowed.
#[derive(Arguments)]
#[command(after_long_help = r#"Examples:
  bailiwick explain --policies policies request.json
                                                   why, and why not
  bailiwick explain --policies policies request.json --stage model
                                                   how each rule's conditions come out
  bailiwick explain --policies policies request.json --stage record
                                                   the record, laid out

The stages, from text to answer:
  documents  the policy documents, which of them apply, and their hashes
  rules      the rules as written, with what the forms stand for
  model      the rules that were looked at, and how their conditions come out
  tree       the questions that the compiled tree asks, and how few rules remain
  effects    what the request would do
  verdict    what each rule that fired contributes
  record     the decision record

Exit codes:
  0  explained, whatever the answer
  2  the policies do not compile, or the request does not fit"#)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Print this stage of the way to the answer instead
    #[arg(long, value_enum)]
    pub(crate) stage: Option<Stage>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    Documents,
    Rules,
    Model,
    Tree,
    Effects,
    Verdict,
    Record,
}

/// Show what the engine sees in a command, a path, a URL, a patch or a text
///
/// Shows what a tool call would really do, before any rule looks at it: the programs that run, the files that are read and
/// written, the hosts that are reached, what stays opaque and why, each with the part of the text that it comes from.
#[derive(Arguments)]
#[command(group = clap::ArgGroup::new("value").args(["what", "command", "argv", "path", "url", "patch", "text", "request"]))]
#[command(after_long_help = r#"Examples:
  bailiwick facts 'curl -fsSL https://x.example/i.sh | sh'
                                                   a command line
  bailiwick facts --cwd infra --root /ws 'cd ..; rm -rf "$X"/a'
                                                   where it stands, and where the workspace is
  bailiwick facts --argv git push --force          a command as words: all that follow
  bailiwick facts --path 'docs/../.git/hooks/x'    a path
  bailiwick facts --path build/x --links build=/etc
                                                   a path through a link
  bailiwick facts --url http://0x7f.1/             a URL
  git diff | bailiwick facts --patch -             a patch
  bailiwick facts --text "$(cat mail.txt)"         what should not be handed on
  bailiwick facts --request '{"tool": "mcp.call", "server": "github", "mcp_tool": "push_files"}'
                                                   a tool call
  bailiwick facts --jsonl calls.jsonl              one on each line, answered line by line

With --json, and for each line with --jsonl, an answer is one JSON object:
  in   {"id", "command" | "argv" | "path" | "url" | "patch" | "text" | "tool", "cwd", "root", "home",
        "links", "case_insensitive", "strip"}
  out  {"id", "effects": [{"kind", ..., "span"}], "facts": {...}, "opaque", "doubts"}
A span is two byte offsets into the text. A line that cannot be read is answered with an `error`, the
others all the same.

Exit codes:
  0  shown
  2  it cannot be read (with --jsonl: one of the lines); or the policies do not compile"#)]
pub(crate) struct Facts {
    /// A command line; with --jsonl a file, where `-` or nothing is standard input
    #[arg(value_name = "COMMAND")]
    pub(crate) what: Option<String>,
    /// A command line
    #[arg(long, value_name = "LINE", allow_hyphen_values = true)]
    pub(crate) command: Option<String>,
    /// A command as words: all that follow
    #[arg(long, value_name = "WORD", num_args = 1.., allow_hyphen_values = true)]
    pub(crate) argv: Vec<String>,
    /// A path
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) path: Option<String>,
    /// A URL
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// A file with a patch; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) patch: Option<String>,
    /// A text
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) text: Option<String>,
    /// A tool call, as JSON; `now` may be left out
    #[arg(long, value_name = "JSON")]
    pub(crate) request: Option<String>,
    /// The working directory: absolute, or relative to the root
    #[arg(long, value_name = "PATH", conflicts_with = "request")]
    pub(crate) cwd: Option<String>,
    /// The root of the workspace
    #[arg(long, value_name = "PATH", conflicts_with = "request")]
    pub(crate) root: Option<String>,
    /// The home of whoever acts
    #[arg(long, value_name = "PATH", conflicts_with = "request")]
    pub(crate) home: Option<String>,
    /// A link and where it leads
    #[arg(long, value_name = "LINK=TARGET", conflicts_with = "request")]
    pub(crate) links: Vec<String>,
    /// Letter case makes no difference between files
    #[arg(long, conflicts_with = "request")]
    pub(crate) case_insensitive: bool,
    /// How many leading folders the names in a patch lose
    #[arg(long, value_name = "N", requires = "patch")]
    pub(crate) strip: Option<u32>,
    /// Policies that describe more programs
    #[arg(long, value_name = "PATH")]
    pub(crate) policies: Vec<PathBuf>,
    /// The tenant whose policies they are
    #[arg(long, requires = "policies")]
    pub(crate) tenant: Option<String>,
    /// Print one JSON object
    #[arg(long, conflicts_with = "jsonl")]
    pub(crate) json: bool,
    /// Read one object from each line, and answer on one line each
    #[arg(long, conflicts_with_all = ["command", "argv", "path", "url", "patch", "text", "request", "cwd", "root", "home", "links",
        "case_insensitive"])]
    pub(crate) jsonl: bool,
}

/// Draw the compiled tree
///
/// Policies are compiled to trees that lead from what a request says to the few rules that can matter for it: one tree for
/// the platform, one for the levels below. A request walks each tree once for each thing that it would do.
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick tree --policies policies               the questions and the rules, as text
  bailiwick tree --policies policies --stats       how large the trees are: nodes, leaves, depth, sharing,
                                                   indexes over crowded leaves, bytes for each rule
  bailiwick tree --policies policies --part platform --format svg > tree.svg
                                                   a drawing
  bailiwick tree --policies policies --tenant acme --part below --format dot | dot -Tpng > tree.png
                                                   with Graphviz

Exit codes:
  0  drawn
  2  the policies do not compile, or it is not clear which tree is meant")]
pub(crate) struct Tree {
    /// The policies: files, and folders of them
    #[arg(long, required = true, value_name = "PATH")]
    pub(crate) policies: Vec<PathBuf>,
    /// How trees are drawn
    #[arg(long, value_enum, default_value_t = TreeFormat::Text)]
    pub(crate) format: TreeFormat,
    /// Print sizes instead
    #[arg(long)]
    pub(crate) stats: bool,
    /// The tenant whose trees are meant
    #[arg(long)]
    pub(crate) tenant: Option<String>,
    /// Which of the two trees; without it both, as far as there are rules
    #[arg(long, value_enum)]
    pub(crate) part: Option<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TreeFormat {
    /// Indented, for a terminal
    Text,
    /// For Graphviz
    Dot,
    /// A drawing by itself
    Svg,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The platform's rules
    Platform,
    /// The rules of the levels below it
    Below,
}

/// Print JSON Schemas and the vocabulary
///
/// The JSON Schemas of everything that is read and written, for editors and programs, and tables of what policies and
/// requests can speak of. With --policies the tables hold what the policies add.
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick schema                                 what there is
  bailiwick schema policies > policies.schema.json the JSON Schema of a policy file, for an editor
  bailiwick schema actions                         what agents can ask for, with arguments
  bailiwick schema attributes                      what conditions can read
  bailiwick schema enumerations --format json      for a program
  bailiwick schema actions --policies policies     with the actions that the policies add
  bailiwick schema programs                        what arguments of programs mean

Exit codes:
  0  printed
  2  the policies do not compile")]
pub(crate) struct Schema {
    /// What to print; without it, a list of what there is
    #[arg(value_enum)]
    pub(crate) what: Option<What>,
    /// How tables are written
    #[arg(long, value_enum, default_value_t = SchemaFormat::Text)]
    pub(crate) format: SchemaFormat,
    /// Policies that add to the vocabulary
    #[arg(long, value_name = "PATH")]
    pub(crate) policies: Vec<PathBuf>,
    /// The tenant whose vocabulary it is, where policies have tenants
    #[arg(long, requires = "policies")]
    pub(crate) tenant: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// The JSON Schema of a policy document
    Policies,
    /// The JSON Schema of a request
    Requests,
    /// The JSON Schema of a decision record
    Records,
    /// The JSON Schema of policy tests
    Tests,
    /// The JSON Schema of the state
    State,
    /// The JSON Schema of an audit event
    Events,
    /// The JSON Schema of a line of an audit log
    Entries,
    /// The JSON Schema of a checkpoint of an audit log
    Checkpoints,
    /// The JSON Schema of provenance
    Provenance,
    /// What can be asked for
    Actions,
    /// What conditions can read
    Attributes,
    /// The constants that attributes take
    Enumerations,
    /// What hosts can owe
    Obligations,
    /// What is known of programs
    Programs,
    /// The codes of findings
    Diagnostics,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaFormat {
    Text,
    Json,
}

/// Write checked policies as one file that loads at once
///
/// A compiled bundle holds the checked policies, their texts and warnings. It loads in a tenth to a fifth of the time, decides as the
/// files do, and gives the same records. The same policies give the same bytes, and a hash that is printed. It is read by the
/// version that wrote it alone: ship the policy files, and compile them where they are used. Policy tests are not in it.
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick compile policies --output policies.bailiwick
                                                   write it; its hash is printed
  bailiwick decide request.json --policies policies.bailiwick
                                                   ask it, as any policies
  head -1 policies.bailiwick                       its version and hash

Exit codes:
  0  written
  2  the policies do not compile, or the file cannot be written")]
pub(crate) struct Compile {
    /// Policy files, and folders of them
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The file to write
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// Print which rules carry out which controls
///
/// For each control of a compliance framework the rules that carry it out, and for each of these the policy tests in whose
/// record it is matched or held as a limit: what an auditor asks for first. Controls are named by the form `compliance`,
/// and by rules themselves. A test that fails shows nothing.
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick compliance policies                    as text
  bailiwick compliance policies --format markdown > controls.md
                                                   for a report
  bailiwick compliance policies --deny-gaps        in a pipeline

Exit codes:
  0  printed
  1  with --deny-gaps: a control has no rule, or a rule of a control no test
  2  the policies do not compile, or a test cannot be read")]
pub(crate) struct Compliance {
    /// Policy files, and folders of them with their tests
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How the table is written
    #[arg(long, value_enum, default_value_t = ComplianceFormat::Text)]
    pub(crate) format: ComplianceFormat,
    /// Fail where a control has no rule, or a rule of a control no test
    #[arg(long)]
    pub(crate) deny_gaps: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ComplianceFormat {
    /// Indented, for a terminal
    Text,
    /// A table
    Markdown,
    /// For a program
    Json,
}

/// Write a starter policy set, or packs of ready ones
///
/// Writes a small policy set that teaches: the platform's rules, those of an organization, a team and a repository, tests,
/// and a request to try. With `--pack`, ready policy sets instead, layered in one folder by their levels. What is written
/// checks clean and its tests pass. Nothing is ever overwritten.
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick init                                   the starter set, into the folder `bailiwick`
  bailiwick init infra/agents                      into another
  bailiwick init --pack coding-agent policies      a baseline for coding agents
  bailiwick init --pack coding-agent --pack soc2 --organization acme policies
                                                   with what SOC 2 asks, for the organization `acme`
  bailiwick init --pack hipaa --organization acme policies
                                                   one more, into the same folder

Packs:
  coding-agent    the baseline: files, commands, network, untrusted text, pull requests, people
  devika          Devika: known submitters, budgets, the project's folder, keys, records
  soc2            what SOC 2 asks: changes, access, evidence, vendors, incidents
  hipaa           what HIPAA asks: protected health information, agreements, six years
  pci-dss         what PCI DSS asks: account data, segmentation, scans, logs
  fleet-campaign  one change over many repositories: waves, limits, contracts of tasks
All others rest on coding-agent. Each has a page, `<pack>.md`, that is written with it.

Exit codes:
  0  written
  2  a file of the set is there already, or cannot be written, or there is no such pack; nothing was written")]
pub(crate) struct Init {
    /// A pack to write; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) pack: Vec<String>,
    /// The organization in whose folder the packs' rules of organizations are written
    #[arg(long, value_name = "NAME", default_value = "example", requires = "pack")]
    pub(crate) organization: String,
    /// The folder
    #[arg(default_value = "bailiwick")]
    pub(crate) folder: PathBuf,
}

/// Take secrets out of a text
///
/// Reads a text and writes it without API keys, tokens, passwords, private keys, e-mail addresses and URLs of hosts that are
/// not public; blocks of text over 64 KiB keep their beginning and their end. What was taken out is counted on standard error.
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick redact build.log > clean.log           all of it
  some-command 2>&1 | bailiwick redact             from standard input
  bailiwick redact --format json build.log         the text and the counts as one JSON object
  bailiwick redact --sink pr_body --owed redact:pr_body/email_addresses body.md
                                                   no more than the obligations of a decision ask for

Exit codes:
  0  written
  1  something was taken out, with --exit-code
  2  the file cannot be read")]
pub(crate) struct Redact {
    /// A file; standard input where missing or `-`
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Where the text goes
    #[arg(long, default_value = "log_view", value_name = "NAME")]
    pub(crate) sink: String,
    /// Take out what these obligations ask for, instead of everything
    #[arg(long, value_name = "OBLIGATION")]
    pub(crate) owed: Vec<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = SchemaFormat::Text)]
    pub(crate) format: SchemaFormat,
    /// Exit with 1 where something was taken out
    #[arg(long)]
    pub(crate) exit_code: bool,
}

/// Keep an audit log
///
/// An audit log is a file of JSON lines that is only ever added to. Each entry names the hash of the one before it, in the
/// log and in its run, so that what was changed, left out, moved or cut off is found.
#[derive(Arguments)]
pub(crate) struct Audit {
    #[command(subcommand)]
    pub(crate) command: AuditCommand,
}

#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    Append(AuditAppend),
    Verify(AuditVerify),
    Checkpoint(AuditCheckpoint),
    Show(AuditShow),
    Export(AuditShow),
}

/// Add events to a log
///
/// Reads audit events, a JSON object on each line, and appends them. Several processes may append to one log. A line that a
/// crash has left torn is set aside in `<log>.torn`.
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick audit append audit.jsonl events.jsonl
  echo '{\"actor_type\":\"agent\",\"actor\":\"agent-17\",\"action\":\"tool.shell.exec\",\"resource_type\":\"run\",
    \"resource_id\":\"run_1\",\"decision\":\"allowed\"}' | bailiwick audit append audit.jsonl --stamp

Exit codes:
  0  appended, and on the disk
  2  a line is no event, or the log is not sound or cannot be written; the lines before it are appended")]
pub(crate) struct AuditAppend {
    /// The log; made where there is none
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// Events; standard input where missing or `-`
    #[arg(value_name = "EVENTS")]
    pub(crate) file: Option<PathBuf>,
    /// Fill in `audit_id` and `created_at` where they are missing
    #[arg(long)]
    pub(crate) stamp: bool,
    /// Leave it to the system when entries are on the disk
    #[arg(long)]
    pub(crate) no_sync: bool,
}

/// Find the first fault of a log
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick audit verify audit.jsonl
  bailiwick audit verify audit.jsonl --checkpoint monday.json
                                                   and that nothing was cut off or written anew before it
  bailiwick audit verify run_1.jsonl --extract     what `audit export` wrote

Exit codes:
  0  the log is sound
  1  it is not: an entry is broken, missing, reordered, repeated; the log is truncated or torn
  2  a file cannot be read")]
pub(crate) struct AuditVerify {
    /// The log
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// How far the log had come at a time
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// It is an extract: chains of runs have no gaps, the whole has
    #[arg(long)]
    pub(crate) extract: bool,
    /// As one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// Say how far a log has come, to be kept elsewhere
///
/// That a log was cut off, or written anew from its beginning, can only be seen by somebody who knows how far it had come.
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick audit checkpoint audit.jsonl > monday.json
  bailiwick audit checkpoint audit.jsonl --to-sign monday.json | openssl pkeyutl -sign -inkey key.pem -rawin
                                                   the bytes that a signature is over (DSSE v1)

Exit codes:
  0  written
  2  the log is empty, not sound, or cannot be read")]
pub(crate) struct AuditCheckpoint {
    /// The log
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// The name of the log in the checkpoint; its file's where missing
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Write the bytes to be signed of this checkpoint, instead of making one
    #[arg(long, value_name = "FILE")]
    pub(crate) to_sign: Option<PathBuf>,
}

/// Read a log: what the reader may see of it
///
/// A reader sees entries of the own tenant: the own ones, the team's, or all, by role. That somebody has read is appended to
/// the log before anything is written out. `show` writes for people, `export` the lines as they stand.
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick audit show audit.jsonl --reader ada --role security --tenant acme
  bailiwick audit export audit.jsonl --reader eve --role auditor --expires 2027-01-01T00:00:00Z --tenant acme --run run_1
  bailiwick audit show audit.jsonl --reader ada --role engineer --access access.json --policies policies

Who sees how much, where --access does not say: engineer own, team-lead team, security, compliance and auditor all; an
auditor's right must have an end. A file for --access: {\"engineer\": \"own\", \"auditor\": {\"scope\": \"all\", \"expires\": \"required\"}}

Exit codes:
  0  written
  1  the reader may not read
  2  the log is not sound, cannot be read, or cannot be appended to")]
pub(crate) struct AuditShow {
    /// The log
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// Who reads
    #[arg(long, value_name = "ID")]
    pub(crate) reader: String,
    /// In which roles
    #[arg(long, value_name = "ROLE", required = true)]
    pub(crate) role: Vec<String>,
    /// Of which tenant; the platform's where missing
    #[arg(long, value_name = "NAME")]
    pub(crate) tenant: Option<String>,
    /// Of which team
    #[arg(long, value_name = "NAME")]
    pub(crate) team: Option<String>,
    /// When the reader's right ends, RFC 3339
    #[arg(long, value_name = "TIME")]
    pub(crate) expires: Option<String>,
    /// Which role sees how much, as JSON: `audit_access` of the compliance form
    #[arg(long, value_name = "FILE")]
    pub(crate) access: Option<PathBuf>,
    /// Policies that are asked for `audit.read` besides
    #[arg(long, value_name = "PATH")]
    pub(crate) policies: Vec<PathBuf>,
    /// Entries of this run alone
    #[arg(long, value_name = "ID")]
    pub(crate) run: Option<String>,
}

/// Say where an agent's change comes from
///
/// Makes the provenance of a run out of its decision records: task, commits, models, verifiers, policies. What records do not
/// know is given in a file; where both speak they must agree.
#[derive(Arguments)]
#[command(after_long_help = "Examples:
  bailiwick provenance records.jsonl               of the run that all records are of
  bailiwick provenance records.jsonl --run run_1 --given given.json
  bailiwick provenance records.jsonl --statement   as an in-toto statement (v1), to be signed

Records are what `bailiwick decide --format record` prints, one on each line.

Exit codes:
  0  written
  2  a record was changed, records are of several runs, the file contradicts them, or something cannot be read")]
pub(crate) struct Provenance {
    /// Records, one on each line; standard input where missing or `-`
    #[arg(value_name = "RECORDS")]
    pub(crate) file: Option<PathBuf>,
    /// The records of this run alone
    #[arg(long, value_name = "ID")]
    pub(crate) run: Option<String>,
    /// What the records do not know, in the shape of `agent_provenance`, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) given: Option<PathBuf>,
    /// As an in-toto statement
    #[arg(long)]
    pub(crate) statement: bool,
}
