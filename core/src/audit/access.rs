//! Who may read what of a log: by tenant, and by the rules of form 25 (`audit_access`). What a reader sees is decided for each
//! entry; that somebody read is the host's to write down.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use thiserror::Error;

use super::chain::Entry;
use super::event::Event;
use crate::diagnostic::did_you_mean;
use crate::outcome::Outcome;
use crate::record::Record;

/// How much of a tenant's log a role sees, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// What the reader did, or had done.
    Own,
    /// What the reader's team did.
    Team,
    /// Everything of the tenant.
    All,
}

/// Who reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// Who it is.
    pub id: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// Its tenant; none is the platform's, which sees the platform's entries.
    pub tenant: Option<String>,
    /// Its team.
    pub team: Option<String>,
    /// When its right to read ends, in nanoseconds since 1970.
    pub expires: Option<i128>,
}

/// Which role sees how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access(BTreeMap<String, Grant>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Grant {
    reach: Reach,
    must_expire: bool,
}

/// Why something is no table of access.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{role}` in `audit_access`: {message}")]
pub struct AccessError {
    role: String,
    message: String,
}

impl Access {
    /// What form 25 says where nobody says otherwise.
    pub fn standard() -> Access {
        let grants = [
            ("engineer", Reach::Own, false),
            ("team-lead", Reach::Team, false),
            ("team_lead", Reach::Team, false),
            ("security", Reach::All, false),
            ("security-lead", Reach::All, false),
            ("compliance", Reach::All, false),
            ("compliance-lead", Reach::All, false),
            ("auditor", Reach::All, true),
            ("Auditor", Reach::All, true),
        ];
        let grant =
            |(role, reach, must_expire): (&str, Reach, bool)| (role.to_owned(), Grant { reach, must_expire });
        Access(grants.map(grant).into_iter().collect())
    }

    /// Reads `audit_access` of form 25: `{"engineer": "own", "auditor": {"scope": "all", "expires": "required"}}`.
    ///
    /// # Errors
    /// The first role whose grant does not fit.
    pub fn from_json(value: &Json) -> Result<Access, AccessError> {
        let wrong = |role: &str, message: &str| AccessError {
            role: role.to_owned(),
            message: message.to_owned(),
        };
        let keys = value
            .as_object()
            .ok_or_else(|| wrong("", "expected an object of roles"))?;
        let mut access = BTreeMap::new();
        for (role, grant) in keys {
            let (scope, expires) = match grant {
                Json::Object(keys) => {
                    if let Some(key) = keys
                        .keys()
                        .find(|key| !["scope", "expires"].contains(&key.as_str()))
                    {
                        return Err(wrong(
                            role,
                            &format!("there is no key `{key}`, only `scope` and `expires`"),
                        ));
                    }
                    (keys.get("scope"), keys.get("expires"))
                }
                other => (Some(other), None),
            };
            let word = scope
                .and_then(Json::as_str)
                .ok_or_else(|| wrong(role, "expected `own`, `team` or `all`"))?;
            let reach = match word {
                "own" => Reach::Own,
                "team" => Reach::Team,
                "all" => Reach::All,
                other => {
                    let near = did_you_mean(other, ["own", "team", "all"]).unwrap_or_default();
                    return Err(wrong(
                        role,
                        &format!("expected `own`, `team` or `all`, found `{other}`; {near}"),
                    ));
                }
            };
            let must_expire = match expires.map(Json::as_str) {
                None => false,
                Some(Some("required")) => true,
                Some(_) => return Err(wrong(role, "`expires` can only be `required`")),
            };
            access.insert(role.clone(), Grant { reach, must_expire });
        }
        Ok(Access(access))
    }

    /// How much a reader sees at an instant: the most of what its roles give. `None` is nothing at all.
    pub fn reach(&self, reader: &Reader, now: i128) -> Option<Reach> {
        let over = reader.expires.is_some_and(|expires| expires <= now);
        let grants = reader
            .roles
            .iter()
            .filter_map(|role| self.0.get(role))
            .filter(|_| !over);
        let open = grants.filter(|grant| !grant.must_expire || reader.expires.is_some());
        open.map(|grant| grant.reach).max()
    }
}

impl Reader {
    /// Whether a reader of such a reach sees an entry. Nobody sees another tenant's.
    pub fn sees(&self, reach: Reach, entry: &Entry) -> bool {
        let event = &entry.event;
        let own = event.actor == self.id || event.on_behalf_of.contains(&self.id);
        event.tenant_id == self.tenant
            && match reach {
                Reach::Own => own,
                Reach::Team => own || event.team_id.is_some() && event.team_id == self.team,
                Reach::All => true,
            }
    }
}

/// Somebody reads a log, or was refused to.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// Who.
    pub reader: &'a Reader,
    /// How much of it; `None` where nothing.
    pub reach: Option<Reach>,
    /// The run that is read of, or the name of the log.
    pub resource: &'a str,
    /// What the policies said of it, where they were asked.
    pub record: Option<&'a Record>,
}

impl Event {
    /// The event that says that somebody has read, or was refused: who cannot be written down does not read.
    pub fn of_reading(
        reading: Reading<'_>,
        audit_id: impl Into<String>,
        created_at: impl Into<String>,
    ) -> Event {
        let Reading {
            reader,
            reach,
            resource,
            record,
        } = reading;
        let reason = match reach {
            Some(Reach::Own) => "reads the own entries",
            Some(Reach::Team) => "reads the team's entries",
            Some(Reach::All) => "reads all entries of the tenant",
            None => "was refused to read",
        };
        let decision = reach.map_or(Outcome::Denied, |_| Outcome::Allowed);
        Event {
            audit_id: audit_id.into(),
            tenant_id: reader.tenant.clone(),
            actor_type: "human".to_owned(),
            actor: reader.id.clone(),
            action: "audit.read".to_owned(),
            resource_type: "audit_log".to_owned(),
            resource_id: Some(resource.to_owned()),
            decision: Some(decision),
            policy_version: record.map(|record| record.policy_set_hash.clone()),
            request_hash: record.map(|record| record.request_hash.clone()),
            record_hash: record.map(|record| record.record_hash.clone()),
            created_at: created_at.into(),
            team_id: reader.team.clone(),
            reason: Some(reason.to_owned()),
            details: Some(json!({"roles": reader.roles})),
            ..Event::default()
        }
    }
}
