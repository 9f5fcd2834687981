//! All artifacts of one role.

use super::layout::{LayoutError, Places};
use super::macos::ProfileIdentity;
use super::{Artifact, EmitError, Lock, browser, gpo, macos, outlook, thunderbird, workstation};
use crate::baseline::CheckedSetting;
use crate::baselines::Baselines;
use crate::vendor::Typed;

/// Whose artifacts they are, for identifiers inside them.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    /// The organisation.
    pub organisation: &'a str,
    /// Its first mail domain.
    pub domain: &'a str,
    /// The role.
    pub role: &'a str,
    /// The day on which the plan was decided.
    pub decided: Option<&'a str>,
}

/// The artifacts of a role cannot be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// A format cannot carry a value.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The scripts cannot be written.
    #[error(transparent)]
    Scripts(#[from] workstation::RenderError),
    /// The backup of the Group Policy object cannot be written.
    #[error(transparent)]
    Gpo(#[from] gpo::RenderError),
    /// The files cannot be laid out, or the page of places not be written.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// Renders the settings of a role: every setting into exactly one channel. What an earlier generation set in the registry and
/// this one does not is deleted there.
///
/// # Errors
/// [`RoleError`] when a format cannot carry a value, or the scripts lack one.
pub fn render_role(
    settings: &[CheckedSetting],
    identity: &Identity<'_>,
    baselines: &Baselines,
    previous: Option<&outlook::Previous>,
    places: &Places,
) -> Result<Vec<Artifact>, RoleError> {
    let (mut for_thunderbird, mut operations, mut keys, mut parameters) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut for_browsers = Vec::new();
    // A profile that only presets may be removed by its user; one that locks may not.
    let mut removal_disallowed = false;
    for CheckedSetting { setting, typed } in settings {
        match typed {
            Typed::Thunderbird(typed) => for_thunderbird.push((typed, setting.lock)),
            Typed::Registry(more) => operations.extend(more.iter().cloned()),
            Typed::Profile(key) => {
                removal_disallowed |= setting.lock == Lock::Locked;
                keys.push(key.clone());
            }
            Typed::Workstation(parameter) => parameters.push(parameter.clone()),
            Typed::Browser(typed) => for_browsers.push(typed),
        }
    }
    let profile =
        ProfileIdentity { organisation: identity.organisation, domain: identity.domain, role: identity.role, removal_disallowed };
    let mut artifacts = thunderbird::render(&for_thunderbird)?;
    if let Some(previous) = previous {
        operations.extend(previous.removals(identity.role, &operations));
    }
    artifacts.extend(outlook::render(&operations)?);
    artifacts.extend(outlook::render_for_tools(&operations)?);
    artifacts.extend(gpo::render(&operations, settings, identity, baselines)?);
    artifacts.extend(macos::render(&keys, &profile)?);
    artifacts.extend(browser::render(&for_browsers, &ProfileIdentity { removal_disallowed: true, ..profile })?);
    artifacts.extend(workstation::render(&parameters, baselines)?);
    artifacts.extend(places.page(&artifacts, baselines)?);
    Ok(artifacts)
}
