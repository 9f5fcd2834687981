//! What the surroundings can do to a run that writes.

use std::io;
use std::path::{Path, PathBuf};

/// The surroundings failed; nothing that was there has changed.
#[derive(Debug, thiserror::Error)]
pub enum OutError {
    /// A file or folder could not be read, written, moved or removed.
    #[error("{doing} `{path}`")]
    Io {
        /// What was tried, in one word or two.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The target is something else than a folder.
    #[error("write into `{path}`: it is not a folder")]
    NotAFolder {
        /// The target.
        path: PathBuf,
    },
    /// The target holds a file of somebody else's where an artifact must go.
    #[error("write `{path}`: it is not a file that groundplan made; move it away, or choose another folder with -o")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The target's manifest cannot be understood, so that nobody can tell which files are groundplan's.
    #[error("read `{path}`: it is no manifest of groundplan; move it away, or choose another folder with -o")]
    Manifest {
        /// The manifest.
        path: PathBuf,
    },
    /// The target holds another part of a plan, which this run would take away.
    #[error("write into `{path}`: it holds {holds}; choose another folder with -o")]
    Selection {
        /// The target.
        path: PathBuf,
        /// What it holds, in words.
        holds: String,
    },
    /// Another run writes to the target.
    #[error("write into `{path}`: another run is writing there")]
    Busy {
        /// The target.
        path: PathBuf,
    },
    /// The target is a mount point, which nothing can be swapped with.
    #[error("write into `{path}`: a file system is mounted there; choose a folder below it with -o")]
    MountPoint {
        /// The target.
        path: PathBuf,
    },
    /// The run was started inside the target.
    #[error("replace `{path}`: it is the folder you are in; run from another one, or choose a folder below it with -o")]
    Here {
        /// The target.
        path: PathBuf,
    },
    /// The ZIP format cannot take it.
    #[error("write the archive `{path}`")]
    Zip {
        /// The archive.
        path: PathBuf,
        /// What the writer said.
        source: zip::result::ZipError,
    },
}

impl OutError {
    /// An error of the system's at a path.
    pub(super) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { doing, path: path.to_owned(), source }
    }
}
