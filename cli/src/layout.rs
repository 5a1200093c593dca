//! The folder layout (spec/01-documents.md, 1.7): from the folders on the way to a file to the authority that it has.
//! Knows names only and touches no disk.

use std::collections::BTreeMap;

use bailiwick::machinery::diagnostic::nearest;
use bailiwick::{Level, Source};

/// For whom the files of a folder speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authority {
    pub(crate) level: Level,
    pub(crate) tenant: Option<String>,
    pub(crate) entities: BTreeMap<Level, String>,
}

impl Authority {
    /// The platform's: that of a file loaded alone, and of files in the root.
    pub(crate) fn platform() -> Authority {
        Authority {
            level: Level::Platform,
            tenant: None,
            entities: BTreeMap::new(),
        }
    }

    /// A source with this authority.
    pub(crate) fn source(&self, name: String, text: String) -> Source {
        let (level, tenant, entities) = (self.level, self.tenant.clone(), self.entities.clone());
        Source {
            name,
            text: text.into(),
            level,
            tenant,
            entities,
        }
    }
}

/// A folder of the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Folder {
    /// The root: the platform's files, level folders and `tenant`.
    Root(Organizations),
    /// `platform/`
    Platform,
    /// `tenant/`
    Tenants,
    /// `tenant/<name>/`
    Tenant(String),
    /// `<level>/`; its folders are entities.
    Level(Authority, Tenancy),
    /// `<level>/<entity>/`; its folders are lower levels.
    Entity(Authority),
}

/// Whose the entities of a `<level>/` are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tenancy {
    /// Of the tenant of the folder, if it has one.
    Settled,
    /// Each is a tenant of its own: several organizations in the root.
    Each,
}

/// The organizations in the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Organizations {
    /// None: what stands in the root has no tenant.
    None,
    /// One: it is the tenant of everything in the root but the platform's.
    One(String),
    /// Several: lower levels belong below one of them.
    Several,
}

impl Organizations {
    /// Those whose folders are in `organization/`.
    pub(crate) fn of(names: &[String]) -> Organizations {
        match names {
            [] => Organizations::None,
            [one] => entity_name(one).map_or(Organizations::Several, Organizations::One),
            _ => Organizations::Several,
        }
    }
}

impl Folder {
    /// The folder of that name in this one.
    ///
    /// # Errors
    /// Why it has no place here, and what to do.
    pub(crate) fn below(&self, name: &str) -> Result<Folder, String> {
        match self {
            Folder::Root(organizations) => in_root(name, organizations),
            Folder::Platform => Err(format!(
                "`{name}` is a folder in `platform/`, which has no folders below it: the platform has no entities"
            )),
            Folder::Tenants => entity_name(name).map(Folder::Tenant),
            Folder::Tenant(tenant) => in_tenant(name, tenant),
            Folder::Level(above, tenancy) => entity(name, above, *tenancy),
            Folder::Entity(above) => in_entity(name, above),
        }
    }

    /// The authority of policies directly in this folder.
    ///
    /// # Errors
    /// Why there can be none here.
    pub(crate) fn policies(&self) -> Result<Authority, String> {
        match self {
            Folder::Root(_) | Folder::Platform => Ok(Authority::platform()),
            Folder::Tenants => Err("a file in `tenant/` is of no tenant: it belongs in `tenant/<name>/<level>/`".into()),
            Folder::Tenant(name) => Err(format!(
                "a file in `tenant/{name}/` is of no level: it belongs in `tenant/{name}/<level>/`, such as \
                 `tenant/{name}/organization/`"
            )),
            Folder::Level(_, Tenancy::Each) => Err(
                "a file in `organization/` would speak for several organizations, each a tenant of its own: it belongs \
                 in `platform/`, or in the folder of each organization"
                    .into(),
            ),
            Folder::Level(authority, Tenancy::Settled) => Ok(authority.clone()),
            Folder::Entity(authority) => Ok(authority.clone()),
        }
    }

    /// The scope in which policy tests of this folder are asked.
    pub(crate) fn tests(&self) -> Authority {
        match self {
            Folder::Root(_) | Folder::Platform | Folder::Tenants => Authority::platform(),
            Folder::Tenant(name) => Authority {
                tenant: Some(name.clone()),
                ..Authority::platform()
            },
            Folder::Level(authority, _) | Folder::Entity(authority) => authority.clone(),
        }
    }
}

