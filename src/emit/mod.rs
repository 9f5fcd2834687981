//! Settings in, artifacts out: one folder a client or delivery.
//!
//! An emitter knows how a file looks, decides no value and touches no disk.

mod artifact;
pub mod macos;
pub mod outlook;
pub mod thunderbird;
pub mod workstation;

pub use artifact::{Artifact, EmitError, Lock};
