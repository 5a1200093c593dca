//! The built-in vocabulary as requests need it: attributes by where a request states them.
//!
//! It is a constant that the language cannot compute at compile time (it holds hash tables), so it is computed on first
//! use. Nothing ever changes it.

use std::sync::LazyLock;

use crate::schema::{AttributeId, ENTITIES, EnumId, Owner, Scalar, Schema, Type};
use crate::source::Level;

/// Those that the flat form names by a key of their own, and that an example or a test may leave out: `tool` is the action
/// there.
pub fn flat_entities() -> impl Iterator<Item = &'static str> {
    ENTITIES.into_iter().filter(|entity| *entity != "tool")
}

/// What stands in the context beside the attributes that rules read.
pub(super) const CONTEXT: [&str; 7] = [
    "case_insensitive",
    "home",
    "links",
    "properties",
    "tenant",
    "workspace_root",
    "x",
];

/// What stands beside subject, action, resource and context: statements of the host about the request.
pub(super) const STATEMENTS: [&str; 9] = [
    "approvals",
    "asked_at",
    "capabilities",
    "evidence",
    "now",
    "run_id",
    "scope",
    "tool_call_id",
    "usage",
];

/// The built-in vocabulary with its tables.
pub struct Vocabulary {
    /// The vocabulary itself.
    pub schema: Schema,
    /// The attributes that are treated by name.
    pub ids: Ids,
    /// Attributes of one value whose constants are listed, for checking against a policy set's own lists.
    pub(super) listed: Vec<(AttributeId, EnumId)>,
    /// The attributes of each entity, by their names in it.
    entities: Vec<Vec<(String, AttributeId)>>,
    /// The attributes that the context holds.
    pub(super) context: Vec<(String, AttributeId)>,
    /// The attributes that the evidence holds.
    pub(super) evidence: Vec<(String, AttributeId)>,
    /// Arguments whose names have a dot, by what stands before it.
    groups: Vec<(String, Vec<(String, AttributeId)>)>,
}

macro_rules! ids {
    ($($field:ident = $name:literal),* $(,)?) => {
        /// The attributes that requests and effects treat by name.
        pub struct Ids { $(#[doc = $name] pub $field: AttributeId),* }

        impl Ids {
            fn of(schema: &Schema) -> Ids {
                let id = |name| schema.attribute_named(name).expect("the vocabulary has the attribute");
                Ids { $($field: id($name)),* }
            }
        }
    };
}

ids! {
    subject_id = "subject.id",
    subject_type = "subject.type",
    subject_role = "subject.role",
    organization = "organization.id",
    team = "team.id",
    repository = "repository.id",
    campaign = "campaign.id",
    task = "task.id",
    runtime = "runtime.id",
    tool = "tool.id",
    resource_tenant = "resource.tenant",
    request_action = "request.action",
    now = "now",
    argv = "argv",
    command = "command",
    cwd = "cwd",
    program = "program",
    path = "path",
    destination = "destination",
    recursive = "recursive",
    outside_workspace = "outside_workspace",
    changed_files = "changed_files",
    host = "host",
    port = "port",
    host_class = "host_class",
    url = "url",
    scheme = "scheme",
    url_user = "url_user",
    path_class = "path_class",
    path_oddity = "path_oddity",
    patch = "patch",
    strip = "strip",
    mcp_arguments = "mcp_arguments",
    onboarded = "repository.onboarded",
}

static BUILTIN: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::of(Schema::builtin()));

/// The built-in vocabulary.
pub fn vocabulary() -> &'static Vocabulary {
    &BUILTIN
}

impl Vocabulary {
    fn of(schema: Schema) -> Vocabulary {
        let entities = ENTITIES
            .iter()
            .map(|entity| below(&schema, &format!("{entity}."), Owner::Request));
        let context = schema
            .attributes()
            .filter(|(_, attribute)| attribute.pointer.starts_with("/context/"));
        Vocabulary {
            ids: Ids::of(&schema),
            listed: listed(&schema),
            entities: entities.collect(),
            context: context
                .map(|(id, attribute)| (attribute.name.clone(), id))
                .collect(),
            evidence: below(&schema, "evidence.", Owner::Request),
            groups: groups(&schema),
            schema,
        }
    }

    /// The attributes of an entity, by their names in it.
    pub(super) fn entity(&self, entity: &str) -> &[(String, AttributeId)] {
        let at = ENTITIES.iter().position(|known| *known == entity);
        at.map_or(&[], |at| &self.entities[at])
    }

    /// The arguments whose names start with a word and a dot: of `branch` those are `name` and `protected`.
    pub(super) fn group(&self, head: &str) -> Option<&[(String, AttributeId)]> {
        let found = self.groups.iter().find(|(known, _)| known == head);
        found.map(|(_, members)| members.as_slice())
    }

    /// A built-in argument by name.
    pub(super) fn argument(&self, name: &str) -> Option<AttributeId> {
        let id = self.schema.attribute_named(name)?;
        (self.schema.attribute(id).owner == Owner::Argument).then_some(id)
    }

    /// The attribute that names a level's entity; the platform has none.
    pub(super) fn entity_of(&self, level: Level) -> Option<AttributeId> {
        match level {
            Level::Platform => None,
            Level::Organization => Some(self.ids.organization),
            Level::Team => Some(self.ids.team),
            Level::Repository => Some(self.ids.repository),
            Level::Campaign => Some(self.ids.campaign),
            Level::Task => Some(self.ids.task),
            Level::Runtime => Some(self.ids.runtime),
            Level::ToolCall => Some(self.ids.tool),
        }
    }

    /// How many attributes there are; those of a policy set are numbered from there.
    pub fn size(&self) -> usize {
        self.schema.attributes().len()
    }
}

fn below(schema: &Schema, prefix: &str, owner: Owner) -> Vec<(String, AttributeId)> {
    let members = schema
        .attributes()
        .filter(|(_, attribute)| attribute.owner == owner);
    members
        .filter_map(|(id, attribute)| Some((attribute.name.strip_prefix(prefix)?.to_owned(), id)))
        .collect()
}

fn groups(schema: &Schema) -> Vec<(String, Vec<(String, AttributeId)>)> {
    let arguments = schema
        .attributes()
        .filter(|(_, attribute)| attribute.owner == Owner::Argument);
    let mut heads: Vec<String> = arguments
        .filter_map(|(_, attribute)| Some(attribute.name.split_once('.')?.0.to_owned()))
        .collect();
    heads.sort();
    heads.dedup();
    let members = |head: String| {
        let members = below(schema, &format!("{head}."), Owner::Argument);
        (head, members)
    };
    heads.into_iter().map(members).collect()
}

/// Roles are open, and whether an action is known is a question of its own.
fn listed(schema: &Schema) -> Vec<(AttributeId, EnumId)> {
    let scalar = |ty| match ty {
        Type::One(scalar) | Type::List(scalar) | Type::Map(scalar) => scalar,
    };
    let listed = schema
        .attributes()
        .filter_map(|(id, attribute)| match scalar(attribute.ty) {
            Scalar::Enum(names) => Some((id, names)),
            _ => None,
        });
    listed
        .filter(|&(id, names)| !schema.enumeration(names).open && !schema.attribute(id).derived)
        .collect()
}
