//! Whether a program of a Linux desktop takes a setting.

use std::collections::{BTreeMap, BTreeSet};

use super::table::{LoadError, Row, Store, StoreTable, numbered};
use crate::baselines::Baselines;
use crate::value::{PersonalPart, PersonalText, Value};
use crate::vendor::problem::nearest;
use crate::vendor::search::{Hit, Query};
use crate::vendor::table::Table;
use crate::vendor::{Node, Problem};

/// A value as its store takes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// The same for everybody.
    Fixed(serde_json::Value),
    /// Put together where the program runs.
    Personal(PersonalText),
}

impl Given {
    /// The texts that are the same for everybody: all, the items of a list, or what stands around a person's name.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Fixed(serde_json::Value::Array(items)) => items.iter().filter_map(serde_json::Value::as_str).collect(),
            Self::Fixed(value) => value.as_str().into_iter().collect(),
            Self::Personal(text) => text.parts.iter().filter_map(fixed_part).collect(),
        }
    }
}

/// A setting of a store.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Where it is kept.
    pub store: Store,
    /// The client whose table knows it.
    pub client: String,
    /// Of dconf nothing; the file of `KConfig`; the identifier of the account.
    pub file: String,
    /// The folder of dconf, without the slashes at both ends; the group of the file.
    pub group: String,
    /// The last part of the name.
    pub key: String,
    /// The type, as the store names it.
    pub kind: String,
    /// The checked value.
    pub value: Given,
    /// What it is to the other accounts of the role.
    link: Link,
}

/// What an entry of an account has to do with other entries.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Link {
    Nothing,
    /// Without it there is no account.
    First,
    /// Its value names another account of the role, or one of these.
    Names(Vec<String>),
    /// Its group has a number, which this entry of the group holds.
    Numbered {
        number: i64,
        key: String,
    },
}

/// What is known of a name, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::vendor) struct Description {
    pub(in crate::vendor) schema: String,
    pub(in crate::vendor) takes: String,
    pub(in crate::vendor) facts: Vec<(&'static str, String)>,
}

/// The tables of all stores.
#[derive(Debug, Clone)]
pub struct Tables<'a> {
    tables: Vec<StoreTable<'a>>,
    numbered: Vec<Table<'a>>,
}

/// What stands in a table for a part of a name that is chosen freely.
const ANY: char = '*';
/// The state of the entry that every account has.
const FIRST: &str = "first";
/// What the state of an entry begins with that names other accounts.
const NAMES: char = '!';

impl<'a> Tables<'a> {
    /// Finds the tables of the content.
    pub fn new(baselines: &'a Baselines) -> Self {
        Self { tables: StoreTable::all(baselines), numbered: numbered(baselines) }
    }

