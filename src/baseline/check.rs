//! Holds a baseline against the vendor schemas: the bridge from what was decided to what clients take.
//!
//! A setting that the written version lacks becomes a gap with the reason, never a dead line. Everything else that a schema
//! refuses is an error, as are two settings that write one value.

use std::collections::{BTreeMap, BTreeSet};

use super::{Baseline, Duty, Gap, Lock, Setting, Trail, writers};
use crate::diag::{Code, Finding, Level};
use crate::plan::{Origin, RoleAnswers};
use crate::value::Value;
use crate::vendor::apple::{Deprecation, PayloadKey, Scope};
use crate::vendor::{Problem, Schemas, Typed, Versions};

/// A setting as its client takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedSetting {
    /// The setting.
    pub setting: Setting,
    /// What the vendor's schema makes of it.
    pub typed: Typed,
}

/// A baseline that every client takes as it is meant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CheckedBaseline {
    /// The clients of the role, by id.
    pub clients: Vec<String>,
    /// The settings, by name.
    pub settings: Vec<CheckedSetting>,
    /// The gaps, in the order of the decisions.
    pub gaps: Vec<Gap>,
    /// The duties, in the order of the decisions.
    pub duties: Vec<Duty>,
}

/// The versions that the plan writes for.
pub fn versions_of(answers: &RoleAnswers) -> Versions {
    let versions = answers.value("versions", None).and_then(Value::as_map);
    Versions::new(
        versions.into_iter().flatten().filter_map(|(client, version)| Some((client.clone(), version.as_text()?.to_owned()))),
    )
}

/// Checks the baselines of a plan, one role after the other; what a schema said of a value is not asked again for the next.
pub struct Checker<'a, 's> {
    schemas: &'a Schemas<'s>,
    versions: Versions,
    seen: BTreeMap<String, Vec<Seen>>,
    /// The other settings that write what a setting writes.
    writers: BTreeMap<String, Vec<String>>,
}

/// A value, and what its schema said of it.
type Seen = (Value, Result<Typed, Problem>);

/// More values of one setting than this are not remembered, so that memory does not grow with the number of roles.
const REMEMBERED_VALUES: usize = 4;

impl<'a, 's> Checker<'a, 's> {
    /// Starts with nothing remembered; the versions are those of the whole plan.
    pub fn new(schemas: &'a Schemas<'s>, versions: Versions) -> Self {
        Self { schemas, versions, seen: BTreeMap::new(), writers: BTreeMap::new() }
    }

    /// Checks every setting of a baseline.
    ///
    /// # Panics
    /// Never: a setting comes from a rule of a client.
    pub fn check(&mut self, baseline: Baseline) -> (CheckedBaseline, Vec<Finding>) {
        let mut findings = Vec::new();
        let Baseline { clients, settings, gaps, duties } = baseline;
        let mut checked = CheckedBaseline { clients, settings: Vec::new(), gaps, duties };
        for mut setting in settings {
            match self.typed(&setting.name, &setting.value) {
                Ok(mut typed) => {
                    // What differs from person to person cannot stand in a profile for the computer.
                    if let Typed::Profile(key) = &mut typed
                        && setting.personal
                    {
                        if key.scope == Scope::Device {
                            let reason = "the vendor takes it for the computer only, and its value differs from person to person";
                            findings.push(refused(&setting, &Problem::Refused { reason: reason.to_owned() }));
                            continue;
                        }
                        key.scope = Scope::User;
                    }
                    if let Typed::Profile(PayloadKey { deprecated: Some(deprecated), .. }) = &typed {
                        findings.push(will_go(&setting, deprecated));
                    }
                    if typed.cannot_be_locked() {
                        setting.lock = Lock::Preset;
                    }
                    checked.settings.push(CheckedSetting { setting, typed });
                }
                Err(problem @ Problem::NotInVersion { .. }) => checked.gaps.extend(setting.trails.into_iter().map(|trail| Gap {
                    client: trail.client.clone().expect("a setting comes from a rule of a client"),
                    reason: format!("`{}` {problem}.", setting.name),
                    duty: None,
                    trail,
                })),
                Err(problem) => findings.push(refused(&setting, &problem)),
            }
        }
        personal_as_a_whole(&mut checked.settings);
        for (first, second, place) in writers::meeting(&checked.settings) {
            findings.push(two_writers(first, second, &place));
        }
        self.one_channel_each(&checked.settings, &mut findings);
        let typed = checked.settings.iter().map(|checked| &checked.typed);
        for (name, problem) in self.schemas.check_companions(typed, &self.versions) {
            let payload = format!("{name}:");
            let own = |checked: &&CheckedSetting| checked.setting.name == name || checked.setting.name.starts_with(&payload);
            if let Some(setting) = checked.settings.iter().find(own) {
                findings.push(refused(&Setting { name, ..setting.setting.clone() }, &problem));
            }
        }
        (checked, findings)
    }

