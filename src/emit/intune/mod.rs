//! Writes the folder `intune/`: what Microsoft Intune is given, by Graph or by hand.
//!
//! In: the policies of a role and who they are from; its profiles for macOS. Out, for Windows: `settings-catalog.json`, a policy
//! of the settings catalogue with what that is known to hold; `omauri.json`, a custom configuration with small templates that
//! Windows takes in first (`template.rs`) and a line for each of the others; `omauri.csv`, the same for the console, with the
//! road of every policy; `rest.reg` with what neither can carry, such as a policy whose key Intune refuses or a value that an
//! earlier generation set; `README.md`. For macOS: a custom configuration for each profile. Every policy takes exactly one road.
//!
//! The templates are groundplan's own, made of the facts of the vendors' and only of the policies that are set: so nothing
//! must be uploaded by hand, and a policy whose key is refused cannot stop the others. They hold for one role, since two roles may
//! meet on one computer. Forms: Microsoft Graph, `deviceManagementConfigurationPolicy`, `windows10CustomConfiguration` and
//! `macOSCustomConfiguration`; *Win32 and Desktop Bridge app ADMX policy ingestion*.

mod catalogue;
mod macs;
mod page;
mod roads;
mod sheet;
mod syncml;
mod template;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};
use uuid::Uuid;

pub use macs::{file_of_mac, render_profiles, render_script};
pub use syncml::{FLEET, fleet_profile, render_syncml};

use super::json::pretty;
use super::registry::render_to;
use super::role::Known;
use super::{Artifact, EmitError, Identity};
use crate::baseline::CheckedSetting;
use crate::vendor::intune::LoadError;
use crate::vendor::registry::RegistryOperation;
use roads::Road;

/// The folder below the role's.
pub const FOLDER: &str = "intune/";
/// The policy of the settings catalogue, below the role's folder.
pub const CATALOGUE: &str = "intune/settings-catalog.json";
const OMA_URI: &str = "intune/omauri.json";
const SHEET: &str = "intune/omauri.csv";
const REST: &str = "intune/rest.reg";
const PAGE: &str = "intune/README.md";

/// The longest name, and the longest description, that are written; the console shows no more.
const LONGEST_NAME: usize = 200;
const LONGEST_DESCRIPTION: usize = 1000;
/// What the console shows of each configuration.
const DESCRIPTION: &str = "Made by groundplan; replaced as a whole by the next generation.";
/// The most lines of one custom configuration.
const MOST_LINES: usize = 1000;

/// The folder cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A name or text holds what a file format cannot carry.
    #[error(transparent)]
    Value(#[from] EmitError),
    /// A table of what Intune takes is missing or damaged.
    #[error(transparent)]
    Table(#[from] LoadError),
    /// More lines than Intune takes in one configuration.
    #[error("write {0} lines into one custom configuration of Intune, which takes 1000")]
    TooMany(usize),
    /// The table for the console cannot be written.
    #[error("write the table for Intune")]
    Sheet(#[from] csv::Error),
    /// The template of the page is wrong.
    #[error("fill in the page about Intune")]
    Page(#[from] minijinja::Error),
}

/// One line of a custom configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: String,
    description: String,
    uri: String,
    value: LineValue,
}

/// What a line sets.
#[derive(Debug, Clone, PartialEq, Eq)]
enum LineValue {
    Text(String),
    Number(i64),
}

/// The files for Windows. `removals` are deletions that no setting stands behind.
///
/// # Errors
/// [`RenderError`].
pub fn render(
    settings: &[CheckedSetting],
    removals: &[RegistryOperation],
    identity: &Identity<'_>,
    known: &Known<'_, '_>,
) -> Result<Vec<Artifact>, RenderError> {
    let tag = tag(&[identity.organisation, identity.role]);
    let roads = roads::choose(settings, &tag, known.schemas, true)?;
    if roads.policies.is_empty() && removals.is_empty() {
        return Ok(Vec::new());
    }
    let lines: Vec<&Line> = roads.templates.iter().chain(roads.policies.iter().filter_map(|policy| policy.road.line())).collect();
    if lines.len() > MOST_LINES {
        return Err(RenderError::TooMany(lines.len()));
    }
    let name = configuration_name(identity, "");
    let rest: Vec<RegistryOperation> = roads.rest().chain(removals).cloned().collect();
    let mut artifacts = Vec::new();
    let catalogued: Vec<_> = roads.policies.iter().filter_map(|policy| Some((policy.name, policy.road.instance()?))).collect();
    if !catalogued.is_empty() {
        artifacts.push(Artifact::data(CATALOGUE, pretty(catalogue::document(&name, &catalogued))));
    }
    if !lines.is_empty() {
        artifacts.push(Artifact::data(OMA_URI, pretty(document(&name, &lines))));
    }
    artifacts.push(Artifact::data(SHEET, sheet::write(&roads)?));
    artifacts.extend(render_to(&rest, REST, &[])?);
    artifacts.push(page::render(&name, &roads, removals.len(), known.baselines)?);
    Ok(artifacts)
}

/// The body that Graph takes.
fn document(name: &str, lines: &[&Line]) -> Value {
    let line = |line: &&Line| {
        let (kind, value) = match &line.value {
            LineValue::Text(text) => ("#microsoft.graph.omaSettingString", json!(text)),
            LineValue::Number(number) => ("#microsoft.graph.omaSettingInteger", json!(number)),
        };
        json!({
            "@odata.type": kind,
            "displayName": line.name,
            "description": line.description,
            "omaUri": line.uri,
            "value": value,
        })
    };
    json!({
        "@odata.type": "#microsoft.graph.windows10CustomConfiguration",
        "displayName": name,
        "description": DESCRIPTION,
        "omaSettings": lines.iter().map(line).collect::<Vec<_>>(),
    })
}

/// The name of a configuration in the console; what is cut off when it is too long is the organisation's.
fn configuration_name(identity: &Identity<'_>, what: &str) -> String {
    let end = format!("{}{what} (groundplan)", cut(identity.role, LONGEST_NAME / 2));
    let left = LONGEST_NAME - end.encode_utf16().count() - 2;
    format!("{}: {end}", cut(identity.organisation, left))
}

/// A tag of organisation and role, and of what else tells two sets of templates apart, so that they never meet.
fn tag(parts: &[&str]) -> String {
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_OID, b"groundplan intune");
    Uuid::new_v5(&namespace, parts.join("\0").as_bytes()).simple().to_string()[..8].to_owned()
}

/// The beginning of a text, at most so many UTF-16 units long.
fn cut(text: &str, longest: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > longest
    });
    end.map_or(text, |(at, _)| &text[..at])
}
