//! A folder for `fleetctl gitops`: `fleets/<role>.yml`, and below `lib/<role>/` the profiles and scripts that it names; those for
//! Windows are made of the lines that Intune would be given.
//!
//! Where a role has the scripts of a platform, the file holds the policies of `scripts/<platform>/fleet.tsv`: a query that finds
//! what is not as planned, and the script that Fleet runs then.
//!
//! Keys and rules are those of fleetdm/fleet, `pkg/spec/gitops.go` and `gitops_deprecations.go`. Paths are relative to the file
//! that names them. In a profile Fleet fills in environment variables wherever a dollar sign stands; only its own, which
//! the plan's `delivery.mdm` spells, are meant, and any other is refused here. In scripts it leaves them alone.

use std::collections::BTreeSet;

use minijinja::value::Serde;
use serde_json::json;

use super::{LaidOut, LayoutError, Placed};
use crate::baselines::Baselines;
use crate::emit::{Artifact, browser, intune, macos, yaml};
use crate::vendor::registry::Hive;
use crate::vendor::workstation::read_table;

const PAGE: &str = "papers/fleet.md";
/// The scripts that a fleet is offered.
const SCRIPTS: [&str; 3] = ["apply", "check", "undo"];
/// The variables that the Fleet server fills in.
const OWN_VARIABLE: &str = "$FLEET_VAR_";

/// What an artifact is to Fleet, with its name there, which is unique in a fleet.
enum Kind {
    /// A profile that the computers of the fleet get.
    Profile(String),
    /// A profile that takes the place of another one when people decide so.
    Idle(String),
    /// A script that is offered.
    Script(String),
    /// A profile for Windows.
    Windows(String),
    /// A file beside the profiles for Windows, which people read or import.
    Beside(String),
}

/// `None` where Fleet has no use for an artifact.
fn kind(artifact: &Artifact) -> Option<Kind> {
    if artifact.path.ends_with(".mobileconfig") {
        let name = artifact.path.replace('/', "-");
        return Some(if artifact.path.starts_with(browser::SUSPENDED) { Kind::Idle(name) } else { Kind::Profile(name) });
    }
    if let Some(name) = artifact.path.strip_prefix(intune::FLEET) {
        let is_profile = [Hive::Machine, Hive::User].iter().any(|hive| intune::fleet_profile(*hive) == artifact.path);
        return Some(if is_profile { Kind::Windows(name.to_owned()) } else { Kind::Beside(name.to_owned()) });
    }
    let (platform, script) = script(artifact)?;
    SCRIPTS.contains(&script).then(|| Kind::Script(script_name(platform, script)))
}

/// The platform and name of a workstation script.
fn script(artifact: &Artifact) -> Option<(&str, &str)> {
    artifact.path.strip_prefix("workstation/").filter(|_| artifact.executable)?.split_once('/')
}

/// Its name in a fleet; Linux was first and has the short one.
fn script_name(platform: &str, script: &str) -> String {
    if platform == "linux" { format!("groundplan-{script}.sh") } else { format!("groundplan-{platform}-{script}.sh") }
}

/// The policies for the platforms whose scripts are among the artifacts.
fn policies(role: &str, artifacts: &[Artifact], baselines: &Baselines) -> Result<Vec<serde_json::Value>, LayoutError> {
    let platforms: BTreeSet<&str> = artifacts.iter().filter_map(script).map(|(platform, _)| platform).collect();
    let mut policies = Vec::new();
    for platform in platforms {
        let table = format!("scripts/{platform}/fleet.tsv");
        if baselines.text(&table).is_none() {
            continue;
        }
        for row in read_table(baselines, &table)? {
            let cell = |name: &str| row.get(name).map_or("", String::as_str);
            let mut policy = json!({
                "name": format!("{} ({})", cell("name"), cell("platform")),
                "description": cell("description"),
                "resolution": cell("resolution"),
                "query": cell("query"),
                "platform": cell("platform"),
            });
            if !cell("script").is_empty() {
                policy["run_script"] = json!({ "path": format!("../lib/{role}/{}", script_name(platform, cell("script"))) });
            }
            policies.push(policy);
        }
    }
    Ok(policies)
}

