//! Puts one more answer into the text of a plan, and leaves all else as it stands, comments included.

use crate::source::{Entry, Kind, Node};

/// The text with the answer `value`, spelled as YAML on one line, to the decision `key`; `None` when the plan has something at
/// that place that takes no further key.
pub fn insert(text: &str, root: &Node, key: &str, value: &str) -> Option<String> {
    let Some((block, rest)) = key.split_once('.') else { return Some(appended(text, &format!("{key}: {value}\n"))) };
    let Some(entry) = root.entries()?.iter().find(|entry| entry.key == block) else {
        return Some(appended(text, &format!("{block}:\n  {rest}: {value}\n")));
    };
    let entries: &[Entry] = entry.value.entries()?;
    let (first, last) = (entries.first()?, entries.last()?);
    let end = end(text, &last.value);
    if is_flow(text, &entry.value) {
        return Some(format!("{}, {rest}: {value}{}", &text[..end], &text[end..]));
    }
    let start = first.key_span.range().start;
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[line..start];
    let end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    Some(format!("{}\n{indent}{rest}: {value}{}", &text[..end], &text[end..]))
}

fn appended(text: &str, more: &str) -> String {
    let between = if text.ends_with('\n') { "\n" } else { "\n\n" };
    format!("{text}{between}{more}")
}

fn is_flow(text: &str, node: &Node) -> bool {
    text[node.span.range().start..].starts_with(['{', '['])
}

/// Where the last character of a node stands: of a block, that of its last part.
fn end(text: &str, node: &Node) -> usize {
    let last = match &node.kind {
        Kind::Map(entries) => entries.last().map(|entry| &entry.value),
        Kind::List(items) => items.last(),
        Kind::Nothing | Kind::Scalar { .. } => None,
    };
    match last {
        Some(last) if !is_flow(text, node) => end(text, last),
        _ => node.span.range().end,
    }
}

#[cfg(test)]
mod tests {
    use super::insert;
    use crate::source::{Limits, parse};

    #[test]
    fn an_answer_goes_into_its_block_and_all_else_stays() {
        for (before, after) in [
            ("a: 1 # x\n", "a: 1 # x\n\nb:\n  c: z\n"),
            ("b: { d: [1, 2] } # x\na: 1\n", "b: { d: [1, 2], c: z } # x\na: 1\n"),
            ("b:\n    d: 1   # x\n# y\na: 1\n", "b:\n    d: 1   # x\n    c: z\n# y\na: 1\n"),
            ("b:\n  d:\n    - e: 1\n      f: 2\n", "b:\n  d:\n    - e: 1\n      f: 2\n  c: z\n"),
            ("b:\n  d: 1", "b:\n  d: 1\n  c: z"),
        ] {
            let read = |text: &str| parse("plan", text.as_bytes(), Limits::default()).0.unwrap().root;
            let inserted = insert(before, &read(before), "b.c", "z").unwrap();
            assert_eq!(inserted, after);
            assert_eq!(read(&inserted).get("b").and_then(|block| block.get("c")?.text()), Some("z"));
        }
        let root = parse("plan", b"b: 1\n", Limits::default()).0.unwrap().root;
        assert_eq!(insert("b: 1\n", &root, "b.c", "z"), None);
    }
}
