//! A file of Apple's payload schema; what is imported must be taken as a table.
#![no_main]

use groundplan::baselines::Baselines;
use groundplan::vendor::apple;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(table) = apple::import(&[("own.yaml".to_owned(), bytes.to_vec())], "fuzzing") else { return };
    let amendments = "macOS\t\tversion\t15\tfuzzing\n";
    let content = Baselines::of_files([
        ("vendor/apple/payloads.tsv".to_owned(), table.into_bytes()),
        ("vendor/apple/account-declarations.tsv".to_owned(), Vec::new()),
        ("vendor/apple/managed-preferences.tsv".to_owned(), Vec::new()),
        ("vendor/apple/amendments.tsv".to_owned(), amendments.as_bytes().to_vec()),
    ]);
    let schema = apple::Schema::load(&content).expect("what was imported is a table");
    for name in schema.names() {
        assert!(schema.describe(&name).is_some(), "{name} is read back");
    }
});
