//! The objects and the words that go in and out. A record's keys are held against real records by a test.

use super::{Field, Shape, Type, Words};

const fn key(name: &'static str, of: Type, doc: &'static str) -> Field {
    Field {
        name,
        of,
        always: true,
        doc,
    }
}

/// A key that may be missing.
const fn may(name: &'static str, of: Type, doc: &'static str) -> Field {
    Field {
        name,
        of,
        always: false,
        doc,
    }
}

/// Lists of words.
pub const WORDS: &[Words] = &[
    Words {
        name: "Outcome",
        doc: "The answer: go on, get the approvals first, or do not.",
        words: &["allowed", "ask_approval", "denied"],
    },
    Words {
        name: "Level",
        doc: "The eight levels of authority, the highest first.",
        words: &[
            "platform",
            "organization",
            "team",
            "repository",
            "campaign",
            "task",
            "runtime",
            "tool_call",
        ],
    },
    Words {
        name: "Severity",
        doc: "How bad a finding is. With an error nothing compiles.",
        words: &["error", "warning"],
    },
    Words {
        name: "Validity",
        doc: "Whether the ground of a record has moved.",
        words: &["holds", "policies_changed", "state_changed", "expired"],
    },
    Words {
        name: "RuleEffect",
        doc: "The kind of a rule that fired.",
        words: &[
            "allow", "only", "ask", "deny", "gate", "require", "limit", "switch", "engine",
        ],
    },
    Words {
        name: "Match",
        doc: "How a rule matched.",
        words: &["true", "unknown", "false"],
    },
    Words {
        name: "CriterionState",
        doc: "How a criterion of a gate stands.",
        words: &["held", "failed", "missing"],
    },
    Words {
        name: "LimitState",
        doc: "How a limit stands.",
        words: &["within", "alert", "exceeded", "unknown", "contradicted"],
    },
    Words {
        name: "Sink",
        doc: "Where a text goes.",
        words: &[
            "model_context",
            "log_view",
            "trace_view",
            "artifact_link",
            "judge_packet",
            "pr_body",
            "support_export",
            "audit",
        ],
    },
    Words {
        name: "DeedResult",
        doc: "How an act ended: `failed` was tried, `refused` was not allowed, `not_done` was allowed and not tried.",
        words: &["done", "failed", "refused", "rolled_back", "not_done"],
    },
    Words {
        name: "DeedFault",
        doc: "Why an outcome record is not that of a decision.",
        words: &[
            "changed",
            "decision_changed",
            "other_decision",
            "not_allowed",
            "was_allowed",
        ],
    },
    Words {
        name: "AuditFault",
        doc: "What is wrong with an audit log.",
        words: &["broken", "missing", "reordered", "repeated", "truncated", "torn"],
    },
    Words {
        name: "AuditReach",
        doc: "How much of a log a reader may see, within the tenant: the own entries, the team's, or all.",
        words: &["own", "team", "all"],
    },
    Words {
        name: "ChangeKind",
        doc: "What a step towards an allowed answer is.",
        words: &["say", "approve", "offer", "leave_out"],
    },
    Words {
        name: "TreePart",
        doc: "Which of the two compiled trees: that of the platform, or that of the levels below.",
        words: &["platform", "below"],
    },
];

