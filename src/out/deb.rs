//! Writes one Debian package for each role: the files of the root layout, the same bytes in every run.
//!
//! A package is an `ar` archive of `debian-binary`, `control.tar.gz` and `data.tar.gz` (deb(5)). Its files are no conffiles
//! although they lie in `/etc`: a baseline that asks the administrator at each upgrade whether it may win is none, and after
//! a removal nothing of it is to stay. A computer has one role, so the packages exclude each other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tar::Builder;

use super::pending::PendingFile;
use super::tar::{append, append_folder, compressed};
use super::{OutError, Sink};

/// What a package says of itself.
#[derive(Debug, Clone)]
pub struct PackageHead {
    /// The organisation, which is also the maintainer.
    pub organisation: String,
    /// Its mail domain.
    pub domain: String,
    /// The version; a later one must be higher by dpkg's order.
    pub version: String,
}

/// Packages in the making; they appear under their names together, when all are complete.
pub struct DebFolder {
    folder: PathBuf,
    head: PackageHead,
    role: String,
    files: Vec<(String, Vec<u8>, bool)>,
    pending: Vec<PendingFile>,
}

impl DebFolder {
    /// Starts packages in `folder`.
    pub fn begin(folder: &Path, head: PackageHead) -> Self {
        Self { folder: folder.to_owned(), head, role: String::new(), files: Vec::new(), pending: Vec::new() }
    }

    /// Completes the packages and gives them their names, which are given back.
    ///
    /// # Errors
    /// [`OutError`] when the disk is full or a name is taken by a folder.
    pub fn commit(mut self) -> Result<Vec<PathBuf>, OutError> {
        self.finish_role()?;
        let names = self.pending.iter().map(|file| file.path().to_owned()).collect();
        self.pending.into_iter().try_for_each(PendingFile::commit)?;
        Ok(names)
    }

    fn finish_role(&mut self) -> Result<(), OutError> {
        let files = std::mem::take(&mut self.files);
        if files.is_empty() {
            return Ok(());
        }
        let name = format!("groundplan-{}", package_word(&self.role));
        let path = self.folder.join(format!("{name}_{}_all.deb", self.head.version));
        let failed = |e| OutError::io("write", &path, e);
        if self.pending.iter().any(|file| file.path() == path) {
            let same = std::io::Error::other("two roles make one package name; rename one");
            return Err(failed(same));
        }
        let control = self.control(&name, &files).map_err(failed)?;
        let data = data(&files).map_err(failed)?;
        let mut file = PendingFile::begin(&path)?;
        archive(&mut file, &[("debian-binary", b"2.0\n"), ("control.tar.gz", &control), ("data.tar.gz", &data)])
            .map_err(failed)?;
        self.pending.push(file);
        Ok(())
    }

    fn control(&self, name: &str, files: &[(String, Vec<u8>, bool)]) -> std::io::Result<Vec<u8>> {
        let PackageHead { organisation, domain, version } = &self.head;
        let kib: usize = files.iter().map(|(_, bytes, _)| bytes.len().div_ceil(1024)).sum();
        let control = format!(
            "Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: {organisation} <postmaster@{domain}>\n\
             Installed-Size: {kib}\nProvides: groundplan-baseline\nConflicts: groundplan-baseline\nSection: admin\n\
             Priority: optional\nDescription: groupware baseline of {organisation} for the role {}\n\
             \x20Made by groundplan from the planning decisions of the organisation. The files are replaced\n\
             \x20by the next version and go with the package; changes by hand are lost.\n",
            self.role
        );
        let mut builder = Builder::new(compressed(Vec::new()));
        append(&mut builder, "./control", control.as_bytes(), false)?;
        builder.into_inner()?.finish()
    }
}

impl Sink for DebFolder {
    fn put(&mut self, path: &str, bytes: &[u8], executable: bool) -> Result<(), OutError> {
        // Papers of the whole plan lie beside the folders of roles and belong into no package.
        let Some((role, below)) = path.split_once('/') else { return Ok(()) };
        if role != self.role {
            self.finish_role()?;
            role.clone_into(&mut self.role);
        }
        // Pages for people stand at the top of a role; a root folder has none.
        if below.contains('/') {
            self.files.push((below.to_owned(), bytes.to_vec(), executable));
        }
        Ok(())
    }
}

/// A role as a part of a package name: lower case letters, digits, hyphens.
fn package_word(role: &str) -> String {
    role.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

fn data(files: &[(String, Vec<u8>, bool)]) -> std::io::Result<Vec<u8>> {
    let mut builder = Builder::new(compressed(Vec::new()));
    let mut folders = BTreeSet::new();
    append_folder(&mut builder, "./")?;
    for (path, bytes, executable) in files {
        for (end, _) in path.match_indices('/') {
            if folders.insert(&path[..=end]) {
                append_folder(&mut builder, &format!("./{}", &path[..=end]))?;
            }
        }
        append(&mut builder, &format!("./{path}"), bytes, *executable)?;
    }
    builder.into_inner()?.finish()
}

/// The common form of `ar`: a header of 60 bytes before each member, members at even places.
fn archive(to: &mut impl std::io::Write, members: &[(&str, &[u8])]) -> std::io::Result<()> {
    to.write_all(b"!<arch>\n")?;
    for (name, bytes) in members {
        writeln!(to, "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`", 0, 0, 0, "100644", bytes.len())?;
        to.write_all(bytes)?;
        if bytes.len() % 2 == 1 {
            to.write_all(b"\n")?;
        }
    }
    Ok(())
}
