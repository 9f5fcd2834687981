//! The words of the format, and the names by which macOS tells one profile from another.
//!
//! In: who the profiles are from. Out: identifiers in reverse domain order and UUIDs of version 5, both made of organisation,
//! role, channel, payload type and place, and of nothing that changes when a value does.

use uuid::Uuid;

use super::ProfileIdentity;
use crate::payload::{OF_PERSON, namespace, payload_uuid};

pub(super) const CONTENT: &str = "PayloadContent";
pub(super) const DISPLAY_NAME: &str = "PayloadDisplayName";
pub(super) const IDENTIFIER: &str = "PayloadIdentifier";
pub(super) const ORGANISATION: &str = "PayloadOrganization";
pub(super) const REMOVAL_DISALLOWED: &str = "PayloadRemovalDisallowed";
pub(super) const SCOPE: &str = "PayloadScope";
pub(super) const TYPE: &str = "PayloadType";
pub(super) const UUID: &str = "PayloadUUID";
pub(super) const VERSION: &str = "PayloadVersion";

/// The payload type of the outer dictionary.
pub(super) const CONFIGURATION: &str = "Configuration";

/// Where the profile of the user channel goes.
pub const USER: &str = "macos/user.mobileconfig";
/// Where the profile of the device channel goes.
pub const DEVICE: &str = "macos/device.mobileconfig";

/// The channel of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Channel {
    User,
    Device,
    /// The device channel, in a profile that only browsers read and that is exchanged alone.
    Browser,
    /// The same for Thunderbird.
    Thunderbird,
}

impl Channel {
    /// The word of the format.
    pub(super) fn scope(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Device | Self::Browser | Self::Thunderbird => "System",
        }
    }

    /// The word of our identifiers.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::User => OF_PERSON,
            Self::Device => "device",
            Self::Browser => "browser",
            Self::Thunderbird => "thunderbird",
        }
    }
}

/// `org.example.groundplan.<role>.<channel>`: the profile that a later one with the same identifier replaces.
pub(super) fn profile_identifier(identity: &ProfileIdentity<'_>, channel: Channel) -> String {
    let domain: Vec<_> = identity.domain.rsplit('.').map(label).collect();
    format!("{}.groundplan.{}.{}", domain.join("."), label(identity.role), channel.word())
}

pub(super) fn payload_identifier(profile: &str, payload_type: &str) -> String {
    let steps: Vec<_> = payload_type.trim_start_matches('.').split('.').map(label).collect();
    format!("{profile}.{}", steps.join("."))
}

/// The UUID of a payload, or of the profile itself (with the type of the outer dictionary).
pub(super) fn uuid(identity: &ProfileIdentity<'_>, channel: Channel, payload_type: &str, index: usize) -> String {
    payload_uuid(identity.organisation, identity.role, channel.word(), payload_type, index)
}

/// One step of an identifier. What an identifier cannot hold becomes a hyphen, and then a digest tells apart what the hyphens
/// made equal.
fn label(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let readable: String = text.chars().map(|c| if plain(c) { c } else { '-' }).collect();
    let digest = Uuid::new_v5(&namespace(), text.as_bytes()).simple().to_string();
    format!("{}-{}", readable.trim_matches('-'), &digest[..8]).trim_start_matches('-').to_owned()
}
