//! Policy sets: documents of all levels, for several tenants, in native shape and in forms.

use bailiwick::machinery::schema::Schema;
use bailiwick::{Engine, Level, Source};
use serde_json::{Map, Value as Json, json};

use super::rule::{self, Means, RESTRICTING, rule, switch, workflow};
use super::{Dice, yaml};

/// What a loader would hand over, still taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Policies {
    pub(crate) documents: Vec<Document>,
    /// Whether the platform declares `x.center`, `x.cost` and `x.docs`.
    pub(crate) extended: bool,
    /// Whether some rule asks how much was used.
    pub(crate) limited: bool,
    /// The actions about which there are many rules.
    pub(crate) crowds: Vec<&'static str>,
}

/// One document in a source of its own.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) level: Level,
    pub(crate) tenant: Option<&'static str>,
    pub(crate) entity: Option<&'static str>,
    pub(crate) body: Json,
}

/// Which parts of the language a set may use.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// Whether deny rules may say `unknown: ask`, under which L4 promises less.
    pub(crate) unknown_ask: bool,
}

pub(crate) const TENANTS: [&str; 2] = ["acme", "beta"];

/// The names of the entities of a level.
pub(crate) fn entities(level: Level) -> &'static [&'static str] {
    match level {
        Level::Platform => &[],
        Level::Organization => &["acme", "acme-eu"],
        Level::Team => &["payments", "web"],
        Level::Repository => &["pay-api", "pay-web", "tools"],
        Level::Campaign => &["c1", "c2"],
        Level::Task => &["t1", "t2"],
        Level::Runtime => &["sandbox-1", "host-1"],
        Level::ToolCall => &["editor", "shell.exec", "git.push"],
    }
}

fn globs(level: Level) -> &'static [&'static str] {
    match level {
        Level::Repository => &["pay-*", "{tools,pay-web}", "*"],
        Level::Organization => &["acme*", "*"],
        Level::ToolCall => &["git.*", "*"],
        _ => &["*", "[a-z]*", "??"],
    }
}

impl Document {
    pub(crate) fn source(&self) -> Source {
        let mut source = Source::at(self.level, self.name.clone(), yaml::document(&self.body));
        if let Some(tenant) = self.tenant {
            source = source.of_tenant(tenant);
        }
        if let Some(entity) = self.entity {
            source = source.for_entity(self.level, entity);
        }
        source
    }

    /// The same source without a word in it: the tenant's set still exists.
    pub(crate) fn blank(&self) -> Document {
        Document {
            body: json!({}),
            ..self.clone()
        }
    }

    pub(crate) fn list(&mut self, key: &str) -> Option<&mut Vec<Json>> {
        self.body.get_mut(key)?.as_array_mut()
    }
}

impl Policies {
    pub(crate) fn sources(&self) -> Vec<Source> {
        self.documents.iter().map(Document::source).collect()
    }

    pub(crate) fn load(&self) -> Result<Engine, bailiwick::Diagnostics> {
        Engine::load(self.sources())
    }

    /// As text, for a person who looks at a failure.
    pub(crate) fn text(&self) -> String {
        let one = |document: &Document| {
            let Document {
                name,
                level,
                tenant,
                entity,
                body,
            } = document;
            format!(
                "--- # {name}: {level} tenant={tenant:?} entity={entity:?}\n{}",
                yaml::document(body)
            )
        };
        self.documents.iter().map(one).collect()
    }

    /// A policy set by chance.
    pub(crate) fn generate(dice: &mut Dice, shape: Shape) -> Policies {
        let mut maker = Maker::new(dice, shape);
        maker.platform();
        let count = dice.below(6);
        for at in 0..count {
            maker.below(dice, at);
        }
        if maker.tenanted {
            // Now and then something of the same kinds for nobody's tenant.
            if dice.chance(15) {
                maker.tenanted = false;
                maker.below(dice, 90);
            }
        }
        let mut rules = maker
            .documents
            .iter()
            .filter_map(|document| document.body["rules"].as_array())
            .flatten();
        Policies {
            limited: rules.any(|rule| rule.get("limit").is_some()),
            documents: maker.documents,
            crowds: maker.crowds,
            extended: maker.extended,
        }
    }

    /// The names of all switches, as states speak of them.
    pub(crate) fn switches(&self) -> Vec<String> {
        let mut names = Vec::new();
        for document in &self.documents {
            let id = document.body["policy"]["id"].as_str().unwrap_or(&document.name);
            let switches = document.body["switches"].as_array().into_iter().flatten();
            names.extend(switches.filter_map(|switch| Some(format!("{id}/{}", switch["id"].as_str()?))));
        }
        names
    }
}

