//! Where a setting stands in the artifacts: the file, the place in it as its readers would name it, and what stands there.

use super::{Delivery, Windows, gpo, intune, registry};
use crate::vendor::desktop::Given;
use crate::vendor::registry::{Hive, RegistryAction, RegistryData, RegistryOperation};
use crate::vendor::{Typed, apple, thunderbird};

/// A place in an artifact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArtifactPlace {
    /// The file below the role's folder; a folder when it ends in `/`.
    pub path: String,
    /// The place inside.
    pub place: String,
}

/// All places where a setting is written, by the roads that the plan chooses.
pub fn places(typed: &Typed, delivery: Delivery) -> Vec<ArtifactPlace> {
    let by_group_policy = delivery.windows == Windows::Gpo;
    let mut places = match typed {
        Typed::Thunderbird(setting) => {
            // In the object of a group policy every policy is one value under its name.
            let name = super::thunderbird::policy_of(setting).filter(|_| by_group_policy);
            let profile = super::thunderbird::policy_of(setting)
                .map(|name| ArtifactPlace { path: super::thunderbird::PROFILE.to_owned(), place: name.to_owned() });
            let group = name.map(|name| in_group_policy(name.to_owned()));
            std::iter::once(thunderbird_place(setting)).chain(group).chain(profile).collect()
        }
        Typed::Registry(operations) => {
            operations.iter().flat_map(|operation| registry_places(operation, delivery.windows)).collect()
        }
        Typed::Profile(key) => vec![profile_place(key, delivery)],
        Typed::Workstation(parameter) => {
            vec![ArtifactPlace { path: format!("workstation/{}/", parameter.platform), place: parameter.name.clone() }]
        }
        Typed::Browser(setting) => {
            let own = super::browser::places(setting).into_iter().map(|(path, place)| ArtifactPlace { path, place });
            let of_group =
                (by_group_policy && !setting.suspended).then(|| in_group_policy(super::browser::registry_place(setting)));
            own.chain(of_group).collect()
        }
        Typed::Desktop(setting) => {
            vec![ArtifactPlace { path: super::desktop::path(setting), place: super::desktop::place(setting) }]
        }
    };
    if delivery.macs_by_intune {
        let wrapped = |place: &ArtifactPlace| Some(ArtifactPlace { path: intune::file_of_mac(&place.path)?, ..place.clone() });
        let more: Vec<ArtifactPlace> = places.iter().filter_map(wrapped).collect();
        places.extend(more);
    }
    places
}

/// What is written at one place, in one file or in several that say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The files below the role's folder; a folder where the name ends in `/`.
    pub paths: Vec<String>,
    /// The place inside.
    pub place: String,
    /// The type, where the format names one.
    pub kind: Option<&'static str>,
    /// The value: JSON, of a registry value its data; nothing when a value is deleted.
    pub value: Option<String>,
}

/// Everything that is written for a setting, place by place.
pub fn written(typed: &Typed, delivery: Delivery) -> Vec<Written> {
    match typed {
        Typed::Thunderbird(setting) => {
            let value = match setting {
                thunderbird::Setting::Policy { value, .. } => value.to_string(),
                thunderbird::Setting::Preference { value, .. } => value.to_json().to_string(),
            };
            Written::at(vec![thunderbird_place(setting)], None, Some(&value))
        }
        Typed::Registry(operations) => operations
            .iter()
            .flat_map(|operation| {
                let (kind, value) = registry_value(&operation.action);
                Written::at(registry_places(operation, delivery.windows), kind, value.as_deref())
            })
            .collect(),
        Typed::Profile(key) => {
            let value = match &key.declared {
                Some(declared) if delivery.accounts_declared => declared.value.to_json(),
                _ => plist_value(&key.value),
            };
            Written::at(places(typed, delivery), None, Some(&value.to_string()))
        }
        Typed::Workstation(parameter) => Written::at(places(typed, delivery), None, Some(&parameter.value.to_json().to_string())),
        Typed::Browser(setting) => Written::at(places(typed, delivery), None, Some(&setting.value.to_string())),
        Typed::Desktop(setting) => {
            let value = match &setting.value {
                Given::Fixed(value) => value.to_string(),
                Given::Personal(text) => serde_json::Value::from(text.to_string()).to_string(),
            };
            Written::at(places(typed, delivery), None, Some(&value))
        }
    }
}

