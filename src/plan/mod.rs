//! The plan: tree × catalogue to answers for each role.
//!
//! In: a document and the catalogue. Out: a [`Plan`] (what the organisation wrote), from which [`RoleAnswers`] are made for
//! each role by laying role over plan over raised and preset defaults; and the findings of the named checks. Nothing here
//! knows a client. The shape of the plan is the catalogue's; section 3 of `ARCHITECTURE.md` has the rules.

mod answers;
mod certificates;
mod checks;
mod holds;
mod insert;
mod needs;
mod read;
mod schema;
pub mod starter;
pub mod strength;
mod value;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

pub use answers::{Given, Origin, RoleAnswers, answers_of};
pub use certificates::NamedCertificate;
pub use checks::{AcceptedCheck, CheckOutcome, CheckRun};
pub use holds::holds;
pub use insert::insert;
pub use needs::{Cause, causes_in_words};
pub use read::read_plan;
pub use schema::json_schema;

use crate::certificate::Certificate;
use crate::diag::{Place, SourceFile};
use crate::value::Value;

/// The name that stands for the plan without a role.
pub const EVERYONE: &str = "everyone";

/// An answer as the plan gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The answer.
    pub value: Value,
    /// Where it stands.
    pub place: Place,
}

/// A named check that the organisation accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Why.
    pub reason: String,
    /// Who accepts it.
    pub by: String,
    /// The last day on which it counts.
    pub until: Date,
    /// Where it stands.
    pub place: Place,
}

/// An answer of a role that is less strict than everyone's, where roles may only be stricter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loosened {
    /// What differs, in words.
    pub says: String,
    /// Where the role says it.
    pub place: Place,
    /// Where the plan says it for everyone; `None` where everyone has a default.
    pub everyone: Option<Place>,
}

/// What an organisation wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The answers for everyone, by key; free names stand in the key (`information.contracts.channels`).
    pub everyone: BTreeMap<String, Decided>,
    /// The answers that differ, by role.
    pub roles: BTreeMap<String, BTreeMap<String, Decided>>,
    /// What roles loosen, by role.
    pub loosened: BTreeMap<String, Vec<Loosened>>,
    /// The reasons, by the decision's key.
    pub because: BTreeMap<String, String>,
    /// The accepted checks, by name.
    pub accept: BTreeMap<String, Acceptance>,
    /// The certificates that the plan names, by their path; read by whoever reads the plan from the disk.
    pub certificates: Arc<BTreeMap<String, Certificate>>,
}

impl Plan {
    /// All roles in the order of their names, `None` (everyone) first.
    pub fn all_roles(&self) -> impl Iterator<Item = Option<&str>> {
        std::iter::once(None).chain(self.roles.keys().map(|role| Some(role.as_str())))
    }
}
