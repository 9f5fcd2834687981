//! A custom configuration for each profile of macOS, and the script that prepares shared Macs.
//!
//! In: the artifacts of a role. Out: for each of these among them a body that Graph takes, with the same bytes inside; for a
//! profile with the channel that it is for. Form: Microsoft Graph, `macOSCustomConfiguration`, whose channel is a property of its
//! beta, and `deviceShellScript` of the beta.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{DESCRIPTION, FOLDER, configuration_name};
use crate::emit::json::pretty;
use crate::emit::{Artifact, Identity, macos};

const ENDING: &str = ".mobileconfig";
/// The folder of the scripts for shared Macs, and the one among them that Intune runs.
const SCRIPTS: &str = "workstation/macos/";
const SCRIPT: &str = "apply";

/// Where the configuration of a profile goes, or the body of the script of this folder; `None` for another file.
pub fn file_of_mac(path: &str) -> Option<String> {
    if path == SCRIPTS {
        return Some(format!("{FOLDER}macos-script-{SCRIPT}.json"));
    }
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
        let (path, name) = (file_of_mac(&artifact.path)?, short_name(&artifact.path)?);
        let title = configuration_name(identity, &format!(", macOS {}", name.replace('-', " ")));
        let document = json!({
            "@odata.type": "#microsoft.graph.macOSCustomConfiguration",
            "displayName": title,
            "description": DESCRIPTION,
            "deploymentChannel": if artifact.path == macos::USER { "userChannel" } else { "deviceChannel" },
            "payloadName": title,
            "payloadFileName": format!("{name}{ENDING}"),
            "payload": STANDARD.encode(&artifact.bytes),
        });
        Some(Artifact::data(path, pretty(document)))
    };
    artifacts.iter().filter_map(configuration).collect()
}

/// The script among these artifacts, which Intune runs as root once a day: a second run changes nothing.
pub fn render_script(artifacts: &[Artifact], identity: &Identity<'_>) -> Option<Artifact> {
    let script = artifacts.iter().find(|artifact| artifact.path.strip_prefix(SCRIPTS) == Some(SCRIPT))?;
    let document = json!({
        "@odata.type": "#microsoft.graph.deviceShellScript",
        "displayName": configuration_name(identity, ", macOS shared computer"),
        "description": "Made by groundplan; run its undo before the next generation takes its place.",
        "runAsAccount": "system",
        "fileName": format!("groundplan-{SCRIPT}.sh"),
        "blockExecutionNotifications": true,
        "executionFrequency": "P1D",
        "retryCount": 3,
        "scriptContent": STANDARD.encode(&script.bytes),
    });
    Some(Artifact::data(file_of_mac(SCRIPTS)?, pretty(document)))
}
