//! A check: a named contradiction between decisions.

use super::condition::Condition;
use super::context::Context;
use super::reader::{MapReader, form, reference};
use super::rule::RulePlace;
use crate::diag::{Finding, Level};
use crate::source::Node;

/// A named contradiction, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The name, as `accept` uses it.
    pub name: String,
    /// When, for each level; gravest first. The first that holds counts.
    pub levels: Vec<(Level, Condition)>,
    /// It is silent when this holds for everyone or for any role.
    pub unless_anyone: Option<Condition>,
    /// Decisions (or fields) whose place in the plan is shown; the first that the plan holds.
    pub points_at: Vec<String>,
    /// What is wrong, in the words of the planning document.
    pub says: String,
    /// The ways out.
    pub help: String,
    /// The requirements behind it.
    pub references: Vec<String>,
    /// A plan, laid over the minimal one, that raises it.
    pub raised: Node,
    /// One beside it that does not.
    pub silent: Node,
    /// Where it stands.
    pub place: RulePlace,
}

/// Reads all checks of a file.
pub(super) fn checks(context: Context<'_>, findings: &mut Vec<Finding>) -> Vec<Check> {
    let Some(items) = context.document.root.items() else {
        findings.push(form(context.document, &context.document.root, "a file of checks is a list"));
        return Vec::new();
    };
    items.iter().filter_map(|item| check(context, item, findings)).collect()
}

fn check(context: Context<'_>, node: &Node, findings: &mut Vec<Finding>) -> Option<Check> {
    let document = context.document;
    let mut map = MapReader::new(document, node, findings)?;
    let name = map.require_text("check", findings);
    let mut levels = Vec::new();
    for entry in map.require("when", findings).and_then(Node::entries).unwrap_or_default() {
        let Some(level) = Level::from_word(&entry.key) else {
            findings.push(form(document, &entry.value, format!("there is no level `{}`: error, warning, duty, note", entry.key)));
            continue;
        };
        if let Some(condition) = context.condition(&entry.value, findings) {
            levels.push((level, condition));
        }
    }
    levels.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    let unless_anyone = map.take("unless_anyone").and_then(|node| context.condition(node, findings));
    let points_at = map.take_texts("points_at", findings);
    for key in &points_at {
        if context.keys.find(key).is_none() {
            findings.push(reference(document, node, format!("there is no decision `{key}` to point at")));
        }
    }
    let says = map.require_text("says", findings);
    let help = map.require_text("help", findings);
    let references = context.citations.references(&mut map, document, findings);
    let examples = map.require("examples", findings);
    let example = |key| examples.and_then(|node| node.get(key)).cloned();
    let (raised, silent) = (example("raised"), example("silent"));
    if raised.is_none() || silent.is_none() {
        findings.push(form(document, node, "a check has two examples, `raised` and `silent`"));
    }
    map.finish(findings);
    Some(Check {
        name: name?,
        levels,
        unless_anyone,
        points_at,
        says: says?,
        help: help?,
        references,
        raised: raised?,
        silent: silent?,
        place: context.rule_place(node),
    })
}
