//! Stages a run beside its target and swaps it in.
//!
//! The staging folder has a fixed name, `.NAME.groundplan-new`, and is locked while a run uses it, so that a second run is
//! refused and the remains of a killed one are found and removed. Files of the target that the last manifest does not own
//! are linked into the staged tree before the swap (the same file, not a copy), and what appears in the meantime is moved
//! over afterwards.

use std::collections::BTreeSet;
#[cfg(unix)]
use std::fs::TryLockError;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use super::swap::{exchange, recover, sync};
use super::{OutError, Sink};

/// The file that lists which files are groundplan's.
const MANIFEST: &str = "manifest.json";
/// The files that no manifest lists: itself, and the sums that cover it.
const UNLISTED: [&str; 2] = [MANIFEST, "SHA256SUMS"];
const STAGED: &str = "groundplan-new";

/// The path of a companion of `target` in the same folder: `.NAME.SUFFIX`.
pub(super) fn beside(target: &Path, suffix: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{suffix}"))
}

/// A run in the making. Dropped without [`Staging::commit`] it leaves nothing behind.
#[derive(Debug)]
pub struct Staging {
    target: PathBuf,
    staged: PathBuf,
    made: BTreeSet<String>,
    folders: BTreeSet<PathBuf>,
    finished: bool,
    // Held for the lock on the staged folder.
    _lock: Option<File>,
}

impl Staging {
    /// Starts a run that will replace `target`; `selection` is what was chosen of the plan, `None` for all of it.
    ///
    /// # Errors
    /// [`OutError`] when the target is no folder or holds another selection, its parent cannot be written, or another run
    /// is under way.
    ///
    /// # Panics
    /// Never: a resolved target has a parent.
    pub fn begin(target: &Path, selection: Option<&str>) -> Result<Self, OutError> {
        let target = resolved(target)?;
        if let Some(manifest) = Manifest::read(&target)?
            && manifest.selection.as_deref() != selection
        {
            return Err(OutError::Selection {
                path: target,
                holds: manifest.selection.unwrap_or_else(|| "the whole plan".to_owned()),
            });
        }
        let parent = target.parent().expect("`resolved` gives an absolute path with a name");
        fs::create_dir_all(parent).map_err(|e| OutError::io("make", parent, e))?;
        recover(&target).map_err(|e| OutError::io("bring back", &target, e))?;
        let staged = beside(&target, STAGED);
        let lock = match fs::create_dir(&staged) {
            Ok(()) => lock(&staged, &target)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let lock = lock(&staged, &target)?;
                // The remains of a run that was killed: nobody holds their lock.
                for entry in entries(&staged)? {
                    let path = entry.path();
                    let folder = entry.file_type().map_err(|e| OutError::io("read", &path, e))?.is_dir();
                    if folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }
                        .map_err(|e| OutError::io("remove", &path, e))?;
                }
                lock
            }
            Err(error) => return Err(OutError::io("make", &staged, error)),
        };
        Ok(Self { target, staged, made: BTreeSet::new(), folders: BTreeSet::new(), finished: false, _lock: lock })
    }

    /// Swaps the staged tree in.
    ///
    /// # Errors
    /// [`OutError`]; then the target is as it was.
    pub fn commit(mut self) -> Result<(), OutError> {
        if self.target.exists() {
            let owned = owned_files(&self.target)?;
            self.take_over(&self.target, Path::new(""), &owned)?;
            let mode = fs::metadata(&self.target).map_err(|e| OutError::io("read", &self.target, e))?.permissions();
            fs::set_permissions(&self.staged, mode).map_err(|e| OutError::io("set the mode of", &self.staged, e))?;
            sync(&self.staged).map_err(|e| OutError::io("write", &self.staged, e))?;
            exchange(&self.staged, &self.target).map_err(|e| OutError::io("replace", &self.target, e))?;
            // What the target holds now is complete; the rest is tidying, which the next run repeats if this one ends here.
            rescue(&self.staged, &self.target, Path::new(""), &owned)?;
        } else {
            sync(&self.staged).map_err(|e| OutError::io("write", &self.staged, e))?;
            fs::rename(&self.staged, &self.target).map_err(|e| OutError::io("make", &self.target, e))?;
        }
        self.finished = true;
        remove_tree(&self.staged)
    }

    /// Links what is not ours from the target into the staged tree.
    fn take_over(&self, target: &Path, below: &Path, owned: &BTreeSet<String>) -> Result<(), OutError> {
        let folder = target.join(below);
        for entry in entries(&folder)? {
            let name = below.join(entry.file_name());
            let (from, to) = (target.join(&name), self.staged.join(&name));
            if entry.file_type().map_err(|e| OutError::io("read", &from, e))?.is_dir() {
                if holds_foreign(&from, &name, owned)? {
                    match fs::create_dir(&to) {
                        Ok(()) => {
                            let mode = fs::metadata(&from).map_err(|e| OutError::io("read", &from, e))?.permissions();
                            fs::set_permissions(&to, mode).map_err(|e| OutError::io("set the mode of", &to, e))?;
                        }
                        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && to.is_dir() => {}
                        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                            return Err(OutError::Foreign { path: from });
                        }
                        Err(error) => return Err(OutError::io("make", &to, error)),
                    }
                    self.take_over(target, &name, owned)?;
                }
            } else if !is_owned(&name, owned) {
                fs::hard_link(&from, &to).map_err(|error| match error.kind() {
                    io::ErrorKind::AlreadyExists => OutError::Foreign { path: from.clone() },
                    _ => OutError::io("keep", &from, error),
                })?;
            }
        }
        Ok(())
    }
}

