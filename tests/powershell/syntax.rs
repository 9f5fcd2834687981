//! Every script parses, and no script passes from which a bracket or quotation mark was taken.

use tree_sitter::{Node, Parser, Tree};

use super::lint;
use super::plans::{plans, scripts, standard};

pub(crate) fn parser() -> Parser {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    parser
}

pub(crate) fn parse(script: &str) -> Tree {
    parser().parse(script, None).unwrap()
}

/// Every node, the outer ones first.
pub(crate) fn nodes(tree: &Tree) -> Vec<Node<'_>> {
    let (mut open, mut all) = (vec![tree.root_node()], Vec::new());
    while let Some(node) = open.pop() {
        open.extend((0..node.child_count()).rev().filter_map(|at| node.child(at)));
        all.push(node);
    }
    all
}

#[test]
fn every_script_of_every_plan_parses() {
    let mut seen = 0;
    for plan in plans() {
        for (name, script) in scripts(&plan) {
            let tree = parse(&script);
            let wrong = nodes(&tree).into_iter().find(|node| node.is_error() || node.is_missing());
            assert!(!tree.root_node().has_error(), "{name}, line {:?}", wrong.map(|node| node.start_position().row + 1));
            seen += 1;
        }
    }
    assert_eq!(seen, 6 * plans().len(), "apply, check, undo, the two for Intune, and the installed program");
}

#[test]
fn no_script_passes_without_one_of_its_brackets_or_quotation_marks() {
    let mut parser = parser();
    let mut tried = 0;
    for (name, script) in scripts(&standard()) {
        let tree = parse(&script);
        let marks: Vec<usize> = nodes(&tree)
            .into_iter()
            .flat_map(|node| match node.kind() {
                "{" | "}" | "(" | ")" | "[" | "]" | "@(" | "@{" | "$(" => vec![node.end_byte() - 1],
                "verbatim_string_characters" => vec![node.start_byte(), node.end_byte() - 1],
                _ => vec![],
            })
            .collect();
        let step = if name == "session.ps1" { 3 } else { 41 };
        for &at in marks.iter().step_by(step) {
            let broken = [&script[..at], &script[at + 1..]].concat();
            let line = script[..at].lines().count();
            let found = parser.parse(&broken, None).unwrap().root_node().has_error() || lint::is_wrong(&broken);
            assert!(found, "{name}:{line} without {}", &script[at..=at]);
            tried += 1;
        }
    }
    assert!(tried > 300, "{tried}");
}
