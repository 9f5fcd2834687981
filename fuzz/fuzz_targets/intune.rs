//! An export of Intune's settings catalogue; what is imported must be taken as a table.
#![no_main]

use groundplan::baselines::Baselines;
use groundplan::vendor::admx::Templates;
use groundplan::vendor::intune::{self, Intune};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let content = Baselines::embedded();
    let templates = Templates::new(&content).expect("the embedded content is whole");
    let Ok((table, _)) = intune::import(&[bytes.to_vec()], &templates, "fuzzing") else { return };
    let rows = table.lines().filter(|line| !line.starts_with('#')).count();
    // A table without rows is none.
    if rows > 0 {
        let content = content.with_file("vendor/intune/settings-catalog.tsv".to_owned(), table.into_bytes());
        let read = Intune::load(&content).expect("what was imported is a table");
        assert_eq!(read.defined().filter(|name| read.definition(name).is_some()).count(), rows);
    }
});
