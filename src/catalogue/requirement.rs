//! The requirements that the content may cite, and the standards they belong to.
//!
//! In: `lists/standards.yaml` and every `lists/requirements*.tsv`, of which an organisation can lay its own beside those that
//! are built in. Out: [`Requirements`], against which every reference of the content is held while it is read: one that is not
//! there is a finding with its place and the nearest name. A rule's `cite` may also name a source that is no requirement; it
//! is held against the list when it has the form of a standard.
//!
//! A table has a header of `#` lines and five fields, divided by tabs: the requirement, its standard, the edition, the
//! title, and the identifier that stays when Grundschutz++ numbers its requirements anew (`-` for none). A title in
//! parentheses is a description, because the document's own was not read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;

use super::list::items;
use super::reader::{MapReader, form, texts};
use crate::baselines::Baselines;
use crate::diag::{Code, Finding, Place, SourceFile};
use crate::source::{Document, Node};
use crate::vendor::nearest;

/// A document of requirements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// The word that `references` of a decision use.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// What stands before a number that names nothing alone.
    before: String,
    /// A regular expression for its citations.
    form: Option<String>,
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// How it is cited.
    pub id: String,
    /// Its standard.
    pub standard: String,
    /// The edition of the standard.
    pub edition: String,
    /// What it asks for; in parentheses when these are not the document's own words.
    pub title: String,
    /// The identifier that outlives a new numbering.
    pub identifier: Option<String>,
}

/// All requirements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements {
    standards: Vec<Standard>,
    known: BTreeMap<String, Requirement>,
}

/// Reads the standards of the content alone, so that a table can be made when none is there yet.
///
/// # Errors
/// What is wrong with the file.
pub fn load_standards(baselines: &Baselines) -> Result<Vec<Standard>, Vec<Finding>> {
    let mut findings = Vec::new();
    let standards = super::load::single(baselines, "lists/standards.yaml", &mut findings)
        .map(|document| standards(&document, &mut findings))
        .unwrap_or_default();
    if findings.is_empty() { Ok(standards) } else { Err(findings) }
}

fn standards(document: &Document, findings: &mut Vec<Finding>) -> Vec<Standard> {
    items(document, findings).iter().filter_map(|item| standard(document, item, findings)).collect()
}

impl Requirements {
    /// Reads the lists of the content.
    pub(super) fn load(baselines: &Baselines, document: &Document, findings: &mut Vec<Finding>) -> Self {
        let mut all = Self { standards: standards(document, findings), known: BTreeMap::new() };
        let is_table = |path: &&str| path.starts_with("lists/requirements") && path.strip_suffix(".tsv").is_some();
        let mut paths: Vec<&str> = baselines.below("lists/").map(|(path, _)| path).filter(is_table).collect();
        // What stands there twice is found in the list that was laid beside the first.
        paths.sort_by_key(|path| *path != "lists/requirements.tsv");
        for path in paths {
            all.table(path, baselines.bytes(path).unwrap_or_default(), findings);
        }
        all
    }

    fn table(&mut self, path: &str, bytes: &[u8], findings: &mut Vec<Finding>) {
        let file = SourceFile::new(path, String::from_utf8_lossy(bytes));
        let mut start = 0;
        for line in file.text.split_inclusive('\n') {
            let span = start..start + line.trim_end().len();
            start += line.len();
            if line.starts_with('#') {
                continue;
            }
            if let Err(wrong) = self.line(line.trim_end_matches(['\n', '\r'])) {
                findings.push(Finding::error(Code::CatalogueForm, wrong).at(Place { file: file.clone(), span }));
            }
        }
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, standard, edition, title, identifier] = fields.as_slice() else {
            return Err(format!("a requirement has five fields, divided by tabs, not {}", fields.len()));
        };
        if fields.iter().any(|field| field.trim().is_empty()) {
            return Err("a field of a requirement is empty; `-` stands for nothing".to_owned());
        }
        if !self.standards.iter().any(|known| known.id == *standard) {
            return Err(format!("there is no standard `{standard}`: {}", self.standard_ids().join(", ")));
        }
        let requirement = Requirement {
            id: (*id).to_owned(),
            standard: (*standard).to_owned(),
            edition: (*edition).to_owned(),
            title: (*title).to_owned(),
            identifier: (*identifier != "-").then(|| (*identifier).to_owned()),
        };
        if self.known.contains_key(&requirement.id) {
            return Err(format!("the requirement `{id}` stands there twice"));
        }
        self.known.insert(requirement.id.clone(), requirement);
        Ok(())
    }

    fn standard_ids(&self) -> Vec<&str> {
        self.standards.iter().map(|standard| standard.id.as_str()).collect()
    }

    /// The standards, in the order of the papers.
    pub fn standards(&self) -> &[Standard] {
        &self.standards
    }

    /// The standard with this word.
    pub fn standard(&self, id: &str) -> Option<&Standard> {
        self.standards.iter().find(|standard| standard.id == id)
    }

    /// All requirements in the order of their names.
    pub fn all(&self) -> impl Iterator<Item = &Requirement> {
        self.known.values()
    }

    /// The requirement that is cited; a paragraph (`M 2.454 §8a`) is part of its requirement.
    pub fn find(&self, citation: &str) -> Option<&Requirement> {
        self.known.get(citation.split(" §").next().unwrap_or(citation))
    }

    /// The requirement that a decision's `references` name below a standard.
    pub fn of_standard(&self, standard: &str, number: &str) -> Option<&Requirement> {
        let before = &self.standard(standard)?.before;
        self.find(&format!("{before}{number}")).filter(|found| found.standard == standard)
    }

    /// The requirement without what stands before its number, as `references` of a decision name it.
    pub fn number<'a>(&self, requirement: &'a Requirement) -> &'a str {
        let before = self.standard(&requirement.standard).map_or("", |standard| &standard.before);
        requirement.id.strip_prefix(before).unwrap_or(&requirement.id)
    }

    /// The expressions by which a citation of a standard is known.
    pub(super) fn forms(&self) -> Forms {
        let forms: Vec<String> =
            self.standards.iter().filter_map(|standard| standard.form.as_ref()).map(|form| format!("(?:{form})")).collect();
        let form = (!forms.is_empty()).then(|| Regex::new(&format!("^(?:{})$", forms.join("|"))).ok()).flatten();
        Forms { form, free: RefCell::default() }
    }

    /// A requirement that is not in the list, with the nearest that is.
    fn unknown(&self, citation: &str, document: &Document, node: &Node) -> Finding {
        let finding = Finding::error(Code::CatalogueRequirement, format!("no list of requirements has `{citation}`"))
            .at(document.place(node.span));
        match nearest(citation, self.known.keys().map(String::as_str)) {
            Some(near) => finding.help(format!("did you mean `{near}`? Its title is: {}", self.known[&near].title)),
            None => finding.help("the lists are `lists/requirements*.tsv`; an organisation can lay one of its own beside them"),
        }
    }
}

