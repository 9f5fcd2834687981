//! Runs the named checks for each role, and lays the acceptances over what they find.
//!
//! A check that holds for several roles is one finding that names them. An accepted check does not stop anything while its
//! acceptance lasts; past its end date the check counts again, and the plan is told so.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Acceptance, Origin, Plan, RoleAnswers, holds};
use crate::catalogue::{Catalogue, Check};
use crate::diag::{Code, Finding, Level, Place};

/// A check that holds and is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedCheck {
    /// The finding it would be.
    pub finding: Finding,
    /// The acceptance.
    pub acceptance: Acceptance,
}

/// What the checks found in a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckOutcome {
    /// What counts, gravest first, then by name.
    pub findings: Vec<Finding>,
    /// What holds and is accepted, by name.
    pub accepted: BTreeMap<String, AcceptedCheck>,
    /// The roles for which each check holds, accepted or not.
    pub roles: BTreeMap<String, BTreeSet<String>>,
}

/// One check that holds.
struct Raised<'a> {
    check: &'a Check,
    level: Level,
    roles: BTreeSet<String>,
    places: Vec<Place>,
}

/// A run of the checks over the roles of a plan, one role at a time.
pub struct CheckRun<'a> {
    plan: &'a Plan,
    catalogue: &'a Catalogue,
    today: Date,
    raised: BTreeMap<&'a str, Raised<'a>>,
}

impl<'a> CheckRun<'a> {
    /// Starts a run.
    pub fn new(plan: &'a Plan, catalogue: &'a Catalogue, today: Date) -> Self {
        Self { plan, catalogue, today, raised: BTreeMap::new() }
    }

    /// Checks the answers of one role.
    pub fn add(&mut self, answers: &RoleAnswers) {
        for check in &self.catalogue.checks {
            let Some((level, _)) = check.levels.iter().find(|(_, condition)| holds(condition, answers)) else { continue };
            let raised = self.raised.entry(&check.name).or_insert_with(|| Raised {
                check,
                level: *level,
                roles: BTreeSet::new(),
                places: Vec::new(),
            });
            raised.level = raised.level.max(*level);
            raised.roles.insert(answers.name().to_owned());
            if let Some(place) = place(check, answers)
                && raised.places.len() <= NAMED_ROLES
                && !raised.places.contains(&place)
            {
                raised.places.push(place);
            }
        }
    }

    /// Lays the acceptances over what was found.
    pub fn finish(self) -> CheckOutcome {
        let Self { plan, catalogue, today, raised } = self;
        let mut outcome = CheckOutcome::default();
        for (name, raised) in raised {
            let finding = finding(&raised);
            outcome.roles.insert(name.to_owned(), raised.roles);
            match plan.accept.get(name) {
                Some(acceptance) if acceptance.until < today => {
                    let expired = format!("the acceptance of `{name}` ended on {}", acceptance.until);
                    let help = "decide anew: mend the contradiction, or accept it again with a new end date";
                    outcome
                        .findings
                        .push(Finding::error(Code::PlanAcceptanceExpired, expired).at(acceptance.place.clone()).help(help));
                    outcome.findings.push(finding);
                }
                Some(acceptance) => {
                    outcome.accepted.insert(name.to_owned(), AcceptedCheck { finding, acceptance: acceptance.clone() });
                }
                None => outcome.findings.push(finding),
            }
        }
        for (name, acceptance) in
            plan.accept.iter().filter(|(name, _)| !outcome.accepted.contains_key(*name) && catalogue.check(name).is_some())
        {
            if outcome.findings.iter().any(|finding| finding.check.as_deref() == Some(name)) {
                continue;
            }
            let idle = Finding::error(Code::PlanAcceptanceIdle, format!("`{name}` is accepted, and the plan does not raise it"))
                .level(Level::Warning);
            outcome
                .findings
                .push(idle.at(acceptance.place.clone()).help("remove the acceptance, so that nobody relies on it later"));
        }
        outcome.findings.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.name().cmp(&b.name())));
        outcome
    }
}

/// Where the plan decides what the check is about: the first of the check's decisions that the plan itself answers.
fn place(check: &Check, answers: &RoleAnswers) -> Option<Place> {
    let answered = |key: &str| match &answers.answers.get(key)?.origin {
        Origin::Plan { place, .. } => Some(place.clone()),
        Origin::Default | Origin::Preset { .. } | Origin::Raised { .. } => None,
    };
    let within = |name: &String| {
        let field = || answered(name.rsplit_once('.')?.0);
        let block = || {
            answers
                .answers
                .keys()
                .filter(|key| key.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.')))
                .find_map(|key| answered(key))
        };
        answered(name).or_else(field).or_else(block)
    };
    check.points_at.iter().find_map(within)
}

/// More roles than this are counted and not named.
const NAMED_ROLES: usize = 5;

fn finding(raised: &Raised<'_>) -> Finding {
    let check = raised.check;
    let mut message = check.says.trim_end_matches('.').to_owned();
    let roles: Vec<&str> = raised.roles.iter().map(String::as_str).collect();
    if !raised.roles.contains(super::EVERYONE) {
        let named = roles.iter().take(NAMED_ROLES).map(|role| format!("`{role}`")).collect::<Vec<_>>().join(", ");
        let more = roles.len().saturating_sub(NAMED_ROLES);
        message = if more > 0 {
            format!("{message} (roles {named} and {more} more)")
        } else {
            format!("{message} ({} {named})", if roles.len() == 1 { "role" } else { "roles" })
        };
    }
    let mut help = check.help.clone();
    if !check.references.is_empty() {
        help = format!("{help} ({})", check.references.join(", "));
    }
    let mut finding = Finding::error(Code::Check, message).level(raised.level).help(help);
    finding.check = Some(check.name.clone());
    let mut places = raised.places.iter().cloned();
    finding.place = places.next();
    finding.also = places.take(NAMED_ROLES).map(|place| (place, "here as well".to_owned())).collect();
    finding
}
