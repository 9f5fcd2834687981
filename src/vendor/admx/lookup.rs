//! Finds a policy by name, in every template of the baselines, and checks a value against it.
//!
//! In: the tables below `vendor/` whose header names a template, in whichever folder, and a name such as
//! `outlk16:L_OSTCreation`. Out: the policy, or the operations that a value comes down to. Making a [`Templates`] reads the
//! first lines of each table; finding a policy reads its block only.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::policy::{Class, Kind, Policy};
use super::{check, form};
use crate::baselines::Baselines;
use crate::value::Value;
use crate::vendor::Problem;
use crate::vendor::problem::nearest;
use crate::vendor::registry::RegistryOperation;
use crate::vendor::search::{Hit, Query, Rank};

const FOLDER: &str = "vendor/";
const ENDING: &str = ".tsv";

/// Two tables of the content claim one template.
#[derive(Debug, thiserror::Error)]
#[error("tell the template `{template}` apart: `{first}` and `{second}` both hold it")]
pub struct TemplatesError {
    template: String,
    first: String,
    second: String,
}

/// The templates of the baselines.
#[derive(Debug, Clone)]
pub struct Templates<'a> {
    tables: BTreeMap<&'a str, Table<'a>>,
}

/// The compact text of one template, and where it lies.
#[derive(Debug, Clone, Copy)]
struct Table<'a> {
    path: &'a str,
    text: &'a [u8],
}

impl<'a> Templates<'a> {
    /// Takes the templates of these baselines.
    ///
    /// # Errors
    /// [`TemplatesError`] when two tables hold one template.
    pub fn new(baselines: &'a Baselines) -> Result<Self, TemplatesError> {
        let mut tables: BTreeMap<&str, Table<'_>> = BTreeMap::new();
        for (path, text) in baselines.below(FOLDER).filter(|(path, _)| path.ends_with(ENDING)) {
            let Some(template) = form::template(text) else { continue };
            match tables.entry(template) {
                Entry::Vacant(free) => drop(free.insert(Table { path, text })),
                Entry::Occupied(taken) => {
                    let [first, second] = [taken.get().path, path].map(str::to_owned);
                    return Err(TemplatesError { template: template.to_owned(), first, second });
                }
            }
        }
        Ok(Self { tables })
    }

    /// Whether there is a template of this name.
    pub fn holds(&self, template: &str) -> bool {
        self.tables.contains_key(template)
    }

