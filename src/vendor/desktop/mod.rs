//! What programs of Linux desktops understand: keys of dconf, entries of `KConfig` files, and sources of accounts.
//!
//! In: the tables `settings-<release>.tsv` below `vendor/`, imported from the vendors' schemas ([`import_gsettings()`],
//! [`import_kconfig()`]), and tables `accounts-<release>.tsv` kept by hand. Out: [`Tables`], which holds a setting against them and gives
//! a typed [`Setting`] for the emitters. The form of a name says which table answers:
//! `dconf:/path/of/the/key`, `kconfig:file/Group/entry`, `account:uid/Group/Key`.

mod import_gsettings;
mod import_kconfig;
mod import_table;
mod schema;
mod table;
#[cfg(test)]
mod tests;

pub use import_gsettings::import_gsettings;
pub use import_kconfig::import_kconfig;
pub(in crate::vendor) use schema::Description;
pub use schema::{Given, Setting, Tables};
pub use table::{LoadError, Store};
