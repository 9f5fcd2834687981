//! Templates on the disk: an `*.admx` file, and beside it a folder a language with its `*.adml`.
//!
//! Windows has no regard for case in names, so a store that lies on another system is searched without regard for it too.
//! Not more is read of a file than its reader takes.

use std::ffi::OsStr;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::cli::exit::Failure;
use crate::vendor::admx;

/// A template and its texts by language.
pub(super) struct TemplateFiles {
    pub(super) template: PathBuf,
    pub(super) texts: Vec<(String, PathBuf)>,
}

/// The same with what the files hold.
pub(super) struct TemplateBytes {
    template: (String, Vec<u8>),
    texts: Vec<(String, String, Vec<u8>)>,
}

impl TemplateFiles {
    /// The template, and where its texts in these languages lie, or should lie.
    pub(super) fn find(template: &Path, languages: &[&str]) -> Result<Self, Failure> {
        let folder = template.parent().unwrap_or(Path::new(""));
        let name = template.with_extension("adml");
        let texts = |language: &&str| {
            let folder = entry(folder, OsStr::new(language))?.unwrap_or_else(|| template.with_file_name(language));
            let name = name.file_name().unwrap_or_default();
            let file = if folder.is_dir() { entry(&folder, name)? } else { None };
            Ok(((*language).to_owned(), file.unwrap_or_else(|| folder.join(name))))
        };
        Ok(Self { template: template.to_owned(), texts: languages.iter().map(texts).collect::<Result<_, Failure>>()? })
    }

    pub(super) fn read(&self) -> Result<TemplateBytes, Failure> {
        let named = |path: &Path| -> Result<(String, Vec<u8>), Failure> { Ok((path.display().to_string(), read(path)?)) };
        let texts = self.texts.iter().map(|(language, path)| {
            let (name, bytes) = named(path)?;
            Ok((language.clone(), name, bytes))
        });
        Ok(TemplateBytes { template: named(&self.template)?, texts: texts.collect::<Result<_, Failure>>()? })
    }
}

impl TemplateBytes {
    pub(super) fn source(&self) -> admx::Source<'_> {
        let (name, bytes) = &self.template;
        let texts = self.texts.iter().map(|(language, name, bytes)| (language.as_str(), admx::File { name, bytes }));
        admx::Source { template: admx::File { name, bytes }, texts: texts.collect() }
    }
}

/// The entry of a folder with this name in any case; one that is spelled like it comes first.
pub(super) fn entry(folder: &Path, name: &OsStr) -> Result<Option<PathBuf>, Failure> {
    let exact = folder.join(name);
    if exact.exists() {
        return Ok(Some(exact));
    }
    let mut entries = match entries(folder) {
        // What is not there has no entries; whoever asks for the file is told.
        Err(Failure::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => Vec::new(),
        entries => entries?,
    };
    entries.retain(|path| path.file_name().is_some_and(|other| other.eq_ignore_ascii_case(name)));
    Ok(entries.into_iter().next())
}

/// The entries of a folder, by name; the empty path is the folder that the program runs in.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |source| Failure::Read { path: folder.to_owned(), source };
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(here).map_err(failed)?;
    let path = |entry: io::Result<std::fs::DirEntry>| entry.map(|entry| folder.join(entry.file_name()));
    let mut paths = entries.map(path).collect::<io::Result<Vec<_>>>().map_err(failed)?;
    paths.sort();
    Ok(paths)
}

/// One byte more than a reader takes tells that there is too much, however large the file is.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |source| Failure::Read { path: path.to_owned(), source };
    let most = admx::LARGEST_TEMPLATE as u64 + 1;
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(failed)?;
    Ok(bytes)
}

/// Whether a word is written like a language: `en-US`, `de-DE`, `zh-Hans`.
pub(super) fn is_language(word: &str) -> bool {
    let mut parts = word.split('-');
    let letters = |part: &str, count: std::ops::RangeInclusive<usize>| {
        count.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    parts.next().is_some_and(|first| letters(first, 2..=3)) && parts.clone().count() > 0 && parts.all(|part| letters(part, 2..=8))
}
