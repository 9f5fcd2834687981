//! Settings of Thunderbird in, its files out.
//!
//! `policies.json` carries the policies and every preference that the `Preferences` policy takes; `defaults.js` carries the
//! others, typed and lockable; `autoconfig/` those that differ from person to person. Each is written only when it holds
//! something. Which file a preference belongs to stands in the setting (the vendor schema decides it), and no preference goes
//! into two.
//!
//! Preferences are written in the object form with `Status` in lower case: the short form throws on a wrong type and loses
//! what follows, and another spelling of the status drops the entry. Keys stand in code point order.

mod autoconfig;
mod defaults;
mod policies;
mod profile;
mod quote;
mod setup;

use std::collections::BTreeMap;

use super::{Artifact, EmitError, Lock};
use crate::baselines::Baselines;
use crate::vendor::browser::{RegistryForm, operations as registry_operations};
use crate::vendor::registry::RegistryOperation;
use crate::vendor::thunderbird::{Channel, PreferenceValue, Setting};

pub use policies::PREFERENCES;
pub use profile::{ProfileError, render_profile};
pub use setup::{ISP, WEB, is_in_setup, render_setup};

/// The preferences of one file, by name.
type Preferences<'a> = BTreeMap<&'a str, (&'a PreferenceValue, Lock)>;

/// Where the policies go.
pub const POLICIES: &str = "thunderbird/policies.json";
/// Where the policies go as preferences of macOS.
pub const PROFILE: &str = "thunderbird/macos/thunderbird.mobileconfig";
/// Below which the certificates go.
pub(super) const CERTIFICATES: &str = "thunderbird/certificates/";
/// Where the default preferences go.
pub const DEFAULTS: &str = "thunderbird/defaults.js";
/// Where what differs from person to person goes: the file with the values, and the one that leads the program to it.
pub const AUTOCONFIG: &str = "thunderbird/autoconfig/";

/// The file of the content that leads the program to the values of the person.
const LEADER: &str = "files/thunderbird/autoconfig.js";

/// The policy that carries a setting; `None` where another file does.
pub fn policy_of(setting: &Setting) -> Option<&str> {
    match setting {
        Setting::Policy { name, .. } => Some(name),
        Setting::Preference { channel: Channel::Policy, .. } => Some(policies::PREFERENCES),
        Setting::Preference { channel: Channel::Defaults | Channel::Autoconfig, .. } => None,
    }
}

/// The settings by the file that carries them.
struct Sorted<'a> {
    policies: BTreeMap<&'a str, &'a serde_json::Value>,
    by_policy: Preferences<'a>,
    by_defaults: Preferences<'a>,
    by_autoconfig: Preferences<'a>,
}

/// Renders the files of one role, each only when it holds something.
///
/// The lock of a policy is not used: a policy says inside its value, or by its meaning, what the user may change.
///
/// # Errors
/// [`EmitError::Twice`] when a name comes with two values or two locks; [`EmitError::Character`] when a text holds U+0000,
/// which ends a text inside the program.
pub fn render(settings: &[(&Setting, Lock)], baselines: &Baselines) -> Result<Vec<Artifact>, EmitError> {
    let Sorted { policies, by_policy, by_defaults, by_autoconfig } = sort(settings)?;
    let mut artifacts = Vec::new();
    if !by_autoconfig.is_empty() {
        let leader = baselines.bytes(LEADER).unwrap_or_default();
        artifacts.push(Artifact::data(format!("{AUTOCONFIG}groundplan.cfg"), autoconfig::render(&by_autoconfig)));
        artifacts.push(Artifact::data(format!("{AUTOCONFIG}groundplan.js"), leader));
    }
    if !by_defaults.is_empty() {
        artifacts.push(Artifact::data(DEFAULTS, defaults::render(&by_defaults)));
    }
    if !(policies.is_empty() && by_policy.is_empty()) {
        artifacts.push(Artifact::data(POLICIES, policies::render(&policies, &by_policy)));
    }
    Ok(artifacts)
}

/// The policies as the registry of Windows holds them below `key`, in the half of the computer. What only a file of default
/// preferences carries has no form there.
///
/// # Errors
/// As [`render`], and [`EmitError::Number`] for a number that the registry cannot hold.
pub fn operations(settings: &[(&Setting, Lock)], key: &str) -> Result<Vec<RegistryOperation>, EmitError> {
    let Sorted { policies, by_policy, .. } = sort(settings)?;
    let mut operations = Vec::new();
    for (name, value) in policies::all(&policies, &by_policy) {
        let own = registry_operations(key, &name, &value, RegistryForm::Lines);
        operations.extend(own.ok_or(EmitError::Number { setting: name })?);
    }
    Ok(operations)
}

fn sort<'a>(settings: &[(&'a Setting, Lock)]) -> Result<Sorted<'a>, EmitError> {
    let mut policies: BTreeMap<&str, &serde_json::Value> = BTreeMap::new();
    let mut by_channel: BTreeMap<Channel, Preferences<'_>> = BTreeMap::new();
    for (setting, lock) in settings {
        let twice = || EmitError::Twice { place: setting.name().to_owned() };
        match setting {
            Setting::Policy { name, value } => {
                refuse_nul(name, value)?;
                if policies.insert(name, value).is_some_and(|before| before != value) {
                    return Err(twice());
                }
            }
            Setting::Preference { name, value, channel } => {
                refuse_nul(name, &value.to_json())?;
                let elsewhere = by_channel.iter().any(|(other, known)| other != channel && known.contains_key(name.as_str()));
                let before = by_channel.entry(*channel).or_default().insert(name, (value, *lock));
                if elsewhere || before.is_some_and(|before| before != (value, *lock)) {
                    return Err(twice());
                }
            }
        }
    }
    let mut of = |channel| by_channel.remove(&channel).unwrap_or_default();
    let (by_policy, by_defaults, by_autoconfig) = (of(Channel::Policy), of(Channel::Defaults), of(Channel::Autoconfig));
    if policies.contains_key(policies::PREFERENCES) && !by_policy.is_empty() {
        return Err(EmitError::Twice { place: policies::PREFERENCES.to_owned() });
    }
    Ok(Sorted { policies, by_policy, by_defaults, by_autoconfig })
}

fn refuse_nul(setting: &str, value: &serde_json::Value) -> Result<(), EmitError> {
    let refused = || EmitError::Character { setting: setting.to_owned(), format: "a file of Thunderbird", character: 0 };
    match value {
        serde_json::Value::String(text) if text.contains('\0') => Err(refused()),
        serde_json::Value::Array(items) => items.iter().try_for_each(|item| refuse_nul(setting, item)),
        serde_json::Value::Object(map) => {
            map.iter().try_for_each(|(key, item)| if key.contains('\0') { Err(refused()) } else { refuse_nul(setting, item) })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
