//! A file in the making: it appears under its name only when it is complete.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::OutError;

/// A hidden file beside its target.
pub(super) struct PendingFile {
    path: PathBuf,
    writer: BufWriter<NamedTempFile>,
}

impl PendingFile {
    /// Starts `path`, and makes its folder.
    pub(super) fn begin(path: &Path) -> Result<Self, OutError> {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(folder).map_err(|e| OutError::io("make", folder, e))?;
        let file = tempfile::Builder::new().prefix(".groundplan-").tempfile_in(folder);
        let file = file.map_err(|e| OutError::io("write", path, e))?;
        Ok(Self { path: path.to_owned(), writer: BufWriter::new(file) })
    }

    /// Its name.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its name.
    pub(super) fn commit(self) -> Result<(), OutError> {
        let path = self.path;
        let failed = |e| OutError::io("write", &path, e);
        let file = self.writer.into_inner().map_err(|e| failed(e.into_error()))?;
        file.as_file().sync_all().map_err(failed)?;
        readable(file.as_file()).map_err(|e| OutError::io("set the mode of", &path, e))?;
        file.persist(&path).map_err(|e| failed(e.error))?;
        Ok(())
    }
}

impl Write for PendingFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

impl std::io::Seek for PendingFile {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.writer.seek(to)
    }
}

/// A temporary file is closed to others; an archive is for them.
#[cfg(unix)]
fn readable(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_file: &File) -> std::io::Result<()> {
    Ok(())
}
