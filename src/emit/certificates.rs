//! The certificate files that policies name, for the programs that read them from a folder.

use std::collections::{BTreeMap, BTreeSet};

use super::{Artifact, browser, thunderbird};
use crate::baseline::{CheckedSetting, file_name};
use crate::certificate::Certificate;
use crate::vendor::Typed;

/// Where a certificate goes that a setting names by the last step of its path in the plan; `None` where the client takes
/// it inside of the setting.
pub fn certificate_path(typed: &Typed, path: &str) -> Option<String> {
    let folder = match typed {
        Typed::Thunderbird(_) => thunderbird::CERTIFICATES.to_owned(),
        Typed::Browser(setting) => browser::certificates(setting),
        Typed::Registry(_) | Typed::Profile(_) | Typed::Workstation(_) | Typed::Desktop(_) => return None,
    };
    Some(format!("{folder}{}", file_name(path)))
}

/// The certificates that the policies of a role name.
pub(super) fn render(settings: &[CheckedSetting], certificates: &BTreeMap<String, Certificate>) -> Vec<Artifact> {
    let named = |CheckedSetting { setting, typed }: &CheckedSetting| {
        let files = setting.files.iter().filter_map(|file| Some((certificate_path(typed, file)?, file.clone())));
        files.collect::<Vec<_>>()
    };
    let named: BTreeSet<(String, String)> = settings.iter().flat_map(named).collect();
    let artifact = |(path, file): (String, String)| Some(Artifact::data(path, certificates.get(&file)?.pem.as_bytes()));
    named.into_iter().filter_map(artifact).collect()
}
