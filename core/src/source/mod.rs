//! Where policy text comes from, and how to point back into it. Knows nothing of YAML or of what a policy means.

mod pack;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The eight levels of authority, from the highest to the lowest. A lower level may restrict, never expand
/// (spec/02-levels.md).
///
/// ```
/// use bailiwick::Level;
/// assert!(Level::Platform < Level::Team);
/// assert_eq!("tool_call".parse::<Level>().unwrap(), Level::ToolCall);
/// assert_eq!(Level::Repository.to_string(), "repository");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Whoever runs the agent platform. Always there, always closed.
    Platform,
    /// The company or business unit.
    Organization,
    /// The team that owns repositories.
    Team,
    /// One repository.
    Repository,
    /// A change carried over many repositories.
    Campaign,
    /// One task given to an agent.
    Task,
    /// The sandbox or host that a run happens in, with its egress profile.
    Runtime,
    /// One tool.
    ToolCall,
}

impl Level {
    /// All levels, the highest first.
    pub const ALL: [Level; 8] = [
        Level::Platform,
        Level::Organization,
        Level::Team,
        Level::Repository,
        Level::Campaign,
        Level::Task,
        Level::Runtime,
        Level::ToolCall,
    ];

    /// The name that policies, requests and records use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Level::Platform => "platform",
            Level::Organization => "organization",
            Level::Team => "team",
            Level::Repository => "repository",
            Level::Campaign => "campaign",
            Level::Task => "task",
            Level::Runtime => "runtime",
            Level::ToolCall => "tool_call",
        }
    }

    /// The place in [`Level::ALL`]: 0 for the platform, 7 for a tool call.
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Level {
    type Err = ();

    fn from_str(text: &str) -> Result<Level, ()> {
        Level::ALL
            .into_iter()
            .find(|level| level.as_str() == text)
            .ok_or(())
    }
}

/// A text of policies with the authority that whoever loads it gives to it: a level, a tenant, and the entities that
/// it may speak for. A document in the text that claims more is an error, so a file that an agent can edit cannot
/// promote itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How diagnostics and records call it; a path, usually.
    pub name: String,
    /// The text, UTF-8 YAML.
    pub text: Arc<str>,
    /// The level at which every document of it speaks.
    pub level: Level,
    /// The tenant whose policy set it belongs to; `None` for the platform's own and where there is one tenant only.
    pub tenant: Option<String>,
    /// The entities that it speaks for, by level; documents may narrow this, not widen it.
    pub entities: BTreeMap<Level, String>,
}

impl Source {
    /// A source that speaks for the platform, as a lone file does.
    pub fn platform(name: impl Into<String>, text: impl Into<Arc<str>>) -> Source {
        Source::at(Level::Platform, name, text)
    }

    /// A source at a level, for no particular entity and no tenant.
    pub fn at(level: Level, name: impl Into<String>, text: impl Into<Arc<str>>) -> Source {
        Source {
            name: name.into(),
            text: text.into(),
            level,
            tenant: None,
            entities: BTreeMap::new(),
        }
    }

    /// The same source for a tenant.
    #[must_use]
    pub fn of_tenant(mut self, tenant: impl Into<String>) -> Source {
        self.tenant = Some(tenant.into());
        self
    }

    /// The same source for one entity of a level: `.for_entity(Level::Repository, "payment-service")`.
    #[must_use]
    pub fn for_entity(mut self, level: Level, name: impl Into<String>) -> Source {
        self.entities.insert(level, name.into());
        self
    }
}

/// Which source of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A stretch of a source, in bytes, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source.
    pub source: SourceId,
    /// The first byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Pairs a value with its place.
    pub fn new(value: T, span: Span) -> Spanned<T> {
        Spanned { value, span }
    }

    /// The same place, another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned {
            value: change(self.value),
            span: self.span,
        }
    }
}

/// A place as people read it: 1-based line and column, the column in Unicode code points, the byte offset beside them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The source's name.
    pub source: String,
    /// From 1.
    pub line: u32,
    /// From 1, in code points.
    pub column: u32,
    /// From 0, in bytes.
    pub byte: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source, self.line, self.column)
    }
}

/// The sources of a load, for pointing into.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<File>,
}

#[derive(Clone, Debug)]
struct File {
    name: String,
    text: Arc<str>,
    /// The byte at which each line starts.
    lines: Vec<u32>,
}

impl SourceMap {
    /// Adds a text and says how spans name it.
    pub fn add(&mut self, name: &str, text: Arc<str>) -> SourceId {
        let id = SourceId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let starts = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        self.files.push(File {
            name: name.to_owned(),
            text,
            lines,
        });
        id
    }

    /// The name of a source.
    pub fn name(&self, id: SourceId) -> &str {
        &self.files[id.0 as usize].name
    }

    /// The text of a source.
    pub fn text(&self, id: SourceId) -> &str {
        &self.files[id.0 as usize].text
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.source)
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// Where a span starts.
    pub fn place(&self, span: Span) -> Place {
        self.place_of(span.source, span.start)
    }

    /// Where a span ends.
    pub fn place_end(&self, span: Span) -> Place {
        self.place_of(span.source, span.end)
    }

    fn place_of(&self, source: SourceId, byte: u32) -> Place {
        let file = &self.files[source.0 as usize];
        let line = file.lines.partition_point(|&start| start <= byte).max(1);
        let start = file.lines[line - 1] as usize;
        let before = file.text.get(start..byte as usize).unwrap_or("");
        let column = before.chars().filter(|&c| c != '\u{feff}').count() as u32 + 1;
        Place {
            source: file.name.clone(),
            line: line as u32,
            column,
            byte,
        }
    }
}
