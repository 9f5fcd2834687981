//! Settings in, artifacts out: one folder a client or delivery.
//!
//! An emitter knows how a file looks, decides no value and touches no disk.

mod artifact;
pub mod browser;
mod certificates;
pub mod coverage;
mod delivery;
pub mod desktop;
pub mod duties;
pub mod gateway;
pub mod gpo;
pub mod intune;
mod json;
pub mod layout;
pub mod macos;
pub mod manifest;
pub(crate) mod markdown;
pub mod notices;
mod place;
pub mod registry;
mod role;
pub mod thunderbird;
pub mod workstation;
mod xml;
mod yaml;

pub use crate::baseline::Lock;
pub use artifact::{Artifact, EmitError};
pub use certificates::certificate_path;
pub use delivery::{Delivery, Windows};
pub use place::{ArtifactPlace, Written, places, written};
pub use role::{Identity, Known, RoleError, render_role};