/// Tells what has the form of a citation.
pub(super) struct Forms {
    form: Option<Regex>,
    /// What was asked and has not: rules name the same sources again and again.
    free: RefCell<BTreeSet<String>>,
}

impl Forms {
    fn fit(&self, citation: &str) -> bool {
        let Some(form) = self.form.as_ref().filter(|_| !self.free.borrow().contains(citation)) else { return false };
        let fits = form.is_match(citation.split(" §").next().unwrap_or(citation));
        if !fits {
            self.free.borrow_mut().insert(citation.to_owned());
        }
        fits
    }
}

/// What citations are held against.
#[derive(Clone, Copy)]
pub(super) struct Citations<'a> {
    pub(super) requirements: &'a Requirements,
    pub(super) forms: &'a Forms,
}

impl Citations<'_> {
    /// The list `references` of a check, raise or preset: requirements only.
    pub(super) fn references(&self, map: &mut MapReader<'_>, document: &Document, findings: &mut Vec<Finding>) -> Vec<String> {
        self.listed(map, "references", document, findings, |_| true)
    }

    /// The list `cite` of a rule: requirements, and sources of other kinds.
    pub(super) fn cite(&self, map: &mut MapReader<'_>, document: &Document, findings: &mut Vec<Finding>) -> Vec<String> {
        self.listed(map, "cite", document, findings, |text| self.forms.fit(text))
    }

    fn listed(
        &self,
        map: &mut MapReader<'_>,
        key: &'static str,
        document: &Document,
        findings: &mut Vec<Finding>,
        counts: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        let Some(node) = map.take(key) else { return Vec::new() };
        for item in node.items().unwrap_or_default() {
            let Some(citation) = item.text() else { continue };
            if self.requirements.find(citation).is_none() && counts(citation) {
                findings.push(self.requirements.unknown(citation, document, item));
            }
        }
        texts(document, node, findings)
    }

    /// The map `references` of a decision, by standard.
    pub(super) fn by_standard(
        &self,
        document: &Document,
        node: &Node,
        findings: &mut Vec<Finding>,
    ) -> BTreeMap<String, Vec<String>> {
        let mut references = BTreeMap::new();
        for entry in node.entries().unwrap_or_default() {
            let Some(standard) = self.requirements.standard(&entry.key) else {
                let known = self.requirements.standard_ids();
                let finding = Finding::error(Code::CatalogueReference, format!("there is no standard `{}`", entry.key))
                    .at(document.place(entry.key_span));
                findings.push(match nearest(&entry.key, known.iter().copied()) {
                    Some(near) => finding.help(format!("did you mean `{near}`?")),
                    None => finding.help(format!("the standards are {}", known.join(", "))),
                });
                continue;
            };
            for item in entry.value.items().unwrap_or_default() {
                let Some(number) = item.text() else { continue };
                let citation = format!("{}{number}", standard.before);
                match self.requirements.find(&citation) {
                    None => findings.push(self.requirements.unknown(&citation, document, item)),
                    Some(other) if other.standard != standard.id => {
                        let message = format!("`{citation}` belongs to the standard `{}`", other.standard);
                        findings.push(Finding::error(Code::CatalogueRequirement, message).at(document.place(item.span)));
                    }
                    Some(_) => {}
                }
            }
            references.insert(entry.key.to_string(), texts(document, &entry.value, findings));
        }
        references
    }
}

fn standard(document: &Document, node: &Node, findings: &mut Vec<Finding>) -> Option<Standard> {
    let mut map = MapReader::new(document, node, findings)?;
    let id = map.require_text("standard", findings);
    let name = map.require_text("name", findings);
    let before = map.take_text("before", findings).unwrap_or_default();
    let form_node = map.take("form");
    if let Some(node) = form_node
        && node.text().is_none_or(|text| Regex::new(text).is_err())
    {
        findings.push(form(document, node, "`form` is a regular expression"));
    }
    map.finish(findings);
    Some(Standard { id: id?, name: name?, before, form: form_node.and_then(Node::text).map(str::to_owned) })
}