struct Maker {
    documents: Vec<Document>,
    schema: Schema,
    dice: Dice,
    shape: Shape,
    extended: bool,
    tenanted: bool,
    /// What the platform defines, and every document sees.
    paths: Vec<String>,
    roles: Vec<String>,
    workflows: Vec<String>,
    crowds: Vec<&'static str>,
}

impl Maker {
    fn new(dice: &mut Dice, shape: Shape) -> Maker {
        let own = Dice::of(dice.below(usize::MAX) as u64);
        let (extended, tenanted) = (dice.chance(35), dice.chance(40));
        let (paths, roles, workflows) = Default::default();
        let schema = Schema::builtin();
        Maker {
            documents: Vec::new(),
            schema,
            dice: own,
            shape,
            extended,
            tenanted,
            paths,
            roles,
            workflows,
            crowds: Vec::new(),
        }
    }

    fn means(&self, level: Level) -> Means {
        Means {
            level,
            extended: self.extended,
            paths: self.paths.clone(),
            roles: self.roles.clone(),
            workflows: self.workflows.clone(),
            unknown_ask: self.shape.unknown_ask,
            crowd: None,
        }
    }

    fn platform(&mut self) {
        let dice = &mut self.dice.clone();
        if dice.chance(60) {
            self.names(dice);
        }
        if self.extended {
            self.vocabulary(dice);
        }
        let count = 1 + dice.below(2);
        for at in 0..count {
            let mut body = header(dice, &format!("platform-{at}"));
            if dice.chance(65) {
                body.insert("default".into(), json!("allow"));
            }
            let means = self.means(Level::Platform);
            let kinds = [
                "allow", "allow", "allow", "only", "deny", "ask", "gate", "require", "limit",
            ];
            self.rules(dice, &mut body, &kinds, &means, 4);
            if dice.chance(30) {
                body.insert("access_rule".into(), access_rule(dice));
            }
            self.push("platform", Level::Platform, None, None, body, dice);
        }
        if dice.chance(10) {
            let modes = json!([
                {"analysis_only": ["file.read", "model.call"]},
                {"draft_pr": ["file.write", "git.commit", "git.push", "pr.create_draft"]},
                {"supervised_pr": ["pr.create", "deploy"]},
            ]);
            let mut body = header(dice, "modes");
            body.insert("autonomy_modes".into(), modes);
            self.push("modes", Level::Platform, None, None, body, dice);
        }
    }

    /// A document of definitions and workflows that all others see.
    fn names(&mut self, dice: &mut Dice) {
        let mut body = header(dice, "names");
        body.insert(
            "definitions".into(),
            json!({"wide_paths": ["src/**", "docs/**"], "trusted_roles": ["team-lead", "cto"], "one_path": "infra/**"}),
        );
        body.insert(
            "approval_workflows".into(),
            json!({"review": workflow(dice), "release": workflow(dice)}),
        );
        self.paths = vec!["wide_paths".into(), "one_path".into()];
        self.roles = vec!["trusted_roles".into()];
        self.workflows = vec!["review".into(), "release".into()];
        self.push("names", Level::Platform, None, None, body, dice);
    }

    fn vocabulary(&mut self, dice: &mut Dice) {
        let mut body = header(dice, "vocabulary");
        let mut action = json!({"arguments": {"x.site": {"type": "string"}}});
        if dice.chance(50) {
            action["mutates"] = json!(dice.chance(50));
            action["leaves_workspace"] = json!(false);
        }
        if dice.chance(8) {
            action["bound"] = json!(["x.site"]);
            action["arguments"]["path"] = json!({});
        }
        let schema = json!({
            "enumerations": {"x.site_kind": ["fra", "sin", "iad"]},
            "attributes": {"x.center": {"type": "x.site_kind"}, "x.cost": {"type": "string"}},
            "actions": {"x.docs": action},
        });
        body.insert("schema".into(), schema);
        self.push("vocabulary", Level::Platform, None, None, body, dice);
    }

    fn below(&mut self, dice: &mut Dice, at: usize) {
        let level = dice.pick(&Level::ALL[1..]);
        let tenant = self.tenanted.then(|| dice.pick(&TENANTS));
        let entity = dice.chance(25).then(|| dice.pick(entities(level)));
        let mut body = header(dice, &format!("{level}-{at}"));
        let applies = applies_to(dice, level, entity);
        if applies.as_object().is_some_and(|lines| !lines.is_empty()) {
            body.insert("applies_to".into(), applies);
        }
        if level == Level::Repository && dice.chance(45) && entity.is_none() {
            form(dice, &mut body, &self.workflows);
        }
        if dice.chance(10) {
            body.insert("access_rule".into(), access_rule(dice));
        }
        let mut means = self.means(level);
        self.own_names(dice, &mut body, at, &mut means);
        let kinds = [
            "only", "deny", "deny", "deny", "ask", "ask", "gate", "require", "require", "limit",
        ];
        // Now and then so many that the leaves of the tree get indexes.
        if dice.chance(5) {
            means.crowd = Some(dice.pick(rule::CROWDED));
            self.crowds.extend(means.crowd);
        }
        let most = match means.crowd {
            Some(_) => 60,
            None if dice.chance(2) => 40,
            None => 4,
        };
        self.rules(dice, &mut body, &kinds, &means, most);
        if dice.chance(12) {
            self.own_vocabulary(dice, &mut body, at);
        }
        self.push(&format!("{level}-{at}"), level, tenant, entity, body, dice);
    }

