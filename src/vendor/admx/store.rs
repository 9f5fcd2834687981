//! Holds an admin's own store of templates against the tables of the content.
//!
//! In: the policies that the baseline sets, with their decisions, and one template of the store after the other, as bytes.
//! Out: what the store lacks, what means something else there, which templates are of another version; as findings with
//! their place in the store's files, and as facts for programs.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Change, compare};
use super::import::{Source, Template, read};
use super::lookup::Templates;
use crate::diag::{Code, Finding, Level, Place};
use crate::sum::sha256;

/// Who needs a policy.
#[derive(Debug, Clone, Default)]
pub struct Need {
    /// The decisions that set it.
    pub decisions: BTreeSet<String>,
    /// Where a plan answers them.
    pub places: Vec<Place>,
}

/// The policies that the baseline sets, by their full names.
pub type Needs = BTreeMap<String, Need>;

/// How a template of the store compares with its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateState {
    /// The file from which the table was made, or one that says the same.
    Same,
    /// It has policies that the table lacks, and lacks none.
    Newer,
    /// It lacks policies of the table, and has no others.
    Older,
    /// Neither of the two.
    Other,
    /// The store has no such file.
    Missing,
    /// It could not be read.
    Unreadable,
}

impl TemplateState {
    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Newer => "newer",
            Self::Older => "older",
            Self::Other => "other",
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
        }
    }
}

/// How a policy of the baseline fares in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyState {
    /// It is what the table says; the changes are of names at most.
    Same(Vec<Change>),
    /// It means something else.
    Changed(Vec<Change>),
    /// Its template has no such policy, or is not there.
    Missing,
    /// Its template could not be read.
    Unknown,
}

/// All that was found.
#[derive(Debug, Default)]
pub struct Report {
    /// The templates, in order.
    pub templates: Vec<(String, TemplateState)>,
    /// The policies by their full names.
    pub policies: BTreeMap<String, PolicyState>,
    /// The same for people.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Takes one template of the store; `source` is `None` when the store `folder` has no such file.
    pub fn add(&mut self, templates: &Templates<'_>, template: &str, folder: &str, source: Option<&Source<'_>>, needs: &Needs) {
        let needs: Vec<(&String, &Need)> =
            needs.iter().filter(|(name, _)| name.split_once(':').is_some_and(|(of, _)| of == template)).collect();
        let state = match source.map(|source| (source, read(source, &[]))) {
            None => {
                let message = format!("the store `{folder}` has no template `{template}.admx`");
                let help = format!("{}; copy the vendor's file, with its texts, into the store", sets(&needs));
                self.findings.push(Finding::error(Code::VendorMissing, message).help(help));
                self.policies.extend(needs.iter().map(|(name, _)| ((*name).clone(), PolicyState::Missing)));
                TemplateState::Missing
            }
            Some((_, Err(error))) => {
                self.findings.push(error.finding());
                self.policies.extend(needs.iter().map(|(name, _)| ((*name).clone(), PolicyState::Unknown)));
                TemplateState::Unreadable
            }
            Some((source, Ok(found))) => {
                if source.texts.is_empty() {
                    let message = format!("`{template}.admx` has no texts in any language");
                    let help =
                        format!("the policy editor needs `{template}.adml` in a folder such as `en-US` beside the template");
                    self.findings.push(Finding::error(Code::VendorMissing, message).at(found.place.clone()).help(help));
                }
                // Labels can only be compared within one language; the tables are English.
                let labels = source.texts.first().is_some_and(|(language, _)| language.eq_ignore_ascii_case("en-US"));
                for (name, need) in &needs {
                    self.policy(templates, &found, name, need, labels);
                }
                self.version(templates, template, source, &found)
            }
        };
        self.templates.push((template.to_owned(), state));
    }