impl Written {
    /// Files in which the place has the same name stand together.
    fn at(places: Vec<ArtifactPlace>, kind: Option<&'static str>, value: Option<&str>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for ArtifactPlace { path, place } in places {
            match all.iter_mut().find(|known| known.place == place) {
                Some(known) => known.paths.push(path),
                None => all.push(Self { paths: vec![path], place, kind, value: value.map(str::to_owned) }),
            }
        }
        all
    }
}

fn registry_value(action: &RegistryAction) -> (Option<&'static str>, Option<String>) {
    let RegistryAction::Set(data) = action else { return (None, None) };
    let (kind, value) = match data {
        RegistryData::Dword(number) => ("REG_DWORD", number.to_string()),
        RegistryData::Qword(number) => ("REG_QWORD", number.to_string()),
        RegistryData::Text(text) => ("REG_SZ", text.clone()),
        RegistryData::ExpandText(text) => ("REG_EXPAND_SZ", text.clone()),
        RegistryData::MultiText(texts) => ("REG_MULTI_SZ", texts.join("\n")),
    };
    (Some(kind), Some(value))
}

fn plist_value(value: &plist::Value) -> serde_json::Value {
    match value {
        plist::Value::Array(items) => items.iter().map(plist_value).collect(),
        plist::Value::Dictionary(entries) => {
            serde_json::Value::Object(entries.iter().map(|(key, value)| (key.clone(), plist_value(value))).collect())
        }
        plist::Value::Boolean(flag) => (*flag).into(),
        plist::Value::Integer(number) => number.as_signed().map_or_else(|| number.as_unsigned().into(), serde_json::Value::from),
        plist::Value::Real(number) => (*number).into(),
        plist::Value::String(text) => text.as_str().into(),
        // Bytes, dates and identifiers: as the XML spells them.
        other => format!("{other:?}").into(),
    }
}

fn in_group_policy(place: String) -> ArtifactPlace {
    ArtifactPlace { path: super::gpo::FOLDER.to_owned(), place }
}

fn thunderbird_place(setting: &thunderbird::Setting) -> ArtifactPlace {
    match setting {
        thunderbird::Setting::Policy { name, .. } => {
            ArtifactPlace { path: super::thunderbird::POLICIES.to_owned(), place: format!("/policies/{name}") }
        }
        thunderbird::Setting::Preference { name, channel: thunderbird::Channel::Policy, .. } => {
            ArtifactPlace { path: super::thunderbird::POLICIES.to_owned(), place: format!("/policies/Preferences/{name}") }
        }
        thunderbird::Setting::Preference { name, channel: thunderbird::Channel::Defaults, .. } => {
            ArtifactPlace { path: super::thunderbird::DEFAULTS.to_owned(), place: name.clone() }
        }
        thunderbird::Setting::Preference { name, channel: thunderbird::Channel::Autoconfig, .. } => {
            ArtifactPlace { path: super::thunderbird::AUTOCONFIG.to_owned(), place: name.clone() }
        }
    }
}

fn registry_places(operation: &RegistryOperation, windows: Windows) -> Vec<ArtifactPlace> {
    let (hive, pol) = match operation.hive {
        Hive::User => ("HKEY_CURRENT_USER", registry::USER_POL),
        Hive::Machine => ("HKEY_LOCAL_MACHINE", registry::MACHINE_POL),
    };
    let what = match &operation.action {
        RegistryAction::Set(_) => operation.name.clone(),
        RegistryAction::DeleteValue => format!("{} (deleted)", operation.name),
        RegistryAction::DeleteAllValues => "(all values deleted)".to_owned(),
    };
    let place = format!("{hive}\\{}\\{what}", operation.key.as_str());
    let road = match windows {
        Windows::Gpo => Some(gpo::FOLDER),
        Windows::Intune => Some(intune::FOLDER),
        Windows::Files => None,
    };
    let files = [registry::REG, pol, registry::LGPO, registry::SAMBA].into_iter().chain(road);
    files.map(|path| ArtifactPlace { path: (*path).to_owned(), place: place.clone() }).collect()
}

fn profile_place(key: &apple::PayloadKey, delivery: Delivery) -> ArtifactPlace {
    if let Some(declared) = key.declared.as_ref().filter(|_| delivery.accounts_declared) {
        let path = super::macos::declaration_path(&declared.kind);
        return ArtifactPlace { path, place: format!("/Payload/{}", declared.path.join("/")) };
    }
    let path = match key.scope {
        apple::Scope::User => super::macos::USER,
        apple::Scope::Device | apple::Scope::Either => super::macos::DEVICE,
    };
    ArtifactPlace { path: path.to_owned(), place: format!("{}/{}", key.payload_type, key.path.join("/")) }
}
