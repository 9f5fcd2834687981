//! Short lists of the content: clients, raises, presets, addressees, hosts, and where a person's values come from: how device
//! managements spell them, and which clients ask the environment.

use std::collections::BTreeMap;

use super::condition::{Comparison, Condition, Test};
use super::context::Context;
use super::reader::{MapReader, form, reference, text, value};
use super::rule::RulePlace;
use super::template::Template;
use crate::diag::Finding;
use crate::source::{Document, Node};
use crate::value::Value;

/// A program that is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The id in the catalogue.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// When a role has it.
    pub when: Condition,
    /// The folders of its artifacts below the role's.
    pub artifacts: Vec<String>,
    /// What the admin does with them.
    pub next: String,
}

impl Client {
    /// Whether it is a program that a plan permits, and not the computer.
    pub fn is_program(&self) -> bool {
        self.when.asks("clients", |test| matches!(test, Test::Has(_)))
    }
}

/// A default that a protection need raises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise {
    /// The decision.
    pub key: String,
    /// To what.
    pub to: RaiseTo,
    /// When.
    pub when: Condition,
    /// Why, in one sentence.
    pub because: String,
    /// The requirements behind it.
    pub references: Vec<String>,
    /// Where it stands.
    pub place: RulePlace,
}

/// What a default is raised to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RaiseTo {
    /// This answer, unless the default is stronger.
    Answer(Value),
    /// A number that compares so.
    Number(Comparison, i64),
    /// Without this word.
    Without(String),
}

/// A default of a level that differs from the standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresetDefault {
    /// The decision.
    pub key: String,
    /// The default at this level.
    pub default: Value,
    /// Why, in one sentence.
    pub because: String,
    /// The requirements behind it.
    pub references: Vec<String>,
}

/// Who can be given a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// The id in the catalogue.
    pub id: String,
    /// The name for people.
    pub name: String,
}

/// How one device management spells what it knows of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MdmSpelling {
    /// The spelling of each of `email`, `name`, `full_name` that it has.
    pub user: BTreeMap<String, String>,
    /// Whether the spelling is confirmed for profiles of macOS.
    pub confirmed: bool,
    /// Whether no device management fills in profiles, so that the person is asked when one is installed by hand.
    pub by_hand: bool,
    /// Where it was read.
    pub source: String,
}

/// How one client learns from its environment who uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The variables that hold the sign-in name; the first that is set counts.
    pub name: Vec<String>,
    /// What the mail address is made of.
    pub email: Option<Template>,
    /// The variables that hold the full name, where there are such.
    pub full_name: Vec<String>,
    /// Where it was read or measured.
    pub source: String,
}

pub(super) fn items<'a>(document: &'a Document, findings: &mut Vec<Finding>) -> &'a [Node] {
    document.root.items().unwrap_or_else(|| {
        findings.push(form(document, &document.root, "this file is a list"));
        &[]
    })
}

/// Reads the id of a client, before its condition can be read.
pub(super) fn client_id(document: &Document, findings: &mut Vec<Finding>) -> Option<String> {
    let node = document.root.get("client");
    if node.is_none() {
        findings.push(form(document, &document.root, "the key `client` is missing"));
    }
    text(document, node?, findings)
}

/// Reads a client.
pub(super) fn client(context: Context<'_>, findings: &mut Vec<Finding>) -> Option<Client> {
    let document = context.document;
    let mut map = MapReader::new(document, &document.root, findings)?;
    let id = map.require_text("client", findings);
    let name = map.require_text("name", findings);
    let when = map.require("when", findings).and_then(|node| context.condition(node, findings));
    let artifacts = map.take("artifacts").map(|node| match node.text() {
        Some(folder) => vec![folder.to_owned()],
        None => super::reader::texts(document, node, findings),
    });
    let next = map.require_text("next", findings);
    map.finish(findings);
    Some(Client { id: id?, name: name?, when: when?, artifacts: artifacts.unwrap_or_default(), next: next? })
}

