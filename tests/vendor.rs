//! The vendors' templates as files: what the importer makes of good and of bad ones, and an admin's store of them against
//! the baseline.
//!
//! The stores are written by the tests from the committed tables (`support/template.rs`). With `GROUNDPLAN_VENDOR_FILES`
//! set to a folder that holds `outlook/admx`, the vendor's own files are read besides.

#[path = "vendor/bad_input.rs"]
mod bad_input;
#[path = "vendor/mutants.rs"]
mod mutants;
#[path = "support/program.rs"]
#[expect(dead_code, reason = "shared with tests that need more of it")]
mod program;
#[path = "vendor/store.rs"]
mod store;
#[path = "support/template.rs"]
mod template;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use groundplan::baselines::Baselines;
use groundplan::vendor::admx::{File, Policy, Source, Templates, compare, read};
use program::groundplan;

static BASELINES: LazyLock<Baselines> = LazyLock::new(Baselines::embedded);

fn templates() -> Templates<'static> {
    Templates::new(&BASELINES).expect("the built-in templates are distinct")
}

fn policies(template: &str) -> Vec<Policy<'static>> {
    let templates = templates();
    let policy = |name: &str| templates.describe(&format!("{template}:{name}")).expect("a name of the template");
    templates.names_in(template).map(policy).collect()
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("vendor").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder is writable");
    folder
}

/// Runs the program in a folder.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = groundplan();
    command.args(["--color", "never", "vendor"]).args(arguments).current_dir(folder).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8")
}

#[test]
fn a_template_that_is_written_from_a_table_is_read_as_that_table() {
    let mut seen = 0;
    for template in templates().templates(None) {
        let ours = policies(template);
        let written = template::write(&ours);
        let (admx, adml) = (format!("{template}.admx"), format!("{template}.adml"));
        let texts = vec![("en-US", File { name: &adml, bytes: written.adml.as_bytes() })];
        let source = Source { template: File { name: &admx, bytes: written.admx.as_bytes() }, texts };
        let found = read(&source, &[]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(found.names().count(), ours.len());
        for policy in &ours {
            let (theirs, _) = found.policy(policy.name).expect("a policy that was written");
            assert_eq!(compare(policy, &theirs, true), [], "{template}:{}", policy.name);
            assert_eq!(policy.supported, theirs.supported, "{template}:{}", policy.name);
            seen += 1;
        }
    }
    assert_eq!(seen, 406 + 945 + 295 + 173 + 143 + 26 + 2 + 348 + 530);
}

/// Where the vendor's own files are at hand, Python's XML parser finds in them what the committed tables say. (That the
/// importer makes the tables of them is held in `vendor_files.rs`.)
#[test]
fn another_reader_of_the_vendors_files_finds_the_same_facts() {
    let Some(files) = std::env::var_os("GROUNDPLAN_VENDOR_FILES") else { return };
    let admx = Path::new(&files).join("outlook/admx");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vendor/read_admx.py");
    let mut seen = 0;
    for name in templates().templates(Some("office")) {
        let (file, texts) = (admx.join(format!("{name}.admx")), admx.join(format!("en-us/{name}.adml")));
        let output = Command::new("python3").arg(&script).args([file, texts]).output().expect("Python runs");
        assert!(output.status.success(), "{}", text(&output.stderr));
        let table = text(BASELINES.bytes(&format!("vendor/office/{name}.tsv")).expect("a committed table"));
        let facts: String = table.split_inclusive('\n').filter(|line| !line.starts_with('#')).collect();
        assert!(text(&output.stdout) == facts, "{name}: Python reads other facts");
        seen += 1;
    }
    assert_eq!(seen, 7);
}
