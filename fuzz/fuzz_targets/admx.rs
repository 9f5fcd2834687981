//! A template and its texts, divided by [`BETWEEN`]; what is imported must be taken as a table.
#![no_main]

use groundplan::baselines::Baselines;
use groundplan::vendor::admx;
use libfuzzer_sys::fuzz_target;

/// Stands in no file of the format, neither as UTF-8 nor as UTF-16.
const BETWEEN: &[u8] = b"\n=== adml\n";

fuzz_target!(|bytes: &[u8]| {
    let at = bytes.windows(BETWEEN.len()).position(|window| window == BETWEEN).unwrap_or(bytes.len());
    let (template, texts) = (&bytes[..at], bytes.get(at + BETWEEN.len()..).unwrap_or_default());
    let texts = vec![("en-US", admx::File { name: "own.adml", bytes: texts })];
    let source = admx::Source { template: admx::File { name: "own.admx", bytes: template }, texts };
    let Ok(table) = admx::import(&source, &[], "fuzzing") else { return };
    let content = Baselines::of_files([("vendor/office/own.tsv".to_owned(), table.into_bytes())]);
    let templates = admx::Templates::new(&content).expect("there is one table");
    for name in templates.names() {
        assert!(templates.describe(&name).is_some(), "{name} is read back");
    }
});
