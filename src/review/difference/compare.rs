//! Holds two plans against each other.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::state::{RoleState, SettingState, states};
use super::{AnswerChange, Cause, DIFFERENCE_VERSION, Difference, Direction, Effects, NoteChange, SettingChange};
use crate::catalogue::{Catalogue, Decision, Shape};
use crate::generate::Job;
use crate::plan::{Plan, strength};
use crate::review::names::is_answered_by;
use crate::review::words::spelled;
use crate::value::Value;

/// What a change is about, for one role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    Answer(String),
    Setting(String),
    Gap(String, String),
    Duty(String, String),
}

/// For each role what differs.
type Changes = BTreeSet<(String, About)>;

/// Compares the plan of `job` with a newer one. `noticed` are the decisions that people notice at their work.
pub fn compare(job: &Job<'_>, new: &Plan, noticed: &BTreeSet<String>) -> Difference {
    let old = job.plan;
    let (before, after) = (states(old, job), states(new, job));
    let all = changes(&before, &after);
    let causes: Vec<&Decision> =
        job.catalogue.decisions.iter().filter(|decision| answered_differently(decision, old, new)).collect();

    let mut difference = Difference { version: DIFFERENCE_VERSION, ..Difference::default() };
    difference.roles_new = after.keys().filter(|role| !before.contains_key(*role)).cloned().collect();
    difference.roles_gone = before.keys().filter(|role| !after.contains_key(*role)).cloned().collect();
    let mut explained = Changes::new();
    for decision in &causes {
        let own = if causes.len() == 1 {
            all.clone()
        } else {
            let tried = states(&with(old, new, decision), job);
            changes(&before, &tried).intersection(&all).cloned().collect()
        };
        let is_own = |about: &About| matches!(about, About::Answer(key) if is_answered_by(&decision.key, key));
        let (answers, effects): (Changes, Changes) = own.iter().cloned().partition(|(_, about)| is_own(about));
        explained.extend(own);
        let written = Written { catalogue: job.catalogue, job, before: &before, after: &after };
        let answers = written.answers(&answers);
        let direction = answers.iter().map(|answer| answer.direction).min();
        // A decision that another one changes as well, and that changes itself, stands under itself.
        let others =
            |about: &About| matches!(about, About::Answer(key) if causes.iter().any(|cause| is_answered_by(&cause.key, key)));
        let effects = effects.into_iter().filter(|(_, about)| !others(about)).collect();
        difference.decisions.push(Cause {
            decision: decision.key.clone(),
            question: decision.question.clone(),
            noticed: noticed.contains(&decision.key),
            answers,
            effects: written.effects(&effects, direction),
        });
    }
    let rest: Changes = all.difference(&explained).cloned().collect();
    let written = Written { catalogue: job.catalogue, job, before: &before, after: &after };
    difference.together = written.effects(&rest, None);
    difference
}

/// Whether the plans themselves answer a decision differently, for everyone or for a role.
fn answered_differently(decision: &Decision, old: &Plan, new: &Plan) -> bool {
    if matches!(decision.shape, Shape::Roles) {
        return !old.roles.keys().eq(new.roles.keys());
    }
    let same = |one: &BTreeMap<String, crate::plan::Decided>, other: &BTreeMap<String, crate::plan::Decided>| {
        let own = |answers: &BTreeMap<String, crate::plan::Decided>| -> BTreeMap<String, Value> {
            let own = answers.iter().filter(|(key, _)| is_answered_by(&decision.key, key));
            own.map(|(key, decided)| (key.clone(), decided.value.clone())).collect()
        };
        own(one) == own(other)
    };
    let roles = old.roles.iter().filter_map(|(role, answers)| Some((answers, new.roles.get(role)?)));
    !same(&old.everyone, &new.everyone) || roles.into_iter().any(|(one, other)| !same(one, other))
}

/// The old plan with one decision answered as in the new one.
fn with(old: &Plan, new: &Plan, decision: &Decision) -> Plan {
    let mut tried = old.clone();
    if matches!(decision.shape, Shape::Roles) {
        tried.roles.retain(|role, _| new.roles.contains_key(role));
        return tried;
    }
    let replace = |answers: &mut BTreeMap<String, crate::plan::Decided>, by: &BTreeMap<String, crate::plan::Decided>| {
        answers.retain(|key, _| !is_answered_by(&decision.key, key));
        let own = by.iter().filter(|(key, _)| is_answered_by(&decision.key, key));
        answers.extend(own.map(|(key, decided)| (key.clone(), decided.clone())));
    };
    replace(&mut tried.everyone, &new.everyone);
    for (role, answers) in &mut tried.roles {
        if let Some(by) = new.roles.get(role) {
            replace(answers, by);
        }
    }
    tried
}

/// What differs for the roles that both have.
fn changes(before: &BTreeMap<String, RoleState>, after: &BTreeMap<String, RoleState>) -> Changes {
    let mut changes = Changes::new();
    for (role, old) in before {
        let Some(new) = after.get(role) else { continue };
        let mut add = |about: About| {
            changes.insert((role.clone(), about));
        };
        differing(&old.answers, &new.answers).for_each(|key| add(About::Answer(key.clone())));
        differing(&old.settings, &new.settings).for_each(|name| add(About::Setting(name.clone())));
        old.gaps.symmetric_difference(&new.gaps).for_each(|(client, reason)| add(About::Gap(client.clone(), reason.clone())));
        old.duties.symmetric_difference(&new.duties).for_each(|(to, what)| add(About::Duty(to.clone(), what.clone())));
    }
    changes
}