impl Sink for Staging {
    fn put(&mut self, path: &str, bytes: &[u8], executable: bool) -> Result<(), OutError> {
        debug_assert!(is_plain(Path::new(path)), "artifacts have plain relative paths");
        let place = self.staged.join(path);
        let folder = place.parent().expect("an artifact lies in a folder");
        if self.folders.insert(folder.to_owned()) {
            fs::create_dir_all(folder).map_err(|e| OutError::io("make", folder, e))?;
        }
        let mut file = create(&place, executable).map_err(|e| OutError::io("write", &place, e))?;
        file.write_all(bytes).map_err(|e| OutError::io("write", &place, e))?;
        self.made.insert(path.to_owned());
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.finished {
            // The run failed already, and the next one removes what stays here.
            let _ = remove_tree(&self.staged);
        }
    }
}

/// Locks the staged folder for this run.
#[cfg(unix)]
fn lock(staged: &Path, target: &Path) -> Result<Option<File>, OutError> {
    let folder = File::open(staged).map_err(|e| OutError::io("read", staged, e))?;
    match folder.try_lock() {
        Ok(()) => Ok(Some(folder)),
        Err(TryLockError::WouldBlock) => Err(OutError::Busy { path: target.to_owned() }),
        Err(TryLockError::Error(error)) => Err(OutError::io("lock", staged, error)),
    }
}

/// Folders cannot be locked here.
#[cfg(not(unix))]
fn lock(_staged: &Path, _target: &Path) -> Result<Option<File>, OutError> {
    Ok(None)
}

/// Creates a file with its mode, whatever the umask of the run.
#[cfg(unix)]
fn create(path: &Path, executable: bool) -> io::Result<File> {
    use std::os::unix::fs::PermissionsExt as _;
    let file = File::options().write(true).create_new(true).open(path)?;
    file.set_permissions(fs::Permissions::from_mode(if executable { 0o755 } else { 0o644 }))?;
    Ok(file)
}

#[cfg(not(unix))]
fn create(path: &Path, _executable: bool) -> io::Result<File> {
    File::options().write(true).create_new(true).open(path)
}

/// The target as an absolute path without links in it.
fn resolved(target: &Path) -> Result<PathBuf, OutError> {
    match fs::metadata(target) {
        Ok(metadata) if !metadata.is_dir() => Err(OutError::NotAFolder { path: target.to_owned() }),
        Ok(_) => {
            let resolved = fs::canonicalize(target).map_err(|e| OutError::io("read", target, e))?;
            if resolved.parent().is_none() { Err(OutError::NotAFolder { path: resolved }) } else { Ok(resolved) }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let absolute = std::path::absolute(target).map_err(|e| OutError::io("read", target, e))?;
            if absolute.file_name().is_some() { Ok(absolute) } else { Err(OutError::NotAFolder { path: absolute }) }
        }
        Err(error) => Err(OutError::io("read", target, error)),
    }
}

/// The files below `target` that the last run made, by its manifest.
///
/// # Errors
/// [`OutError::Manifest`] when there is a manifest that cannot be understood.
pub(super) fn owned_files(target: &Path) -> Result<BTreeSet<String>, OutError> {
    Ok(Manifest::read(target)?.map(|manifest| manifest.owned).unwrap_or_default())
}

/// What the last run left word of.
struct Manifest {
    owned: BTreeSet<String>,
    selection: Option<String>,
}

impl Manifest {
    fn read(target: &Path) -> Result<Option<Self>, OutError> {
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
fn is_plain(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_))) && path.components().next().is_some()
}

fn is_owned(name: &Path, owned: &BTreeSet<String>) -> bool {
    name.to_str().is_some_and(|name| owned.contains(&name.replace('\\', "/")))
}

fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, OutError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect);
    entries.map_err(|e| OutError::io("read", folder, e))
}

/// Whether a folder holds something that is not ours; an empty folder is not ours.
fn holds_foreign(folder: &Path, name: &Path, owned: &BTreeSet<String>) -> Result<bool, OutError> {
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

/// Moves what appeared in the old tree after it was taken over.
fn rescue(old: &Path, target: &Path, below: &Path, owned: &BTreeSet<String>) -> Result<(), OutError> {
    for entry in entries(&old.join(below))? {
        let name = below.join(entry.file_name());
        let (from, to) = (old.join(&name), target.join(&name));
        let is_folder = entry.file_type().map_err(|e| OutError::io("read", &from, e))?.is_dir();
        if is_folder && to.is_dir() {
            rescue(old, target, &name, owned)?;
        } else if (is_folder && holds_foreign(&from, &name, owned)?)
            || (!is_folder && !is_owned(&name, owned) && fs::symlink_metadata(&to).is_err())
        {
            fs::rename(&from, &to).map_err(|e| OutError::io("keep", &from, e))?;
        }
    }
    Ok(())
}

fn remove_tree(folder: &Path) -> Result<(), OutError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(OutError::io("remove", folder, error)),
        _ => Ok(()),
    }
}
