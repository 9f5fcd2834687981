//! The forms of an explanation: one type for each kind of name.
//!
//! The types are the JSON of `groundplan explain --format json`; the page for people is written from the same fields.

use serde::Serialize;

use super::in_plan::{AnswerInPlan, SettingInPlan};
use super::rules::RuleView;

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
    /// What keeps it silent when it holds for anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unless_anyone: Option<String>,
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

/// What a standard calls a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequirementFacts {
    /// How it is cited.
    pub requirement: String,
    /// The name of the standard.
    pub standard: String,
    /// Its edition.
    pub edition: String,
    /// The title; in parentheses when it is a description.
    pub title: String,
    /// The identifier that outlives a new numbering.
    pub identifier: Option<String>,
}

/// A requirement, and what serves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequirementView {
    /// The requirement as it was asked for.
    pub requirement: String,
    /// What it is; several when a number alone stands in more than one standard.
    pub facts: Vec<RequirementFacts>,
    /// Decision, standard and question.
    pub decisions: Vec<(String, String, String)>,
    /// Check and what it says.
    pub checks: Vec<(String, String)>,
    /// Raised defaults: decision and why.
    pub raises: Vec<(String, String)>,
    /// The answers of a plan.
    pub in_plan: Vec<AnswerInPlan>,
}
