//! The surface as data: what every binding shows, in one table. Stubs, type files, reference pages and the tests that a
//! binding shows all of it are made from here; a new row is a new function everywhere, and a test says where it is missing.
//! Names are in snake_case; a language spells them in its own way. Knows of languages only which of them have a disk.

mod shapes;

pub use shapes::{SHAPES, WORDS};

/// A type, as far as the languages must agree on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A text.
    Text,
    /// True or false.
    Bool,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// Any JSON.
    Json,
    /// An object of any JSON.
    Object,
    /// A path on a disk.
    Path,
    /// Bytes.
    Bytes,
    /// Nothing is given back.
    Nothing,
    /// A class, shape or list of words of this table.
    Named(&'static str),
    /// A list.
    List(&'static Type),
    /// It may be missing or null.
    Optional(&'static Type),
    /// One of these.
    Either(&'static [Type]),
    /// An object from texts to these.
    Map(&'static Type),
}

/// Where a row is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// In the package itself.
    Package,
    /// Of the class of this name.
    Class(&'static str),
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A function of the package.
    Function,
    /// A function of a class that makes one of it.
    Maker,
    /// A method.
    Method,
    /// A value to read.
    Property,
}

/// Which bindings have a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Homes {
    /// All of them.
    Everywhere,
    /// Those that have a disk.
    WithDisk,
}

/// One row: something that a binding shows.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Where.
    pub owner: Owner,
    /// Its name, in snake_case.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What it takes, in order.
    pub takes: &'static [Param],
    /// What it takes by name; all of these may be left out.
    pub options: &'static [Param],
    /// What it gives.
    pub gives: Type,
    /// The errors that it raises or throws.
    pub raises: &'static [&'static str],
    /// What it does, the first sentence by itself.
    pub doc: &'static str,
    /// Which bindings have it.
    pub homes: Homes,
}

/// Something that a row takes. One that is `Optional` may be left out.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub of: Type,
}

/// A class: made by the engine, and never by hand but through its makers.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Which bindings have it.
    pub homes: Homes,
}

/// An error class.
#[derive(Clone, Copy, Debug)]
pub struct ErrorClass {
    /// Its name.
    pub name: &'static str,
    /// What it carries beside its message.
    pub fields: &'static [Param],
    /// When it is raised.
    pub doc: &'static str,
}

/// The shape of an object that goes in or out.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its keys.
    pub fields: &'static [Field],
}

/// A key of a shape.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What stands there.
    pub of: Type,
    /// Whether it is always there.
    pub always: bool,
    /// What it says.
    pub doc: &'static str,
}

/// A list of words, one of which is given.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub doc: &'static str,
    /// The words.
    pub words: &'static [&'static str],
}

const STATE: Param = option("state", &Type::Either(&[Type::Named("State"), Type::Text]));
const REQUEST: Param = param("request", Type::Either(&[Type::Named("Request"), Type::Text]));
const POLICIES: Param = param("policies", Type::Named("Policies"));
const PATH: Param = param("path", Type::Path);
const BY_TENANT: Param = option("by_tenant", &Type::Bool);
const VALUE: Param = param("value", Type::Either(&[Type::Named("Request"), Type::Text]));
const RECORD: Param = param("record", Type::Either(&[Type::Named("Record"), Type::Text]));
const CHECKPOINT: Param = option(
    "checkpoint",
    &Type::Either(&[Type::Named("AuditCheckpoint"), Type::Text]),
);
const EXTRACT: Param = option("extract", &Type::Bool);
const EVENTS: Param = param(
    "events",
    Type::List(&Type::Either(&[Type::Named("AuditEvent"), Type::Text])),
);
const RUN: Param = option("run", &Type::Text);
const TESTS: Param = option("tests", &Type::Either(&[Type::Text, Type::Named("TestSource")]));
const STAMP: [Param; 2] = [
    option("decision_id", &Type::Text),
    option("created_at", &Type::Text),
];

const fn param(name: &'static str, of: Type) -> Param {
    Param { name, of }
}

const fn option(name: &'static str, of: &'static Type) -> Param {
    Param {
        name,
        of: Type::Optional(of),
    }
}

