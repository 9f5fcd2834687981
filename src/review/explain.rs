//! Gathers what is known about a name, both ways: from a decision to what it sets, from a setting to what decides it.

use serde::Serialize;

use super::in_plan::{self, AnswerInPlan, SettingInPlan};
use super::names::{Known, in_topic, requirement};
use super::rules::{RuleView, rule_view};
use super::words;
use crate::catalogue::{Catalogue, Check, Decision, RaiseTo};
use crate::diag::Code;
use crate::generate::Job;
use crate::vendor::Schemas;

/// What is known about a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Explanation {
    /// A decision.
    Decision(Box<DecisionView>),
    /// A topic.
    Topic(TopicView),
    /// A client.
    Client(ClientView),
    /// A check.
    Check(ChecksView),
    /// A finding code.
    Code(CodeView),
    /// A setting.
    Setting(SettingView),
    /// A requirement.
    Requirement(RequirementView),
}

/// A decision, and what it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionView {
    /// Its key.
    pub decision: String,
    /// The place in the order of the planning document.
    pub number: i64,
    /// The question.
    pub question: String,
    /// The paragraphs that ask it.
    pub asked: String,
    /// What is written in the plan, in words.
    pub takes: String,
    /// The answers, each with its meaning.
    pub answers: Vec<(String, String)>,
    /// The answers, weakest first, where they have an order.
    pub strength: Vec<String>,
    /// What silence means.
    pub default: String,
    /// Defaults that differ: which level, the default, and why.
    pub presets: Vec<(String, String, String)>,
    /// What raises the default: to what, when, and why.
    pub raises: Vec<(String, String, String)>,
    /// Whether a role may differ, as a sentence.
    pub roles: &'static str,
    /// Who decides.
    pub decides: Vec<String>,
    /// Requirements, by standard.
    pub references: Vec<(String, Vec<String>)>,
    /// What it sets.
    pub settings: Vec<RuleView>,
    /// What clients cannot do.
    pub gaps: Vec<GapView>,
    /// Clients that it does not concern, and why.
    pub does_not_apply: Vec<(String, String)>,
    /// What people and servers must do.
    pub duties: Vec<DutyView>,
    /// Checks that look at it.
    pub checks: Vec<String>,
    /// The answers of a plan.
    pub in_plan: Vec<AnswerInPlan>,
    /// What a plan sets because of it.
    pub sets_in_plan: Vec<SettingInPlan>,
}

/// What a client cannot do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GapView {
    /// The decision.
    pub decision: String,
    /// The client.
    pub client: String,
    /// When it is a gap; always, without a condition.
    pub when: Option<String>,
    /// Why.
    pub reason: String,
    /// Who must do it instead.
    pub instead: Option<String>,
}

/// What somebody must do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DutyView {
    /// Who.
    pub to: String,
    /// When; always, without a condition.
    pub when: Option<String>,
    /// What.
    pub what: String,
    /// A public standard way.
    pub how: Option<String>,
}

/// Decisions that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicView {
    /// The topic.
    pub topic: String,
    /// Key, default and question of its decisions.
    pub decisions: Vec<(String, String, String)>,
    /// The answers of a plan.
    pub in_plan: Vec<AnswerInPlan>,
}

/// A client, and what is decided about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClientView {
    /// The id.
    pub client: String,
    /// The name for people.
    pub name: String,
    /// When a role has it.
    pub when: String,
    /// The folders of its artifacts below the role's.
    pub artifacts: Vec<String>,
    /// What the admin does with them.
    pub next: String,
    /// The settings of each decision.
    pub decisions: Vec<(String, Vec<String>)>,
    /// What it cannot do.
    pub gaps: Vec<GapView>,
    /// What a plan sets on it.
    pub in_plan: Vec<SettingInPlan>,
}

/// A check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChecksView {
    /// The name.
    pub check: String,
    /// What is wrong.
    pub says: String,
    /// The ways out.
    pub help: String,
    /// Each level, and when it is raised.
    pub levels: Vec<(&'static str, String)>,
    /// The decisions it looks at.
    pub decisions: Vec<String>,
    /// The requirements behind it.
    pub references: Vec<String>,
    /// The answers of a plan.
    pub in_plan: Vec<AnswerInPlan>,
}

/// A finding code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeView {
    /// The code.
    pub code: &'static str,
    /// What it means.
    pub means: &'static str,
}

/// A setting, and what decides it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingView {
    /// The vendor's name.
    pub setting: String,
    /// Which schema knows it.
    pub schema: Option<String>,
    /// The vendor's title.
    pub title: Option<String>,
    /// What the schema says.
    pub facts: Vec<(&'static str, String)>,
    /// The decisions that set it.
    pub set_by: Vec<RuleView>,
    /// The questions of these decisions.
    pub questions: Vec<(String, String)>,
    /// What a plan sets.
    pub in_plan: Vec<SettingInPlan>,
}