/// Objects, those that others are made of first.
pub const SHAPES: &[Shape] = &[
    Shape {
        name: "Version",
        doc: "The versions.",
        fields: &[
            key("engine", Type::Text, "The version of the program."),
            key("language", Type::Text, "The version of the language."),
        ],
    },
    Shape {
        name: "Source",
        doc: "A text of policies with the authority that whoever loads it gives to it.",
        fields: &[
            key(
                "name",
                Type::Text,
                "How diagnostics and records call it; a path, usually.",
            ),
            key("text", Type::Text, "The YAML."),
            may(
                "level",
                Type::Named("Level"),
                "The level at which it speaks; the platform where it is missing.",
            ),
            may(
                "tenant",
                Type::Optional(&Type::Text),
                "The tenant whose policy set it belongs to.",
            ),
            may(
                "entities",
                Type::Map(&Type::Text),
                "The entities that it speaks for, by level.",
            ),
        ],
    },
    Shape {
        name: "TestSource",
        doc: "A text of policy tests with the scope that they are asked in.",
        fields: &[
            key("name", Type::Text, "How reports call it."),
            key("text", Type::Text, "The YAML."),
            may(
                "tenant",
                Type::Optional(&Type::Text),
                "The tenant of requests that do not say theirs.",
            ),
            may(
                "entities",
                Type::Map(&Type::Text),
                "The entities of requests that do not say theirs, by level.",
            ),
        ],
    },
    Shape {
        name: "State",
        doc: "What may be flipped without loading policies again.",
        fields: &[may(
            "switches",
            Type::Map(&Type::Named("SwitchState")),
            "What is known of switches, by `<policy id>/<switch id>`.",
        )],
    },
    Shape {
        name: "SwitchState",
        doc: "What is known of one switch.",
        fields: &[
            key("on", Type::Bool, "Whether it is on."),
            may(
                "at",
                Type::Optional(&Type::Text),
                "When that was seen (RFC 3339).",
            ),
        ],
    },
    Shape {
        name: "Position",
        doc: "A position in a text.",
        fields: &[
            key("line", Type::Whole, "From 1."),
            key("column", Type::Whole, "From 1, in Unicode code points."),
            key("byte", Type::Whole, "From 0."),
        ],
    },
    Shape {
        name: "Label",
        doc: "A place in a source with a word on it.",
        fields: &[
            key("source", Type::Text, "The source's name."),
            key("text", Type::Text, "What about it; may be empty."),
            key("start", Type::Named("Position"), "Where it begins."),
            key("end", Type::Named("Position"), "Behind where it ends."),
        ],
    },
    Shape {
        name: "Diagnostic",
        doc: "One finding in policies or tests.",
        fields: &[
            key("code", Type::Text, "The stable name of this kind of finding."),
            key("severity", Type::Named("Severity"), "How bad it is."),
            key("message", Type::Text, "What is wrong, in one sentence."),
            key("help", Type::Optional(&Type::Text), "What to do."),
            key(
                "labels",
                Type::List(&Type::Named("Label")),
                "The first is where it is wrong; the others say what it clashes with.",
            ),
        ],
    },
    Shape {
        name: "Problem",
        doc: "One thing that is wrong with a request or a state.",
        fields: &[
            key("code", Type::Text, "The stable name of this kind of problem."),
            key(
                "pointer",
                Type::Text,
                "Where, as a JSON pointer into what was given.",
            ),
            key("message", Type::Text, "What is wrong, in one sentence."),
            key("help", Type::Optional(&Type::Text), "What to do."),
        ],
    },
    Shape {
        name: "LevelExplanation",
        doc: "One level of the ladder.",
        fields: &[
            key("level", Type::Named("Level"), "The level."),
            key("decision", Type::Named("Outcome"), "Its verdict alone."),
            key(
                "lines",
                Type::List(&Type::Text),
                "What each of its rules that fired says, a line each.",
            ),
        ],
    },
    Shape {
        name: "Change",
        doc: "One step towards an allowed answer.",
        fields: &[
            key("kind", Type::Named("ChangeKind"), "What is to be done."),
            key("text", Type::Text, "The same in words."),
            may(
                "attribute",
                Type::Text,
                "To say: the attribute, as conditions name it.",
            ),
            may(
                "pointer",
                Type::Text,
                "To say: where the request says it, as a JSON pointer.",
            ),
            may("value", Type::Json, "To say: the value."),
            may("requirement", Type::Text, "To get approved: the requirement."),
            may(
                "by",
                Type::List(&Type::Text),
                "To get approved: by whom, in words.",
            ),
            may(
                "obligation",
                Type::Text,
                "To offer: the obligation that the host is to do.",
            ),
            may("path", Type::Text, "To leave out: the file."),
        ],
    },
    Shape {
        name: "Place",
        doc: "A place in a source.",
        fields: &[
            key("source", Type::Text, "The source's name."),
            key("line", Type::Whole, "From 1."),
            key("column", Type::Whole, "From 1, in Unicode code points."),
            key("byte", Type::Whole, "From 0."),
        ],
    },
    Shape {
        name: "MatchedRule",
        doc: "A rule that fired.",
        fields: &[
            key("policy", Type::Text, "`id@version` of its document."),
            key("level", Type::Named("Level"), "Its level."),
            key("rule", Type::Text, "Its id."),
            key(
                "effect",
                Type::Named("RuleEffect"),
                "Its kind; `engine` where the engine denies by itself.",
            ),
            key(
                "match",
                Type::Named("Match"),
                "How it matched; `false` where an `only` rule closes its layer.",
            ),
            may("on", Type::List(&Type::Whole), "The effects that it fired on."),
            may("reason", Type::Text, "What its author tells people."),
            may(
                "controls",
                Type::List(&Type::Text),
                "The controls that it carries out.",
            ),
            may("place", Type::Named("Place"), "Where it stands."),
        ],
    },
    Shape {
        name: "Explanation",
        doc: "A decision explained.",
        fields: &[
            key("decision", Type::Named("Outcome"), "The answer."),
            key("sentence", Type::Text, "Why, in one or two sentences."),
            key(
                "deciding",
                Type::Optional(&Type::Named("MatchedRule")),
                "The rule that the answer comes from, without its reason; null where no rule gave it.",
            ),
            key(
                "effects",
                Type::List(&Type::Text),
                "What the request would do, in words.",
            ),
            key(
                "levels",
                Type::List(&Type::Named("LevelExplanation")),
                "The levels from the platform down, each with what its rules say.",
            ),
            key(
                "unknowns",
                Type::List(&Type::Text),
                "What the request leaves unsaid and a rule would have needed.",
            ),
            key(
                "changes",
                Type::List(&Type::Named("Change")),
                "The smallest change that would make it allowed, checked by deciding again.",
            ),
            key("text", Type::Text, "All of it as a person reads it."),
        ],
    },
    Shape {
        name: "WayEdge",
        doc: "An edge from a question.",
        fields: &[
            key(
                "answers",
                Type::List(&Type::Text),
                "The answers that lead along it; empty where it is taken whatever the answer.",
            ),
            key("more", Type::Whole, "How many more answers do."),
            key("taken", Type::Bool, "Whether it is on the way."),
            key(
                "to",
                Type::Optional(&Type::Whole),
                "The node that it leads to, by its place; null beside the way.",
            ),
        ],
    },
    Shape {
        name: "WayNode",
        doc: "A question on the way, or the rules that remained at its end.",
        fields: &[
            may("question", Type::Text, "The question, as conditions name it."),
            may("answer", Type::Text, "A name, `null`, or `not said`."),
            may(
                "edges",
                Type::List(&Type::Named("WayEdge")),
                "Those that were taken, then one for all that were not.",
            ),
            may(
                "rules",
                Type::List(&Type::Text),
                "The rules, each as `policy/rule (kind)`.",
            ),
        ],
    },
    Shape {
        name: "Way",
        doc: "The way of one effect through one of the compiled trees.",
        fields: &[
            key("effect", Type::Whole, "The effect, by its place."),
            key(
                "part",
                Type::Named("TreePart"),
                "Which tree: the platform's, or that of the levels below it.",
            ),
            key("rules", Type::Whole, "How many rules the tree leads to."),
            key(
                "nodes",
                Type::List(&Type::Named("WayNode")),
                "What is on the way, the root first.",
            ),
            key(
                "left_out",
                Type::Whole,
                "Nodes on the way that are left out, since there are too many.",
            ),
        ],
    },
    Shape {
        name: "LevelVerdict",
        doc: "The verdict of one level alone.",
        fields: &[
            key("level", Type::Named("Level"), "The level."),
            key("decision", Type::Named("Outcome"), "Its verdict."),
        ],
    },
    Shape {
        name: "Obligation",
        doc: "Something owed.",
        fields: &[
            key("name", Type::Text, "What."),
            may("within", Type::Number, "In how many seconds."),
            may("by", Type::Text, "That is, until when."),
            may("times", Type::Whole, "How often at most."),
            may("then", Type::Text, "What is owed after that."),
            key("policy", Type::Text, "By which policy."),
            key("rule", Type::Text, "By which rule of it."),
        ],
    },
    Shape {
        name: "RequiredApproval",
        doc: "A requirement in full.",
        fields: &[
            key("id", Type::Text, "What an approval must name."),
            key("slots", Type::List(&Type::Object), "Who must approve."),
            key(
                "timeout",
                Type::Optional(&Type::Number),
                "Seconds that they have.",
            ),
            key(
                "escalation",
                Type::Optional(&Type::Text),
                "Whose approval completes it after that.",
            ),
            key(
                "valid_for",
                Type::Optional(&Type::Number),
                "Seconds that an approval counts.",
            ),
            key(
                "notify",
                Type::List(&Type::Text),
                "Where the host tells approvers.",
            ),
            key(
                "agent_can_recommend",
                Type::Bool,
                "Whether the host shows approvers what an agent recommends.",
            ),
            key(
                "policy",
                Type::Text,
                "The policy of the first rule that asks for it.",
            ),
            key("rule", Type::Text, "That rule."),
        ],
    },
    Shape {
        name: "ApprovalId",
        doc: "A requirement by its id.",
        fields: &[
            key("id", Type::Text, "The id."),
            may(
                "missing",
                Type::Whole,
                "How many persons are missing, where it is outstanding.",
            ),
        ],
    },
    Shape {
        name: "Approvals",
        doc: "What approval was asked for, and how it stands.",
        fields: &[
            key(
                "required",
                Type::List(&Type::Named("RequiredApproval")),
                "All that was asked for.",
            ),
            key(
                "satisfied",
                Type::List(&Type::Named("ApprovalId")),
                "What is met.",
            ),
            key(
                "outstanding",
                Type::List(&Type::Named("ApprovalId")),
                "What is still to be got.",
            ),
            key(
                "moot",
                Type::List(&Type::Named("ApprovalId")),
                "What would be outstanding, were the answer not denied anyway.",
            ),
            key(
                "rejected",
                Type::List(&Type::Named("ApprovalId")),
                "What somebody rejected.",
            ),
            key(
                "blocked",
                Type::List(&Type::Named("ApprovalId")),
                "What nobody answered in time.",
            ),
        ],
    },
    Shape {
        name: "Criterion",
        doc: "How a criterion of a gate stands.",
        fields: &[
            key("policy", Type::Text, "The gate's policy."),
            key("rule", Type::Text, "The gate."),
            key("criterion", Type::Text, "The criterion."),
            key("state", Type::Named("CriterionState"), "How it stands."),
            key("expected", Type::Text, "What must hold."),
            key("found", Type::Json, "What the request says of it."),
            may("advisory", Type::Bool, "True where it is only reported."),
        ],
    },
    Shape {
        name: "Cap",
        doc: "How a cap stands. Lengths of time are seconds.",
        fields: &[
            key("policy", Type::Text, "The limit's policy."),
            key("rule", Type::Text, "The limit."),
            key("unit", Type::Text, "What is counted."),
            key(
                "per",
                Type::Optional(&Type::Text),
                "Whose use counts; null where each request stands by itself.",
            ),
            key("window", Type::Optional(&Type::Text), "Over which time."),
            key("entity", Type::Optional(&Type::Text), "Whose that is here."),
            key(
                "used",
                Type::Optional(&Type::Number),
                "What was used before; null where it is unknown.",
            ),
            key(
                "needs",
                Type::Optional(&Type::Number),
                "What this request adds; null where it is unknown.",
            ),
            key("at_most", Type::Number, "The cap at which it denies."),
            key(
                "headroom",
                Type::Optional(&Type::Number),
                "What is left after it; null where it is unknown.",
            ),
            key("state", Type::Named("LimitState"), "How it stands."),
        ],
    },
    Shape {
        name: "Floor",
        doc: "How a floor stands.",
        fields: &[
            key("policy", Type::Text, "The limit's policy."),
            key("rule", Type::Text, "The limit."),
            key("unit", Type::Text, "What is counted."),
            key(
                "needs",
                Type::Optional(&Type::Number),
                "What this request comes to; null where it is unknown.",
            ),
            key("at_least", Type::Number, "The floor."),
            key("state", Type::Named("LimitState"), "How it stands."),
        ],
    },
    Shape {
        name: "Charge",
        doc: "What an act adds to a used figure.",
        fields: &[
            key("per", Type::Text, "Whose use it is."),
            key("window", Type::Optional(&Type::Text), "Over which time."),
            key("entity", Type::Text, "Whose that is here."),
            key("unit", Type::Text, "What is counted."),
            key("amount", Type::Number, "How much."),
        ],
    },
    Shape {
        name: "Bypassed",
        doc: "A deny rule that a bypass lifted.",
        fields: &[
            key("policy", Type::Text, "Its policy."),
            key("rule", Type::Text, "The rule."),
            key("requirement", Type::Text, "The requirement that was met."),
            key("until", Type::Optional(&Type::Text), "Until when."),
        ],
    },
    Shape {
        name: "Record",
        doc: "A decision made to last (spec/09-records.md).",
        fields: &[
            may(
                "decision_id",
                Type::Text,
                "A stamp: the caller's id of this decision.",
            ),
            may("run_id", Type::Text, "A stamp: the run, as the request names it."),
            may(
                "tool_call_id",
                Type::Text,
                "A stamp: the tool call, as the request names it.",
            ),
            key("decision", Type::Named("Outcome"), "The answer."),
            key("action", Type::Text, "What was asked for."),
            key("requested", Type::Json, "With these arguments."),
            key("scope", Type::Json, "For these entities."),
            key("effects", Type::List(&Type::Object), "What it would do."),
            key(
                "matched_rules",
                Type::List(&Type::Named("MatchedRule")),
                "The rules that fired, and what the engine denies by itself.",
            ),
            key(
                "levels",
                Type::List(&Type::Named("LevelVerdict")),
                "The verdict of each level alone.",
            ),
            key("explanation", Type::Text, "Why, in one or two sentences."),
            key(
                "obligations",
                Type::List(&Type::Named("Obligation")),
                "What is owed.",
            ),
            key(
                "approvals",
                Type::Named("Approvals"),
                "What approval was asked for, and how it stands.",
            ),
            key(
                "criteria",
                Type::List(&Type::Named("Criterion")),
                "The criteria of gates.",
            ),
            key(
                "caps",
                Type::List(&Type::Named("Cap")),
                "How much of what may be used, and how much is left.",
            ),
            key(
                "floors",
                Type::List(&Type::Named("Floor")),
                "How much of what must be at least.",
            ),
            key(
                "charges",
                Type::List(&Type::Named("Charge")),
                "What the act adds to used figures; the host adds it up.",
            ),
            key(
                "bypassed",
                Type::List(&Type::Named("Bypassed")),
                "The deny rules that a bypass lifted.",
            ),
            key(
                "unknowns",
                Type::List(&Type::Text),
                "The attributes that rules would have needed to know.",
            ),
            key("policy_hash", Type::Text, "The hash of the documents that apply."),
            key(
                "policy_set_hash",
                Type::Text,
                "A stamp: the hash of the whole policy set.",
            ),
            key("request_hash", Type::Text, "The hash of the request."),
            key("operation_hash", Type::Text, "The hash that approvals name."),
            key("state_hash", Type::Text, "The hash of the switches in sight."),
            key(
                "record_hash",
                Type::Text,
                "The hash of the record without itself, the stamps and the places.",
            ),
            key(
                "valid_until",
                Type::Optional(&Type::Text),
                "Until when it holds if nothing but time goes on.",
            ),
            key(
                "engine_version",
                Type::Text,
                "A stamp: the version of the program.",
            ),
            key("language_version", Type::Text, "The version of the language."),
            may("created_at", Type::Text, "A stamp: when the caller made it."),
        ],
    },
    Shape {
        name: "Deed",
        doc: "An outcome record: what became of what was decided (spec/15-switches-and-roles.md).",
        fields: &[
            key("decision", Type::Text, "The hash of the decision record."),
            may(
                "decision_id",
                Type::Text,
                "The caller's id of the decision, where the record has one.",
            ),
            key("request_hash", Type::Text, "The hash of the request."),
            key("result", Type::Named("DeedResult"), "How it ended."),
            may("rationale", Type::Text, "Why it was done, or why not."),
            may("ticket", Type::Text, "The ticket under which it was done."),
            may("result_hash", Type::Text, "The hash of what came out."),
            may("at", Type::Text, "When that was (RFC 3339)."),
            key(
                "deed_hash",
                Type::Text,
                "The hash of the outcome record without itself.",
            ),
        ],
    },
    Shape {
        name: "Doubt",
        doc: "Why something is opaque.",
        fields: &[
            key("why", Type::Text, "In words."),
            may(
                "program",
                Type::Text,
                "The program that is not known well enough.",
            ),
            may(
                "span",
                Type::List(&Type::Whole),
                "Where, as two offsets in bytes into the text.",
            ),
        ],
    },
    Shape {
        name: "Seen",
        doc: "What is seen in a value.",
        fields: &[
            may("id", Type::Json, "That of the value."),
            may("error", Type::Text, "Why the value cannot be read."),
            key(
                "effects",
                Type::List(&Type::Object),
                "What it would do, each with its `kind` and the `span` that it comes from.",
            ),
            key("facts", Type::Object, "What all of it comes to."),
            key(
                "opaque",
                Type::Bool,
                "Whether there may be more to it than is seen.",
            ),
            may("doubts", Type::List(&Type::Named("Doubt")), "Why it is opaque."),
        ],
    },
    Shape {
        name: "RedactionSummary",
        doc: "How much was taken out of a text.",
        fields: &[
            key(
                "secret_like_tokens",
                Type::Whole,
                "Keys, tokens, passwords, private keys, connection strings.",
            ),
            key("email_addresses", Type::Whole, "E-mail addresses."),
            key("private_urls", Type::Whole, "URLs of hosts that are not public."),
            key(
                "large_blocks_removed",
                Type::Whole,
                "Blocks of text that were shortened.",
            ),
            may(
                "rules",
                Type::Map(&Type::Whole),
                "How often each rule found something.",
            ),
        ],
    },
    Shape {
        name: "Redacted",
        doc: "A text without its secrets.",
        fields: &[
            key(
                "text",
                Type::Text,
                "What is left; where something stood, `[redacted:` and a rule's name and `]`.",
            ),
            key(
                "redaction_summary",
                Type::Named("RedactionSummary"),
                "What was taken out.",
            ),
        ],
    },
    Shape {
        name: "TestReport",
        doc: "How one policy test went.",
        fields: &[
            key("name", Type::Text, "Its name."),
            key("place", Type::Named("Place"), "Where it stands."),
            key("passed", Type::Bool, "Whether all was as expected."),
            key("failures", Type::List(&Type::Text), "What was not."),
            key(
                "record",
                Type::Optional(&Type::Named("Record")),
                "The record of the decision; null where the request did not fit.",
            ),
        ],
    },
    Shape {
        name: "ComplianceRule",
        doc: "A rule that carries out a control.",
        fields: &[
            key("rule", Type::Text, "`policy/rule`."),
            key(
                "tests",
                Type::List(&Type::Text),
                "The tests that pass and in whose records it is matched, or held as a limit.",
            ),
        ],
    },
    Shape {
        name: "ComplianceControl",
        doc: "A control of a compliance framework.",
        fields: &[
            key(
                "control",
                Type::Text,
                "Its name, such as `SOC2/change-management`.",
            ),
            key(
                "rules",
                Type::List(&Type::Named("ComplianceRule")),
                "What carries it out.",
            ),
        ],
    },
    Shape {
        name: "ComplianceGap",
        doc: "A control that no rule carries out, or a rule of one that no test shows.",
        fields: &[
            key("control", Type::Text, "The control."),
            key(
                "rule",
                Type::Optional(&Type::Text),
                "The rule without a test; null where there is no rule.",
            ),
        ],
    },
    Shape {
        name: "Compliance",
        doc: "Which rules carry out which controls, and which tests show them.",
        fields: &[
            key(
                "controls",
                Type::List(&Type::Named("ComplianceControl")),
                "The controls by name.",
            ),
            key(
                "gaps",
                Type::List(&Type::Named("ComplianceGap")),
                "What is missing.",
            ),
            key("markdown", Type::Text, "The same as a table of Markdown."),
        ],
    },
    Shape {
        name: "AuditEvent",
        doc: "What goes into an audit log. Keys that are left out of an event are null or missing in its entry.",
        fields: &EVENT,
    },
    Shape {
        name: "AuditRunLink",
        doc: "The place of an entry in its run.",
        fields: &[
            key("id", Type::Text, "The run."),
            key("sequence", Type::Whole, "The number in the run, from 1."),
            key(
                "previous",
                Type::Optional(&Type::Text),
                "The hash of the entry before it in the run.",
            ),
        ],
    },
    Shape {
        name: "AuditLink",
        doc: "The place of an entry in its log.",
        fields: &[
            key("sequence", Type::Whole, "The number, from 1."),
            key(
                "previous",
                Type::Optional(&Type::Text),
                "The hash of the entry before it.",
            ),
            may("run", Type::Named("AuditRunLink"), "Its place in its run."),
        ],
    },
    Shape {
        name: "AuditEntry",
        doc: "An entry of an audit log: an event with its place, and its hash.",
        fields: &ENTRY,
    },
    Shape {
        name: "AuditSignature",
        doc: "A signature under a checkpoint.",
        fields: &[
            key("keyid", Type::Text, "Which key."),
            key("sig", Type::Text, "The signature."),
        ],
    },
    Shape {
        name: "AuditCheckpoint",
        doc: "How far a log had come.",
        fields: &[
            key("log", Type::Text, "The name of the log."),
            key("entries", Type::Whole, "How many entries it had."),
            key("entry_hash", Type::Text, "The hash of the last one."),
            key("created_at", Type::Text, "When (RFC 3339)."),
            may(
                "signatures",
                Type::List(&Type::Named("AuditSignature")),
                "By whom it is signed.",
            ),
        ],
    },
    Shape {
        name: "AuditReport",
        doc: "Whether a log is sound: then how much it holds; else its first fault.",
        fields: &[
            key("sound", Type::Bool, "Whether it is."),
            may("entries", Type::Whole, "How many entries it holds."),
            may(
                "last_sequence",
                Type::Whole,
                "The number of the last entry; larger than `entries` in an extract.",
            ),
            may(
                "entry_hash",
                Type::Optional(&Type::Text),
                "The hash of the last one.",
            ),
            may(
                "checkpointed",
                Type::Bool,
                "Whether a checkpoint lies within it, so that nothing before it can have been cut off or written anew.",
            ),
            may("fault", Type::Named("AuditFault"), "What is wrong."),
            may("line", Type::Whole, "The line, from 1; 0 where there was none."),
            may(
                "sequence",
                Type::Optional(&Type::Whole),
                "The number of the entry.",
            ),
            may("audit_id", Type::Optional(&Type::Text), "The id of the entry."),
            may("message", Type::Text, "In words."),
        ],
    },
    Shape {
        name: "AuditReader",
        doc: "Who reads a log.",
        fields: &[
            key("id", Type::Text, "Who."),
            key("roles", Type::List(&Type::Text), "In which roles."),
            may("tenant", Type::Optional(&Type::Text), "Of which tenant."),
            may("team", Type::Optional(&Type::Text), "Of which team."),
            may(
                "expires",
                Type::Optional(&Type::Text),
                "Until when the roles are given (RFC 3339).",
            ),
        ],
    },
    Shape {
        name: "AuditExport",
        doc: "What a reader may see of a log.",
        fields: &[
            key(
                "reach",
                Type::Optional(&Type::Named("AuditReach")),
                "How much; null where nothing.",
            ),
            key(
                "lines",
                Type::Text,
                "The lines as they stand in the log, each with its end: an extract of it.",
            ),
        ],
    },
];

