//! What a rule makes of each answer: the cases of a setting, with the decision's own answer worked in.
//!
//! `cases` may ask for several decisions at once. For one answer of the rule's own decision the part of a condition that is
//! about this decision is settled; what is left is what still depends on others, and is said beside the value.

use serde::Serialize;

use super::words;
use crate::catalogue::{Condition, Decision, FixedLock, SettingKind, SettingRule, Shape, Test};
use crate::value::Value;
use crate::vendor::Schemas;

/// One value, and what else it depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// What must hold besides; nothing when the answer alone decides.
    pub when: Option<String>,
    /// The value as the content spells it; nothing when the setting is left alone.
    pub value: Option<String>,
}

/// What answers with the same outcome set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The answers; empty for a decision whose answers are not words.
    pub answers: Vec<String>,
    /// The values, the first that holds counts.
    pub outcomes: Vec<Outcome>,
}

/// What one decision does with one setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleView {
    /// The decision.
    pub decision: String,
    /// The client.
    pub client: String,
    /// The vendor's name.
    pub setting: String,
    /// The vendor's title, where the schema has one of its own.
    pub title: Option<String>,
    /// Where an admin finds it, where the schema knows.
    pub found_in: Option<String>,
    /// What each answer sets.
    pub rows: Vec<Row>,
    /// Who may change it: `by lock` (kind security or preset), `always locked`, `never locked`.
    pub locked: &'static str,
    /// Whether lists and maps of several decisions unite.
    pub merges: bool,
    /// Where the value comes from.
    pub cite: Vec<String>,
    /// Why this value.
    pub why: Option<String>,
    /// File and line of the rule below `baselines/`.
    pub rule: String,
}

/// What `decision` does with the setting of `rule`.
pub fn rule_view(decision: &Decision, client: &str, rule: &SettingRule, schemas: &Schemas<'_>) -> RuleView {
    let described = schemas.describe(&rule.name);
    let found_in = described
        .as_ref()
        .and_then(|known| known.facts.iter().find(|(word, _)| *word == "found in").map(|(_, place)| place.clone()));
    let title = described.and_then(|known| known.title).filter(|_| found_in.is_some());
    RuleView {
        decision: decision.key.clone(),
        client: client.to_owned(),
        setting: rule.name.clone(),
        title,
        found_in,
        rows: rows(decision, rule),
        locked: match (rule.lock, rule.kind) {
            (Some(FixedLock::Always), _) => "always",
            (Some(FixedLock::Never), _) => "never",
            (None, SettingKind::Security) => "by `lock`: security or everything",
            (None, SettingKind::Preset) => "by `lock`: everything",
        },
        merges: rule.merge,
        cite: rule.cite.clone(),
        why: rule.why.clone(),
        rule: format!("{}:{}", rule.place.file, rule.place.line),
    }
}

fn rows(decision: &Decision, rule: &SettingRule) -> Vec<Row> {
    let answers: Vec<Value> = match &decision.shape {
        Shape::Choice(answers) => answers.iter().map(|answer| Value::from(answer.word.as_str())).collect(),
        Shape::Flag => vec![Value::Flag(true), Value::Flag(false)],
        _ => return vec![Row { answers: Vec::new(), outcomes: outcomes(rule, |condition| Settled::Open(condition.clone())) }],
    };
    let mut rows: Vec<Row> = Vec::new();
    for answer in answers {
        let outcomes = outcomes(rule, |condition| settle(condition, &decision.key, &answer));
        match rows.iter_mut().find(|row| row.outcomes == outcomes) {
            Some(row) => row.answers.push(answer.to_string()),
            None => rows.push(Row { answers: vec![answer.to_string()], outcomes }),
        }
    }
    rows
}

fn outcomes(rule: &SettingRule, settle: impl Fn(&Condition) -> Settled) -> Vec<Outcome> {
    let left_alone = vec![Outcome { when: None, value: None }];
    let mut before = Vec::new();
    match rule.when.as_ref().map(&settle) {
        Some(Settled::No) => return left_alone,
        Some(Settled::Open(condition)) => before.push(condition),
        Some(Settled::Yes) | None => {}
    }
    let mut outcomes = Vec::new();
    for case in &rule.cases {
        let mut all = before.clone();
        let settled = case.when.as_ref().map(&settle);
        match &settled {
            Some(Settled::No) => continue,
            Some(Settled::Open(condition)) => all.push(condition.clone()),
            Some(Settled::Yes) | None => {}
        }
        let when = (!all.is_empty()).then(|| words::condition(&Condition::All(all)));
        outcomes.push(Outcome { when, value: case.set.as_ref().map(words::template) });
        if !matches!(settled, Some(Settled::Open(_))) {
            break;
        }
    }
    // Cases that leave the setting alone only matter before one that sets it.
    while outcomes.last().is_some_and(|outcome| outcome.value.is_none()) {
        outcomes.pop();
    }
    if outcomes.is_empty() { left_alone } else { outcomes }
}

/// What is left of a condition once one answer is known.
enum Settled {
    Yes,
    No,
    Open(Condition),
}

fn settle(condition: &Condition, decision: &str, answer: &Value) -> Settled {
    let all = |conditions: &[Condition]| {
        let mut open = Vec::new();
        for one in conditions {
            match settle(one, decision, answer) {
                Settled::Yes => {}
                Settled::No => return Settled::No,
                Settled::Open(rest) => open.push(rest),
            }
        }
        if open.is_empty() { Settled::Yes } else { Settled::Open(Condition::All(open)) }
    };
    let any = |conditions: &[Condition]| {
        let mut open = Vec::new();
        for one in conditions {
            match settle(one, decision, answer) {
                Settled::Yes => return Err(()),
                Settled::No => {}
                Settled::Open(rest) => open.push(rest),
            }
        }
        Ok(open)
    };
    match condition {
        Condition::All(conditions) => all(conditions),
        Condition::Any(conditions) => match any(conditions) {
            Err(()) => Settled::Yes,
            Ok(open) if open.is_empty() => Settled::No,
            Ok(open) => Settled::Open(Condition::Any(open)),
        },
        Condition::Not(conditions) => match any(conditions) {
            Err(()) => Settled::No,
            Ok(open) if open.is_empty() => Settled::Yes,
            Ok(open) => Settled::Open(Condition::Not(open)),
        },
        Condition::Answer { key, field: None, test } if key == decision => match test {
            Test::OneOf(values) if values.contains(answer) => Settled::Yes,
            Test::Present => Settled::Yes,
            Test::OneOf(_) | Test::Absent => Settled::No,
            _ => Settled::Open(condition.clone()),
        },
        _ => Settled::Open(condition.clone()),
    }
}
