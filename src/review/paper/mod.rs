//! The paper that a person signs: what was decided, what that sets, what is left open.
//!
//! One structure for all forms: the page, Markdown, the tables and JSON are written from it, so that all say the same. It
//! holds facts only; words for people stand in `baselines/papers/`. Nothing in it depends on comments or the order of keys
//! of the plan, or on the day on which it is made.

mod build;
mod groups;

use std::collections::BTreeMap;

use serde::Serialize;

pub use groups::{Group, RoleSet};

/// The version of the JSON form.
pub const PAPER_VERSION: u32 = 1;

/// Everything a reader needs to accept a baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// The version of this form.
    pub version: u32,
    /// The program.
    pub tool: crate::emit::manifest::Tool,
    /// The organisation.
    pub organisation: String,
    /// What the groupware is for, where the plan says it.
    pub purpose: Option<String>,
    /// Who decided, when, and when it is looked at again.
    pub decided: Decided,
    /// What was chosen of the plan, where it is not all.
    pub selection: Option<String>,
    /// The hashes that a signature is for.
    pub sums: Sums,
    /// The roles, everyone first.
    pub roles: Vec<RoleRow>,
    /// Large groups of roles, which other parts name by number.
    pub role_sets: Vec<RoleSet>,
    /// The clients that some role has.
    pub clients: Vec<ClientRow>,
    /// The decisions, by topic.
    pub topics: Vec<TopicRow>,
    /// Checks that hold and are not accepted.
    pub checks: Vec<CheckRow>,
    /// Checks that are accepted.
    pub accepted: Vec<AcceptedRow>,
    /// The duties, by who has them.
    pub duties: Vec<AddresseeRow>,
    /// What others recommend for these clients and no rule sets.
    pub declined: Vec<DeclinedRow>,
    /// For each cell of the matrix that differs from others: a letter a role. A hexadecimal digit is a sum of 1 (locked),
    /// 2 (preset), 4 (somebody else's duty) and 8 (a gap); `-` a role without the client.
    pub vectors: Vec<String>,
    /// How many of what there are.
    pub counts: Counts,
}

impl Paper {
    /// The roles of a group, said against all roles, or against those that have a client.
    pub fn names_of(&self, group: &Group, client: Option<&str>) -> Vec<&str> {
        let with = |role: &&RoleRow| client.is_none_or(|client| role.clients.iter().any(|own| own == client));
        let all = self.roles.iter().filter(with).map(|role| role.name.as_str());
        let set = group.set.and_then(|number| self.role_sets.get(number - 1)).map(|set| set.names.as_slice()).unwrap_or_default();
        let named = |name: &&str| group.names.iter().chain(set).any(|own| own == name);
        match group.kind {
            "all" => all.collect(),
            "except" => all.filter(|name| !named(name)).collect(),
            _ => all.filter(named).collect(),
        }
    }
}

/// Who decided, when, and when it is looked at again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// Who.
    pub by: Option<String>,
    /// When.
    pub date: Option<String>,
    /// When it is looked at again.
    pub review: Option<String>,
}

/// Hashes, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Of the plan's answers, as in the manifest.
    pub plan: String,
    /// Of the policy content, as in the manifest.
    pub content: String,
    /// Of the lines of `SHA256SUMS` that name neither `manifest.json` nor `review.html`.
    pub files: String,
    /// How many lines these are.
    pub lines: usize,
}

/// Numbers for the summary.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Decisions, by where most of their answers come from.
    pub decisions: usize,
    /// Answered by the plan.
    pub decided: usize,
    /// Left to a default.
    pub defaulted: usize,
    /// Raised by a protection need.
    pub raised: usize,
    /// Not answered, without default.
    pub unanswered: usize,
    /// Settings with different names.
    pub settings: usize,
    /// Those that no user can change, in any role.
    pub locked: usize,
    /// What clients cannot do.
    pub gaps: usize,
    /// Those for which somebody else does it.
    pub gaps_with_duty: usize,
    /// Things that people and servers must do.
    pub duties: usize,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleRow {
    /// Its name.
    pub name: String,
    /// Whether it stands for the plan without a role.
    pub everyone: bool,
    /// Ids of its clients.
    pub clients: Vec<String>,
    /// How many settings it has.
    pub settings: usize,
    /// How many of them no user can change.
    pub locked: usize,
}

/// A client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClientRow {
    /// The id.
    pub id: String,
    /// The name for people.
    pub name: String,
}

/// Decisions of one topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicRow {
    /// The folder of the content.
    pub id: String,
    /// How well each client keeps the decisions of this topic.
    pub coverage: Vec<Coverage>,
    /// The decisions in the order of the planning document.
    pub decisions: Vec<DecisionRow>,
}

