//! A `GSettings` schema or a description of `KConfig`, by both readers; what is imported must be taken as a table.
#![no_main]

use groundplan::baselines::Baselines;
use groundplan::vendor::admx::File;
use groundplan::vendor::desktop::{Tables, import_gsettings, import_kconfig};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = [File { name: "own.xml", bytes }];
    let tables = [
        import_gsettings(&file, "Own", "1.0", "fuzzing"),
        import_kconfig(&file, "Own", "1.0", "fuzzing", None),
        import_kconfig(&file, "Own", "1.0", "fuzzing", Some("ownrc")),
    ];
    for table in tables.into_iter().flatten() {
        let content = Baselines::of_files([("vendor/own/settings-1.0.tsv".to_owned(), table.into_bytes())]);
        let known = Tables::new(&content);
        assert_eq!(known.verify(&content), Ok(()));
        for name in known.names() {
            let _ = known.check(&name, &true.to_string().as_str().into());
        }
    }
});
