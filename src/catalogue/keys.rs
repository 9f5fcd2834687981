//! The index of decisions: what can be named in a condition, a reference or a reason, and what it can be.

use std::collections::BTreeMap;

use super::decision::Decision;
use super::shape::Shape;
use crate::vendor::nearest;

/// The part of a key that stands for a name of the plan's own.
const PLACEHOLDERS: [&str; 2] = ["<name>", "<role>"];

/// Splits a key with a free name, `information.<name>.who`, into the block, `information`, and the rest, `who` (empty for `roles.<role>`).
pub fn split_placeholder(key: &str) -> Option<(&str, &str)> {
    PLACEHOLDERS.iter().find_map(|placeholder| {
        let (block, rest) = key.split_once(placeholder)?;
        Some((block.strip_suffix('.')?, rest.strip_prefix('.').unwrap_or(rest)))
    })
}

/// A decision or a field of a record that a name refers to.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The key of the decision; for a block of free names (`information`) the block itself.
    pub key: &'a str,
    /// The field of a record.
    pub field: Option<&'a str>,
    /// What a value of it looks like; `None` for a block of free names.
    pub shape: Option<&'a Shape>,
    /// The answers, weakest first, where they have an order.
    pub strength: &'a [String],
}

/// All decisions by key.
#[derive(Debug, Default)]
pub struct Keys<'a> {
    decisions: BTreeMap<&'a str, &'a Decision>,
    blocks: Vec<&'a str>,
}

impl<'a> Keys<'a> {
    /// The index of `decisions`.
    pub fn new(decisions: &'a [Decision]) -> Self {
        let mut blocks: Vec<&str> =
            decisions.iter().filter_map(|decision| split_placeholder(&decision.key).map(|(block, _)| block)).collect();
        blocks.dedup();
        Self { decisions: decisions.iter().map(|decision| (decision.key.as_str(), decision)).collect(), blocks }
    }

    /// The decision with this key.
    pub fn get(&self, key: &str) -> Option<&'a Decision> {
        self.decisions.get(key).copied()
    }

    /// What a name refers to: a decision, a field of a record (`servers.imap`), or a block of free names.
    pub fn find(&self, name: &str) -> Option<Subject<'a>> {
        if let Some(decision) = self.get(name) {
            return Some(Subject { key: &decision.key, field: None, shape: Some(&decision.shape), strength: &decision.strength });
        }
        if let Some(block) = self.blocks.iter().find(|block| **block == name) {
            return Some(Subject { key: block, field: None, shape: None, strength: &[] });
        }
        let (key, field) = name.rsplit_once('.')?;
        let decision = self.get(key)?;
        let Shape::Record { fields, .. } = &decision.shape else { return None };
        let field = fields.iter().find(|candidate| candidate.name == field)?;
        Some(Subject { key: &decision.key, field: Some(&field.name), shape: Some(&field.shape), strength: &[] })
    }

    /// The most similar name there is.
    pub fn nearest(&self, name: &str) -> Option<String> {
        nearest(name, self.decisions.keys().copied())
    }
}
