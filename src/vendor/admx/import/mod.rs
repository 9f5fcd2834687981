//! Reads a template (ADMX) and its texts (ADML) and writes the compact text of `form.rs`.
//!
//! Only facts of the template: names, classes, keys, types, ranges, items, titles, category path and supported versions; no
//! explanatory text. Policies are sorted by name, everything inside a policy keeps the order of the template, so equal files
//! give equal bytes. What this reader does not know is refused, never skipped: an unknown element or attribute could change
//! what a policy writes.

mod decode;
mod fault;
mod header;
mod policies;
mod scope;
mod texts;
mod tree;

use std::collections::BTreeMap;

use scope::Scope;
pub(in crate::vendor) use texts::Texts;
pub(in crate::vendor) use tree::Node;

pub use decode::LARGEST_TEMPLATE;
pub use fault::{Fault, ImportError};
pub use header::Recipe;

use super::check::STATE;
use super::form;
use super::policy::Policy;
use crate::diag::Place;

/// A file of the vendor.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its name, for the header of the table and for messages.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// A template and its texts.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// The template, `*.admx`.
    pub template: File<'a>,
    /// Its texts, `*.adml`, by language. The titles and labels of the first are those that rules and tables use; without
    /// any, the template's references stand for them.
    pub texts: Vec<(&'a str, File<'a>)>,
}

/// A template as it was read.
#[derive(Debug)]
pub struct Template {
    /// Its name: that of its file, without the ending.
    pub name: String,
    /// Where its policies begin.
    pub place: Place,
    policies: BTreeMap<String, Block>,
}

/// One policy in the compact form, and where it stands in the vendor's file.
#[derive(Debug)]
struct Block {
    text: String,
    place: Place,
}

impl Template {
    /// The names of its policies, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.policies.keys().map(String::as_str)
    }

    /// A policy and where it stands.
    pub fn policy(&self, name: &str) -> Option<(Policy<'_>, &Place)> {
        let block = self.policies.get(name)?;
        Some((form::parse(block.text.as_bytes())?, &block.place))
    }
}

/// Reads a template. `bases` are templates that it refers to, for the upper part of category paths and for supported
/// versions.
///
/// # Errors
/// The first fault, with its place.
pub fn read(source: &Source<'_>, bases: &[Source<'_>]) -> Result<Template, ImportError> {
    let main = Document::read(source)?;
    let bases = bases.iter().map(Document::read).collect::<Result<Vec<_>, _>>()?;
    let name = base_name(source.template.name).rsplit_once('.').map_or("", |(name, _)| name);
    if !is_identifier(name) {
        return Err(main.root.fault(Fault::Value { name: "file name", value: base_name(source.template.name).to_owned() }));
    }
    policies::read(name, &main, &Scope::new(&main, &bases)?)
}

/// Makes the compact text of one template; `origin` says in words where the files are from and stands in the header beside
/// their SHA-256.
///
/// # Errors
/// The first fault, with its place.
pub fn import(source: &Source<'_>, bases: &[Source<'_>], origin: &str) -> Result<String, ImportError> {
    let template = read(source, bases)?;
    let mut text = header::write(&template.name, origin, source, bases);
    template.policies.values().for_each(|block| text.push_str(&block.text));
    Ok(text)
}

/// The trees of a template and its texts.
struct Document {
    root: Node,
    languages: Vec<String>,
    texts: Vec<Texts>,
}

impl Document {
    fn read(source: &Source<'_>) -> Result<Self, ImportError> {
        Ok(Self {
            root: elements(&source.template)?,
            languages: source.texts.iter().map(|(language, _)| (*language).to_owned()).collect(),
            texts: source.texts.iter().map(|(_, file)| Texts::new(&elements(file)?)).collect::<Result<_, _>>()?,
        })
    }
}

/// The elements of one file.
pub(in crate::vendor) fn elements(file: &File<'_>) -> Result<Node, ImportError> {
    tree::parse(&decode::decode(file.name, file.bytes)?)
}

/// An attribute that names something: letters, digits and `_ - .`, and not the word that rules use for the state.
fn identifier<'n>(node: &'n Node, name: &'static str) -> Result<&'n str, ImportError> {
    let text = node.need(name)?;
    if is_identifier(text) { Ok(text) } else { Err(node.fault(Fault::Value { name, value: text.to_owned() })) }
}

fn is_identifier(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    !text.is_empty() && text.bytes().all(allowed) && text != STATE
}

fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}