/// Reads the raises.
pub(super) fn raises(context: Context<'_>, findings: &mut Vec<Finding>) -> Vec<Raise> {
    items(context.document, findings).iter().filter_map(|item| raise(context, item, findings)).collect()
}

fn raise(context: Context<'_>, node: &Node, findings: &mut Vec<Finding>) -> Option<Raise> {
    let document = context.document;
    let mut map = MapReader::new(document, node, findings)?;
    let key = map.require_text("raise", findings);
    let to = map.require("to", findings).and_then(|node| {
        let Some([entry]) = node.entries() else { return value(document, node, findings).map(RaiseTo::Answer) };
        match (entry.key.as_ref(), entry.value.number(), entry.value.text()) {
            ("at_least", Some(number), _) => Some(RaiseTo::Number(Comparison::AtLeast, number)),
            ("at_most", Some(number), _) => Some(RaiseTo::Number(Comparison::AtMost, number)),
            ("without", _, Some(word)) => Some(RaiseTo::Without(word.to_owned())),
            _ => {
                findings.push(form(
                    document,
                    node,
                    "`to` is an answer, `{ at_least: n }`, `{ at_most: n }` or `{ without: word }`",
                ));
                None
            }
        }
    });
    let when = map.require("when", findings).and_then(|node| context.condition(node, findings));
    let because = map.require_text("because", findings);
    let references = context.citations.references(&mut map, document, findings);
    map.finish(findings);
    let key = known(context, node, key?, findings)?;
    Some(Raise { key, to: to?, when: when?, because: because?, references, place: context.rule_place(node) })
}

fn known(context: Context<'_>, node: &Node, key: String, findings: &mut Vec<Finding>) -> Option<String> {
    if context.keys.get(&key).is_none() {
        findings.push(reference(context.document, node, format!("there is no decision `{key}`")));
        return None;
    }
    Some(key)
}

/// Reads the defaults of a level.
pub(super) fn preset(context: Context<'_>, findings: &mut Vec<Finding>) -> Vec<PresetDefault> {
    let read = |node: &Node, findings: &mut Vec<Finding>| {
        let mut map = MapReader::new(context.document, node, findings)?;
        let key = map.require_text("decision", findings);
        let node_of_default = map.require("default", findings);
        let default = node_of_default.and_then(|node| value(context.document, node, findings));
        let because = map.require_text("because", findings);
        let references = context.citations.references(&mut map, context.document, findings);
        map.finish(findings);
        let key = known(context, node, key?, findings)?;
        let shape = context.keys.find(&key).and_then(|subject| subject.shape);
        if let (Some(shape), Some(node)) = (shape, node_of_default) {
            context.default(shape, node, findings);
        }
        Some(PresetDefault { key, default: default?, because: because?, references })
    };
    items(context.document, findings).iter().filter_map(|item| read(item, findings)).collect()
}

/// Reads the addressees.
pub(super) fn addressees(document: &Document, findings: &mut Vec<Finding>) -> Vec<Addressee> {
    let read = |node: &Node, findings: &mut Vec<Finding>| {
        let mut map = MapReader::new(document, node, findings)?;
        let id = map.require_text("addressee", findings);
        let name = map.require_text("name", findings);
        map.finish(findings);
        Some(Addressee { id: id?, name: name? })
    };
    items(document, findings).iter().filter_map(|item| read(item, findings)).collect()
}

/// Reads the hosts of a list; each entry says besides whose it is.
pub(super) fn hosts(document: &Document, findings: &mut Vec<Finding>) -> Vec<String> {
    let read = |node: &Node, findings: &mut Vec<Finding>| {
        let mut map = MapReader::new(document, node, findings)?;
        let host = map.require_text("host", findings);
        map.require_text("provider", findings);
        map.take_text("note", findings);
        map.finish(findings);
        host
    };
    items(document, findings).iter().filter_map(|item| read(item, findings)).collect()
}

