//! A packed tree; what is read must be packed to the same tree again.
#![no_main]

use groundplan::source::{pack, unpack};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(root) = unpack(bytes) {
        assert_eq!(unpack(&pack(&root)), Some(root));
    }
});
