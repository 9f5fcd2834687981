//! What a plan makes of a decision or setting, for each role; roles for which it is the same stand together.

use serde::Serialize;

use super::words;
use crate::baseline::{CheckedSetting, Trail};
use crate::emit::{ArtifactPlace, Delivery, Lock, places};
use crate::generate::{Job, baseline_of, checker_for};
use crate::plan::answers_of;

/// The answer to a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerInPlan {
    /// The roles; `everyone` is the plan without a role.
    pub roles: Vec<String>,
    /// The decision: for a decision below a free name, with the name.
    pub decision: String,
    /// The answer, as the plan would spell it.
    pub answer: Option<String>,
    /// File and line of the plan, or which default.
    pub origin: String,
}

/// Which decision set a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrailInPlan {
    /// The decision.
    pub decision: String,
    /// Its answer.
    pub answer: Option<String>,
    /// Where the answer comes from.
    pub origin: String,
}

/// The value of a setting, and where it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingInPlan {
    /// The roles; `everyone` is the plan without a role.
    pub roles: Vec<String>,
    /// The vendor's name.
    pub setting: String,
    /// The value, as rules write it; nothing when the roles do not have the setting.
    pub value: Option<String>,
    /// Whether the user cannot change it.
    pub locked: bool,
    /// Which decisions set it.
    pub by: Vec<TrailInPlan>,
    /// Files below the role's folder, each with the place inside.
    pub artifacts: Vec<(String, String)>,
}

/// The answers of all roles to the decisions that `wanted` names.
pub(super) fn answers(job: &Job<'_>, wanted: impl Fn(&str) -> bool) -> Vec<AnswerInPlan> {
    let mut found: Vec<AnswerInPlan> = Vec::new();
    for role in job.plan.all_roles() {
        let answers = answers_of(job.plan, role, job.catalogue, job.today);
        let mut add = |decision: &str, answer: Option<String>, origin: String| {
            let same = |known: &&mut AnswerInPlan| known.decision == decision && known.answer == answer && known.origin == origin;
            if let Some(known) = found.iter_mut().find(same) {
                known.roles.push(answers.name().to_owned());
            } else {
                let roles = vec![answers.name().to_owned()];
                found.push(AnswerInPlan { roles, decision: decision.to_owned(), answer, origin });
            }
        };
        let mut any = false;
        for (key, given) in answers.answers.iter().filter(|(key, _)| wanted(key)) {
            any = true;
            add(key, Some(words::spelled(&given.value)), words::origin(Some(&given.origin)));
        }
        for decision in job.catalogue.decisions.iter().filter(|decision| !any && wanted(&decision.key)) {
            add(&decision.key, None, words::origin(None));
        }
    }
    found
}

/// The settings of all roles that `wanted` takes, by name; with `absent`, a setting that only some roles have is also said
/// to be missing for the others.
pub(super) fn settings(job: &Job<'_>, absent: Option<&str>, wanted: impl Fn(&CheckedSetting) -> bool) -> Vec<SettingInPlan> {
    let mut found: Vec<SettingInPlan> = Vec::new();
    let mut checker = checker_for(job);
    for role in job.plan.all_roles() {
        let answers = answers_of(job.plan, role, job.catalogue, job.today);
        let (baseline, _) = baseline_of(job, &answers, &mut checker);
        let delivery = Delivery::of(&answers);
        let found_here = baseline.settings.iter().filter(|setting| wanted(setting));
        let mut views: Vec<SettingInPlan> = found_here.map(|setting| view(setting, delivery)).collect();
        if let Some(name) = absent.filter(|_| views.is_empty()) {
            views.push(SettingInPlan {
                roles: Vec::new(),
                setting: name.to_owned(),
                value: None,
                locked: false,
                by: Vec::new(),
                artifacts: Vec::new(),
            });
        }
        for view in views {
            match found.iter_mut().find(|known| SettingInPlan { roles: Vec::new(), ..(*known).clone() } == view) {
                Some(known) => known.roles.push(answers.name().to_owned()),
                None => found.push(SettingInPlan { roles: vec![answers.name().to_owned()], ..view }),
            }
        }
    }
    found.sort_by(|a, b| a.setting.cmp(&b.setting));
    found
}

fn view(checked: &CheckedSetting, delivery: Delivery) -> SettingInPlan {
    let setting = &checked.setting;
    let by = |trail: &Trail| TrailInPlan {
        decision: trail.decision.clone(),
        answer: trail.answer.clone(),
        origin: words::origin(trail.origin.as_ref()),
    };
    let artifact = |place: ArtifactPlace| (place.path, place.place);
    SettingInPlan {
        roles: Vec::new(),
        setting: setting.name.clone(),
        value: Some(words::spelled(&setting.value)),
        locked: setting.lock == Lock::Locked,
        by: setting.trails.iter().map(by).collect(),
        artifacts: places(&checked.typed, delivery).into_iter().map(artifact).collect(),
    }
}
