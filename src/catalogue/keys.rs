//! The index of decisions: what can be named in a condition, a reference or a reason, and what it can be.

use std::collections::BTreeMap;

use super::shape::{Shape, Silence};
use crate::vendor::nearest;

/// The part of a key that stands for a name of the plan's own.
const PLACEHOLDERS: [&str; 2] = ["<name>", "<role>"];

/// Splits a key with a free name, `information.<name>.who`, into the block, `information`, and the rest, `who` (empty for `roles.<role>`).
pub fn split_placeholder(key: &str) -> Option<(&str, &str)> {
    if !key.contains('<') {
        return None;
    }
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

/// What can be named of a decision, and what it can be.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The key.
    pub key: &'a str,
    /// The shape of its answer.
    pub shape: &'a Shape,
    /// The answers, weakest first, where they have an order.
    pub strength: &'a [String],
    /// What silence means.
    pub silence: &'a Silence,
}

/// All decisions by key.
#[derive(Debug, Default)]
pub struct Keys<'a> {
    decisions: BTreeMap<&'a str, Known<'a>>,
    blocks: Vec<&'a str>,
}

impl<'a> Keys<'a> {
    /// The index of `decisions`.
    pub fn new(decisions: impl Iterator<Item = Known<'a>>) -> Self {
        let decisions: BTreeMap<&str, Known<'_>> = decisions.map(|known| (known.key, known)).collect();
        let mut blocks: Vec<&str> = decisions.keys().filter_map(|key| split_placeholder(key).map(|(block, _)| block)).collect();
        blocks.dedup();
        Self { decisions, blocks }
    }

    /// The decision with this key.
    pub fn get(&self, key: &str) -> Option<Known<'a>> {
        self.decisions.get(key).copied()
    }

    /// What a name refers to: a decision, a field of a record (`servers.imap`), or a block of free names.
    pub fn find(&self, name: &str) -> Option<Subject<'a>> {
        if let Some(decision) = self.get(name) {
            return Some(Subject { key: decision.key, field: None, shape: Some(decision.shape), strength: decision.strength });
        }
        if let Some(block) = self.blocks.iter().find(|block| **block == name) {
            return Some(Subject { key: block, field: None, shape: None, strength: &[] });
        }
        let (key, field) = name.rsplit_once('.')?;
        let decision = self.get(key)?;
        let Shape::Record { fields, .. } = decision.shape else { return None };
        let field = fields.iter().find(|candidate| candidate.name == field)?;
        Some(Subject { key: decision.key, field: Some(&field.name), shape: Some(&field.shape), strength: &[] })
    }

    /// Whether this is a decision, or what decisions begin with (`calendar`, for `calendar.team`).
    pub fn topic_or_decision(&self, name: &str) -> bool {
        self.decisions.keys().any(|key| key.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }

    /// The most similar name there is.
    pub fn nearest(&self, name: &str) -> Option<String> {
        nearest(name, self.decisions.keys().copied())
    }
}
