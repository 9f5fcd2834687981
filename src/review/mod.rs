//! What people read: explanations of the content and of a plan, made from the same trails as the artifacts.
//!
//! Nothing here decides a value. An explanation is gathered once ([`explain()`]) and then written as text ([`text()`]) or as
//! JSON (its types are serialisable), so that both forms say the same.

mod coverage;
pub mod difference;
mod dossier;
mod explain;
mod html;
mod in_plan;
mod language;
mod line;
mod names;
mod oscal;
mod page;
pub mod paper;
mod rules;
mod sarif;
mod tables;
mod text;
mod views;
pub mod words;

#[cfg(test)]
mod tests;

pub use coverage::{CoverageCell, CoverageRow, coverage};
pub use dossier::Dossier;
pub use explain::explain;
pub use html::{PageError, difference_page, html, markdown};
pub use in_plan::{AnswerInPlan, SettingInPlan, TrailInPlan};
pub use language::{Language, LanguageError, ORIGINAL, noticed};
pub use line::{ArtifactReader, lines};
pub use names::{Known, find, nearest_names};
pub use oscal::oscal;
pub use page::Page;
pub use rules::{Outcome, Row, RuleView, rule_view};
pub use sarif::sarif;
pub use tables::{WorkbookError, csv, xlsx};
pub use text::text;
pub use views::{
    ChecksView, ClientView, CodeView, DecisionView, DutyView, Explanation, GapView, RequirementFacts, RequirementView,
    SettingView, TopicView,
};
