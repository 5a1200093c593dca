//! The JSON Schemas of policies, requests, records, tests, states and vectors. What the tables of the vocabulary hold (names
//! of actions, selectors, attributes, constants, obligations) is taken from them; the rest follows the chapters.
//!
//! A schema is for editors and for a first check. It knows no policy set: where a platform may add names, any name passes.

mod data;
mod gates;
mod governance;

use bailiwick::Level;
use bailiwick::machinery::normal::command::{FLAG, ROLES};
use bailiwick::machinery::redact::{Class, SINKS};
use bailiwick::machinery::request::flat_entities;
use bailiwick::machinery::schema::ENTITIES;
use bailiwick::machinery::schema::{
    Action, Attribute, OBLIGATIONS, Owner, SELECTORS, Scalar, Schema, Type, obligation_class,
};
use serde_json::{Map, Value as Json, json};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
const HOME: &str = "https://bailiwick.dev/schemas";

fn level_names() -> [&'static str; 8] {
    Level::ALL.map(Level::as_str)
}

/// All schemas by the name of their file.
pub fn all() -> Vec<(&'static str, Json)> {
    let schema = Schema::builtin();
    vec![
        ("policy", policy(&schema)),
        ("request", request(&schema)),
        ("record", record()),
        ("state", state()),
        ("outcome", governance::outcome()),
        ("test", test()),
        ("vector", vector()),
        ("audit-event", audit_event()),
        ("audit-entry", audit_entry()),
        ("audit-checkpoint", audit_checkpoint()),
        ("provenance", provenance()),
        ("redaction-summary", redaction_summary()),
    ]
}

/// A schema as its file holds it.
pub fn text(schema: &Json) -> String {
    serde_json::to_string_pretty(schema).expect("a schema is JSON") + "\n"
}

fn headed(name: &str, title: &str, description: &str, mut body: Json) -> Json {
    let mut out = Map::new();
    out.insert("$schema".into(), json!(DRAFT));
    out.insert("$id".into(), json!(format!("{HOME}/{name}.schema.json")));
    out.insert("title".into(), json!(title));
    out.insert("description".into(), json!(description));
    out.append(body.as_object_mut().expect("a schema's body is an object"));
    Json::Object(out)
}

