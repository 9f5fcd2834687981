//! Apple's payload schema and managed preference domains: what a Mac takes from a configuration profile.
//!
//! In: the tables `payloads.tsv`, `managed-preferences.tsv` and `amendments.tsv` of `baselines/vendor/apple/`, made once
//! from Apple's schema files by [`import()`] and from a list of documented preferences by [`import_preferences()`].
//! Out: for one setting of the catalogue ([`Schema::check`]) the typed key of a payload, or what is wrong with it; for the
//! settings of one payload together ([`Schema::check_payload`]) what is missing.
//!
//! A name is `<payload type>:<key>`, deeper keys with `/`: Apple's key names hold dots and blanks, never a slash or colon.
//! A preference domain that Apple's schema does not know is looked up in the second table.
//! Where a declaration says the same as a payload of an account stands in `account-declarations.tsv` ([`Accounts`]).
//! A macOS version that is given as `15` means the newest of that line; `15.1` means exactly that one.
//!
//! Format of the origin: `docs/schema.yaml` of <https://github.com/apple/device-management>.

mod accounts;
mod check;
mod declarations;
mod facts;
mod import;
mod import_preferences;
mod import_yaml;
mod schema;
mod table;
#[cfg(test)]
mod tests;
mod version;

pub use accounts::{Accounts, DeclaredKey};
pub use declarations::Declarations;
pub(super) use facts::{payload_facts, preference_facts};
pub use import::{ImportError, import};
pub use import_preferences::import_preferences;
pub(crate) use schema::FRAME;
pub use schema::{Deprecation, Description, PayloadKey, Schema, Scope};
pub use table::SchemaError;
