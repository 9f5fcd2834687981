//! What one version of Thunderbird understands, and whether a setting fits it.
//!
//! Which files of `baselines/vendor/thunderbird/` are asked:
//! `policies-<version>.tsv` and `preferences-<version>.tsv` (the newest one where a version has no table of its own), both
//! imported; `preferences-policy.tsv`, the imported allow list; `account-preferences.tsv`, preferences that have no default and
//! so do not show in the imported table; `account-links.tsv`, what must stand beside them; `faults.tsv`, values that the
//! program takes and does not obey; `policy-limits.tsv`, what it refuses of a policy beyond its schema; `policy-writes.tsv`,
//! preferences that a policy sets by itself. The last five are measured and kept by hand.

use std::borrow::Cow;

use super::allow::{Passage, passage};
use super::preference::{Channel, PreferenceKind, PreferenceValue};
use super::{limits, links};
use crate::baselines::Baselines;
use crate::value::Value;
use crate::vendor::Problem;
use crate::vendor::node::Node;
use crate::vendor::problem::nearest;
use crate::vendor::search::{Hit, Query, Rank};
use crate::vendor::table::Table;

const FOLDER: &str = "vendor/thunderbird/";

/// The content holds no usable schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// There is no policy schema of this version.
    #[error("write for Thunderbird {version}: known are {known}")]
    UnknownVersion {
        /// The version that was asked for.
        version: String,
        /// The versions there are.
        known: String,
    },
    /// A table is not there or is not UTF-8.
    #[error("find `{path}` in the baselines")]
    Missing {
        /// The path in the baselines.
        path: String,
    },
    /// A line of a table is out of order or has a form that is not known.
    #[error(
        "read line {line} of `{path}` of the baselines: lines stand in the order of names, each once, with a tab behind the name"
    )]
    Malformed {
        /// The path in the baselines.
        path: String,
        /// The line, from 1.
        line: usize,
    },
}

/// A setting as Thunderbird takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// A policy.
    Policy {
        /// Its name.
        name: String,
        /// What the policy file carries.
        value: serde_json::Value,
    },
    /// A preference.
    Preference {
        /// Its name.
        name: String,
        /// Its value, typed.
        value: PreferenceValue,
        /// The file that can carry this value.
        channel: Channel,
    },
}

impl Setting {
    /// The name of the policy or preference.
    pub fn name(&self) -> &str {
        match self {
            Self::Policy { name, .. } | Self::Preference { name, .. } => name,
        }
    }
}

/// What the schema says about a name, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// What it takes, in words that stand after "takes".
    pub takes: String,
    /// The built-in value of a preference.
    pub default: Option<String>,
    /// The file that carries a preference; numbers 0 and 1 of names without default go by [`Channel::Defaults`] all the same,
    /// and a value of the person by [`Channel::Autoconfig`].
    pub channel: Option<Channel>,
    /// Whether only the ESR edition takes the policy.
    pub esr_only: bool,
    /// The policies that set this preference by themselves.
    pub written_by: Vec<String>,
    /// Where the type of a preference without default was seen.
    pub evidence: Option<String>,
}

/// The tables of one version.
#[derive(Debug, Clone)]
pub struct Schema<'a> {
    baselines: &'a Baselines,
    version: String,
    policies: Table<'a>,
    preferences: Table<'a>,
    allow_list: Table<'a>,
    accounts: Table<'a>,
    faults: Table<'a>,
    limits: Table<'a>,
    links: Table<'a>,
    writes: Table<'a>,
}

/// The key of the registry below which Thunderbird looks for policies, in the half of the computer.
///
/// # Errors
/// [`SchemaError::Missing`] when the content does not say it.
pub fn registry_key(baselines: &Baselines) -> Result<String, SchemaError> {
    let path = format!("{FOLDER}windows.tsv");
    let key = baselines.text(&path).and_then(|text| Table::new(text).find("key")?.split('\t').next());
    key.map(str::to_owned).ok_or(SchemaError::Missing { path })
}

/// Where Thunderbird looks for policies in the preferences of macOS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacPlace {
    /// The domain of the preferences.
    pub domain: String,
    /// The preference that must be true for the others to count.
    pub switch: String,
    /// What people call it.
    pub title: String,
}

