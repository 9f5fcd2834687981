//! What a plan comes to for each role, in a form in which two plans can be held against each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::baseline::{Checker, Lock, resolve, versions_of};
use crate::generate::Job;
use crate::plan::{Plan, answers_of};
use crate::value::Value;

/// A setting of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SettingState {
    pub(super) value: Value,
    pub(super) locked: bool,
    pub(super) clients: BTreeSet<String>,
}

/// A role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RoleState {
    pub(super) answers: BTreeMap<String, Value>,
    pub(super) settings: BTreeMap<String, SettingState>,
    /// Client and reason.
    pub(super) gaps: BTreeSet<(String, String)>,
    /// Addressee and text.
    pub(super) duties: BTreeSet<(String, String)>,
}

/// All roles of a plan, with content and day of `job`.
pub(super) fn states(plan: &Plan, job: &Job<'_>) -> BTreeMap<String, RoleState> {
    let everyone = answers_of(plan, None, job.catalogue, job.today);
    let mut checker = Checker::new(job.schemas, versions_of(&everyone));
    let mut states = BTreeMap::new();
    for role in plan.all_roles() {
        let answers = answers_of(plan, role, job.catalogue, job.today);
        let (baseline, _) = checker.check(resolve(job.catalogue, &answers).0);
        let setting = |checked: &crate::baseline::CheckedSetting| {
            let setting = &checked.setting;
            let clients = setting.trails.iter().filter_map(|trail| trail.client.clone()).collect();
            let state = SettingState { value: setting.value.clone(), locked: setting.lock == Lock::Locked, clients };
            (setting.name.clone(), state)
        };
        let state = RoleState {
            settings: baseline.settings.iter().map(setting).collect(),
            gaps: baseline.gaps.iter().map(|gap| (gap.client.clone(), gap.reason.clone())).collect(),
            duties: baseline.duties.iter().map(|duty| (duty.to.clone(), duty.what.clone())).collect(),
            answers: answers.answers.iter().map(|(key, given)| (key.clone(), given.value.clone())).collect(),
        };
        states.insert(answers.name().to_owned(), state);
    }
    states
}
