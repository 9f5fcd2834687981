//! Which files of a folder are groundplan's: those that the manifest of the last run lists, and no others.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path};

use super::OutError;

/// The file that lists which files are groundplan's.
pub(super) const MANIFEST: &str = "manifest.json";
/// The files that no manifest lists: itself, and the sums that cover it.
const UNLISTED: [&str; 2] = [MANIFEST, "SHA256SUMS"];

/// The files below `target` that the last run made, by its manifest.
///
/// # Errors
/// [`OutError::Manifest`] when there is a manifest that cannot be understood.
pub(super) fn owned_files(target: &Path) -> Result<BTreeSet<String>, OutError> {
    Ok(Manifest::read(target)?.map(|manifest| manifest.owned).unwrap_or_default())
}

/// What the last run left word of.
pub(super) struct Manifest {
    /// The files, the unlisted ones among them.
    pub(super) owned: BTreeSet<String>,
    /// What was chosen of the plan.
    pub(super) selection: Option<String>,
}

impl Manifest {
    /// Reads the manifest of a folder; `None` when there is none.
    ///
    /// # Errors
    /// [`OutError::Manifest`] when it cannot be understood, or names files outside the folder.
    pub(super) fn read(target: &Path) -> Result<Option<Self>, OutError> {
        let path = target.join(MANIFEST);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(OutError::io("read", &path, error)),
        };
        let foreign = || OutError::Manifest { path: path.clone() };
        let manifest: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| foreign())?;
        if manifest["tool"]["name"] != env!("CARGO_PKG_NAME") {
            return Err(foreign());
        }
        let files = manifest["files"].as_array().ok_or_else(foreign)?;
        let plain = |file: &serde_json::Value| file["path"].as_str().filter(|path| is_plain(Path::new(path))).map(str::to_owned);
        let mut owned: BTreeSet<String> = files.iter().map(plain).collect::<Option<_>>().ok_or_else(foreign)?;
        owned.extend(UNLISTED.map(str::to_owned));
        Ok(Some(Self { owned, selection: manifest["selection"].as_str().map(str::to_owned) }))
    }
}

/// Whether a path only goes down.
pub(crate) fn is_plain(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_))) && path.components().next().is_some()
}

/// Whether a file is one of the last run.
pub(super) fn is_owned(name: &Path, owned: &BTreeSet<String>) -> bool {
    name.to_str().is_some_and(|name| owned.contains(&name.replace('\\', "/")))
}

/// The entries of a folder.
///
/// # Errors
/// [`OutError::Io`] when it cannot be read.
pub(super) fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, OutError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect);
    entries.map_err(|e| OutError::io("read", folder, e))
}

/// Whether a folder holds something that is not ours; an empty folder is not ours.
pub(super) fn holds_foreign(folder: &Path, name: &Path, owned: &BTreeSet<String>) -> Result<bool, OutError> {
    let entries = entries(folder)?;
    for entry in &entries {
        let name = name.join(entry.file_name());
        let foreign = match entry.file_type().map_err(|e| OutError::io("read", folder, e))? {
            kind if kind.is_dir() => holds_foreign(&entry.path(), &name, owned)?,
            _ => !is_owned(&name, owned),
        };
        if foreign {
            return Ok(true);
        }
    }
    Ok(entries.is_empty())
}
