//! The protection needs of what a role handles, and which information makes a need as high as it is.
//!
//! The need of a channel is the highest of all information on it, the need of a role the highest of its channels (maximum
//! rule, BSI standard 200-2, section 8.2.3). Information without `who` belongs to everyone, and so to each role.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Given;
use crate::catalogue::{Condition, Need};
use crate::value::Value;

const GOALS: [&str; 4] = ["confidentiality", "integrity", "availability", "binding"];

/// Information that makes a need at least as high as a condition asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// The name of the information.
    pub information: String,
    /// What is needed: `confidentiality`, `integrity`, `availability` or `binding`.
    pub goal: String,
    /// How much.
    pub need: Need,
    /// The channel over which it goes.
    pub channel: String,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is {} ({}) and goes over {}", self.information, self.need.word(), self.goal, self.channel)
    }
}

/// What a role handles: each kind of information, for each goal and channel.
#[derive(Debug, Clone, Default)]
pub(super) struct Needs {
    all: Vec<Cause>,
}

impl Needs {
    /// The needs of what `role` handles by these answers.
    pub(super) fn of(answers: &BTreeMap<String, Given>, role: Option<&str>) -> Self {
        let mut all = Vec::new();
        for name in information(answers) {
            let list = |part: &str| {
                let given = answers.get(&format!("information.{name}.{part}"));
                given.and_then(|given| given.value.as_list()).unwrap_or_default().iter().filter_map(Value::as_text)
            };
            if list("who").next().is_some() && !list("who").any(|who| Some(who) == role) {
                continue;
            }
            for goal in GOALS {
                let given = answers.get(&format!("information.{name}.{goal}")).and_then(|given| given.value.as_text());
                let need = given.and_then(Need::from_word).unwrap_or_default();
                all.extend(list("channels").map(|channel| Cause {
                    information: name.clone(),
                    goal: goal.to_owned(),
                    need,
                    channel: channel.to_owned(),
                }));
            }
        }
        Self { all }
    }

    /// What is handled with this goal over a channel, over both mail channels (`mail`), or over all (`any`).
    fn over<'n>(&'n self, goal: &'n str, channel: &'n str) -> impl Iterator<Item = &'n Cause> {
        let fits = move |of: &str| channel == "any" || of == channel || (channel == "mail" && of.starts_with("mail-"));
        self.all.iter().filter(move |cause| cause.goal == goal && fits(&cause.channel))
    }

    /// The highest need.
    pub(super) fn highest(&self, goal: &str, channel: &str) -> Need {
        self.over(goal, channel).map(|cause| cause.need).max().unwrap_or_default()
    }

    /// What makes the needs as high as `condition` asks.
    pub(super) fn causes(&self, condition: &Condition) -> BTreeSet<Cause> {
        match condition {
            Condition::All(inner) | Condition::Any(inner) => inner.iter().flat_map(|inner| self.causes(inner)).collect(),
            Condition::Need { goal, channel, at_least } => {
                self.over(goal, channel).filter(|cause| cause.need >= *at_least).cloned().collect()
            }
            Condition::Not(_) | Condition::Answer { .. } | Condition::Role(_) | Condition::Given(_) | Condition::Loosens => {
                BTreeSet::new()
            }
        }
    }
}

/// The names of the plan's own information.
pub(super) fn information(answers: &BTreeMap<String, Given>) -> Vec<String> {
    let mut names: Vec<String> =
        answers.keys().filter_map(|key| Some(key.strip_prefix("information.")?.split('.').next()?.to_owned())).collect();
    names.dedup();
    names
}

/// Several causes in one clause.
pub fn causes_in_words<'a>(causes: impl IntoIterator<Item = &'a Cause>) -> String {
    const NAMED: usize = 3;
    let all: Vec<String> = causes.into_iter().map(Cause::to_string).collect();
    let named = all.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named}, and {more} more"),
    }
}
