//! Writes the policies as managed preferences of macOS, beside `policies.json`: a profile outlives an update that replaces the
//! program's bundle, and the file in it does not.
//!
//! In: what `policies.json` holds. Out: `thunderbird/macos/thunderbird.mobileconfig`, a policy a key, with the same values;
//! macOS has no null, and no policy takes one. The program reads nested values as they are, and takes `__` in a name of a policy
//! for a step into one (Mozilla's macOSPoliciesParser.sys.mjs): no policy has it. Domain and switch stand in
//! `vendor/thunderbird/macos.tsv`.

use super::{PROFILE, Setting, policies, sort};
use crate::baselines::Baselines;
use crate::emit::macos::{ProfileIdentity, render_thunderbird, value_of};
use crate::emit::{Artifact, EmitError, Lock};
use crate::vendor::apple::PayloadKey;
use crate::vendor::thunderbird::{MacPlace, SchemaError};

/// The profile cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// A format cannot carry a value.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The content does not say where the program looks.
    #[error(transparent)]
    Place(#[from] SchemaError),
}

/// Renders the profile; `None` when no policy is set. Only the device management removes it where one of the settings is locked.
///
/// # Errors
/// [`ProfileError`].
pub fn render_profile(
    settings: &[(&Setting, Lock)],
    identity: &ProfileIdentity<'_>,
    baselines: &Baselines,
) -> Result<Option<Artifact>, ProfileError> {
    let sorted = sort(settings)?;
    let policies = policies::all(&sorted.policies, &sorted.by_policy);
    if policies.is_empty() {
        return Ok(None);
    }
    let place = MacPlace::load(baselines)?;
    let key = |name: &str, value| PayloadKey::preference(&place.domain, &place.title, name, value);
    let mut keys: Vec<PayloadKey> = policies.iter().map(|(name, value)| key(name, value_of(value))).collect();
    keys.push(key(&place.switch, plist::Value::Boolean(true)));
    let removal_disallowed = settings.iter().any(|(_, lock)| *lock == Lock::Locked);
    Ok(render_thunderbird(&keys, PROFILE, &ProfileIdentity { removal_disallowed, ..*identity })?)
}
