//! The baseline: answers to settings, duties and gaps, each with its trail.
//!
//! In: the answers of a role and the catalogue. Out: a [`Baseline`], in which every setting has one value, or findings where
//! two decisions disagree. Names of settings are the vendors'; this module does not know how a file looks, and holds no
//! setting against a vendor schema (that is `baseline::check`, the only bridge to `vendor`).

mod check;
mod content;
mod coverage;
mod example;
mod fill;
mod resolve;
mod writers;

#[cfg(test)]
mod tests;

pub use check::{CheckedBaseline, CheckedSetting, Checker, check_versions, versions_of};
pub use content::{check_content, rule_place};
pub use coverage::{Cell, Status, cells};
pub use example::example_faults;
pub(crate) use fill::file_name;
pub use fill::{Unfilled, UserSpelling, fill};
pub use resolve::{resolve, user_spelling};

use std::collections::BTreeSet;

use crate::catalogue::RulePlace;
use crate::plan::Origin;
use crate::value::Value;

/// Whether the user may change a setting afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lock {
    /// The client refuses a change.
    Locked,
    /// The value is preset and the user may change it.
    Preset,
}

/// Where a setting, a gap or a duty comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    /// The decision.
    pub decision: String,
    /// The answer, as the plan would spell it; `None` for a decision that was not answered.
    pub answer: Option<String>,
    /// Where the answer comes from; `None` for a decision that was not answered.
    pub origin: Option<Origin>,
    /// The client whose rule it is; `None` for a duty.
    pub client: Option<String>,
    /// The rule.
    pub rule: RulePlace,
    /// Where the rule's value comes from.
    pub cite: Vec<String>,
    /// Why this value.
    pub why: Option<String>,
}

/// A setting with its value for a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The vendor's name.
    pub name: String,
    /// The value, as rules write it.
    pub value: Value,
    /// Whether the user may change it.
    pub lock: Lock,
    /// Whether it protects, and is not a convenience.
    pub security: bool,
    /// Whether the value differs from person to person.
    pub personal: bool,
    /// The files of the plan that the value names by their last step, by their path in the plan.
    pub files: BTreeSet<String>,
    /// Where it comes from: one trail, or several that agree or unite.
    pub trails: Vec<Trail>,
}

/// What a client cannot do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The client.
    pub client: String,
    /// Why.
    pub reason: String,
    /// Who must do it instead; an addressee's id.
    pub duty: Option<String>,
    /// Where it comes from.
    pub trail: Trail,
}

/// What somebody must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Who; an addressee's id.
    pub to: String,
    /// What.
    pub what: String,
    /// A public standard way.
    pub how: Option<String>,
    /// Where it comes from.
    pub trail: Trail,
}

/// All that follows from the answers of one role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The clients of the role, by id.
    pub clients: Vec<String>,
    /// The settings, by name.
    pub settings: Vec<Setting>,
    /// The gaps, in the order of the decisions.
    pub gaps: Vec<Gap>,
    /// The duties, in the order of the decisions.
    pub duties: Vec<Duty>,
}
