//! The packs that `bailiwick init --pack` writes: ready policy sets, in the files of the folder `packs/` at the top of the
//! repository. Knows what they are for and what they rest on; what they say is theirs.

use bailiwick::machinery::diagnostic::nearest;

/// A ready policy set.
pub(super) struct Pack {
    pub(super) name: &'static str,
    /// Whose rules its own refer to.
    pub(super) rests_on: Option<&'static str>,
    /// Its files by their paths, those to be read first in front.
    pub(super) files: &'static [(&'static str, &'static str)],
}

/// The files of a pack, by their names in its folder.
macro_rules! files {
    ($pack:literal: $($file:literal),* $(,)?) => {
        &[$(($file, include_str!(concat!("../../../packs/", $pack, "/", $file)))),*]
    };
}

pub(super) const PACKS: [Pack; 6] = [
    Pack {
        name: "coding-agent",
        rests_on: None,
        files: files!("coding-agent":
            "README.md",
            "platform/grants.yaml",
            "platform/paths.yaml",
            "platform/commands.yaml",
            "platform/network.yaml",
            "platform/origin.yaml",
            "platform/changes.yaml",
            "platform/people.yaml",
            "platform/redaction.yaml",
            "organization/example/house.yaml",
            "organization/example/audit.yaml",
            "organization/example/spending.yaml",
            "organization/example/coding-agent.test.yaml",
        ),
    },
    Pack {
        name: "devika",
        rests_on: Some("coding-agent"),
        files: files!("devika":
            "README.md",
            "organization/example/runtime/devika/devika.yaml",
            "organization/example/runtime/devika/devika.test.yaml",
        ),
    },
    Pack {
        name: "soc2",
        rests_on: Some("coding-agent"),
        files: files!("soc2":
            "README.md",
            "organization/example/soc2.yaml",
            "organization/example/soc2.test.yaml",
        ),
    },
    Pack {
        name: "hipaa",
        rests_on: Some("coding-agent"),
        files: files!("hipaa":
            "README.md",
            "organization/example/hipaa.yaml",
            "organization/example/hipaa.test.yaml",
        ),
    },
    Pack {
        name: "pci-dss",
        rests_on: Some("coding-agent"),
        files: files!("pci-dss":
            "README.md",
            "organization/example/pci-dss.yaml",
            "organization/example/pci-dss.test.yaml",
        ),
    },
    Pack {
        name: "fleet-campaign",
        rests_on: Some("coding-agent"),
        files: files!("fleet-campaign":
            "README.md",
            "organization/example/campaigns.yaml",
            "organization/example/campaign/example-campaign/campaign.yaml",
            "organization/example/campaign/example-campaign/campaign.test.yaml",
            "organization/example/campaign/example-campaign/task/example-task/contract.yaml",
            "organization/example/campaign/example-campaign/task/example-task/contract.test.yaml",
        ),
    },
];

impl Pack {
    /// The pack of that name, or what to say of it.
    pub(super) fn named(name: &str) -> Result<&'static Pack, String> {
        if let Some(pack) = PACKS.iter().find(|pack| pack.name == name) {
            return Ok(pack);
        }
        let names = PACKS.map(|pack| pack.name);
        Err(match nearest(name, names) {
            Some(near) => format!("there is no pack `{name}`; did you mean `{near}`?"),
            None => format!("there is no pack `{name}`; there are {}", names.join(", ")),
        })
    }

    /// Its files as they are written for an organization; the one that tells of the pack is named for it, since several packs
    /// go into one folder.
    pub(super) fn placed(&'static self, organization: &str) -> impl Iterator<Item = (String, &'static str)> {
        let organization = folder_name(organization);
        self.files.iter().map(move |(path, text)| {
            let path = match path.strip_prefix("organization/example/") {
                Some(rest) => format!("organization/{organization}/{rest}"),
                None if *path == "README.md" => format!("{}.md", self.name),
                None => (*path).to_owned(),
            };
            (path, *text)
        })
    }
}

/// An entity's name as a folder's (spec 1.7).
fn folder_name(entity: &str) -> String {
    entity.replace('%', "%25").replace('/', "%2F")
}