impl MacPlace {
    /// Reads the table.
    ///
    /// # Errors
    /// [`SchemaError::Missing`] when the content does not say it.
    pub fn load(baselines: &Baselines) -> Result<Self, SchemaError> {
        let path = format!("{FOLDER}macos.tsv");
        let text = baselines.text(&path).unwrap_or_default();
        let place = |what: &str| {
            let place = Table::new(text).find(what).and_then(|rest| rest.split('\t').next());
            place.map(str::to_owned).ok_or_else(|| SchemaError::Missing { path: path.clone() })
        };
        Ok(Self { domain: place("domain")?, switch: place("switch")?, title: place("title")? })
    }
}

impl<'a> Schema<'a> {
    /// Opens the tables for a version, named as people name it: `153`.
    ///
    /// # Errors
    /// [`SchemaError`] when the version is not known, or a table is missing or not sorted.
    pub fn new(baselines: &'a Baselines, version: &str) -> Result<Self, SchemaError> {
        let known = Self::versions(baselines);
        if !known.iter().any(|one| one == version) {
            return Err(SchemaError::UnknownVersion { version: version.to_owned(), known: known.join(", ") });
        }
        let own = format!("preferences-{version}.tsv");
        let newest = versions_of(baselines, "preferences-").pop().map(|newest| format!("preferences-{newest}.tsv"));
        let preferences = match newest {
            Some(newest) if baselines.bytes(&format!("{FOLDER}{own}")).is_none() => newest,
            _ => own,
        };
        Ok(Self {
            baselines,
            version: version.to_owned(),
            policies: open(baselines, &format!("policies-{version}.tsv"))?,
            preferences: open(baselines, &preferences)?,
            allow_list: open(baselines, "preferences-policy.tsv")?,
            accounts: open(baselines, "account-preferences.tsv")?,
            faults: open(baselines, "faults.tsv")?,
            limits: open(baselines, "policy-limits.tsv")?,
            links: open(baselines, "account-links.tsv")?,
            writes: open(baselines, "policy-writes.tsv")?,
        })
    }

    /// The versions that can be written for, oldest first.
    pub fn versions(baselines: &Baselines) -> Vec<String> {
        versions_of(baselines, "policies-").iter().map(u32::to_string).collect()
    }

    /// The version in words, e.g. `Thunderbird 153`.
    pub fn title(&self) -> String {
        format!("Thunderbird {}", self.version)
    }

    /// The version whose list of preferences is used, when this one has none of its own.
    pub fn preferences_lent_by(&self) -> Option<u32> {
        let newest = versions_of(self.baselines, "preferences-").pop()?;
        self.baselines.bytes(&format!("{FOLDER}preferences-{}.tsv", self.version)).is_none().then_some(newest)
    }

    /// Holds a setting against the tables.
    ///
    /// # Errors
    /// The [`Problem`] when this version would not take the value exactly as it is meant.
    pub fn check(&self, name: &str, value: &Value) -> Result<Setting, Problem> {
        if name.contains('.') { self.check_preference(name, value) } else { self.check_policy(name, value) }
    }

    /// What is known about a policy or preference; `None` when it is not known.
    pub fn describe(&self, name: &str) -> Option<Description> {
        if !name.contains('.') {
            let (editions, node) = self.policy(name)?;
            return Some(Description {
                takes: node.words(),
                default: None,
                channel: None,
                esr_only: editions == "esr",
                written_by: Vec::new(),
                evidence: None,
            });
        }
        let known = self.preference(name)?;
        let channel = match passage(&self.allow_list, name) {
            Passage::Allowed => Some(Channel::Policy),
            Passage::Refused => Some(Channel::Defaults),
            Passage::Blocked => None,
        };
        Some(Description {
            takes: known.kind.to_string(),
            default: known.default.map(str::to_owned),
            channel,
            esr_only: false,
            written_by: self.written_by(name).map(str::to_owned).collect(),
            evidence: known.evidence.map(str::to_owned),
        })
    }

