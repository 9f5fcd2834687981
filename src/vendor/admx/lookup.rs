//! Finds a policy by name, in every template of the baselines, and checks a value against it.
//!
//! In: the content below `vendor/office/` and a name such as `outlk16:L_OSTCreation`. Out: the policy, or the operations
//! that a value comes down to. Making a [`Templates`] reads no template; finding a policy reads its block only.

use super::policy::{Class, Kind, Policy};
use super::{check, form};
use crate::baselines::Baselines;
use crate::value::Value;
use crate::vendor::Problem;
use crate::vendor::problem::nearest;
use crate::vendor::registry::RegistryOperation;
use crate::vendor::search::{Hit, Query, Rank};

const FOLDER: &str = "vendor/office/";
const ENDING: &str = ".tsv";

/// The templates of the baselines.
#[derive(Debug, Clone, Copy)]
pub struct Templates<'a> {
    baselines: &'a Baselines,
}

impl<'a> Templates<'a> {
    /// Takes the templates of these baselines.
    pub fn new(baselines: &'a Baselines) -> Self {
        Self { baselines }
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
        self.find(name).ok()
    }

    /// The full names of all policies, sorted by template and name.
    pub fn names(&self) -> impl Iterator<Item = String> + use<'a> {
        self.templates().flat_map(|(template, text)| form::names(text).map(move |name| format!("{template}:{name}")))
    }

    /// The policies that hold what is looked for, in the order of their names.
    pub fn search<'q>(self, query: &'q Query) -> impl Iterator<Item = Hit> + use<'a, 'q> {
        let hits = move |(template, text): (&'a str, &'a [u8])| {
            form::search(text, template, query).filter_map(form::parse).filter_map(move |policy| hit(template, &policy, query))
        };
        self.templates().flat_map(hits)
    }

    /// The path and line of the first policy that cannot be found or read: tables are searched by halves.
    pub fn first_fault(&self) -> Option<(String, usize)> {
        self.templates().find_map(|(template, text)| Some((format!("{FOLDER}{template}{ENDING}"), form::first_fault(text)?)))
    }

    /// The names of the templates, sorted.
    pub fn template_names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.templates().map(|(template, _)| template)
    }

    fn templates(self) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        self.baselines.below(FOLDER).filter_map(|(path, text)| Some((path.strip_prefix(FOLDER)?.strip_suffix(ENDING)?, text)))
    }

    fn find(self, full_name: &str) -> Result<Policy<'a>, Problem> {
        let unknown = || self.unknown(full_name);
        let (template, name) = full_name.split_once(':').ok_or_else(unknown)?;
        let text = self.templates().find(|(known, _)| *known == template).ok_or_else(unknown)?.1;
        let block = form::find(text, name).ok_or_else(unknown)?;
        form::parse(block).ok_or_else(|| Problem::Unreadable { schema: template_name(template) })
    }

    fn unknown(self, full_name: &str) -> Problem {
        let (template, name) = full_name.split_once(':').unwrap_or(("", full_name));
        let text = self.templates().find(|(known, _)| *known == template).map(|(_, text)| text);
        let schema = if text.is_some() { template_name(template) } else { "the templates of Office".to_owned() };
        let elsewhere = || {
            let mut holders = self.templates().filter(|(_, text)| form::find(text, name).is_some());
            holders.next().map(|(holder, _)| format!("{holder}:{name}"))
        };
        let similar = || {
            if let Some(text) = text {
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
        let ids = policy.elements.iter().map(|element| element.id.to_owned());
        registry().into_iter().chain(ids).chain(items.flatten()).chain([policy.category.join(" > ")]).collect::<Vec<_>>()
    };
    let name = format!("{template}:{}", policy.name);
    let rank = query.rank(&name, policy.title, parts)?;
    let named = if rank == Rank::Elsewhere { query.first_in(&registry()).cloned() } else { None };
    let place = named.unwrap_or_else(|| format!("{} > {}", policy.class.words(), policy.category.join(" > ")));
    Some(Hit { name, title: Some(policy.title.to_owned()), takes: None, place, rank })
}

fn template_name(template: &str) -> String {
    format!("the template {template}.admx")
}
