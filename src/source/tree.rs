//! The tree: what a YAML text says, each node with its place.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Place, SourceFile};

/// Bytes of the text, from and to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span as a range of `usize`.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Nothing: an empty value or `~`.
    Nothing,
    /// A word, number, flag or text. Only a plain one (without quotes) can be a number or a flag.
    Scalar {
        /// The text after YAML's escapes; what is built in is not copied.
        text: Cow<'static, str>,
        /// Written without quotes.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the text; keys are unique.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Cow<'static, str>,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The entries of a map.
    pub fn entries(&self) -> Option<&[Entry]> {
        if let Kind::Map(entries) = &self.kind { Some(entries) } else { None }
    }

    /// The items of a list.
    pub fn items(&self) -> Option<&[Node]> {
        if let Kind::List(items) = &self.kind { Some(items) } else { None }
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        if let Kind::Scalar { text, .. } = &self.kind { Some(text) } else { None }
    }

    /// The value of a key of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// `true` or `false`, written plain.
    pub fn flag(&self) -> Option<bool> {
        match &self.kind {
            Kind::Scalar { text, plain: true } if text == "true" => Some(true),
            Kind::Scalar { text, plain: true } if text == "false" => Some(false),
            _ => None,
        }
    }

    /// A whole decimal number, written plain and without a leading zero or plus sign.
    pub fn number(&self) -> Option<i64> {
        let Kind::Scalar { text, plain: true } = &self.kind else { return None };
        let number: i64 = text.parse().ok()?;
        (number.to_string() == *text).then_some(number)
    }

    /// What kind of thing it is, in a user's words.
    pub fn kind_word(&self) -> &'static str {
        match &self.kind {
            Kind::Nothing => "nothing",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
            Kind::Scalar { .. } if self.flag().is_some() => "true or false",
            Kind::Scalar { .. } if self.number().is_some() => "a number",
            Kind::Scalar { .. } => "text",
        }
    }
}

/// A file and the tree of its text.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The root of the tree.
    pub root: Node,
}

impl Document {
    /// The line on which a span starts, from 1.
    pub fn line(&self, span: Span) -> usize {
        self.file.line_of(span.range().start)
    }

    /// The place of a span in this file.
    pub fn place(&self, span: Span) -> Place {
        Place { file: Arc::clone(&self.file), span: span.range() }
    }
}
