//! Fills the answers of a role into the values of rules.

use std::collections::BTreeMap;

use crate::catalogue::{Filter, MapKey, Piece, Reference, Source, Template};
use crate::payload::{OF_PERSON, payload_uuid};
use crate::plan::RoleAnswers;
use crate::value::{PersonalPart, PersonalText, Value};

/// What stands for a person's values, by part: what the plan's device management puts in the place of `$EMAIL`, or what the
/// client makes of the environment.
pub type UserSpelling = BTreeMap<String, Value>;

/// Why a value could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfilled {
    /// Neither the device management of the plan nor the client's environment has this part of a person's values.
    NoSpelling(String),
    /// The answer does not fit what the rule makes of it; the fragment says how.
    Unfit(String),
}

/// The value for a role.
///
/// # Errors
/// [`Unfilled`] when a value of the person is needed and cannot be spelled, or a filter does not fit the answer.
pub fn fill(template: &Template, answers: &RoleAnswers, user: &UserSpelling) -> Result<Value, Unfilled> {
    match template {
        Template::Fixed(value) => Ok(value.clone()),
        Template::Reference(reference) | Template::Optional(reference) => look_up(reference, answers, user),
        Template::Text(pieces) => {
            let values = pieces.iter().map(|piece| match piece {
                Piece::Fixed(fixed) => Ok(Value::Text(fixed.clone())),
                Piece::Reference(reference) => look_up(reference, answers, user),
            });
            Ok(joined(values.collect::<Result<_, _>>()?))
        }
        Template::List(items) => {
            let mut list = Vec::new();
            for item in items {
                if let Template::Optional(Reference { source: Source::Answer { key, field }, .. }) = item
                    && answers.value(key, field.as_deref()).is_none()
                {
                    continue;
                }
                match (item, fill(item, answers, user)?) {
                    (Template::Reference(_) | Template::Optional(_), Value::List(more)) => list.extend(more),
                    (_, value) => list.push(value),
                }
            }
            Ok(Value::List(list))
        }
        Template::Map(entries) => {
            let mut map = BTreeMap::new();
            for (key, value) in entries {
                match key {
                    MapKey::Fixed(key) => {
                        map.insert(key.clone(), fill(value, answers, user)?);
                    }
                    MapKey::Each(reference) => match look_up(reference, answers, user)? {
                        Value::List(keys) => {
                            for key in keys {
                                map.insert(key.to_string(), fill(value, answers, user)?);
                            }
                        }
                        other => return Err(Unfilled::Unfit(format!("a list is needed for keys, not {}", other.kind()))),
                    },
                }
            }
            Ok(Value::Map(map))
        }
    }
}

/// Values as one text; one that differs from person to person makes the whole text differ.
fn joined(values: Vec<Value>) -> Value {
    let (mut variables, mut parts, mut fixed) = (Vec::new(), Vec::new(), String::new());
    for value in values {
        let Value::Personal(text) = value else {
            fixed.push_str(&value.to_string());
            continue;
        };
        variables = text.variables;
        for part in text.parts {
            match part {
                PersonalPart::Fixed(text) => fixed.push_str(&text),
                PersonalPart::Name => {
                    if !fixed.is_empty() {
                        parts.push(PersonalPart::Fixed(std::mem::take(&mut fixed)));
                    }
                    parts.push(PersonalPart::Name);
                }
            }
        }
    }
    if parts.is_empty() {
        return Value::Text(fixed);
    }
    if !fixed.is_empty() {
        parts.push(PersonalPart::Fixed(fixed));
    }
    Value::Personal(PersonalText { variables, parts })
}

