//! Apple's YAML as a graph of nodes.
//!
//! In: the text of one schema file. Out: its nodes in one list, where an alias is the number of the node it names, so that
//! neither a chain of aliases nor one that names its own ancestor costs more than its text (two of Apple's files do the latter:
//! `com.apple.applicationaccess.new` and `com.apple.homescreenlayout`). Whoever walks the graph must bound the walk.
//!
//! Scalars stay text: what YAML 1.1 would make of `On` or `10.10` must not reach a table of words and versions.

use granit_parser::{Event, Parser, ScanError};

const NODES_AT_MOST: usize = 100_000;
const DEPTH_AT_MOST: usize = 64;

/// Why the text is not a graph.
#[derive(Debug)]
pub(super) enum YamlError {
    /// Not YAML.
    Scan(ScanError),
    /// YAML that a schema file never is.
    Refused {
        /// What it is.
        what: &'static str,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
}

#[derive(Debug)]
pub(super) enum Node {
    Scalar(String),
    List(Vec<usize>),
    Map(Vec<(String, usize)>),
}

/// One document; node 0 is its root.
#[derive(Debug)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    /// Where each node begins: line and column, from 1.
    places: Vec<(usize, usize)>,
}

impl Graph {
    pub(super) fn parse(text: &str) -> Result<Self, YamlError> {
        let (nodes, places) = (Vec::new(), Vec::new());
        let mut builder = Builder { nodes, places, at: (1, 1), open: Vec::new(), anchors: Vec::new(), documents: 0 };
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(YamlError::Scan)?;
            let (line, column) = (span.start.line(), span.start.col() + 1);
            builder.at = (line, column);
            builder.take(event).map_err(|what| YamlError::Refused { what, line, column })?;
        }
        if builder.nodes.is_empty() {
            return Err(YamlError::Refused { what: "an empty document", line: 1, column: 1 });
        }
        Ok(Self { nodes: builder.nodes, places: builder.places })
    }

    /// Line and column where a node begins, from 1.
    pub(super) fn place(&self, node: usize) -> (usize, usize) {
        self.places.get(node).copied().unwrap_or((1, 1))
    }

    pub(super) fn text(&self, node: usize) -> Option<&str> {
        if let Node::Scalar(text) = &self.nodes[node] { Some(text) } else { None }
    }

    pub(super) fn list(&self, node: usize) -> Option<&[usize]> {
        if let Node::List(items) = &self.nodes[node] { Some(items) } else { None }
    }

    pub(super) fn map(&self, node: usize) -> Option<&[(String, usize)]> {
        if let Node::Map(entries) = &self.nodes[node] { Some(entries) } else { None }
    }

    /// The entry `key` of a map; `None` also when the node is no map.
    pub(super) fn entry(&self, node: usize, key: &str) -> Option<usize> {
        self.map(node)?.iter().find(|(name, _)| name == key).map(|&(_, value)| value)
    }

    /// The text of the entry `key` of a map.
    pub(super) fn entry_text(&self, node: usize, key: &str) -> Option<&str> {
        self.text(self.entry(node, key)?)
    }
}

/// A collection whose end has not come yet, with the key that waits for its value.
struct Open {
    node: usize,
    key: Option<String>,
}

struct Builder {
    nodes: Vec<Node>,
    places: Vec<(usize, usize)>,
    /// Where the event that is taken begins.
    at: (usize, usize),
    open: Vec<Open>,
    anchors: Vec<(usize, usize)>,
    documents: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) -> Result<(), &'static str> {
        if event.tag().is_some() {
            return Err("a tag");
        }
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 { Err("a second document") } else { Ok(()) }
            }
            Event::Scalar(text, _, anchor, _) => self.scalar(&text, anchor),
            Event::SequenceStart(_, anchor, _) => self.begin(Node::List(Vec::new()), anchor),
            Event::MappingStart(_, anchor, _) => self.begin(Node::Map(Vec::new()), anchor),
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
                Ok(())
            }
            Event::Alias(anchor) => {
                let named = self.anchors.iter().rev().find(|(id, _)| *id == anchor).map(|&(_, node)| node);
                self.put(named.ok_or("an alias without its anchor")?)
            }
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, text: &str, anchor: usize) -> Result<(), &'static str> {
        if let Some(open) = self.open.last_mut()
            && let Node::Map(entries) = &self.nodes[open.node]
            && open.key.is_none()
        {
            if anchor != 0 || text == "<<" {
                return Err("a key that is an anchor or a merge");
            }
            if entries.iter().any(|(name, _)| name == text) {
                return Err("a key that stands twice");
            }
            open.key = Some(text.to_owned());
            return Ok(());
        }
        let node = self.add(Node::Scalar(text.to_owned()), anchor)?;
        self.put(node)
    }

    fn begin(&mut self, node: Node, anchor: usize) -> Result<(), &'static str> {
        if self.open.len() >= DEPTH_AT_MOST {
            return Err("more than 64 levels");
        }
        let node = self.add(node, anchor)?;
        self.put(node)?;
        self.open.push(Open { node, key: None });
        Ok(())
    }

    fn add(&mut self, node: Node, anchor: usize) -> Result<usize, &'static str> {
        if self.nodes.len() >= NODES_AT_MOST {
            return Err("more than 100,000 nodes");
        }
        self.nodes.push(node);
        self.places.push(self.at);
        let index = self.nodes.len() - 1;
        if anchor != 0 {
            self.anchors.push((anchor, index));
        }
        Ok(index)
    }

    /// Hangs a node into the collection that is open.
    fn put(&mut self, node: usize) -> Result<(), &'static str> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        match &mut self.nodes[open.node] {
            Node::List(items) => items.push(node),
            Node::Map(entries) => entries.push((open.key.take().ok_or("a key that is no text")?, node)),
            Node::Scalar(_) => {}
        }
        Ok(())
    }
}
