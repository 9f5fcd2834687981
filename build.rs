//! Compiles the folder `baselines/` into the binary.
//!
//! Writes a table of path and bytes, sorted by path, that `src/baselines.rs` includes. Every folder is named to cargo, so
//! that a new file rebuilds the table as a changed one does.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join("baselines");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();

    let mut table = String::from("&[\n");
    for file in &files {
        let name =
            file.strip_prefix(&root).expect("collected below the root").to_str().expect("file names in baselines/ are UTF-8");
        let place = file.to_str().expect("file names in baselines/ are UTF-8");
        writeln!(table, "    ({:?}, include_bytes!({:?})),", name.replace('\\', "/"), place)
            .expect("writing to a String cannot fail");
    }
    table.push(']');

    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("baselines.in"), table).expect("OUT_DIR is writable");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).expect("baselines/ is readable") {
        let path = entry.expect("baselines/ is readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
}
