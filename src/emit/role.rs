//! All artifacts of one role.

use std::collections::BTreeMap;

use super::gpo::Share;
use super::layout::{Places, PlacesError};
use super::macos::ProfileIdentity;
use super::{Artifact, EmitError, Lock, browser, gpo, macos, outlook, thunderbird, workstation};
use crate::baseline::CheckedSetting;
use crate::baselines::Baselines;
use crate::certificate::Certificate;
use crate::vendor::registry::RegistryOperation;
use crate::vendor::thunderbird::{SchemaError, registry_key};
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
    /// The notices cannot be written.
    #[error(transparent)]
    Notice(#[from] super::notices::NoticeError),
    /// The scripts cannot be written.
    #[error(transparent)]
    Scripts(#[from] workstation::RenderError),
    /// The backup of the Group Policy object cannot be written.
    #[error(transparent)]
    Gpo(#[from] gpo::RenderError),
    /// A table of the content is damaged.
    #[error(transparent)]
    Table(#[from] SchemaError),
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
///
/// # Panics
/// When a key of a profile was not checked by the schemas of `means`.
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
    let removals = |folder: &str, now: &[RegistryOperation]| {
        previous.map(|previous| previous.removals(identity.role, folder, now)).unwrap_or_default()
    };
    let removed = removals(outlook::FOLDER, &operations);
    operations.extend(removed.iter().cloned());
    let mut artifacts = thunderbird::render(&for_thunderbird)?;
    artifacts.extend(thunderbird::render_files(settings, certificates));
    artifacts.extend(outlook::render(&operations)?);
    artifacts.extend(outlook::render_for_tools(&operations)?);
    let mut shares = shares(settings, &for_thunderbird, baselines)?;
    shares.push(Share { operations: removed, settings: Vec::new() });
    artifacts.extend(gpo::render(&shares, identity, baselines)?);
    if !keys.is_empty() {
        let (schema, macos) = schemas.profiles(versions).expect("every key was checked by this schema");
        artifacts.extend(macos::render_verified(&keys, &profile, schema, macos)?);
    }
    artifacts.extend(browser::render(&for_browsers, &ProfileIdentity { removal_disallowed: true, ..profile }, &removals)?);
    artifacts.extend(workstation::render(&parameters, baselines)?);
    artifacts.extend(places.page(&artifacts, baselines).map_err(PlacesError::from)?);
    Ok(artifacts)
}

/// What the settings come to in the registry of Windows, program by program.
fn shares<'a>(
    settings: &'a [CheckedSetting],
    for_thunderbird: &[(&crate::vendor::thunderbird::Setting, Lock)],
    baselines: &Baselines,
) -> Result<Vec<Share<'a>>, RoleError> {
    let mut shares = Vec::new();
    for CheckedSetting { setting, typed } in settings {
        let operations = match typed {
            Typed::Registry(operations) => operations.clone(),
            Typed::Browser(typed) if !typed.suspended => {
                typed.operations().ok_or_else(|| EmitError::Number { setting: setting.name.clone() })?
            }
            Typed::Browser(_) | Typed::Thunderbird(_) | Typed::Profile(_) | Typed::Workstation(_) => continue,
        };
        shares.push(Share { operations, settings: vec![setting] });
    }
    if !for_thunderbird.is_empty() {
        for operation in thunderbird::operations(for_thunderbird, &registry_key(baselines)?)? {
            let carried = |checked: &&CheckedSetting| matches!(&checked.typed, Typed::Thunderbird(typed) if thunderbird::policy_of(typed) == Some(&operation.name));
            let settings = settings.iter().filter(carried).map(|checked| &checked.setting).collect();
            shares.push(Share { operations: vec![operation], settings });
        }
    }
    Ok(shares)
}
