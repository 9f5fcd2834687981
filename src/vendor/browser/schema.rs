//! One browser: its places, its policies, and whether a value fits.
//!
//! Tables of `baselines/vendor/<browser>/`: `places.tsv`, where the browser looks (by hand); `policies-<version>.tsv`
//! (imported, by [`mozilla`](crate::vendor::mozilla) or [`chromium`](crate::vendor::chromium)); `shapes.tsv`, what the
//! import could not see of a policy's value (by hand, each with its source).

use std::sync::Arc;

use super::registry::RegistryForm;
use crate::baselines::Baselines;
use crate::value::Value;
use crate::vendor::Problem;
use crate::vendor::node::Node;
use crate::vendor::problem::nearest;
use crate::vendor::search::{Hit, Query};
use crate::vendor::table::Table;

/// The content holds no usable schema of a browser.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// A table is not there or is not UTF-8.
    #[error("find `{path}` in the baselines")]
    Missing {
        /// The path in the baselines.
        path: String,
    },
    /// A line of a table is out of order or has a form that is not known.
    #[error("read line {line} (below the header) of `{path}` of the baselines")]
    Malformed {
        /// The path in the baselines.
        path: String,
        /// The line, counted from the first below the header.
        line: usize,
    },
    /// A place that every browser has.
    #[error("find the place `{place}` in `{path}` of the baselines")]
    NoPlace {
        /// The path in the baselines.
        path: String,
        /// What is missing.
        place: &'static str,
    },
}

/// Where a browser looks for its policies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Places {
    /// The browser's id, as settings and `versions` of the plan name it.
    pub browser: String,
    /// Its name for people.
    pub name: String,
    /// The JSON file below the folder of the browsers.
    pub file: String,
    /// The key of the JSON file that holds the policies, when they are not the file itself.
    pub file_key: Option<String>,
    /// The key of the registry, below the half of the computer.
    pub registry_key: String,
    /// The domain of managed preferences.
    pub preferences: String,
    /// A preference that must be true for the others to count.
    pub preferences_switch: Option<String>,
}

/// A policy as a browser takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Whose it is.
    pub places: Arc<Places>,
    /// Whether it belongs to the set that closes webmail.
    pub suspended: bool,
    /// The policy.
    pub policy: String,
    /// Its value, with its type.
    pub value: serde_json::Value,
    /// How the registry holds it.
    pub form: RegistryForm,
}

/// What the schema says about a policy, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The browser and version.
    pub schema: String,
    /// What the policy editor calls it.
    pub title: Option<String>,
    /// What it takes, in words that stand after "takes".
    pub takes: String,
    /// Pairs of a word and its text: first and last version, state, systems, source of the shape.
    pub facts: Vec<(&'static str, String)>,
}

/// The tables of one browser.
#[derive(Debug, Clone)]
pub struct Schema<'a> {
    places: Arc<Places>,
    /// The newest version, which the policies are from.
    newest: u32,
    /// The oldest version that the table can answer for.
    oldest: u32,
    policies: Table<'a>,
    shapes: Option<Table<'a>>,
}

/// One line of the table of policies.
struct Row<'a> {
    since: Option<u32>,
    until: Option<u32>,
    state: &'a str,
    systems: &'a str,
    title: Option<&'a str>,
    form: Option<RegistryForm>,
    shape: &'a str,
}

/// What every policy must exist on.
const SYSTEMS: [&str; 3] = ["linux", "macos", "windows"];

impl<'a> Schema<'a> {
    /// The ids of all browsers.
    pub fn browsers(baselines: &Baselines) -> impl Iterator<Item = &str> {
        baselines.below("vendor/").filter_map(|(path, _)| path.strip_prefix("vendor/")?.strip_suffix("/places.tsv"))
    }

