//! x
use super::plans::{plans, scripts};
#[test]
fn dump() {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    for (i, plan) in plans().iter().enumerate() {
        for (name, text) in scripts(plan) {
            let tree = parser.parse(&text, None).unwrap();
            std::fs::write(format!("/tmp/win-{i}-{name}"), &text).unwrap();
            let mut out = String::new();
            show(tree.root_node(), 0, &text, &mut out);
            std::fs::write(format!("/tmp/win-{i}-{name}.tree"), out).unwrap();
            eprintln!("{i} {name} {} {}", text.len(), tree.root_node().has_error());
        }
    }
}
fn show(node: tree_sitter::Node<'_>, depth: usize, text: &str, out: &mut String) {
    use std::fmt::Write as _;
    let own = if node.child_count() == 0 { &text[node.byte_range()] } else { "" };
    if node.is_error() || node.is_missing() { eprintln!("  {} at {} {}", node.kind(), node.start_position().row + 1, &text[node.byte_range()].chars().take(60).collect::<String>()); }
    writeln!(out, "{}{}{} {own}", "  ".repeat(depth), if node.is_named() {""} else {"#"}, node.kind()).unwrap();
    for i in 0..node.child_count() { show(node.child(i as u32).unwrap(), depth + 1, text, out); }
}
