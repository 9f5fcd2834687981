//! The parts of rules in words: conditions, values with places to fill in, and where an answer comes from.

use crate::catalogue::{Comparison, Condition, Decision, Filter, ItemTest, MapKey, Piece, Reference, Shape, Silence};
use crate::catalogue::{PAYLOAD, RoleFreedom, Source, Template, Test};
use crate::plan::{Origin, causes_in_words};
use crate::value::Value;

/// A condition as a clause that reads well after "if".
pub fn condition(condition: &Condition) -> String {
    match condition {
        Condition::All(all) => all.iter().map(part).collect::<Vec<_>>().join(" and "),
        Condition::Any(any) => any.iter().map(part).collect::<Vec<_>>().join(" or "),
        Condition::Not(none) => match none.as_slice() {
            [one] => format!("not ({})", self::condition(one)),
            _ => format!("none of: {}", none.iter().map(self::condition).collect::<Vec<_>>().join("; ")),
        },
        Condition::Role(true) => "it is a role".to_owned(),
        Condition::Role(false) => "it is the plan without a role".to_owned(),
        Condition::Loosens => "it is a role that loosens what roles may only tighten".to_owned(),
        Condition::Given(name) => format!("the plan says something about `{name}` for these people"),
        Condition::Need { goal, channel, at_least } => {
            let over = if channel == "any" { "any channel".to_owned() } else { format!("`{channel}`") };
            format!("the need for {goal} over {over} is at least {}", at_least.word())
        }
        Condition::Answer { key, field, test } => {
            let name = field.as_ref().map_or_else(|| key.clone(), |field| format!("{key}.{field}"));
            answer(&name, test)
        }
    }
}

/// A condition inside another one.
fn part(inner: &Condition) -> String {
    match inner {
        Condition::Any(any) if any.len() > 1 => format!("({})", condition(inner)),
        _ => condition(inner),
    }
}

fn answer(name: &str, test: &Test) -> String {
    let quoted = |words: &[String]| one_of(words.iter().map(|word| format!("`{word}`")));
    match test {
        Test::Present => format!("`{name}` is answered"),
        Test::Absent => format!("`{name}` is not answered"),
        Test::OneOf(values) => format!("`{name}` is {}", one_of(values.iter().map(|value| format!("`{value}`")))),
        Test::Has(words) => format!("`{name}` has {}", quoted(words)),
        Test::Lacks(words) => {
            format!("`{name}` lacks {}", words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" and "))
        }
        Test::Number(comparison, number) => format!("`{name}` is {} {number}", comparison_word(*comparison)),
        Test::Past => format!("`{name}` lies in the past"),
        Test::Within(domains) => format!("`{name}` is, or lies below, {}", quoted(domains)),
        Test::Some(fields) => {
            let fields = fields.iter().map(|(field, test)| item(field, test)).collect::<Vec<_>>().join(" and ");
            format!("something in `{name}` {fields}")
        }
    }
}

fn item(field: &str, test: &ItemTest) -> String {
    let of = if field.is_empty() { "is".to_owned() } else { format!("has `{field}`") };
    match test {
        ItemTest::OneOf(values) => format!("{of} {}", one_of(values.iter().map(|value| format!("`{value}`")))),
        ItemTest::ThisRole => format!("{of} this role"),
        ItemTest::Past => format!("{of} in the past"),
        ItemTest::Present => of,
        ItemTest::Absent => format!("lacks `{field}`"),
    }
}

/// One word, or a choice that stays one thing inside a longer condition.
fn one_of(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    if let [word] = words.as_slice() { word.clone() } else { format!("one of {}", words.join(", ")) }
}

fn comparison_word(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Above => "above",
        Comparison::Below => "below",
        Comparison::AtLeast => "at least",
        Comparison::AtMost => "at most",
    }
}

