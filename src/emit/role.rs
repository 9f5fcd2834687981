//! All artifacts of one role.

use std::collections::BTreeMap;

use super::gpo::Share;
use super::layout::{LayoutError, Places};
use super::macos::ProfileIdentity;
use super::{
    Artifact, Delivery, EmitError, Lock, Windows, browser, certificates, desktop, gpo, intune, macos, registry, thunderbird,
    workstation,
};
use crate::baseline::CheckedSetting;
use crate::baselines::Baselines;
use crate::certificate::Certificate;
use crate::vendor::apple::{self, Declarations, PayloadKey};
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
    /// All its mail domains.
    pub domains: &'a [&'a str],
    /// What an account takes for the name of its user, in the plan's word.
    pub account_user: &'a str,
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
    /// The files for the set-up of accounts cannot be written.
    #[error("fill in the settings for the set-up of accounts")]
    Setup(#[from] minijinja::Error),
    /// The folder for Intune cannot be written.
    #[error(transparent)]
    Intune(#[from] intune::RenderError),
    /// Thunderbird's profile cannot be written.
    #[error(transparent)]
    Profile(#[from] thunderbird::ProfileError),
    /// A table of the content is damaged.
    #[error(transparent)]
    Table(#[from] SchemaError),
    /// The table of declarations is damaged.
    #[error(transparent)]
    Declarations(#[from] apple::SchemaError),
    /// The files cannot be laid out, or the page of places not be written.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// What is the same for all roles of a run.
#[derive(Clone, Copy)]
pub struct Known<'a, 's> {
    /// The content, for templates.
    pub baselines: &'a Baselines,
    /// The vendor schemas, for what is judged as a whole, and what Intune is sent.
    pub schemas: &'a Schemas<'s>,
    /// The versions that are written for.
    pub versions: &'a Versions,
    /// The certificates that the plan names, by their path.
    pub certificates: &'a BTreeMap<String, Certificate>,
    /// Where artifacts go on a computer.
    pub places: &'a Places,
    /// How settings reach the clients.
    pub delivery: Delivery,
    /// What an earlier generation set.
    pub previous: Option<&'a registry::Previous>,
}

/// Renders the settings of a role: every setting into exactly one channel. What an earlier generation set in the registry and
/// this one does not is deleted there.
///
/// # Errors
/// [`RoleError`] when a format cannot carry a value, or the scripts lack one.
///
/// # Panics
/// When a key of a profile was not checked by the schemas of `known`.
pub fn render_role(
    settings: &[CheckedSetting],
    identity: &Identity<'_>,
    known: &Known<'_, '_>,
) -> Result<Vec<Artifact>, RoleError> {
    let (mut for_thunderbird, mut operations, mut keys, mut parameters) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut for_browsers, mut for_desktop) = (Vec::new(), Vec::new());
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
            Typed::Desktop(typed) => for_desktop.push((typed, setting.lock)),
        }
    }
    let profile =
        ProfileIdentity { organisation: identity.organisation, domain: identity.domain, role: identity.role, removal_disallowed };
    let removals = |folder: &str, now: &[RegistryOperation]| {
        known.previous.map(|previous| previous.removals(identity.role, folder, now)).unwrap_or_default()
    };
    let removed = removals(registry::FOLDER, &operations);
    operations.extend(removed.iter().cloned());
    let mut artifacts = thunderbird::render(&for_thunderbird, known.baselines)?;
    artifacts.extend(thunderbird::render_setup(&for_thunderbird, identity, known.baselines)?);
    artifacts.extend(certificates::render(settings, known.certificates));
    artifacts.extend(thunderbird::render_profile(&for_thunderbird, &profile, known.baselines)?);
    artifacts.extend(registry::render(&operations)?);
    artifacts.extend(registry::render_for_tools(&operations)?);
    match known.delivery.windows {
        Windows::Gpo => {
            let mut shares = shares(settings, &for_thunderbird, known.baselines)?;
            shares.push(Share { operations: removed, settings: Vec::new() });
            artifacts.extend(gpo::render(&shares, identity, known.baselines)?);
        }
        Windows::Intune => artifacts.extend(intune::render(settings, &removed, identity, known)?),
        Windows::Files => {}
    }
    if !keys.is_empty() {
        let (schema, macos) = known.schemas.profiles(known.versions).expect("every key was checked by this schema");
        let declared = |key: &PayloadKey| known.delivery.accounts_declared && schema.accounts().holds(&key.payload_type);
        let (declared, pushed): (Vec<_>, Vec<_>) = keys.into_iter().partition(declared);
        artifacts.extend(macos::render(&pushed, &profile, schema, macos)?);
        if !declared.is_empty() {
            let declarations = Declarations::load(known.baselines)?;
            artifacts.extend(macos::render_declarations(&declared, &profile, schema.accounts(), &declarations, macos)?);
        }
    }
    artifacts.extend(browser::render(&for_browsers, &ProfileIdentity { removal_disallowed: true, ..profile }, &removals)?);
    artifacts.extend(desktop::render(&for_desktop, known.baselines)?);
    artifacts.extend(workstation::render(&parameters, known.baselines)?);
    if known.delivery.macs_by_intune {
        let profiles = intune::render_profiles(&artifacts, identity);
        artifacts.extend(intune::render_script(&artifacts, identity));
        artifacts.extend(profiles);
    }
    artifacts.extend(known.places.page(&artifacts, known.baselines)?);
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
            Typed::Browser(_) | Typed::Thunderbird(_) | Typed::Profile(_) | Typed::Workstation(_) | Typed::Desktop(_) => continue,
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
