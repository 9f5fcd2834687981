//! Puts one folder in the place of another in a single step.

use std::fs;
use std::io;
use std::path::Path;

/// Exchanges two folders, so that at every moment `target` is the old one or the new one.
///
/// # Errors
/// What the system says; then nothing has moved.
#[cfg(any(target_os = "linux", target_os = "macos"))]
pub(super) fn exchange(staged: &Path, target: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, staged, CWD, target, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        // Not every file system can exchange.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => two_renames(staged, target),
        Err(error) => Err(error.into()),
    }
}

/// Exchanges two folders.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub(super) fn exchange(staged: &Path, target: &Path) -> io::Result<()> {
    two_renames(staged, target)
}

/// The name of the old folder while two renames are under way; `recover` looks for it.
pub(super) const BACKUP: &str = "groundplan-old";

/// Without an exchange there is a moment without a target; [`recover`] brings the old one back if a run ends there.
fn two_renames(staged: &Path, target: &Path) -> io::Result<()> {
    let backup = super::staging::beside(target, BACKUP);
    fs::rename(target, &backup)?;
    if let Err(error) = fs::rename(staged, target) {
        fs::rename(&backup, target)?;
        return Err(error);
    }
    fs::rename(&backup, staged)
}

/// Brings back the old folder of a run that ended between two renames.
///
/// # Errors
/// What the system says.
pub(super) fn recover(target: &Path) -> io::Result<()> {
    let backup = super::staging::beside(target, BACKUP);
    if !target.exists() && backup.is_dir() {
        fs::rename(&backup, target)?;
    }
    Ok(())
}

/// Brings everything of a folder to the disk.
///
/// # Errors
/// What the system says, a full disk among it.
#[cfg(target_os = "linux")]
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    // One call for the whole file system is cheaper than one a file.
    Ok(rustix::fs::syncfs(fs::File::open(folder)?)?)
}

/// Brings everything of a folder to the disk, a file at a time.
#[cfg(not(target_os = "linux"))]
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sync(&path)?;
        } else if path.is_file() {
            fs::File::open(&path)?.sync_all()?;
        }
    }
    Ok(())
}
