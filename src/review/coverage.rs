//! The matrix of decisions × answers × clients: what the content says for every answer on every client.
//!
//! In: the catalogue. Out: a row for each answer, with a cell for each client. A rule may also depend on other decisions: then
//! the cell is conditional, and every combination of the answers that the rules name is tried, so that a cell is blank as soon
//! as one combination leaves it without a word.

use serde::Serialize;

use super::words;
use crate::baseline::Status;
use crate::catalogue::{Case, Catalogue, Client, Condition, Decision, SettingKind, Shape, Silence, Test};
use crate::plan::{RoleAnswers, holds};
use crate::value::Value;

/// One answer of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoverageRow {
    /// The decision.
    pub decision: String,
    /// The answer, in the plan's spelling, or what kind of answer it is.
    pub answer: String,
    /// A cell for each client.
    pub cells: Vec<CoverageCell>,
}

/// What the content says for one answer on one client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoverageCell {
    /// The client.
    pub client: String,
    /// What it does.
    pub status: &'static str,
    /// Whether it depends on other decisions.
    pub conditional: bool,
    /// The settings that the answer may make.
    pub settings: Vec<String>,
    /// Why it cannot, or is not concerned.
    pub reasons: Vec<String>,
    /// Who must do it instead.
    pub duties: Vec<String>,
    /// For a blank cell: the other answers that leave it so.
    pub blank_when: Option<String>,
}

/// The whole matrix, in the order of the decisions.
pub fn coverage(catalogue: &Catalogue) -> Vec<CoverageRow> {
    let mut rows = Vec::new();
    for decision in &catalogue.decisions {
        for answer in answers_of(decision) {
            let cells = catalogue.clients.iter().map(|client| cell(decision, &answer, client, catalogue)).collect();
            rows.push(CoverageRow { decision: decision.key.clone(), answer: answer.describe(), cells });
        }
    }
    rows
}

/// An answer to a decision, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// This one.
    Known(Value),
    /// One is given, and it could be any.
    Given,
    /// None is given.
    Silent,
}

impl Kind {
    fn describe(&self) -> String {
        match self {
            Self::Known(value) => words::spelled(value),
            Self::Given => "(given)".to_owned(),
            Self::Silent => "(not given)".to_owned(),
        }
    }
}

/// Every kind of answer that a decision takes: each word alone, all and none of a list, both ends of a number.
fn answers_of(decision: &Decision) -> Vec<Kind> {
    let mut kinds = kinds_of(&decision.shape, &decision.silence);
    if decision.silence == Silence::Unanswered {
        kinds.push(Kind::Silent);
    }
    kinds
}

fn kinds_of(shape: &Shape, silence: &Silence) -> Vec<Kind> {
    let word = |word: &str| Kind::Known(Value::from(word));
    let list = |words: Vec<&str>| Kind::Known(Value::List(words.into_iter().map(Value::from).collect()));
    match shape {
        Shape::Choice(answers) => answers.iter().map(|answer| word(&answer.word)).collect(),
        Shape::Choices(answers) => {
            let all: Vec<&str> = answers.iter().map(|answer| answer.word.as_str()).collect();
            let mut kinds: Vec<Kind> = all.iter().map(|word| list(vec![word])).collect();
            kinds.push(list(all));
            if *silence != Silence::Required {
                kinds.push(list(Vec::new()));
            }
            kinds
        }
        Shape::Flag => vec![Kind::Known(Value::Flag(true)), Kind::Known(Value::Flag(false))],
        Shape::Number { from, to, .. } => {
            let mut numbers = vec![*from, *to];
            if let Silence::Answer(Value::Number(default)) = silence {
                numbers.insert(1, *default);
            }
            numbers.dedup();
            numbers.into_iter().map(|number| Kind::Known(Value::Number(number))).collect()
        }
        Shape::StandardOrList(_) => vec![word("standard"), Kind::Given, list(Vec::new())],
        Shape::List(_) if *silence == Silence::Required => vec![Kind::Given],
        Shape::List(_) => vec![Kind::Given, list(Vec::new())],
        Shape::Map { .. } | Shape::Roles => vec![Kind::Given, Kind::Known(Value::Map(std::collections::BTreeMap::new()))],
        _ => vec![Kind::Given],
    }
}

/// Whether a condition holds, as far as the answers are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    No,
    Maybe,
    Yes,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// What is known or assumed.
#[derive(Clone)]
struct World<'a> {
    /// What is known of decisions, and of fields of records.
    kinds: Vec<(&'a str, Option<&'a str>, Kind)>,
    /// What is assumed of single questions that no known answer settles.
    assumed: Vec<(&'a Condition, bool)>,
    /// The answers that are known.
    answers: RoleAnswers,
}

impl<'a> World<'a> {
    fn new() -> Self {
        Self { kinds: Vec::new(), assumed: Vec::new(), answers: RoleAnswers::assumed() }
    }

    fn with(mut self, key: &'a str, field: Option<&'a str>, kind: Kind) -> Self {
        if let Kind::Known(value) = &kind {
            self.answers.assume(key, field, value.clone());
        }
        self.kinds.push((key, field, kind));
        self
    }

