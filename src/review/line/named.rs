//! Which setting, or decision of a paper, stands on a line of an artifact.
//!
//! In: the file's path and bytes, and a line. The path is looked at from its end, so that it does not matter where the output
//! lies; a path of a Linux system leads to the artifact that goes there. Out: the name that a rule of the content gives to what
//! stands on the line. Where a table leads from one place to several names, the one that a rule sets counts.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde_json::Value;

use super::forms;
use crate::baselines::Baselines;
use crate::catalogue::Catalogue;
use crate::emit::layout::Places;
use crate::emit::{browser, desktop, intune, macos, registry, thunderbird, workstation};
use crate::review::names::{find, rule_names};
use crate::vendor::apple::Declarations;
use crate::vendor::registry::Hive;
use crate::vendor::thunderbird::MacPlace;
use crate::vendor::workstation::LoadError;
use crate::vendor::{Schemas, Versions};

/// What is needed to read artifacts line by line.
pub struct ArtifactReader<'a, 's> {
    catalogue: &'a Catalogue,
    schemas: &'a Schemas<'s>,
    baselines: &'a Baselines,
    places: Places,
    /// The policies of all templates that can write a place, by half, and key and value name without regard to case.
    registry: OnceCell<BTreeMap<(Hive, String), Vec<String>>>,
}

impl<'a, 's> ArtifactReader<'a, 's> {
    /// Takes the content.
    ///
    /// # Errors
    /// [`LoadError`] when the table of places is damaged.
    pub fn new(catalogue: &'a Catalogue, schemas: &'a Schemas<'s>, baselines: &'a Baselines) -> Result<Self, LoadError> {
        Ok(Self { catalogue, schemas, baselines, places: Places::load(baselines)?, registry: OnceCell::new() })
    }

    /// The name of what stands on a line; `None` when it is part of the frame, or of a form without names.
    pub fn name_at(&self, file: &str, bytes: &[u8], line: usize) -> Option<String> {
        let text = forms::decoded(bytes);
        let file = self.places.artifact(file).unwrap_or_else(|| file.to_owned());
        if ending(&file) == "md" {
            return forms::ticked(&text, line).into_iter().find(|name| find(name, self.catalogue, self.schemas).is_some());
        }
        let mut found = self.names_at(&file, &text, line);
        let has_rule = |name: &str| rule_names(self.catalogue).any(|rule| rule == name);
        found.retain(|name| has_rule(name) || self.schemas.describe(name).is_some());
        found.iter().find(|name| has_rule(name)).or(found.first()).cloned()
    }