/// The classes.
pub const CLASSES: &[Class] = &[
    Class {
        name: "Engine",
        doc: "Compiled policies, and the state of their switches. Shared between threads.",
        homes: Homes::Everywhere,
    },
    Class {
        name: "Decision",
        doc: "The answer to one request. It refuses to stand for true or false: compare `outcome`, or read `allowed`.",
        homes: Homes::Everywhere,
    },
    Class {
        name: "AuditLog",
        doc: "An audit log as a file, open for appending. Shared between threads, and by its lock between processes.",
        homes: Homes::WithDisk,
    },
];

/// The errors, besides the one that is the base of all.
pub const ERRORS: &[ErrorClass] = &[
    ErrorClass {
        name: "PolicyError",
        fields: &[param("diagnostics", Type::List(&Type::Named("Diagnostic")))],
        doc: "Policies or tests that do not load. The message shows each finding with its lines and its cure.",
    },
    ErrorClass {
        name: "InputError",
        fields: &[param("problems", Type::List(&Type::Named("Problem")))],
        doc: "A state, a record, a time or a word that cannot be read, where nothing is decided by it.",
    },
    ErrorClass {
        name: "AuditError",
        fields: &[param("fault", Type::Optional(&Type::Named("AuditReport")))],
        doc: "An audit log that is not sound, where `fault` says what was found; or that cannot be read or written.",
    },
    ErrorClass {
        name: "Denied",
        fields: &[
            param("decision", Type::Named("Decision")),
            param("record", Type::Named("Record")),
        ],
        doc: "A guard met a denial: what it guards was not called.",
    },
    ErrorClass {
        name: "ApprovalNeeded",
        fields: &[
            param("decision", Type::Named("Decision")),
            param("record", Type::Named("Record")),
        ],
        doc: "A guard met a call that needs approvals first: `record` lists them as outstanding.",
    },
];

