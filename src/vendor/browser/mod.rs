//! The policies of browsers.
//!
//! In: the tables of `baselines/vendor/<browser>/` and a setting as the content names it, `firefox:WebsiteFilter`. Out: a
//! [`Setting`]: one value with its type, from which the files of Linux, the registry of Windows and the managed preferences
//! of macOS are all derived, or the [`Problem`](super::Problem). A browser is whatever has a folder with `places.tsv`.
//!
//! `suspended.` before the name sets the policy in the second set of files, which closes webmail (M 2.454 §13); there it
//! stands instead of the same policy of the first set.
//!
//! A policy is refused that the browser does not have, has no longer or will not have for long, or has only on some of the
//! systems: what is written for one system must hold on the others.

mod registry;
mod schema;

pub use registry::{RegistryForm, operations};
pub use schema::{Description, Places, Schema, SchemaError, Setting};

#[cfg(test)]
mod tests;
