//! The answers of one role: the role over the plan over the defaults.
//!
//! Maps merge, words and lists replace. A default is the standard level's, or the preset's, and a protection need of what
//! the role handles may raise it; an answer that the plan gives is never changed.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::needs::{Cause, Needs, information};
use super::{Decided, Plan, holds, strength};
use crate::catalogue::{Catalogue, Comparison, Condition, Decision, Need, RaiseTo, Shape, Silence, split_placeholder};
use crate::certificate::Certificate;
use crate::diag::Place;
use crate::value::Value;

/// Where an answer comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The plan says so.
    Plan {
        /// The role that says it; `None` for everyone.
        role: Option<String>,
        /// Where.
        place: Place,
    },
    /// The standard default.
    Default,
    /// The default of the chosen level.
    Preset {
        /// The level.
        level: String,
        /// Why the level differs.
        because: String,
    },
    /// A default that a protection need raised.
    Raised {
        /// Why.
        because: String,
        /// The information whose need raised it; none where the kind of workplace did.
        causes: Vec<Cause>,
    },
}

/// An answer of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The answer.
    pub value: Value,
    /// Where it comes from.
    pub origin: Origin,
}

/// All answers of a role, and the protection needs of what it handles.
#[derive(Debug, Clone)]
pub struct RoleAnswers {
    /// The role; `None` for everyone.
    pub role: Option<String>,
    /// The answers by key; a decision that was not answered and has no default is not there.
    pub answers: BTreeMap<String, Given>,
    /// The day on which the plan is read.
    pub today: Date,
    /// The certificates that the plan names, by their path.
    pub certificates: Arc<BTreeMap<String, Certificate>>,
    /// Whether the role answers something less strictly than roles may.
    pub(super) loosens: bool,
    needs: Needs,
}

impl RoleAnswers {
    /// The name of the role, or the one that stands for everyone.
    pub fn name(&self) -> &str {
        self.role.as_deref().unwrap_or(super::EVERYONE)
    }

    /// The answer to a decision, or a field of it.
    pub fn value(&self, key: &str, field: Option<&str>) -> Option<&Value> {
        let value = &self.answers.get(key)?.value;
        match field {
            None => Some(value),
            Some(field) => value.as_map()?.get(field),
        }
    }

    /// Answers of which nothing is known yet, for looking at rules without a plan.
    pub(crate) fn assumed() -> Self {
        Self {
            role: None,
            answers: BTreeMap::new(),
            today: Date::MIN,
            certificates: Arc::default(),
            loosens: false,
            needs: Needs::default(),
        }
    }

    /// Assumes an answer, or a field of one.
    pub(crate) fn assume(&mut self, key: &str, field: Option<&str>, value: Value) {
        let value = match field {
            None => value,
            Some(field) => {
                let mut record = self.value(key, None).and_then(Value::as_map).cloned().unwrap_or_default();
                record.insert(field.to_owned(), value);
                Value::Map(record)
            }
        };
        self.answers.insert(key.to_owned(), Given { value, origin: Origin::Default });
    }

    /// The highest need of `goal` over a channel, over both mail channels (`mail`), or over all (`any`).
    pub fn need(&self, goal: &str, channel: &str) -> Need {
        self.needs.highest(goal, channel)
    }

    /// The information that makes the needs as high as `condition` asks.
    pub fn causes(&self, condition: &Condition) -> Vec<Cause> {
        self.needs.causes(condition).into_iter().collect()
    }
}