fn in_root(name: &str, organizations: &Organizations) -> Result<Folder, String> {
    match (name, level(name), organizations) {
        ("tenant", ..) => Ok(Folder::Tenants),
        (_, Some(Level::Platform), _) => Ok(Folder::Platform),
        (_, Some(Level::Organization), Organizations::Several) => {
            Ok(Folder::Level(at(Level::Organization, None), Tenancy::Each))
        }
        (_, Some(level), Organizations::Several) => Err(format!(
            "`{name}/` stands beside several organizations, so nobody knows whose it is: it belongs below its \
             organization, `organization/<name>/{level}/`"
        )),
        (_, Some(level), Organizations::One(tenant)) => {
            Ok(Folder::Level(at(level, Some(tenant.clone())), Tenancy::Settled))
        }
        (_, Some(level), Organizations::None) => Ok(Folder::Level(at(level, None), Tenancy::Settled)),
        (_, None, _) => Err(no_level(name, true)),
    }
}

fn in_tenant(name: &str, tenant: &str) -> Result<Folder, String> {
    match level(name) {
        Some(Level::Platform) => {
            Err("`platform/` stands in the root: the platform's policies are of no tenant".into())
        }
        Some(level) => Ok(Folder::Level(
            at(level, Some(tenant.to_owned())),
            Tenancy::Settled,
        )),
        None if name == "tenant" => Err("`tenant/` stands in the root only".into()),
        None => Err(no_level(name, false)),
    }
}

fn in_entity(name: &str, above: &Authority) -> Result<Folder, String> {
    match level(name) {
        Some(level) if level <= above.level => Err(format!(
            "`{name}/` stands below `{}/`, but levels descend: a {level} is not below a {}",
            above.level, above.level
        )),
        Some(level) => Ok(Folder::Level(
            Authority {
                level,
                ..above.clone()
            },
            Tenancy::Settled,
        )),
        None if name == "tenant" => Err("`tenant/` stands in the root only".into()),
        None => Err(no_level(name, false)),
    }
}

fn entity(name: &str, above: &Authority, tenancy: Tenancy) -> Result<Folder, String> {
    let name = entity_name(name)?;
    let mut authority = above.clone();
    if tenancy == Tenancy::Each {
        authority.tenant = Some(name.clone());
    }
    authority.entities.insert(authority.level, name);
    Ok(Folder::Entity(authority))
}

fn at(level: Level, tenant: Option<String>) -> Authority {
    Authority {
        level,
        tenant,
        entities: BTreeMap::new(),
    }
}

fn level(name: &str) -> Option<Level> {
    name.parse().ok()
}

