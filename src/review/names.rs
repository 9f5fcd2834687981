//! What a name means: a decision, topic, client, check, finding code, setting or requirement, or a place in the registry.
//!
//! Exact names win. Titles and registry paths count when exactly one setting has them; with several the user is told which.

use crate::catalogue::{Catalogue, Decision, Requirement, split_placeholder};
use crate::diag::Code;
use crate::similar::Word;
use crate::vendor::Schemas;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// A decision, by its key in the catalogue.
    Decision(String),
    /// Several decisions of one topic.
    Topic(String),
    /// A client, by its id.
    Client(String),
    /// A check.
    Check(String),
    /// A finding code.
    Code(Code),
    /// A setting.
    Setting(String),
    /// A requirement of a standard.
    Requirement(String),
    /// A title or registry place that several settings have.
    Several(Vec<String>),
}

/// Finds what `name` stands for; `None` when nothing has that name.
pub fn find(name: &str, catalogue: &Catalogue, schemas: &Schemas<'_>) -> Option<Known> {
    if let Some(decision) = decision(name, catalogue) {
        return Some(Known::Decision(decision));
    }
    if catalogue.decisions.iter().any(|decision| in_topic(decision, name)) {
        return Some(Known::Topic(name.to_owned()));
    }
    if catalogue.client(name).is_some() {
        return Some(Known::Client(name.to_owned()));
    }
    let check = name.strip_prefix("check::").unwrap_or(name);
    if catalogue.check(check).is_some() {
        return Some(Known::Check(check.to_owned()));
    }
    if let Some(code) = Code::ALL.iter().find(|code| code.name() == name) {
        return Some(Known::Code(*code));
    }
    if schemas.describe(name).is_some() || rule_names(catalogue).any(|known| known == name) {
        return Some(Known::Setting(name.to_owned()));
    }
    let wanted = requirement(name);
    if known_requirements(name, catalogue).next().is_some() || requirements(catalogue).any(|known| requirement(known) == wanted) {
        return Some(Known::Requirement(name.to_owned()));
    }
    let mut found = by_place_or_title(name, schemas);
    match found.len() {
        0 => None,
        1 => found.pop().map(Known::Setting),
        _ => Some(Known::Several(found)),
    }
}

/// Less similar than this is not meant.
const SIMILAR: f64 = 0.85;