    /// Opens the tables of a browser.
    ///
    /// # Errors
    /// [`SchemaError`] when a table is missing or broken.
    pub fn load(baselines: &'a Baselines, browser: &str) -> Result<Self, SchemaError> {
        let folder = format!("vendor/{browser}/");
        let path = format!("{folder}places.tsv");
        let places = open(baselines, &path)?;
        let optional = |place| places.find(place).and_then(|row| Some(row.split('\t').next()?.to_owned()));
        let needed = |place| optional(place).ok_or_else(|| SchemaError::NoPlace { path: path.clone(), place });
        let version = |path: &str| path.strip_prefix(&folder)?.strip_prefix("policies-")?.strip_suffix(".tsv")?.parse().ok();
        let newest: u32 = baselines
            .below(&folder)
            .filter_map(|(path, _)| version(path))
            .max()
            .ok_or_else(|| SchemaError::Missing { path: format!("{folder}policies-<version>.tsv") })?;
        let shapes = format!("{folder}shapes.tsv");
        Ok(Self {
            newest,
            oldest: optional("oldest").and_then(|version| version.parse().ok()).unwrap_or(newest),
            policies: open(baselines, &format!("{folder}policies-{newest}.tsv"))?,
            shapes: baselines.bytes(&shapes).is_some().then(|| open(baselines, &shapes)).transpose()?,
            places: Arc::new(Places {
                browser: browser.to_owned(),
                name: needed("name")?,
                file: needed("file")?,
                file_key: optional("file-key"),
                registry_key: needed("registry")?,
                preferences: needed("preferences")?,
                preferences_switch: optional("preferences-switch"),
            }),
        })
    }

    /// Where the browser looks.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The versions that can be written for, oldest first.
    pub fn versions(&self) -> Vec<String> {
        (self.oldest..=self.newest).map(|version| version.to_string()).collect()
    }

