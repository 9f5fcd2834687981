//! Rules: what an answer sets on a client, what no client can do, and who must do it instead.

use super::condition::{Condition, Test};
use super::context::Context;
use super::reader::{MapReader, form, reference};
use super::shape::Shape;
use super::template::Template;
use crate::diag::Finding;
use crate::source::{Entry, Node};
use crate::value::Value;
use crate::vendor::nearest;

/// Where a rule stands, for the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulePlace {
    /// The file below `baselines/`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// What the decision `lock` locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// It protects: locked at `lock: security`.
    Security,
    /// It only presets: locked at `lock: everything`.
    Preset,
}

/// Locking that the decision `lock` does not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixedLock {
    /// Locked whatever `lock` says.
    Always,
    /// Never locked.
    Never,
}

/// One value of a setting, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// When; always, when there is none.
    pub when: Option<Condition>,
    /// The value; `None` leaves the setting alone.
    pub set: Option<Template>,
}

/// What a decision does with one setting of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingRule {
    /// The vendor's name.
    pub name: String,
    /// When the rule applies at all.
    pub when: Option<Condition>,
    /// The values; the first case that holds counts, none leaves the setting alone.
    pub cases: Vec<Case>,
    /// What locks it.
    pub kind: SettingKind,
    /// Locking that `lock` does not decide.
    pub lock: Option<FixedLock>,
    /// Whether lists and maps of several decisions unite.
    pub merge: bool,
    /// Where the value comes from.
    pub cite: Vec<String>,
    /// Why this value, where a reader would ask.
    pub why: Option<String>,
    /// Where the rule stands.
    pub place: RulePlace,
}

/// What no setting of a client can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapRule {
    /// When it is a gap; always, when there is no condition.
    pub when: Option<Condition>,
    /// Why the client cannot.
    pub reason: String,
    /// Who must do it instead; the addressee of a duty.
    pub duty: Option<String>,
    /// Where it stands.
    pub place: RulePlace,
}

/// What somebody must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyRule {
    /// Who.
    pub to: String,
    /// When; always, when there is no condition.
    pub when: Option<Condition>,
    /// What.
    pub what: String,
    /// A public standard way to do it.
    pub how: Option<String>,
    /// Where it stands.
    pub place: RulePlace,
}

