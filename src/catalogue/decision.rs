//! A decision: one question of the planning document with its answers, and what they set.

use std::collections::BTreeMap;

use super::context::Context;
use super::keys::Known;
use super::reader::{MapReader, form, reference, text, texts, value};
use super::requirement::Citations;
use super::rule::{DutyRule, GapRule, RulePlace, SettingRule};
use super::shape::{self, Shape, Silence};
use crate::diag::{Code, Finding};
use crate::source::{Document, Node};
use crate::value::Value;
use crate::vendor::nearest;

/// Whether a role may answer differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleFreedom {
    /// It may.
    Free,
    /// Only with a stronger answer.
    Tighten,
    /// It may not.
    Never,
}

/// A plan and what the decision must set under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What is laid over the minimal plan.
    pub plan: Node,
    /// For each client named, exactly the settings that come from the decision, with their values as rules write them.
    pub sets: BTreeMap<String, BTreeMap<String, Value>>,
    /// For each addressee named, that a duty exists.
    pub duties: Vec<String>,
    /// Where it stands.
    pub place: RulePlace,
}

/// One decision of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The key in the plan; a part in angle brackets stands for a name of the plan's own.
    pub key: String,
    /// The place in the order of the planning document.
    pub number: i64,
    /// The question.
    pub question: String,
    /// The paragraphs of M 2.454 that ask it.
    pub asked: Vec<String>,
    /// The shape of its answer.
    pub shape: Shape,
    /// The answers, weakest first, where they have an order.
    pub strength: Vec<String>,
    /// What silence means.
    pub silence: Silence,
    /// Whether a role may differ.
    pub roles: RoleFreedom,
    /// Who decides, by the abbreviations of the catalogue.
    pub decides: Vec<String>,
    /// Requirements it serves, by the name of the standard.
    pub references: BTreeMap<String, Vec<String>>,
    /// What it sets, by client.
    pub settings: BTreeMap<String, Vec<SettingRule>>,
    /// What a client cannot do.
    pub gaps: BTreeMap<String, Vec<GapRule>>,
    /// Clients that it does not concern, with the reason.
    pub does_not_apply: BTreeMap<String, String>,
    /// What people and servers must do.
    pub duties: Vec<DutyRule>,
    /// Examples, run as tests.
    pub examples: Vec<Example>,
    /// Where it stands.
    pub place: RulePlace,
}

impl Decision {
    /// What conditions and references can name of it.
    pub(super) fn known(&self) -> Known<'_> {
        Known { key: &self.key, shape: &self.shape, strength: &self.strength, silence: &self.silence }
    }
}

/// Reads what a decision asks, without its rules: those can name other decisions and are read once all are known.
pub(super) fn head(document: &Document, citations: Citations<'_>, findings: &mut Vec<Finding>) -> Option<Decision> {
    let mut map = MapReader::new(document, &document.root, findings)?;
    let key = map.require("decision", findings).and_then(|node| key(document, node, findings));
    let number = map.require("number", findings).and_then(|node| {
        let number = node.number();
        if number.is_none() {
            findings.push(form(document, node, "`number` is a whole number"));
        }
        number
    });
    let question = map.require_text("question", findings);
    let asked = map.take_texts("asked", findings);
    let shape = shape::read(&mut map, document, findings);
    let strength = map.take("strength").map(|node| (texts(document, node, findings), node));
    let silence = silence(&mut map, document, findings);
    let roles = match map.take_text("roles", findings).as_deref() {
        None | Some("free") => RoleFreedom::Free,
        Some("tighten") => RoleFreedom::Tighten,
        Some("never") => RoleFreedom::Never,
        Some(other) => {
            findings.push(form(document, &document.root, format!("`roles` is `free`, `tighten` or `never`, not `{other}`")));
            return None;
        }
    };
    let decides = map.take_texts("decides", findings);
    let references = map.take("references").map(|node| citations.by_standard(document, node, findings)).unwrap_or_default();
    for rules in ["settings", "gaps", "does_not_apply", "duties", "examples"] {
        map.take(rules);
    }
    map.finish(findings);

    let (key, shape) = (key?, shape?);
    if let (Some((words, node)), Some(answers)) = (&strength, shape.answers()) {
        let mut ordered: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut known: Vec<&str> = answers.iter().map(|answer| answer.word.as_str()).collect();
        ordered.sort_unstable();
        known.sort_unstable();
        if ordered != known {
            findings.push(reference(document, node, "`strength` names each answer once, weakest first"));
        }
    }
    let strength = strength.map(|(words, _)| words).unwrap_or_default();
    let place = RulePlace { file: document.file.name.clone(), line: 1 };
    Some(Decision {
        key,
        number: number?,
        question: question?,
        asked,
        shape,
        strength,
        silence: silence?,
        roles,
        decides,
        references,
        settings: BTreeMap::new(),
        gaps: BTreeMap::new(),
        does_not_apply: BTreeMap::new(),
        duties: Vec::new(),
        examples: Vec::new(),
        place,
    })
}

