//! Thunderbird's policy schema and preferences.
//!
//! In: the committed tables of `baselines/vendor/thunderbird/` and a setting as the content names it. Out: a [`Setting`] that the
//! program takes as it is meant, with the file that must carry it, or the [`Problem`](super::Problem).
//!
//! A name without a dot is a policy, one with a dot a preference. The program itself is lenient where a policy must not be: it drops
//! unknown keys of a policy without a word, creates preferences that do not exist, and answers a wrong type by locking the
//! built-in default. So everything is refused here that it would not take exactly.
//!
//! The tables are made by [`import_policies`], [`import_preferences`] and
//! [`import_allow_list`] from Mozilla's files and searched as text: nothing is parsed before a name is asked for.

mod allow;
mod facts;
mod limits;
mod links;
mod preference;
mod schema;

pub use super::mozilla::{ImportError, import_thunderbird as import_policies};
pub use super::node::{Form, Keys, Node};
pub use allow::import_allow_list;
pub(super) use facts::{passage_facts, policy_facts, preference_facts};
pub use preference::{Channel, PreferenceKind, PreferenceValue, import_preferences};
pub use schema::{Description, MacPlace, Schema, SchemaError, Setting, registry_key};

#[cfg(test)]
mod tests;