/// What `%2F` and `%25` stand for. No other escape has a meaning, and guessing one would give a folder another entity.
fn entity_name(name: &str) -> Result<String, String> {
    let (mut out, mut rest) = (String::new(), name);
    while let Some((before, behind)) = rest.split_once('%') {
        out.push_str(before);
        let (character, behind) = match (behind.strip_prefix("2F"), behind.strip_prefix("25")) {
            (Some(behind), _) => ('/', behind),
            (_, Some(behind)) => ('%', behind),
            _ => {
                return Err(format!(
                    "in the folder name `{name}` a `%` stands alone: `%2F` is `/`, and `%25` is `%`"
                ));
            }
        };
        out.push(character);
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

fn no_level(name: &str, root: bool) -> String {
    let names: Vec<&str> = Level::ALL
        .iter()
        .map(|level| level.as_str())
        .chain(root.then_some("tenant"))
        .collect();
    match nearest(name, names.iter().copied()) {
        Some(near) => format!("`{name}/` is no level; did you mean `{near}/`?"),
        None => format!("`{name}/` is no level; the folders here are {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a policy file at a path is told, as `level tenant entities`, or the start of the error.
    fn told(organizations: &[&str], path: &str) -> String {
        let names: Vec<String> = organizations.iter().map(|name| (*name).to_owned()).collect();
        let mut folder = Folder::Root(Organizations::of(&names));
        let mut folders: Vec<&str> = path.split('/').collect();
        folders.pop();
        for name in folders {
            folder = match folder.below(name) {
                Ok(below) => below,
                Err(why) => return format!("error: {why}"),
            };
        }
        match folder.policies() {
            Ok(authority) => in_words(&authority),
            Err(why) => format!("error: {why}"),
        }
    }

    fn in_words(authority: &Authority) -> String {
        let entities = authority
            .entities
            .iter()
            .map(|(level, name)| format!(" {level}={name}"));
        let tenant = authority.tenant.as_deref().unwrap_or("-");
        format!("{} {tenant}{}", authority.level, entities.collect::<String>())
    }

    #[track_caller]
    fn check(organizations: &[&str], path: &str, expected: &str) {
        let told = told(organizations, path);
        let fits = if expected.starts_with("error") {
            told.starts_with(expected)
        } else {
            told == expected
        };
        assert!(fits, "{path}: expected {expected:?}, found {told:?}");
    }

    #[test]
    fn the_layout_of_the_specification() {
        check(&["acme"], "platform/base.yaml", "platform -");
        check(&["acme"], "base.yaml", "platform -");
        check(
            &["acme"],
            "organization/acme/rules.yaml",
            "organization acme organization=acme",
        );
        check(
            &["acme"],
            "organization/acme/team/payments/rules.yaml",
            "team acme organization=acme team=payments",
        );
        check(
            &["acme"],
            "organization/acme/repository/payment-service/repo.yaml",
            "repository acme organization=acme repository=payment-service",
        );
        check(
            &["acme"],
            "tenant/t2/organization/beta/team/web/rules.yaml",
            "team t2 organization=beta team=web",
        );
    }

    #[test]
    fn a_file_without_an_entity_speaks_for_every_entity() {
        check(&[], "team/rules.yaml", "team -");
        check(
            &["acme"],
            "organization/acme/team/rules.yaml",
            "team acme organization=acme",
        );
        check(&["acme"], "organization/rules.yaml", "organization acme");
        check(
            &["a", "b"],
            "organization/rules.yaml",
            "error: a file in `organization/`",
        );
    }

    #[test]
    fn organizations_of_the_root_settle_the_tenant() {
        check(&[], "repository/shop/r.yaml", "repository - repository=shop");
        check(
            &["acme"],
            "repository/shop/r.yaml",
            "repository acme repository=shop",
        );
        check(
            &["a", "b"],
            "repository/shop/r.yaml",
            "error: `repository/` stands beside several organizations",
        );
        check(
            &["a", "b"],
            "organization/b/team/x/r.yaml",
            "team b organization=b team=x",
        );
        check(&["a", "b"], "platform/p.yaml", "platform -");
        check(&["a", "b"], "tenant/t/team/x/r.yaml", "team t team=x");
    }

    #[test]
    fn levels_descend_and_tenants_stand_first() {
        check(
            &["acme"],
            "organization/acme/organization/x/r.yaml",
            "error: `organization/` stands below",
        );
        check(
            &[],
            "repository/shop/team/x/r.yaml",
            "error: `team/` stands below `repository/`",
        );
        check(
            &["acme"],
            "organization/acme/platform/r.yaml",
            "error: `platform/` stands below",
        );
        check(
            &["acme"],
            "organization/acme/tenant/t/r.yaml",
            "error: `tenant/` stands in the root only",
        );
        check(
            &[],
            "tenant/t/platform/r.yaml",
            "error: `platform/` stands in the root",
        );
        check(&[], "tenant/r.yaml", "error: a file in `tenant/`");
        check(&[], "tenant/t/r.yaml", "error: a file in `tenant/t/`");
        check(
            &[],
            "platform/team/r.yaml",
            "error: `team` is a folder in `platform/`",
        );
    }

    #[test]
    fn unknown_folders_name_the_nearest_level() {
        check(
            &[],
            "tean/x/r.yaml",
            "error: `tean/` is no level; did you mean `team/`?",
        );
        check(
            &[],
            "Repository/x/r.yaml",
            "error: `Repository/` is no level; did you mean `repository/`?",
        );
        check(
            &[],
            "tenants/x/r.yaml",
            "error: `tenants/` is no level; did you mean `tenant/`?",
        );
        check(
            &[],
            "notes/r.yaml",
            "error: `notes/` is no level; the folders here are platform,",
        );
    }

    #[test]
    fn names_of_folders_spell_slashes_and_percents() {
        check(
            &[],
            "repository/payments%2Fretry/r.yaml",
            "repository - repository=payments/retry",
        );
        check(&[], "repository/100%25/r.yaml", "repository - repository=100%");
        check(&[], "repository/a%252Fb/r.yaml", "repository - repository=a%2Fb");
        check(&[], "repository/100%/r.yaml", "error: in the folder name `100%`");
        check(
            &["acme%2Feu"],
            "repository/shop/r.yaml",
            "repository acme/eu repository=shop",
        );
    }

    #[test]
    fn tests_are_asked_in_the_scope_of_their_folder() {
        let folder = Folder::Root(Organizations::None)
            .below("tenant")
            .and_then(|folder| folder.below("t"));
        assert_eq!(
            folder.map(|folder| folder.tests().tenant),
            Ok(Some("t".to_owned()))
        );
    }
}
