//! The only module that writes.
//!
//! In: artifacts, one at a time, so that memory does not grow with the number of roles. Out: a folder, a ZIP or tar file,
//! Debian packages, or a list of what on the disk differs. A folder is staged beside its target and swapped in at the end: a run that fails or is
//! killed leaves what was there. Files that the last manifest does not own are never removed, and never overwritten.

mod compare;
mod deb;
mod error;
mod lock;
mod owned;
mod pending;
mod staging;
mod swap;
mod tar;
mod zip;

pub use compare::Comparison;
pub use deb::DebFolder;
pub use error::OutError;
pub(crate) use owned::is_plain;
pub use staging::Staging;
pub use tar::TarFile;
pub use zip::ZipFile;

/// Where artifacts go.
pub trait Sink {
    /// Takes one file; `path` is relative with `/`, `executable` gives it mode 755.
    ///
    /// # Errors
    /// [`OutError`] when the surroundings fail.
    fn put(&mut self, path: &str, bytes: &[u8], executable: bool) -> Result<(), OutError>;
}

/// Takes everything and keeps nothing: a dry run.
#[derive(Debug, Default)]
pub struct Nowhere;

impl Sink for Nowhere {
    fn put(&mut self, _path: &str, _bytes: &[u8], _executable: bool) -> Result<(), OutError> {
        Ok(())
    }
}

/// Writes one file that is no part of a tree (a plan that `init` makes), never over an existing one.
///
/// # Errors
/// [`OutError`] when the file exists or cannot be written.
pub fn write_new(path: &std::path::Path, bytes: &[u8]) -> Result<(), OutError> {
    use std::io::Write as _;
    let failed = |source| OutError::io("write", path, source);
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)
}

/// Writes one file that is no part of a tree in place of what is there: the old bytes or the new ones, never a part.
///
/// # Errors
/// [`OutError`] when the file cannot be written.
pub fn replace(path: &std::path::Path, bytes: &[u8]) -> Result<(), OutError> {
    use std::io::Write as _;
    let failed = |source| OutError::io("write", path, source);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.prefix(".groundplan-").tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