/// Every row of the surface.
pub const ROWS: &[Row] = &[
    Row {
        owner: Owner::Package,
        name: "version",
        kind: Kind::Function,
        takes: &[],
        options: &[],
        gives: Type::Named("Version"),
        raises: &[],
        doc: "The versions of the engine and of the language.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Package,
        name: "check",
        kind: Kind::Function,
        takes: &[POLICIES],
        options: &[],
        gives: Type::List(&Type::Named("Diagnostic")),
        raises: &[],
        doc: "Every finding of policies, errors and warnings. Empty where nothing is wrong.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Package,
        name: "check_folder",
        kind: Kind::Function,
        takes: &[PATH],
        options: &[],
        gives: Type::List(&Type::Named("Diagnostic")),
        raises: &[],
        doc: "Every finding of the policies in a folder.",
        homes: Homes::WithDisk,
    },
    Row {
        owner: Owner::Package,
        name: "facts",
        kind: Kind::Function,
        takes: &[VALUE],
        options: &[],
        gives: Type::Named("Seen"),
        raises: &[],
        doc: "What is seen in a value, apart from any rule: a tool call as a request says it, or one of `command`, `argv`, `path`, \
              `url`, `patch` and `text`, with `cwd`, `root`, `home` and `links` beside it. Never fails: what cannot be read is \
              opaque, and `error` says why.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Package,
        name: "redact",
        kind: Kind::Function,
        takes: &[param("text", Type::Text), param("sink", Type::Named("Sink"))],
        options: &[option("owed", &Type::List(&Type::Text))],
        gives: Type::Named("Redacted"),
        raises: &["InputError"],
        doc: "Takes out of a text what must not reach a sink: all that can be, or with `owed`, the names of a record's \
              obligations, what they ask for.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Package,
        name: "deed",
        kind: Kind::Function,
        takes: &[RECORD, param("result", Type::Named("DeedResult"))],
        options: &[
            option("rationale", &Type::Text),
            option("ticket", &Type::Text),
            option("result_hash", &Type::Text),
            option("at", &Type::Text),
        ],
        gives: Type::Named("Deed"),
        raises: &["InputError"],
        doc: "The outcome record: what became of what was decided, tied to the decision record by its hash.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Package,
        name: "deed_fault",
        kind: Kind::Function,
        takes: &[
            param("deed", Type::Either(&[Type::Named("Deed"), Type::Text])),
            RECORD,
        ],
        options: &[],
        gives: Type::Optional(&Type::Named("DeedFault")),
        raises: &["InputError"],
        doc: "Why an outcome record is not that of a decision record; null where it is.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Package,
        name: "provenance",
        kind: Kind::Function,
        takes: &[param(
            "records",
            Type::List(&Type::Either(&[Type::Named("Record"), Type::Text])),
        )],
        options: &[option("given", &Type::Object), option("statement", &Type::Bool)],
        gives: Type::Object,
        raises: &["InputError"],
        doc: "What a change made by an agent carries with it: `agent_provenance` out of the records of one run, in the order in \
              which they were made, and of what the caller gives besides, which may not contradict them. With `statement` as an \
              in-toto statement, to be signed by whoever has a key.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Package,
        name: "audit_event",
        kind: Kind::Function,
        takes: &[REQUEST, RECORD, param("audit_id", Type::Text)],
        options: &[],
        gives: Type::Named("AuditEvent"),
        raises: &["InputError"],
        doc: "The audit event of a decision: who asked for what, and what came out. Its time is the record's stamp, or else the \
              request's `now`.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Package,
        name: "audit_lines",
        kind: Kind::Function,
        takes: &[param("log", Type::Text), EVENTS],
        options: &[],
        gives: Type::Text,
        raises: &["InputError", "AuditError"],
        doc: "The lines by which a log grows, for hosts that keep it elsewhere than in a file: `log` is the whole of it so far. \
              Secrets are taken out of the events. Where one of them is no event, no line is made.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Package,
        name: "audit_verify",
        kind: Kind::Function,
        takes: &[param("log", Type::Text)],
        options: &[CHECKPOINT, EXTRACT],
        gives: Type::Named("AuditReport"),
        raises: &["InputError"],
        doc: "Whether the text of a log is sound, and where it is not: the first entry that was changed, is missing, reordered \
              or repeated, or behind which the log was cut off. With `extract` it holds all entries of some runs, or of a tenant.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Package,
        name: "audit_verify_file",
        kind: Kind::Function,
        takes: &[PATH],
        options: &[CHECKPOINT, EXTRACT],
        gives: Type::Named("AuditReport"),
        raises: &["InputError", "AuditError"],
        doc: "Whether a log is sound, read line by line from its file.",
        homes: Homes::WithDisk,
    },
    Row {
        owner: Owner::Package,
        name: "audit_to_sign",
        kind: Kind::Function,
        takes: &[param(
            "checkpoint",
            Type::Either(&[Type::Named("AuditCheckpoint"), Type::Text]),
        )],
        options: &[],
        gives: Type::Text,
        raises: &["InputError"],
        doc: "What of a checkpoint is signed (DSSE). Its UTF-8 is the message; whoever has a key signs it.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "load",
        kind: Kind::Maker,
        takes: &[POLICIES],
        options: &[BY_TENANT],
        gives: Type::Named("Engine"),
        raises: &["PolicyError"],
        doc: "Loads policies: one text, a mapping of file names to texts, or a list of sources. A name says by its folders \
              for whom the file speaks; a text alone speaks for the platform. With `by_tenant` a tenant whose policies do \
              not compile is denied everything, and the others are not touched by it; without it one mistake stops all.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "load_folder",
        kind: Kind::Maker,
        takes: &[PATH],
        options: &[BY_TENANT],
        gives: Type::Named("Engine"),
        raises: &["PolicyError"],
        doc: "Loads the policies of a folder by its layout.",
        homes: Homes::WithDisk,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "from_bundle",
        kind: Kind::Maker,
        takes: &[param("bundle", Type::Bytes)],
        options: &[],
        gives: Type::Named("Engine"),
        raises: &["PolicyError"],
        doc: "Loads a compiled bundle, in a tenth to a fifth of the time that its policies take. It decides as the engine that it was \
              made from, with the same records. One that is damaged or of another version is refused. Whoever can write a bundle \
              can write the policies: take it from where you would take them.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "to_bundle",
        kind: Kind::Method,
        takes: &[],
        options: &[],
        gives: Type::Bytes,
        raises: &[],
        doc: "The compiled policies as one run of bytes, with their texts and without tests and state. The same policies give \
              the same bytes; the first line holds their hash.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "diagnostics",
        kind: Kind::Property,
        takes: &[],
        options: &[],
        gives: Type::List(&Type::Named("Diagnostic")),
        raises: &[],
        doc: "What loading found: warnings, and the errors of tenants that are denied everything.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "decide",
        kind: Kind::Method,
        takes: &[REQUEST],
        options: &[STATE],
        gives: Type::Named("Decision"),
        raises: &[],
        doc: "Decides one request. Never fails: what is no request is denied, and its record says `invalid_request`. Without \
              a `state` the engine's own counts.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "decide_many",
        kind: Kind::Method,
        takes: &[param(
            "requests",
            Type::List(&Type::Either(&[Type::Named("Request"), Type::Text])),
        )],
        options: &[STATE],
        gives: Type::List(&Type::Named("Decision")),
        raises: &[],
        doc: "Decides many requests, each by itself and all in one state, in one crossing of the border. The decisions stand in \
              the order of the requests. Where there are threads, larger numbers are shared out over the cores.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "allows",
        kind: Kind::Method,
        takes: &[REQUEST],
        options: &[STATE],
        gives: Type::Bool,
        raises: &[],
        doc: "Whether a request is allowed as it stands. What is still to be approved is not.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "record",
        kind: Kind::Method,
        takes: &[REQUEST],
        options: &[STATE, STAMP[0], STAMP[1]],
        gives: Type::Named("Record"),
        raises: &[],
        doc: "Decides one request and gives its record. Id and time are stamped as they are given.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "explain",
        kind: Kind::Method,
        takes: &[REQUEST],
        options: &[STATE],
        gives: Type::Named("Explanation"),
        raises: &[],
        doc: "Decides one request and says why: the ladder of levels, the rules with their lines, what would make it allowed.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "facts",
        kind: Kind::Method,
        takes: &[VALUE],
        options: &[option("tenant", &Type::Text)],
        gives: Type::Named("Seen"),
        raises: &[],
        doc: "What is seen in a value by the vocabulary of the policies, which may describe more programs. `tenant` says by \
              whose, where they differ.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "due",
        kind: Kind::Method,
        takes: &[param("now", Type::Text)],
        options: &[option("ahead_days", &Type::Whole)],
        gives: Type::List(&Type::Named("Diagnostic")),
        raises: &["InputError"],
        doc: "What loading found, and what has ended or is due at an instant, or within `ahead_days` (30) after it. It changes no \
              answer.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "test",
        kind: Kind::Method,
        takes: &[TESTS],
        options: &[],
        gives: Type::List(&Type::Named("TestReport")),
        raises: &["PolicyError"],
        doc: "Runs policy tests: those given, or all that came with the policies.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "compliance",
        kind: Kind::Method,
        takes: &[TESTS],
        options: &[],
        gives: Type::Named("Compliance"),
        raises: &["PolicyError"],
        doc: "Which rules carry out which controls, and which policy tests show them at work: those given, or all that came with \
              the policies.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "flip",
        kind: Kind::Method,
        takes: &[param("name", Type::Text), param("on", Type::Bool)],
        options: &[option("at", &Type::Text)],
        gives: Type::Nothing,
        raises: &["InputError"],
        doc: "Flips a switch of the engine's own state, by the name `<policy id>/<switch id>`. `at` says when that was seen.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "state",
        kind: Kind::Property,
        takes: &[],
        options: &[],
        gives: Type::Named("State"),
        raises: &[],
        doc: "The engine's own state.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "set_state",
        kind: Kind::Method,
        takes: &[param("state", Type::Either(&[Type::Named("State"), Type::Text]))],
        options: &[],
        gives: Type::Nothing,
        raises: &["InputError"],
        doc: "Puts a whole state in place of the engine's own.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Engine"),
        name: "still_holds",
        kind: Kind::Method,
        takes: &[RECORD, param("now", Type::Text)],
        options: &[STATE],
        gives: Type::Named("Validity"),
        raises: &["InputError"],
        doc: "Whether a record that was kept still holds at an instant, or the policies, the state or the time have moved on.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Decision"),
        name: "outcome",
        kind: Kind::Property,
        takes: &[],
        options: &[],
        gives: Type::Named("Outcome"),
        raises: &[],
        doc: "The answer.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Decision"),
        name: "allowed",
        kind: Kind::Property,
        takes: &[],
        options: &[],
        gives: Type::Bool,
        raises: &[],
        doc: "Whether the host may go on. It must then do what the record lists under `obligations`.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Decision"),
        name: "explanation",
        kind: Kind::Property,
        takes: &[],
        options: &[],
        gives: Type::Text,
        raises: &[],
        doc: "Why, in one or two sentences.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Decision"),
        name: "problems",
        kind: Kind::Property,
        takes: &[],
        options: &[],
        gives: Type::List(&Type::Named("Problem")),
        raises: &[],
        doc: "What is wrong with the request, where it could not be read; empty where it could.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Decision"),
        name: "record",
        kind: Kind::Method,
        takes: &[],
        options: &STAMP,
        gives: Type::Named("Record"),
        raises: &[],
        doc: "The decision made to last. Id and time are stamped as they are given.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Decision"),
        name: "record_json",
        kind: Kind::Method,
        takes: &[],
        options: &STAMP,
        gives: Type::Text,
        raises: &[],
        doc: "The record as canonical JSON (RFC 8785): the same bytes in every language.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Decision"),
        name: "explain",
        kind: Kind::Method,
        takes: &[],
        options: &[],
        gives: Type::Named("Explanation"),
        raises: &[],
        doc: "Why, in full: the ladder of levels, the rules with their lines, what would make it allowed.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("Decision"),
        name: "tree",
        kind: Kind::Method,
        takes: &[],
        options: &[],
        gives: Type::List(&Type::Named("Way")),
        raises: &[],
        doc: "The ways of its first twelve effects through the compiled trees, for a drawing: the questions, the answers, the \
              rules that remained. Empty where no policies were asked.",
        homes: Homes::Everywhere,
    },
    Row {
        owner: Owner::Class("AuditLog"),
        name: "open",
        kind: Kind::Maker,
        takes: &[PATH],
        options: &[option("unsynced", &Type::Bool)],
        gives: Type::Named("AuditLog"),
        raises: &["AuditError"],
        doc: "Opens a log, and makes it where there is none. It is read through: nothing is appended to a log that is not sound. \
              With `unsynced` the system says when entries are on the disk; they survive the end of the process either way.",
        homes: Homes::WithDisk,
    },
    Row {
        owner: Owner::Class("AuditLog"),
        name: "path",
        kind: Kind::Property,
        takes: &[],
        options: &[],
        gives: Type::Text,
        raises: &[],
        doc: "The path that it was opened by.",
        homes: Homes::WithDisk,
    },
    Row {
        owner: Owner::Class("AuditLog"),
        name: "append",
        kind: Kind::Method,
        takes: &[EVENTS],
        options: &[],
        gives: Type::Whole,
        raises: &["InputError", "AuditError"],
        doc: "Appends events, all or none, and gives the number of the last entry. Secrets are taken out of them.",
        homes: Homes::WithDisk,
    },
    Row {
        owner: Owner::Class("AuditLog"),
        name: "checkpoint",
        kind: Kind::Method,
        takes: &[param("name", Type::Text), param("created_at", Type::Text)],
        options: &[],
        gives: Type::Optional(&Type::Named("AuditCheckpoint")),
        raises: &["AuditError"],
        doc: "How far the log has come, with all that others have added; null where it is empty. Kept elsewhere, it shows that \
              nothing before it was cut off or written anew.",
        homes: Homes::WithDisk,
    },
    Row {
        owner: Owner::Class("AuditLog"),
        name: "entries",
        kind: Kind::Method,
        takes: &[],
        options: &[RUN],
        gives: Type::List(&Type::Named("AuditEntry")),
        raises: &["AuditError"],
        doc: "All entries, or those of a run. It is for the host itself; what a person may see, `export` says.",
        homes: Homes::WithDisk,
    },
    Row {
        owner: Owner::Class("AuditLog"),
        name: "export",
        kind: Kind::Method,
        takes: &[
            param("reader", Type::Named("AuditReader")),
            param("now", Type::Text),
            param("audit_id", Type::Text),
        ],
        options: &[
            RUN,
            option("access", &Type::Object),
            option("record", &Type::Either(&[Type::Named("Record"), Type::Text])),
        ],
        gives: Type::Named("AuditExport"),
        raises: &["InputError", "AuditError"],
        doc: "The lines that a reader may see. That somebody reads, or was refused, is appended first, under `audit_id`. \
              `access` is `audit_access` of the form `compliance`; `record` is what the policies said of the reading, where they \
              were asked.",
        homes: Homes::WithDisk,
    },
];
