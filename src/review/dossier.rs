//! Everything that a run decided and set, gathered role by role; what is equal for several roles is held once.
//!
//! In: the answers and the checked baseline of each role, in the order of the roles. Out: a [`Dossier`], from which the
//! paper is made. Roles are numbered in the order in which they come; a group of roles is the list of their numbers.

use std::collections::BTreeMap;

use super::names::is_answered_by;
use crate::baseline::{CheckedBaseline, CheckedSetting, Lock};
use crate::catalogue::Catalogue;
use crate::plan::{Origin, RoleAnswers};
use crate::value::Value;

/// Numbers of roles, in order.
pub(super) type RoleNumbers = Vec<u32>;

/// Different values of one thing, each with the roles that have it.
#[derive(Debug)]
pub(super) struct Grouped<T>(pub(super) Vec<(T, RoleNumbers)>);

impl<T> Default for Grouped<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Grouped<T> {
    /// Adds what a role has; `value` makes it where no role had anything for which `is_same` holds.
    fn add(&mut self, role: u32, is_same: impl Fn(&T) -> bool, value: impl FnOnce() -> T) {
        // Most roles have what the role before them has.
        let last = self.0.iter().position(|(_, roles)| roles.last() == Some(&role.wrapping_sub(1)));
        let same = last.filter(|at| is_same(&self.0[*at].0)).or_else(|| self.0.iter().position(|(known, _)| is_same(known)));
        match same {
            Some(at) if self.0[at].1.last() != Some(&role) => self.0[at].1.push(role),
            Some(_) => {}
            None => self.0.push((value(), vec![role])),
        }
    }
}

/// Where an answer comes from, without the place: comments and the order of keys must not show in a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// The plan, for everyone.
    Plan,
    /// The plan, for the role.
    Role,
    /// The standard default.
    Default,
    /// The default of a level, and why it differs.
    Preset(String, String),
    /// A default that was raised, and why.
    Raised(String),
}

/// A setting as one client takes it, and which other decisions set it too.
#[derive(Debug)]
pub(super) struct Set {
    pub(super) checked: CheckedSetting,
    /// Which of the trails is that of the decision.
    pub(super) trail: usize,
}

impl Set {
    /// Whether the client takes the same, whatever the setting comes from.
    fn takes(&self, other: &CheckedSetting) -> bool {
        let (one, another) = (&self.checked.setting, &other.setting);
        one.value == another.value && one.lock == another.lock && self.checked.typed == other.typed
    }
}

/// What a client cannot do, and who does it instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Missing {
    pub(super) reason: String,
    pub(super) instead: Option<String>,
}

/// What somebody must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) to: String,
    pub(super) what: String,
    pub(super) how: Option<String>,
}

/// How a client keeps a decision: bits that a cell of the matrix shows.
pub(super) mod status {
    /// A setting that the user cannot change.
    pub(in super::super) const LOCKED: u8 = 1;
    /// A setting that the user may change.
    pub(in super::super) const PRESET: u8 = 2;
    /// Somebody else must do it.
    pub(in super::super) const DUTY: u8 = 4;
    /// Nothing takes its place.
    pub(in super::super) const GAP: u8 = 8;
    /// The role does not have the client.
    pub(in super::super) const ABSENT: u8 = 255;
}

/// What one decision comes to on one client.
#[derive(Debug, Default)]
pub(super) struct OnClient {
    pub(super) settings: BTreeMap<String, Grouped<Set>>,
    pub(super) gaps: Grouped<Missing>,
    /// The status for each role.
    pub(super) status: Vec<u8>,
}

/// What one decision comes to.
#[derive(Debug, Default)]
pub(super) struct Decided {
    /// The answers, by the key in the plan (below a free name there are several).
    pub(super) answers: BTreeMap<String, Grouped<(Value, Source)>>,
    /// By the number of the client in the catalogue.
    pub(super) clients: BTreeMap<usize, OnClient>,
    pub(super) duties: Grouped<Task>,
}

/// A role, and what was made for it.
#[derive(Debug)]
pub(super) struct Role {
    pub(super) name: String,
    /// Numbers of its clients in the catalogue.
    pub(super) clients: Vec<usize>,
    pub(super) settings: usize,
    pub(super) locked: usize,
}

/// All that was gathered.
pub struct Dossier<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) roles: Vec<Role>,
    /// In the order of the catalogue's decisions.
    pub(super) decisions: Vec<Decided>,
    index: BTreeMap<&'a str, usize>,
    /// Keys below a free name, as plans spell them.
    named: BTreeMap<String, Option<usize>>,
}