    /// Names that this document alone uses, and now and then one that several documents of a level define alike.
    fn own_names(&mut self, dice: &mut Dice, body: &mut Map<String, Json>, at: usize, means: &mut Means) {
        if dice.chance(25) {
            let (paths, roles) = (format!("paths_{at}"), format!("roles_{at}"));
            body.insert(
                "definitions".into(),
                json!({&*paths: ["src/**", "tests/**"], &*roles: dice.some(&["cto", "engineer"], 2)}),
            );
            means.paths.push(paths);
            means.roles.push(roles);
        }
        if dice.chance(20) {
            let name = format!("workflow_{at}");
            body.insert("approval_workflows".into(), json!({&*name: workflow(dice)}));
            means.workflows.push(name);
        }
    }

    /// An attribute and an unordered enumeration of this level, with a rule that reads them.
    fn own_vocabulary(&mut self, dice: &mut Dice, body: &mut Map<String, Json>, at: usize) {
        let (attribute, kinds) = (format!("x.own_{at}"), format!("x.kinds_{at}"));
        let schema = json!({
            "enumerations": {&*kinds: ["red", "green"]},
            "attributes": {&*attribute: {"type": kinds}, format!("x.count_{at}"): {"type": "int"}},
        });
        body.insert("schema".into(), schema);
        let rule = json!({
            "id": "own", dice.pick(&["deny", "deny", "require"]): "*", "when": format!("{attribute} == red"),
            "obligations": ["audit"],
        });
        body.entry("rules")
            .or_insert_with(|| json!([]))
            .as_array_mut()
            .unwrap()
            .push(rule);
    }

    fn rules(
        &self,
        dice: &mut Dice,
        body: &mut Map<String, Json>,
        kinds: &[&str],
        means: &Means,
        most: usize,
    ) {
        let count = dice.below(most + 1);
        let rules: Vec<Json> = (0..count)
            .map(|at| rule(dice, &format!("rule_{at}"), kinds, means, &self.schema))
            .collect();
        if !rules.is_empty() {
            body.insert("rules".into(), json!(rules));
        }
        if dice.chance(15) {
            let switches: Vec<Json> = (0..=dice.below(2))
                .map(|at| switch(dice, &format!("switch_{at}"), means, &self.schema))
                .collect();
            body.insert("switches".into(), json!(switches));
        }
    }

    fn push(
        &mut self,
        name: &str,
        level: Level,
        tenant: Option<&'static str>,
        entity: Option<&'static str>,
        body: Map<String, Json>,
        dice: &mut Dice,
    ) {
        let name = format!("{name}-{}.yaml", self.documents.len());
        self.documents.push(Document {
            name,
            level,
            tenant,
            entity,
            body: Json::Object(body),
        });
        self.dice = dice.clone();
    }
}

/// The header; mostly with a version, so that an identity does not hang on the content.
fn header(dice: &mut Dice, id: &str) -> Map<String, Json> {
    let mut body = Map::new();
    let mut header = json!({"id": id});
    if dice.chance(85) {
        header["version"] = dice.pick(&[json!(1), json!("2"), json!(1.5)]);
    }
    body.insert("policy".into(), header);
    body
}

fn applies_to(dice: &mut Dice, level: Level, entity: Option<&str>) -> Json {
    let mut lines = Map::new();
    for above in Level::ALL
        .into_iter()
        .filter(|above| *above != Level::Platform && *above <= level)
    {
        let own = above == level;
        if !dice.chance(if own { 55 } else { 15 }) || (own && entity.is_some()) {
            continue;
        }
        let line = match dice.below(3) {
            0 => json!(dice.pick(entities(above))),
            1 => json!(dice.some(entities(above), 2)),
            _ => json!(dice.pick(globs(above))),
        };
        lines.insert(above.as_str().into(), line);
    }
    Json::Object(lines)
}

fn access_rule(dice: &mut Dice) -> Json {
    let mut form = json!({"action": dice.pick(&[json!("campaign.create"), json!(["pr.merge", "deploy"]), json!("git.push")])});
    let conditions = [
        "subject.role in [Operator, CampaignOwner]",
        "repository.risk_tier not in [critical]",
        "change_class == code_change",
    ];
    let asked = [
        "subject.type == agent",
        "environment == production",
        "change_class in [code_change, documentation]",
    ];
    if dice.chance(60) {
        form["allow_if"] = json!(dice.some(&conditions, 2));
    }
    if dice.chance(50) || form.get("allow_if").is_none() {
        form["require_approval_if"] = json!(dice.some(&asked, 2));
        if dice.chance(40) {
            form["approval"] = rule::inline(dice);
        }
    }
    form
}