/// How many decisions of a topic a client keeps, each counted once, at its weakest over all roles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The client.
    pub client: String,
    /// Kept by settings that no user can change.
    pub locked: usize,
    /// Kept by settings that the user may change.
    pub preset: usize,
    /// Somebody else must keep it.
    pub duty: usize,
    /// Nobody keeps it.
    pub gap: usize,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionRow {
    /// The key.
    pub key: String,
    /// The place in the order of the planning document.
    pub number: i64,
    /// The question.
    pub question: String,
    /// The paragraphs of M 2.454 that ask it.
    pub asked: Vec<String>,
    /// Where its answers come from, the most deliberate first: `plan`, `role`, `raised`, `preset`, `default`, `none`.
    pub source: &'static str,
    /// The answer for everyone on one line; nothing when there are several or none.
    pub short: Option<String>,
    /// Whether roles answer differently.
    pub differs: bool,
    /// The answers.
    pub answers: Vec<AnswerRow>,
    /// Why, in the words of the plan; each with the key that it is about.
    pub because: Vec<(String, String)>,
    /// Who decides, by the abbreviations of the catalogue.
    pub decides: Vec<String>,
    /// Requirements, by standard.
    pub references: BTreeMap<String, Vec<String>>,
    /// What it comes to on each client, in the order of the paper's clients.
    pub clients: Vec<CellRow>,
    /// What people and servers must do.
    pub duties: Vec<DutyRow>,
    /// The vector of its duties.
    pub vector: usize,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerRow {
    /// The key in the plan, where it differs from the decision's.
    pub key: Option<String>,
    /// Words of the answer with their meanings; empty where the answer is no word.
    pub words: Vec<(String, String)>,
    /// Otherwise the answer, a line each; a label where it is a map.
    pub lines: Vec<(Option<String>, String)>,
    /// `plan`, `role`, `raised`, `preset`, `default` or `none`.
    pub source: &'static str,
    /// Why a default was raised, or differs.
    pub because: Option<String>,
    /// For whom.
    pub roles: Group,
}

/// A decision on a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellRow {
    /// The client.
    pub client: String,
    /// What some role has of `locked`, `preset`, `duty` and `gap`.
    pub marks: Vec<&'static str>,
    /// Which vector of the paper.
    pub vector: usize,
    /// What is set.
    pub settings: Vec<SettingRow>,
    /// What is missing.
    pub gaps: Vec<GapRow>,
    /// Why the decision does not concern the client, where it does not.
    pub not_applicable: Option<String>,
}

/// A setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingRow {
    /// The vendor's name.
    pub name: String,
    /// The title in the vendor's editor.
    pub title: Option<String>,
    /// Where an admin finds it there.
    pub found_in: Option<String>,
    /// Its values; several when roles differ.
    pub values: Vec<ValueRow>,
}

/// A value of a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueRow {
    /// What is written, and where.
    pub written: Vec<WrittenRow>,
    /// Whether the user cannot change it.
    pub locked: bool,
    /// Other decisions that set it too.
    pub with: Vec<String>,
    /// Where the value comes from.
    pub cite: Vec<String>,
    /// Why this value.
    pub why: Option<String>,
    /// For whom.
    pub roles: Group,
}

/// A value in an artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrittenRow {
    /// The files below the role's folder.
    pub paths: Vec<String>,
    /// The place inside.
    pub place: String,
    /// The type, where the format names one.
    pub kind: Option<&'static str>,
    /// The value; nothing when it is deleted.
    pub value: Option<String>,
}

/// What a client cannot do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GapRow {
    /// Why.
    pub reason: String,
    /// Who does it instead: the name of an addressee.
    pub instead: Option<String>,
    /// For whom.
    pub roles: Group,
}

/// A duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DutyRow {
    /// Whose: the name of an addressee.
    pub to: String,
    /// What.
    pub what: String,
    /// A public standard way.
    pub how: Option<String>,
    /// The decisions it comes from.
    pub decisions: Vec<String>,
    /// For whom.
    pub roles: Group,
}

/// Duties of one addressee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddresseeRow {
    /// The id.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// What is to be done.
    pub duties: Vec<DutyRow>,
}

/// Something that others recommend and no rule sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeclinedRow {
    /// The client.
    pub client: String,
    /// The vendor's name of the setting, a place in the registry, or a rule of the source.
    pub item: String,
    /// Who recommends it.
    pub sources: Vec<String>,
    /// Why it is not set.
    pub because: String,
}

/// A check that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckRow {
    /// The name; nothing for a finding about an acceptance.
    pub name: Option<String>,
    /// How grave.
    pub level: &'static str,
    /// What is wrong.
    pub says: String,
    /// The ways out.
    pub help: String,
    /// Requirements behind it.
    pub references: Vec<String>,
    /// For whom.
    pub roles: Option<Group>,
}

/// A check that is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AcceptedRow {
    /// The check.
    pub check: CheckRow,
    /// Why it is accepted.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// The last day on which it counts.
    pub until: String,
}