/// An object with these keys and no others.
fn object(required: &[&str], properties: Json) -> Json {
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

fn said(description: &str, mut schema: Json) -> Json {
    if let Some(keys) = schema.as_object_mut() {
        keys.insert("description".into(), json!(description));
    }
    schema
}

fn text_of(description: &str) -> Json {
    json!({"type": "string", "minLength": 1, "description": description})
}

/// One or a list of at least one.
fn one_or_many(item: Json) -> Json {
    json!({"anyOf": [item.clone(), {"type": "array", "items": item, "minItems": 1}]})
}

fn nullable(schema: Json) -> Json {
    json!({"anyOf": [schema, {"type": "null"}]})
}

fn timestamp() -> Json {
    json!({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$"})
}

fn duration() -> Json {
    json!({"type": "string", "pattern": r"^-?(\d{1,12}(\.\d{1,12})?(d|h|m|s|ms|us|ns|w|y))+$", "description": "Such as `30m` or `1h30m` (4.3)."})
}

fn hash() -> Json {
    json!({"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"})
}

// --- policies ---

fn policy(schema: &Schema) -> Json {
    headed(
        "policy",
        "A Bailiwick policy document",
        "One document of a policy file (spec/01-documents.md), or a list of policy tests (spec/11-forms.md, 11.6).",
        json!({
            "anyOf": [
                {"$ref": "#/$defs/document"},
                {"$ref": format!("{HOME}/test.schema.json")},
            ],
            "$defs": {
                "document": document(),
                "oversight": governance::oversight(guard(schema)),
                "rule": rule(schema),
                "switch": switch(schema),
                "selectors": {"type": "object", "properties": selectors(schema), "additionalProperties": false},
                "actions": one_or_many(action_name(schema)),
                "condition": {"type": ["string", "boolean"], "minLength": 1, "description": "A condition (spec/04-conditions.md)."},
                "conditions": one_or_many(json!({"$ref": "#/$defs/condition"})),
                "paths": one_or_many(text_of("A path pattern (6.3). One that begins with `*` needs quotes.")),
                "texts": one_or_many(json!({"type": ["string", "number", "boolean"]})),
                "obligations": one_or_many(json!({"anyOf": [{"$ref": "#/$defs/obligation"}, {"$ref": "#/$defs/owed"}]})),
                "obligation": obligation(),
                "owed": said("An obligation with what bounds it (5.7).", object(&["owe"], json!({
                    "owe": {"$ref": "#/$defs/obligation"},
                    "within": said("How soon.", json!({"$ref": "#/$defs/duration"})),
                    "times": {"type": "integer", "minimum": 0, "description": "How often at most."},
                    "then": said("What is owed after that.", json!({"$ref": "#/$defs/obligation"})),
                }))),
                "bound": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\d"}]},
                "percent": {"type": "string", "pattern": r"^\d+(\.\d+)?%$"},
                "requirement": requirement(),
                "approval": {"anyOf": [text_of("A workflow's name (11.4)."), {"$ref": "#/$defs/requirement"}]},
                "duration": duration(),
                "mode": named_constants(schema, "autonomy_level"),
                "risk_tier": named_constants(schema, "risk_tier"),
                "task_classes": {"type": "array", "items": named_constants(schema, "task_class")},
                "change_classes": {"type": "array", "items": named_constants(schema, "change_class")},
            },
        }),
    )
}

fn document() -> Json {
    let mut document = document_of_rules();
    let properties = document["properties"]
        .as_object_mut()
        .expect("a document has properties");
    properties.extend(data::forms());
    document
}

fn document_of_rules() -> Json {
    let levels: Map<String, Json> = level_names()[1..]
        .iter()
        .map(|level| ((*level).to_owned(), json!({"$ref": "#/$defs/texts"})))
        .collect();
    let definitions = json!({"anyOf": [{"type": ["string", "number", "boolean"]}, {"type": "array", "minItems": 1, "items": {"type": ["string", "number", "boolean"]}}]});
    let mut document = json!({
        "type": "object",
        "minProperties": 1,
        "additionalProperties": false,
        "properties": {
            "policy": said("The header: what the document is, and who answers for it (1.4).", object(&[], json!({
                "id": {"type": "string", "pattern": r"^[A-Za-z0-9_./-]+$", "description": "The name of the policy."},
                "version": {"type": ["string", "number"], "description": "The text as written is the version."},
                "level": {"enum": level_names(), "description": "Must equal the source's, which alone decides."},
                "tenant": text_of("Must equal the source's, which alone decides."),
                "owner": text_of("Who answers for it; shown, never evaluated."),
                "review": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}", "description": "When it is to be looked at again (15.10)."},
                "language": {"const": bailiwick::LANGUAGE, "description": "The version of the language."},
            }))),
            "version": {"type": ["string", "number"], "description": "The version, where there is no `policy.version`."},
            "applies_to": {"type": "object", "minProperties": 1, "additionalProperties": false, "properties": levels,
                "description": "For whom the document speaks: a level at or above its own, and names or globs of entities (1.5)."},
            "default": {"const": "allow", "description": "Grants the built-in actions that no allow rule names; platform only (7.4)."},
            "definitions": {"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
                "additionalProperties": definitions, "description": "Named values; a selector uses one as `$name` (1.6)."},
            "schema": extension(),
            "programs": programs(),
            "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}, "description": "Rules (chapter 03)."},
            "switches": {"type": "array", "items": {"$ref": "#/$defs/switch"}, "description": "What somebody may turn off at once (3.8)."},
            "repo_policy": repo_policy(),
            "access_rule": said("Who may do an action, and when approval is asked for (11.2).", object(&["action"], json!({
                "action": {"$ref": "#/$defs/actions"},
                "allow_if": said("All must hold.", json!({"$ref": "#/$defs/conditions"})),
                "require_approval_if": said("Any that holds asks.", json!({"$ref": "#/$defs/conditions"})),
                "approval": said("By whom; one human where missing.", json!({"$ref": "#/$defs/approval"})),
            }))),
            "agent_onboarding": said("A repository opts in to agents, and says what it is (11.3).", object(&["repo"], json!({
                "repo": text_of("The repository."),
                "owner_team": text_of("The fact `repository.team`."),
                "risk_tier": {"$ref": "#/$defs/risk_tier"},
                "verifier_profile": text_of("The fact `repository.verifier_profile`."),
                "instructions_file": text_of("The fact `repository.instructions_file`."),
                "allowed_task_classes": {"$ref": "#/$defs/task_classes"},
                "forbidden_paths": {"$ref": "#/$defs/paths"},
                "autonomy_max": {"$ref": "#/$defs/mode"},
                "required_reviewers": {"type": "array", "items": object(&["team"], json!({"team": text_of("A team of whom one must review.")}))},
            }))),
            "approval_workflows": {"type": "object", "minProperties": 1, "additionalProperties": workflow(),
                "description": "Named requirements that rules refer to (11.4)."},
            "budget": budget(),
            "kill_switch": governance::kill_switch(),
            "emergency_stop": governance::emergency_stop(),
            "decision_matrix": governance::decision_matrix(),
            "roles": governance::roles(),
            "task_contract": governance::task_contract(),
            "credential_lease": governance::credential_lease(),
            "risk_tiers": governance::risk_tiers(),
            "human_oversight": governance::human_oversight(),
            "autonomy_modes": {"type": "array", "minItems": 1, "description": "The steps of how far agents may go, the least first (11.5).",
                "items": {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": {"$ref": "#/$defs/actions"}}},
            "redaction": redaction(),
        },
    });
    if let Some(keys) = document["properties"].as_object_mut() {
        keys.extend(gates::forms());
    }
    document["patternProperties"] = gates::families();
    document
}

fn budget() -> Json {
    let amount = |description: &str| json!({"type": "number", "minimum": 0, "description": description});
    let part = |timed: bool| {
        let mut keys =
            json!({"tokens": amount("Tokens."), "usd": amount("US dollars."), "eur": amount("Euros.")});
        if let Some(keys) = keys.as_object_mut().filter(|_| !timed) {
            let window = json!({"type": "string", "minLength": 1, "description": "Over which time; as long as it lives where missing."});
            keys.insert("window".into(), window);
        }
        let mut part = object(&[], keys);
        part["anyOf"] = json!([{"required": ["tokens"]}, {"required": ["usd"]}, {"required": ["eur"]}]);
        part
    };
    let mut properties = json!({
        "alert_at": said("From which share on the channels are told.", json!({"$ref": "#/$defs/percent"})),
        "stop_at": said("At which share it stops; 100% where missing.", json!({"$ref": "#/$defs/percent"})),
        "notify": said("The channels.", json!({"$ref": "#/$defs/texts"})),
    });
    let parts = [
        "task",
        "run",
        "campaign",
        "project",
        "repository",
        "team",
        "organization",
        "tenant",
        "subject",
        "call",
    ];
    let times = ["hour", "day", "week", "month"];
    let all = parts
        .iter()
        .map(|name| (name, false))
        .chain(times.iter().map(|name| (name, true)));
    let names: Vec<Json> = parts
        .iter()
        .chain(&times)
        .map(|name| json!({"required": [format!("per_{name}")]}))
        .collect();
    for (name, timed) in all {
        properties[format!("per_{name}")] = part(timed);
    }
    let mut form = object(&[], properties);
    form["anyOf"] = json!(names);
    said(
        "How many tokens and how much money model calls may use (14.7).",
        form,
    )
}

fn redaction() -> Json {
    let sinks: Vec<&str> = SINKS.iter().map(|sink| sink.name).collect();
    let classes = Class::REMOVABLE.map(Class::as_str);
    let size = json!({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+ *(KiB|MiB|GiB)?$"}]});
    let properties = json!({
        "sinks": {"type": "array", "minItems": 1, "items": {"enum": sinks}, "description": "Where the text goes."},
        "remove": {"type": "array", "minItems": 1, "items": {"enum": classes}, "description": "What is taken out."},
        "large_blocks": said("Blocks over so many bytes are shortened to so many.", object(&["over", "keep"], json!({"over": size, "keep": size}))),
    });
    let mut form = object(&["sinks"], properties);
    if let Some(keys) = form.as_object_mut() {
        let needs = json!([{"required": ["remove"]}, {"required": ["large_blocks"]}]);
        keys.insert("anyOf".into(), needs);
    }
    said("What is taken out before text reaches a sink (18.4).", form)
}

fn repo_policy() -> Json {
    said(
        "What agents may do in one repository (11.1).",
        object(
            &["repo"],
            json!({
                "repo": text_of("The repository."),
                "autonomy_level": said("The largest autonomy mode of agents.", json!({"$ref": "#/$defs/mode"})),
                "allowed_change_classes": said("Every other class is denied where a change leaves the workspace.", json!({"$ref": "#/$defs/change_classes"})),
                "forbidden_paths": said("What nothing writes, deletes or moves, however it is done.", json!({"$ref": "#/$defs/paths"})),
                "unreadable_paths": said("What nothing reads.", json!({"$ref": "#/$defs/paths"})),
                "required_verifiers": said("What must have passed before a change leaves the workspace.", json!({"$ref": "#/$defs/texts"})),
                "approval": object(&[], json!({
                    "required_for": said("Change classes, or `shell_network`.", json!({"$ref": "#/$defs/texts"})),
                    "workflow": text_of("By whom; one human where missing."),
                })),
            }),
        ),
    )
}

fn rule(schema: &Schema) -> Json {
    let actions = |description: &str| said(description, json!({"$ref": "#/$defs/actions"}));
    let mut properties = guard(schema);
    let own = json!({
        "id": {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$", "description": "Unique in the document."},
        "allow": actions("These effects are granted; platform only (3.2)."),
        "only": actions("Closes its layer for these actions: what no such rule matches is denied (3.2)."),
        "ask": actions("An approval is needed (3.2)."),
        "deny": actions("No (3.2)."),
        "gate": actions("The criteria must hold beforehand (3.7)."),
        "require": actions("The obligations are owed (3.2)."),
        "unknown": {"enum": ["ask", "deny"], "description": "On a deny: what an unknown guard does (3.6)."},
        "approval": {"$ref": "#/$defs/approval"},
        "criteria": {"description": "Conditions, named or in a list (3.7).", "anyOf": [
            {"type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/condition"}},
            {"$ref": "#/$defs/conditions"},
        ]},
        "reports": {"description": "Criteria that are only reported (3.7).", "anyOf": [
            {"type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/condition"}},
            {"$ref": "#/$defs/conditions"},
        ]},
        "obligations": {"$ref": "#/$defs/obligations"},
        "bypass": said("An emergency way round this rule alone (8.9).", object(&["roles", "for"], json!({
            "roles": said("An approver has any of them.", json!({"$ref": "#/$defs/texts"})),
            "approvers": {"type": "integer", "minimum": 1, "maximum": 16, "description": "How many; 1 where missing."},
            "for": said("How long it lasts.", json!({"$ref": "#/$defs/duration"})),
            "then": said("What is owed for what is done under it.", json!({"$ref": "#/$defs/obligations"})),
        }))),
        "limit": actions("So much of something may be used (chapter 14)."),
        "of": text_of("What an effect adds: an attribute, or `retention`; without it each effect counts one."),
        "unit": text_of("What is counted, as used figures call it."),
        "per": text_of("Whose use counts: an entity, `subject`, `platform`, or an attribute."),
        "window": text_of("Over which time: a duration, or a word such as `wave`."),
        "at_most": said("The cap.", json!({"$ref": "#/$defs/bound"})),
        "at_least": said("The floor.", json!({"$ref": "#/$defs/bound"})),
        "alert_at": said("From which share of the cap on the obligations are owed.", json!({"$ref": "#/$defs/percent"})),
        "stop_at": said("At which share of the cap it denies; 100% where missing.", json!({"$ref": "#/$defs/percent"})),
        "reason": text_of("Shown to people."),
        "controls": said("Controls of compliance frameworks that the rule carries out.", json!({"$ref": "#/$defs/texts"})),
        "owner": text_of("Who answers for it."),
        "expires": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}", "description": "From this instant on the rule is as if absent."},
        "examples": said("Flat requests that the rule must match, or must not (3.9).", object(&[], json!({
            "match": one_or_many(json!({"type": "object"})),
            "no_match": one_or_many(json!({"type": "object"})),
        }))),
    });
    properties.extend(own.as_object().cloned().unwrap_or_default());
    let kinds = ["allow", "only", "ask", "deny", "gate", "require", "limit"];
    let exactly: Vec<Json> = kinds.iter().map(|kind| json!({"required": [kind]})).collect();
    let with = |key: &str, kind: &str| json!({"if": {"required": [key]}, "then": {"required": [kind]}});
    let needs = |kind: &str, key: &str| json!({"if": {"required": [kind]}, "then": {"required": [key]}});
    json!({
        "type": "object", "required": ["id"], "properties": properties, "additionalProperties": false, "oneOf": exactly,
        "allOf": [
            with("approval", "ask"), with("criteria", "gate"), with("reports", "gate"), with("unknown", "deny"), with("bypass", "deny"),
            with("of", "limit"), with("unit", "limit"), with("per", "limit"), with("window", "per"),
            with("at_most", "limit"), with("at_least", "limit"), with("alert_at", "at_most"), with("stop_at", "at_most"),
            needs("ask", "approval"), {"if": {"required": ["gate"]}, "then": {"anyOf": [{"required": ["criteria"]}, {"required": ["reports"]}]}}, needs("require", "obligations"),
            {"if": {"required": ["limit"]}, "then": {"anyOf": [{"required": ["at_most"]}, {"required": ["at_least"]}]}},
        ],
    })
}

fn switch(schema: &Schema) -> Json {
    let mut properties = guard(schema);
    let own = json!({
        "id": {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$", "description": "Unique among the document's rules and switches."},
        "denies": said("What it denies while it is on.", json!({"$ref": "#/$defs/actions"})),
        "require": said("What owes the obligations while it is on.", json!({"$ref": "#/$defs/actions"})),
        "obligations": {"$ref": "#/$defs/obligations"},
        "on": {"type": "boolean", "description": "Whether it is on by the file."},
        "max_age": said("How old the state may be; an older one, or none, is on.", json!({"$ref": "#/$defs/duration"})),
        "reason": text_of("Shown to people."),
    });
    properties.extend(own.as_object().cloned().unwrap_or_default());
    json!({"type": "object", "required": ["id"], "properties": properties, "additionalProperties": false,
        "oneOf": [{"required": ["denies"]}, {"required": ["require", "obligations"]}]})
}

fn guard(schema: &Schema) -> Map<String, Json> {
    let mut keys = selectors(schema);
    keys.insert(
        "not".into(),
        said(
            "Holds when none of its selectors holds.",
            json!({"$ref": "#/$defs/selectors"}),
        ),
    );
    keys.insert(
        "when".into(),
        said("A list means all of them.", json!({"$ref": "#/$defs/conditions"})),
    );
    keys.insert(
        "unless".into(),
        said("A list means any of them.", json!({"$ref": "#/$defs/conditions"})),
    );
    keys
}

fn selectors(schema: &Schema) -> Map<String, Json> {
    let selector = |selector: &bailiwick::machinery::schema::Selector| {
        let id = schema
            .attribute_named(selector.attribute)
            .expect("selectors look at attributes of the vocabulary");
        let attribute = schema.attribute(id);
        let value = match attribute.ty {
            Type::One(Scalar::Enum(id)) | Type::List(Scalar::Enum(id)) => {
                named_constants(schema, &schema.enumeration(id).name)
            }
            _ => json!({"type": ["string", "number", "boolean"], "minLength": 1}),
        };
        let doc = format!(
            "Selects by `{}`: {}. A list means any.",
            selector.attribute, attribute.doc
        );
        (selector.key.to_owned(), said(&doc, one_or_many(value)))
    };
    SELECTORS.iter().map(selector).collect()
}

/// The listed constants, for completion; and any name, since a platform may list others.
fn named_constants(schema: &Schema, name: &str) -> Json {
    let id = schema
        .enumeration_named(name)
        .expect("the vocabulary has the enumeration");
    let constants = &schema.enumeration(id).constants;
    if matches!(name, "subject_type" | "check_status") {
        return json!({"anyOf": [{"enum": constants}, {"type": "string", "pattern": r"^\$"}]});
    }
    json!({"anyOf": [{"enum": constants}, {"type": "string", "minLength": 1}]})
}

fn action_name(schema: &Schema) -> Json {
    let names: Vec<&str> = schema.actions().map(|(_, action)| action.name.as_str()).collect();
    json!({"description": "An action (5.1), a glob over action names, or an extension action.", "anyOf": [
        {"enum": names},
        {"type": "string", "pattern": r"[*?\[{]"},
        {"type": "string", "pattern": r"^x\."},
    ]})
}

fn obligation() -> Json {
    let names: Vec<&str> = OBLIGATIONS.iter().map(|(name, _, _)| *name).collect();
    let word = format!("^({}|x\\.[A-Za-z0-9_.-]+)(:.+)?$", names.join("|"));
    json!({"description": "An obligation (5.7), optionally with a word: `notify:security`.", "anyOf": [
        {"enum": names},
        {"type": "string", "pattern": word},
    ]})
}

fn requirement() -> Json {
    let roles = || json!({"$ref": "#/$defs/texts"});
    said(
        "Who must approve, and until when (8.1).",
        object(
            &[],
            json!({
                "count": {"type": "integer", "minimum": 1, "maximum": 16, "description": "How many slots; 1 where missing."},
                "roles": said("An approver of a slot has any of these roles.", roles()),
                "teams": said("Or is of any of these teams.", roles()),
                "by": {"enum": ["human", "any"], "description": "`human`: every approver is a human."},
                "each": {"type": "array", "minItems": 1, "items": roles(), "description": "One slot for each list of roles."},
                "timeout": {"$ref": "#/$defs/duration"},
                "escalation": text_of("A role that completes it after the timeout; needs `timeout`."),
                "valid_for": said("How long an approval counts.", json!({"$ref": "#/$defs/duration"})),
            }),
        ),
    )
}

fn workflow() -> Json {
    let names = || json!({"$ref": "#/$defs/texts"});
    object(
        &[],
        json!({
            "required_approvers": {"type": "integer", "minimum": 1, "maximum": 16, "description": "How many distinct persons."},
            "approver_roles": said("Each has any of these roles.", names()),
            "approver_teams": said("Or is of any of these teams.", names()),
            "each": {"type": "array", "minItems": 1, "items": names(), "description": "One person for each list of roles."},
            "by": {"enum": ["human", "any"]},
            "timeout": {"$ref": "#/$defs/duration"},
            "escalation_on_timeout": text_of("The role that decides after the timeout; a second timeout blocks."),
            "valid_for": {"$ref": "#/$defs/duration"},
            "ai_agent_can_approve": {"type": "boolean", "description": "Whether an agent's approval counts; false where missing."},
            "ai_agent_can_recommend": {"type": "boolean", "description": "Whether the host shows an agent's recommendation; no effect on the verdict."},
            "notification_channels": said("Whom the host tells.", names()),
        }),
    )
}

fn programs() -> Json {
    let words = |not: &str, also: &[&str]| -> Vec<String> {
        let roles = ROLES.iter().map(|(word, ..)| *word).filter(|word| *word != not);
        roles.chain(also.iter().copied()).map(str::to_owned).collect()
    };
    let repeated = words("directory", &[]).into_iter();
    let operands: Vec<String> = repeated.flat_map(|word| [format!("{word}..."), word]).collect();
    let operand = json!({"enum": operands});
    let options = json!({"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^--?[^-=\\s][^=\\s]*$"},
        "additionalProperties": {"enum": words("command", &[FLAG])}});
    let bool = |description: &str| json!({"type": "boolean", "description": description});
    json!({"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[^/\\\\\\s]+$"},
    "description": "What programs do with their arguments; platform only (12.8).",
    "additionalProperties": object(&[], json!({
        "like": text_of("A listed program that reads its arguments the same way."),
        "operands": {"anyOf": [operand, {"type": "array", "minItems": 1, "items": operand}],
            "description": "What operands mean, in order; a last `read...` is all that follow."},
        "options": said("What the values of options mean; `flag` where there is none.", options),
        "other_options": {"enum": ["opaque", "harmless"], "description": "What options do that are not listed; `opaque` where missing."},
        "runs_code": bool("Whether it runs code of its own choosing; true where missing."),
        "network": bool("It reaches hosts that its arguments do not name."),
        "privilege": bool("It acts with more rights than whoever calls it."),
        "doc": text_of("What it is."),
    }))})
}

fn extension() -> Json {
    let doc = || json!({"type": "string", "description": "What it is."});
    let attribute = json!({"anyOf": [
        text_of("The type (5.3)."),
        object(&[], json!({"type": text_of("A name of 5.3, an enumeration, or `list of <type>`."), "doc": doc()})),
    ]});
    let constants = json!({"type": "array", "minItems": 1, "items": {"type": ["string", "number"]}});
    said(
        "What the document adds to the vocabulary (5.6).",
        object(
            &[],
            json!({
                "enumerations": {"type": "object", "minProperties": 1, "additionalProperties": {"anyOf": [constants.clone(), object(&["constants"], json!({
                    "constants": constants, "ordered": {"type": "boolean", "description": "Whether `<` is defined, the lowest first."},
                    "open": {"type": "boolean", "description": "Whether a request may carry others."}, "doc": doc(),
                }))]}},
                "attributes": {"type": "object", "minProperties": 1, "propertyNames": {"pattern": r"^x\."}, "additionalProperties": attribute.clone()},
                "actions": {"type": "object", "minProperties": 1, "propertyNames": {"pattern": r"^x\."}, "additionalProperties": object(&[], json!({
                    "arguments": {"type": "object", "minProperties": 1, "additionalProperties": attribute},
                    "bound": said("Arguments that fix the content of what is approved.", json!({"$ref": "#/$defs/texts"})),
                    "mutates": {"type": "boolean"}, "leaves_workspace": {"type": "boolean"}, "doc": doc(),
                }))},
            }),
        ),
    )
}

// --- requests ---

fn request(schema: &Schema) -> Json {
    headed(
        "request",
        "A request to a policy decision point",
        "What a host asks, in the full, the AuthZEN or the flat form (spec/09-records.md, 9.2 to 9.4).",
        json!({
            "anyOf": [{"$ref": "#/$defs/full"}, {"$ref": "#/$defs/authzen"}, {"$ref": "#/$defs/flat"}],
            "$defs": {
                "full": full(schema),
                "authzen": authzen(schema),
                "flat": flat(schema),
                "subject": subject(schema, "#/$defs/subject"),
                "link": nullable(json!({"$ref": "#/$defs/subject"})),
                "resource": {"type": ["object", "null"], "additionalProperties": false, "description": "The thing acted upon, as the host names it.", "properties": {
                    "type": {"type": ["string", "null"]}, "id": {"type": ["string", "null"]}, "tenant": {"type": ["string", "null"]},
                    "properties": {"type": ["object", "null"]},
                }},
                "scope": scope(schema),
                "context": context(schema),
                "arguments": arguments(schema),
                "evidence": evidence(schema),
                "usage": usage(),
                "capabilities": {"description": "The obligations that the host can meet (7.7).", "type": ["array", "null"], "items": {"type": "string"}},
                "approvals": {"type": ["array", "null"], "maxItems": 256, "items": approval()},
                "changed_file": changed_file(),
            },
        }),
    )
}

fn evidence(schema: &Schema) -> Json {
    let below = |(_, attribute): (_, &Attribute)| {
        let key = attribute.pointer.strip_prefix("/evidence/")?;
        Some((key.to_owned(), said(&attribute.doc, value(schema, attribute))))
    };
    let properties: Map<String, Json> = schema.attributes().filter_map(below).collect();
    json!({"type": ["object", "null"], "additionalProperties": false, "properties": properties,
        "description": "What was found, measured and vouched for, as the host reports it."})
}

/// `{"task": {"tokens": 80000}, "organization/1d": {"usd": 160.25}}`
fn usage() -> Json {
    let figure = json!({"type": ["number", "null"], "minimum": 0});
    json!({"type": ["object", "null"], "description": "What was used up so far, by whose it is and over which window (14.3).",
        "propertyNames": {"pattern": r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.]+)?$"},
        "additionalProperties": {"type": ["object", "null"], "additionalProperties": figure}})
}

fn shared() -> Map<String, Json> {
    let keys = json!({
        "resource": {"$ref": "#/$defs/resource"},
        "evidence": {"$ref": "#/$defs/evidence"},
        "usage": {"$ref": "#/$defs/usage"},
        "capabilities": {"$ref": "#/$defs/capabilities"},
        "approvals": {"$ref": "#/$defs/approvals"},
        "asked_at": said("When approval was asked for.", nullable(timestamp())),
        "now": said("The host's time.", timestamp()),
        "run_id": {"type": ["string", "null"], "description": "A stamp of the record."},
        "tool_call_id": {"type": ["string", "null"], "description": "A stamp of the record."},
    });
    keys.as_object().cloned().unwrap_or_default()
}

fn action_of_request() -> Json {
    json!({"anyOf": [{"type": "string", "minLength": 1}, object(&["name"], json!({"name": {"type": "string"}, "properties": {"type": ["object", "null"]}}))]})
}

fn full(schema: &Schema) -> Json {
    let mut keys = shared();
    keys.insert("action".into(), said("The action's name.", action_of_request()));
    for part in ["subject", "arguments", "scope", "context"] {
        keys.insert(part.into(), json!({"$ref": format!("#/$defs/{part}")}));
    }
    let _ = schema;
    json!({
        "type": "object", "properties": keys, "additionalProperties": false, "required": ["now"],
        "anyOf": [{"required": ["scope"]}, {"required": ["context"]}, {"required": ["arguments"]}],
    })
}

fn authzen(schema: &Schema) -> Json {
    let mut context = shared();
    context.remove("resource");
    let own = context_keys(schema);
    context.extend(own);
    context.insert("scope".into(), json!({"$ref": "#/$defs/scope"}));
    let part = json!({"type": "object", "required": ["type", "id"], "additionalProperties": false, "properties": {
        "type": {"type": ["string", "null"]}, "id": {"type": ["string", "null"]}, "properties": {"type": ["object", "null"]},
    }});
    object(
        &["subject", "action", "resource", "context"],
        json!({
            "subject": {"type": "object", "required": ["type", "id"], "additionalProperties": false, "properties": {
                "type": {"type": ["string", "null"]}, "id": {"type": ["string", "null"]}, "properties": {"type": ["object", "null"]},
            }},
            "action": object(&["name"], json!({"name": {"type": "string"}, "properties": {"type": ["object", "null"]}})),
            "resource": part,
            // What the text does not know is carried in `context.properties`.
            "context": {"type": "object", "required": ["now"], "properties": context},
        }),
    )
}

fn flat(schema: &Schema) -> Json {
    let mut keys = shared();
    keys.extend(argument_keys(schema));
    keys.extend(
        context_keys(schema)
            .into_iter()
            .filter(|(key, _)| !matches!(key.as_str(), "x" | "properties" | "tenant")),
    );
    let roles = json!({"anyOf": [{"type": "string"}, list(json!({"type": "string"})), {"type": "null"}]});
    keys.insert("action".into(), action_of_request());
    keys.insert("tool".into(), nullable(action_of_request()));
    keys.insert("role".into(), roles.clone());
    keys.insert("roles".into(), roles);
    keys.insert(
        "subject".into(),
        json!({"anyOf": [{"type": ["string", "null"]}, {"$ref": "#/$defs/subject"}]}),
    );
    keys.insert("subject_type".into(), nullable(constants(schema, "subject_type")));
    for entity in flat_entities() {
        keys.insert(entity.into(), json!({"type": ["string", "object", "null"]}));
    }
    json!({
        "type": "object", "properties": keys, "additionalProperties": false, "required": ["now"],
        "not": {"anyOf": [{"required": ["scope"]}, {"required": ["context"]}, {"required": ["arguments"]}]},
        "anyOf": [{"required": ["action"]}, {"required": ["tool"]}, {"required": ["changed_files"]}],
        "patternProperties": {
            r"^(organization|team|repository|campaign|task|run|runtime|tool|evidence|context|subject|resource)\.[A-Za-z_]": {},
            r"^x\.": {},
        },
    })
}

fn subject(schema: &Schema, itself: &str) -> Json {
    let names = || json!({"anyOf": [list(json!({"type": "string"})), {"type": "null"}]});
    json!({"type": ["object", "null"], "description": "Who asks, and on whose behalf.", "additionalProperties": false, "properties": {
        "type": nullable(constants(schema, "subject_type")),
        "id": {"type": ["string", "null"]},
        "roles": names(),
        "teams": names(),
        "tenant": {"type": ["string", "null"]},
        "on_behalf_of": {"$ref": itself},
        "properties": {"type": ["object", "null"], "description": "What the text does not know; carried and hashed."},
    }})
}

fn scope(schema: &Schema) -> Json {
    let entity = |entity: &&str| {
        let mut keys = Map::new();
        keys.insert("id".into(), json!({"type": ["string", "null"]}));
        for (_, attribute) in schema.attributes() {
            if let Some(key) = attribute.pointer.strip_prefix(&format!("/scope/{entity}/")) {
                keys.insert(key.to_owned(), said(&attribute.doc, value(schema, attribute)));
            }
        }
        let full = json!({"type": "object", "properties": keys, "additionalProperties": false});
        (
            (*entity).to_owned(),
            json!({"anyOf": [{"type": ["string", "null"]}, full]}),
        )
    };
    let properties: Map<String, Json> = ENTITIES.iter().map(entity).collect();
    json!({"type": ["object", "null"], "description": "The entities in which the request stands. Null says that there is none.",
        "properties": properties, "additionalProperties": false})
}

fn context_keys(schema: &Schema) -> Map<String, Json> {
    let own = json!({
        "workspace_root": {"type": ["string", "null"], "description": "The workspace's root, as an absolute path."},
        "home": {"type": ["string", "null"], "description": "The home of whoever acts, as an absolute path (13.2)."},
        "links": {"type": ["object", "null"], "additionalProperties": {"type": "string"}, "description": "Links and where they lead (13.2)."},
        "case_insensitive": {"type": ["boolean", "null"], "description": "Whether letter case does not count in paths (6.1)."},
        "tenant": {"type": ["string", "null"]},
        "x": {"type": ["object", "null"], "description": "Attributes that the policy set adds (5.6)."},
        "properties": {"type": ["object", "null"]},
    });
    let mut keys = own.as_object().cloned().unwrap_or_default();
    for (_, attribute) in schema.attributes() {
        if let Some(key) = attribute.pointer.strip_prefix("/context/") {
            keys.insert(key.to_owned(), said(&attribute.doc, value(schema, attribute)));
        }
    }
    keys
}

fn context(schema: &Schema) -> Json {
    json!({"type": ["object", "null"], "description": "The circumstances.", "properties": context_keys(schema), "additionalProperties": false})
}

fn arguments(schema: &Schema) -> Json {
    let mut keys = argument_keys(schema);
    keys.insert(
        "x".into(),
        json!({"type": ["object", "null"], "description": "Arguments that the policy set adds (5.6)."}),
    );
    json!({"type": ["object", "null"], "description": "The arguments of the action.", "properties": keys, "additionalProperties": false})
}

/// By name, and nested where the name has a dot.
fn argument_keys(schema: &Schema) -> Map<String, Json> {
    let mut keys = Map::new();
    for (_, attribute) in schema
        .attributes()
        .filter(|(_, known)| known.owner == Owner::Argument && !known.derived)
    {
        let own = said(&attribute.doc, value(schema, attribute));
        if let Some((outer, _)) = attribute.name.split_once('.') {
            keys.insert(outer.to_owned(), json!({"type": ["object", "string", "null"]}));
        }
        keys.insert(attribute.name.clone(), own);
    }
    keys.insert(
        "changed_files".into(),
        json!({"description": "The files that the change touches.",
        "anyOf": [list(json!({"$ref": "#/$defs/changed_file"})), {"type": "null"}]}),
    );
    keys
}

fn changed_file() -> Json {
    json!({"anyOf": [{"type": "string", "minLength": 1}, object(&["path"], json!({
        "path": {"type": "string", "minLength": 1},
        "change": {"anyOf": [{"enum": ["added", "modified", "deleted", "renamed"]}, {"type": "null"}]},
        "from": {"type": ["string", "null"], "description": "The path that a renamed file had before."},
    }))]})
}

fn approval() -> Json {
    said(
        "That somebody says yes, or no, to one requirement for one operation (8.4).",
        object(
            &["requirement", "operation", "approver", "decision", "at"],
            json!({
                "requirement": {"type": "string"},
                "operation": {"type": "string"},
                "approver": {"$ref": "#/$defs/subject"},
                "decision": {"enum": ["approve", "reject"]},
                "at": timestamp(),
            }),
        ),
    )
}

/// A list that may be open.
fn list(item: Json) -> Json {
    let items = json!({"type": "array", "items": item});
    json!({"anyOf": [items.clone(), object(&["at_least"], json!({"at_least": items}))]})
}

fn value(schema: &Schema, attribute: &Attribute) -> Json {
    nullable(match attribute.ty {
        Type::One(kind) => scalar(schema, kind),
        Type::List(kind) => list(scalar(schema, kind)),
        // What is no text stands for its canonical JSON (13.7).
        Type::Map(Scalar::String) => json!({"type": "object"}),
        Type::Map(kind) => json!({"type": "object", "additionalProperties": nullable(scalar(schema, kind))}),
    })
}

fn scalar(schema: &Schema, kind: Scalar) -> Json {
    match kind {
        Scalar::Bool => json!({"type": "boolean"}),
        Scalar::Int => {
            json!({"type": "integer", "minimum": -9_007_199_254_740_991_i64, "maximum": 9_007_199_254_740_991_i64})
        }
        Scalar::Number => json!({"type": "number"}),
        Scalar::Percent => json!({"type": "string", "pattern": r"^-?\d+(\.\d+)?%$"}),
        Scalar::String => json!({"type": "string"}),
        Scalar::Path | Scalar::Host | Scalar::Url => json!({"type": "string", "minLength": 1}),
        Scalar::Timestamp => timestamp(),
        Scalar::Duration => json!({"type": "string"}),
        Scalar::Enum(id) => constants(schema, &schema.enumeration(id).name),
        Scalar::Reported => {
            let plain = json!({"type": ["string", "number", "boolean"]});
            let windows = json!({"type": "object", "description": "By windows of time, such as `5m`.",
                "additionalProperties": {"type": ["string", "number", "boolean", "null"]}});
            json!({"anyOf": [plain, windows]})
        }
    }
}

/// As [`named_constants`], in requests.
fn constants(schema: &Schema, name: &str) -> Json {
    let id = schema
        .enumeration_named(name)
        .expect("the vocabulary has the enumeration");
    let listed = &schema.enumeration(id).constants;
    match name {
        "subject_type" | "check_status" => json!({"enum": listed}),
        _ => json!({"anyOf": [{"enum": listed}, {"type": "string"}]}),
    }
}

// --- records, states, tests, vectors ---

fn record() -> Json {
    let text = || json!({"type": "string"});
    let outcome = || json!({"enum": ["allowed", "ask_approval", "denied"]});
    let rule_of = |more: Json| {
        let mut keys =
            json!({"policy": {"type": "string", "description": "`id@version`."}, "rule": {"type": "string"}});
        keys.as_object_mut()
            .expect("it is one")
            .extend(more.as_object().cloned().unwrap_or_default());
        keys
    };
    let figure = || json!({"type": ["number", "null"]});
    let states = || json!({"enum": ["within", "alert", "exceeded", "unknown", "contradicted"]});
    let ids = json!({"type": "array", "items": object(&["id"], json!({"id": text(), "missing": {"type": "integer", "minimum": 0, "description": "How many slots are open."}}))});
    let properties = json!({
        "decision_id": text(), "run_id": text(), "tool_call_id": text(), "created_at": text(),
        "decision": outcome(),
        "action": text(),
        "requested": {"description": "The arguments as stated, redacted."},
        "scope": {"description": "As stated, in the normal form."},
        "effects": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["kind"], "properties": {
            "kind": text(), "derived": {"const": true}, "opaque": {"const": true},
        }}},
        "matched_rules": {"type": "array", "items": object(&["policy", "level", "rule", "effect", "match"], rule_of(json!({
            "level": {"enum": level_names()},
            "effect": {"enum": ["allow", "only", "ask", "deny", "gate", "require", "limit", "switch", "engine"]},
            "match": {"enum": ["true", "unknown", "false"]},
            "on": {"type": "array", "minItems": 1, "items": {"type": "integer", "minimum": 0}},
            "reason": text(),
            "controls": {"type": "array", "minItems": 1, "items": text()},
            "place": object(&["source", "line", "column", "byte"], json!({
                "source": text(), "line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}, "byte": {"type": "integer", "minimum": 0},
            })),
        })))},
        "levels": {"type": "array", "minItems": 8, "maxItems": 8, "items": object(&["level", "decision"], json!({"level": {"enum": level_names()}, "decision": outcome()}))},
        "explanation": {"type": "string", "minLength": 1, "description": "One or two sentences for a developer (9.9)."},
        "obligations": {"type": "array", "items": object(&["name", "policy", "rule"], rule_of(json!({
            "name": text(),
            "within": {"type": "number", "description": "Seconds."},
            "by": timestamp(),
            "times": {"type": "integer", "minimum": 0},
            "then": text(),
        })))},
        "approvals": object(&["required", "satisfied", "outstanding", "moot", "rejected", "blocked"], json!({
            "required": {"type": "array", "items": object(
                &["id", "slots", "timeout", "escalation", "valid_for", "notify", "agent_can_recommend", "policy", "rule"],
                rule_of(json!({
                    "id": text(),
                    "slots": {"type": "array", "minItems": 1, "items": object(&["by", "roles", "teams"], json!({
                        "by": {"enum": ["any", "human"]}, "roles": {"type": "array", "items": text()}, "teams": {"type": "array", "items": text()},
                    }))},
                    "timeout": {"type": ["number", "null"], "description": "Seconds."},
                    "escalation": {"type": ["string", "null"]},
                    "valid_for": {"type": ["number", "null"], "description": "Seconds."},
                    "notify": {"type": "array", "items": text()},
                    "agent_can_recommend": {"type": "boolean"},
                })),
            )},
            "satisfied": ids, "outstanding": ids, "moot": ids, "rejected": ids, "blocked": ids,
        })),
        "criteria": {"type": "array", "items": object(&["policy", "rule", "criterion", "state", "expected", "found"], rule_of(json!({
            "criterion": text(), "state": {"enum": ["held", "failed", "missing"]}, "expected": text(), "found": {"type": "object"},
            "advisory": {"const": true},
        })))},
        "caps": {"type": "array", "items": object(
            &["policy", "rule", "unit", "per", "window", "entity", "used", "needs", "at_most", "headroom", "state"],
            rule_of(json!({
                "unit": text(),
                "per": {"type": ["string", "null"]},
                "window": {"type": ["string", "null"]},
                "entity": {"type": ["string", "null"]},
                "used": figure(), "needs": figure(), "headroom": figure(),
                "at_most": {"type": "number"},
                "state": states(),
            })),
        )},
        "floors": {"type": "array", "items": object(&["policy", "rule", "unit", "needs", "at_least", "state"], rule_of(json!({
            "unit": text(), "needs": figure(), "at_least": {"type": "number"}, "state": states(),
        })))},
        "charges": {"type": "array", "items": object(&["per", "window", "entity", "unit", "amount"], json!({
            "per": text(), "window": {"type": ["string", "null"]}, "entity": text(), "unit": text(), "amount": {"type": "number"},
        }))},
        "bypassed": {"type": "array", "items": object(&["policy", "rule", "requirement", "until"], rule_of(json!({
            "requirement": text(), "until": nullable(timestamp()),
        })))},
        "unknowns": {"type": "array", "uniqueItems": true, "items": text()},
        "policy_hash": hash(), "policy_set_hash": hash(), "request_hash": hash(), "operation_hash": hash(), "state_hash": hash(), "record_hash": hash(),
        "valid_until": nullable(timestamp()),
        "engine_version": text(),
        "language_version": {"const": bailiwick::LANGUAGE},
    });
    let stamps = ["decision_id", "run_id", "tool_call_id", "created_at"];
    let required: Vec<&str> = properties
        .as_object()
        .expect("it is one")
        .keys()
        .map(String::as_str)
        .filter(|key| !stamps.contains(key))
        .collect();
    let body = object(&required, properties.clone());
    headed(
        "record",
        "A decision record",
        "The receipt of a decision (spec/09-records.md, 9.7).",
        body,
    )
}

