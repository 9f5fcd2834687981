//! A custom configuration for each profile of macOS.
//!
//! In: the artifacts of a role. Out: for each profile among them a body that Graph takes, with the same bytes inside and the
//! channel that the profile is for. Form: Microsoft Graph, `macOSCustomConfiguration`; the channel is a property of its beta.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{FOLDER, configuration_name};
use crate::emit::json::pretty;
use crate::emit::{Artifact, Identity, macos};

const ENDING: &str = ".mobileconfig";

/// Where the configuration of a profile goes; `None` for another file.
pub fn file_of_profile(path: &str) -> Option<String> {
    Some(format!("{FOLDER}macos-{}.json", short_name(path)?))
}

/// What tells the profiles of a role apart: their file's name, and the folder of a second set.
fn short_name(path: &str) -> Option<String> {
    let (folders, file) = path.strip_suffix(ENDING)?.rsplit_once('/')?;
    let second = folders.split('/').nth(1).filter(|folder| Some(*folder) != folders.rsplit('/').next());
    Some(second.map_or_else(|| file.to_owned(), |second| format!("{file}-{second}")))
}

/// The configurations for the profiles among these artifacts.
pub fn render_profiles(artifacts: &[Artifact], identity: &Identity<'_>) -> Vec<Artifact> {
    let configuration = |artifact: &Artifact| {
        let (path, name) = (file_of_profile(&artifact.path)?, short_name(&artifact.path)?);
        let title = configuration_name(identity, &format!(", macOS {}", name.replace('-', " ")));
        let document = json!({
            "@odata.type": "#microsoft.graph.macOSCustomConfiguration",
            "displayName": title,
            "description": "Made by groundplan; replaced as a whole by the next generation.",
            "deploymentChannel": if artifact.path == macos::USER { "userChannel" } else { "deviceChannel" },
            "payloadName": title,
            "payloadFileName": format!("{name}{ENDING}"),
            "payload": STANDARD.encode(&artifact.bytes),
        });
        Some(Artifact::data(path, pretty(document)))
    };
    artifacts.iter().filter_map(configuration).collect()
}
