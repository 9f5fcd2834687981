//! The policy content: the files of `baselines/`, as they travel inside the binary, and an organisation's folder over them.
//!
//! Every other module that needs content gets it from here, by path relative to `baselines/`; nothing else reads the
//! content from disk. The overlay has the same shape: a file with the same path replaces, a new one adds. (Two files that
//! claim one id are found where the files are loaded.) YAML that is built in was parsed when the program was built.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::{Bound, Range};
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::diag::{Finding, SourceFile};
use crate::source::{Document, Limits, parse, unpack};
use crate::sum::sha256_of_files;

/// Path, text, and where nodes and texts of the packed tree stand in [`TREES`] and [`TEXTS`].
#[expect(clippy::unreadable_literal, reason = "the table is written by build.rs")]
static EMBEDDED: &[(&str, &str, Range<usize>, Range<usize>)] = include!(concat!(env!("OUT_DIR"), "/baselines.in"));
static TREES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/baselines.trees"));
static TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/baselines.texts"));
static SUM: &str = include_str!(concat!(env!("OUT_DIR"), "/baselines.sum"));

/// The overlay could not be read.
#[derive(Debug, thiserror::Error)]
#[error("lay `{path}` over the policy content")]
pub struct OverlayError {
    path: PathBuf,
    source: io::Error,
}

/// Folders in folders below the one that is laid over; the content has three.
const DEEPEST: usize = 8;

/// Larger than any file of the content.
const LARGEST: u64 = 64 << 20;

/// One content file.
#[derive(Debug, Clone)]
enum ContentFile {
    /// Text that was built in; of YAML also nodes and texts of its packed tree.
    BuiltIn { text: &'static str, tree: Option<(&'static [u8], &'static str)> },
    /// Bytes that were laid over.
    Own(Vec<u8>),
}

impl ContentFile {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::BuiltIn { text, .. } => text.as_bytes(),
            Self::Own(bytes) => bytes,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::BuiltIn { text, .. } => Some(text),
            Self::Own(bytes) => std::str::from_utf8(bytes).ok(),
        }
    }

    fn is_own(&self) -> bool {
        matches!(self, Self::Own(_))
    }
}

/// All content files by their path below `baselines/`, with `/` as separator.
#[derive(Debug, Clone)]
pub struct Baselines {
    files: BTreeMap<Cow<'static, str>, ContentFile>,
    laid_over: bool,
}

impl Baselines {
    /// What this binary was built with.
    pub fn embedded() -> Self {
        let file = |(path, text, nodes, texts): &(&'static str, &'static str, Range<usize>, Range<usize>)| {
            let tree = (!nodes.is_empty()).then(|| (&TREES[nodes.clone()], &TEXTS[texts.clone()]));
            (Cow::Borrowed(*path), ContentFile::BuiltIn { text, tree })
        };
        Self { files: EMBEDDED.iter().map(file).collect(), laid_over: false }
    }

    /// Lays the folder `dir` over this content.
    ///
    /// # Errors
    /// [`OverlayError`] when the folder or a file in it cannot be read or has a name that is not UTF-8.
    pub fn with_overlay(mut self, dir: &Path) -> Result<Self, OverlayError> {
        self.laid_over = true;
        self.add_folder(dir, dir)?;
        Ok(self)
    }

