//! A folder for `fleetctl gitops`: `fleets/<role>.yml`, and below `lib/<role>/` the profiles and scripts that it names.
//!
//! Keys and rules are those of fleetdm/fleet, `pkg/spec/gitops.go` and `gitops_deprecations.go`. Paths are relative to the file
//! that names them. In a profile Fleet fills in environment variables wherever a dollar sign stands; only its own, which
//! the plan's `delivery.mdm` spells, are meant, and any other is refused here. In scripts it leaves them alone.

use minijinja::value::Serde;
use serde_json::json;

use super::{LaidOut, LayoutError, Placed};
use crate::baselines::Baselines;
use crate::emit::{Artifact, browser, yaml};

const PAGE: &str = "papers/fleet.md";
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
}

/// `None` where Fleet has no use for an artifact.
fn kind(artifact: &Artifact) -> Option<Kind> {
    if artifact.path.ends_with(".mobileconfig") {
        let name = artifact.path.replace('/', "-");
        return Some(if artifact.path.starts_with(browser::SUSPENDED) { Kind::Idle(name) } else { Kind::Profile(name) });
    }
    let script = artifact.path.strip_prefix("workstation/linux/").filter(|_| artifact.executable)?;
    Some(Kind::Script(format!("groundplan-{script}.sh")))
}

/// The files of one role.
pub(super) fn role(role: &str, artifacts: Vec<Artifact>) -> Result<Vec<Placed>, LayoutError> {
    let (mut placed, mut profiles, mut scripts) = (Vec::new(), Vec::new(), Vec::new());
    for artifact in artifacts {
        let Some(kind) = kind(&artifact) else { continue };
        let (Kind::Profile(name) | Kind::Idle(name) | Kind::Script(name)) = &kind;
        let entry = json!({ "path": format!("../lib/{role}/{name}") });
        let path = format!("lib/{role}/{name}");
        match kind {
            Kind::Profile(_) => profiles.push(entry),
            Kind::Script(_) => scripts.push(entry),
            Kind::Idle(_) => {}
        }
        if !artifact.executable {
            refuse_variables(&artifact)?;
        }
        placed.push(Placed { path, artifact });
    }
    let controls = json!({ "apple_settings": { "configuration_profiles": profiles }, "scripts": scripts });
    let file = yaml::document(&json!({ "name": role, "controls": controls }));
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
        assert!(role("a", profile("<string>$FLEET_VAR_HOST_END_USER_IDP_USERNAME and more</string>")).is_ok());
        for text in ["<string>100 $HOME</string>", "<string>US$</string>", "${FLEET_VAR_X}", "\\$x", "$FLEET_SECRET_X"] {
            let error = role("a", profile(text)).unwrap_err().to_string();
            assert!(error.starts_with("write `macos/user.mobileconfig` for Fleet, which takes `$"), "{error}");
        }
        assert!(role("a", vec![Artifact::program("workstation/linux/apply", "$HOME")]).is_ok());
    }
}