fn state() -> Json {
    let body = object(
        &[],
        json!({"switches": {"type": ["object", "null"], "description": "By `<policy id>/<switch id>`.",
        "additionalProperties": object(&["on"], json!({
            "on": {"type": "boolean"},
            "at": said("When that was seen.", nullable(timestamp())),
        }))}}),
    );
    headed(
        "state",
        "State",
        "What stands beside a request and changes without a change of policy (spec/09-records.md, 9.5).",
        body,
    )
}

fn test() -> Json {
    let decisions = [
        "allowed",
        "allow",
        "ask_approval",
        "ask",
        "denied",
        "deny",
        "block",
    ];
    let texts = || one_or_many(json!({"type": "string"}));
    let case = object(
        &["name", "input", "expect"],
        json!({
            "name": text_of("Unique in the file."),
            "input": {"type": "object", "description": "A flat request (9.3); the time, the capabilities and the scope may be left out."},
            "state": {"$ref": format!("{HOME}/state.schema.json")},
            "expect": object(&["decision"], json!({
                "decision": {"enum": decisions},
                "reason_contains": said("Text in the explanation or in the reason of a matched rule.", texts()),
                "rules": said("`<policy id>/<rule id>`, among the matched ones.", texts()),
                "obligations": said("Names that must be owed.", texts()),
            })),
        }),
    );
    headed(
        "test",
        "Policy tests",
        "Requests with the decisions that must come out (spec/11-forms.md, 11.6).",
        json!({
            "anyOf": [
                {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/test"}},
                object(&["policy_tests"], json!({
                    "policy_tests": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/test"}},
                    "scope": {"type": "object", "description": "The entities of tests that do not say theirs."},
                    "version": {"type": ["string", "number"]},
                })),
            ],
            "$defs": {"test": case},
        }),
    )
}

fn vector() -> Json {
    let source = object(
        &["name"],
        json!({
            "name": text_of("How records and diagnostics call it."),
            "level": said("Platform where missing.", json!({"enum": level_names()})),
            "tenant": {"type": "string"},
            "entities": {"type": "object", "additionalProperties": {"type": "string"}},
            "text": {"type": "string", "description": "The policies."},
            "file": {"type": "string", "description": "In place of `text`: a file, from the folder `vectors`."},
        }),
    );
    let sources = json!({"type": "array", "items": {"$ref": "#/$defs/source"}});
    let finding = object(
        &[],
        json!({"code": {"type": "string"}, "source": {"type": "string"}, "line": {"type": "integer"}, "column": {"type": "integer"}, "severity": {"type": "string"}}),
    );
    let keys_of_cases =
        json!({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}});
    let case = object(
        &["name"],
        json!({
            "name": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "description": "States the rule."},
            "sources": said("In place of the file's.", sources.clone()),
            "more_sources": said("Beside the file's.", sources.clone()),
            "request": {"type": "object", "description": "Its keys, and those of the file's request that it does not say; `unsaid` takes one away."},
            "request_text": {"type": "string", "description": "In place of all that: a JSON text."},
            "state": {"$ref": format!("{HOME}/state.schema.json")},
            "expect": {"type": "object", "description": "A partial record."},
            "load_errors": {"type": "array", "items": finding.clone(), "description": "The policy set does not compile: all its errors."},
            "request_errors": {"type": "array", "items": object(&[], json!({"code": {"type": "string"}, "pointer": {"type": "string"}})), "description": "The request cannot be read: all that is wrong."},
            "same_as": said("Keys of the record that equal those of another case, places aside.", keys_of_cases.clone()),
            "differs_from": said("Keys that do not.", keys_of_cases),
            "still_holds": {"type": "array", "items": object(&["record_of", "now", "holds"], json!({"record_of": {"type": "string"}, "now": timestamp(), "holds": {"type": "boolean"}}))},
            "canonical": {"const": true, "description": "The whole record is in `<name>.record.json` beside the file."},
        }),
    );
    headed(
        "vector",
        "Conformance vectors",
        "One theme with its cases (spec/README.md).",
        json!({
            "type": "object", "required": ["theme", "cases"], "additionalProperties": false,
            "properties": {
                "theme": text_of("Why it matters."),
                "sources": sources,
                "request": {"type": "object"},
                "state": {"type": "object"},
                "cases": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/case"}},
            },
            "$defs": {"source": source, "case": case},
        }),
    )
}

