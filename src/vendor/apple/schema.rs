//! The schema as the rest of the program asks it.
//!
//! In: the baselines. Out: answers about one setting ([`Schema::check`]), about the settings of one payload together
//! ([`Schema::check_payload`]), and what is known about a name ([`Schema::describe`], [`Schema::names`]).

use std::collections::BTreeSet;

use plist::Dictionary;

use super::accounts::{Accounts, DeclaredKey};
use super::check::{Judge, allowed, require_kind, similar, typed};
use super::facts::facts_of;
use super::table::{Domains, Kind, Payload, Payloads, Preference, Row, SchemaError, amend, read_payloads, read_preferences};
use super::version;
use crate::baselines::Baselines;
use crate::value::Value;
use crate::vendor::Problem;
use crate::vendor::diff::Facts;
use crate::vendor::search::{Hit, Query};

const PAYLOADS: &str = "vendor/apple/payloads.tsv";
const PREFERENCES: &str = "vendor/apple/managed-preferences.tsv";
const AMENDMENTS: &str = "vendor/apple/amendments.tsv";

/// The section of Apple's schema about the outer dictionary of a profile.
pub(crate) const FRAME: &str = "TopLevel";
/// The section of Apple's schema about the keys that every payload has.
pub(crate) const COMMON: &str = "CommonPayloadKeys";

/// The channel that a key must come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Only in a profile for a user.
    User,
    /// Only in a profile for the computer.
    Device,
    /// In either; a profile for the computer holds for everyone who uses it.
    Either,
}

impl Scope {
    /// The channels, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::User => "user channel",
            Self::Device => "device channel",
            Self::Either => "user or device channel",
        }
    }
}

/// A key of a payload with its value, as the schema accepted it.
#[derive(Debug, Clone, PartialEq)]
pub struct PayloadKey {
    /// The payload type, or the preference domain.
    pub payload_type: String,
    /// What the vendor calls the payload, for people; the domain itself for a preference domain.
    pub title: String,
    /// The keys from the payload inwards; never empty.
    pub path: Vec<String>,
    /// The value with its plist type.
    pub value: plist::Value,
    /// The channel.
    pub scope: Scope,
    /// Whether the value is a list that holds the value of each of several payloads of this type.
    pub spread: bool,
    /// Whether it is a preference of a program and no payload of the vendor's schema.
    pub managed_preference: bool,
    /// That the vendor wants something else used; set only when the version that is written for has reached it.
    pub deprecated: Option<Deprecation>,
    /// Where a declaration says the same; only keys of accounts have such a place.
    pub declared: Option<DeclaredKey>,
}

impl PayloadKey {
    /// A preference of a program, for the computer.
    pub fn preference(domain: &str, title: &str, name: &str, value: plist::Value) -> Self {
        Self {
            payload_type: domain.to_owned(),
            title: title.to_owned(),
            path: vec![name.to_owned()],
            value,
            scope: Scope::Device,
            spread: false,
            managed_preference: true,
            deprecated: None,
            declared: None,
        }
    }
}

/// Something that the vendor will take away one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deprecation {
    /// The macOS version since which it is so.
    pub since: String,
    /// What the vendor wants used instead, where that was read.
    pub instead: Option<String>,
}

/// What is known about a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The full name.
    pub name: String,
    /// What the vendor calls the payload.
    pub title: String,
    /// The type, in words.
    pub kind: String,
    /// Values, range or pattern, in words.
    pub allowed: Option<String>,
    /// Whether the payload needs it.
    pub required: bool,
    /// The first macOS version; `n/a` when macOS has none; empty when nothing is said.
    pub introduced: String,
    /// The macOS version since which it is deprecated.
    pub deprecated: Option<String>,
    /// The first macOS version without it.
    pub removed: Option<String>,
    /// The channel.
    pub scope: Scope,
    /// For a preference: the first version of its program that knows it.
    pub program_version: Option<String>,
    /// Whether the vendor itself documents it.
    pub documented: bool,
    /// For a preference: where it is documented.
    pub source: Option<String>,
}

/// What Apple's schema and the list of managed preferences know.
#[derive(Debug, Clone)]
pub struct Schema<'a> {
    pub(super) payloads: Payloads<'a>,
    domains: Domains<'a>,
    versions: Vec<&'a str>,
    accounts: Accounts<'a>,
}