/// The last step of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn look_up(reference: &Reference, answers: &RoleAnswers, user: &UserSpelling) -> Result<Value, Unfilled> {
    let value = match &reference.source {
        Source::Role => Value::from(answers.name()),
        Source::List { items, .. } => Value::List(items.iter().map(|item| Value::from(item.as_str())).collect()),
        Source::Payload(payload_type) => {
            let organisation = answers.value("organisation", None).and_then(Value::as_text).unwrap_or_default();
            Value::Text(payload_uuid(organisation, answers.name(), OF_PERSON, payload_type, 0))
        }
        Source::User(part) => user.get(part).ok_or_else(|| Unfilled::NoSpelling(part.clone()))?.clone(),
        Source::Answer { key, field } => {
            let value = answers.value(key, field.as_deref());
            value.ok_or_else(|| Unfilled::Unfit(format!("`{key}` is not answered")))?.clone()
        }
    };
    reference.filters.iter().try_fold(value, |value, filter| apply(value, filter, answers))
}

fn apply(value: Value, filter: &Filter, answers: &RoleAnswers) -> Result<Value, Unfilled> {
    let unfit = |what: &str, value: &Value| Unfilled::Unfit(format!("{what} cannot be made of {}", value.kind()));
    match (filter, value) {
        (Filter::Seconds, Value::Number(minutes)) => {
            minutes.checked_mul(60).map(Value::Number).ok_or_else(|| Unfilled::Unfit("the number of seconds is too large".into()))
        }
        (Filter::First, Value::List(items)) => {
            items.into_iter().next().ok_or_else(|| Unfilled::Unfit("the list is empty".into()))
        }
        (Filter::Joined(separator), Value::List(items)) => {
            Ok(Value::Text(items.iter().map(Value::to_string).collect::<Vec<_>>().join(separator)))
        }
        (Filter::Holding(characters) | Filter::Lacking(characters), Value::List(items)) => {
            let wanted = matches!(filter, Filter::Holding(_));
            Ok(Value::List(
                items
                    .into_iter()
                    .filter(|item| item.as_text().is_some_and(|text| text.contains(|c| characters.contains(c)) == wanted))
                    .collect(),
            ))
        }
        (Filter::Around(before, after), Value::List(items)) => {
            Ok(Value::List(items.iter().map(|item| Value::Text(format!("{before}{item}{after}"))).collect()))
        }
        (Filter::Each(field), Value::List(items)) => {
            let part = |item: &Value| item.as_map().and_then(|record| record.get(field)).cloned();
            items
                .iter()
                .map(part)
                .collect::<Option<_>>()
                .map(Value::List)
                .ok_or_else(|| Unfilled::Unfit(format!("an item of the list has no `{field}`")))
        }
        (Filter::Around(before, after), Value::Text(text)) => Ok(Value::Text(format!("{before}{text}{after}"))),
        (Filter::Host | Filter::Port | Filter::Path, Value::Text(address)) => {
            let Some(rest) = address.strip_prefix("https://") else {
                return Err(Unfilled::Unfit(format!("`{address}` is no https address")));
            };
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
            Ok(match filter {
                Filter::Host => Value::from(host),
                Filter::Port => Value::Number(port.parse().map_err(|_| Unfilled::Unfit(format!("`{port}` is no port")))?),
                _ => Value::from(if path.is_empty() { "/" } else { path }),
            })
        }
        (Filter::FileName, Value::List(paths)) => {
            Ok(Value::List(paths.iter().map(|path| Value::from(file_name(&path.to_string()))).collect()))
        }
        (Filter::Der, Value::List(paths)) => {
            let content = |path: &Value| {
                let certificate = answers.certificates.get(&path.to_string());
                certificate.map(|certificate| Value::Text(certificate.base64()))
            };
            let unread = || Unfilled::Unfit("a file that it names was not read".to_owned());
            paths.iter().map(content).collect::<Option<_>>().map(Value::List).ok_or_else(unread)
        }
        (Filter::FileName | Filter::Der, value) => Err(unfit("files", &value)),
        (Filter::Seconds, value) => Err(unfit("seconds", &value)),
        (Filter::First | Filter::Holding(_) | Filter::Lacking(_) | Filter::Each(_), value) => {
            Err(unfit("a choice of items", &value))
        }
        (Filter::Joined(_) | Filter::Around(..), value) => Err(unfit("joined text", &value)),
        (Filter::Host | Filter::Port | Filter::Path, value) => Err(unfit("a part of an address", &value)),
    }
}