    /// All names, policies first, then preferences with a default; of those without, the patterns with `*` for an id.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let accounts = self.accounts.rows().filter(|(_, row)| !row.starts_with("like ")).map(|(name, _)| name);
        self.policies.rows().chain(self.preferences.rows()).map(|(name, _)| name).chain(accounts)
    }

    /// The policies and preferences that hold what is looked for, those of a pattern with `*` for an id.
    pub fn search<'q>(&'q self, query: &'q Query) -> impl Iterator<Item = Hit> + use<'a, 'q> {
        let policies = self.policies.search(query).filter_map(|(name, _)| {
            let (_, node) = self.policy(name)?;
            let rank = query.rank(name, "", || node.parts())?;
            Some(Hit { name: name.to_owned(), title: None, takes: Some(node.words()), place: "policy".to_owned(), rank })
        });
        let preferences = self.preferences.search(query).filter_map(|(name, row)| {
            let (kind, default) = row.split_once('\t')?;
            let text = if kind == "text" { default } else { "" };
            let rank = query.rank(name, "", || vec![text])?;
            let default = if default.is_empty() { "empty" } else { default };
            Some(self.preference_hit(name, format!("{}, by itself {default}", PreferenceKind::read(kind)?), rank))
        });
        let accounts = self.accounts.search(query).filter_map(|(name, row)| {
            let kind = PreferenceKind::read(row.split('\t').next()?)?;
            Some(self.preference_hit(name, kind.to_string(), query.rank(name, "", Vec::<&str>::new)?))
        });
        policies.chain(preferences).chain(accounts)
    }

    fn preference_hit(&self, name: &str, takes: String, rank: Rank) -> Hit {
        let place = match passage(&self.allow_list, name) {
            Passage::Allowed => "preference, by policy",
            Passage::Refused => "preference, by a file of defaults",
            Passage::Blocked => "preference that nothing may set",
        };
        Hit { name: name.to_owned(), title: None, takes: Some(takes), place: place.to_owned(), rank }
    }

    /// The policies that set this preference by themselves, or beside which this policy has no effect: they override it.
    pub fn written_by(&self, name: &str) -> impl Iterator<Item = &'a str> {
        limits::not_beside(&self.limits, name).chain(self.written(name))
    }

    fn written(&self, preference: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.writes.find(preference).unwrap_or("").split(' ').filter(|policy| !policy.is_empty())
    }

    /// Holds the settings of a role together: the names that the program never reads, because something is missing beside them.
    pub fn check_companions(&self, settings: &[&Setting]) -> Vec<(String, Problem)> {
        links::alone(&self.links, &self.preferences, settings)
    }

    fn check_policy(&self, name: &str, value: &Value) -> Result<Setting, Problem> {
        let Some((_, node)) = self.policy(name) else {
            return Err(self.elsewhere(name, value).unwrap_or_else(|| Problem::UnknownName {
                schema: self.title(),
                nearest: nearest(name, self.policies.rows().map(|(name, _)| name)),
            }));
        };
        let value = node.check(value).map_err(|problem| match problem {
            // What is wrong in every version is wrong; what another one takes is a matter of the version.
            Problem::UnknownPart { .. } | Problem::NotAllowed { .. } | Problem::WrongType { .. } => {
                self.elsewhere(name, value).unwrap_or(problem)
            }
            other => other,
        })?;
        self.refuse_fault(name, &value)?;
        limits::hold(&self.limits, name, &value)?;
        Ok(Setting::Policy { name: name.to_owned(), value })
    }

    fn refuse_fault(&self, name: &str, value: &serde_json::Value) -> Result<(), Problem> {
        let Some((part, reason)) = self.faults.find(name).and_then(|row| row.split_once('\t')) else { return Ok(()) };
        if part == "*" || serde_json::from_str(part).is_ok_and(|part| holds(value, &part)) {
            return Err(Problem::Refused { reason: reason.to_owned() });
        }
        Ok(())
    }

    /// Whether another version takes what this one does not, and since or until when.
    fn elsewhere(&self, name: &str, value: &Value) -> Option<Problem> {
        let takes = |version: &String| {
            let table = open(self.baselines, &format!("policies-{version}.tsv")).ok()?;
            read_policy(&table, name)?.1.check(value).ok()
        };
        let versions = Self::versions(self.baselines);
        let own = versions.iter().position(|version| *version == self.version)?;
        let taken: Vec<bool> = versions.iter().map(|version| takes(version).is_some()).collect();
        let what = if self.policy(name).is_some() { "the policy is known, but this value" } else { "it" };
        let reason = if let Some(since) = taken.iter().skip(own).position(|taken| *taken) {
            format!("{what} came with {}", versions[own + since])
        } else {
            let last = taken.iter().take(own).rposition(|taken| *taken)?;
            format!("{what} went with {}", versions[last + 1])
        };
        Some(Problem::NotInVersion { target: self.title(), reason })
    }

    fn check_preference(&self, name: &str, value: &Value) -> Result<Setting, Problem> {
        let passage = passage(&self.allow_list, name);
        if passage == Passage::Blocked {
            return Err(Problem::Refused { reason: "the program refuses it for security reasons".into() });
        }
        let Some(known) = self.preference(name) else {
            return Err(Problem::UnknownName { schema: self.title(), nearest: self.nearest_preference(name) });
        };
        let value = PreferenceValue::typed(known.kind, value)?;
        self.refuse_fault(name, &value.to_json())?;
        // Of a name without default the policy cannot tell the numbers 0 and 1 from false and true, and stores these.
        let flag_like = known.default.is_none() && matches!(value, PreferenceValue::Number(0 | 1));
        let channel = match value {
            PreferenceValue::Personal(_) => Channel::Autoconfig,
            _ if passage == Passage::Allowed && !flag_like => Channel::Policy,
            _ => Channel::Defaults,
        };
        Ok(Setting::Preference { name: name.to_owned(), value, channel })
    }

    fn policy(&self, name: &str) -> Option<(&'a str, Node)> {
        read_policy(&self.policies, name)
    }

    fn preference(&self, name: &str) -> Option<Known<'a>> {
        if let Some(row) = self.preferences.find(name) {
            let (kind, default) = row.split_once('\t')?;
            return Some(Known { kind: PreferenceKind::read(kind)?, default: Some(default), evidence: None });
        }
        let mut inherited = None;
        for (_, row) in self.accounts.rows().filter(|(pattern, _)| fits(pattern, name)) {
            let (kind, evidence) = row.split_once('\t')?;
            if let Some(kind) = PreferenceKind::read(kind) {
                return Some(Known { kind, default: None, evidence: Some(evidence) });
            }
            let model = format!("{}{}", kind.strip_prefix("like ")?, name.rsplit('.').next()?);
            let kind = self.preferences.find(&model).and_then(|row| PreferenceKind::read(row.split('\t').next()?));
            inherited = inherited.or(kind.map(|kind| Known { kind, default: None, evidence: Some(evidence) }));
        }
        inherited
    }

    fn nearest_preference(&self, name: &str) -> Option<String> {
        let own: Vec<Cow<'_, str>> = self.accounts.rows().map(|(pattern, _)| with_ids_of(pattern, name)).collect();
        let own = own.iter().map(AsRef::as_ref).filter(|name| !name.contains('*'));
        nearest(name, self.preferences.rows().map(|(name, _)| name).chain(own))
    }
}