impl<'a> Schema<'a> {
    /// Reads the tables.
    ///
    /// # Errors
    /// [`SchemaError`] when a table is missing or a line of it is not what its form says.
    pub fn load(baselines: &'a Baselines) -> Result<Self, SchemaError> {
        let text = |file| baselines.text(file).ok_or(SchemaError::Missing { file });
        let mut payloads = read_payloads(PAYLOADS, text(PAYLOADS)?)?;
        let mut domains = read_preferences(PREFERENCES, text(PREFERENCES)?)?;
        let versions = amend(AMENDMENTS, text(AMENDMENTS)?, &mut payloads, &mut domains)?;
        Ok(Self { payloads, domains, versions, accounts: Accounts::load(baselines)? })
    }

    /// What declarations say of accounts.
    pub fn accounts(&self) -> &Accounts<'a> {
        &self.accounts
    }

    /// The macOS lines that the schema knows, oldest first, e.g. `15` and `26`.
    pub fn versions(&self) -> &[&'a str] {
        &self.versions
    }

    /// Holds one setting, `<payload type>:<key>` or `<payload type>:<outer>/<inner>`, against the schema.
    ///
    /// `macos` is a line (`15`, meaning its newest release) or a release (`15.1`).
    ///
    /// # Errors
    /// [`Problem`]: the first thing that is wrong with name, value or version.
    pub fn check(&self, name: &str, value: &Value, macos: &str) -> Result<PayloadKey, Problem> {
        self.require_version(macos)?;
        let Some((kind, path)) = name.split_once(':') else { return Err(self.unknown_name(name)) };
        if let Some(variants) = self.payloads.get(kind).filter(|_| !is_frame(kind)) {
            let parts: Vec<_> = path.split('/').collect();
            let mut first = None;
            for payload in variants {
                let judge = Judge { payload, macos };
                let Some(trail) = judge.trail(&parts) else { continue };
                match check_key(judge, &trail, kind, &parts, value) {
                    Ok(key) => return Ok(PayloadKey { declared: self.accounts.declared(name, value), ..key }),
                    Err(problem) => first = first.or(Some(problem)),
                }
            }
            return Err(first.unwrap_or_else(|| self.unknown_name(name)));
        }
        let preference = self.domains.get(kind).and_then(|keys| keys.get(path));
        let preference = preference.ok_or_else(|| self.unknown_name(name))?;
        let value = check_preference(preference, value)?;
        Ok(PayloadKey { scope: Scope::Either, ..PayloadKey::preference(kind, kind, path, value) })
    }

    /// Holds the keys of one payload type together: what they need besides, and whether the payload would occur too often.
    ///
    /// Keys of other payload types are passed over; `macos` as in [`Schema::check`]. Of a type that the vendor spreads over several files, what is required
    /// counts only for the variants whose own keys are used.
    ///
    /// # Errors
    /// [`Problem`]: the first required key that is missing, or a payload that may occur once and would occur twice.
    pub fn check_payload(&self, payload_type: &str, keys: &[&PayloadKey], macos: &str) -> Result<(), Problem> {
        let Some(variants) = self.payloads.get(payload_type) else { return Ok(()) };
        let mut user = Dictionary::new();
        let mut device = Dictionary::new();
        for key in keys.iter().filter(|key| key.payload_type == payload_type) {
            let payload = if key.scope == Scope::User { &mut user } else { &mut device };
            lay(payload, &key.path, &key.value);
        }
        if !user.is_empty() && !device.is_empty() && !variants.iter().any(|variant| variant.multiple) {
            return Err(Problem::TooOften { times: 2 });
        }
        for payload in [user, device].iter().filter(|payload| !payload.is_empty()) {
            if let Some(missing) = missing(variants, macos, payload) {
                return Err(Problem::Missing { missing });
            }
        }
        Ok(())
    }

    /// What is known about a name; `None` when nothing is.
    pub fn describe(&self, name: &str) -> Option<Description> {
        let (kind, path) = name.split_once(':')?;
        if let Some(variants) = self.payloads.get(kind) {
            let parts: Vec<_> = path.split('/').collect();
            return variants.iter().find_map(|payload| {
                let trail = Judge { payload, macos: "" }.trail(&parts)?;
                Some(describe_key(name, payload, &trail))
            });
        }
        let preference = self.domains.get(kind)?.get(path)?;
        let element = preference.element.map(|kind| format!(" ({})", kind.words())).unwrap_or_default();
        Some(Description {
            name: name.to_owned(),
            title: kind.to_owned(),
            kind: format!("{}{element}", preference.kind.words()),
            allowed: some(preference.values).map(|values| values.replace('|', ", ")),
            required: false,
            introduced: String::new(),
            deprecated: None,
            removed: None,
            scope: Scope::Either,
            program_version: some(preference.since),
            documented: preference.documented,
            source: some(preference.source),
        })
    }

    /// All names that a setting may have, sorted; list elements and free names are left out.
    pub fn names(&self) -> BTreeSet<String> {
        let payloads = self.payloads.iter().filter(|(kind, _)| !is_frame(kind)).flat_map(|(kind, variants)| {
            let rows = variants.iter().flat_map(|payload| &payload.rows);
            rows.filter(|row| is_settable(row)).map(move |row| format!("{kind}:{}", row.path))
        });
        let preferences = self.domains.iter().flat_map(|(domain, keys)| keys.keys().map(move |key| format!("{domain}:{key}")));
        payloads.chain(preferences).collect()
    }

    /// The keys that hold what is looked for, in the order of payload types and domains.
    pub fn search<'q>(&'q self, query: &'q Query) -> impl Iterator<Item = Hit> + use<'a, 'q> {
        let payloads = self.payloads.iter().filter(|(kind, _)| !is_frame(kind)).flat_map(move |(kind, variants)| {
            let rows = variants.iter().flat_map(|payload| payload.rows.iter().map(move |row| (payload, row)));
            rows.filter(|(_, row)| is_settable(row)).filter_map(move |(payload, row)| {
                let name = format!("{kind}:{}", row.path);
                let rank = query.rank(&name, payload.title, || vec![row.values])?;
                let parts: Vec<&str> = row.path.split('/').collect();
                let channel = scope(payload, &Judge { payload, macos: "" }.trail(&parts).unwrap_or_default());
                let place = format!("profile, {}", channel.words());
                Some(Hit { name, title: Some(payload.title.to_owned()), takes: Some(row.kind.words().to_owned()), place, rank })
            })
        });
        let preferences = self.domains.iter().flat_map(move |(domain, keys)| {
            keys.iter().filter_map(move |(key, preference)| {
                let name = format!("{domain}:{key}");
                let rank = query.rank(&name, "", || vec![preference.values])?;
                let takes = Some(preference.kind.words().to_owned());
                Some(Hit { name, title: None, takes, place: "managed preference".to_owned(), rank })
            })
        });
        payloads.chain(preferences)
    }

    /// Holds one dictionary of a finished profile against a section and, for a payload, the keys that every payload has.
    ///
    /// All that is wrong is found: each unknown key, each wrong value, and the first missing key of each section.
    pub(crate) fn check_dictionary(&self, kind: &str, entries: &Dictionary, macos: &str) -> Vec<(String, Problem)> {
        let mut found = Vec::new();
        let variants = self.payloads.get(kind).map(Vec::as_slice).unwrap_or_default();
        let common = self.payloads.get(COMMON).filter(|_| kind != FRAME).map(Vec::as_slice).unwrap_or_default();
        let domain = self.domains.get(kind);
        if variants.is_empty() && domain.is_none() {
            return vec![(kind.to_owned(), self.unknown_name(kind))];
        }
        for (key, value) in entries {
            let place = format!("{kind}:{key}");
            let mut problems = Vec::new();
            for payload in common.iter().chain(variants) {
                let judge = Judge { payload, macos };
                if let Some(trail) = judge.trail(&[key]) {
                    problems.push(judge.exists(&trail).and_then(|()| judge.value(trail[0], value)));
                }
            }
            if let Some(preference) = domain.and_then(|keys| keys.get(key.as_str())) {
                problems.push(preference_holds(preference, value));
            }
            if problems.is_empty() {
                found.push((place.clone(), self.unknown_name(&place)));
            } else if !problems.iter().any(Result::is_ok) {
                found.extend(problems.into_iter().find_map(Result::err).map(|problem| (place, problem)));
            }
        }
        let lacks = [missing(variants, macos, entries), missing(common, macos, entries)];
        found.extend(lacks.into_iter().flatten().map(|missing| (kind.to_owned(), Problem::Missing { missing })));
        found
    }

    /// Whether a payload may occur more than once on one computer.
    pub(crate) fn may_repeat(&self, kind: &str) -> bool {
        self.payloads.get(kind).is_none_or(|variants| variants.iter().any(|variant| variant.multiple))
    }

    /// The channel that a key of a payload must come by.
    pub(crate) fn scope(&self, kind: &str, key: &str) -> Scope {
        let of_variant = |payload: &Payload<'a>| Some(scope(payload, &Judge { payload, macos: "" }.trail(&[key])?));
        let variants = self.payloads.get(kind).map(Vec::as_slice).unwrap_or_default();
        let own = variants.iter().find_map(of_variant);
        own.or_else(|| variants.first().map(|payload| scope(payload, &[]))).unwrap_or(Scope::Either)
    }

    /// What the payloads of a line or release of macOS are like, for a comparison with another one.
    ///
    /// # Errors
    /// [`Problem`] when the schema was not compared with this line.
    pub(in crate::vendor) fn facts(&self, macos: &str) -> Result<Facts, Problem> {
        self.require_version(macos)?;
        Ok(facts_of(&self.payloads, Some(macos)))
    }

    /// Whether the schema was compared with this line of macOS.
    pub(crate) fn require_version(&self, macos: &str) -> Result<(), Problem> {
        if version::line(macos).is_some_and(|line| self.versions.contains(&line)) {
            return Ok(());
        }
        let reason = format!("the schema is known for macOS {} only", self.versions.join(" and "));
        Err(Problem::NotInVersion { target: format!("macOS {macos}"), reason })
    }

    fn unknown_name(&self, name: &str) -> Problem {
        let (kind, path) = name.split_once(':').unwrap_or((name, ""));
        let rows = || self.payloads.get(kind).into_iter().flatten().flat_map(|payload| &payload.rows);
        let keys = rows().filter(|row| is_settable(row)).map(|row| row.path);
        let preferences = self.domains.get(kind).into_iter().flat_map(|keys| keys.keys().copied());
        let nearest = if self.payloads.contains_key(kind) || self.domains.contains_key(kind) {
            similar(path, keys.chain(preferences)).map(|key| format!("{kind}:{key}"))
        } else {
            let types = self.payloads.keys().chain(self.domains.keys()).copied().filter(|known| !is_frame(known));
            similar(kind, types).map(|kind| if path.is_empty() { kind } else { format!("{kind}:{path}") })
        };
        Problem::UnknownName { schema: "Apple's payload schema and the list of managed preferences".to_owned(), nearest }
    }
}

