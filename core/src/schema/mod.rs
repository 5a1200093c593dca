//! The vocabulary: actions, their arguments, attributes, enumerations, types, and how a policy set extends it
//! (spec/05-vocabulary.md). Knows nothing of rules or of requests.

mod builtin;
mod selector;

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use crate::normal::command::{Description, Programs};

pub use builtin::{OBLIGATIONS, obligation_class};
pub use selector::{Compares, SELECTORS, Selector, selector_named};

/// The entities of a request's scope. `tenant` and `run` are no levels; `platform` is one without an entity.
pub const ENTITIES: [&str; 9] = [
    "tenant",
    "organization",
    "team",
    "repository",
    "campaign",
    "task",
    "run",
    "runtime",
    "tool",
];

/// The type of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// `true` or `false`.
    Bool,
    /// A whole number within ±(2^53 - 1).
    Int,
    /// Any finite number; an `Int` is one.
    Number,
    /// `10%`; a bare number is none.
    Percent,
    /// Text.
    String,
    /// A path in normal form.
    Path,
    /// A host name or IP address in normal form.
    Host,
    /// A URL in normal form.
    Url,
    /// RFC 3339.
    Timestamp,
    /// `30m`, `1h30m`, `7d`.
    Duration,
    /// A constant of an enumeration.
    Enum(EnumId),
    /// Of the type that its spelling says: `"2%"`, `"480ms"`, `3`, `true`, `"improving"`. A condition says which it wants by
    /// what stands opposite, and a value of another type is unknown to it. It may be given by windows of time.
    Reported,
}

/// The type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// One value.
    One(Scalar),
    /// A list of them, read as a set; it may be open.
    List(Scalar),
    /// Values by free keys: `evidence.verifiers.unit_tests`.
    Map(Scalar),
}

/// Which enumeration of a [`Schema`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub u16);

/// Which attribute of a [`Schema`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeId(pub u16);

/// Which action of a [`Schema`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionId(pub u16);

/// A named list of constants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enumeration {
    /// Its name.
    pub name: String,
    /// The constants; the lowest first where they are ordered.
    pub constants: Vec<String>,
    /// Whether `<` and its kin are defined.
    pub ordered: bool,
    /// Whether a request may carry a value that is not listed (a role of the company's directory).
    pub open: bool,
    /// What it is.
    pub doc: String,
}

impl Enumeration {
    /// The place of a constant, from 0.
    pub fn rank(&self, constant: &str) -> Option<usize> {
        self.constants.iter().position(|known| known == constant)
    }
}

/// Where an attribute comes from, and so to what it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Every request has it: subject, scope entities, context, evidence, now.
    Request,
    /// An argument: it belongs to the actions that list it, and is null for all others.
    Argument,
}

/// Something that a condition can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// As conditions write it: `path`, `branch.protected`, `repository.risk_tier`.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// To what it belongs.
    pub owner: Owner,
    /// The JSON pointer (RFC 6901) at which a request in the full form states it.
    pub pointer: String,
    /// Whether the engine derives it. A request that states it itself is an error.
    pub derived: bool,
    /// What it is.
    pub doc: String,
}

/// Something that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// The arguments that belong to it, sorted.
    pub arguments: Vec<AttributeId>,
    /// Those of them that fix the content that an approval is for (head SHA, digests). Without them no approval counts.
    pub bound: Vec<AttributeId>,
    /// Whether it changes something. What does, and stands in no autonomy mode, needs the highest.
    pub mutates: bool,
    /// Whether a change leaves the workspace by it. Change classes and required verifiers hold there.
    pub leaves_workspace: bool,
    /// The kinds of effects that may be derived from it.
    pub derives: Vec<ActionId>,
    /// Whether the policy set added it (`x.` names). Such an action needs a grant of its own.
    pub extension: bool,
    /// What it is.
    pub doc: String,
}

/// A vocabulary. The built-in one, or that with what a platform adds, or that with what a tenant adds: identifiers of the
/// one keep their meaning in the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Shared until somebody adds to them: most policy sets do not.
    tables: Arc<Tables>,
    programs: Programs,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tables {
    actions: Vec<Action>,
    attributes: Vec<Attribute>,
    enumerations: Vec<Enumeration>,
    action_names: FxHashMap<String, ActionId>,
    attribute_names: FxHashMap<String, AttributeId>,
    enumeration_names: FxHashMap<String, EnumId>,
}

/// A constant that the language cannot compute at compile time, so it is computed on first use. Nothing ever changes it.
static BUILTIN: LazyLock<Schema> = LazyLock::new(builtin::schema);

impl Schema {
    /// The vocabulary of the specification. It is built once, and a copy costs next to nothing.
    pub fn builtin() -> Schema {
        BUILTIN.clone()
    }

    fn empty() -> Schema {
        Schema {
            tables: Arc::default(),
            programs: Programs::builtin(),
        }
    }

    /// An action by number.
    pub fn action(&self, id: ActionId) -> &Action {
        &self.tables.actions[id.0 as usize]
    }

    /// An action by name.
    pub fn action_named(&self, name: &str) -> Option<ActionId> {
        self.tables.action_names.get(name).copied()
    }

    /// All actions with their numbers.
    pub fn actions(&self) -> impl ExactSizeIterator<Item = (ActionId, &Action)> {
        self.tables
            .actions
            .iter()
            .enumerate()
            .map(|(at, action)| (ActionId(at as u16), action))
    }

    /// An attribute by number.
    pub fn attribute(&self, id: AttributeId) -> &Attribute {
        &self.tables.attributes[id.0 as usize]
    }