    fn policy(&mut self, templates: &Templates<'_>, found: &Template, full_name: &str, need: &Need, labels: bool) {
        let ours = templates.describe(full_name);
        let name = full_name.split_once(':').map_or(full_name, |(_, name)| name);
        let decided = |mut finding: Finding| {
            for place in &need.places {
                finding = finding.also(place.clone(), "decided here");
            }
            finding
        };
        let (Some(ours), Some((theirs, place))) = (ours, found.policy(name)) else {
            let message = format!("the store has no policy `{full_name}`");
            let help = format!("{}; take the version of the template that has it", by(need));
            self.findings.push(decided(Finding::error(Code::VendorMissing, message).at(found.place.clone()).help(help)));
            self.policies.insert(full_name.to_owned(), PolicyState::Missing);
            return;
        };
        let changes = compare(&ours, &theirs, labels);
        let words = |meaning: bool| -> Vec<String> {
            changes.iter().filter(|change| change.meaning == meaning).map(ToString::to_string).collect()
        };
        let (grave, slight) = (words(true), words(false));
        if !grave.is_empty() {
            let message = format!("`{full_name}` means something else in this store: {}", grave.join("; "));
            let help = format!("{}; what the baseline writes is not what this template would", by(need));
            self.findings.push(decided(Finding::error(Code::VendorChanged, message).at(place.clone()).help(help)));
        } else if !slight.is_empty() {
            let message = format!("`{full_name}` is shown otherwise in this store: {}", slight.join("; "));
            let help = format!("{}; it does the same", by(need));
            let finding = Finding::error(Code::VendorVersion, message).level(Level::Note).at(place.clone()).help(help);
            self.findings.push(decided(finding));
        }
        let state = if grave.is_empty() { PolicyState::Same(changes) } else { PolicyState::Changed(changes) };
        self.policies.insert(full_name.to_owned(), state);
    }

    /// Which version a template is of: the vendor's files carry no number that says it, so their policies must.
    fn version(&mut self, templates: &Templates<'_>, template: &str, source: &Source<'_>, found: &Template) -> TemplateState {
        let header = templates.header(template).unwrap_or_default();
        let sum = sha256(source.template.bytes);
        if header.lines().any(|line| line.starts_with("# SHA-256 of ") && line.ends_with(&sum)) {
            return TemplateState::Same;
        }
        let ours: BTreeSet<&str> = templates.names_in(template).collect();
        let theirs: BTreeSet<&str> = found.names().collect();
        let more: Vec<&str> = theirs.difference(&ours).copied().collect();
        let fewer: Vec<&str> = ours.difference(&theirs).copied().collect();
        let otherwise = |name: &&&str| {
            let ours = templates.describe(&format!("{template}:{name}"));
            let theirs = found.policy(name).map(|(policy, _)| policy);
            ours.zip(theirs).is_some_and(|(ours, theirs)| !compare(&ours, &theirs, false).is_empty())
        };
        let changed = ours.intersection(&theirs).filter(otherwise).count();
        let state = match (more.is_empty(), fewer.is_empty(), changed) {
            (true, true, 0) => return TemplateState::Same,
            (false, true, _) => TemplateState::Newer,
            (true, false, _) => TemplateState::Older,
            _ => TemplateState::Other,
        };
        let looks = match state {
            TemplateState::Newer => "it looks newer",
            TemplateState::Older => "it looks older",
            _ => "which of them is newer cannot be told",
        };
        let some = |names: &[&str], what: &str| match names {
            [] => String::new(),
            [first, ..] => format!("; {what}, for one, `{first}`"),
        };
        let counted = [(fewer.len(), "lacks"), (more.len(), "adds"), (changed, "changes the meaning of")];
        let counted: Vec<String> = counted
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, does)| format!("{does} {count} {}", if *count == 1 { "policy" } else { "policies" }))
            .collect();
        let message = format!("`{template}.admx` is another version than the baseline's: it {}", counted.join(", "));
        let help = format!("{looks}{}{}", some(&more, "it has"), some(&fewer, "it lacks"));
        self.findings.push(Finding::error(Code::VendorVersion, message).level(Level::Note).at(found.place.clone()).help(help));
        state
    }
}

fn by(need: &Need) -> String {
    format!("it is set by {}", listed(&need.decisions))
}

fn sets(needs: &[(&String, &Need)]) -> String {
    let decisions = needs.iter().flat_map(|(_, need)| need.decisions.iter().cloned()).collect();
    format!("{} of its policies are set by {}", needs.len(), listed(&decisions))
}

fn listed(decisions: &BTreeSet<String>) -> String {
    decisions.iter().map(|decision| format!("`{decision}`")).collect::<Vec<_>>().join(", ")
}