/// Whether the section describes the frame of every profile and no payload of its own.
fn is_frame(kind: &str) -> bool {
    matches!(kind, FRAME | COMMON)
}

fn is_settable(row: &Row<'_>) -> bool {
    row.path.split('/').all(|part| part != "[]" && part != "*")
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn scope<'a>(payload: &Payload<'a>, trail: &[&Row<'a>]) -> Scope {
    let own = trail.iter().rev().map(|row| row.channels).find(|channels| !channels.is_empty());
    match own.unwrap_or(payload.channels) {
        "device" => Scope::Device,
        "user" => Scope::User,
        _ => Scope::Either,
    }
}

fn check_key<'a>(
    judge: Judge<'_, 'a>,
    trail: &[&Row<'a>],
    kind: &str,
    path: &[&str],
    value: &Value,
) -> Result<PayloadKey, Problem> {
    judge.exists(trail)?;
    let row = trail.last().expect("splitting gives one part at least");
    let one = |value: &Value| {
        let value = judge.typed(row, value)?;
        judge.value(row, &value)?;
        // A dictionary is given whole, so that what it lacks here comes from nowhere else.
        match judge.missing_inside(row, &value) {
            Some(missing) => Err(Problem::Missing { missing }),
            None => Ok(value),
        }
    };
    let each = each_payload(judge, row, path, value)?;
    let value = match each {
        Some(values) => plist::Value::Array(values.iter().map(one).collect::<Result<_, _>>()?),
        None => one(value)?,
    };
    Ok(PayloadKey {
        payload_type: kind.to_owned(),
        title: judge.payload.title.to_owned(),
        path: path.iter().map(|&part| part.to_owned()).collect(),
        value,
        scope: scope(judge.payload, trail),
        spread: each.is_some(),
        managed_preference: false,
        deprecated: judge
            .deprecated(trail)
            .map(|life| Deprecation { since: life.deprecated.to_owned(), instead: some(life.replaced_by) }),
        declared: None,
    })
}

/// The values of `{ each: [one, other] }`, which makes a payload of each; `None` for a plain value.
///
/// Only a key of the first level that takes a single value can be written so, and only where the payload may stand several times.
fn each_payload<'v>(
    judge: Judge<'_, '_>,
    row: &Row<'_>,
    path: &[&str],
    value: &'v Value,
) -> Result<Option<&'v [Value]>, Problem> {
    let single = path.len() == 1 && !matches!(row.kind, Kind::Any | Kind::Array | Kind::Dictionary);
    let Some(map) = value.as_map().filter(|_| single && judge.payload.multiple) else { return Ok(None) };
    match map.get(EACH).and_then(Value::as_list) {
        Some(values) if map.len() == 1 && !values.is_empty() => Ok(Some(values)),
        _ => {
            let allowed = format!("a map here is `{{ {EACH}: […] }}`, with the value of each payload");
            Err(Problem::NotAllowed { found: value.to_string(), allowed })
        }
    }
}

