//! Tree to plan: which decision each key answers, for everyone and for each role.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::value::Reader;
use super::{Acceptance, Decided, Given, Loosened, Origin, Plan, RoleAnswers, answers_of, causes_in_words};
use crate::catalogue::{Catalogue, Decision, RoleFreedom, Shape, Silence, split_placeholder};
use crate::diag::{Code, Finding};
use crate::source::{Document, Entry, Kind, Node};
use crate::value::Value;

/// More roles than this are refused.
const MOST_ROLES: usize = 10_000;

/// Reads a plan.
///
/// All findings come in one run. With errors among them the plan holds what could be read, so that checks can find more;
/// nothing may be generated from it.
pub fn read_plan(document: &Document, catalogue: &Catalogue) -> (Plan, Vec<Finding>) {
    let role_nodes = document.root.get("roles").and_then(Node::entries).unwrap_or_default();
    let roles: Vec<&str> = role_nodes.iter().map(|entry| entry.key.as_ref()).collect();
    let checks: Vec<&str> = catalogue.checks.iter().map(|check| check.name.as_str()).collect();
    let decisions: Vec<&str> = catalogue.decisions.iter().map(|decision| decision.key.as_str()).collect();
    let reader = Reader { document, roles: &roles, checks: &checks, decisions: &decisions, findings: Vec::new() };
    let mut answers = AnswerReader { reader, catalogue, blocks: Blocks::new(catalogue) };

    let mut plan = Plan {
        file: document.file.clone(),
        everyone: BTreeMap::new(),
        roles: BTreeMap::new(),
        loosened: BTreeMap::new(),
        because: BTreeMap::new(),
        accept: BTreeMap::new(),
        certificates: Arc::default(),
    };
    let Some(entries) = document.root.entries() else {
        answers.reader.report(
            Code::PlanWrongType,
            &document.root,
            format!("a plan is a map, not {}", document.root.kind_word()),
            "start with `organisation: …`".into(),
        );
        return (plan, answers.reader.findings);
    };
    plan.everyone = answers.map(entries, None);
    answers.required(&plan.everyone);
    plan.because = texts(&plan.everyone, "because");
    plan.accept = acceptances(document, &plan.everyone);

    if let Some(node) = document.root.get("roles") {
        if role_nodes.len() > MOST_ROLES {
            answers.reader.report(
                Code::PlanLimit,
                node,
                format!("the plan has {} roles, more than {MOST_ROLES}", role_nodes.len()),
                "people who differ in nothing share a role".into(),
            );
        } else if node.entries().is_none() {
            answers.reader.value("roles", &Shape::Roles, node);
        } else {
            // No default depends on the day, so that any will do.
            let everyone = answers_of(&plan, None, catalogue, Date::MIN);
            for entry in role_nodes {
                answers.role(entry, &everyone, &mut plan);
            }
        }
    }
    (plan, answers.reader.findings)
}

fn texts(answers: &BTreeMap<String, Decided>, key: &str) -> BTreeMap<String, String> {
    let map = answers.get(key).and_then(|decided| decided.value.as_map());
    map.into_iter().flatten().filter_map(|(name, value)| Some((name.clone(), value.as_text()?.to_owned()))).collect()
}

fn acceptances(document: &Document, answers: &BTreeMap<String, Decided>) -> BTreeMap<String, Acceptance> {
    let nodes = document.root.get("accept").and_then(Node::entries).unwrap_or_default();
    let accepted = answers.get("accept").and_then(|decided| decided.value.as_map());
    let acceptance = |(name, value): (&String, &Value)| {
        let text = |field| value.as_map()?.get(field)?.as_text();
        let entry = nodes.iter().find(|entry| entry.key == *name)?;
        let until = text("until")?.parse().ok()?;
        Some((
            name.clone(),
            Acceptance {
                reason: text("reason")?.to_owned(),
                by: text("by")?.to_owned(),
                until,
                place: document.place(entry.key_span),
            },
        ))
    };
    accepted.into_iter().flatten().filter_map(acceptance).collect()
}

/// What stands below each key of the first level.
struct Blocks<'a> {
    /// Decisions that are a key of the first level.
    whole: BTreeMap<&'a str, &'a Decision>,
    /// Decisions below a topic: `content` to `read_as`.
    topics: BTreeMap<&'a str, BTreeMap<&'a str, &'a Decision>>,
    /// Decisions below a free name: `information` to `channels`.
    families: BTreeMap<&'a str, BTreeMap<&'a str, &'a Decision>>,
}

