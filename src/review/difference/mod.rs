//! What changes between two plans, or two trees: for whom, in which direction, and what must be rolled out again.
//!
//! A change of the plan is the cause, and what follows from it stands below it: other answers (a raised default), settings,
//! gaps and duties. What belongs to which cause is found by trying: the old plan with this one decision changed. What shows
//! only when several decisions change at once stands for itself.

mod compare;
mod state;
mod text;
mod trees;

use std::collections::BTreeMap;

use serde::Serialize;

pub use compare::compare;
pub use text::text;
pub use trees::{TreeError, compare_trees};

/// The version of the JSON form.
pub const DIFFERENCE_VERSION: u32 = 1;

/// The direction of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Weaker than before, by the decision's order of strength, or no longer locked.
    Loosened,
    /// Stronger than before, or locked now.
    Tightened,
    /// Another answer or value, and there is no order.
    Changed,
    /// It was not there.
    New,
    /// It is no longer there.
    Gone,
}

impl Direction {
    /// The word that is printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Loosened => "loosened",
            Self::Tightened => "tightened",
            Self::Changed => "changed",
            Self::New => "new",
            Self::Gone => "gone",
        }
    }
}

/// Everything that differs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The version of this form.
    pub version: u32,
    /// The old plan or tree, as it was named.
    pub old: String,
    /// The new one.
    pub new: String,
    /// The decisions that the plans answer differently, in the order of the planning document.
    pub decisions: Vec<Cause>,
    /// What only several of them together bring about.
    pub together: Effects,
    /// Roles that are new.
    pub roles_new: Vec<String>,
    /// Roles that are gone.
    pub roles_gone: Vec<String>,
    /// The files of roles that are not what they were, by direction.
    pub files: BTreeMap<String, Direction>,
    /// Between trees: for each file the decisions behind it.
    pub decisions_by_file: BTreeMap<String, Vec<String>>,
    /// Between trees: what else they were made of, where it differs (the plan, the content, the program).
    pub made_of: Vec<(String, String, String)>,
}

/// A decision that the plans answer differently, and what follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// The decision.
    pub decision: String,
    /// Its question.
    pub question: String,
    /// Whether people notice it at their work.
    pub noticed: bool,
    /// The answers.
    pub answers: Vec<AnswerChange>,
    /// What follows from them.
    #[serde(flatten)]
    pub effects: Effects,
}

/// What follows from changed decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Effects {
    /// Answers to other decisions that change with it.
    pub follows: Vec<AnswerChange>,
    /// Settings.
    pub settings: Vec<SettingChange>,
    /// What clients cannot do.
    pub gaps: Vec<NoteChange>,
    /// What somebody must do.
    pub duties: Vec<NoteChange>,
}

impl Effects {
    fn is_empty(&self) -> bool {
        self.follows.is_empty() && self.settings.is_empty() && self.gaps.is_empty() && self.duties.is_empty()
    }
}

/// A changed answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerChange {
    /// The key in the plan.
    pub key: String,
    /// The direction.
    pub direction: Direction,
    /// The old answer.
    pub from: Option<String>,
    /// The new answer.
    pub to: Option<String>,
    /// For whom.
    pub roles: Vec<String>,
}

/// A changed setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingChange {
    /// The clients.
    pub clients: Vec<String>,
    /// The vendor's name.
    pub setting: String,
    /// The vendor's title and where an admin finds it, where the schema knows.
    pub found_in: Option<String>,
    /// The direction.
    pub direction: Direction,
    /// The old value.
    pub from: Option<String>,
    /// The new value.
    pub to: Option<String>,
    /// Whether the user could not change the old one.
    pub was_locked: bool,
    /// Whether the user cannot change the new one.
    pub locked: bool,
    /// For whom.
    pub roles: Vec<String>,
}

/// A gap or a duty that is new or gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteChange {
    /// The client of a gap, the addressee of a duty.
    pub whose: String,
    /// New or gone.
    pub direction: Direction,
    /// What is missing, or to be done.
    pub what: String,
    /// For whom.
    pub roles: Vec<String>,
}

impl Difference {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.decisions.is_empty() && self.together.is_empty() && self.files.is_empty() && self.made_of.is_empty()
    }

    /// Decisions and settings that are weaker than before.
    pub fn loosened(&self) -> Vec<&str> {
        let causes = self.decisions.iter().flat_map(|cause| cause.answers.iter().chain(&cause.effects.follows));
        let answers = causes.chain(&self.together.follows).filter(|answer| answer.direction == Direction::Loosened);
        let effects = self.decisions.iter().map(|cause| &cause.effects).chain([&self.together]);
        let unlocked = effects
            .flat_map(|effects| &effects.settings)
            .filter(|change| change.was_locked && !change.locked && change.to.is_some());
        let mut names: Vec<&str> =
            answers.map(|answer| answer.key.as_str()).chain(unlocked.map(|change| change.setting.as_str())).collect();
        names.dedup();
        names
    }
}
