//! What each client of a role does about each decision: the cells of decisions × clients.
//!
//! In: a checked baseline. Out: a [`Cell`] for every decision and client. A cell in which nothing stands is blank, which the
//! content must not leave; the papers show it all the same rather than leaving the row out.

use std::collections::{BTreeMap, BTreeSet};

use super::{CheckedBaseline, Gap, Lock};
use crate::catalogue::{Catalogue, Decision};

/// What a client does about a decision; the most effective counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Everything that it sets is locked.
    Locked,
    /// It sets something that the user may change.
    Set,
    /// It cannot, and somebody else must.
    Duty,
    /// It cannot, and nobody can instead.
    Gap,
    /// It is not concerned.
    DoesNotApply,
    /// Nothing is said.
    Blank,
}

impl Status {
    /// All of them, the most effective first.
    pub const ALL: [Self; 6] = [Self::Locked, Self::Set, Self::Duty, Self::Gap, Self::DoesNotApply, Self::Blank];

    /// The word that the papers print.
    pub fn word(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Set => "set",
            Self::Duty => "duty",
            Self::Gap => "gap",
            Self::DoesNotApply => "does not apply",
            Self::Blank => "blank",
        }
    }
}

/// What one client of a role does about one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The decision.
    pub decision: &'a Decision,
    /// The client, by id.
    pub client: &'a str,
    /// What it does.
    pub status: Status,
    /// The settings that the decision makes on it, with their locks.
    pub settings: Vec<(&'a str, Lock)>,
    /// Why it cannot, or is not concerned.
    pub reasons: Vec<&'a str>,
    /// Who must do it instead, and what else the decision asks of whom: ids of addressees.
    pub duties: BTreeSet<&'a str>,
}

/// All cells of a role: decisions in their order, clients in theirs.
pub fn cells<'a>(catalogue: &'a Catalogue, baseline: &'a CheckedBaseline) -> Vec<Cell<'a>> {
    let mut settings: BTreeMap<(&str, &str), Vec<(&str, Lock)>> = BTreeMap::new();
    for checked in &baseline.settings {
        for trail in &checked.setting.trails {
            let client = trail.client.as_deref().unwrap_or_default();
            let known = settings.entry((&trail.decision, client)).or_default();
            if known.last().is_none_or(|(name, _)| *name != checked.setting.name) {
                known.push((&checked.setting.name, checked.setting.lock));
            }
        }
    }
    let mut gaps: BTreeMap<(&str, &str), Vec<&Gap>> = BTreeMap::new();
    for gap in &baseline.gaps {
        gaps.entry((&gap.trail.decision, &gap.client)).or_default().push(gap);
    }
    let mut duties: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for duty in &baseline.duties {
        duties.entry(&duty.trail.decision).or_default().insert(&duty.to);
    }
    let mut cell = |decision: &'a Decision, client: &'a str| {
        let place = (decision.key.as_str(), client);
        let settings = settings.remove(&place).unwrap_or_default();
        let gaps = gaps.remove(&place).unwrap_or_default();
        let mut duties = duties.get(decision.key.as_str()).cloned().unwrap_or_default();
        duties.extend(gaps.iter().filter_map(|gap| gap.duty.as_deref()));
        let mut reasons: Vec<&str> = gaps.iter().map(|gap| gap.reason.as_str()).collect();
        let status = if !settings.is_empty() {
            if settings.iter().all(|(_, lock)| *lock == Lock::Locked) { Status::Locked } else { Status::Set }
        } else if !gaps.is_empty() {
            if gaps.iter().any(|gap| gap.duty.is_some()) { Status::Duty } else { Status::Gap }
        } else if let Some(reason) = decision.does_not_apply.get(client) {
            reasons.push(reason);
            Status::DoesNotApply
        } else {
            Status::Blank
        };
        Cell { decision, client, status, settings, reasons, duties }
    };
    let places = catalogue.decisions.iter().flat_map(|decision| baseline.clients.iter().map(move |client| (decision, client)));
    places.map(|(decision, client)| cell(decision, client)).collect()
}