impl<'a> Blocks<'a> {
    fn new(catalogue: &'a Catalogue) -> Self {
        let mut blocks = Self { whole: BTreeMap::new(), topics: BTreeMap::new(), families: BTreeMap::new() };
        for decision in &catalogue.decisions {
            if let Some((block, rest)) = split_placeholder(&decision.key) {
                blocks.families.entry(block).or_default().insert(rest, decision);
            } else if let Some((topic, rest)) = decision.key.split_once('.') {
                blocks.topics.entry(topic).or_default().insert(rest, decision);
            } else {
                blocks.whole.insert(&decision.key, decision);
            }
        }
        blocks
    }

    /// The keys of the first level, each with the paragraphs that ask it (of a block: that ask what stands in it).
    fn first_level(&self) -> Vec<(&'a str, String)> {
        let whole = self.whole.iter().map(|(key, decision)| (*key, decision.asked.join(", ")));
        let blocks = self.topics.iter().chain(&self.families).map(|(key, block)| {
            let asked: BTreeSet<&str> = block.values().flat_map(|decision| decision.asked.iter().map(String::as_str)).collect();
            (*key, asked.into_iter().collect::<Vec<_>>().join(", "))
        });
        whole.chain(blocks).collect()
    }
}

struct AnswerReader<'a> {
    reader: Reader<'a>,
    catalogue: &'a Catalogue,
    blocks: Blocks<'a>,
}

