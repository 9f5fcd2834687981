//! Compiles the folder `baselines/` into the binary.
//!
//! Writes a table of path, text and, for YAML, the parsed tree, sorted by path, that `src/baselines.rs` includes, and the
//! SHA-256 of the whole. Text that is not valid YAML stops the build with its place. Every folder is named to cargo, so
//! that a new file rebuilds the table as a changed one does. The parser is the program's own, taken by path.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[expect(dead_code, unused_imports, unreachable_pub, reason = "the program's own modules, of which a build uses a part")]
#[path = "src/diag"]
mod diag {
    mod code;
    mod finding;

    pub use code::Code;
    pub use finding::{Finding, Level, Place, SourceFile, has_errors};
}
#[path = "src/source/mod.rs"]
#[expect(dead_code, unused_imports, unreachable_pub, reason = "the program's own modules, of which a build uses a part")]
mod source;
#[path = "src/sum.rs"]
#[expect(dead_code, unreachable_pub, reason = "the program's own modules, of which a build uses a part")]
mod sum;

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join("baselines");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    for own in ["build.rs", "src/diag/code.rs", "src/diag/finding.rs", "src/source", "src/sum.rs"] {
        println!("cargo::rerun-if-changed={own}");
    }
    let mut files = Vec::new();
    collect(&root, &mut files);
    // By the text of the path, as look-ups compare them: a file `de.yaml` stands before what is in the folder `de`.
    files.sort_by_key(|file| file.to_str().map(|path| path.replace('\\', "/")));

    let (mut table, mut trees, mut contents) = (String::from("&[\n"), source::Packed::default(), Vec::new());
    for file in files {
        let below = file.strip_prefix(&root).expect("collected below the root");
        let name = below.to_str().expect("file names in baselines/ are UTF-8").replace('\\', "/");
        let place = file.to_str().expect("file names in baselines/ are UTF-8");
        let bytes = fs::read(&file).expect("baselines/ is readable");
        let is_yaml = file.extension().is_some_and(|ending| ending == "yaml");
        let tree = if is_yaml { tree(&name, &bytes) } else { source::Packed::default() };
        let nodes = trees.nodes.len()..trees.nodes.len() + tree.nodes.len();
        let texts = trees.texts.len()..trees.texts.len() + tree.texts.len();
        writeln!(table, "    ({name:?}, include_str!({place:?}), {nodes:?}, {texts:?}),")
            .expect("writing to a String cannot fail");
        trees.nodes.extend(tree.nodes);
        trees.texts.push_str(&tree.texts);
        contents.push((name, bytes));
    }
    table.push(']');

    let sum = sum::sha256_of_files(contents.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    fs::write(out.join("baselines.in"), table).expect("OUT_DIR is writable");
    fs::write(out.join("baselines.trees"), trees.nodes).expect("OUT_DIR is writable");
    fs::write(out.join("baselines.texts"), trees.texts).expect("OUT_DIR is writable");
    fs::write(out.join("baselines.sum"), sum).expect("OUT_DIR is writable");
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

/// The packed tree of a YAML file.
fn tree(name: &str, bytes: &[u8]) -> source::Packed {
    let (document, findings) = source::parse(name, bytes, source::Limits::default());
    if let Some(finding) = findings.first() {
        let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
        panic!("baselines/{place}: {}", finding.message);
    }
    source::pack(&document.expect("`parse` gives a document or findings").root)
}
