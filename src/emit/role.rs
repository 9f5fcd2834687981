//! All artifacts of one role.

use std::collections::BTreeMap;

use super::layout::{Places, PlacesError};
use super::macos::ProfileIdentity;
use super::{Artifact, EmitError, Lock, browser, gpo, macos, outlook, thunderbird, workstation};
use crate::baseline::CheckedSetting;
use crate::baselines::Baselines;
use crate::certificate::Certificate;
use crate::vendor::{Schemas, Typed, Versions};

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
    /// The page of places cannot be written.
    #[error(transparent)]
    Places(#[from] PlacesError),
}

/// What roles are rendered with: the same for all roles of a run.
#[derive(Clone, Copy)]
pub struct Means<'a, 's> {
    /// The content, for templates.
    pub baselines: &'a Baselines,
    /// The vendors' schemas, for what is judged as a whole.
    pub schemas: &'a Schemas<'s>,
    /// The versions that are written for.
    pub versions: &'a Versions,
    /// Where files go.
    pub places: &'a Places,
    /// The certificates that the plan names, by their path.
    pub certificates: &'a BTreeMap<String, Certificate>,
    /// What an earlier generation set.
    pub previous: Option<&'a outlook::Previous>,
}

/// Renders the settings of a role: every setting into exactly one channel. What an earlier generation set in the registry and
/// this one does not is deleted there.
///
/// # Errors
/// [`RoleError`] when a format cannot carry a value, or the scripts lack one.
pub fn render_role(
    settings: &[CheckedSetting],
    identity: &Identity<'_>,
    means: &Means<'_, '_>,
) -> Result<Vec<Artifact>, RoleError> {
    let &Means { baselines, schemas, versions, places, previous, certificates } = means;
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
    artifacts.extend(thunderbird::render_files(settings, certificates));
    if let Some(previous) = previous {
        operations.extend(previous.removals(identity.role, &operations));
    }
    artifacts.extend(outlook::render(&operations)?);
    artifacts.extend(outlook::render_for_tools(&operations)?);
    artifacts.extend(gpo::render(&operations, settings, identity, baselines)?);
    let (schema, macos) = schemas.apple(versions);
    artifacts.extend(macos::render_verified(&keys, &profile, schema, macos)?);
    artifacts.extend(browser::render(&for_browsers, &ProfileIdentity { removal_disallowed: true, ..profile })?);
    artifacts.extend(workstation::render(&parameters, baselines)?);
    artifacts.extend(places.page(&artifacts, baselines).map_err(PlacesError::from)?);
    Ok(artifacts)
}
