//! Policies of browsers in, the files of the folder `browser/` out.
//!
//! One value of each policy gives all forms: the JSON file that Linux reads (and, for Firefox, every system), a registry file
//! and a policy file for Windows, a profile for macOS. A second set of the same files lies in `browser/suspended/`: the same
//! policies, of which those that close webmail have other values. It is written only when it differs.
//!
//! Policies of browsers are for the computer and always locked.

mod profile;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::json::pretty;
use super::macos::{ProfileIdentity, render_browsers};
use super::registry::render_to;
use super::{Artifact, EmitError};
use crate::vendor::browser::{Places, Setting};
use crate::vendor::registry::{Hive, RegistryOperation};

/// The folder of the second set, which takes the place of the first one where webmail is to stay closed.
pub(super) const SUSPENDED: &str = "browser/suspended/";
/// The folder of the first set, and of the second.
pub const FOLDERS: [&str; 2] = ["browser/", SUSPENDED];
const WINDOWS: &str = "windows";
const REG: &str = "windows/browsers.reg";
const MACHINE_POL: &str = "windows/machine.pol";
const PROFILE: &str = "macos/browsers.mobileconfig";

/// The policies of one set, by browser and name.
type Set<'s> = BTreeMap<(&'s Places, &'s str), &'s Setting>;

/// What an earlier generation set in a folder's files and these operations do not, as deletions.
pub type Removals<'a> = dyn Fn(&str, &[RegistryOperation]) -> Vec<RegistryOperation> + 'a;

/// Renders the files of one role.
///
/// # Errors
/// [`EmitError::Twice`] when a policy comes with two values in one set, [`EmitError::Character`] when a text holds what a
/// format cannot carry.
pub fn render(settings: &[&Setting], identity: &ProfileIdentity<'_>, gone: &Removals<'_>) -> Result<Vec<Artifact>, EmitError> {
    let [first, second] = sets(settings)?;
    let mut artifacts = files(&first, FOLDERS[0], identity, gone)?;
    let differs = second.iter().any(|(place, setting)| first.get(place).is_none_or(|before| before.value != setting.value));
    if differs {
        artifacts.extend(files(&second, FOLDERS[1], identity, gone)?);
    }
    Ok(artifacts)
}

/// Where the registry holds a policy, as its readers name it.
pub(super) fn registry_place(setting: &Setting) -> String {
    let Places { registry_key, .. } = &*setting.places;
    format!("{}\\{registry_key}\\{}", super::registry::reg::hive_name(Hive::Machine), setting.policy)
}

/// The folder of the certificates that a policy names: beside the file of the browser.
pub(super) fn certificates(setting: &Setting) -> String {
    let file = &setting.places.file;
    let folder = file.split_once('/').map_or("", |(folder, _)| folder);
    format!("{}{folder}/certificates/", FOLDERS[0])
}

/// The files that hold a setting, with the place inside.
pub(super) fn places(setting: &Setting) -> Vec<(String, String)> {
    let Places { file, file_key, preferences, .. } = &*setting.places;
    let policy = &setting.policy;
    let inside = file_key.as_ref().map_or_else(|| format!("/{policy}"), |key| format!("/{key}/{policy}"));
    let key = registry_place(setting);
    let folders = if setting.suspended { &FOLDERS[1..] } else { &FOLDERS[..] };
    let of_folder = |folder: &&str| {
        [
            (format!("{folder}{file}"), inside.clone()),
            (format!("{folder}{REG}"), key.clone()),
            (format!("{folder}{MACHINE_POL}"), key.clone()),
            (format!("{folder}{PROFILE}"), format!("{preferences}/{policy}")),
        ]
    };
    folders.iter().flat_map(of_folder).collect()
}

/// The first set, and the second: the first with what stands in it instead.
fn sets<'s>(settings: &[&'s Setting]) -> Result<[Set<'s>; 2], EmitError> {
    let (mut first, mut instead) = (Set::new(), Set::new());
    for &setting in settings {
        let set = if setting.suspended { &mut instead } else { &mut first };
        let before = set.insert((&*setting.places, setting.policy.as_str()), setting);
        if before.is_some_and(|before| before.value != setting.value) {
            return Err(EmitError::Twice { place: format!("{}:{}", setting.places.browser, setting.policy) });
        }
    }
    let mut second = first.clone();
    second.extend(instead);
    Ok([first, second])
}

fn files(set: &Set<'_>, folder: &str, identity: &ProfileIdentity<'_>, gone: &Removals<'_>) -> Result<Vec<Artifact>, EmitError> {
    let mut documents: BTreeMap<&Places, Map<String, Value>> = BTreeMap::new();
    for ((places, policy), setting) in set {
        documents.entry(places).or_default().insert((*policy).to_owned(), setting.value.clone());
    }
    let mut artifacts: Vec<Artifact> = documents
        .into_iter()
        .map(|(places, policies)| {
            let document = match &places.file_key {
                Some(key) => json!({ key: policies }),
                None => Value::Object(policies),
            };
            Artifact::data(format!("{folder}{}", places.file), pretty(document))
        })
        .collect();
    let pol = format!("{folder}{MACHINE_POL}");
    let mut operations = registry(set)?;
    operations.extend(gone(&format!("{folder}{WINDOWS}"), &operations));
    artifacts.extend(render_to(&operations, &format!("{folder}{REG}"), &[(Hive::Machine, &pol)])?);
    artifacts.extend(render_browsers(&profile::keys(set.values().copied()), &format!("{folder}{PROFILE}"), identity)?);
    Ok(artifacts)
}

fn registry(set: &Set<'_>) -> Result<Vec<RegistryOperation>, EmitError> {
    let mut operations = Vec::new();
    for setting in set.values() {
        operations.extend(setting.operations().ok_or_else(|| EmitError::Number { setting: setting.policy.clone() })?);
    }
    Ok(operations)
}
