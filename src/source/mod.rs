//! Text to tree: strict YAML, each node with its place, all findings in one run.
//!
//! In: a file's name and bytes. Out: a [`Document`], or what is wrong with the text. Of YAML 1.2 only what a plan needs is
//! taken: one document of maps, lists and scalars. Anchors, aliases, tags, directives, keys that are not words, duplicate
//! keys, invisible and bidirectional characters and texts outside normalisation form C are refused with their place.
//! The events come from `granit-parser`, the layer below `serde-saphyr`: on the level of events a duplicate key is one
//! finding among others and not the end of the run. This module knows no decision.

mod characters;
mod packed;
mod parse;
mod tree;

#[cfg(test)]
mod tests;

pub use characters::{find_forbidden, is_forbidden};
pub use packed::{Packed, pack, unpack};
pub use parse::{Limits, parse};
pub use tree::{Document, Entry, Kind, Node, Span};
