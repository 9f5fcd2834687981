//! Writes a tree into one ZIP file, the same bytes in every run: fixed times, modes and order.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{OutError, Sink};

/// A ZIP file in the making; it appears under its name only when it is complete.
pub struct ZipFile {
    path: PathBuf,
    writer: ZipWriter<BufWriter<NamedTempFile>>,
}

impl ZipFile {
    /// Starts the archive `path`.
    ///
    /// # Errors
    /// [`OutError`] when its folder cannot be written.
    pub fn begin(path: &Path) -> Result<Self, OutError> {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(folder).map_err(|e| OutError::io("make", folder, e))?;
        let file = tempfile::Builder::new()
            .prefix(".groundplan-")
            .suffix(".zip")
            .tempfile_in(folder)
            .map_err(|e| OutError::io("write", path, e))?;
        Ok(Self { path: path.to_owned(), writer: ZipWriter::new(BufWriter::new(file)) })
    }

    /// Completes the archive and gives it its name.
    ///
    /// # Errors
    /// [`OutError`] when the disk is full or the name is taken by a folder.
    pub fn commit(self) -> Result<(), OutError> {
        let path = self.path;
        let file = self.writer.finish().map_err(|source| OutError::Zip { path: path.clone(), source })?;
        let file = file.into_inner().map_err(|e| OutError::io("write", &path, e.into_error()))?;
        file.as_file().sync_all().map_err(|e| OutError::io("write", &path, e))?;
        readable(file.as_file()).map_err(|e| OutError::io("set the mode of", &path, e))?;
        file.persist(&path).map_err(|e| OutError::io("write", &path, e.error))?;
        Ok(())
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

impl Sink for ZipFile {
    fn put(&mut self, path: &str, bytes: &[u8], executable: bool) -> Result<(), OutError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(if executable { 0o755 } else { 0o644 });
        let failed = |source| OutError::Zip { path: self.path.clone(), source };
        self.writer.start_file(path, options).map_err(failed)?;
        self.writer.write_all(bytes).map_err(|e| OutError::io("write", &self.path, e))
    }
}
