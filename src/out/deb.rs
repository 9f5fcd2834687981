//! Writes one Debian package for each role: the files of its layout, the same bytes in every run.
//!
//! A package is an `ar` archive of `debian-binary`, `control.tar.gz` and `data.tar.gz` (deb(5)). Its files are no conffiles
//! although they lie in `/etc`: a baseline that asks the administrator at each upgrade whether it may win is none, and after
//! a removal nothing of it is to stay. Scripts come with a database of dconf only, which counts when it is compiled. A computer has one role, so the packages exclude each other, and apt puts one in the
//! place of another in one step (Debian Policy 7.6.2).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tar::Builder;

use super::pending::PendingFile;
use super::tar::{append, append_folder, compressed};
use super::{OutError, Sink};
use crate::emit::layout::{CONTROL, PackageHead};

/// The name under which the packages stand that the scripts need.
const DEPENDS: &str = "depends";

/// Packages in the making; they appear under their names together, when all are complete.
pub struct DebFolder {
    folder: PathBuf,
    head: PackageHead,
    role: String,
    files: Vec<(String, Vec<u8>, bool)>,
    /// Scripts that dpkg runs, and what they need, by name.
    control: Vec<(String, Vec<u8>)>,
    pending: Vec<PendingFile>,
}

impl DebFolder {
    /// Starts packages in `folder`.
    pub fn begin(folder: &Path, head: PackageHead) -> Self {
        Self { folder: folder.to_owned(), head, role: String::new(), files: Vec::new(), control: Vec::new(), pending: Vec::new() }
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
        let scripts = std::mem::take(&mut self.control);
        if files.is_empty() {
            return Ok(());
        }
        let name = PackageHead::package(&self.role);
        let path = self.folder.join(format!("{name}_{}_all.deb", self.head.version));
        let failed = |e| OutError::io("write", &path, e);
        let control = self.control(&name, &files, &scripts).map_err(failed)?;
        let data = data(&files, self.head.moment()).map_err(failed)?;
        let mut file = PendingFile::begin(&path)?;
        archive(&mut file, &[("debian-binary", b"2.0\n"), ("control.tar.gz", &control), ("data.tar.gz", &data)])
            .map_err(failed)?;
        self.pending.push(file);
        Ok(())
    }

    fn control(&self, name: &str, files: &[(String, Vec<u8>, bool)], scripts: &[(String, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
        let PackageHead { organisation, version, .. } = &self.head;
        let maintainer = self.head.maintainer();
        let depends = scripts.iter().find(|(name, _)| name == DEPENDS);
        let depends = depends.map_or_else(String::new, |(_, on)| format!("Depends: {}\n", String::from_utf8_lossy(on)));
        let kib: usize = files.iter().map(|(_, bytes, _)| bytes.len().div_ceil(1024)).sum();
        let control = format!(
            "Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: {maintainer}\n\
             Installed-Size: {kib}\n{depends}Provides: groundplan-baseline\nConflicts: groundplan-baseline\n\
             Replaces: groundplan-baseline\nSection: admin\n\
             Priority: optional\nDescription: groupware baseline of {organisation} for the role {}\n\
             \x20Made by groundplan from the planning decisions of the organisation.\n\
             \x20The files are replaced by the next version and go with the package;\n\
             \x20changes by hand are lost.\n",
            self.role
        );
        let mut builder = Builder::new(compressed(Vec::new()));
        append(&mut builder, "./control", control.as_bytes(), false, self.head.moment())?;
        for (name, script) in scripts.iter().filter(|(name, _)| name != DEPENDS) {
            append(&mut builder, &format!("./{name}"), script, true, self.head.moment())?;
        }
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
        match below.strip_prefix(CONTROL) {
            Some(name) => self.control.push((name.to_owned(), bytes.to_vec())),
            None => self.files.push((below.to_owned(), bytes.to_vec(), executable)),
        }
        Ok(())
    }
}

fn data(files: &[(String, Vec<u8>, bool)], time: u64) -> std::io::Result<Vec<u8>> {
    let mut builder = Builder::new(compressed(Vec::new()));
    let mut folders = BTreeSet::new();
    append_folder(&mut builder, "./", time)?;
    for (path, bytes, executable) in files {
        for (end, _) in path.match_indices('/') {
            if folders.insert(&path[..=end]) {
                append_folder(&mut builder, &format!("./{}", &path[..=end]), time)?;
            }
        }
        append(&mut builder, &format!("./{path}"), bytes, *executable, time)?;
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