    /// The names of all policies.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.policies.rows().map(|(name, _)| name)
    }

    /// Holds a policy against the tables, for a version (its digits before the first dot count), otherwise the newest.
    ///
    /// # Errors
    /// The [`Problem`] when the browser would not take the value exactly as it is meant, on every system.
    pub fn check(&self, policy: &str, value: &Value, version: Option<&str>, suspended: bool) -> Result<Setting, Problem> {
        let Some(row) = self.row(policy)? else {
            return Err(Problem::UnknownName { schema: self.title(self.newest), nearest: nearest(policy, self.names()) });
        };
        self.exists(&row, version)?;
        let refused = |reason: String| Err(Problem::Refused { reason });
        match row.state {
            "removed" => return refused(format!("{} no longer has it", self.places.name)),
            "deprecated" => return refused(format!("{} will not have it for long", self.places.name)),
            _ => {}
        }
        if let Some(missing) = SYSTEMS.iter().find(|system| !row.systems.split(' ').any(|has| has == **system)) {
            return refused(format!("{} does not have it on {missing}", self.places.name));
        }
        let shape = self.shape(policy, &row)?;
        if shape == Node::Anything {
            return refused("the keys it takes are not recorded".to_owned());
        }
        let value = shape.check(value)?;
        if has_empty_list(&value) {
            let allowed = "an empty list has no form in the registry of Windows; leave the policy out".to_owned();
            return Err(Problem::NotAllowed { found: "[]".to_owned(), allowed });
        }
        let form = row.form.unwrap_or_else(|| RegistryForm::of_chromium(&shape));
        Ok(Setting { places: Arc::clone(&self.places), suspended, policy: policy.to_owned(), value, form })
    }

    /// What is known about a policy.
    pub fn describe(&self, policy: &str) -> Option<Description> {
        let row = self.row(policy).ok()??;
        let mut facts = Vec::new();
        let mut add = |word, text: Option<String>| facts.extend(text.map(|text| (word, text)));
        add("since version", row.since.map(|version| version.to_string()));
        add("until version", row.until.map(|version| version.to_string()));
        add("state", (row.state != "current").then(|| row.state.to_owned()));
        add("systems", Some(row.systems.replace(' ', ", ")));
        add("shape recorded from", self.recorded(policy).map(|(_, source)| source.to_owned()));
        Some(Description {
            schema: self.title(self.newest),
            title: row.title.map(str::to_owned),
            takes: self.shape(policy, &row).ok()?.words(),
            facts,
        })
    }

    /// The policies that hold what is looked for, in the order of their names.
    pub fn search<'q>(&'q self, query: &'q Query) -> impl Iterator<Item = Hit> + use<'a, 'q> {
        self.policies.search(query).filter_map(|(policy, _)| {
            let row = self.row(policy).ok()??;
            let shape = self.shape(policy, &row).ok()?;
            let name = format!("{}:{policy}", self.places.browser);
            let (title, place) = (row.title.unwrap_or_default(), format!("policy of {}", self.places.name));
            let rank = query.rank(&name, title, || shape.parts())?;
            Some(Hit { name, title: row.title.map(str::to_owned), takes: Some(shape.words()), place, rank })
        })
    }

    fn title(&self, version: u32) -> String {
        format!("{} {version}", self.places.name)
    }

    /// Whether the version that is written for has the policy.
    fn exists(&self, row: &Row<'_>, version: Option<&str>) -> Result<(), Problem> {
        let wanted: u32 = version.and_then(|version| version.split('.').next()?.parse().ok()).unwrap_or(self.newest);
        let lacks = |reason: String| Err(Problem::NotInVersion { target: self.title(wanted), reason });
        if !(self.oldest..=self.newest).contains(&wanted) {
            return lacks(format!("the versions that can be written for are {} to {}", self.oldest, self.newest));
        }
        match (row.since, row.until) {
            (Some(since), _) if wanted < since => lacks(format!("it came with {since}")),
            (_, Some(until)) if wanted > until => lacks(format!("the last version with it was {until}")),
            (None, _) if wanted < self.newest => lacks(format!("it is known only that {} has it", self.newest)),
            _ => Ok(()),
        }
    }

    fn shape(&self, policy: &str, row: &Row<'_>) -> Result<Node, Problem> {
        let text = self.recorded(policy).map_or(row.shape, |(shape, _)| shape);
        serde_json::from_str(text).map_err(|_| Problem::Unreadable { schema: self.title(self.newest) })
    }

    fn recorded(&self, policy: &str) -> Option<(&'a str, &'a str)> {
        self.shapes.as_ref()?.find(policy)?.split_once('\t')
    }

    fn row(&self, policy: &str) -> Result<Option<Row<'a>>, Problem> {
        let Some(line) = self.policies.find(policy) else { return Ok(None) };
        let fields: Vec<&str> = line.split('\t').collect();
        let unreadable = || Problem::Unreadable { schema: self.title(self.newest) };
        let number = |text: &str| if text == "-" { Ok(None) } else { text.parse().map(Some).map_err(|_| unreadable()) };
        match fields.as_slice() {
            // Firefox: the same policies on every system; the table is of one version.
            [_editions, form, shape] => Ok(Some(Row {
                since: None,
                until: None,
                state: "current",
                systems: "linux macos windows",
                title: None,
                form: Some(RegistryForm::read(form).ok_or_else(unreadable)?),
                shape,
            })),
            [since, until, state, systems, title, shape] => Ok(Some(Row {
                since: number(since)?,
                until: number(until)?,
                state,
                systems,
                title: Some(title),
                form: None,
                shape,
            })),
            _ => Err(unreadable()),
        }
    }
}

fn open<'a>(baselines: &'a Baselines, path: &str) -> Result<Table<'a>, SchemaError> {
    let table = Table::new(baselines.text(path).ok_or_else(|| SchemaError::Missing { path: path.to_owned() })?);
    // The order of what is built in is proved by a test, and need not be proved again at each start.
    match baselines.is_laid_over().then(|| table.first_fault()).flatten() {
        None => Ok(table),
        Some(line) => Err(SchemaError::Malformed { path: path.to_owned(), line }),
    }
}

fn has_empty_list(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Array(items) => items.is_empty() || items.iter().any(has_empty_list),
        serde_json::Value::Object(map) => map.values().any(has_empty_list),
        _ => false,
    }
}
