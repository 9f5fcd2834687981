//! The tables of `baselines/vendor/apple/`, read.
//!
//! In: the three texts, whose form the importers describe. Out: rows that borrow from them. The amendments are what a newer
//! schema of Apple changes, kept by hand with their source, and laid over the import here; an amendment that changes nothing
//! that exists, or adds what exists, is an error, so that none outlives its reason.

use std::collections::BTreeMap;

/// A table that cannot be read; only a folder laid over the baselines can bring one.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The baselines lack a table, or it is not UTF-8.
    #[error("read `{file}` of the baselines: it is missing or not UTF-8")]
    Missing {
        /// The path below `baselines/`.
        file: &'static str,
    },
    /// A line does not have the form of its table.
    #[error("read `{file}` of the baselines, line {line}: {reason}")]
    Line {
        /// The path below `baselines/`.
        file: &'static str,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Any,
    Array,
    Boolean,
    Data,
    Date,
    Dictionary,
    Integer,
    Real,
    String,
}

impl Kind {
    pub(super) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "any" => Self::Any,
            "array" => Self::Array,
            "boolean" => Self::Boolean,
            "data" => Self::Data,
            "date" => Self::Date,
            "dictionary" => Self::Dictionary,
            "integer" => Self::Integer,
            "real" => Self::Real,
            "string" => Self::String,
            _ => return None,
        })
    }

    /// In a user's words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Array => "a list",
            Self::Boolean => "true or false",
            Self::Data => "base64 text",
            Self::Date => "a date",
            Self::Dictionary => "a map",
            Self::Integer => "a whole number",
            Self::Real => "a number",
            Self::String => "text",
        }
    }
}

/// When something exists; empty where inherited or unlimited.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Life<'a> {
    pub(super) introduced: &'a str,
    pub(super) deprecated: &'a str,
    pub(super) removed: &'a str,
    /// What the vendor wants used instead of what is deprecated; only amendments say it.
    pub(super) replaced_by: &'a str,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) path: &'a str,
    pub(super) kind: Kind,
    pub(super) required: bool,
    /// Separated by `|`; empty for no limit.
    pub(super) values: &'a str,
    /// `min..max`; empty for no limit.
    pub(super) range: &'a str,
    /// A regular expression; empty for no limit.
    pub(super) format: &'a str,
    /// How many of this element a list has, as a range.
    pub(super) count: &'a str,
    pub(super) life: Life<'a>,
    /// `device`, `user`, or empty: as the payload.
    pub(super) channels: &'a str,
    /// The path whose content this one repeats; empty for its own.
    pub(super) content_as: &'a str,
    /// The types of the assets that a declaration may name here, separated by `|`; empty for no asset.
    pub(super) assets: &'a str,
}

/// One payload type, or one variant of it; rows sorted by path.
#[derive(Debug, Clone)]
pub(super) struct Payload<'a> {
    pub(super) title: &'a str,
    pub(super) life: Life<'a>,
    pub(super) multiple: bool,
    pub(super) channels: &'a str,
    /// The kinds of enrolment that take a declaration, separated by `|`; empty for a payload.
    pub(super) enrolments: &'a str,
    pub(super) rows: Vec<Row<'a>>,
}

impl<'a> Payload<'a> {
    pub(super) fn row(&self, path: &str) -> Option<&Row<'a>> {
        self.rows.binary_search_by(|row| row.path.cmp(path)).ok().map(|place| &self.rows[place])
    }

    /// The rows directly below `owner` (the empty path is the payload itself).
    pub(super) fn below<'s>(&'s self, owner: &'s str) -> impl Iterator<Item = &'s Row<'a>> {
        let from = if owner.is_empty() { 0 } else { self.rows.partition_point(|row| row.path <= owner) };
        // `Outer Other` sorts between `Outer` and `Outer/Inner`, so the end is where the prefix itself ends.
        self.rows[from..].iter().take_while(move |row| row.path.starts_with(owner)).filter(move |row| {
            let rest = if owner.is_empty() { Some(row.path) } else { row.path[owner.len()..].strip_prefix('/') };
            rest.is_some_and(|rest| !rest.contains('/'))
        })
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Preference<'a> {
    pub(super) kind: Kind,
    /// The type of a list's elements.
    pub(super) element: Option<Kind>,
    pub(super) values: &'a str,
    /// The first version of the program that knows the key; empty when nobody wrote it down.
    pub(super) since: &'a str,
    pub(super) documented: bool,
    pub(super) source: &'a str,
}

pub(super) type Payloads<'a> = BTreeMap<&'a str, Vec<Payload<'a>>>;
pub(super) type Domains<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Preference<'a>>>;

/// The lines of a table that are no comment, with their number from 1.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line)).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// The columns of a line, empty where it is shorter; `None` when it is longer.
fn columns<const N: usize>(line: &str) -> Option<[&str; N]> {
    let mut cells = [""; N];
    let mut found = line.split('\t');
    for (cell, text) in cells.iter_mut().zip(found.by_ref()) {
        *cell = text;
    }
    found.next().is_none().then_some(cells)
}

