//! Finds its way in a syntax tree: children, arguments, and what sets a variable.

use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::Node;

pub(crate) fn child<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    (0..node.child_count()).filter_map(|at| node.child(at)).find(|child| child.kind() == kind)
}

pub(crate) fn children(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    (0..node.child_count()).filter_map(move |at| node.child(at))
}

pub(crate) fn count(node: Node<'_>, kind: &str) -> usize {
    children(node)
        .map(|child| usize::from(child.kind() == kind) + if child.kind() == "script_block" { 0 } else { count(child, kind) })
        .sum()
}

pub(crate) fn within(inner: Node<'_>, outer: Node<'_>) -> bool {
    outer.start_byte() <= inner.start_byte() && inner.end_byte() <= outer.end_byte()
}

/// The arguments and parameters of a command.
pub(crate) fn arguments(command: Node<'_>) -> Vec<Node<'_>> {
    let elements = child(command, "command_elements");
    elements.into_iter().flat_map(children).filter(|word| word.is_named() && word.kind() != "command_argument_sep").collect()
}

/// A variable without dollar sign, scope and braces.
pub(crate) fn name_of(variable: &str) -> String {
    let name = variable.trim_start_matches(['$', '@', '{']).trim_end_matches('}');
    name.rsplit_once(':').map_or(name, |(_, name)| name).to_owned()
}

/// The variable that a node sets: by an assignment, as a parameter, or over a list.
pub(crate) fn written(node: Node<'_>) -> Option<Node<'_>> {
    if node.kind() != "variable" {
        return None;
    }
    let mut at = node;
    loop {
        let parent = at.parent()?;
        match parent.kind() {
            "left_assignment_expression" | "script_parameter" => return Some(node),
            "foreach_statement" => {
                let first = children(parent).find(|child| child.kind() == "variable");
                return (first == Some(node)).then_some(node);
            }
            "element_access" | "member_access" | "invokation_expression" => return None,
            _ => at = parent,
        }
    }
}

/// Whether a text is what `-TypeName` is followed by.
pub(crate) fn follows_type_name<'s>(node: Node<'_>, text: impl Fn(Node<'_>) -> &'s str) -> bool {
    let mut at = node;
    while let Some(parent) = at.parent() {
        if parent.kind() == "command_elements" {
            let before = at.prev_named_sibling().and_then(|sep| sep.prev_named_sibling());
            return before.is_some_and(|before| text(before) == "-TypeName");
        }
        at = parent;
    }
    false
}

/// Names that differ in capitals only, within one function or outside of all; PowerShell takes them for one variable.
pub(crate) fn two_spellings<'s>(all: &[Node<'_>], text: impl Fn(Node<'_>) -> &'s str) -> Vec<(usize, BTreeSet<String>)> {
    let mut known: BTreeMap<(usize, String), (usize, BTreeSet<String>)> = BTreeMap::new();
    for node in all.iter().filter(|node| node.kind() == "variable") {
        let mut at = *node;
        while at.kind() != "function_statement" {
            let Some(parent) = at.parent() else { break };
            at = parent;
        }
        let name = name_of(text(*node));
        let place = (at.start_byte(), name.to_lowercase());
        known.entry(place).or_insert((node.start_position().row + 1, BTreeSet::new())).1.insert(name);
    }
    known.into_values().filter(|(_, spellings)| spellings.len() > 1).collect()
}
