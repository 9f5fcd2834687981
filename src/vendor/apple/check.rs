//! One value against one key of the schema: type, allowed values, range, format, version, and the same for what it holds.
//!
//! In: the rows of a payload, the path of a key, a value. Out: the value as a plist types it, or the first problem.
//! Two steps, so that a profile that was read back is judged by the same rules: [`typed`] gives a catalogue's value the type
//! that the key has, [`Judge::value`] holds a typed value against the rows. Types are strict: a Mac that gets `1` where a
//! boolean belongs reads neither true nor false.

use std::borrow::Cow;

use plist::{Data, Date, Dictionary};
use regex_lite::Regex;

use super::table::{Kind, Life, Payload, Row};
use super::version::reached;
use crate::value::Value;
use crate::vendor::Problem;
use crate::vendor::problem::nearest;

/// The rows of a payload, and the macOS version that is written for.
#[derive(Clone, Copy)]
pub(super) struct Judge<'p, 'a> {
    pub(super) payload: &'p Payload<'a>,
    pub(super) macos: &'p str,
}

impl<'p, 'a> Judge<'p, 'a> {
    /// The rows from the payload down to the key; `None` when a part of the path is not known.
    pub(super) fn trail(&self, path: &[&str]) -> Option<Vec<&'p Row<'a>>> {
        let mut base = Cow::Borrowed("");
        let mut rows = Vec::with_capacity(path.len());
        for part in path {
            let row = self.inside(&base, part)?;
            base = Cow::Borrowed(content(row));
            rows.push(row);
        }
        Some(rows)
    }

    /// The row of the key `name` inside `base`.
    fn inside(&self, base: &str, name: &str) -> Option<&'p Row<'a>> {
        // A key that is spelled like the marks for elements and wildcards is none of theirs.
        let exact = if matches!(name, "[]" | "*") { None } else { self.payload.row(&join(base, name)) };
        exact.or_else(|| self.payload.row(&join(base, "*")))
    }

