//! The UUIDs of payloads, which the rules name and the profiles carry.
//!
//! In: whose profile it is, its channel, and which payload. Out: a UUID of version 5, made of names and of nothing that changes
//! when a value does, so that a payload that refers to another one and the profile with both agree without asking each other.

use uuid::Uuid;

/// The word for the profile of a person, in UUIDs and identifiers.
pub const OF_PERSON: &str = "user";

/// The UUID of a payload in the profile of this organisation and role by this channel; payloads of one type are counted from 0.
pub fn payload_uuid(organisation: &str, role: &str, channel: &str, payload_type: &str, index: usize) -> String {
    // U+0000 separates: no part can hold it, so no two lists of parts make one name.
    let name = [organisation, role, channel, payload_type, &index.to_string()].join("\0");
    Uuid::new_v5(&namespace(), name.as_bytes()).hyphenated().to_string().to_uppercase()
}

/// The namespace of all names in profiles.
pub fn namespace() -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, b"groundplan configuration profile")
}