/// What onboarding says of a repository: one truth for each, so that two documents cannot contradict one another.
pub(crate) fn truth(repository: &str) -> [(&'static str, &'static str); 4] {
    let tier = match repository {
        "pay-api" => "high",
        "pay-web" => "critical",
        _ => "low",
    };
    let team = if repository == "tools" { "web" } else { "payments" };
    [
        ("owner_team", team),
        ("risk_tier", tier),
        ("verifier_profile", "java"),
        ("instructions_file", "AGENTS.md"),
    ]
}

fn form(dice: &mut Dice, body: &mut Map<String, Json>, workflows: &[String]) {
    let repository = dice.pick(entities(Level::Repository));
    let mut form = Map::new();
    form.insert("repo".into(), json!(repository));
    let paths = [".github/workflows/**", "infra/**", "secrets/**", "src/a.rs"];
    let mode = dice.pick(&["analysis_only", "draft_pr", "supervised_pr"]);
    if dice.chance(55) {
        for (key, value) in truth(repository) {
            if dice.chance(60) {
                form.insert(key.into(), json!(value));
            }
        }
        if dice.chance(40) {
            form.insert(
                "allowed_task_classes".into(),
                json!(dice.some(&["bug_fix", "documentation"], 2)),
            );
        }
        if dice.chance(40) {
            form.insert("forbidden_paths".into(), json!(dice.some(&paths, 2)));
        }
        if dice.chance(30) {
            form.insert("autonomy_max".into(), json!(mode));
        }
        if dice.chance(30) {
            form.insert(
                "required_reviewers".into(),
                json!([{"team": dice.pick(&["payments", "web"])}]),
            );
        }
        body.insert("agent_onboarding".into(), Json::Object(form));
        return;
    }
    if dice.chance(30) {
        form.insert("autonomy_level".into(), json!(mode));
    }
    if dice.chance(40) {
        form.insert(
            "allowed_change_classes".into(),
            json!(dice.some(&["code_change", "test_change", "documentation"], 2)),
        );
    }
    if dice.chance(50) {
        form.insert("forbidden_paths".into(), json!(dice.some(&paths, 2)));
    }
    if dice.chance(30) {
        form.insert("unreadable_paths".into(), json!(["secrets/**"]));
    }
    if dice.chance(30) {
        form.insert(
            "required_verifiers".into(),
            json!(dice.some(&["unit_tests", "secret-scan"], 2)),
        );
    }
    if dice.chance(40) {
        let mut approval =
            json!({"required_for": dice.some(&["shell_network", "code_change", "ci_workflow_change"], 2)});
        if !workflows.is_empty() && dice.chance(50) {
            approval["workflow"] = json!(dice.pick(workflows));
        }
        form.insert("approval".into(), approval);
    }
    body.insert("repo_policy".into(), Json::Object(form));
}

/// A document that speaks for nobody whom requests name, and says all manner of things.
pub(crate) fn elsewhere(dice: &mut Dice, policies: &Policies, tenant: Option<&'static str>) -> Document {
    let level = dice.pick(&[
        Level::Team,
        Level::Repository,
        Level::Campaign,
        Level::Task,
        Level::Runtime,
        Level::ToolCall,
    ]);
    let means = Means {
        level,
        extended: policies.extended,
        paths: Vec::new(),
        roles: Vec::new(),
        workflows: Vec::new(),
        unknown_ask: true,
        crowd: None,
    };
    let schema = Schema::builtin();
    let kinds: Vec<&str> = RESTRICTING.into_iter().chain(["only"]).collect();
    let rules: Vec<Json> = (0..3)
        .map(|at| rule(dice, &format!("rule_{at}"), &kinds, &means, &schema))
        .collect();
    let mut body = json!({
        "policy": {"id": "elsewhere", "version": 1},
        "applies_to": {level.as_str(): "elsewhere"},
        "definitions": {"elsewhere_paths": ["src/**"]},
        "rules": rules,
        "switches": [{"id": "stop", "denies": "*", "on": true}],
    });
    if dice.chance(60) {
        body["schema"] =
            json!({"attributes": {"x.stray": {"type": "int"}, "x.elsewhere": {"type": "string"}}});
    }
    if level == Level::Repository && dice.chance(30) {
        body["agent_onboarding"] = json!({"repo": "elsewhere", "risk_tier": "low"});
    }
    Document {
        name: "elsewhere.yaml".into(),
        level,
        tenant,
        entity: None,
        body,
    }
}