/// The key: words of small letters, digits and `_`, divided by dots; one part may stand for a name of the plan's own.
fn key(document: &Document, node: &Node, findings: &mut Vec<Finding>) -> Option<String> {
    let key = text(document, node, findings)?;
    let word = |part: &str| {
        let plain = part.strip_prefix('<').and_then(|part| part.strip_suffix('>')).unwrap_or(part);
        plain.starts_with(|first: char| first.is_ascii_lowercase())
            && plain.chars().all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_')
    };
    if key.split('.').all(word) {
        return Some(key);
    }
    let help = "a key is made of words of a-z, 0-9 and `_`, with dots between, such as `house.printers`";
    findings.push(form(document, node, format!("`{key}` cannot be a key of the plan")).help(help));
    None
}

fn silence(map: &mut MapReader<'_>, document: &Document, findings: &mut Vec<Finding>) -> Option<Silence> {
    let required = map.take("required").and_then(Node::flag).unwrap_or(false);
    match (required, map.take("default")) {
        (true, None) => Some(Silence::Required),
        (false, Some(node)) if node.kind == crate::source::Kind::Nothing => Some(Silence::Unanswered),
        (false, Some(node)) => value(document, node, findings).map(Silence::Answer),
        _ => {
            findings.push(form(document, &document.root, "a decision has `default` (`~` for none) or `required: true`"));
            None
        }
    }
}

/// The rules of a decision.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) settings: BTreeMap<String, Vec<SettingRule>>,
    pub(super) gaps: BTreeMap<String, Vec<GapRule>>,
    pub(super) does_not_apply: BTreeMap<String, String>,
    pub(super) duties: Vec<DutyRule>,
    pub(super) examples: Vec<Example>,
}

impl Rules {
    /// Adds rules of the same decision that stand in another file.
    pub(super) fn add(&mut self, more: Self) {
        for (client, settings) in more.settings {
            self.settings.entry(client).or_default().extend(settings);
        }
        for (client, gaps) in more.gaps {
            self.gaps.entry(client).or_default().extend(gaps);
        }
        self.duties.extend(more.duties);
        self.examples.extend(more.examples);
    }
}

/// Below `does_not_apply`: every client that has no reason of its own.
const EVERY_CLIENT: &str = "all";

/// Reads the rules of a decision whose head was read.
pub(super) fn rules(context: Context<'_>, decision: &Decision, clients: &[String], findings: &mut Vec<Finding>) -> Rules {
    let document = context.document;
    let root = &document.root;
    let mut rules = Rules::default();
    let known = |entry: &crate::source::Entry, findings: &mut Vec<Finding>| {
        let known = clients.iter().any(|client| *client == entry.key);
        if !known {
            let help = nearest(&entry.key, clients.iter().map(String::as_str))
                .map_or_else(|| format!("there are {}", clients.join(", ")), |near| format!("did you mean `{near}`?"));
            let message = format!("there is no client `{}`", entry.key);
            findings.push(Finding::error(Code::CatalogueReference, message).at(document.place(entry.key_span)).help(help));
        }
        known
    };
    if let Some(node) = root.get("default").filter(|node| node.kind != crate::source::Kind::Nothing) {
        context.default(&decision.shape, node, findings);
    }
    for entry in root.get("settings").and_then(Node::entries).unwrap_or_default() {
        if !known(entry, findings) {
            continue;
        }
        let Some(settings) = entry.value.entries() else {
            findings.push(form(document, &entry.value, "a map from the vendor's names to rules belongs here"));
            continue;
        };
        let settings =
            settings.iter().filter_map(|setting| context.setting(setting, &decision.key, &decision.shape, findings)).collect();
        rules.settings.insert(entry.key.to_string(), settings);
    }
    for entry in root.get("gaps").and_then(Node::entries).unwrap_or_default() {
        if known(entry, findings) {
            let gaps = match entry.value.items() {
                Some(items) => items.iter().filter_map(|item| context.gap(item, findings)).collect(),
                None => context.gap(&entry.value, findings).into_iter().collect(),
            };
            rules.gaps.insert(entry.key.to_string(), gaps);
        }
    }
    let mut for_every_client = None;
    for entry in root.get("does_not_apply").and_then(Node::entries).unwrap_or_default() {
        if entry.key == EVERY_CLIENT {
            for_every_client = text(document, &entry.value, findings);
        } else if known(entry, findings)
            && let Some(reason) = text(document, &entry.value, findings)
        {
            rules.does_not_apply.insert(entry.key.to_string(), reason);
        }
    }
    if let Some(reason) = for_every_client {
        for client in clients {
            rules.does_not_apply.entry(client.clone()).or_insert_with(|| reason.clone());
        }
    }
    let items = |key| root.get(key).and_then(Node::items).unwrap_or_default();
    rules.duties = items("duties").iter().filter_map(|item| context.duty(item, findings)).collect();
    rules.examples = items("examples").iter().filter_map(|item| example(context, item, findings)).collect();
    rules
}