    /// Names for what stands on a line, the most exact first.
    fn names_at(&self, file: &str, text: &str, line: usize) -> Vec<String> {
        let is = |path: &str| file == path || file.strip_suffix(path).is_some_and(|before| before.ends_with('/'));
        let below = |folder: &str| file.starts_with(folder) || file.contains(&format!("/{folder}"));
        let name = file.rsplit('/').next().unwrap_or(file);
        // Fleet's profiles lie beside each other; the folder is part of the name.
        let suspended = below(browser::FOLDERS[1]) || name.starts_with(&browser::FOLDERS[1].replace('/', "-"));
        if below(macos::DECLARATIONS) {
            return self.declared(text, line);
        }
        if let Some((suspended, schema)) = self.schemas.browser_schemas().find_map(|schema| {
            let set = browser::FOLDERS.iter().position(|folder| is(&format!("{folder}{}", schema.places().file)))?;
            Some((set > 0, schema))
        }) {
            let path = forms::json_path(text, line);
            let policy = path.get(usize::from(schema.places().file_key.is_some()));
            return policy.map(|policy| browser_names(&schema.places().browser, policy, suspended)).unwrap_or_default();
        }
        if is(thunderbird::POLICIES) {
            return forms::json_path(text, line).get(1..).map(thunderbird_names).unwrap_or_default();
        }
        if is(registry::SAMBA) {
            let entry = forms::json_entry(text, line, 2).unwrap_or_default();
            let text = |key: &str| entry[key].as_str().unwrap_or_default();
            return self.operation(text("class") == "USER", text("keyname"), text("valuename"));
        }
        if is(intune::CATALOGUE) {
            return self.catalogued(text, line).into_iter().collect();
        }
        if below(intune::FOLDER) && ending(file) == "json" {
            let entry = forms::json_entry(text, line, 4).unwrap_or_default();
            return entry["displayName"].as_str().map(str::to_owned).into_iter().collect();
        }
        if below(intune::FOLDER) && ending(file) == "csv" {
            return vec![forms::first_cell(text, line)];
        }
        if [Hive::Machine, Hive::User].iter().any(|hive| intune::fleet_profile(*hive).ends_with(&format!("/{name}"))) {
            return forms::commented(text, line).into_iter().collect();
        }
        if is(registry::LGPO) {
            let [half, key, name, _] = forms::paragraph(text, line)[..] else { return Vec::new() };
            return self.operation(half == "User", key, name);
        }
        if let Some(name) = desktop_name(file, text, line) {
            return vec![name];
        }
        match ending(file) {
            // The file that leads the program to its preferences is part of the frame.
            "js" if below(thunderbird::AUTOCONFIG) => Vec::new(),
            "js" | "cfg" => forms::called(text, line).into_iter().collect(),
            "reg" => {
                let Some((key, value)) = forms::registry(text, line) else { return Vec::new() };
                let of_script = value.as_deref().and_then(|value| workstation::parameter_at(file, &key, value, self.baselines));
                let mut names: Vec<String> = of_script.into_iter().collect();
                names.extend(self.registry_names(&key, value.as_deref(), suspended));
                names
            }
            "mobileconfig" => {
                forms::profile(text, line).map(|(kind, path)| self.profile_names(&kind, &path, suspended)).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// The policy of a definition, an option or a value of Intune's settings catalogue.
    fn catalogued(&self, text: &str, line: usize) -> Option<String> {
        let intune = self.schemas.intune().ok()?;
        // A name may begin as another one does: the longest counts.
        let policy = |identifier: &str| {
            let is_of = |id: &str| identifier.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
            let known = intune.defined().filter_map(|name| Some((intune.definition(name)?.id, name)));
            known.filter(|(id, _)| is_of(id)).max_by_key(|(id, _)| id.len()).map(|(_, name)| name.to_owned())
        };
        forms::identifiers(text, line).into_iter().find_map(policy)
    }

    /// A value of the registry, or a key: of a browser its policy, else the place, with and without the value.
    fn registry_names(&self, key: &str, value: Option<&str>, suspended: bool) -> Vec<String> {
        let (_, path) = key.split_once('\\').unwrap_or(("", key));
        let lower = path.to_lowercase();
        for schema in self.schemas.browser_schemas() {
            let places = schema.places();
            let own = places.registry_key.to_lowercase();
            let Some(rest) = lower.strip_prefix(&own) else { continue };
            let policy = if rest.is_empty() {
                value
            } else {
                rest.starts_with('\\').then(|| path[own.len() + 1..].split('\\').next()).flatten()
            };
            return policy.map(|policy| browser_names(&places.browser, policy, suspended)).unwrap_or_default();
        }
        let Some(hive) = [Hive::Machine, Hive::User].into_iter().find(|hive| key.starts_with(registry::hive_name(*hive))) else {
            return Vec::new();
        };
        self.policies(hive, path, value)
    }

    /// What an operation is about, as the forms for tools spell it.
    fn operation(&self, of_user: bool, key: &str, name: &str) -> Vec<String> {
        let hive = if of_user { Hive::User } else { Hive::Machine };
        self.policies(hive, key, Some(name.strip_prefix(registry::DELETE_VALUE).unwrap_or(name)))
    }

    /// The policies that can write a value, or any value of a key.
    fn policies(&self, hive: Hive, key: &str, value: Option<&str>) -> Vec<String> {
        let known = self.registry.get_or_init(|| {
            let mut known: BTreeMap<(Hive, String), Vec<String>> = BTreeMap::new();
            for name in self.schemas.templates().names() {
                let Some(policy) = self.schemas.templates().describe(&name) else { continue };
                for (key, value) in policy.places() {
                    known.entry((policy.class.hive(), format!("{key}\\{value}").to_lowercase())).or_default().push(name.clone());
                }
            }
            known
        });
        let own = format!("{key}\\{}", value.unwrap_or_default()).to_lowercase();
        // A list takes any name of a value; it stands in the templates with an empty one.
        let list = format!("{key}\\").to_lowercase();
        let below = |(place, _): &(&(Hive, String), &Vec<String>)| {
            value.is_none() && place.0 == hive && place.1.starts_with(&list) && !place.1[list.len()..].contains('\\')
        };
        let exact = [own, list.clone()].map(|place| known.get(&(hive, place)));
        let within = known.iter().filter(below).map(|(_, names)| names);
        exact.into_iter().flatten().chain(within).flatten().cloned().collect()
    }

    /// The keys of a payload, from the whole way inwards to the first one; or the policy that a domain carries.
    fn profile_names(&self, kind: &str, path: &[String], suspended: bool) -> Vec<String> {
        if MacPlace::load(self.baselines).is_ok_and(|place| place.domain == kind) {
            return thunderbird_names(path);
        }
        if let Some(schema) = self.schemas.browser_schemas().find(|schema| schema.places().preferences == kind) {
            return browser_names(&schema.places().browser, &path[0], suspended);
        }
        (1..=path.len()).rev().map(|deep| format!("{kind}:{}", path[..deep].join("/"))).collect()
    }

    /// The payload keys behind a key of a declaration: those that it is made from; what a payload says by being there has the
    /// keys beside it, and what names an asset has those of the asset.
    fn declared(&self, text: &str, line: usize) -> Vec<String> {
        let newest = Versions::default();
        let Some((schema, _)) = self.schemas.profiles(&newest) else { return Vec::new() };
        let Ok(document) = serde_json::from_str::<Value>(text) else { return Vec::new() };
        let (Some(kind), payload) = (document["Type"].as_str(), &document["Payload"]) else { return Vec::new() };
        let path = forms::json_path(text, line);
        let Some((_, path)) = path.split_first().filter(|(first, rest)| *first == "Payload" && !rest.is_empty()) else {
            return Vec::new();
        };
        let there = |path: &[&str]| path.iter().try_fold(payload, |value, key| value.get(key)).is_some();
        let names = schema.accounts().behind(kind, path, &there);
        if !names.is_empty() {
            return names;
        }
        let Ok(declarations) = Declarations::load(self.baselines) else { return Vec::new() };
        let assets = declarations.assets(kind, &path.join("/")).unwrap_or_default();
        assets.iter().flat_map(|asset| schema.accounts().behind_asset(kind, asset)).collect()
    }
}

/// Policies that stand in the second set may have a value of their own there.
fn browser_names(browser: &str, policy: &str, suspended: bool) -> Vec<String> {
    let name = format!("{browser}:{policy}");
    let own = suspended.then(|| format!("{}{name}", crate::vendor::SUSPENDED));
    own.into_iter().chain([name]).collect()
}

/// The policy, or the preference inside the one that carries them.
fn thunderbird_names(path: &[String]) -> Vec<String> {
    let Some((policy, inside)) = path.split_first() else { return Vec::new() };
    if policy == thunderbird::PREFERENCES { inside.first().into_iter().cloned().collect() } else { vec![policy.clone()] }
}

/// The entry of a Linux desktop: by section and key, or of a lock by its path.
fn desktop_name(file: &str, text: &str, line: usize) -> Option<String> {
    match forms::section(text, line) {
        Some((section, key)) => desktop::name_in(file, &section, &key),
        None => desktop::locked_in(file, forms::own(text, line)),
    }
}

/// What follows the last dot of a file's name.
fn ending(file: &str) -> &str {
    file.rsplit_once('.').map_or("", |(_, ending)| ending)
}
