//! The committed tables are what the importers make of the vendors' files, byte by byte.
//!
//! The files themselves may not come into the repository. Where `GROUNDPLAN_VENDOR_FILES` names a folder that has them, every
//! table whose files are there is made again by `scripts/import` and compared; which file belongs to which table, the headers say.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside test functions")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The imported tables below a folder of tables, by name.
fn imported(folder: &Path) -> BTreeMap<String, String> {
    let mut tables = BTreeMap::new();
    for vendor in fs::read_dir(folder).unwrap() {
        for file in fs::read_dir(vendor.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let header = text.lines().take_while(|line| line.starts_with('#'));
            if header.into_iter().any(|line| line.contains("groundplan vendor import")) {
                tables.insert(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned(), text);
            }
        }
    }
    tables
}

#[test]
fn every_imported_table_says_what_it_was_made_from() {
    let tables = imported(Path::new("baselines/vendor"));
    assert!(tables.len() >= 9, "{:?}", tables.keys());
    for (name, text) in tables {
        let header: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
        let has = |word: &str| header.iter().any(|line| line.to_lowercase().contains(word));
        assert!(has("origin: ") && has("sha-256"), "{name}: {header:?}");
        assert!(has("licence") || has("facts taken from") || has("facts only") || has("mit,"), "{name}: {header:?}");
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "what was left out must be seen")]
fn the_vendors_files_give_exactly_the_committed_tables() {
    let Some(files) = std::env::var_os("GROUNDPLAN_VENDOR_FILES") else {
        eprintln!(
            "\n*** LEFT OUT: GROUNDPLAN_VENDOR_FILES names no folder; the tables were NOT compared with the vendors' files ***\n"
        );
        return;
    };
    let made = tempfile::tempdir().unwrap();
    let output = Command::new("scripts/import")
        .args([files.as_os_str(), made.path().as_os_str()])
        .env("GROUNDPLAN", env!("CARGO_BIN_EXE_groundplan"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{told}");
    let committed = imported(Path::new("baselines/vendor"));
    let again = imported(made.path());
    assert!(!again.is_empty(), "the folder holds no file of any table: {told}");
    for (name, text) in &again {
        assert_eq!(Some(text), committed.get(name), "{name}");
    }
    // What is not there is said by name, so that each table is either compared or known not to be.
    for name in committed.keys().filter(|name| !again.contains_key(*name)) {
        assert!(told.contains(&format!("left alone: {name}")), "{name} is neither made nor left alone: {told}");
    }
    eprintln!("{} of {} tables made again\n{told}", again.len(), committed.len());
}
