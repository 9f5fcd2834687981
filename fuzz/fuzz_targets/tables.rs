//! A compact table of the kind that its first byte chooses, laid over small content and asked for everything in it.
#![no_main]

use libfuzzer_sys::fuzz_target;

const PLACES: [&str; 10] = [
    "vendor/office/own16.tsv",
    "vendor/apple/payloads.tsv",
    "vendor/apple/managed-preferences.tsv",
    "vendor/apple/amendments.tsv",
    "vendor/thunderbird/policies-153.tsv",
    "vendor/thunderbird/preferences-153.tsv",
    "vendor/thunderbird/preferences-policy.tsv",
    "vendor/thunderbird/account-preferences.tsv",
    "vendor/thunderbird/faults.tsv",
    "scripts/linux/parameters.tsv",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, file)) = bytes.split_first() else { return };
    let place = PLACES[usize::from(*first) % PLACES.len()];
    groundplan_fuzz::ask(&groundplan_fuzz::small_content().with_file(place.to_owned(), file.to_vec()));
});
