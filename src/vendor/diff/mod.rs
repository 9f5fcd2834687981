//! What a new version of a client brings, takes and changes: two tables of `baselines/vendor/`, compared.
//!
//! In: the texts of two tables ([`Table::read`]) and the catalogue. Out: each setting that is gone, new or changed, with every
//! single fact that differs and the decisions whose rules set it ([`compare`]). A table becomes [`Facts`]: of each setting what
//! the schema says of it and of its parts. So everything that a schema states is compared, and nothing of how it is written.
//!
//! Whether a change matters to a rule is judged by its kind alone: what is gone, or means something else, matters; what is
//! allowed besides, a title or a built-in value does not.

mod facts;
mod table;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use facts::Aspect;
pub(super) use facts::{Fact, Facts};
pub use table::{Table, TableError};

use crate::catalogue::Catalogue;

/// How two tables of one kind differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What both tables are about.
    pub about: String,
    /// The settings that differ, by name.
    pub settings: Vec<SettingChange>,
}

/// A setting that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingChange {
    /// Its name as a rule writes it.
    pub name: String,
    /// What the vendor calls it.
    pub title: Option<String>,
    /// What became of it.
    pub fate: Fate,
    /// The facts that differ; none of a setting that is gone or new.
    pub changes: Vec<Change>,
    /// The decisions whose rules set it, or set something beside it that it changes.
    pub decisions: Vec<String>,
    /// Whether a rule sets it and may no longer have the effect that was meant.
    pub matters: bool,
}

/// What became of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// Only the old version has it.
    Gone,
    /// Both have it, and not alike.
    Changed,
    /// Only the new version has it.
    New,
}

/// A fact that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The part of the setting, such as an element or a key of it; empty for the setting itself.
    pub part: String,
    /// What is said of it.
    pub aspect: Aspect,
    /// Of which item, where an aspect has several.
    pub item: String,
    /// What the old version says; `None` when it says nothing.
    pub old: Option<String>,
    /// What the new version says.
    pub new: Option<String>,
}

/// Compares two tables, which must be of one kind.
///
/// # Errors
/// [`TableError::Kinds`] when they are not.
pub fn compare(old: &Table, new: &Table, catalogue: &Catalogue) -> Result<Difference, TableError> {
    if old.kind != new.kind || old.family() != new.family() {
        return Err(TableError::Kinds { old: old.about.clone(), new: new.about.clone() });
    }
    let rules = rules(catalogue);
    let names: BTreeSet<&String> = old.facts.keys().chain(new.facts.keys()).collect();
    let settings = names.into_iter().filter_map(|name| {
        let (fate, changes) = match (old.facts.get(name), new.facts.get(name)) {
            (Some(_), None) => (Fate::Gone, Vec::new()),
            (None, Some(_)) => (Fate::New, Vec::new()),
            (Some(before), Some(after)) => (Fate::Changed, changes(before, after)),
            (None, None) => return None,
        };
        if fate == Fate::Changed && changes.is_empty() {
            return None;
        }
        let facts = new.facts.get(name).or_else(|| old.facts.get(name));
        let required =
            facts.is_some_and(|facts| facts.keys().any(|fact| fact.part.is_empty() && fact.aspect == Aspect::Required));
        let decisions = touched(&rules, [old, new], name, fate == Fate::New && required);
        let changed = match fate {
            Fate::Gone => true,
            Fate::New => required,
            Fate::Changed => changes.iter().any(Change::matters),
        };
        Some(SettingChange {
            name: if fate == Fate::Gone { old.full_name(name) } else { new.full_name(name) },
            title: facts.and_then(|facts| facts.get(&Fact::of(Aspect::Title))).cloned(),
            fate,
            changes,
            matters: changed && !decisions.is_empty(),
            decisions: decisions.into_iter().map(str::to_owned).collect(),
        })
    });
    let about = if old.about == new.about { new.about.clone() } else { format!("{} → {}", old.about, new.about) };
    Ok(Difference { about, settings: settings.collect() })
}

impl Change {
    /// Whether a rule that fitted the old version may not fit the new one.
    fn matters(&self) -> bool {
        match self.aspect {
            Aspect::Title | Aspect::Category | Aspect::Supported | Aspect::Default | Aspect::Deprecated | Aspect::Source => false,
            Aspect::Introduced => self.new.is_some(),
            // More is taken than before.
            Aspect::Item | Aspect::Type => self.old.is_some(),
            _ => true,
        }
    }
}

/// The decisions by the settings that their rules name.
type Rules<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

fn rules(catalogue: &Catalogue) -> Rules<'_> {
    let mut rules = Rules::new();
    for decision in &catalogue.decisions {
        for rule in decision.settings.values().flatten() {
            rules.entry(&rule.name).or_default().insert(&decision.key);
        }
    }
    rules
}

/// The decisions that set this setting, something inside it, or, `beside`, something of the same payload.
fn touched<'a>(rules: &Rules<'a>, tables: [&Table; 2], name: &str, beside: bool) -> BTreeSet<&'a str> {
    let names = tables.map(|table| table.full_name(name));
    let fits = |rule: &str| {
        names.iter().any(|name| {
            let owner = if beside { name.split(':').next().unwrap_or(name) } else { name };
            rule.strip_prefix(owner).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        })
    };
    rules.iter().filter(|(rule, _)| fits(rule)).flat_map(|(_, decisions)| decisions.iter().copied()).collect()
}

fn changes(old: &BTreeMap<Fact, String>, new: &BTreeMap<Fact, String>) -> Vec<Change> {
    let all: BTreeSet<&Fact> = old.keys().chain(new.keys()).collect();
    let differs = all.into_iter().filter(|fact| old.get(fact) != new.get(fact));
    let change = |fact: &Fact| Change {
        part: fact.part.clone(),
        aspect: fact.aspect,
        item: fact.item.clone(),
        old: old.get(fact).cloned(),
        new: new.get(fact).cloned(),
    };
    differs.map(change).collect()
}
