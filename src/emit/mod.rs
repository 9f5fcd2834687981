//! Settings in, artifacts out: one folder a client or delivery.
//!
//! An emitter knows how a file looks, decides no value and touches no disk.

mod artifact;
pub mod browser;
pub mod coverage;
pub mod duties;
pub mod gateway;
pub mod gpo;
mod json;
pub mod layout;
pub mod macos;
pub mod manifest;
pub(crate) mod markdown;
pub mod notices;
pub mod outlook;
mod place;
mod role;
pub mod thunderbird;
pub mod workstation;

pub use crate::baseline::Lock;
pub use artifact::{Artifact, EmitError};
pub use place::{ArtifactPlace, Written, places, written};
pub use role::{Identity, Means, RoleError, render_role};
