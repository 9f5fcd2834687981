//! Administrative templates (ADMX): what Outlook and Office take from the registry.
//!
//! A rule names a policy, its state and its elements (`outlk16:L_OSTCreation: enabled`); keys, value names, types and
//! polarity come from the template alone. [`import()`] makes a compact text of the vendor's files, which is committed
//! below `baselines/vendor/`; [`Templates`] finds one policy in it and compiles a value to operations.
//!
//! Three choices where the templates leave room:
//! - a policy of class `Both` is written for the user, because a role is a group of people and a computer may serve two;
//! - an enabled policy needs a value for every element: what the policy editor would have shown as a default is a
//!   decision, and stands in a rule;
//! - a disabled policy leaves nothing of the enabled state behind (see `compile.rs`).
//!
//! Meaning of the format: Microsoft's ADMX schema (`PolicyDefinitionFiles.xsd`, version 1.0).

mod check;
mod compare;
mod compile;
mod facts;
mod form;
mod import;
mod lookup;
mod policy;
mod store;
#[cfg(test)]
mod tests;

pub use compare::{Change, compare};
pub(super) use facts::facts;
pub use form::header as header_of_table;
pub use import::{Fault, File, ImportError, LARGEST_TEMPLATE, Recipe, Source, Template, import, read};
pub(super) use import::{Node, Texts, elements};
pub use lookup::{Templates, TemplatesError};
pub use policy::{Class, Data, Element, Item, Kind, ListNames, Policy, Title, Write};
pub use store::{Need, Needs, PolicyState, Report, TemplateState};
