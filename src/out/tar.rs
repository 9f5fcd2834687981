//! Writes a tree into one tar file, plain or compressed by gzip: fixed times, modes, owners and order, the same bytes in every
//! run.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::pending::PendingFile;
use super::{OutError, Sink};

/// A tar file in the making; it appears under its name only when it is complete.
pub struct TarFile {
    path: PathBuf,
    builder: Kind,
}

enum Kind {
    Plain(Builder<PendingFile>),
    Compressed(Box<Builder<GzEncoder<PendingFile>>>),
}

impl TarFile {
    /// Whether a name says that the archive is to be compressed.
    fn is_compressed(path: &Path) -> bool {
        path.extension().is_some_and(|ending| ending == "gz" || ending == "tgz")
    }

    /// Starts the archive `path`; a name that ends in `.gz` or `.tgz` makes it compressed.
    ///
    /// # Errors
    /// [`OutError`] when its folder cannot be written.
    pub fn begin(path: &Path) -> Result<Self, OutError> {
        let file = PendingFile::begin(path)?;
        let builder = if Self::is_compressed(path) {
            Kind::Compressed(Box::new(Builder::new(compressed(file))))
        } else {
            Kind::Plain(Builder::new(file))
        };
        Ok(Self { path: path.to_owned(), builder })
    }

    /// Completes the archive and gives it its name.
    ///
    /// # Errors
    /// [`OutError`] when the disk is full or the name is taken by a folder.
    pub fn commit(self) -> Result<(), OutError> {
        let failed = |e| OutError::io("write", &self.path, e);
        let file = match self.builder {
            Kind::Plain(builder) => builder.into_inner().map_err(failed)?,
            Kind::Compressed(builder) => builder.into_inner().and_then(GzEncoder::finish).map_err(failed)?,
        };
        file.commit()
    }
}

impl Sink for TarFile {
    fn put(&mut self, path: &str, bytes: &[u8], executable: bool) -> Result<(), OutError> {
        let appended = match &mut self.builder {
            Kind::Plain(builder) => append(builder, path, bytes, executable, 0),
            Kind::Compressed(builder) => append(builder, path, bytes, executable, 0),
        };
        appended.map_err(|e| OutError::io("write", &self.path, e))
    }
}

/// A stream that gzip reads, without name and time.
pub(super) fn compressed<W: Write>(to: W) -> GzEncoder<W> {
    GzBuilder::new().write(to, Compression::default())
}

/// Appends one file that belongs to root.
pub(super) fn append<W: Write>(
    builder: &mut Builder<W>,
    path: &str,
    bytes: &[u8],
    executable: bool,
    time: u64,
) -> std::io::Result<()> {
    let mut header = header(EntryType::Regular, if executable { 0o755 } else { 0o644 }, time);
    header.set_size(bytes.len() as u64);
    builder.append_data(&mut header, path, bytes)
}

/// Appends one folder that belongs to root.
pub(super) fn append_folder<W: Write>(builder: &mut Builder<W>, path: &str, time: u64) -> std::io::Result<()> {
    builder.append_data(&mut header(EntryType::Directory, 0o755, time), path, std::io::empty())
}

fn header(kind: EntryType, mode: u32, time: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(time);
    header.set_size(0);
    header
}