struct Known<'a> {
    kind: PreferenceKind,
    default: Option<&'a str>,
    evidence: Option<&'a str>,
}

fn versions_of(baselines: &Baselines, beginning: &str) -> Vec<u32> {
    let mut versions: Vec<u32> = baselines
        .below(FOLDER)
        .filter_map(|(path, _)| path.strip_prefix(FOLDER)?.strip_prefix(beginning)?.strip_suffix(".tsv")?.parse().ok())
        .collect();
    versions.sort_unstable();
    versions
}

fn open<'a>(baselines: &'a Baselines, file: &str) -> Result<Table<'a>, SchemaError> {
    let path = format!("{FOLDER}{file}");
    let text = baselines.text(&path).ok_or_else(|| SchemaError::Missing { path: path.clone() })?;
    let table = Table::new(text);
    // The order of what is built in is proved by a test, and need not be proved again at each start.
    match baselines.is_laid_over().then(|| table.first_fault()).flatten() {
        None => Ok(table),
        Some(line) => {
            let header = text.lines().take_while(|line| line.starts_with('#')).count();
            Err(SchemaError::Malformed { path, line: header + line })
        }
    }
}

fn read_policy<'a>(table: &Table<'a>, name: &str) -> Option<(&'a str, Node)> {
    let (editions, node) = table.find(name)?.split_once('\t')?;
    Some((editions, serde_json::from_str(node).ok()?))
}

/// Whether `part` is in `value`: equal, or a map whose entries are all there.
fn holds(value: &serde_json::Value, part: &serde_json::Value) -> bool {
    match (value, part) {
        (serde_json::Value::Object(value), serde_json::Value::Object(part)) => {
            part.iter().all(|(key, part)| value.get(key).is_some_and(|value| holds(value, part)))
        }
        _ => value == part,
    }
}

/// Whether a name has the form of a pattern, in which `*` stands for an id.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    let is_id = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    let (mut wanted, mut given) = (pattern.split('.'), name.split('.'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("*"), Some(part)) if is_id(part) => {}
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return false,
        }
    }
}

/// The pattern with the first `*` replaced by what the name has in its place.
fn with_ids_of<'a>(pattern: &'a str, name: &str) -> Cow<'a, str> {
    let place = pattern.split('.').position(|part| part == "*");
    match place.and_then(|place| name.split('.').nth(place)) {
        Some(id) => Cow::Owned(pattern.replacen('*', id, 1)),
        None => Cow::Borrowed(pattern),
    }
}