/// The files of one role.
pub(super) fn role(role: &str, artifacts: Vec<Artifact>, baselines: &Baselines) -> Result<Vec<Placed>, LayoutError> {
    let policies = policies(role, &artifacts, baselines)?;
    let (mut placed, mut profiles, mut scripts, mut windows) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for artifact in artifacts {
        if artifact.path.starts_with(macos::DECLARATIONS) {
            return Err(LayoutError::Declaration { artifact: artifact.path });
        }
        let Some(kind) = kind(&artifact) else { continue };
        let (Kind::Profile(name) | Kind::Idle(name) | Kind::Script(name) | Kind::Windows(name) | Kind::Beside(name)) = &kind;
        let entry = json!({ "path": format!("../lib/{role}/{name}") });
        let path = format!("lib/{role}/{name}");
        match &kind {
            Kind::Profile(_) => profiles.push(entry),
            Kind::Script(_) => scripts.push(entry),
            Kind::Windows(_) => windows.push(entry),
            Kind::Idle(_) | Kind::Beside(_) => {}
        }
        if matches!(kind, Kind::Profile(_) | Kind::Idle(_) | Kind::Windows(_)) {
            refuse_variables(&artifact)?;
        }
        placed.push(Placed { path, artifact });
    }
    let mut controls = json!({ "apple_settings": { "configuration_profiles": profiles }, "scripts": scripts });
    if !windows.is_empty() {
        controls["windows_settings"] = json!({ "configuration_profiles": windows });
    }
    let mut document = json!({ "name": role, "controls": controls });
    if !policies.is_empty() {
        document["policies"] = policies.into();
    }
    let file = yaml::document(&document);
    placed.push(Placed { path: format!("fleets/{role}.yml"), artifact: Artifact::data(format!("fleet/{role}.yml"), file) });
    placed.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(placed)
}

/// A page for whoever runs it.
pub(super) fn frame(roles: &[LaidOut<'_>], baselines: &Baselines) -> Result<Vec<Artifact>, LayoutError> {
    let page = super::page(PAGE, minijinja::context! { roles => Serde(roles) }, baselines)?;
    Ok(vec![Artifact::data("README.md", page)])
}

/// Refuses a profile in which Fleet would fill in something that nobody meant.
fn refuse_variables(profile: &Artifact) -> Result<(), LayoutError> {
    let text = String::from_utf8_lossy(&profile.bytes);
    match text.match_indices('$').map(|(at, _)| &text[at..]).find(|rest| !rest.starts_with(OWN_VARIABLE)) {
        Some(rest) => {
            let found = rest.chars().take_while(|c| !c.is_whitespace() && *c != '<').take(24).collect();
            Err(LayoutError::Variable { artifact: profile.path.clone(), found })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_in_which_fleet_would_fill_in_something_is_refused() {
        let profile = |text: &str| vec![Artifact::data("macos/user.mobileconfig", text)];
        let role = |artifacts| role("a", artifacts, &Baselines::embedded());
        assert!(role(profile("<string>$FLEET_VAR_HOST_END_USER_IDP_USERNAME and more</string>")).is_ok());
        for text in ["<string>100 $HOME</string>", "<string>US$</string>", "${FLEET_VAR_X}", "\\$x", "$FLEET_SECRET_X"] {
            let error = role(profile(text)).unwrap_err().to_string();
            assert!(error.starts_with("write `macos/user.mobileconfig` for Fleet, which takes `$"), "{error}");
        }
        assert!(role(vec![Artifact::program("workstation/linux/apply", "$HOME")]).is_ok());
    }
}