/// The word under which the values of several payloads stand.
const EACH: &str = "each";

fn check_preference(preference: &Preference<'_>, value: &Value) -> Result<plist::Value, Problem> {
    let value = match (preference.element, value) {
        (Some(element), Value::List(items)) => {
            plist::Value::Array(items.iter().map(|item| typed(element, item)).collect::<Result<_, _>>()?)
        }
        _ => typed(preference.kind, value)?,
    };
    preference_holds(preference, &value)?;
    Ok(value)
}

fn preference_holds(preference: &Preference<'_>, value: &plist::Value) -> Result<(), Problem> {
    let one = |kind, value: &plist::Value| {
        require_kind(kind, value)?;
        allowed(preference.values, value)
    };
    let Some(element) = preference.element else { return one(preference.kind, value) };
    require_kind(Kind::Array, value)?;
    value.as_array().into_iter().flatten().try_for_each(|item| one(element, item))
}

fn describe_key<'a>(name: &str, payload: &Payload<'a>, trail: &[&Row<'a>]) -> Description {
    let row = trail.last().expect("splitting gives one part at least");
    let limits = [row.values.replace('|', ", "), row.range.replace("..", " to "), row.format.to_owned()];
    let version = |own: fn(&Row<'a>) -> &'a str, outer: &'a str| {
        trail.iter().rev().map(|row| own(row)).find(|version| !version.is_empty()).unwrap_or(outer)
    };
    Description {
        name: name.to_owned(),
        title: payload.title.to_owned(),
        kind: row.kind.words().to_owned(),
        allowed: limits.into_iter().find(|limit| !limit.is_empty()),
        required: row.required,
        introduced: version(|row| row.life.introduced, payload.life.introduced).to_owned(),
        deprecated: some(version(|row| row.life.deprecated, payload.life.deprecated)),
        removed: some(version(|row| row.life.removed, payload.life.removed)),
        scope: scope(payload, trail),
        program_version: None,
        documented: true,
        source: None,
    }
}