/// The value of a rule as the content spells it.
pub fn template(template: &Template) -> String {
    match template {
        Template::Fixed(value) => value.to_string(),
        Template::Reference(name) => format!("${}", reference(name)),
        Template::Optional(name) => {
            let text = reference(name);
            let (subject, filters) = text.split_once('|').map_or((text.as_str(), String::new()), |(a, b)| (a, format!("|{b}")));
            format!("${subject}?{filters}")
        }
        Template::Text(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Fixed(text) => text.clone(),
                Piece::Reference(name) => format!("${{{}}}", reference(name)),
            })
            .collect(),
        Template::List(items) => format!("[{}]", items.iter().map(self::template).collect::<Vec<_>>().join(", ")),
        Template::Map(entries) => {
            let key = |key: &MapKey| match key {
                MapKey::Fixed(key) => key.clone(),
                MapKey::Each(name) => format!("${}", reference(name)),
            };
            let entries = entries.iter().map(|(name, value)| format!("{}: {}", key(name), self::template(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn reference(reference: &Reference) -> String {
    let mut text = match &reference.source {
        Source::Answer { key, field: None } => key.clone(),
        Source::Answer { key, field: Some(field) } => format!("{key}.{field}"),
        Source::Role => "role".to_owned(),
        Source::List { name, .. } => format!("lists.{name}"),
        Source::User(part) => format!("user.{part}"),
        Source::Payload(payload_type) => format!("{PAYLOAD}{payload_type}"),
    };
    for filter in &reference.filters {
        let spelled = match filter {
            Filter::Seconds => "seconds".to_owned(),
            Filter::Host => "host".to_owned(),
            Filter::Port => "port".to_owned(),
            Filter::Path => "path".to_owned(),
            Filter::First => "first".to_owned(),
            Filter::Joined(separator) => format!("joined({separator})"),
            Filter::Holding(characters) => format!("holding({characters})"),
            Filter::Lacking(characters) => format!("lacking({characters})"),
            Filter::Around(before, after) => format!("around({before},{after})"),
            Filter::FileName => "file_name".to_owned(),
            Filter::Der => "der".to_owned(),
            Filter::Each(field) => format!("each({field})"),
        };
        text.extend(["|", &spelled]);
    }
    text
}

/// Where an answer comes from: file and line of the plan, or which default.
pub fn origin(origin: Option<&Origin>) -> String {
    match origin {
        None => "not answered, and there is no default".to_owned(),
        Some(Origin::Plan { role, place }) => {
            let line = format!("{}:{}", place.file.name, place.line_column().0);
            role.as_ref().map_or_else(|| line.clone(), |role| format!("{line}, role {role}"))
        }
        Some(Origin::Default) => "default".to_owned(),
        Some(Origin::Preset { level, because }) => format!("default of the level {level}: {because}"),
        Some(Origin::Raised { because, causes }) if causes.is_empty() => format!("default, raised: {because}"),
        Some(Origin::Raised { because, causes }) => {
            format!("default, raised because {}: {because}", causes_in_words(causes))
        }
    }
}

/// What silence means, as a plan would spell the answer.
pub fn silence(silence: &Silence) -> String {
    match silence {
        Silence::Required => "(must be answered)".to_owned(),
        Silence::Unanswered => "-".to_owned(),
        Silence::Answer(value) => spelled(value),
    }
}

/// A value on one line; what is empty says so.
pub fn spelled(value: &Value) -> String {
    match value {
        Value::List(items) if items.is_empty() => "[]".to_owned(),
        Value::Map(entries) if entries.is_empty() => "{}".to_owned(),
        value => value.to_string(),
    }
}

/// Whether a role may answer differently, as a sentence.
pub fn freedom(decision: &Decision) -> &'static str {
    match (&decision.shape, decision.roles) {
        (Shape::Roles, _) => "The roles themselves are decided once.",
        (_, RoleFreedom::Free) => "A role may answer differently.",
        (_, RoleFreedom::Tighten) => "A role may only be stricter.",
        (_, RoleFreedom::Never) => "It is decided once for the whole organisation.",
    }
}

/// The paragraphs that ask a question, e.g. `M 2.454 §5b, §11`.
pub fn asked(decision: &Decision) -> String {
    if decision.asked.is_empty() { String::new() } else { format!("M 2.454 {}", decision.asked.join(", ")) }
}
