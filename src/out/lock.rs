//! Keeps two runs from writing to one target at the same time.
//!
//! A run holds the lock of the folder that it stages in and of the target itself: after the swap the two have changed
//! places, and whoever comes next must find a lock under both names until the run is over.

use std::fs::File;
#[cfg(unix)]
use std::fs::TryLockError;
use std::path::Path;

use super::OutError;

/// Locks a folder for this run.
///
/// # Errors
/// [`OutError::Busy`] when another run holds it, or swapped the folder away between two looks.
#[cfg(unix)]
pub(super) fn lock(folder: &Path, target: &Path) -> Result<Option<File>, OutError> {
    use std::os::unix::fs::MetadataExt as _;
    let busy = || OutError::Busy { path: target.to_owned() };
    let failed = |source| OutError::io("lock", folder, source);
    let file = match File::open(folder) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(busy()),
        Err(error) => return Err(failed(error)),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(busy()),
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let held = file.metadata().map_err(failed)?;
    let named = std::fs::symlink_metadata(folder).map_err(|_| busy())?;
    if (held.dev(), held.ino()) == (named.dev(), named.ino()) { Ok(Some(file)) } else { Err(busy()) }
}

/// Folders cannot be locked here.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub(super) fn lock(_folder: &Path, _target: &Path) -> Result<Option<File>, OutError> {
    Ok(None)
}