/// Reads how device managements spell a person's values.
pub(super) fn mdm_spellings(document: &Document, findings: &mut Vec<Finding>) -> BTreeMap<String, MdmSpelling> {
    let read = |node: &Node, findings: &mut Vec<Finding>| {
        let mut map = MapReader::new(document, node, findings)?;
        let mdm = map.require_text("mdm", findings);
        let mut user = BTreeMap::new();
        for part in ["email", "name", "full_name"] {
            if let Some(spelling) = map.take_text(part, findings) {
                user.insert(part.to_owned(), spelling);
            }
        }
        let confirmed = map.take("confirmed").and_then(Node::flag).unwrap_or(false);
        let by_hand = map.take("by_hand").and_then(Node::flag).unwrap_or(false);
        let source = map.require_text("source", findings);
        map.finish(findings);
        Some((mdm?, MdmSpelling { user, confirmed, by_hand, source: source? }))
    };
    items(document, findings).iter().filter_map(|item| read(item, findings)).collect()
}

/// Reads lists of hosts that stand in one file, each with its name.
pub(super) fn named_hosts(document: &Document, findings: &mut Vec<Finding>) -> BTreeMap<String, Vec<String>> {
    let read = |node: &Node, findings: &mut Vec<Finding>| {
        let mut map = MapReader::new(document, node, findings)?;
        let name = map.require_text("hosts", findings);
        let domains = map.take_texts("domains", findings);
        let source = map.require_text("source", findings);
        map.finish(findings);
        if domains.is_empty() {
            findings.push(form(document, node, "`domains` names at least one"));
        }
        source.and(name).map(|name| (name, domains))
    };
    items(document, findings).iter().filter_map(|item| read(item, findings)).collect()
}

/// Reads which clients ask the environment.
pub(super) fn environments(
    context: Context<'_>,
    clients: &[String],
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, Environment> {
    let document = context.document;
    let read = |node: &Node, findings: &mut Vec<Finding>| {
        let mut map = MapReader::new(document, node, findings)?;
        let client = map.require_text("client", findings)?;
        if !clients.contains(&client) {
            findings.push(reference(document, node, format!("there is no client `{client}`")));
        }
        let name = map.take_texts("name", findings);
        let is_variable = |name: &String| {
            !name.is_empty()
                && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
                && !name.starts_with(|c: char| c.is_ascii_digit())
        };
        let full_name = map.take_texts("full_name", findings);
        if name.is_empty() || !name.iter().chain(&full_name).all(is_variable) {
            findings.push(form(document, node, "`name` and `full_name` are lists of variables: letters, digits and `_`"));
        }
        let email = map.take("email").and_then(|node| context.template(node, &[], findings));
        let source = map.require_text("source", findings);
        map.finish(findings);
        Some((client, Environment { name, email, full_name, source: source? }))
    };
    items(document, findings).iter().filter_map(|item| read(item, findings)).collect()
}

/// Lays the lines of an example over a plan: keys of the example replace, blocks of the first level unite.
///
/// Only examples use this; their places are those of neither file.
///
/// # Panics
/// When `plan` is not valid YAML: it is content that the tests hold.
pub fn laid_over(plan: &[u8], example: &Node) -> Document {
    let (document, _) = crate::source::parse("minimal.yaml", plan, crate::source::Limits::default());
    let mut document = document.expect("the minimal plan of the content is valid YAML");
    let crate::source::Kind::Map(entries) = &mut document.root.kind else { return document };
    let zero = crate::source::Span { start: 0, end: 0 };
    for entry in example.entries().unwrap_or_default() {
        let mut entry = entry.clone();
        at(&mut entry.value, zero);
        entry.key_span = zero;
        match entries.iter_mut().find(|known| known.key == entry.key) {
            Some(known) => *known = entry,
            None => entries.push(entry),
        }
    }
    document
}

fn at(node: &mut Node, span: crate::source::Span) {
    node.span = span;
    match &mut node.kind {
        crate::source::Kind::List(items) => items.iter_mut().for_each(|item| at(item, span)),
        crate::source::Kind::Map(entries) => entries.iter_mut().for_each(|entry| {
            entry.key_span = span;
            at(&mut entry.value, span);
        }),
        _ => {}
    }
}