/// A requirement, and what serves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequirementView {
    /// The requirement as it was asked for.
    pub requirement: String,
    /// Decision, standard and question.
    pub decisions: Vec<(String, String, String)>,
    /// Check and what it says.
    pub checks: Vec<(String, String)>,
    /// Raised defaults: decision and why.
    pub raises: Vec<(String, String)>,
    /// The answers of a plan.
    pub in_plan: Vec<AnswerInPlan>,
}

/// Explains a name; with a plan also what it means there. A name of several settings has no explanation of its own.
pub fn explain(known: &Known, catalogue: &Catalogue, schemas: &Schemas<'_>, job: Option<&Job<'_>>) -> Option<Explanation> {
    Some(match known {
        Known::Decision(key) => Explanation::Decision(Box::new(decision(catalogue.decision(key)?, catalogue, schemas, job))),
        Known::Topic(name) => Explanation::Topic(topic(name, catalogue, job)),
        Known::Client(id) => Explanation::Client(client(id, catalogue, job)?),
        Known::Check(name) => Explanation::Check(check(catalogue.check(name)?, job)),
        Known::Code(code) => Explanation::Code(self::code(*code)),
        Known::Setting(name) => Explanation::Setting(setting(name, catalogue, schemas, job)),
        Known::Requirement(name) => Explanation::Requirement(by_requirement(name, catalogue, job)),
        Known::Several(_) => return None,
    })
}

fn code(code: Code) -> CodeView {
    CodeView { code: code.name(), means: code.means() }
}

/// Whether `key`, as a plan spells it, answers `decision`.
fn answers(decision: &str, key: &str) -> bool {
    match crate::catalogue::split_placeholder(decision) {
        Some((block, rest)) => {
            let below = key.strip_prefix(block).and_then(|below| below.strip_prefix('.')).and_then(|below| below.split_once('.'));
            key == decision || below.is_some_and(|(_, last)| last == rest)
        }
        None => key == decision,
    }
}

fn decision(decision: &Decision, catalogue: &Catalogue, schemas: &Schemas<'_>, job: Option<&Job<'_>>) -> DecisionView {
    let key = &decision.key;
    let rules = decision.settings.iter().flat_map(|(client, rules)| rules.iter().map(move |rule| (client, rule)));
    let presets = catalogue.presets.iter().flat_map(|(level, defaults)| defaults.iter().map(move |default| (level, default)));
    let duties = decision.duties.iter().map(|duty| DutyView {
        to: addressee(catalogue, &duty.to),
        when: duty.when.as_ref().map(words::condition),
        what: duty.what.clone(),
        how: duty.how.clone(),
    });
    let looked_at = |check: &&Check| {
        check.points_at.iter().any(|at| at == key || at.strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with('.')))
    };
    DecisionView {
        decision: key.clone(),
        number: decision.number,
        question: decision.question.clone(),
        asked: words::asked(decision),
        takes: decision.shape.describe(),
        answers: decision
            .shape
            .answers()
            .unwrap_or_default()
            .iter()
            .map(|answer| (answer.word.clone(), answer.means.clone()))
            .collect(),
        strength: decision.strength.clone(),
        default: words::silence(&decision.silence),
        presets: presets
            .filter(|(_, default)| default.key == *key)
            .map(|(level, default)| (level.clone(), words::spelled(&default.default), default.because.clone()))
            .collect(),
        raises: catalogue
            .raises
            .iter()
            .filter(|raise| raise.key == *key)
            .map(|raise| (raised_to(&raise.to), words::condition(&raise.when), raise.because.clone()))
            .collect(),
        roles: words::freedom(decision),
        decides: decision.decides.clone(),
        references: decision.references.iter().map(|(standard, names)| (standard.clone(), names.clone())).collect(),
        settings: rules.map(|(client, rule)| rule_view(decision, client, rule, schemas)).collect(),
        gaps: gaps(decision, catalogue, |_| true),
        does_not_apply: decision.does_not_apply.iter().map(|(client, why)| (client.clone(), why.clone())).collect(),
        duties: duties.collect(),
        checks: catalogue.checks.iter().filter(looked_at).map(|check| check.name.clone()).collect(),
        in_plan: job.map(|job| in_plan::answers(job, |answered| answers(key, answered))).unwrap_or_default(),
        sets_in_plan: job
            .map(|job| in_plan::settings(job, None, |set| set.setting.trails.iter().any(|trail| trail.decision == *key)))
            .unwrap_or_default(),
    }
}

fn raised_to(to: &RaiseTo) -> String {
    match to {
        RaiseTo::Answer(value) => words::spelled(value),
        RaiseTo::Number(crate::catalogue::Comparison::AtLeast, number) => format!("at least {number}"),
        RaiseTo::Number(_, number) => format!("at most {number}"),
        RaiseTo::Without(word) => format!("without {word}"),
    }
}

fn addressee(catalogue: &Catalogue, id: &str) -> String {
    catalogue.addressees.iter().find(|addressee| addressee.id == id).map_or_else(|| id.to_owned(), |found| found.name.clone())
}