/// Whether an action is bound, mutates, leaves: a word for tables.
pub(crate) fn kind_word(action: &Action) -> &'static str {
    match (action.mutates, action.leaves_workspace) {
        (_, true) => "leaves",
        (true, false) => "mutates",
        (false, false) => "reads",
    }
}

/// The class of an obligation, as a word.
pub(crate) fn class_word(name: &str) -> &'static str {
    match obligation_class(name) {
        Some(bailiwick::machinery::schema::ObligationClass::Acts) => "acts",
        _ => "protects",
    }
}

fn or_null(mut schema: Json) -> Json {
    if let Some(keys) = schema.as_object_mut() {
        keys.insert("type".into(), json!(["string", "null"]));
    }
    schema
}

fn event_keys() -> Map<String, Json> {
    let text = |description: &str| json!({"type": "string", "pattern": "\\S", "description": description});
    let keys = json!({
        "audit_id": text("An id, which the host gives."),
        "tenant_id": or_null(json!({"description": "Whose it is; null for the platform's own."})),
        "actor_type": {"enum": ["agent", "service", "human"]},
        "actor": text("Who."),
        "action": text("What was done."),
        "resource_type": text("The type of what it was done to."),
        "resource_id": or_null(json!({"description": "What it was done to."})),
        "decision": {"enum": ["allowed", "ask_approval", "denied", null]},
        "approval_id": or_null(json!({"description": "The approval that it rests on."})),
        "policy_version": or_null(json!({"description": "The policies that it was decided by."})),
        "request_hash": or_null(json!({"description": "The hash of what was asked."})),
        "result_hash": or_null(json!({"description": "The hash of what came of it."})),
        "created_at": {"type": "string", "description": "When, RFC 3339.", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})$"},
        "run_id": {"type": "string", "description": "The run, where the resource is another thing."},
        "team_id": {"type": "string", "description": "The team that the actor acts for."},
        "on_behalf_of": {"type": "array", "items": {"type": "string"}, "description": "On whose behalf, the nearest first."},
        "record_hash": {"type": "string", "description": "The hash of the decision record."},
        "reason": {"type": "string", "description": "Why, for people."},
        "details": {"description": "What else the host wants to keep."},
    });
    keys.as_object().cloned().unwrap_or_default()
}