pub(super) fn read_payloads<'a>(file: &'static str, text: &'a str) -> Result<Payloads<'a>, SchemaError> {
    let mut payloads = Payloads::new();
    let mut current: Option<&mut Payload<'a>> = None;
    for (line, content) in lines(text) {
        let wrong = |reason| SchemaError::Line { file, line, reason };
        if let Some(head) = content.strip_prefix('@') {
            let [kind, _variant, title, introduced, deprecated, removed, multiple, channels, enrolments] =
                columns(head).ok_or_else(|| wrong("more columns than a payload has"))?;
            let variants = payloads.entry(kind).or_default();
            variants.push(Payload {
                title,
                life: Life { introduced, deprecated, removed, replaced_by: "" },
                multiple: multiple == "multiple",
                channels,
                enrolments,
                rows: Vec::new(),
            });
            current = variants.last_mut();
            continue;
        }
        let payload = current.as_mut().ok_or_else(|| wrong("a key before the first payload"))?;
        let [
            path,
            kind,
            presence,
            values,
            range,
            format,
            count,
            introduced,
            deprecated,
            removed,
            channels,
            content_as,
            assets,
            _combine,
            _asset_content,
        ] = columns(content).ok_or_else(|| wrong("more columns than a key has"))?;
        if payload.rows.last().is_some_and(|last| last.path >= path) {
            return Err(wrong("a key that is not in the order of paths"));
        }
        payload.rows.push(Row {
            path,
            kind: Kind::parse(kind).ok_or_else(|| wrong("no known type"))?,
            required: presence == "required",
            values,
            range,
            format,
            count,
            life: Life { introduced, deprecated, removed, replaced_by: "" },
            channels,
            content_as,
            assets,
        });
    }
    Ok(payloads)
}

pub(super) fn read_preferences<'a>(file: &'static str, text: &'a str) -> Result<Domains<'a>, SchemaError> {
    let mut domains = Domains::new();
    for (line, content) in lines(text) {
        let wrong = |reason| SchemaError::Line { file, line, reason };
        let [domain, key, kind, values, since, documented, source] =
            columns(content).ok_or_else(|| wrong("more columns than a preference has"))?;
        let new = new_preference(kind, source).ok_or_else(|| wrong("no known type"))?;
        let preference = Preference { values, since, documented: documented == "vendor", ..new };
        if domains.entry(domain).or_default().insert(key, preference).is_some() {
            return Err(wrong("a key that stands twice"));
        }
    }
    Ok(domains)
}

/// A preference of which no more is known than its type and where that was read.
fn new_preference<'a>(kind: &'a str, source: &'a str) -> Option<Preference<'a>> {
    let element = kind.strip_prefix("array<").and_then(|rest| rest.strip_suffix('>'));
    Some(Preference {
        kind: if element.is_some() { Kind::Array } else { Kind::parse(kind)? },
        element: match element {
            Some(element) => Some(Kind::parse(element)?),
            None => None,
        },
        values: "",
        since: "",
        documented: false,
        source,
    })
}

/// Lays the amendments over the payloads and preferences; gives the macOS lines they know.
pub(super) fn amend<'a>(
    file: &'static str,
    text: &'a str,
    payloads: &mut Payloads<'a>,
    domains: &mut Domains<'a>,
) -> Result<Vec<&'a str>, SchemaError> {
    let mut versions = Vec::new();
    for (line, content) in lines(text) {
        let wrong = |reason| SchemaError::Line { file, line, reason };
        let [kind, path, field, value, source] = columns(content).ok_or_else(|| wrong("more columns than an amendment has"))?;
        if source.is_empty() {
            return Err(wrong("no source"));
        }
        if (kind, field) == ("macOS", "version") {
            versions.push(value);
        } else if let Some(variants) = payloads.get_mut(kind) {
            let payload = variants.first_mut().ok_or_else(|| wrong("no such payload"))?;
            amend_payload(payload, path, field, value).map_err(wrong)?;
        } else {
            if field == "type" {
                let preference = new_preference(value, source).ok_or_else(|| wrong("no known type"))?;
                if domains.entry(kind).or_default().insert(path, preference).is_some() {
                    return Err(wrong("a new key that exists already"));
                }
                continue;
            }
            let preference = domains.get_mut(kind).and_then(|keys| keys.get_mut(path));
            let preference = preference.ok_or_else(|| wrong("no such payload or preference"))?;
            match field {
                "values" => preference.values = value,
                "since" => preference.since = value,
                "documented" => preference.documented = value == "vendor",
                _ => return Err(wrong("no such field of a preference")),
            }
        }
    }
    Ok(versions)
}

fn amend_payload<'a>(payload: &mut Payload<'a>, path: &'a str, field: &str, value: &'a str) -> Result<(), &'static str> {
    let place = payload.rows.binary_search_by(|row| row.path.cmp(path));
    match (field, place) {
        ("drop", Ok(place)) => {
            payload.rows.remove(place);
        }
        ("type", Err(place)) => {
            let row = Row {
                path,
                kind: Kind::parse(value).ok_or("no known type")?,
                required: false,
                values: "",
                range: "",
                format: "",
                count: "",
                life: Life::default(),
                channels: "",
                content_as: "",
                assets: "",
            };
            payload.rows.insert(place, row);
        }
        ("type", Ok(_)) => return Err("a new key that exists already"),
        (_, Err(_)) => return Err("no such key"),
        (field, Ok(place)) => {
            let row = &mut payload.rows[place];
            match field {
                "presence" => row.required = value == "required",
                "values" => row.values = value,
                "range" => row.range = value,
                "format" => row.format = value,
                "introduced" => row.life.introduced = value,
                "deprecated" => row.life.deprecated = value,
                "removed" => row.life.removed = value,
                "replaced-by" => row.life.replaced_by = value,
                "channels" => row.channels = value,
                _ => return Err("no such field of a key"),
            }
        }
    }
    Ok(())
}
