//! What the names inside a template mean: its categories and supported versions, its strings, and those of other templates.
//!
//! A name may carry the prefix of another template (`windows:System`); `using` says which namespace the prefix stands for.
//! When that template is not at hand, a category path begins below it and the supported version is left out.

use std::collections::BTreeMap;

use super::texts::Texts;
use super::tree::Node;
use super::{Document, Fault, ImportError, identifier};

/// The deepest category path.
const DEEPEST: usize = 32;

/// One template with its names.
struct Names<'n> {
    prefix: &'n str,
    namespace: &'n str,
    using: BTreeMap<&'n str, &'n str>,
    texts: &'n [Texts],
    categories: BTreeMap<&'n str, &'n Node>,
    supported: BTreeMap<&'n str, &'n Node>,
}

impl<'n> Names<'n> {
    fn new(document: &'n Document) -> Result<Self, ImportError> {
        let namespaces = document.root.need_child("policyNamespaces")?;
        let target = namespaces.need_child("target")?;
        let mut using = BTreeMap::new();
        for node in namespaces.children.iter().filter(|node| node.name == "using") {
            using.insert(node.need("prefix")?, node.need("namespace")?);
        }
        let mut names = Self {
            prefix: target.need("prefix")?,
            namespace: target.need("namespace")?,
            using,
            texts: &document.texts,
            categories: BTreeMap::new(),
            supported: BTreeMap::new(),
        };
        for node in document.root.inside("categories") {
            let name = identifier(node, "name")?;
            if node.name != "category" {
                return Err(node.unknown_in("categories"));
            }
            if names.categories.insert(name, node).is_some() {
                return Err(node.fault(Fault::Twice { what: "category", name: name.to_owned() }));
            }
        }
        for node in document.root.child("supportedOn").map(|node| node.inside("definitions")).unwrap_or_default() {
            names.supported.insert(node.need("name")?, node);
        }
        Ok(names)
    }

    fn text(&self, language: usize, node: &Node, attribute: &'static str) -> Result<String, ImportError> {
        match self.texts.get(language) {
            Some(texts) => texts.of(node, attribute),
            None => node.need(attribute).map(str::to_owned),
        }
    }
}

/// A template among those that it refers to.
pub(super) struct Scope<'n> {
    main: Names<'n>,
    bases: Vec<Names<'n>>,
}

impl<'n> Scope<'n> {
    /// The template comes first, then the others.
    pub(super) fn new(main: &'n Document, bases: &'n [Document]) -> Result<Self, ImportError> {
        let bases = bases.iter().map(Names::new).collect::<Result<_, _>>()?;
        Ok(Self { main: Names::new(main)?, bases })
    }

    /// The text that an attribute means; without texts of that language, as it stands there.
    pub(super) fn text(&self, language: usize, node: &Node, attribute: &'static str) -> Result<String, ImportError> {
        self.main.text(language, node, attribute)
    }

    /// The titles from the outermost category to the one that `reference` names.
    pub(super) fn path(&self, language: usize, reference: &Node) -> Result<Vec<String>, ImportError> {
        let mut path = Vec::new();
        let mut next = Some((&self.main, reference.need("ref")?));
        while let Some((names, name)) = next.and_then(|(names, name)| self.holder(names, name)) {
            let Some(category) = names.categories.get(name).filter(|_| path.len() < DEEPEST) else {
                return Err(reference.fault(Fault::Category { name: name.to_owned() }));
            };
            path.push(names.text(language, category, "displayName")?);
            let parent = category.child("parentCategory").map(|parent| parent.need("ref")).transpose()?;
            next = parent.map(|parent| (names, parent));
        }
        path.reverse();
        Ok(path)
    }

    /// The names of the categories of this template from the outermost to the one that `reference` names; the path of another
    /// template, in which the outermost may lie, is left out.
    pub(super) fn own_path(&self, reference: &'n Node) -> Result<Vec<&'n str>, ImportError> {
        let mut path = Vec::new();
        let mut next = Some(reference.need("ref")?);
        while let Some((names, name)) = next.and_then(|name| self.holder(&self.main, name))
            && std::ptr::eq(names, &raw const self.main)
        {
            let Some((name, category)) = names.categories.get_key_value(name).filter(|_| path.len() < DEEPEST) else {
                return Err(reference.fault(Fault::Category { name: name.to_owned() }));
            };
            path.push(*name);
            next = category.child("parentCategory").map(|parent| parent.need("ref")).transpose()?;
        }
        path.reverse();
        Ok(path)
    }

    /// Which versions a policy is for, in the vendor's words; `None` when that stands in a template that is not at hand.
    pub(super) fn supported(&self, reference: &Node) -> Result<Option<String>, ImportError> {
        let found = self.holder(&self.main, reference.need("ref")?);
        let definition = found.and_then(|(names, name)| Some((names, *names.supported.get(name)?)));
        definition.map(|(names, node)| names.text(0, node, "displayName")).transpose()
    }

    /// The template that a name stands in, as seen from `names`, and the name there.
    fn holder<'s>(&'s self, names: &'s Names<'n>, name: &'s str) -> Option<(&'s Names<'n>, &'s str)> {
        let Some((prefix, rest)) = name.split_once(':') else { return Some((names, name)) };
        if prefix == names.prefix {
            return Some((names, rest));
        }
        let namespace = names.using.get(prefix)?;
        let other = std::iter::once(&self.main).chain(&self.bases).find(|other| other.namespace == *namespace)?;
        Some((other, rest))
    }
}
