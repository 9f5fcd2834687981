//! The catalogue: decisions, checks and clients of `baselines/`, loaded and verified.
//!
//! In: content files. Out: a [`Catalogue`] in which every name that a condition, a reference or a rule uses is defined, or
//! all findings with their places. The form of the files is described in `baselines/README.md`. Vendor names are not
//! looked at here: whether a client takes a setting is the vendor schema's question.

mod area;
mod check;
mod condition;
mod context;
mod decision;
mod gateway;
mod keys;
mod list;
mod load;
mod notice;
mod reader;
mod requirement;
mod requirement_import;
mod rule;
mod shape;
mod template;

#[cfg(test)]
mod tests;

pub use check::Check;
pub use condition::{Comparison, Condition, ItemTest, Need, Test};
pub use decision::{Decision, Example, RoleFreedom};
pub use gateway::GatewayRule;
pub use keys::{Keys, Known, Subject, split_placeholder};
pub use list::{Addressee, Client, Environment, MdmSpelling, PresetDefault, Raise, RaiseTo, laid_over};
pub use load::{Catalogue, load_catalogue};
pub use notice::{LANGUAGES, NoticeLine, NoticeSection, Notices, Texts};
pub use requirement::{Requirement, Requirements, Standard, load_standards};
pub use requirement_import::{RequirementImportError, import_requirements};
pub use rule::{Case, DutyRule, FixedLock, GapRule, RulePlace, SettingKind, SettingRule};
pub use shape::{Answer, Field, Names, Shape, Silence};
pub use template::{Filter, MapKey, PAYLOAD, Piece, Reference, Source, Template};