    /// The names of the templates in one folder below `vendor/`, or of all.
    pub fn templates(&self, folder: Option<&str>) -> impl Iterator<Item = &'a str> {
        let lies_in = move |table: &Table<'_>| match folder {
            None => true,
            Some(folder) => table.path.strip_prefix(FOLDER).and_then(|path| path.split('/').next()) == Some(folder),
        };
        self.tables.iter().filter(move |(_, table)| lies_in(table)).map(|(name, _)| *name)
    }

    /// The lines above the policies: where the facts are from.
    pub fn header(&self, template: &str) -> Option<&'a str> {
        self.tables.get(template).map(|table| form::header(table.text))
    }

    /// Holds a value against its policy and compiles it: what the policy editor would write for the same state and the
    /// same elements. No two operations have the same place; their order is that of the template.
    ///
    /// # Errors
    /// The first [`Problem`] of the name or the value.
    pub fn check(&self, name: &str, value: &Value) -> Result<Vec<RegistryOperation>, Problem> {
        let policy = self.find(name)?;
        check::operations(&policy, value)
    }

    /// What the template says of a policy; `None` when there is no such policy.
    pub fn describe(&self, name: &str) -> Option<Policy<'a>> {
        form::parse(self.block(name)?)
    }

    /// The full names of all policies, sorted by template and name.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.tables.iter().flat_map(|(template, table)| form::names(table.text).map(move |name| format!("{template}:{name}")))
    }

    /// The policies that hold what is looked for, in the order of their names.
    pub fn search(&self, query: &Query) -> impl Iterator<Item = Hit> {
        self.tables.iter().flat_map(move |(template, table)| {
            let policies = form::search(table.text, template, query).filter_map(form::parse);
            policies.filter_map(move |policy| hit(template, &policy, query))
        })
    }

    /// The path and line of the first policy that cannot be found or read: tables are searched by halves.
    pub fn first_fault(&self) -> Option<(String, usize)> {
        self.tables.values().find_map(|table| Some((table.path.to_owned(), form::first_fault(table.text)?)))
    }

    /// The names of the policies of one template, without its own.
    pub fn names_in(&self, template: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.tables.get(template).map(|table| form::names(table.text)).into_iter().flatten()
    }

    fn find(&self, full_name: &str) -> Result<Policy<'a>, Problem> {
        let block = self.block(full_name).ok_or_else(|| self.unknown(full_name))?;
        let template = full_name.split(':').next().unwrap_or_default();
        form::parse(block).ok_or_else(|| Problem::Unreadable { schema: template_name(template) })
    }

    /// The lines of a policy.
    fn block(&self, full_name: &str) -> Option<&'a [u8]> {
        let (template, name) = full_name.split_once(':')?;
        form::find(self.tables.get(template)?.text, name)
    }

    fn unknown(&self, full_name: &str) -> Problem {
        let (template, name) = full_name.split_once(':').unwrap_or(("", full_name));
        let table = self.tables.get(template);
        let schema = if table.is_some() { template_name(template) } else { "the templates".to_owned() };
        let elsewhere = || {
            let mut holders = self.tables.iter().filter(|(_, table)| form::find(table.text, name).is_some());
            holders.next().map(|(holder, _)| format!("{holder}:{name}"))
        };
        let similar = || {
            if let Some(Table { text, .. }) = table {
                let other_case = form::names(text).find(|known| known.eq_ignore_ascii_case(name)).map(str::to_owned);
                let found = other_case.or_else(|| nearest(name, form::names(text)));
                return found.map(|name| format!("{template}:{name}"));
            }
            let names: Vec<String> = self.names().collect();
            nearest(full_name, names.iter().map(String::as_str))
        };
        Problem::UnknownName { schema, nearest: elsewhere().or_else(similar) }
    }
}

/// A policy that fits. Its place is that in the policy editor, unless a place in the registry is what was looked for.
fn hit(template: &str, policy: &Policy<'_>, query: &Query) -> Option<Hit> {
    let hive = if policy.class == Class::Machine { "HKLM" } else { "HKCU" };
    let registry = || policy.places().into_iter().map(|(key, value)| format!("{hive}\\{key}\\{value}")).collect::<Vec<_>>();
    let parts = || {
        let items = policy.elements.iter().filter_map(|element| match &element.kind {
            Kind::Enumeration { items } => Some(items.iter().map(|item| item.label.to_owned())),
            _ => None,
        });
        let categories = policy.titles.iter().map(|title| &title.category).chain([&policy.category]);
        let categories = categories.map(|parts| parts.join(" > "));
        let ids = policy.elements.iter().map(|element| element.id.to_owned());
        registry().into_iter().chain(ids).chain(items.flatten()).chain(categories).collect::<Vec<_>>()
    };
    let name = format!("{template}:{}", policy.name);
    // In whichever language the table has it.
    let titles: Vec<&str> = std::iter::once(policy.title).chain(policy.titles.iter().map(|title| title.title)).collect();
    let rank = query.rank(&name, &titles.join("\n"), parts)?;
    let named = if rank == Rank::Elsewhere { query.first_in(&registry()).cloned() } else { None };
    let place = named.unwrap_or_else(|| format!("{} > {}", policy.class.words(), policy.category.join(" > ")));
    Some(Hit { name, title: Some(policy.title.to_owned()), takes: None, place, rank })
}

fn template_name(template: &str) -> String {
    format!("the template {template}.admx")
}
