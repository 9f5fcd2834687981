//! Where the artifacts go: a folder, an archive, packages, or nowhere.

use std::path::{Path, PathBuf};

use super::super::exit::Failure;
use super::Arguments;
use crate::emit::RoleError;
use crate::emit::layout::{Layout, LayoutError};
use crate::generate::{GenerateError, Job, Outcome, generate};
use crate::out::{Comparison, DebFolder, Nowhere, OutError, Sink, Staging, TarFile, ZipFile};

/// Where the artifacts go.
pub(super) enum Target {
    /// A folder, swapped in at the end.
    Folder(PathBuf),
    /// One ZIP file.
    Zip(PathBuf),
    /// One tar file.
    Tar(PathBuf),
    /// A folder of Debian packages.
    Packages(PathBuf),
    /// Nowhere: what would be written is only counted.
    Nowhere,
    /// Nowhere: what would be written is compared with this folder.
    Compared(PathBuf),
}

/// What became of a run.
pub(super) enum Written {
    /// Everything lies there; of packages, the files.
    At(PathBuf, Vec<PathBuf>),
    /// Nothing was written.
    Nothing,
    /// Nothing was written, and these paths of the folder differ.
    Differing(PathBuf, Vec<String>),
}

impl Target {
    /// What the arguments say.
    pub(super) fn choose(arguments: &Arguments) -> Result<Self, Failure> {
        Ok(match arguments {
            Arguments { dry_run: true, .. } => Self::Nowhere,
            Arguments { zip: Some(path), .. } => Self::Zip(path.clone()),
            Arguments { tar: Some(path), .. } => Self::Tar(path.clone()),
            Arguments { deb: Some(folder), .. } => Self::Packages(folder.clone()),
            Arguments { check: true, .. } => Self::Compared(folder(arguments)?),
            _ => Self::Folder(folder(arguments)?),
        })
    }

    /// Makes the artifacts and brings them there, all or none.
    pub(super) fn write(self, job: &Job<'_>) -> Result<(Outcome, Written), Failure> {
        match self {
            Self::Folder(path) => {
                let staging = Staging::begin(&path, job.selection.describe().as_deref());
                let (outcome, ()) = fill(job, staging, Staging::commit)?;
                Ok((outcome, Written::At(path, Vec::new())))
            }
            Self::Zip(path) => {
                let (outcome, ()) = fill(job, ZipFile::begin(&path), ZipFile::commit)?;
                Ok((outcome, Written::At(path, Vec::new())))
            }
            Self::Tar(path) => {
                let (outcome, ()) = fill(job, TarFile::begin(&path), TarFile::commit)?;
                Ok((outcome, Written::At(path, Vec::new())))
            }
            Self::Packages(folder) => {
                let Layout::Package(head) = job.selection.layout.clone() else {
                    unreachable!("packages are chosen together with their layout");
                };
                let (outcome, packages) = fill(job, Ok(DebFolder::begin(&folder, head)), DebFolder::commit)?;
                if packages.is_empty() {
                    let none = "no role of this plan has a file for Linux: there is nothing to pack";
                    return Err(Failure::Usage(none.to_owned()));
                }
                Ok((outcome, Written::At(folder, packages)))
            }
            Self::Nowhere => Ok((fill(job, Ok(Nowhere), |_| Ok(()))?.0, Written::Nothing)),
            Self::Compared(path) => {
                let (outcome, differing) = fill(job, Ok(Comparison::begin(&path)), Comparison::finish)?;
                Ok((outcome, Written::Differing(path, differing)))
            }
        }
    }
}

/// Makes the artifacts into a sink, and completes it when nothing is wrong.
fn fill<S: Sink, T>(
    job: &Job<'_>,
    sink: Result<S, OutError>,
    complete: impl FnOnce(S) -> Result<T, OutError>,
) -> Result<(Outcome, T), Failure> {
    let mut sink = sink.map_err(surroundings)?;
    let outcome = generate(job, &mut sink).map_err(failed)?;
    Ok((outcome, complete(sink).map_err(surroundings)?))
}

/// Accepts what dpkg takes for the version of a package without an epoch.
pub(super) fn package_version(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".+~-".contains(c);
    let fine = text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(allowed);
    fine.then(|| text.to_owned()).ok_or_else(|| "a version starts with a digit and holds letters, digits and `.+~-`".to_owned())
}

/// The folder to write into, or to compare with.
fn folder(arguments: &Arguments) -> Result<PathBuf, Failure> {
    if let Some(output) = &arguments.output {
        return Ok(output.clone());
    }
    match arguments.plan.file_stem() {
        Some(stem) if arguments.plan != Path::new("-") => Ok(Path::new("outputs").join(stem)),
        _ => Err(Failure::Usage("a plan from standard input has no name: choose the folder with -o".to_owned())),
    }
}

/// What a run that made nothing ends with.
pub(in crate::cli) fn failed(error: GenerateError) -> Failure {
    match error {
        GenerateError::Findings(findings) => Failure::Findings(findings),
        GenerateError::Out(error) => surroundings(error),
        error @ (GenerateError::Page(_) | GenerateError::Language(_)) => Failure::Surroundings(Box::new(error)),
        GenerateError::Emit {
            source: RoleError::Layout(error @ (LayoutError::Variable { .. } | LayoutError::Declaration { .. })),
            ..
        } => Failure::Refused(Box::new(error)),
        error @ GenerateError::Emit { .. } => Failure::Bug(Box::new(error)),
    }
}

fn surroundings(error: OutError) -> Failure {
    Failure::Surroundings(Box::new(error))
}
