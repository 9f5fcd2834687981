//! Whether every file of the folder is one that somebody reads: what nobody reads would be silently without effect.

use crate::baselines::Baselines;
use crate::diag::{Code, Finding, Place, SourceFile};
use crate::vendor::nearest;

/// Folders in which every file of the ending counts, whatever its name.
const OPEN: [(&str, &str); 6] = [
    ("decisions/", ".yaml"),
    ("hardening/", ".yaml"),
    ("checks/", ".yaml"),
    ("clients/", ".yaml"),
    ("presets/", ".yaml"),
    ("vendor/office/", ".tsv"),
];

/// A finding for each file that no part of the program reads, and one when there is none at all that does.
pub fn check_files(baselines: &Baselines) -> Vec<Finding> {
    let built_in = Baselines::embedded();
    let read = |path: &str| {
        OPEN.iter().any(|(folder, ending)| path.starts_with(folder) && path.ends_with(ending))
            || built_in.below("").any(|(known, _)| without_numbers(known) == without_numbers(path))
    };
    let mut findings = Vec::new();
    let mut content = 0;
    for path in baselines.own() {
        if read(path) {
            content += 1;
        } else if !path.to_ascii_lowercase().ends_with(".md") {
            findings.push(unread(path, &built_in));
        }
    }
    if content == 0 && findings.is_empty() {
        let help = format!("own content stands below {}", folders());
        findings.push(Finding::error(Code::CatalogueFile, "the folder holds no file of the policy content").help(help));
    }
    findings
}

fn unread(path: &str, built_in: &Baselines) -> Finding {
    let (folder, rest) = path.split_once('/').unwrap_or(("", path));
    let tops =
        OPEN.iter().map(|(folder, _)| folder.split('/').next().unwrap_or(folder)).chain(["lists", "needs", "scripts", "vendor"]);
    let other_ending = OPEN.iter().find(|(open, ending)| path.starts_with(open) && !path.ends_with(ending));
    let help = if let Some((open, ending)) = other_ending {
        format!("files of `{open}` end in `{ending}`")
    } else if let Some(top) = nearest(folder, tops.clone()).filter(|top| top != folder && !rest.is_empty()) {
        format!("did you mean `{top}/{rest}`?")
    } else if let Some(near) =
        nearest(path, built_in.below("").map(|(known, _)| known)).filter(|_| tops.clone().any(|top| top == folder))
    {
        format!("did you mean `{near}`? Here a file can only replace one of the same path")
    } else {
        format!("own content stands below {}", folders())
    };
    let place = Place { file: SourceFile::new(path, ""), span: 0..0 };
    Finding::error(Code::CatalogueFile, format!("nothing reads the file `{path}`")).at(place).help(help)
}

fn folders() -> String {
    OPEN.iter().map(|(folder, ending)| format!("`{folder}…{ending}`")).collect::<Vec<_>>().join(", ")
}

/// A path with every number as `#`: a table of another version has the name of one that is known.
fn without_numbers(path: &str) -> String {
    let mut kept = String::new();
    for character in path.chars() {
        match character {
            '0'..='9' if kept.ends_with('#') => {}
            '0'..='9' => kept.push('#'),
            other => kept.push(other),
        }
    }
    kept
}
