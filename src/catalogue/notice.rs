//! The notices: what people are told, in every language, line by line and by decision.
//!
//! In: `notices/page.yaml`, `notices/silent.yaml` and the files of `notices/sections/`. Out: [`Notices`]. A line stands in
//! all languages side by side, so that none can lack it, and holds under a condition like every other rule. Its text is a
//! template; what it may name is checked where it is filled in, `emit/notices`.

use std::collections::BTreeMap;

use super::condition::Condition;
use super::context::Context;
use super::reader::{MapReader, form, reference, text};
use super::rule::RulePlace;
use crate::diag::Finding;
use crate::source::{Document, Node};

/// The languages in which notices are written.
pub const LANGUAGES: [&str; 2] = ["de", "en"];

/// One text in every language.
pub type Texts = BTreeMap<String, String>;

/// One line of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeLine {
    /// The decision of which people are told.
    pub decision: String,
    /// When; always, when there is no condition.
    pub when: Option<Condition>,
    /// What they are told.
    pub texts: Texts,
    /// Where it stands.
    pub place: RulePlace,
}

/// Lines under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeSection {
    /// The id.
    pub id: String,
    /// The heading.
    pub title: Texts,
    /// What holds.
    pub lines: Vec<NoticeLine>,
    /// What people see to themselves where a client leaves it to them.
    pub yourself: Vec<NoticeLine>,
}

/// Everything that notices are made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    /// The texts of the page by their path, such as `labels.for`.
    pub page: BTreeMap<String, Texts>,
    /// The sections in the order of the page.
    pub sections: Vec<NoticeSection>,
    /// Decisions of which people are told nothing, with the reason.
    pub silent: BTreeMap<String, String>,
}

/// The texts that a page cannot do without; those of programs and words are checked by tests.
const PAGE: [&str; 11] = [
    "title",
    "date",
    "intro",
    "unlocked",
    "yourself.title",
    "yourself.intro",
    "labels.for",
    "labels.everyone",
    "labels.decided_by",
    "labels.decided_on",
    "labels.review",
];

/// Reads the texts of the page.
pub(super) fn page(document: &Document, findings: &mut Vec<Finding>) -> BTreeMap<String, Texts> {
    let mut page = BTreeMap::new();
    collect(document, &document.root, "", &mut page, findings);
    for missing in PAGE.iter().filter(|path| !page.contains_key(**path)) {
        findings.push(form(document, &document.root, format!("the text `{missing}` is missing")));
    }
    page
}

fn collect(document: &Document, node: &Node, path: &str, page: &mut BTreeMap<String, Texts>, findings: &mut Vec<Finding>) {
    let Some(entries) = node.entries() else {
        findings.push(form(document, node, format!("a text in every language belongs here: {}", LANGUAGES.join(", "))));
        return;
    };
    if entries.iter().any(|entry| LANGUAGES.contains(&entry.key.as_ref())) {
        if let Some(mut map) = MapReader::new(document, node, findings) {
            page.insert(path.to_owned(), texts(&mut map, findings));
            map.finish(findings);
        }
        return;
    }
    for entry in entries {
        let path = if path.is_empty() { entry.key.to_string() } else { format!("{path}.{}", entry.key) };
        collect(document, &entry.value, &path, page, findings);
    }
}

fn texts(map: &mut MapReader<'_>, findings: &mut Vec<Finding>) -> Texts {
    let one = |language: &'static str| Some((language.to_owned(), map.require_text(language, findings)?));
    LANGUAGES.into_iter().filter_map(one).collect()
}

/// Reads one section.
pub(super) fn section(context: Context<'_>, findings: &mut Vec<Finding>) -> Option<NoticeSection> {
    let document = context.document;
    let mut map = MapReader::new(document, &document.root, findings)?;
    let id = map.require_text("section", findings);
    let title = map.require("title", findings).and_then(|node| {
        let mut map = MapReader::new(document, node, findings)?;
        let title = texts(&mut map, findings);
        map.finish(findings);
        Some(title)
    });
    let mut lines = |key| {
        let items = map.take(key).and_then(Node::items).unwrap_or_default();
        items.iter().filter_map(|item| line(context, item, findings)).collect()
    };
    let (lines, yourself) = (lines("lines"), lines("yourself"));
    map.finish(findings);
    Some(NoticeSection { id: id?, title: title?, lines, yourself })
}

fn line(context: Context<'_>, node: &Node, findings: &mut Vec<Finding>) -> Option<NoticeLine> {
    let mut map = MapReader::new(context.document, node, findings)?;
    let decision = map.require_text("decision", findings);
    let when = context.when(&mut map, findings);
    let texts = texts(&mut map, findings);
    map.finish(findings);
    let decision = decision?;
    if context.keys.get(&decision).is_none() {
        findings.push(reference(context.document, node, format!("there is no decision `{decision}`")));
    }
    Some(NoticeLine { decision, when, texts, place: context.rule_place(node) })
}

/// Reads the decisions of which people are told nothing.
pub(super) fn silent(context: Context<'_>, findings: &mut Vec<Finding>) -> BTreeMap<String, String> {
    let document = context.document;
    let mut silent = BTreeMap::new();
    for entry in document.root.entries().unwrap_or_default() {
        if context.keys.get(&entry.key).is_none() {
            findings.push(reference(document, &entry.value, format!("there is no decision `{}`", entry.key)));
        }
        if let Some(reason) = text(document, &entry.value, findings) {
            silent.insert(entry.key.to_string(), reason);
        }
    }
    silent
}
