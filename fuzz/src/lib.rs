//! What several fuzz targets need: small content, and the ways by which everything that a reader found is used.
//!
//! A target hands bytes to one reader. A panic, a time-out or too much memory is what the fuzzer looks for; besides, each
//! target holds what was read against a promise of the reader, so that wrong answers count as well.

use groundplan::baseline::check_content;
use groundplan::baselines::Baselines;
use groundplan::catalogue::load_catalogue;
use groundplan::diag::{Finding, json, sarif, text};
use groundplan::vendor::{Query, Schemas, Versions};

/// Few decisions, of each shape that conditions and templates treat apart.
const DECISIONS: &str = include_str!("decisions.txt");

/// The files of a content that is small enough to be loaded thousands of times in a second.
pub fn small_content() -> Baselines {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for part in DECISIONS.split("=== ").skip(1) {
        let (path, file) = part.split_once('\n').expect("a path stands on a line of its own");
        files.push((path.to_owned(), file.as_bytes().to_vec()));
    }
    let embedded = Baselines::embedded();
    for path in ["vendor/thunderbird/", "vendor/apple/", "scripts/linux/parameters.tsv"] {
        files.extend(embedded.below(path).map(|(path, bytes)| (path.to_owned(), short(bytes))));
    }
    Baselines::of_files(files)
}

/// The first lines of a table, so that loading it costs little.
fn short(bytes: &[u8]) -> Vec<u8> {
    bytes.split_inclusive(|&byte| byte == b'\n').take(120).flatten().copied().collect()
}

/// Loads content up to the vendors' schemas, and shows what is wrong in every form.
pub fn load(content: &Baselines) {
    match load_catalogue(content) {
        Err(findings) => {
            assert!(!findings.is_empty(), "content is refused with a reason");
            show(&findings);
        }
        Ok(catalogue) => {
            if let Ok(schemas) = Schemas::load(content) {
                show(&check_content(&catalogue, &schemas, content));
            }
        }
    }
}

/// Writes findings as text, JSON and SARIF; each place must lie in its file.
pub fn show(findings: &[Finding]) {
    for place in findings.iter().flat_map(|finding| finding.place.iter().chain(finding.also.iter().map(|(place, _)| place))) {
        assert!(place.file.text.get(place.span.clone()).is_some(), "{place} is in its file");
    }
    let few = &findings[..findings.len().min(20)];
    let _ = (text::render(few, false), json::render(few), sarif::render(few));
}

/// Asks everything of schemas that a user can ask.
pub fn ask(content: &Baselines) {
    let Ok(schemas) = Schemas::load(content) else { return };
    let values = ["~", "true", "1", "text", "[a, 1]", "{ a: { b: [c] }, state: enabled }", "enabled"].map(value);
    let hits = schemas.search(&Query::new(""));
    for name in hits.iter().take(200).map(|hit| &hit.name) {
        let _ = schemas.describe(name);
        let _ = schemas.also_written_by(name, &Versions::default());
        for value in values.iter().flatten() {
            let typed = schemas.check(name, value, &Versions::default());
            let _ = schemas.check_companions(typed.iter(), &Versions::default());
        }
    }
    for text in ["a", "ß x", "hkcu\\software"] {
        let _ = schemas.search(&Query::new(text));
    }
    let _ = (schemas.names().count(), schemas.known_versions());
}

fn value(text: &str) -> Option<groundplan::value::Value> {
    use groundplan::value::Value;
    Some(match text {
        "true" => Value::Flag(true),
        "1" => Value::Number(1),
        "[a, 1]" => Value::List(vec!["a".into(), Value::Number(1)]),
        "~" => return None,
        text if text.starts_with('{') => {
            let inner = Value::Map([("b".to_owned(), Value::List(vec!["c".into()]))].into());
            Value::Map([("a".to_owned(), inner), ("state".to_owned(), "enabled".into())].into())
        }
        text => text.into(),
    })
}