impl AnswerReader<'_> {
    /// Reads the entries of the plan or of a role.
    fn map(&mut self, entries: &[Entry], role: Option<&str>) -> BTreeMap<String, Decided> {
        let mut answers = BTreeMap::new();
        for entry in entries {
            let key = entry.key.as_ref();
            if let Some(&decision) = self.blocks.whole.get(key) {
                self.answer(key, decision, entry, role, &mut answers);
            } else if let Some(topic) = self.blocks.topics.get(key).cloned() {
                self.block(key, &topic, entry, role, &mut answers);
            } else if let Some(family) = self.blocks.families.get(key).cloned() {
                if family.contains_key("") {
                    if role.is_some() {
                        self.role_may_not(entry, key);
                    }
                    continue;
                }
                let Some(names) = entry.value.entries() else {
                    self.reader.report(
                        Code::PlanWrongType,
                        &entry.value,
                        format!("`{key}` is a map from names to answers, not {}", entry.value.kind_word()),
                        format!("write `{key}: {{ some-name: {{ … }} }}`"),
                    );
                    continue;
                };
                for name in names {
                    if self.reader.own_name(&name.key, &Node { span: name.key_span, kind: Kind::Nothing }) {
                        self.block(&format!("{key}.{}", name.key), &family, name, role, &mut answers);
                    }
                }
            } else {
                let otherwise = self.elsewhere(key);
                self.reader.unknown_key("", entry, &self.blocks.first_level(), &otherwise);
            }
        }
        answers
    }

    /// Says where a key that is unknown at the first level is known.
    fn elsewhere(&self, key: &str) -> String {
        let place = self.blocks.topics.iter().find(|(_, topic)| topic.contains_key(key));
        place.map(|(topic, _)| format!("did you mean `{topic}.{key}`? It stands below `{topic}:`")).unwrap_or_default()
    }

    fn block(
        &mut self,
        prefix: &str,
        known: &BTreeMap<&str, &Decision>,
        entry: &Entry,
        role: Option<&str>,
        answers: &mut BTreeMap<String, Decided>,
    ) {
        let Some(entries) = entry.value.entries() else {
            let keys = known.keys().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            self.reader.report(
                Code::PlanWrongType,
                &entry.value,
                format!("`{prefix}` is a map with {keys}, not {}", entry.value.kind_word()),
                format!("write `{prefix}: {{ … }}`"),
            );
            return;
        };
        for entry in entries {
            if let Some(decision) = known.get(entry.key.as_ref()) {
                self.answer(&format!("{prefix}.{}", entry.key), decision, entry, role, answers);
            } else {
                let known: Vec<_> = known.iter().map(|(key, decision)| (*key, decision.asked.join(", "))).collect();
                self.reader.unknown_key(prefix, entry, &known, "");
            }
        }
    }

    fn answer(
        &mut self,
        key: &str,
        decision: &Decision,
        entry: &Entry,
        role: Option<&str>,
        answers: &mut BTreeMap<String, Decided>,
    ) {
        if role.is_some() && decision.roles == RoleFreedom::Never {
            self.role_may_not(entry, key);
            return;
        }
        if let Some(value) = self.reader.value(key, &decision.shape, &entry.value) {
            let place = self.reader.document.place(entry.value.span);
            answers.insert(key.to_owned(), Decided { value, place });
        }
    }

    fn role_may_not(&mut self, entry: &Entry, key: &str) {
        let node = Node { span: entry.key_span, kind: Kind::Nothing };
        self.reader.report(
            Code::PlanRole,
            &node,
            format!("`{key}` cannot differ for a role"),
            format!("decide `{key}` once, for the whole organisation"),
        );
    }

    /// What the plan must answer, for everyone; a list without an item answers nothing.
    fn required(&mut self, answers: &BTreeMap<String, Decided>) {
        let root = &self.reader.document.root;
        let start = Node { span: crate::source::Span { start: root.span.start, end: root.span.start }, kind: Kind::Nothing };
        for decision in self.catalogue.decisions.iter().filter(|decision| decision.silence == Silence::Required) {
            let (node, is) = match (answers.get(&decision.key), root.get(&decision.key)) {
                (None, None) => (&start, "missing"),
                (Some(Decided { value: Value::List(items), .. }), Some(node)) if items.is_empty() => (node, "empty"),
                _ => continue,
            };
            self.reader.report(
                Code::PlanMissing,
                node,
                format!("`{}` is {is}: {}", decision.key, decision.question),
                format!("{} `{}: …`, {}", if is == "empty" { "write" } else { "add" }, decision.key, decision.shape.describe()),
            );
        }
    }

    fn role(&mut self, entry: &Entry, everyone: &RoleAnswers, plan: &mut Plan) {
        let name = Node { span: entry.key_span, kind: Kind::Nothing };
        if !self.reader.own_name(&entry.key, &name) {
            return;
        }
        if entry.key == super::EVERYONE {
            self.reader.report(
                Code::PlanName,
                &name,
                format!("a role cannot be named `{}`", super::EVERYONE),
                "that name stands for the plan without a role".into(),
            );
            return;
        }
        let entries: &[Entry] = match (&entry.value.kind, entry.value.entries()) {
            (_, Some(entries)) => entries,
            (Kind::Nothing, _) => &[],
            _ => {
                self.reader.report(
                    Code::PlanWrongType,
                    &entry.value,
                    format!("the role `{}` is a map, not {}", entry.key, entry.value.kind_word()),
                    "write what differs for it, such as `{ workplace: mobile }`".into(),
                );
                return;
            }
        };
        let answers = self.map(entries, Some(&entry.key));
        let loosened: Vec<Loosened> =
            answers.iter().filter_map(|(key, decided)| self.loosened(key, decided, everyone, &entry.key)).collect();
        if !loosened.is_empty() {
            plan.loosened.insert(entry.key.to_string(), loosened);
        }
        plan.roles.insert(entry.key.to_string(), answers);
    }

    /// An answer of a role that loosens what it may only tighten (M 2.454 §8a: uniform), whether everyone's answer stands in
    /// the plan, is a level's default or was raised by a protection need.
    fn loosened(&self, key: &str, decided: &Decided, everyone: &RoleAnswers, role: &str) -> Option<Loosened> {
        let decision = self.catalogue.decision(key).filter(|decision| decision.roles == RoleFreedom::Tighten)?;
        let Given { value, origin } = everyone.answers.get(key)?;
        if super::strength::compare(decision, &decided.value, value) != Some(Ordering::Less) {
            return None;
        }
        let (everyone, default) = match origin {
            Origin::Plan { place, .. } => (Some(place.clone()), String::new()),
            Origin::Default => (None, ", the default".to_owned()),
            Origin::Preset { level, .. } => (None, format!(", the default of the level `{level}`")),
            Origin::Raised { causes, .. } => (None, format!(", the default since {}", causes_in_words(causes))),
        };
        let says = format!("`{key}` is `{}` in the role `{role}` and `{value}` for everyone{default}", decided.value);
        Some(Loosened { says, place: decided.place.clone(), everyone })
    }
}