    /// Content of these files alone, by path below `baselines/`, held against the same checks as a folder that is laid over.
    pub fn of_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        files
            .into_iter()
            .fold(Self { files: BTreeMap::new(), laid_over: true }, |content, (path, bytes)| content.with_file(path, bytes))
    }

    /// Lays one file over this content.
    #[must_use]
    pub fn with_file(mut self, path: String, bytes: Vec<u8>) -> Self {
        self.laid_over = true;
        self.files.insert(Cow::Owned(path), ContentFile::Own(bytes));
        self
    }

    fn add_folder(&mut self, root: &Path, folder: &Path) -> Result<(), OverlayError> {
        let failed = |path: &Path, source| OverlayError { path: path.to_owned(), source };
        let wrong = |path: &Path, why: &str| failed(path, io::Error::new(io::ErrorKind::InvalidInput, why));
        if folder.components().count() > root.components().count() + DEEPEST {
            return Err(wrong(folder, "it lies deeper than any folder of the content; a link may lead back to where it lies"));
        }
        for entry in fs::read_dir(folder).map_err(|e| failed(folder, e))? {
            let path = entry.map_err(|e| failed(folder, e))?.path();
            let below = path.strip_prefix(root).expect("read_dir gives paths below its folder");
            let Some(name) = below.to_str() else { return Err(wrong(&path, "its name is not UTF-8")) };
            // Versions kept by git, and what editors leave.
            if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
                continue;
            }
            let metadata = fs::metadata(&path).map_err(|e| failed(&path, e))?;
            if metadata.is_dir() {
                self.add_folder(root, &path)?;
                continue;
            }
            if !metadata.is_file() {
                return Err(wrong(&path, "it is neither a file nor a folder"));
            }
            if metadata.len() > LARGEST {
                return Err(wrong(&path, "it is larger than 64 MiB"));
            }
            let bytes = fs::read(&path).map_err(|e| failed(&path, e))?;
            self.files.insert(Cow::Owned(name.replace('\\', "/")), ContentFile::Own(bytes));
        }
        Ok(())
    }

    /// The paths of the files that were laid over.
    pub fn own(&self) -> impl Iterator<Item = &str> {
        self.files.iter().filter(|(_, file)| file.is_own()).map(|(path, _)| path.as_ref())
    }

    /// Whether this file was laid over.
    pub fn is_own(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(ContentFile::is_own)
    }

    /// Whether a folder was laid over what is built in.
    pub fn is_laid_over(&self) -> bool {
        self.laid_over
    }

    /// The bytes of one file.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(ContentFile::bytes)
    }

    /// The text of one file; `None` also when it is not UTF-8.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.text()
    }

    /// The tree of one YAML file, or what is wrong with its text; `None` when there is no such file.
    pub fn document(&self, path: &str) -> Option<(Option<Document>, Vec<Finding>)> {
        let file = self.files.get(path)?;
        if let ContentFile::BuiltIn { text, tree: Some((nodes, texts)) } = file
            && let Some(root) = unpack(nodes, texts)
        {
            return Some((Some(Document { file: SourceFile::built_in(path, text), root }), Vec::new()));
        }
        Some(parse(path, file.bytes(), Limits::default()))
    }

    /// All files below a folder (named with its closing `/`), in the order of their paths.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.files
            .range::<str, _>((Bound::Included(folder), Bound::Unbounded))
            .take_while(move |(path, _)| path.starts_with(folder))
            .map(|(path, file)| (path.as_ref(), file.bytes()))
    }

    /// The SHA-256 of all names and contents, in hexadecimal.
    pub fn sha256(&self) -> String {
        if self.laid_over { sha256_of_files(self.below("")) } else { SUM.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Baselines, SUM};
    use crate::source::{Limits, parse};
    use crate::sum::sha256_of_files;

    #[test]
    fn what_was_parsed_at_build_equals_what_is_parsed_now() {
        let baselines = Baselines::embedded();
        let mut seen = 0;
        for (path, bytes) in
            baselines.below("").filter(|(path, _)| super::Path::new(path).extension().is_some_and(|ending| ending == "yaml"))
        {
            let (ready, findings) = baselines.document(path).unwrap();
            assert_eq!(findings, []);
            assert_eq!(ready.unwrap().root, parse(path, bytes, Limits::default()).0.unwrap().root, "{path}");
            seen += 1;
        }
        assert!(seen > 100, "{seen}");
    }

    #[test]
    fn the_sum_is_that_of_the_files() {
        assert_eq!(sha256_of_files(Baselines::embedded().below("")), SUM);
    }
}
