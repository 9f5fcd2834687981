//! Compares what would be written with what lies in a folder (`generate --check`).

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::owned::owned_files;
use super::{OutError, Sink};

/// The comparison of a run with a folder.
#[derive(Debug)]
pub struct Comparison {
    target: PathBuf,
    made: BTreeSet<String>,
    differing: Vec<String>,
}

impl Comparison {
    /// Starts to compare with `target`.
    pub fn begin(target: &Path) -> Self {
        Self { target: target.to_owned(), made: BTreeSet::new(), differing: Vec::new() }
    }

    /// The paths that differ: missing, other bytes, or left over from an earlier run.
    ///
    /// # Errors
    /// [`OutError`] when the folder's manifest cannot be read.
    pub fn finish(self) -> Result<Vec<String>, OutError> {
        let mut differing = self.differing;
        differing.extend(
            owned_files(&self.target)?
                .into_iter()
                .filter(|path| !self.made.contains(path))
                .map(|path| format!("{path} (left over)")),
        );
        Ok(differing)
    }
}

impl Sink for Comparison {
    fn put(&mut self, path: &str, bytes: &[u8], executable: bool) -> Result<(), OutError> {
        let place = self.target.join(path);
        match fs::read(&place) {
            Ok(found) if found == bytes => {
                if is_executable(&place).is_some_and(|found| found != executable) {
                    self.differing.push(format!("{path} (mode)"));
                }
            }
            Ok(_) => self.differing.push(path.to_owned()),
            Err(error) if error.kind() == ErrorKind::NotFound => self.differing.push(format!("{path} (missing)")),
            Err(error) if matches!(error.kind(), ErrorKind::IsADirectory | ErrorKind::NotADirectory) => {
                self.differing.push(format!("{path} (no file)"));
            }
            Err(error) => return Err(OutError::io("read", &place, error)),
        }
        self.made.insert(path.to_owned());
        Ok(())
    }
}

#[cfg(unix)]
fn is_executable(path: &Path) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(fs::metadata(path).ok()?.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(_path: &Path) -> Option<bool> {
    None
}
