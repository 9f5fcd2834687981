//! A Group Policy registry file; what is read must be written again byte for byte.
#![no_main]

use groundplan::emit::registry::pol;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(records) = pol::read(bytes) {
        assert_eq!(pol::write(&records), bytes);
    }
});