/// Names of all kinds that are similar, most similar first.
pub fn nearest_names(name: &str, catalogue: &Catalogue, schemas: &Schemas<'_>) -> Vec<String> {
    let own = catalogue
        .decisions
        .iter()
        .map(|decision| decision.key.clone())
        .chain(catalogue.clients.iter().map(|client| client.id.clone()))
        .chain(catalogue.checks.iter().map(|check| check.name.clone()))
        .chain(Code::ALL.iter().map(|code| code.name().to_owned()))
        .chain(catalogue.requirements.all().map(|requirement| requirement.id.clone()))
        .chain(rule_names(catalogue).map(str::to_owned))
        .chain(schemas.names());
    let wanted = name.to_lowercase();
    let word = Word::new(&wanted);
    let mut ranked: Vec<(f64, String)> = own
        .filter_map(|known| {
            let lower = known.to_lowercase();
            let tail = lower.rsplit([':', '.']).next().unwrap_or_default();
            let of_tail = word.similarity(tail, SIMILAR + 0.01).map(|similarity| similarity - 0.01);
            let similarity = word.similarity(&lower, of_tail.unwrap_or(SIMILAR)).or(of_tail)?;
            Some((similarity, known))
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let best = ranked.first().map_or(0.0, |(similarity, _)| *similarity);
    ranked.retain(|(similarity, _)| *similarity > best - 0.08);
    let mut names: Vec<String> = ranked.into_iter().map(|(_, name)| name).collect();
    names.dedup();
    names.truncate(5);
    names
}

/// The decision that is named, also by a field of its record or below a name of the plan's own.
fn decision(name: &str, catalogue: &Catalogue) -> Option<String> {
    if let Some(decision) = catalogue.decision(name) {
        return Some(decision.key.clone());
    }
    let below_a_name = |decision: &&Decision| {
        split_placeholder(&decision.key).is_some_and(|(block, rest)| {
            let parts: Vec<&str> = name.split('.').collect();
            match parts.as_slice() {
                [first] => *first == block && rest.is_empty(),
                [first, _, last] => *first == block && *last == rest,
                _ => false,
            }
        })
    };
    if let Some(decision) = catalogue.decisions.iter().find(below_a_name) {
        return Some(decision.key.clone());
    }
    catalogue.keys().find(name).filter(|subject| subject.field.is_some()).map(|subject| subject.key.to_owned())
}

/// Whether `key`, as a plan spells it, answers `decision`.
pub(super) fn is_answered_by(decision: &str, key: &str) -> bool {
    match split_placeholder(decision) {
        Some((block, rest)) => {
            let below = key.strip_prefix(block).and_then(|below| below.strip_prefix('.')).and_then(|below| below.split_once('.'));
            key == decision || below.is_some_and(|(_, last)| last == rest)
        }
        None => key == decision,
    }
}

/// Whether a decision belongs to a topic: the first part of its key, or its folder in the content.
pub(super) fn in_topic(decision: &Decision, topic: &str) -> bool {
    let folder = decision.place.file.split('/').nth(1).unwrap_or_default();
    let block = decision.key.split_once('.').map(|(block, _)| block);
    block == Some(topic) || folder == topic || folder.split_once('-').is_some_and(|(_, name)| name == topic)
}

pub(super) fn rule_names(catalogue: &Catalogue) -> impl Iterator<Item = &str> {
    catalogue.decisions.iter().flat_map(|decision| decision.settings.values().flatten()).map(|rule| rule.name.as_str())
}

fn requirements(catalogue: &Catalogue) -> impl Iterator<Item = &str> {
    let decisions = catalogue.decisions.iter().flat_map(|decision| decision.references.values().flatten());
    let checks = catalogue.checks.iter().flat_map(|check| &check.references);
    let raises = catalogue.raises.iter().flat_map(|raise| &raise.references);
    let presets = catalogue.presets.values().flatten().flat_map(|default| &default.references);
    decisions.chain(checks).chain(raises).chain(presets).map(String::as_str)
}

/// The requirements of the lists that this is the name or the number of.
pub(super) fn known_requirements<'a>(name: &str, catalogue: &'a Catalogue) -> impl Iterator<Item = &'a Requirement> {
    let wanted = requirement(name);
    let known = &catalogue.requirements;
    known.all().filter(move |found| requirement(&found.id) == wanted || requirement(known.number(found)) == wanted)
}

/// A requirement without what people spell differently: blanks, case, the edition after `@`.
pub(super) fn requirement(name: &str) -> String {
    let name = name.split('@').next().unwrap_or(name);
    name.chars().filter(|character| !character.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Settings with this title, registry path (with or without the value) or value name.
fn by_place_or_title(name: &str, schemas: &Schemas<'_>) -> Vec<String> {
    let wanted = name.to_lowercase();
    let hives = ["hkey_current_user\\", "hkey_local_machine\\", "hkcu\\", "hklm\\", "hkcu:\\", "hklm:\\"];
    let path = hives.iter().find_map(|hive| wanted.strip_prefix(hive)).unwrap_or(&wanted);
    let is_path = path.contains('\\');
    let fits = |setting: &String| {
        let Some(known) = schemas.describe(setting) else { return false };
        let registry = known.facts.iter().filter(|(word, _)| *word == "registry").map(|(_, place)| place.to_lowercase());
        let mut titled = false;
        for place in registry {
            titled = true;
            let (key, value) = place.rsplit_once('\\').unwrap_or(("", &place));
            if if is_path { place == path || key == path } else { value == path } {
                return true;
            }
        }
        titled && known.title.is_some_and(|title| title.to_lowercase() == wanted)
    };
    schemas.names().filter(|setting| setting.contains(':')).filter(fits).collect()
}
