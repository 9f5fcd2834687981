//! Writes a tree into one ZIP file, the same bytes in every run: fixed times, modes and order.

use std::io::Write as _;
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::pending::PendingFile;
use super::{OutError, Sink};

/// A ZIP file in the making; it appears under its name only when it is complete.
pub struct ZipFile {
    writer: ZipWriter<PendingFile>,
    path: std::path::PathBuf,
}

impl ZipFile {
    /// Starts the archive `path`.
    ///
    /// # Errors
    /// [`OutError`] when its folder cannot be written.
    pub fn begin(path: &Path) -> Result<Self, OutError> {
        Ok(Self { writer: ZipWriter::new(PendingFile::begin(path)?), path: path.to_owned() })
    }

    /// Completes the archive and gives it its name.
    ///
    /// # Errors
    /// [`OutError`] when the disk is full or the name is taken by a folder.
    pub fn commit(self) -> Result<(), OutError> {
        let path = self.path;
        self.writer.finish().map_err(|source| OutError::Zip { path, source })?.commit()
    }
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
