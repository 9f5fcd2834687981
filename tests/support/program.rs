//! The program that was built, and the trees that it writes.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program, with a fixed day.
pub(crate) fn groundplan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundplan"));
    command.args(["--today", "2026-11-01"]);
    command
}

/// Runs `generate` with these arguments.
pub(crate) fn generate(plan: &Path, arguments: &[&str]) -> Output {
    groundplan().arg("generate").arg(plan).args(arguments).output().expect("the program starts")
}

/// Fails with what the program said unless it ended with this code; gives what it said on stderr.
#[track_caller]
pub(crate) fn ended(output: &Output, code: i32) -> String {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{told}\n{}", String::from_utf8_lossy(&output.stdout));
    told
}

/// A plan of the examples.
pub(crate) fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// Everything below a folder: path to mode and bytes; of a link its target, of a folder nothing.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut tree = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder that can be read") {
            let path = entry.expect("an entry").path();
            let metadata = fs::symlink_metadata(&path).expect("an entry has metadata");
            let name = path.strip_prefix(folder).expect("below").to_str().expect("plain names").to_owned();
            let bytes = if metadata.is_dir() {
                open.push(path);
                Vec::new()
            } else if metadata.is_symlink() {
                fs::read_link(&path).expect("a link").into_os_string().into_encoded_bytes()
            } else {
                fs::read(&path).expect("a file that can be read")
            };
            tree.insert(name, (metadata.permissions().mode(), bytes));
        }
    }
    tree
}