    /// Reads every line of every table.
    ///
    /// # Errors
    /// [`LoadError`] for the first that cannot be used.
    pub fn verify(&self, baselines: &Baselines) -> Result<(), LoadError> {
        let fault = |table: &StoreTable<'_>| {
            let line = table.fault(baselines.text(table.path)?)?;
            Some(LoadError::Line { path: table.path.to_owned(), line })
        };
        self.tables.iter().find_map(fault).map_or(Ok(()), Err)
    }

    /// Whether names with this beginning belong to a store.
    pub fn holds(&self, prefix: &str) -> bool {
        self.tables.iter().any(|table| table.store.prefix() == prefix)
    }

    /// The releases that the tables are of, by client.
    pub fn versions(&self) -> BTreeMap<&'a str, Vec<String>> {
        let mut versions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for table in self.tables.iter().filter(|table| table.store != Store::Accounts) {
            versions.entry(table.client).or_default().push(table.release().to_owned());
        }
        versions
    }

    /// Holds a setting against the table of its store.
    ///
    /// # Errors
    /// The [`Problem`] when the program would not take the value exactly as it is meant.
    pub fn check(&self, name: &str, value: &Value) -> Result<Setting, Problem> {
        let Some((table, parts, row)) = self.find(name) else { return Err(self.unknown(name)) };
        let refused = |reason: String| Err(Problem::Refused { reason });
        if row.state == "deprecated" {
            return refused("the vendor calls it deprecated, and the program no longer reads it".to_owned());
        }
        if row.shape == Node::Anything {
            return refused(format!("no rule can give a value of the type `{}`", row.kind));
        }
        let given = match value {
            Value::Personal(text) if table.store != Store::Dconf && row.shape == Node::Text(Vec::new()) => {
                if text.variables.len() != 1 {
                    return refused("it can ask one variable of the environment, not several".to_owned());
                }
                Given::Personal(text.clone())
            }
            fixed => Given::Fixed(row.shape.check(fixed)?),
        };
        if table.store == Store::Accounts && given.texts().iter().any(|text| text.contains("${")) {
            return refused("the program takes what stands behind `${` for the name of a variable".to_owned());
        }
        let link = match row.state.strip_prefix(NAMES) {
            Some(known) => Link::Names(known.split(' ').map(str::to_owned).collect()),
            None if row.state == FIRST => Link::First,
            None => self.number_of(&parts).unwrap_or(Link::Nothing),
        };
        if let Link::Numbered { number, key } = &link
            && *key == parts.key
            && given != Given::Fixed((*number).into())
        {
            let allowed = format!("{number}, the number of its group");
            return Err(Problem::NotAllowed { found: value.to_string(), allowed });
        }
        Ok(Setting {
            store: table.store,
            client: table.client.to_owned(),
            file: parts.file.to_owned(),
            group: parts.group.to_owned(),
            key: parts.key.to_owned(),
            kind: row.kind.to_owned(),
            value: given,
            link,
        })
    }

    /// The number in the name of a group, and the entry that holds it.
    fn number_of(&self, parts: &Parts<'_>) -> Option<Link> {
        let fixed = parts.group.trim_end_matches(|character: char| character.is_ascii_digit());
        let number = parts.group[fixed.len()..].parse().ok()?;
        let name = format!("{}/{fixed}{ANY}", parts.file);
        let key = self.numbered.iter().find_map(|table| table.find(&name))?.split('\t').next()?.to_owned();
        Some(Link::Numbered { number, key })
    }

    /// Groups without their number, accounts that lack what every account has or name one that is not there; by the name of a
    /// setting.
    pub fn check_companions(&self, settings: &[&Setting]) -> Vec<(String, Problem)> {
        let whole: BTreeSet<&str> =
            settings.iter().filter(|setting| setting.link == Link::First).map(|setting| setting.file.as_str()).collect();
        let mut found = Vec::new();
        let mut lacking = |setting: &Setting, account: &str| {
            if !whole.contains(account) {
                found.push((setting.name(), Problem::Missing { missing: format!("account:{account}/{}", self.first()) }));
            }
        };
        for setting in settings.iter().filter(|setting| setting.store == Store::Accounts) {
            lacking(setting, &setting.file);
            if let (Link::Names(known), Given::Fixed(serde_json::Value::String(named))) = (&setting.link, &setting.value)
                && !known.contains(named)
            {
                lacking(setting, named);
            }
        }
        for setting in settings {
            let Link::Numbered { key, .. } = &setting.link else { continue };
            let same = |other: &&&Setting| (&other.file, &other.group, &other.key) == (&setting.file, &setting.group, key);
            if settings.iter().find(same).is_none() {
                let missing = format!("{}:{}/{}/{key}", setting.store.prefix(), setting.file, setting.group);
                found.push((setting.name(), Problem::Missing { missing }));
            }
        }
        found
    }

    /// The entry that every account has.
    fn first(&self) -> &'a str {
        let accounts = self.tables.iter().filter(|table| table.store == Store::Accounts);
        let mut rows = accounts.flat_map(|table| table.rows.rows().map(|(name, _)| name).map(|name| (name, table.row(name))));
        rows.find_map(|(name, row)| (row?.state == FIRST).then_some(name)).unwrap_or_default()
    }

    /// What is known of a name.
    pub(in crate::vendor) fn describe(&self, name: &str) -> Option<Description> {
        let (table, _, row) = self.find(name)?;
        let mut facts = vec![("type", row.kind.to_owned())];
        facts.extend((row.default != "-").then(|| ("built-in value", row.default.to_owned())));
        facts.push(("schema", row.source.to_owned()));
        Some(Description { schema: table.title.to_owned(), takes: row.shape.words(), facts })
    }

    /// All names, with what they begin with. Free parts are a star.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.tables.iter().flat_map(|table| {
            let free = if table.store == Store::Accounts { "*/" } else { "" };
            table.rows.rows().map(move |(name, _)| format!("{}:{free}{name}", table.store.prefix()))
        })
    }

    /// The settings that hold what is looked for.
    pub(in crate::vendor) fn search<'q>(&'q self, query: &'q Query) -> impl Iterator<Item = Hit> + use<'a, 'q> {
        self.tables.iter().flat_map(move |table| {
            table.rows.search(query).filter_map(move |(own, _)| {
                let row = table.row(own)?;
                let free = if table.store == Store::Accounts { "*/" } else { "" };
                let name = format!("{}:{free}{own}", table.store.prefix());
                let rank = query.rank(&name, "", || row.shape.parts())?;
                Some(Hit { name, title: None, takes: Some(row.shape.words()), place: table.title.to_owned(), rank })
            })
        })
    }

    /// The table, the parts of the name, and its line.
    fn find<'n>(&self, name: &'n str) -> Option<(&StoreTable<'a>, Parts<'n>, Row<'a>)> {
        let (prefix, own) = name.split_once(':')?;
        self.tables.iter().filter(|table| table.store.prefix() == prefix).find_map(|table| {
            let parts = Parts::of(table.store, own)?;
            let row = table.row(parts.row).or_else(|| table.row(&with_free_group(parts.row, parts.group)?))?;
            Some((table, parts, row))
        })
    }

    fn unknown(&self, name: &str) -> Problem {
        let (prefix, own) = name.split_once(':').unwrap_or(("", name));
        let of = |table: &&StoreTable<'_>| table.store.prefix() == prefix;
        let titles: Vec<&str> = self.tables.iter().filter(of).map(|table| table.title).collect();
        let free = if prefix == Store::Accounts.prefix() { own.split_once('/') } else { None };
        let (before, row) = free.map_or((String::new(), own), |(uid, row)| (format!("{uid}/"), row));
        let known = self.tables.iter().filter(of).flat_map(|table| table.rows.rows().map(|(name, _)| name));
        let nearest = nearest(row, known).map(|row| format!("{prefix}:{before}{row}"));
        Problem::UnknownName { schema: titles.join(" and "), nearest }
    }
}