/// The keys of an event.
const EVENT: [Field; 19] = [
    key("audit_id", Type::Text, "The host's id of the event."),
    may("tenant_id", Type::Optional(&Type::Text), "Whose tenant."),
    key("actor_type", Type::Text, "`agent`, `service` or `human`."),
    key("actor", Type::Text, "Who acted."),
    key("action", Type::Text, "What was done."),
    key("resource_type", Type::Text, "What it was done to: its kind."),
    may("resource_id", Type::Optional(&Type::Text), "Which one."),
    may(
        "decision",
        Type::Optional(&Type::Named("Outcome")),
        "What was decided.",
    ),
    may(
        "approval_id",
        Type::Optional(&Type::Text),
        "The requirement that was met.",
    ),
    may(
        "policy_version",
        Type::Optional(&Type::Text),
        "The hash of the policy set.",
    ),
    may(
        "request_hash",
        Type::Optional(&Type::Text),
        "The hash of the request.",
    ),
    may(
        "result_hash",
        Type::Optional(&Type::Text),
        "The hash of what came out.",
    ),
    key("created_at", Type::Text, "When (RFC 3339)."),
    may("run_id", Type::Text, "In which run."),
    may("team_id", Type::Text, "Whose team."),
    may(
        "on_behalf_of",
        Type::List(&Type::Text),
        "For whom, from the nearest on.",
    ),
    may("record_hash", Type::Text, "The hash of the decision record."),
    may("reason", Type::Text, "Why, in words."),
    may("details", Type::Json, "What else the host says."),
];

/// The keys of an entry: those of its event, its place, and its hash.
const ENTRY: [Field; EVENT.len() + 2] = {
    let link = Type::Named("AuditLink");
    let hash = "The hash of the entry without itself.";
    let mut fields = [key("entry_hash", Type::Text, hash); EVENT.len() + 2];
    let mut at = 0;
    while at < EVENT.len() {
        fields[at] = EVENT[at];
        at += 1;
    }
    fields[at] = key("chain", link, "Its place in the log.");
    fields
};
