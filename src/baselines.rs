//! The policy content: the files of `baselines/`, as they travel inside the binary, and an organisation's folder over them.
//!
//! Every other module that needs content gets it from here, by path relative to `baselines/`; nothing else reads the
//! content from disk. The overlay has the same shape: a file with the same path replaces, a new one adds. (Two files that
//! claim one id are found where the files are loaded.)

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

static EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/baselines.in"));

/// The overlay could not be read.
#[derive(Debug, thiserror::Error)]
#[error("read `{path}` of the baselines folder")]
pub struct OverlayError {
    path: PathBuf,
    source: io::Error,
}

/// All content files by their path below `baselines/`, with `/` as separator.
#[derive(Debug, Clone)]
pub struct Baselines {
    files: BTreeMap<Cow<'static, str>, Cow<'static, [u8]>>,
}

impl Baselines {
    /// What this binary was built with.
    pub fn embedded() -> Self {
        Self { files: EMBEDDED.iter().map(|&(path, bytes)| (Cow::Borrowed(path), Cow::Borrowed(bytes))).collect() }
    }

    /// Lays the folder `dir` over this content.
    ///
    /// # Errors
    /// [`OverlayError`] when the folder or a file in it cannot be read or has a name that is not UTF-8.
    pub fn with_overlay(mut self, dir: &Path) -> Result<Self, OverlayError> {
        self.add_folder(dir, dir)?;
        Ok(self)
    }

    fn add_folder(&mut self, root: &Path, folder: &Path) -> Result<(), OverlayError> {
        let failed = |path: &Path, source| OverlayError { path: path.to_owned(), source };
        for entry in fs::read_dir(folder).map_err(|e| failed(folder, e))? {
            let path = entry.map_err(|e| failed(folder, e))?.path();
            if path.is_dir() {
                self.add_folder(root, &path)?;
                continue;
            }
            let below = path.strip_prefix(root).expect("read_dir gives paths below its folder");
            let Some(name) = below.to_str() else {
                return Err(failed(&path, io::Error::new(io::ErrorKind::InvalidData, "the file name is not UTF-8")));
            };
            let bytes = fs::read(&path).map_err(|e| failed(&path, e))?;
            self.files.insert(Cow::Owned(name.replace('\\', "/")), Cow::Owned(bytes));
        }
        Ok(())
    }

    /// The bytes of one file.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(AsRef::as_ref)
    }

    /// The text of one file; `None` also when it is not UTF-8.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.bytes(path)?).ok()
    }

    /// All files below a folder (named with its closing `/`), in the order of their paths.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.files
            .range::<str, _>((std::ops::Bound::Included(folder), std::ops::Bound::Unbounded))
            .take_while(move |(path, _)| path.starts_with(folder))
            .map(|(path, bytes)| (path.as_ref(), bytes.as_ref()))
    }
}