impl Setting {
    /// Its name, as rules write it.
    pub fn name(&self) -> String {
        let (prefix, entry) = (self.store.prefix(), self.entry());
        match self.store {
            Store::Dconf => format!("{prefix}:/{entry}"),
            Store::Kconfig | Store::Accounts => format!("{prefix}:{}/{entry}", self.file),
        }
    }

    /// Group and key.
    pub fn entry(&self) -> String {
        format!("{}/{}", self.group, self.key)
    }
}

/// A name, taken apart.
struct Parts<'n> {
    file: &'n str,
    group: &'n str,
    key: &'n str,
    /// What stands in the first field of the table.
    row: &'n str,
}

impl<'n> Parts<'n> {
    fn of(store: Store, own: &'n str) -> Option<Self> {
        let (before, key) = own.rsplit_once('/')?;
        match store {
            Store::Dconf => Some(Self { file: "", group: before.strip_prefix('/')?, key, row: own }),
            Store::Kconfig => {
                let (file, group) = before.split_once('/')?;
                Some(Self { file, group, key, row: own })
            }
            Store::Accounts => {
                let (file, group) = before.split_once('/')?;
                let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
                let is_id = !file.is_empty() && file.bytes().all(plain);
                is_id.then(|| Self { file, group, key, row: &own[file.len() + 1..] })
            }
        }
    }
}

/// The row whose group ends in a number of its own choice: `Transport 7` is asked as `Transport *`.
fn with_free_group(row: &str, group: &str) -> Option<String> {
    let fixed = group.trim_end_matches(|character: char| character.is_ascii_digit());
    (fixed != group).then(|| row.replacen(group, &format!("{fixed}{ANY}"), 1))
}

fn fixed_part(part: &PersonalPart) -> Option<&str> {
    if let PersonalPart::Fixed(text) = part { Some(text) } else { None }
}