/// What the variants whose own keys are used need besides.
pub(super) fn missing(variants: &[Payload<'_>], macos: &str, payload: &Dictionary) -> Option<String> {
    let own = |variant: &Payload<'_>, key: &str| {
        variant.row(key).is_some() && variants.iter().filter(|other| other.row(key).is_some()).count() == 1
    };
    let missing = |payload_of: &Payload<'_>| Judge { payload: payload_of, macos }.missing("", payload);
    let chosen: Vec<_> = variants.iter().filter(|variant| payload.keys().any(|key| own(variant, key))).collect();
    if chosen.is_empty() {
        // Only keys that several variants share: one of them must be content.
        let lacks: Vec<_> = variants.iter().map(missing).collect();
        return if lacks.iter().any(Option::is_none) { None } else { lacks.into_iter().flatten().next() };
    }
    chosen.into_iter().find_map(missing)
}

/// Puts a value at its path; a later value wins, for only presence matters here.
fn lay(dictionary: &mut Dictionary, path: &[String], value: &plist::Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        dictionary.insert(first.clone(), value.clone());
        return;
    }
    if dictionary.get(first).and_then(plist::Value::as_dictionary).is_none() {
        dictionary.insert(first.clone(), plist::Value::Dictionary(Dictionary::new()));
    }
    if let Some(inner) = dictionary.get_mut(first).and_then(plist::Value::as_dictionary_mut) {
        lay(inner, rest, value);
    }
}