    /// Whether the payload and every key of the trail exist in the version.
    pub(super) fn exists(&self, trail: &[&Row<'a>]) -> Result<(), Problem> {
        let lives = std::iter::once(self.payload.life).chain(trail.iter().map(|row| row.life));
        for life in lives {
            self.lives(life)?;
        }
        Ok(())
    }

    fn lives(&self, life: Life<'a>) -> Result<(), Problem> {
        let Life { introduced, removed, .. } = life;
        let reason = if introduced == "n/a" {
            "it exists on other systems of the vendor only".to_owned()
        } else if !introduced.is_empty() && !reached(introduced, self.macos) {
            format!("it came with {introduced}")
        } else if !removed.is_empty() && reached(removed, self.macos) {
            format!("it went with {removed}")
        } else {
            return Ok(());
        };
        Err(Problem::NotInVersion { target: format!("macOS {}", self.macos), reason })
    }

    /// The life of the payload or of the key of the trail that is deprecated in the version.
    pub(super) fn deprecated(&self, trail: &[&Row<'a>]) -> Option<Life<'a>> {
        let mut lives = std::iter::once(self.payload.life).chain(trail.iter().map(|row| row.life));
        lives.find(|life| !life.deprecated.is_empty() && reached(life.deprecated, self.macos))
    }

    /// Gives a catalogue's value the type that the row asks for, down to its last element.
    pub(super) fn typed(&self, row: &Row<'a>, value: &Value) -> Result<plist::Value, Problem> {
        match (row.kind, value) {
            (Kind::Array, Value::List(items)) => {
                let element = self.payload.row(&join(content(row), "[]"));
                let typed = items.iter().map(|item| element.map_or_else(|| natural(item), |row| self.typed(row, item)));
                Ok(plist::Value::Array(typed.collect::<Result<_, _>>()?))
            }
            (Kind::Dictionary, Value::Map(entries)) => {
                let mut dictionary = Dictionary::new();
                for (key, value) in entries {
                    let Some(inner) = self.inside(content(row), key) else { return Err(self.unknown_part(row, key)) };
                    dictionary.insert(key.clone(), self.typed(inner, value)?);
                }
                Ok(plist::Value::Dictionary(dictionary))
            }
            (kind, value) => typed(kind, value),
        }
    }

    /// Holds a typed value against the row and against the rows below it.
    pub(super) fn value(&self, row: &Row<'a>, value: &plist::Value) -> Result<(), Problem> {
        self.lives(row.life)?;
        require_kind(row.kind, value)?;
        match (row.values, row.range) {
            ("", range) => within(range, value)?,
            (values, "") => allowed(values, value)?,
            // Both together widen each other: 0 for "never" beside 1 to 180 minutes.
            (values, range) => within(range, value).or_else(|problem| allowed(values, value).map_err(|_| problem))?,
        }
        formatted(row.format, value)?;
        match value {
            plist::Value::Array(items) if row.kind == Kind::Array => {
                let Some(element) = self.payload.row(&join(content(row), "[]")) else { return Ok(()) };
                if !in_range(element.count, float(i64::try_from(items.len()).unwrap_or(i64::MAX))) {
                    let allowed = format!("the list has {} items", range_words(element.count));
                    return Err(Problem::NotAllowed { found: format!("{} items", items.len()), allowed });
                }
                // Rules of other decisions may add keys to a map, and items to a list; what is inside an item is whole.
                if let Some(missing) = items.iter().find_map(|item| self.missing_inside(element, item)) {
                    return Err(Problem::Missing { missing });
                }
                items.iter().try_for_each(|item| self.value(element, item))
            }
            plist::Value::Dictionary(entries) if row.kind == Kind::Dictionary => {
                for (key, value) in entries {
                    let Some(inner) = self.inside(content(row), key) else { return Err(self.unknown_part(row, key)) };
                    self.value(inner, value)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The first required key that is missing below `base`, in `entries` and in what they hold.
    pub(super) fn missing(&self, base: &str, entries: &Dictionary) -> Option<String> {
        for row in self.payload.below(base).filter(|row| row.required && self.lives(row.life).is_ok()) {
            match last(row.path) {
                "*" if entries.is_empty() => return Some("at least one entry".to_owned()),
                "*" => {}
                name if entries.contains_key(name) => {}
                _ => return Some(row.path.to_owned()),
            }
        }
        entries.iter().find_map(|(key, value)| self.missing_inside(self.inside(base, key)?, value))
    }

    /// The first required key that a value lacks somewhere inside.
    pub(super) fn missing_inside(&self, row: &Row<'a>, value: &plist::Value) -> Option<String> {
        match (row.kind, value) {
            (Kind::Dictionary, plist::Value::Dictionary(entries)) => self.missing(content(row), entries),
            (Kind::Array, plist::Value::Array(items)) => {
                let element = self.payload.row(&join(content(row), "[]"))?;
                items.iter().find_map(|item| self.missing_inside(element, item))
            }
            _ => None,
        }
    }

    fn unknown_part(&self, row: &Row<'a>, key: &str) -> Problem {
        let known = self.payload.below(content(row)).map(|row| last(row.path));
        Problem::UnknownPart { what: "key", found: key.to_owned(), nearest: similar(key, known) }
    }
}

/// Where the keys inside a row are described.
fn content<'a>(row: &Row<'a>) -> &'a str {
    if row.content_as.is_empty() { row.path } else { row.content_as }
}

fn join(base: &str, name: &str) -> String {
    if base.is_empty() { name.to_owned() } else { format!("{base}/{name}") }
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The known name that is meant: one that differs in case only before one that is merely similar.
pub(super) fn similar<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let known: Vec<_> = known.filter(|known| *known != "*" && *known != "[]").collect();
    let other_case = known.iter().find(|known| known.eq_ignore_ascii_case(name)).map(|&known| known.to_owned());
    other_case.or_else(|| nearest(name, known))
}

/// Gives a value the type `kind`; what a list or map holds keeps its own type.
pub(super) fn typed(kind: Kind, value: &Value) -> Result<plist::Value, Problem> {
    let wrong = || Problem::WrongType { expected: kind.words().to_owned(), found: value.kind().to_owned() };
    match (kind, value) {
        (Kind::Real, Value::Number(number)) => {
            let small = i32::try_from(*number).map_err(|_| wrong())?;
            Ok(plist::Value::Real(small.into()))
        }
        (Kind::Date, Value::Text(text)) => {
            let text = if text.len() == "2026-09-14".len() { format!("{text}T00:00:00Z") } else { text.clone() };
            Date::from_xml_format(&text).map(plist::Value::Date).map_err(|_| wrong())
        }
        (Kind::Data, Value::Text(text)) => {
            Data::from_xml_format(text).map(|data| plist::Value::Data(data.into())).map_err(|_| wrong())
        }
        _ => natural(value).and_then(|natural| if is(kind, &natural) { Ok(natural) } else { Err(wrong()) }),
    }
}

/// The type a value has of itself.
fn natural(value: &Value) -> Result<plist::Value, Problem> {
    Ok(match value {
        Value::Flag(flag) => plist::Value::Boolean(*flag),
        Value::Number(number) => plist::Value::Integer((*number).into()),
        Value::Text(text) => plist::Value::String(text.clone()),
        Value::List(items) => plist::Value::Array(items.iter().map(natural).collect::<Result<_, _>>()?),
        Value::Map(entries) => {
            let mut dictionary = Dictionary::new();
            for (key, value) in entries {
                dictionary.insert(key.clone(), natural(value)?);
            }
            plist::Value::Dictionary(dictionary)
        }
        Value::Personal(_) => {
            return Err(Problem::WrongType { expected: "a value of the profile itself".into(), found: value.kind().into() });
        }
    })
}

fn is(kind: Kind, value: &plist::Value) -> bool {
    match kind {
        Kind::Any => true,
        Kind::Array => value.as_array().is_some(),
        Kind::Boolean => value.as_boolean().is_some(),
        Kind::Data => value.as_data().is_some(),
        Kind::Date => value.as_date().is_some(),
        Kind::Dictionary => value.as_dictionary().is_some(),
        Kind::Integer => value.as_signed_integer().is_some(),
        Kind::Real => value.as_real().is_some(),
        Kind::String => value.as_string().is_some(),
    }
}

pub(super) fn require_kind(kind: Kind, value: &plist::Value) -> Result<(), Problem> {
    if is(kind, value) {
        return Ok(());
    }
    Err(Problem::WrongType { expected: kind.words().to_owned(), found: words(value).to_owned() })
}

/// What kind of value it is, in a user's words.
fn words(value: &plist::Value) -> &'static str {
    match value {
        plist::Value::Array(_) => "a list",
        plist::Value::Boolean(_) => "true or false",
        plist::Value::Data(_) => "data",
        plist::Value::Date(_) => "a date",
        plist::Value::Dictionary(_) => "a map",
        plist::Value::Integer(_) => "a whole number",
        plist::Value::Real(_) => "a number with a fraction",
        plist::Value::String(_) => "text",
        _ => "something a profile cannot hold",
    }
}

/// The value as the columns of the table spell it; `None` for what has no such spelling.
fn spelling(value: &plist::Value) -> Option<String> {
    match value {
        plist::Value::Boolean(flag) => Some(flag.to_string()),
        plist::Value::Integer(number) => Some(number.to_string()),
        plist::Value::Real(number) => Some(number.to_string()),
        plist::Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// Whether the value is one of those that are separated by `|`; nothing there means no limit.
pub(super) fn allowed(values: &str, value: &plist::Value) -> Result<(), Problem> {
    if values.is_empty() {
        return Ok(());
    }
    let found = spelling(value).unwrap_or_default();
    let same = |known: &str| match value {
        plist::Value::Real(number) => known.parse::<f64>() == Ok(*number),
        _ => known == found,
    };
    if values.split('|').any(same) {
        return Ok(());
    }
    let list = values.split('|').map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    Err(Problem::NotAllowed { found, allowed: format!("it takes {list}") })
}

fn within(range: &str, value: &plist::Value) -> Result<(), Problem> {
    let number = match value {
        plist::Value::Integer(number) => float(number.as_signed().unwrap_or(i64::MAX)),
        plist::Value::Real(number) => *number,
        _ => return Ok(()),
    };
    if in_range(range, number) {
        return Ok(());
    }
    let found = spelling(value).unwrap_or_default();
    Err(Problem::NotAllowed { found, allowed: format!("it takes {}", range_words(range)) })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "bounds of the schema lie far below 2^53, where a float tells whole numbers apart"
)]
fn float(number: i64) -> f64 {
    number as f64
}

fn bounds(range: &str) -> (Option<f64>, Option<f64>) {
    let (from, to) = range.split_once("..").unwrap_or_default();
    (from.parse().ok(), to.parse().ok())
}

fn in_range(range: &str, number: f64) -> bool {
    let (from, to) = bounds(range);
    from.is_none_or(|from| number >= from) && to.is_none_or(|to| number <= to)
}

fn range_words(range: &str) -> String {
    match bounds(range) {
        (Some(from), Some(to)) if from >= to => format!("exactly {from}"),
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("{from} or more"),
        (None, Some(to)) => format!("{to} or less"),
        (None, None) => "any number".to_owned(),
    }
}

fn formatted(format: &str, value: &plist::Value) -> Result<(), Problem> {
    let (false, Some(text)) = (format.is_empty(), value.as_string()) else { return Ok(()) };
    // A pattern that this engine cannot read would let everything pass, so it lets nothing pass.
    if Regex::new(format).is_ok_and(|pattern| pattern.is_match(text)) {
        return Ok(());
    }
    Err(Problem::NotAllowed { found: text.to_owned(), allowed: format!("it takes text of the form `{format}`") })
}
