//! Places, limits, and everything of YAML that is refused.

use super::{Kind, Limits, parse};
use crate::diag::Finding;

fn findings(text: &str) -> Vec<Finding> {
    parse("plan.yaml", text.as_bytes(), Limits::default()).1
}

fn codes(text: &str) -> Vec<&'static str> {
    findings(text).iter().map(|finding| finding.code.name()).collect()
}

#[test]
fn every_node_knows_its_place() {
    let text = "a:\n  b: [x, 'y z']\n  c: 5\nd: true\n";
    let (document, findings) = parse("plan.yaml", text.as_bytes(), Limits::default());
    assert_eq!(findings, []);
    let document = document.unwrap();
    let b = document.root.get("a").unwrap().get("b").unwrap();
    assert_eq!(document.place(b.span).text(), "[x, 'y z']");
    assert_eq!(document.place(b.items().unwrap()[1].span).text(), "'y z'");
    assert_eq!(document.root.get("a").unwrap().get("c").unwrap().number(), Some(5));
    assert_eq!(document.root.get("d").unwrap().flag(), Some(true));
    assert_eq!(document.place(document.root.entries().unwrap()[1].key_span).to_string(), "plan.yaml:4:1");
}

#[test]
fn duplicate_keys_are_all_found_and_named_with_both_places() {
    let found = findings("a: 1\nb: {x: 1, x: 2}\na: 3\n");
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].place.as_ref().unwrap().to_string(), "plan.yaml:2:11");
    assert_eq!(found[1].also[0].0.to_string(), "plan.yaml:1:1");
}

#[test]
fn aliases_anchors_and_tags_are_refused() {
    assert_eq!(codes("a: &x 1\nb: *x\n"), ["source::alias", "source::alias"]);
    assert_eq!(codes("a: !!str 1\n"), ["source::alias"]);
    assert_eq!(codes("a: *nowhere\n"), ["source::alias"]);
}

#[test]
fn second_document_and_empty_file_are_refused() {
    assert_eq!(codes("a: 1\n---\nb: 2\n"), ["source::document"]);
    assert_eq!(codes(""), ["source::document"]);
    assert_eq!(codes("# nothing\n"), ["source::document"]);
}

#[test]
fn a_key_must_be_a_word() {
    assert_eq!(codes("[a, b]: 1\n"), ["source::key"]);
    assert_eq!(codes("~: 1\n"), ["source::key"]);
}

#[test]
fn invisible_characters_are_found_raw_and_as_escapes() {
    assert_eq!(codes("a: x\u{202e}y\n"), ["source::character"]);
    assert_eq!(codes("a: x\u{200b}y\n"), ["source::character"]);
    assert_eq!(codes("a: \"x\\u202Ey\"\n"), ["source::character"]);
    assert_eq!(codes("a: \"x\\0y\"\n"), ["source::character"]);
    assert_eq!(codes("a:\tx\n"), ["source::character"]);
    assert_eq!(codes("\u{feff}a: x\n"), ["source::character"]);
    assert_eq!(codes("a: x\r\nb: y\r\n"), [] as [&str; 0]);
}

#[test]
fn text_outside_normalisation_form_c_is_refused() {
    assert_eq!(codes("a: Mu\u{308}ller\n"), ["source::not-normalised"]);
    assert_eq!(codes("a: Müller\n"), [] as [&str; 0]);
}

#[test]
fn quoted_scalars_are_text_and_no_numbers() {
    let (document, _) = parse("plan.yaml", b"a: '5'\nb: 05\nc: 1e3\nd: 'true'\ne: ~\n", Limits::default());
    let root = document.unwrap().root;
    for key in ["a", "b", "c"] {
        assert_eq!(root.get(key).unwrap().number(), None);
    }
    assert_eq!(root.get("d").unwrap().flag(), None);
    assert_eq!(root.get("e").unwrap().kind, Kind::Nothing);
}

#[test]
fn limits_hold() {
    let deep = format!("a: {}{}\n", "[".repeat(40), "]".repeat(40));
    assert_eq!(codes(&deep), ["source::too-deep"]);
    let deeper = format!("a: {}\n", "[".repeat(100_000));
    assert_eq!(codes(&deeper).len(), 1);
    let (_, found) = parse("plan.yaml", &vec![b'a'; (1 << 20) + 1], Limits::default());
    assert_eq!(found[0].code.name(), "source::too-large");
    let (_, found) = parse("plan.yaml", b"a: \xff\n", Limits::default());
    assert_eq!(found[0].code.name(), "source::not-utf8");
}

#[test]
fn broken_yaml_has_a_place() {
    let found = findings("a: 1\nb: [x\nc: 2\n");
    assert_eq!(found[0].code.name(), "source::syntax");
    assert!(found[0].place.is_some());
}