const EVENT_NEEDS: [&str; 6] = [
    "audit_id",
    "actor_type",
    "actor",
    "action",
    "resource_type",
    "created_at",
];

fn audit_event() -> Json {
    headed(
        "audit-event",
        "Audit event",
        "What happened, as a host tells an audit log (18.5).",
        object(&EVENT_NEEDS, Json::Object(event_keys())),
    )
}

fn audit_entry() -> Json {
    let mut keys = event_keys();
    let first = json!({"anyOf": [hash(), {"type": "null"}]});
    let run = object(
        &["id", "sequence", "previous"],
        json!({"id": {"type": "string"}, "sequence": {"type": "integer", "minimum": 1}, "previous": first}),
    );
    let chain = json!({"sequence": {"type": "integer", "minimum": 1}, "previous": first, "run": run});
    keys.insert(
        "chain".into(),
        said(
            "Its place in the log and in its run.",
            object(&["sequence", "previous"], chain),
        ),
    );
    keys.insert(
        "entry_hash".into(),
        said("The hash of the entry without this key.", hash()),
    );
    let needs: Vec<&str> = EVENT_NEEDS.into_iter().chain(["chain", "entry_hash"]).collect();
    // A later version may add keys; they are hashed like the others.
    let mut body = object(&needs, Json::Object(keys));
    body["additionalProperties"] = json!(true);
    headed(
        "audit-entry",
        "Audit entry",
        "A line of an audit log (18.5).",
        body,
    )
}