fn gaps(decision: &Decision, catalogue: &Catalogue, wanted: impl Fn(&str) -> bool) -> Vec<GapView> {
    let of_clients = decision.gaps.iter().filter(|(client, _)| wanted(client));
    let gaps = of_clients.flat_map(|(client, gaps)| gaps.iter().map(move |gap| (client, gap)));
    gaps.map(|(client, gap)| GapView {
        decision: decision.key.clone(),
        client: client.clone(),
        when: gap.when.as_ref().map(words::condition),
        reason: gap.reason.clone(),
        instead: gap.duty.as_ref().map(|to| addressee(catalogue, to)),
    })
    .collect()
}

fn topic(name: &str, catalogue: &Catalogue, job: Option<&Job<'_>>) -> TopicView {
    let decisions: Vec<&Decision> = catalogue.decisions.iter().filter(|decision| in_topic(decision, name)).collect();
    let wanted = |key: &str| decisions.iter().any(|decision| answers(&decision.key, key));
    let in_plan = job.map(|job| in_plan::answers(job, wanted)).unwrap_or_default();
    let row = |decision: &&Decision| (decision.key.clone(), words::silence(&decision.silence), decision.question.clone());
    TopicView { topic: name.to_owned(), decisions: decisions.iter().map(row).collect(), in_plan }
}

fn client(id: &str, catalogue: &Catalogue, job: Option<&Job<'_>>) -> Option<ClientView> {
    let client = catalogue.client(id)?;
    let settings = |decision: &Decision| {
        let names: Vec<String> = decision.settings.get(id)?.iter().map(|rule| rule.name.clone()).collect();
        Some((decision.key.clone(), names))
    };
    let of_client =
        |set: &crate::baseline::CheckedSetting| set.setting.trails.iter().any(|trail| trail.client.as_deref() == Some(id));
    Some(ClientView {
        client: client.id.clone(),
        name: client.name.clone(),
        when: words::condition(&client.when),
        artifacts: client.artifacts.clone(),
        next: client.next.clone(),
        decisions: catalogue.decisions.iter().filter_map(settings).collect(),
        gaps: catalogue.decisions.iter().flat_map(|decision| gaps(decision, catalogue, |of| of == id)).collect(),
        in_plan: job.map(|job| in_plan::settings(job, None, of_client)).unwrap_or_default(),
    })
}

fn check(check: &Check, job: Option<&Job<'_>>) -> ChecksView {
    let wanted =
        |key: &str| check.points_at.iter().any(|at| at == key || at.rsplit_once('.').is_some_and(|(whole, _)| whole == key));
    ChecksView {
        check: check.name.clone(),
        says: check.says.clone(),
        help: check.help.clone(),
        levels: check.levels.iter().map(|(level, when)| (level.word(), words::condition(when))).collect(),
        decisions: check.points_at.clone(),
        references: check.references.clone(),
        in_plan: job.map(|job| in_plan::answers(job, wanted)).unwrap_or_default(),
    }
}

fn setting(name: &str, catalogue: &Catalogue, schemas: &Schemas<'_>, job: Option<&Job<'_>>) -> SettingView {
    let mut set_by = Vec::new();
    let mut questions = Vec::new();
    for decision in &catalogue.decisions {
        let before = set_by.len();
        for (client, rules) in &decision.settings {
            set_by.extend(rules.iter().filter(|rule| rule.name == name).map(|rule| rule_view(decision, client, rule, schemas)));
        }
        if set_by.len() > before {
            questions.push((decision.key.clone(), decision.question.clone()));
        }
    }
    let known = schemas.describe(name);
    let in_plan = job.map(|job| in_plan::settings(job, Some(name), |set| set.setting.name == name)).unwrap_or_default();
    SettingView {
        setting: name.to_owned(),
        schema: known.as_ref().map(|known| known.schema.clone()),
        title: known.as_ref().and_then(|known| known.title.clone()),
        facts: known.map(|known| known.facts).unwrap_or_default(),
        set_by,
        questions,
        in_plan,
    }
}

fn by_requirement(name: &str, catalogue: &Catalogue, job: Option<&Job<'_>>) -> RequirementView {
    let wanted = requirement(name);
    let serves = |names: &[String]| names.iter().any(|known| requirement(known) == wanted);
    let mut decisions = Vec::new();
    for decision in &catalogue.decisions {
        for (standard, _) in decision.references.iter().filter(|(_, names)| serves(names)) {
            decisions.push((decision.key.clone(), standard.clone(), decision.question.clone()));
        }
    }
    let checks = catalogue.checks.iter().filter(|check| serves(&check.references));
    let raises = catalogue.raises.iter().filter(|raise| serves(&raise.references));
    let presets = catalogue.presets.values().flatten().filter(|default| serves(&default.references));
    let is_wanted = |key: &str| decisions.iter().any(|(decision, ..)| answers(decision, key));
    RequirementView {
        requirement: name.to_owned(),
        in_plan: job.map(|job| in_plan::answers(job, is_wanted)).unwrap_or_default(),
        checks: checks.map(|check| (check.name.clone(), check.says.clone())).collect(),
        raises: raises
            .map(|raise| (raise.key.clone(), raise.because.clone()))
            .chain(presets.map(|default| (default.key.clone(), default.because.clone())))
            .collect(),
        decisions,
    }
}
