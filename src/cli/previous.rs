//! Reads what an earlier generation set, for `generate --previous`.
//!
//! In: the folder of an earlier run. Out: the registry values of each of its roles. The manifest says which files there are
//! and what was in them; a file that was changed since is refused, because nobody knows what computers have been given.

use std::path::{Path, PathBuf};

use super::exit::Failure;
use crate::emit::manifest::MANIFEST_VERSION;
use crate::emit::registry::{Previous, pol};
use crate::out::is_plain;
use crate::sum::sha256;
use crate::vendor::registry::Hive;

const MANIFEST: &str = "manifest.json";
/// The policy files of the two halves, in whichever folder.
const USER_POL: &str = "user.pol";
const MACHINE_POL: &str = "machine.pol";

/// What the run that wrote `folder` set.
///
/// # Errors
/// [`Failure::Read`] when a file is missing, [`Failure::Previous`] when the folder is not one of ours, of another form, or
/// changed.
pub(super) fn read(folder: &Path) -> Result<Previous, Failure> {
    let path = folder.join(MANIFEST);
    let bytes = contents(&path)?;
    let unknown =
        |problem: &str, help: &str| Failure::Previous { path: path.clone(), problem: problem.to_owned(), help: help.to_owned() };
    let manifest: serde_json::Value = serde_json::from_slice(&bytes)
        .map_err(|error| unknown(&format!("it is not JSON ({error})"), "name the folder that an earlier `generate` wrote"))?;
    if manifest["tool"]["name"] != env!("CARGO_PKG_NAME") {
        return Err(unknown("groundplan did not write it", "name the folder that an earlier `generate` wrote"));
    }
    if manifest["version"] != MANIFEST_VERSION {
        let problem = format!("its form is {}, and this program knows {MANIFEST_VERSION}", manifest["version"]);
        return Err(unknown(&problem, "use the version of groundplan that wrote it, or leave `--previous` out"));
    }
    let mut previous = Previous::default();
    for file in manifest["files"].as_array().into_iter().flatten() {
        let [Some(name), Some(role), Some(sum)] = ["path", "role", "sha256"].map(|key| file[key].as_str()) else { continue };
        let place = name.strip_prefix(role).and_then(|rest| rest.strip_prefix('/'));
        let (below, hive) = match place.and_then(|place| place.rsplit_once('/')) {
            Some((folder, USER_POL)) => (folder, Hive::User),
            Some((folder, MACHINE_POL)) => (folder, Hive::Machine),
            _ => continue,
        };
        if !is_plain(Path::new(name)) {
            return Err(unknown(&format!("`{name}` lies outside its folder"), "groundplan never writes such a manifest"));
        }
        let path = folder.join(name);
        let bytes = contents(&path)?;
        let changed = |problem: String| Failure::Previous {
            path: path.clone(),
            problem,
            help: "take an unchanged copy of what was rolled out".to_owned(),
        };
        if sha256(&bytes) != sum {
            return Err(changed("it is not the file that its manifest lists".to_owned()));
        }
        previous.add(role, below, hive, pol::read(&bytes).map_err(|error| changed(error.to_string()))?);
    }
    Ok(previous)
}

fn contents(path: &PathBuf) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|source| Failure::Read { path: path.clone(), source })
}
