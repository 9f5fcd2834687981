//! Mozilla's policy schema and the module with the allow list; what is imported must be taken as a table.
#![no_main]

use groundplan::baselines::Baselines;
use groundplan::vendor::{Schemas, thunderbird};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = thunderbird::import_allow_list(bytes, "153", "fuzzing");
    let Ok(table) = thunderbird::import_policies(bytes, "153", "fuzzing") else { return };
    let content = Baselines::embedded().with_file("vendor/thunderbird/policies-153.tsv".to_owned(), table.into_bytes());
    let schema = thunderbird::Schema::new(&content, "153").expect("what was imported is a table");
    for name in schema.names().take_while(|name| !name.contains('.')) {
        assert!(schema.describe(name).is_some(), "{name} is read back");
    }
    drop(Schemas::load(&content));
});