fn audit_checkpoint() -> Json {
    let signature = object(
        &["keyid", "sig"],
        json!({"keyid": {"type": "string"}, "sig": {"type": "string"}}),
    );
    let keys = json!({
        "log": text_of("Which log."),
        "entries": {"type": "integer", "minimum": 1, "description": "How many entries it had."},
        "entry_hash": said("The hash of the last of them.", hash()),
        "created_at": text_of("When, RFC 3339."),
        "signatures": {"type": "array", "items": signature, "description": "Over the rest, as DSSE v1 says."},
    });
    let body = object(&["log", "entries", "entry_hash", "created_at"], keys);
    headed(
        "audit-checkpoint",
        "Audit checkpoint",
        "How far an audit log had come (18.6).",
        body,
    )
}

fn provenance() -> Json {
    let text = json!({"type": "string"});
    let texts = json!({"type": "array", "items": text});
    let keys = json!({
        "task_id": text, "run_id": text, "campaign_id": text, "agent_version": text,
        "model_policy": object(&[], json!({"router": text, "allowed_models": texts})),
        "sandbox": object(&[], json!({"id": text, "image_digest": text, "network_profile": text})),
        "repository": object(&[], json!({"id": text, "base_sha": text, "head_sha": text})),
        "verification": object(&["required_profiles", "passed"], json!({"required_profiles": texts, "passed": {"type": "boolean"}})),
        "policy": object(&["effective_policy_hash"], json!({"effective_policy_hash": text})),
        "artifacts": {"type": "object", "additionalProperties": text},
        "records": object(&["count", "hash", "decisions"], json!({
            "count": {"type": "integer", "minimum": 1}, "hash": hash(),
            "decisions": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
            "approvals": texts, "bypassed": texts,
        })),
    });
    let body = object(
        &["agent_provenance"],
        json!({"agent_provenance": object(&[], keys)}),
    );
    headed(
        "provenance",
        "Provenance",
        "Where an agent's change comes from (chapter 19).",
        body,
    )
}

fn redaction_summary() -> Json {
    let count = json!({"type": "integer", "minimum": 0});
    let keys = json!({
        "secret_like_tokens": count, "email_addresses": count, "private_urls": count, "large_blocks_removed": count,
        "rules": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}, "description": "How often each rule found something."},
    });
    let needs = [
        "secret_like_tokens",
        "email_addresses",
        "private_urls",
        "large_blocks_removed",
    ];
    headed(
        "redaction-summary",
        "Redaction summary",
        "What was taken out of a text (18.1).",
        object(&needs, keys),
    )
}
