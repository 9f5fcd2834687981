//! A list of preferences as CSV, by both readers of such lists.
#![no_main]

use groundplan::vendor::{apple, thunderbird};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for table in [apple::import_preferences(bytes, "fuzzing").ok(), thunderbird::import_preferences(bytes, "153", "fuzzing").ok()] {
        let Some(table) = table else { continue };
        assert!(table.starts_with("# ") && table.ends_with('\n') && !table.contains(['\r', '\0']), "{table:?}");
    }
});