impl<'a> Dossier<'a> {
    /// An empty one.
    pub fn new(catalogue: &'a Catalogue) -> Self {
        let index = catalogue.decisions.iter().enumerate().map(|(at, decision)| (decision.key.as_str(), at)).collect();
        let decisions = catalogue.decisions.iter().map(|_| Decided::default()).collect();
        Self { catalogue, roles: Vec::new(), decisions, index, named: BTreeMap::new() }
    }

    /// Adds the next role.
    ///
    /// # Panics
    /// Never: a plan has fewer roles than a `u32` counts.
    pub fn add(&mut self, answers: &RoleAnswers, baseline: &CheckedBaseline) {
        let role = u32::try_from(self.roles.len()).expect("a plan has at most 10,000 roles");
        for (key, given) in &answers.answers {
            let Some(at) = self.decision_of(key) else { continue };
            let grouped = match self.decisions[at].answers.get_mut(key) {
                Some(grouped) => grouped,
                None => self.decisions[at].answers.entry(key.clone()).or_default(),
            };
            let source = source(&given.origin);
            grouped.add(role, |known| known.0 == given.value && known.1 == source, || (given.value.clone(), source.clone()));
        }
        let clients: Vec<usize> = self
            .catalogue
            .clients
            .iter()
            .enumerate()
            .filter(|(_, client)| baseline.clients.contains(&client.id))
            .map(|(at, _)| at)
            .collect();
        for decided in &mut self.decisions {
            for client in &clients {
                let on = decided.clients.entry(*client).or_default();
                on.status.resize(role as usize, status::ABSENT);
                on.status.push(0);
            }
        }
        for checked in &baseline.settings {
            let locked = checked.setting.lock == Lock::Locked;
            for (trail, of) in checked.setting.trails.iter().enumerate() {
                let Some(on) = self.on_client(&of.decision, of.client.as_deref()) else { continue };
                if let Some(known) = on.status.last_mut() {
                    *known |= if locked { status::LOCKED } else { status::PRESET };
                }
                let grouped = match on.settings.get_mut(&checked.setting.name) {
                    Some(grouped) => grouped,
                    None => on.settings.entry(checked.setting.name.clone()).or_default(),
                };
                grouped.add(role, |known| known.takes(checked), || Set { checked: checked.clone(), trail });
            }
        }
        for gap in &baseline.gaps {
            let Some(on) = self.on_client(&gap.trail.decision, Some(&gap.client)) else { continue };
            if let Some(known) = on.status.last_mut() {
                *known |= if gap.duty.is_some() { status::DUTY } else { status::GAP };
            }
            let missing = Missing { reason: gap.reason.clone(), instead: gap.duty.clone() };
            on.gaps.add(role, |known| *known == missing, || missing.clone());
        }
        for duty in &baseline.duties {
            let Some(at) = self.index.get(duty.trail.decision.as_str()) else { continue };
            let task = Task { to: duty.to.clone(), what: duty.what.clone(), how: duty.how.clone() };
            self.decisions[*at].duties.add(role, |known| *known == task, || task.clone());
        }
        let locked = baseline.settings.iter().filter(|checked| checked.setting.lock == Lock::Locked).count();
        self.roles.push(Role { name: answers.name().to_owned(), clients, settings: baseline.settings.len(), locked });
    }

    fn on_client(&mut self, decision: &str, client: Option<&str>) -> Option<&mut OnClient> {
        let at = *self.index.get(decision)?;
        let client = self.catalogue.clients.iter().position(|known| Some(known.id.as_str()) == client)?;
        self.decisions[at].clients.get_mut(&client)
    }

    fn decision_of(&mut self, key: &str) -> Option<usize> {
        if let Some(at) = self.index.get(key) {
            return Some(*at);
        }
        if let Some(known) = self.named.get(key) {
            return *known;
        }
        let found = self.catalogue.decisions.iter().position(|decision| is_answered_by(&decision.key, key));
        self.named.insert(key.to_owned(), found);
        found
    }
}

fn source(origin: &Origin) -> Source {
    match origin {
        Origin::Plan { role: None, .. } => Source::Plan,
        Origin::Plan { role: Some(_), .. } => Source::Role,
        Origin::Default => Source::Default,
        Origin::Preset { level, because } => Source::Preset(level.clone(), because.clone()),
        Origin::Raised { because, .. } => Source::Raised(because.clone()),
    }
}