fn differing<'m, V: PartialEq>(old: &'m BTreeMap<String, V>, new: &'m BTreeMap<String, V>) -> impl Iterator<Item = &'m String> {
    let gone_or_other = old.iter().filter(|(key, value)| new.get(*key) != Some(value)).map(|(key, _)| key);
    gone_or_other.chain(new.keys().filter(|key| !old.contains_key(*key)))
}

/// The direction between two answers of a decision.
pub(super) fn direction(decision: Option<&Decision>, from: Option<&Value>, to: Option<&Value>) -> Direction {
    match (decision, from, to) {
        (_, None, _) => Direction::New,
        (_, _, None) => Direction::Gone,
        (Some(decision), Some(from), Some(to)) => {
            // Of two lists of which neither holds the other, the new one is not stronger.
            let order = match decision.shape {
                Shape::StandardOrList(_) => strength::compare(decision, to, from).map(Ordering::reverse),
                _ => strength::compare(decision, from, to),
            };
            match order.filter(|_| !decision.strength.is_empty() || matches!(decision.shape, Shape::StandardOrList(_))) {
                Some(Ordering::Less) => Direction::Tightened,
                Some(Ordering::Greater) => Direction::Loosened,
                _ => Direction::Changed,
            }
        }
        (None, Some(_), Some(_)) => Direction::Changed,
    }
}

/// Says changes; those that are equal for several roles stand together.
struct Written<'a, 'j> {
    catalogue: &'a Catalogue,
    job: &'a Job<'j>,
    before: &'a BTreeMap<String, RoleState>,
    after: &'a BTreeMap<String, RoleState>,
}

impl Written<'_, '_> {
    fn answers(&self, changes: &Changes) -> Vec<AnswerChange> {
        let mut said: Vec<AnswerChange> = Vec::new();
        for (role, about) in changes {
            let About::Answer(key) = about else { continue };
            let (from, to) = (self.before[role].answers.get(key), self.after[role].answers.get(key));
            let decision = self.catalogue.decisions.iter().find(|decision| is_answered_by(&decision.key, key));
            let (direction, from, to) = (direction(decision, from, to), from.map(spelled), to.map(spelled));
            match said.iter_mut().find(|known| known.key == *key && known.from == from && known.to == to) {
                Some(known) => known.roles.push(role.clone()),
                None => said.push(AnswerChange { key: key.clone(), direction, from, to, roles: vec![role.clone()] }),
            }
        }
        said
    }

    fn effects(&self, changes: &Changes, of_cause: Option<Direction>) -> Effects {
        let mut effects = Effects { follows: self.answers(changes), ..Effects::default() };
        for (role, about) in changes {
            match about {
                About::Answer(_) => {}
                About::Setting(name) => self.setting(&mut effects.settings, name, role, of_cause),
                About::Gap(client, reason) => {
                    let new = self.after[role].gaps.contains(&(client.clone(), reason.clone()));
                    note(&mut effects.gaps, client, reason, new, role);
                }
                About::Duty(to, what) => {
                    let new = self.after[role].duties.contains(&(to.clone(), what.clone()));
                    note(&mut effects.duties, to, what, new, role);
                }
            }
        }
        effects.settings.sort_by(|a, b| (&a.clients, &a.setting).cmp(&(&b.clients, &b.setting)));
        effects
    }

    fn setting(&self, said: &mut Vec<SettingChange>, name: &str, role: &str, of_cause: Option<Direction>) {
        let (old, new) = (self.before[role].settings.get(name), self.after[role].settings.get(name));
        let spell = |state: Option<&SettingState>| state.map(|state| spelled(&state.value));
        let (from, to) = (spell(old), spell(new));
        let (was_locked, locked) = (old.is_some_and(|old| old.locked), new.is_some_and(|new| new.locked));
        let direction = match (&from, &to, was_locked, locked) {
            (None, ..) => Direction::New,
            (_, None, ..) => Direction::Gone,
            (_, _, true, false) => Direction::Loosened,
            (_, _, false, true) => Direction::Tightened,
            _ => of_cause.filter(|direction| *direction <= Direction::Tightened).unwrap_or(Direction::Changed),
        };
        let clients: BTreeSet<String> = [old, new].into_iter().flatten().flat_map(|state| state.clients.clone()).collect();
        let clients: Vec<String> = clients.into_iter().collect();
        let same = |known: &&mut SettingChange| {
            known.setting == name
                && known.from == from
                && known.to == to
                && (known.was_locked, known.locked) == (was_locked, locked)
                && known.clients == clients
        };
        if let Some(known) = said.iter_mut().find(same) {
            known.roles.push(role.to_owned());
            return;
        }
        let found_in = self.job.schemas.describe(name).and_then(|known| {
            let (_, place) = known.facts.iter().find(|(word, _)| *word == "found in")?;
            Some(format!("{place} > {}", known.title?))
        });
        let (setting, roles) = (name.to_owned(), vec![role.to_owned()]);
        said.push(SettingChange { clients, setting, found_in, direction, from, to, was_locked, locked, roles });
    }
}

fn note(said: &mut Vec<NoteChange>, whose: &str, what: &str, new: bool, role: &str) {
    let direction = if new { Direction::New } else { Direction::Gone };
    match said.iter_mut().find(|known| known.whose == whose && known.what == what && known.direction == direction) {
        Some(known) => known.roles.push(role.to_owned()),
        None => said.push(NoteChange { whose: whose.to_owned(), direction, what: what.to_owned(), roles: vec![role.to_owned()] }),
    }
}
