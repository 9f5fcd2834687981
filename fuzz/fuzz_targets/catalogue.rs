//! A file of the policy content, of the kind that its first byte chooses, among small content.
#![no_main]

use libfuzzer_sys::fuzz_target;

const PLACES: [&str; 7] = [
    "decisions/z-own/own.yaml",
    "checks/own.yaml",
    "clients/own.yaml",
    "needs/raises.yaml",
    "presets/high.yaml",
    "lists/addressees.yaml",
    "lists/mdm.yaml",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, file)) = bytes.split_first() else { return };
    let place = PLACES[usize::from(*first) % PLACES.len()];
    groundplan_fuzz::load(&groundplan_fuzz::small_content().with_file(place.to_owned(), file.to_vec()));
});
