//! How a run can end.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::process::{ExitCode, Termination};

use crate::diag::Finding;

/// The exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine = 0,
    /// There are findings: errors in the plan, or an output that is not up to date.
    Findings = 1,
    /// The program was called wrongly.
    Usage = 2,
    /// The surroundings failed: a file cannot be read or written.
    Surroundings = 3,
    /// An invariant of ours broke.
    Bug = 4,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}

/// Why a subcommand could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The input is wrong.
    #[error("the input has findings")]
    Findings(Vec<Finding>),
    /// The program was called wrongly.
    #[error("{0}")]
    Usage(String),
    /// A name that the user gave stands for nothing.
    #[error("{0}")]
    UnknownName(String),
    /// A file of a vendor is not what its format says.
    #[error("cannot import `{path}`")]
    Import {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A table cannot be compared.
    #[error("cannot compare `{path}`")]
    Compare {
        /// The table.
        path: PathBuf,
        /// What is wrong, and where.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The folder of an earlier run is not what it must be.
    #[error("cannot take `{path}` as what was rolled out before: {problem}; {help}")]
    Previous {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
        /// What to do.
        help: String,
    },
    /// What the user gave cannot be used.
    #[error("cannot {0}")]
    Refused(Box<dyn Error + Send + Sync>),
    /// A file could not be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("cannot write `{path}`")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Standard output could not be written, for another reason than that its reader went away.
    #[error("cannot write to standard output")]
    Output(#[source] io::Error),
    /// The reader of standard output went away.
    #[error("the reader went away")]
    Closed,
    /// A stage met surroundings that failed.
    #[error("cannot {0}")]
    Surroundings(Box<dyn Error + Send + Sync>),
    /// A stage met something that earlier stages rule out.
    #[error("{0}")]
    Bug(Box<dyn Error + Send + Sync>),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Output(error) }
    }
}

impl Failure {
    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Findings(_)
            | Self::UnknownName(_)
            | Self::Import { .. }
            | Self::Compare { .. }
            | Self::Previous { .. }
            | Self::Refused(_) => Exit::Findings,
            Self::Usage(_) => Exit::Usage,
            Self::Read { .. } | Self::Write { .. } | Self::Output(_) | Self::Surroundings(_) => Exit::Surroundings,
            Self::Closed => Exit::Fine,
            Self::Bug(_) => Exit::Bug,
        }
    }
}

/// Makes a broken invariant end with [`Exit::Bug`] and words that help to report it.
pub(super) fn report_bugs() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let what = info.payload_as_str().unwrap_or("an invariant broke");
        anstream::eprintln!(
            "bug: {what} ({place})\nThis is a mistake in groundplan {}. Nothing was written. Please report it with the plan, shortened until it still shows.",
            env!("CARGO_PKG_VERSION")
        );
        std::process::exit(Exit::Bug as i32);
    }));
}