impl Context<'_> {
    pub(super) fn rule_place(self, node: &Node) -> RulePlace {
        RulePlace { file: self.document.file.name.clone(), line: self.document.line(node.span) }
    }

    /// Reads `when` of a map.
    pub(super) fn when(self, map: &mut MapReader<'_>, findings: &mut Vec<Finding>) -> Option<Condition> {
        map.take("when").and_then(|node| self.condition(node, findings))
    }

    /// Reads one setting; `key` and `shape` are those of its decision.
    pub(super) fn setting(self, entry: &Entry, key: &str, shape: &Shape, findings: &mut Vec<Finding>) -> Option<SettingRule> {
        let mut map = MapReader::new(self.document, &entry.value, findings)?;
        let when = self.when(&mut map, findings);
        let surely: Vec<&Condition> = when.iter().collect();
        let (set, by, cases) = (map.take("set"), map.take("by"), map.take("cases"));
        let cases = match (set, by, cases) {
            (Some(node), None, None) => vec![self.case(None, node, &surely, findings)?],
            (None, Some(node), None) => self.by(node, key, shape, &surely, findings)?,
            (None, None, Some(node)) => self.cases(node, &surely, findings)?,
            _ => {
                findings.push(form(self.document, &entry.value, "a setting has exactly one of `set`, `by` and `cases`"));
                return None;
            }
        };
        let kind = match map.take_text("kind", findings).as_deref() {
            None | Some("security") => SettingKind::Security,
            Some("preset") => SettingKind::Preset,
            Some(other) => {
                findings.push(form(self.document, &entry.value, format!("`kind` is `security` or `preset`, not `{other}`")));
                return None;
            }
        };
        let lock = match map.take_text("lock", findings).as_deref() {
            None => None,
            Some("always") => Some(FixedLock::Always),
            Some("never") => Some(FixedLock::Never),
            Some(other) => {
                findings.push(form(self.document, &entry.value, format!("`lock` is `always` or `never`, not `{other}`")));
                return None;
            }
        };
        let merge = map.take("merge").and_then(Node::flag).unwrap_or(false);
        let cite = self.citations.cite(&mut map, self.document, findings);
        if cite.is_empty() {
            findings.push(form(self.document, &entry.value, "a setting cites where its value comes from: `cite: […]`"));
        }
        let why = map.take_text("why", findings);
        if lock.is_some() && why.is_none() {
            findings.push(form(self.document, &entry.value, "a setting that `lock` does not decide says why"));
        }
        map.finish(findings);
        Some(SettingRule {
            name: entry.key.to_string(),
            when,
            cases,
            kind,
            lock,
            merge,
            cite,
            why,
            place: self.rule_place(&entry.value),
        })
    }

    fn case(self, when: Option<Condition>, node: &Node, surely: &[&Condition], findings: &mut Vec<Finding>) -> Option<Case> {
        let set = if node.text() == Some("leave") { None } else { Some(self.template(node, surely, findings)?) };
        Some(Case { when, set })
    }

    fn by(self, node: &Node, key: &str, shape: &Shape, surely: &[&Condition], findings: &mut Vec<Finding>) -> Option<Vec<Case>> {
        let words: Vec<&str> = match shape {
            Shape::Choice(answers) => answers.iter().map(|answer| answer.word.as_str()).collect(),
            Shape::Flag => vec!["true", "false"],
            Shape::StandardOrList(_) => vec!["standard"],
            _ => {
                findings.push(form(self.document, node, "`by` is for decisions with one word as answer; use `cases`"));
                return None;
            }
        };
        let Some(entries) = node.entries() else {
            findings.push(form(self.document, node, "`by` is a map from answers to values"));
            return None;
        };
        let (mut cases, mut otherwise) = (Vec::new(), None);
        for entry in entries {
            if entry.key == "else" {
                otherwise = Some(self.case(None, &entry.value, surely, findings)?);
            } else if words.contains(&entry.key.as_ref()) {
                let value =
                    if *shape == Shape::Flag { Value::Flag(entry.key == "true") } else { Value::Text(entry.key.to_string()) };
                let when = Condition::Answer { key: key.to_owned(), field: None, test: Test::OneOf(vec![value]) };
                cases.push(self.case(Some(when), &entry.value, surely, findings)?);
            } else {
                let finding = reference(self.document, node, format!("`{key}` has no answer `{}`", entry.key));
                findings.push(match nearest(&entry.key, words.iter().copied()) {
                    Some(near) => finding.help(format!("did you mean `{near}`?")),
                    None => finding.help(shape.describe()),
                });
                return None;
            }
        }
        if otherwise.is_none()
            && let Some(missing) = words.iter().find(|word| !entries.iter().any(|entry| entry.key == **word))
        {
            findings.push(
                form(self.document, node, format!("nothing is said for the answer `{missing}`"))
                    .help("name every answer, or add `else`; `leave` sets nothing"),
            );
        }
        cases.extend(otherwise);
        Some(cases)
    }

    fn cases(self, node: &Node, surely: &[&Condition], findings: &mut Vec<Finding>) -> Option<Vec<Case>> {
        let Some(items) = node.items() else {
            findings.push(form(self.document, node, "`cases` is a list"));
            return None;
        };
        let mut cases = Vec::new();
        for item in items {
            let mut map = MapReader::new(self.document, item, findings)?;
            if let Some(otherwise) = map.take("else") {
                cases.push(self.case(None, otherwise, surely, findings)?);
            } else {
                let when = self.condition(map.require("when", findings)?, findings)?;
                let set = map.require("set", findings)?;
                let surely: Vec<&Condition> = surely.iter().copied().chain([&when]).collect();
                let case = self.case(None, set, &surely, findings)?;
                cases.push(Case { when: Some(when), ..case });
            }
            map.finish(findings);
        }
        Some(cases)
    }

    /// Reads a gap.
    pub(super) fn gap(self, node: &Node, findings: &mut Vec<Finding>) -> Option<GapRule> {
        let mut map = MapReader::new(self.document, node, findings)?;
        let when = self.when(&mut map, findings);
        let reason = map.require_text("reason", findings);
        let duty = map.take("duty").and_then(|node| self.addressee(node, findings));
        map.finish(findings);
        Some(GapRule { when, reason: reason?, duty, place: self.rule_place(node) })
    }

    /// Reads a duty.
    pub(super) fn duty(self, node: &Node, findings: &mut Vec<Finding>) -> Option<DutyRule> {
        let mut map = MapReader::new(self.document, node, findings)?;
        let to = map.require("to", findings).and_then(|node| self.addressee(node, findings));
        let when = self.when(&mut map, findings);
        let what = map.require_text("do", findings);
        let how = map.take_text("how", findings);
        map.finish(findings);
        Some(DutyRule { to: to?, when, what: what?, how, place: self.rule_place(node) })
    }

    fn addressee(self, node: &Node, findings: &mut Vec<Finding>) -> Option<String> {
        let word = node.text().unwrap_or_default();
        let known = self.addressees.iter().map(String::as_str);
        if known.clone().any(|candidate| candidate == word) {
            return Some(word.to_owned());
        }
        findings.push(
            reference(self.document, node, format!("there is no addressee `{word}`"))
                .help(format!("the addressees are: {}", known.collect::<Vec<_>>().join(", "))),
        );
        None
    }
}
