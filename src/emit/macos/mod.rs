//! Writes the artifacts of the folder `macos/`: configuration profiles for a user and for the computer.
//!
//! In: the payload keys of one role, as the schema accepted them, and who the profiles are from. Out: up to two files, each
//! only when it has a payload. What must come by the user channel and what by the device channel never share a file; what may
//! come by either goes to the computer, where it also holds for an account that somebody adds later.
//!
//! Identifiers are names, not chance: macOS replaces a profile by its identifier and updates a payload by its UUID, so both
//! stay the same when a value changes. A preference domain is written as a payload of that type, with the preferences as its
//! own keys: that is how Microsoft's Defender profiles and the examples of the MDM vendors are built, and it needs
//! neither the nesting of the older `com.apple.ManagedClient.preferences` nor its choice between forced and once.
//!
//! Where a plan wants it, accounts become declarations instead (`declarations.rs`).
//!
//! Format: Apple, *Device Management*, "Top Level" and "Common Payload Keys"; property list XML. Read back by Python's
//! plistlib, libxml2 and a scan for duplicate keys in `tests/macos.rs`.

mod declarations;
mod frame;
mod gate;
mod profile;
#[cfg(test)]
mod tests;

pub use declarations::{DECLARATIONS, declaration_path, render_declarations};
pub use frame::{DEVICE, USER};
pub use gate::verify;
#[cfg(test)]
pub(crate) use profile::profiles;
pub(in crate::emit) use profile::value_of;
pub use profile::{ProfileIdentity, render, render_browsers, render_thunderbird};