/// Makes the answers of a role (`None`: of everyone).
pub fn answers_of(plan: &Plan, role: Option<&str>, catalogue: &Catalogue, today: Date) -> RoleAnswers {
    let mut answers = RoleAnswers {
        role: role.map(str::to_owned),
        answers: BTreeMap::new(),
        today,
        certificates: plan.certificates.clone(),
        loosens: role.is_some_and(|role| plan.loosened.contains_key(role)),
        needs: Needs::default(),
    };
    let level = plan
        .everyone
        .get("preset")
        .and_then(|decided| decided.value.as_text())
        .or_else(|| default_preset(catalogue))
        .unwrap_or_default()
        .to_owned();
    let preset = catalogue.presets.get(&level).map(Vec::as_slice).unwrap_or_default();
    for decision in catalogue.decisions.iter().filter(|decision| split_placeholder(&decision.key).is_none()) {
        let given = match preset.iter().find(|default| default.key == decision.key) {
            Some(default) => Some(Given {
                value: default.default.clone(),
                origin: Origin::Preset { level: level.clone(), because: default.because.clone() },
            }),
            None => match &decision.silence {
                Silence::Answer(value) => Some(Given { value: value.clone(), origin: Origin::Default }),
                Silence::Required | Silence::Unanswered => None,
            },
        };
        if let Some(given) = given {
            answers.answers.insert(decision.key.clone(), given);
        }
    }
    lay_over(&mut answers.answers, &plan.everyone, None, catalogue);
    if let Some(role) = role {
        lay_over(&mut answers.answers, &plan.roles[role], Some(role), catalogue);
    }
    information_defaults(&mut answers.answers, catalogue);
    answers.needs = Needs::of(&answers.answers, role);
    raise(&mut answers, catalogue);
    answers
}

fn default_preset(catalogue: &Catalogue) -> Option<&str> {
    match &catalogue.decision("preset")?.silence {
        Silence::Answer(Value::Text(level)) => Some(level),
        _ => None,
    }
}

fn lay_over(
    answers: &mut BTreeMap<String, Given>,
    decided: &BTreeMap<String, Decided>,
    role: Option<&str>,
    catalogue: &Catalogue,
) {
    for (key, Decided { value, place }) in decided {
        let merges =
            catalogue.decision(key).is_some_and(|decision| matches!(decision.shape, Shape::Record { .. } | Shape::Map { .. }));
        let value = match (answers.get(key).map(|known| &known.value), value) {
            (Some(Value::Map(below)), Value::Map(fields)) if merges => {
                let mut united = below.clone();
                united.extend(fields.iter().map(|(key, value)| (key.clone(), value.clone())));
                Value::Map(united)
            }
            _ => value.clone(),
        };
        let origin = Origin::Plan { role: role.map(str::to_owned), place: place.clone() };
        answers.insert(key.clone(), Given { value, origin });
    }
}

fn information_defaults(answers: &mut BTreeMap<String, Given>, catalogue: &Catalogue) {
    for name in information(answers) {
        for decision in &catalogue.decisions {
            let (Some(("information", rest)), Silence::Answer(value)) = (split_placeholder(&decision.key), &decision.silence)
            else {
                continue;
            };
            answers
                .entry(format!("information.{name}.{rest}"))
                .or_insert_with(|| Given { value: value.clone(), origin: Origin::Default });
        }
    }
}

fn raise(answers: &mut RoleAnswers, catalogue: &Catalogue) {
    for raise in &catalogue.raises {
        let Some(decision) = catalogue.decision(&raise.key) else { continue };
        let Some(given) = answers.answers.get(&raise.key) else { continue };
        if matches!(given.origin, Origin::Plan { .. }) || !holds(&raise.when, answers) {
            continue;
        }
        if let Some(value) = raised(decision, &given.value, &raise.to) {
            let origin = Origin::Raised { because: raise.because.clone(), causes: answers.causes(&raise.when) };
            answers.answers.insert(raise.key.clone(), Given { value, origin });
        }
    }
}

/// The raised answer; `None` when the default is strong enough.
fn raised(decision: &Decision, default: &Value, to: &RaiseTo) -> Option<Value> {
    match to {
        RaiseTo::Answer(value) => (strength::compare(decision, default, value) == Some(Ordering::Less)).then(|| value.clone()),
        RaiseTo::Number(comparison @ (Comparison::AtLeast | Comparison::AtMost), number) => {
            (!comparison.holds(default.as_number()?, *number)).then_some(Value::Number(*number))
        }
        RaiseTo::Number(..) => None,
        RaiseTo::Without(word) => {
            let items = default.as_list()?;
            let without: Vec<Value> = items.iter().filter(|item| item.as_text() != Some(word)).cloned().collect();
            (without.len() < items.len()).then_some(Value::List(without))
        }
    }
}