    /// An attribute by name.
    pub fn attribute_named(&self, name: &str) -> Option<AttributeId> {
        self.tables.attribute_names.get(name).copied()
    }

    /// All attributes with their numbers.
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = (AttributeId, &Attribute)> {
        self.tables
            .attributes
            .iter()
            .enumerate()
            .map(|(at, attribute)| (AttributeId(at as u16), attribute))
    }

    /// An enumeration by number.
    pub fn enumeration(&self, id: EnumId) -> &Enumeration {
        &self.tables.enumerations[id.0 as usize]
    }

    /// An enumeration by name.
    pub fn enumeration_named(&self, name: &str) -> Option<EnumId> {
        self.tables.enumeration_names.get(name).copied()
    }

    /// All enumerations with their numbers.
    pub fn enumerations(&self) -> impl Iterator<Item = (EnumId, &Enumeration)> {
        self.tables
            .enumerations
            .iter()
            .enumerate()
            .map(|(at, enumeration)| (EnumId(at as u16), enumeration))
    }

    /// Whether an attribute belongs to an action: those of every request do, arguments do where they are listed.
    pub fn belongs(&self, attribute: AttributeId, action: ActionId) -> bool {
        match self.attribute(attribute).owner {
            Owner::Request => true,
            Owner::Argument => self.action(action).arguments.binary_search(&attribute).is_ok(),
        }
    }

    /// Whether an effect of a kind can have an attribute: its own, or one of the action that it is derived from.
    pub fn reaches(&self, attribute: AttributeId, kind: ActionId) -> bool {
        self.belongs(attribute, kind)
            || self
                .actions()
                .any(|(action, row)| row.derives.contains(&kind) && self.belongs(attribute, action))
    }

    /// Adds an action, or says that the name is taken.
    pub fn add_action(&mut self, mut action: Action) -> Result<ActionId, ActionId> {
        if let Some(&taken) = self.tables.action_names.get(&action.name) {
            return Err(taken);
        }
        action.arguments.sort();
        let tables = Arc::make_mut(&mut self.tables);
        let id = ActionId(tables.actions.len() as u16);
        tables.action_names.insert(action.name.clone(), id);
        if let Some(names) = tables.enumeration_names.get("action") {
            tables.enumerations[names.0 as usize]
                .constants
                .push(action.name.clone());
        }
        tables.actions.push(action);
        Ok(id)
    }

    /// Adds an attribute, or says that the name is taken.
    pub fn add_attribute(&mut self, attribute: Attribute) -> Result<AttributeId, AttributeId> {
        if let Some(&taken) = self.tables.attribute_names.get(&attribute.name) {
            return Err(taken);
        }
        let tables = Arc::make_mut(&mut self.tables);
        let id = AttributeId(tables.attributes.len() as u16);
        tables.attribute_names.insert(attribute.name.clone(), id);
        tables.attributes.push(attribute);
        Ok(id)
    }

    /// Adds an enumeration, or says that the name is taken.
    pub fn add_enumeration(&mut self, enumeration: Enumeration) -> Result<EnumId, EnumId> {
        if let Some(&taken) = self.tables.enumeration_names.get(&enumeration.name) {
            return Err(taken);
        }
        let tables = Arc::make_mut(&mut self.tables);
        let id = EnumId(tables.enumerations.len() as u16);
        tables.enumeration_names.insert(enumeration.name.clone(), id);
        tables.enumerations.push(enumeration);
        Ok(id)
    }

    /// Gives an enumeration other constants; the platform does that for `risk_tier`, `task_class` and their kin.
    pub fn set_constants(&mut self, id: EnumId, constants: Vec<String>) {
        Arc::make_mut(&mut self.tables).enumerations[id.0 as usize].constants = constants;
    }

    /// Says whether the constants of an enumeration are ordered, and whether requests may carry others.
    pub fn set_flags(&mut self, id: EnumId, ordered: bool, open: bool) {
        let known = &mut Arc::make_mut(&mut self.tables).enumerations[id.0 as usize];
        (known.ordered, known.open) = (ordered, open);
    }

    /// What is known of programs.
    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// Adds what a policy says of a program; the platform does that.
    pub fn describe_program(&mut self, name: &str, said: &Description) {
        self.programs.describe(name, said);
    }

    /// How a type is written: `list of path`, `risk_tier`.
    pub fn type_name(&self, ty: Type) -> String {
        match ty {
            Type::One(scalar) => self.scalar_name(scalar),
            Type::List(scalar) => format!("list of {}", self.scalar_name(scalar)),
            Type::Map(scalar) => format!("map of {}", self.scalar_name(scalar)),
        }
    }

    fn scalar_name(&self, scalar: Scalar) -> String {
        match scalar {
            Scalar::Bool => "bool".into(),
            Scalar::Int => "int".into(),
            Scalar::Number => "number".into(),
            Scalar::Percent => "percent".into(),
            Scalar::String => "string".into(),
            Scalar::Path => "path".into(),
            Scalar::Host => "host".into(),
            Scalar::Url => "url".into(),
            Scalar::Timestamp => "timestamp".into(),
            Scalar::Duration => "duration".into(),
            Scalar::Enum(id) => self.enumeration(id).name.clone(),
            Scalar::Reported => "reported value".into(),
        }
    }
}

/// What an obligation does, and so when it is owed (spec/07-decisions.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObligationClass {
    /// Redact, audit, retain, label: owed when the trigger holds or is unknown.
    Protects,
    /// Notify, roll back, escalate: owed when the trigger holds; an unknown trigger holds the change instead.
    Acts,
}
