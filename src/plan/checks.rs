//! Runs the named checks for each role, and lays the acceptances over what they find.
//!
//! A check that holds for several roles is one finding that names them. An accepted check does not stop anything while its
//! acceptance lasts; past its end date the check counts again, and the plan is told so.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Acceptance, Cause, Origin, Plan, RoleAnswers, causes_in_words, holds};
use crate::catalogue::{Catalogue, Check, Condition};
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
    /// Where the plan says it, each with a word on what stands there.
    places: Vec<(Place, String)>,
    /// What is loosened, for the check that is about it.
    loosened: Vec<String>,
    /// The information whose need raises it.
    causes: BTreeSet<Cause>,
}

/// A run of the checks over the roles of a plan, one role at a time.
pub struct CheckRun<'a> {
    plan: &'a Plan,
    catalogue: &'a Catalogue,
    today: Date,
    raised: BTreeMap<&'a str, Raised<'a>>,
    /// The checks of which somebody answers so that they do not count.
    answered: BTreeSet<&'a str>,
}

impl<'a> CheckRun<'a> {
    /// Starts a run.
    pub fn new(plan: &'a Plan, catalogue: &'a Catalogue, today: Date) -> Self {
        Self { plan, catalogue, today, raised: BTreeMap::new(), answered: BTreeSet::new() }
    }

    /// Checks the answers of one role.
    pub fn add(&mut self, answers: &RoleAnswers) {
        for check in &self.catalogue.checks {
            if check.unless_anyone.as_ref().is_some_and(|condition| holds(condition, answers)) {
                self.answered.insert(&check.name);
            }
            let Some((level, condition)) = check.levels.iter().find(|(_, condition)| holds(condition, answers)) else { continue };
            let raised = self.raised.entry(&check.name).or_insert_with(|| Raised {
                check,
                level: *level,
                roles: BTreeSet::new(),
                places: Vec::new(),
                loosened: Vec::new(),
                causes: BTreeSet::new(),
            });
            raised.level = raised.level.max(*level);
            raised.roles.insert(answers.name().to_owned());
            raised.causes.extend(answers.causes(condition));
            if *condition == Condition::Loosens {
                for loosened in self.plan.loosened.get(answers.name()).into_iter().flatten() {
                    raised.loosened.push(loosened.says.clone());
                    raised.places.push((loosened.place.clone(), HERE.to_owned()));
                    raised.places.extend(loosened.everyone.clone().map(|place| (place, "for everyone".to_owned())));
                }
            } else if let Some(place) = place(check, answers)
                && raised.places.len() <= NAMED_ROLES
                && !raised.places.iter().any(|(known, _)| *known == place)
            {
                raised.places.push((place, HERE.to_owned()));
            }
        }
    }

    /// Lays the acceptances over what was found.
    pub fn finish(self) -> CheckOutcome {
        let Self { plan, catalogue, today, raised, answered } = self;
        let mut outcome = CheckOutcome::default();
        for (name, raised) in raised.into_iter().filter(|(name, _)| !answered.contains(name)) {
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

/// What is said at a further place of a finding.
const HERE: &str = "here as well";

/// The first few, and how many more there are.
fn some_of(words: &[String], between: &str) -> String {
    let named = words.iter().take(NAMED_ROLES).map(String::as_str).collect::<Vec<_>>().join(between);
    match words.len().saturating_sub(NAMED_ROLES) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

fn finding(raised: &Raised<'_>) -> Finding {
    let check = raised.check;
    let mut message = check.says.trim_end_matches('.').to_owned();
    if !raised.causes.is_empty() {
        message = format!("{message}: {}", causes_in_words(&raised.causes));
    }
    if !raised.loosened.is_empty() {
        message = format!("{message}: {}", some_of(&raised.loosened, "; "));
    }
    if !raised.roles.contains(super::EVERYONE) && raised.loosened.is_empty() {
        let roles: Vec<String> = raised.roles.iter().map(|role| format!("`{role}`")).collect();
        message = format!("{message} ({} {})", if roles.len() == 1 { "role" } else { "roles" }, some_of(&roles, ", "));
    }
    let mut help = check.help.clone();
    if !check.references.is_empty() {
        help = format!("{help} ({})", check.references.join(", "));
    }
    let mut finding = Finding::error(Code::Check, message).level(raised.level).help(help);
    finding.check = Some(check.name.clone());
    let mut places = raised.places.iter().cloned();
    finding.place = places.next().map(|(place, _)| place);
    finding.also = places.take(NAMED_ROLES).collect();
    finding
}
