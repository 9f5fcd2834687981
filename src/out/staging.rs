//! Stages a run beside its target and swaps it in.
//!
//! The staging folder has a fixed name, `.NAME.groundplan-new`, and is locked while a run uses it, so that a second run is
//! refused and the remains of a killed one are found and removed. Files of the target that the last manifest does not own
//! are linked into the staged tree before the swap (the same file, not a copy), and what appears in the meantime is moved
//! over afterwards.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::lock::lock;
use super::owned::{MANIFEST, Manifest, entries, holds_foreign, is_owned, is_plain, owned_files};
use super::swap::{BACKUP, exchange, recover, sync};
use super::{OutError, Sink};

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
    /// Held until the run is over: of the staged folder, and of the target where there is one.
    locks: [Option<File>; 2],
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
        swappable(&target)?;
        let parent = target.parent().expect("`resolved` gives an absolute path with a name");
        fs::create_dir_all(parent).map_err(|e| OutError::io("make", parent, e))?;
        let staged = beside(&target, STAGED);
        let remains = match fs::create_dir(&staged) {
            Ok(()) => false,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => true,
            Err(error) => return Err(OutError::io("make", &staged, error)),
        };
        let staged_lock = lock(&staged, &target)?;
        // Remains that were not looked through yet are not removed if this run fails.
        let mut staging = Self {
            target,
            staged,
            made: BTreeSet::new(),
            folders: BTreeSet::new(),
            finished: remains,
            locks: [staged_lock, None],
        };
        recover(&staging.target).map_err(|e| OutError::io("bring back", &staging.target, e))?;
        if staging.target.exists() {
            staging.locks[1] = lock(&staging.target, &staging.target)?;
        }
        if remains {
            staging.tidy(&staging.staged)?;
            staging.finished = false;
        }
        let backup = beside(&staging.target, BACKUP);
        if backup.is_dir() {
            staging.tidy(&backup)?;
            remove_tree(&backup)?;
        }
        if let Some(manifest) = Manifest::read(&staging.target)?
            && manifest.selection.as_deref() != selection
        {
            let holds = manifest.selection.unwrap_or_else(|| "the whole plan".to_owned());
            return Err(OutError::Selection { path: staging.target.clone(), holds });
        }
        Ok(staging)
    }

    /// Empties the remains of a run that was killed: nobody holds their lock.
    ///
    /// Killed after the swap, they are the old tree, and may hold what appeared there in the meantime.
    fn tidy(&self, remains: &Path) -> Result<(), OutError> {
        if let Ok(Some(manifest)) = Manifest::read(remains)
            && self.target.exists()
        {
            rescue(remains, &self.target, Path::new(""), &manifest.owned)?;
        }
        empty(remains)
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
            exchange(&self.staged, &self.target).map_err(|e| replacing(&self.target, e))?;
            // What the target holds now is complete; the rest is tidying, which the next run repeats if this one ends here.
            self.finished = true;
            rescue(&self.staged, &self.target, Path::new(""), &owned)?;
        } else {
            sync(&self.staged).map_err(|e| OutError::io("write", &self.staged, e))?;
            fs::rename(&self.staged, &self.target).map_err(|e| OutError::io("make", &self.target, e))?;
            self.finished = true;
            // The name is free, and may already be another run's.
            return Ok(());
        }
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

/// Refuses a target that cannot be swapped.
#[cfg(unix)]
fn swappable(target: &Path) -> Result<(), OutError> {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(of_target), Some(Ok(of_parent))) = (fs::metadata(target), target.parent().map(fs::metadata)) else { return Ok(()) };
    if of_target.dev() != of_parent.dev() {
        return Err(OutError::MountPoint { path: target.to_owned() });
    }
    // Whoever stands in a folder that is swapped away stands in a folder that is no more.
    if std::env::current_dir().and_then(fs::canonicalize).is_ok_and(|here| here.starts_with(target)) {
        return Err(OutError::Here { path: target.to_owned() });
    }
    Ok(())
}

/// Refuses a target that cannot be swapped.
#[cfg(not(unix))]
fn swappable(_target: &Path) -> Result<(), OutError> {
    Ok(())
}

/// Why a folder could not be replaced; one that is mounted from the same file system shows only now.
fn replacing(target: &Path, error: io::Error) -> OutError {
    match error.kind() {
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => OutError::MountPoint { path: target.to_owned() },
        _ => OutError::io("replace", target, error),
    }
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

/// Empties a folder that was staged or swapped out, its manifest first: without one nobody looks for foreign files in what
/// is left if the run ends here.
fn empty(folder: &Path) -> Result<(), OutError> {
    gone(&folder.join(MANIFEST), |path| fs::remove_file(path))?;
    for entry in entries(folder)? {
        let is_folder = entry.file_type().map_err(|e| OutError::io("read", &entry.path(), e))?.is_dir();
        gone(&entry.path(), |path| if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) })?;
    }
    Ok(())
}

fn remove_tree(folder: &Path) -> Result<(), OutError> {
    empty(folder)?;
    gone(folder, |path| fs::remove_dir(path))
}

/// Removes what may be gone already.
fn gone(path: &Path, remove: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), OutError> {
    match remove(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(OutError::io("remove", path, error)),
        _ => Ok(()),
    }
}
