//! What people read: explanations of the content and of a plan, made from the same trails as the artifacts.
//!
//! Nothing here decides a value. An explanation is gathered once ([`explain()`]) and then written as text ([`text()`]) or as
//! JSON (its types are serialisable), so that both forms say the same.

mod coverage;
mod explain;
mod in_plan;
mod names;
mod page;
mod rules;
mod text;
mod views;
pub mod words;

#[cfg(test)]
mod tests;

pub use coverage::{CoverageCell, CoverageRow, coverage};
pub use explain::explain;
pub use in_plan::{AnswerInPlan, SettingInPlan, TrailInPlan};
pub use names::{Known, find, nearest_names};
pub use page::Page;
pub use rules::{Outcome, Row, RuleView, rule_view};
pub use text::text;
pub use views::{
    ChecksView, ClientView, CodeView, DecisionView, DutyView, Explanation, GapView, RequirementFacts, RequirementView,
    SettingView, TopicView,
};