/// Whether a document adds to a decision that another file holds.
pub(super) fn is_addition(document: &Document) -> bool {
    document.root.get(ADDS_TO).is_some()
}

/// The key by which an addition names its decision.
const ADDS_TO: &str = "adds_to";

/// Adds settings, duties and examples to a decision of another file; what that file says stays as it is.
pub(super) fn add(
    context: Context<'_>,
    heads: &[Decision],
    clients: &[String],
    rules: &mut [Rules],
    findings: &mut Vec<Finding>,
) -> Option<()> {
    let document = context.document;
    let mut map = MapReader::new(document, &document.root, findings)?;
    let node = map.require(ADDS_TO, findings)?;
    let key = text(document, node, findings)?;
    for part in ["settings", "duties", "examples"] {
        map.take(part);
    }
    map.finish(findings);
    let Some(index) = heads.iter().position(|head| head.key == key) else {
        let finding = reference(document, node, format!("there is no decision `{key}` to add to"));
        let near = nearest(&key, heads.iter().map(|head| head.key.as_str()));
        let help = near
            .map_or_else(|| "`groundplan list decisions` names them all".to_owned(), |near| format!("did you mean `{near}`?"));
        findings.push(finding.help(help));
        return None;
    };
    let added = self::rules(context, &heads[index], clients, findings);
    let known = &mut rules[index];
    for (client, settings) in added.settings {
        let before = known.settings.entry(client.clone()).or_default();
        for rule in settings {
            if let Some(first) = before.iter().find(|first| first.name == rule.name) {
                let message = format!("`{key}` sets `{}` already", rule.name);
                let help = format!(
                    "the rule is {}:{}; a file `{}` of yours would replace the whole decision",
                    first.place.file, first.place.line, heads[index].place.file
                );
                let entries = document.root.get("settings").and_then(|node| node.get(&client)?.entries()).unwrap_or_default();
                let span = entries.iter().find(|entry| entry.key == rule.name).map_or(document.root.span, |entry| entry.key_span);
                findings.push(Finding::error(Code::CatalogueDuplicate, message).at(document.place(span)).help(help));
            } else {
                before.push(rule);
            }
        }
        if known.does_not_apply.contains_key(&client) && !known.settings[&client].is_empty() {
            known.does_not_apply.remove(&client);
        }
    }
    known.duties.extend(added.duties);
    known.examples.extend(added.examples);
    Some(())
}

fn example(context: Context<'_>, node: &Node, findings: &mut Vec<Finding>) -> Option<Example> {
    let document = context.document;
    let mut map = MapReader::new(document, node, findings)?;
    let plan = map.require("plan", findings).cloned();
    let mut sets = BTreeMap::new();
    for client in map.take("sets").and_then(Node::entries).unwrap_or_default() {
        let mut values = BTreeMap::new();
        for entry in client.value.entries().unwrap_or_default() {
            if let Some(value) = value(document, &entry.value, findings) {
                values.insert(entry.key.to_string(), value);
            }
        }
        sets.insert(client.key.to_string(), values);
    }
    let duties = map.take_texts("duties", findings);
    map.finish(findings);
    Some(Example { plan: plan?, sets, duties, place: context.rule_place(node) })
}
