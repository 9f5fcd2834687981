//! `groundplan vendor import admx`: the files of one template, or of all templates whose tables are there.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::store::{TemplateBytes, TemplateFiles, entries, entry, is_language};
use crate::cli::exit::Failure;
use crate::vendor::admx::{self, Recipe};

/// The language of titles and labels.
const ENGLISH: &str = "en-US";

/// The table of one template.
pub(super) fn import(
    template: &Path,
    texts: Option<&Path>,
    also: &[String],
    bases: &[PathBuf],
    origin: &str,
) -> Result<String, Failure> {
    let languages: Vec<&str> = std::iter::once(ENGLISH).chain(also.iter().map(String::as_str)).collect();
    if let Some(odd) = languages.iter().find(|language| !is_language(language)) {
        return Err(Failure::Usage(format!("`{odd}` is no language; one is written like `de-DE`")));
    }
    let mut main = TemplateFiles::find(template, &languages)?;
    if let Some(texts) = texts {
        texts.clone_into(&mut main.texts[0].1);
    }
    let bases = bases.iter().map(|base| TemplateFiles::find(base, &languages)).collect::<Result<Vec<_>, _>>()?;
    let (main, bases) = (main.read()?, bases.iter().map(TemplateFiles::read).collect::<Result<Vec<_>, _>>()?);
    let sources: Vec<_> = bases.iter().map(TemplateBytes::source).collect();
    admx::import(&main.source(), &sources, origin).map_err(|error| Failure::Findings(vec![error.finding()]))
}

/// Every table of a folder, made again from the files of a store that its header names. Nothing is given when one fails.
pub(super) fn import_again(store: &Path, tables: &Path, origin: &str) -> Result<Vec<(PathBuf, String)>, Failure> {
    let mut made = Vec::new();
    for path in entries(tables)?.into_iter().filter(|path| path.extension() == Some(OsStr::new("tsv"))) {
        let table = std::fs::read(&path).map_err(|source| Failure::Read { path: path.clone(), source })?;
        let Some(Recipe { templates, languages }) = Recipe::of(admx::header_of_table(&table)) else { continue };
        let file = |name: &String| Ok(entry(store, OsStr::new(name))?.unwrap_or_else(|| store.join(name)));
        let files = templates.iter().map(file).collect::<Result<Vec<_>, Failure>>()?;
        let [template, bases @ ..] = files.as_slice() else { continue };
        made.push((path, import(template, None, &languages[1..], bases, origin)?));
    }
    if made.is_empty() {
        let message = format!("`{}` holds no table of a template; make the first with a file", tables.display());
        return Err(Failure::Usage(message));
    }
    Ok(made)
}
