//! The answer to one request, as bindings show it: cheap until somebody asks for its record.

use bailiwick::parts::{Change, Explanation, LevelVerdict, MatchedRule, Step, Way, WayEdge, WayNode};
use bailiwick::{Outcome, Record, Request, Stamp, State};
use serde_json::{Value as Json, json};

use crate::ask::Problems;

/// The answer to one request. It keeps what it was made of and not what was found on the way: the same engine, request and
/// state give the same answer again, so the record is made when it is asked for.
#[derive(Clone, Debug)]
pub struct Decision {
    outcome: Outcome,
    ground: Ground,
}

#[derive(Clone, Debug)]
enum Ground {
    Decided(Box<Asked>),
    Refused(Problems),
}

#[derive(Clone, Debug)]
struct Asked {
    engine: bailiwick::Engine,
    request: Request,
    state: State,
}

impl Decision {
    pub(crate) fn of(engine: &bailiwick::Engine, request: Request, state: State) -> Decision {
        let outcome = engine.decide(&request, &state).outcome();
        let engine = engine.clone();
        Decision {
            outcome,
            ground: Ground::Decided(Box::new(Asked {
                engine,
                request,
                state,
            })),
        }
    }

    pub(crate) fn refused(problems: Problems) -> Decision {
        Decision {
            outcome: Outcome::Denied,
            ground: Ground::Refused(problems),
        }
    }

    /// `allowed`, `ask_approval` or `denied`.
    pub fn outcome(&self) -> &'static str {
        self.outcome.as_str()
    }

    /// Whether the host may go on. It must then do what the record lists under `obligations`.
    pub fn allowed(&self) -> bool {
        self.outcome == Outcome::Allowed
    }

    /// Why, in one or two sentences.
    pub fn explanation(&self) -> String {
        self.made(Stamp::default()).explanation
    }

    /// What is wrong with the request, as a JSON list of `{code, pointer, message, help}`; empty where it was read.
    pub fn problems(&self) -> String {
        match &self.ground {
            Ground::Decided(_) => "[]".to_owned(),
            Ground::Refused(problems) => problems.to_json().to_string(),
        }
    }

    /// The record as canonical JSON (RFC 8785).
    pub fn record(&self, stamp: Stamp) -> String {
        let canonical = self.made(stamp).canonical();
        String::from_utf8(canonical).expect("canonical JSON is UTF-8")
    }

    /// The record as JSON, for those who make values of their language of it.
    pub fn record_json(&self, stamp: Stamp) -> Json {
        self.made(stamp).to_json()
    }

    /// Why, in full, as JSON: `{decision, sentence, deciding, effects, levels: [{level, decision, lines}], unknowns, changes, text}`.
    pub fn explain(&self) -> String {
        match &self.ground {
            Ground::Decided(asked) => {
                let decision = asked.engine.decide(&asked.request, &asked.state);
                explanation_json(&decision.explain(), decision.deciding()).to_string()
            }
            Ground::Refused(_) => refused_json(&self.made(Stamp::default())).to_string(),
        }
    }

    /// The ways of its first effects through the compiled trees, as a JSON list of
    /// `{effect, part, rules, nodes: [{question, answer, edges} or {rules}], left_out}`; empty where no policies were asked.
    pub fn tree(&self) -> String {
        let ways = match &self.ground {
            Ground::Decided(asked) => asked.engine.decide(&asked.request, &asked.state).ways(),
            Ground::Refused(_) => Vec::new(),
        };
        ways.iter().map(way_json).collect::<Json>().to_string()
    }

    fn made(&self, stamp: Stamp) -> Record {
        match &self.ground {
            Ground::Decided(asked) => asked.engine.decide(&asked.request, &asked.state).record(stamp),
            Ground::Refused(problems) => Record {
                decision_id: stamp.decision_id,
                created_at: stamp.created_at,
                ..Record::unreadable(&problems.line())
            },
        }
    }
}

fn explanation_json(explanation: &Explanation, deciding: Option<MatchedRule>) -> Json {
    let step = |step: &Step| json!({"level": step.level.as_str(), "decision": step.outcome.as_str(), "lines": step.lines});
    json!({
        "decision": explanation.outcome.as_str(),
        "sentence": explanation.sentence,
        "deciding": deciding.map(deciding_json),
        "effects": explanation.effects,
        "levels": explanation.ladder.iter().map(step).collect::<Vec<_>>(),
        "unknowns": explanation.unknowns,
        "changes": explanation.changes.iter().map(change_json).collect::<Vec<_>>(),
        "text": explanation.to_string(),
    })
}

/// Of what is no request there is nothing to say but the engine's own denial.
fn refused_json(record: &Record) -> Json {
    let step = |level: &LevelVerdict| {
        let said = level.decision == Outcome::Denied;
        let lines = said.then(|| record.explanation.clone());
        json!({"level": level.level, "decision": level.decision, "lines": Vec::from_iter(lines)})
    };
    json!({
        "decision": record.decision,
        "sentence": record.explanation,
        "deciding": null,
        "effects": [],
        "levels": record.levels.iter().map(step).collect::<Vec<_>>(),
        "unknowns": [],
        "changes": [],
        "text": format!("{}\n{}\n", record.decision, record.explanation),
    })
}

fn change_json(change: &Change) -> Json {
    let mut json = match change {
        Change::Say {
            attribute,
            pointer,
            value,
        } => json!({"kind": "say", "attribute": attribute, "pointer": pointer, "value": value}),
        Change::Approve { requirement, by } => {
            json!({"kind": "approve", "requirement": requirement, "by": by})
        }
        Change::Offer { obligation } => json!({"kind": "offer", "obligation": obligation}),
        Change::LeaveOut { path } => json!({"kind": "leave_out", "path": path}),
    };
    json["text"] = change.to_string().into();
    json
}

/// Without its reason: the sentence says it, and a reason of the engine's own is redacted where a record shows it.
fn deciding_json(rule: MatchedRule) -> Json {
    let rule = MatchedRule { reason: None, ..rule };
    serde_json::to_value(rule).unwrap_or(Json::Null)
}

fn way_json(way: &Way) -> Json {
    json!({
        "effect": way.effect,
        "part": if way.platform { "platform" } else { "below" },
        "rules": way.rules,
        "nodes": way.nodes.iter().map(node_json).collect::<Vec<_>>(),
        "left_out": way.left_out,
    })
}

fn node_json(node: &WayNode) -> Json {
    let edge = |edge: &WayEdge| json!({"answers": edge.answers, "more": edge.more, "taken": edge.taken, "to": edge.to});
    match node {
        WayNode::Question {
            question,
            answer,
            edges,
        } => {
            json!({"question": question, "answer": answer, "edges": edges.iter().map(edge).collect::<Vec<_>>()})
        }
        WayNode::Rules(rules) => json!({"rules": rules}),
    }
}
