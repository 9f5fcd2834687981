//! Where a setting stands in the artifacts: the file, and the place in it as its readers would name it.

use super::{Delivery, Windows, gpo, intune, outlook};
use crate::vendor::registry::{Hive, RegistryAction, RegistryOperation};
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
            std::iter::once(thunderbird_place(setting)).chain(name.map(|name| in_group_policy(name.to_owned()))).collect()
        }
        Typed::Registry(operations) => {
            operations.iter().flat_map(|operation| registry_places(operation, delivery.windows)).collect()
        }
        Typed::Profile(key) => profile_places(key),
        Typed::Workstation(parameter) => {
            vec![ArtifactPlace { path: format!("workstation/{}/", parameter.platform), place: parameter.name.clone() }]
        }
        Typed::Browser(setting) => {
            let own = super::browser::places(setting).into_iter().map(|(path, place)| ArtifactPlace { path, place });
            let of_group = (by_group_policy && !setting.suspended).then(|| in_group_policy(super::browser::registry_place(setting)));
            own.chain(of_group).collect()
        }
    };
    if delivery.macs_by_intune {
        let wrapped =
            |place: &ArtifactPlace| Some(ArtifactPlace { path: intune::file_of_profile(&place.path)?, ..place.clone() });
        let more: Vec<ArtifactPlace> = places.iter().filter_map(wrapped).collect();
        places.extend(more);
    }
    places
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
    }
}

fn registry_places(operation: &RegistryOperation, windows: Windows) -> Vec<ArtifactPlace> {
    let (hive, pol) = match operation.hive {
        Hive::User => ("HKEY_CURRENT_USER", outlook::USER_POL),
        Hive::Machine => ("HKEY_LOCAL_MACHINE", outlook::MACHINE_POL),
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
    let files = [outlook::REG, pol, outlook::LGPO, outlook::SAMBA].into_iter().chain(road);
    files.map(|path| ArtifactPlace { path: (*path).to_owned(), place: place.clone() }).collect()
}

fn profile_places(key: &apple::PayloadKey) -> Vec<ArtifactPlace> {
    let path = match key.scope {
        apple::Scope::User => super::macos::USER,
        apple::Scope::Device | apple::Scope::Either => super::macos::DEVICE,
    };
    vec![ArtifactPlace { path: path.to_owned(), place: format!("{}/{}", key.payload_type, key.path.join("/")) }]
}
