//! A condition and a value of a rule: the text up to the first line end, and the rest.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (when, set) = text.split_once('\n').unwrap_or((text, "true"));
    let set = set.replace('\n', " ");
    let file = format!(
        "decision: own\nnumber: 99\nquestion: Which?\nasked: []\nshape: flag\ndefault: false\ndecides: [ADM]\nsettings:\n  thunderbird:\n    DisableTelemetry:\n      when: {when}\n      set: {set}\n      cite: [x]\n"
    );
    let content = groundplan_fuzz::small_content().with_file("decisions/z-own/own.yaml".to_owned(), file.into_bytes());
    groundplan_fuzz::load(&content);
});
