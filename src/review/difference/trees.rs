//! Holds the manifests of two trees against each other: which files differ, and which decisions are behind them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{DIFFERENCE_VERSION, Difference, Direction};

/// A manifest is none.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// It is not JSON.
    #[error("read the manifest of `{tree}`")]
    Json {
        /// The tree.
        tree: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// It lacks what a manifest has.
    #[error("read the manifest of `{0}`: it names no files")]
    Form(String),
}

/// Compares two manifests, each with the name of its tree.
///
/// # Errors
/// [`TreeError`] when one is no manifest.
pub fn compare_trees(old: (&str, &[u8]), new: (&str, &[u8])) -> Result<Difference, TreeError> {
    let (before, after) = (read(old)?, read(new)?);
    let (old_files, new_files) = (files(old.0, &before)?, files(new.0, &after)?);
    let mut difference = Difference { version: DIFFERENCE_VERSION, ..Difference::default() };
    for path in old_files.keys().chain(new_files.keys()) {
        let direction = match (old_files.get(path), new_files.get(path)) {
            (Some((one, _)), Some((other, _))) if one == other => continue,
            (Some(_), Some(_)) => Direction::Changed,
            (None, _) => Direction::New,
            (_, None) => Direction::Gone,
        };
        difference.files.insert(path.clone(), direction);
        let decisions = new_files.get(path).or_else(|| old_files.get(path)).map(|(_, decisions)| decisions.clone());
        difference.decisions_by_file.insert(path.clone(), decisions.unwrap_or_default());
    }
    let roles = |manifest: &Value| -> BTreeSet<String> {
        let files = manifest["files"].as_array().into_iter().flatten();
        files.filter_map(|file| file["role"].as_str()).map(str::to_owned).collect()
    };
    let (old_roles, new_roles) = (roles(&before), roles(&after));
    difference.roles_new = new_roles.difference(&old_roles).cloned().collect();
    difference.roles_gone = old_roles.difference(&new_roles).cloned().collect();
    for (what, place) in
        [("plan", "/plan/sha256"), ("content", "/content_sha256"), ("program", "/tool/version"), ("versions", "/versions")]
    {
        let (one, other) = (before.pointer(place), after.pointer(place));
        if one != other {
            let spell =
                |value: Option<&Value>| value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            difference.made_of.push((what.to_owned(), spell(one).unwrap_or_default(), spell(other).unwrap_or_default()));
        }
    }
    Ok(difference)
}

fn read((tree, bytes): (&str, &[u8])) -> Result<Value, TreeError> {
    serde_json::from_slice(bytes).map_err(|source| TreeError::Json { tree: tree.to_owned(), source })
}

/// The files of roles and gateways: path to hash and decisions; papers stand in no folder.
fn files(tree: &str, manifest: &Value) -> Result<BTreeMap<String, (String, Vec<String>)>, TreeError> {
    let form = || TreeError::Form(tree.to_owned());
    let mut files = BTreeMap::new();
    for file in manifest["files"].as_array().ok_or_else(form)? {
        let (path, sum) = (file["path"].as_str().ok_or_else(form)?, file["sha256"].as_str().ok_or_else(form)?);
        if path.contains('/') {
            let decisions = file["decisions"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
            files.insert(path.to_owned(), (sum.to_owned(), decisions.collect()));
        }
    }
    Ok(files)
}