    fn typed(&mut self, name: &str, value: &Value) -> Result<Typed, Problem> {
        if let Some((_, known)) = self.seen.get(name).and_then(|seen| seen.iter().find(|(seen, _)| seen == value)) {
            return known.clone();
        }
        let typed = self.schemas.check(name, value, &self.versions);
        let seen = self.seen.entry(name.to_owned()).or_default();
        if seen.len() == REMEMBERED_VALUES {
            drop(seen.remove(0));
        }
        seen.push((value.clone(), typed.clone()));
        typed
    }

    /// A setting that a client also makes of another one must not stand beside it.
    fn one_channel_each(&mut self, settings: &[CheckedSetting], findings: &mut Vec<Finding>) {
        for CheckedSetting { setting, .. } in settings {
            if !self.writers.contains_key(&setting.name) {
                self.writers.insert(setting.name.clone(), self.schemas.also_written_by(&setting.name, &self.versions));
            }
            let others = &self.writers[&setting.name];
            if others.is_empty() {
                continue;
            }
            if let Some(other) = settings.iter().find(|other| others.contains(&other.setting.name)) {
                findings.push(two_writers(&other.setting, setting, &setting.name));
            }
        }
    }
}

fn refused(setting: &Setting, problem: &Problem) -> Finding {
    let trail = &setting.trails[0];
    let message = format!("`{}` {problem} (set by `{}`)", setting.name, trail.decision);
    let rule = format!("the rule is {}:{}", trail.rule.file, trail.rule.line);
    let help = problem.help().map_or_else(|| rule.clone(), |help| format!("{help} ({rule})"));
    at_plan(trail, Finding::error(Code::BaselineSetting, message)).help(help)
}

/// A note, for the setting still counts; but whoever plans for years should know.
fn will_go(setting: &Setting, Deprecation { since, instead }: &Deprecation) -> Finding {
    let trail = &setting.trails[0];
    let message = format!("`{}` is deprecated since macOS {since}; it is written and still counts", setting.name);
    let rule = format!("the rule is {}:{}", trail.rule.file, trail.rule.line);
    let help = match instead {
        Some(instead) => format!("the vendor wants {instead} used instead ({rule})"),
        None => format!("what the vendor wants used instead is not known here ({rule})"),
    };
    at_plan(trail, Finding::error(Code::BaselineDeprecated, message).level(Level::Note)).help(help)
}

fn at_plan(trail: &Trail, finding: Finding) -> Finding {
    match &trail.origin {
        Some(Origin::Plan { place, .. }) => finding.at(place.clone()),
        _ => finding,
    }
}

fn two_writers(first: &Setting, second: &Setting, place: &str) -> Finding {
    let message = format!("`{}` and `{}` both write `{place}`", first.name, second.name);
    let (one, other) = (&first.trails[0], &second.trails[0]);
    let help = format!("the rules are {}:{} and {}:{}", one.rule.file, one.rule.line, other.rule.file, other.rule.line);
    at_plan(other, Finding::error(Code::BaselineConflict, message)).help(help)
}

/// What is wrong with the versions that the plan writes for.
///
/// A version that no schema knows is an error; a client that nothing is written for yet is a note, so that nobody believes
/// its version was minded.
pub fn check_versions(answers: &RoleAnswers, schemas: &Schemas<'_>) -> Vec<Finding> {
    let Some(Origin::Plan { place, .. }) = answers.answers.get("versions").map(|given| &given.origin) else { return Vec::new() };
    let known = schemas.known_versions();
    let judge = |(client, version): (&str, &str)| {
        let Some(known) = known.get(client) else {
            let note = format!("no settings are written for {client} yet, so its version changes nothing");
            return Some(Finding::error(Code::PlanVersion, note).level(Level::Note).at(place.clone()));
        };
        let fits =
            |line: &String| version == line || version.strip_prefix(line.as_str()).is_some_and(|rest| rest.starts_with('.'));
        let message = format!("there is no schema for {client} {version}");
        let help = match known.as_slice() {
            [oldest, .., newest] if known.len() > 8 => format!("the versions that can be written for are {oldest} to {newest}"),
            _ => format!("the versions that can be written for are {}", known.join(", ")),
        };
        (!known.iter().any(fits)).then(|| Finding::error(Code::PlanVersion, message).at(place.clone()).help(help))
    };
    let versions = versions_of(answers);
    let notes = schemas.notes(&versions);
    let note = |note| Finding::error(Code::PlanVersion, note).level(Level::Note).at(place.clone());
    versions.iter().filter_map(judge).chain(notes.into_iter().map(note)).collect()
}

/// A payload with a value that differs from person to person belongs to the person as a whole.
fn personal_as_a_whole(settings: &mut [CheckedSetting]) {
    let of_a_person: BTreeSet<String> = settings
        .iter()
        .filter_map(|checked| match &checked.typed {
            Typed::Profile(key) if checked.setting.personal => Some(key.payload_type.clone()),
            _ => None,
        })
        .collect();
    for checked in settings {
        if let Typed::Profile(key) = &mut checked.typed
            && key.scope == Scope::Either
            && of_a_person.contains(&key.payload_type)
        {
            key.scope = Scope::User;
        }
    }
}