    /// What is known of a field, or of the whole decision.
    fn known(&self, key: &str, field: Option<&str>) -> Option<&Kind> {
        let of = |field: Option<&str>| self.kinds.iter().find(|known| known.0 == key && known.1 == field).map(|known| &known.2);
        // Of a record that is given each field is a question of its own.
        of(field).or_else(|| of(None).filter(|kind| field.is_some() && !matches!(kind, Kind::Given)))
    }

    fn truth(&self, condition: &Condition) -> Truth {
        match condition {
            Condition::All(all) => all.iter().fold(Truth::Yes, |so_far, one| match (so_far, self.truth(one)) {
                (Truth::No, _) | (_, Truth::No) => Truth::No,
                (Truth::Yes, Truth::Yes) => Truth::Yes,
                _ => Truth::Maybe,
            }),
            Condition::Any(any) => any.iter().fold(Truth::No, |so_far, one| match (so_far, self.truth(one)) {
                (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
                (Truth::No, Truth::No) => Truth::No,
                _ => Truth::Maybe,
            }),
            Condition::Not(none) => match self.truth(&Condition::Any(none.clone())) {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                Truth::Maybe => Truth::Maybe,
            },
            Condition::Answer { key, field, test } => {
                match (self.known(key, field.as_deref()), test) {
                    (Some(Kind::Known(_) | Kind::Silent), _) => holds(condition, &self.answers).into(),
                    (Some(Kind::Given), Test::Present) => Truth::Yes,
                    (Some(Kind::Given), Test::Absent) => Truth::No,
                    // The list that stands beside the word `standard`.
                    (Some(Kind::Given), Test::OneOf(values))
                        if values.iter().all(|value| value.as_text() == Some("standard")) =>
                    {
                        Truth::No
                    }
                    _ => self.assumption(condition),
                }
            }
            Condition::Need { .. } | Condition::Role(_) | Condition::Loosens | Condition::Given(_) => self.assumption(condition),
        }
    }

    fn assumption(&self, condition: &Condition) -> Truth {
        let assumed = self.assumed.iter().find(|(known, _)| *known == condition);
        assumed.map_or(Truth::Maybe, |(_, holds)| (*holds).into())
    }
}

/// The single questions of a condition.
fn questions<'a>(condition: &'a Condition, found: &mut Vec<&'a Condition>) {
    match condition {
        Condition::All(more) | Condition::Any(more) | Condition::Not(more) => more.iter().for_each(|one| questions(one, found)),
        one => {
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
}

/// Whether cases set something: for certain, perhaps, or not.
fn sets(when: Option<&Condition>, cases: &[Case], world: &World<'_>) -> Truth {
    let applies = when.map_or(Truth::Yes, |when| world.truth(when));
    if applies == Truth::No {
        return Truth::No;
    }
    let mut perhaps = false;
    for case in cases {
        match (case.when.as_ref().map_or(Truth::Yes, |when| world.truth(when)), &case.set) {
            (Truth::No, _) | (Truth::Maybe, None) => {}
            (Truth::Maybe, Some(_)) => perhaps = true,
            (Truth::Yes, None) => break,
            (Truth::Yes, Some(_)) => {
                // An earlier case that only may hold can leave the setting alone.
                let surely = applies == Truth::Yes && !leaves_before(cases, case, world);
                return if surely { Truth::Yes } else { Truth::Maybe };
            }
        }
    }
    if perhaps { Truth::Maybe } else { Truth::No }
}

fn leaves_before(cases: &[Case], last: &Case, world: &World<'_>) -> bool {
    cases
        .iter()
        .take_while(|case| !std::ptr::eq(*case, last))
        .any(|case| case.set.is_none() && case.when.as_ref().map_or(Truth::Yes, |when| world.truth(when)) != Truth::No)
}

fn cell(decision: &Decision, answer: &Kind, client: &Client, catalogue: &Catalogue) -> CoverageCell {
    let world = World::new().with(&decision.key, None, answer.clone());
    let mut cell = CoverageCell {
        client: client.id.clone(),
        status: Status::DoesNotApply.word(),
        conditional: false,
        settings: Vec::new(),
        reasons: Vec::new(),
        duties: Vec::new(),
        blank_when: None,
    };
    if world.truth(&client.when) == Truth::No {
        cell.reasons.push("Nobody has this client with this answer.".to_owned());
        return cell;
    }
    let mut status = Status::Blank;
    let mut certain = false;
    for rule in decision.settings.get(&client.id).into_iter().flatten() {
        let truth = sets(rule.when.as_ref(), &rule.cases, &world);
        if truth != Truth::No {
            // What the decision `lock` says when nothing is said, `security`.
            let locked = rule.lock.map_or(rule.kind == SettingKind::Security, |lock| lock == crate::catalogue::FixedLock::Always);
            let of_rule = if locked { Status::Locked } else { Status::Set };
            status = if status == Status::Blank { of_rule } else { status.max(of_rule) };
            cell.settings.push(rule.name.clone());
            certain |= truth == Truth::Yes;
        }
    }
    for gap in decision.gaps.get(&client.id).into_iter().flatten() {
        let truth = gap.when.as_ref().map_or(Truth::Yes, |when| world.truth(when));
        if truth != Truth::No {
            status = status.min(if gap.duty.is_some() { Status::Duty } else { Status::Gap });
            cell.reasons.push(gap.reason.clone());
            cell.duties.extend(gap.duty.clone());
            certain |= truth == Truth::Yes;
        }
    }
    if let Some(reason) = decision.does_not_apply.get(&client.id)
        && !certain
    {
        status = status.min(Status::DoesNotApply);
        cell.reasons.push(reason.clone());
    } else if !certain && status != Status::Blank {
        cell.blank_when = blank_when(decision, &world, client, catalogue);
        if cell.blank_when.is_some() {
            status = Status::Blank;
        }
    }
    cell.conditional = !certain && !matches!(status, Status::DoesNotApply | Status::Blank);
    cell.status = status.word();
    cell
}

/// More combinations than this are not tried.
const MOST_WORLDS: usize = 50_000;

/// The first combination of other answers under which no rule of the client says anything.
fn blank_when(decision: &Decision, world: &World<'_>, client: &Client, catalogue: &Catalogue) -> Option<String> {
    let mut asked = Vec::new();
    questions(&client.when, &mut asked);
    let settings = decision.settings.get(&client.id).into_iter().flatten();
    let gaps = decision.gaps.get(&client.id).into_iter().flatten();
    let of_settings =
        settings.clone().flat_map(|rule| rule.when.iter().chain(rule.cases.iter().filter_map(|case| case.when.as_ref())));
    for condition in of_settings.chain(gaps.clone().filter_map(|gap| gap.when.as_ref())) {
        questions(condition, &mut asked);
    }
    let says_something = |world: &World<'_>| {
        settings.clone().any(|rule| sets(rule.when.as_ref(), &rule.cases, world) == Truth::Yes)
            || gaps.clone().any(|gap| gap.when.as_ref().is_none_or(|when| world.truth(when) == Truth::Yes))
    };
    // What is certain stays certain, whatever else is assumed, so that such worlds need no further look.
    let is_open = |world: &World<'_>| world.truth(&client.when) != Truth::No && !says_something(world);
    let mut tried = 0;
    let mut worlds = vec![(world.clone(), Vec::new(), asked.as_slice())];
    while let Some((world, said, asked)) = worlds.pop() {
        let Some((question, asked)) = asked.split_first() else { return Some(said.join(", ")) };
        if world.truth(question) != Truth::Maybe {
            worlds.push((world, said, asked));
            continue;
        }
        tried += 1;
        if tried > MOST_WORLDS {
            return Some("it depends on more answers than can be tried".to_owned());
        }
        for (next, says) in ways(question, &world, catalogue).into_iter().rev().filter(|(next, _)| is_open(next)) {
            worlds.push((next, [said.as_slice(), &[says]].concat(), asked));
        }
    }
    None
}

/// The ways in which an open question can be settled: by each answer of its decision where there are few, else by yes and no.
fn ways<'a>(question: &'a Condition, world: &World<'a>, catalogue: &'a Catalogue) -> Vec<(World<'a>, String)> {
    if let Condition::Answer { key, field, .. } = question
        && let Some(other) = catalogue.decision(key)
        && world.known(key, field.as_deref()).is_none()
    {
        let (name, kinds) = match (field, &other.shape) {
            (None, _) => (key.clone(), answers_of(other)),
            (Some(field), Shape::Record { fields, .. }) => {
                let of_field = fields.iter().find(|known| known.name == *field);
                let mut kinds = of_field.map(|known| kinds_of(&known.shape, &Silence::Required)).unwrap_or_default();
                if of_field.is_none_or(|known| !known.required) {
                    kinds.push(Kind::Silent);
                }
                (format!("{key}.{field}"), kinds)
            }
            (Some(field), _) => (format!("{key}.{field}"), vec![Kind::Given, Kind::Silent]),
        };
        return kinds
            .into_iter()
            .map(|kind| {
                let says = format!("{name}: {}", kind.describe());
                (world.clone().with(&other.key, field.as_deref(), kind), says)
            })
            .flat_map(
                |(next, says)| {
                    if next.truth(question) == Truth::Maybe { yes_and_no(question, &next, &says) } else { vec![(next, says)] }
                },
            )
            .collect();
    }
    yes_and_no(question, world, "")
}

fn yes_and_no<'a>(question: &'a Condition, world: &World<'a>, before: &str) -> Vec<(World<'a>, String)> {
    [true, false]
        .map(|holds| {
            let mut next = world.clone();
            next.assumed.push((question, holds));
            let not = if holds { "" } else { "not " };
            (next, format!("{before}{}{not}{}", if before.is_empty() { "" } else { ", " }, words::condition(question)))
        })
        .into()
}
