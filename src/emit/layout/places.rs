//! Where the artifacts of a role go on a computer: the page that says it, and the paths below the root of a Linux system.
//!
//! In: `lists/places.tsv` of the content, a row for each artifact and system. Out: `PLACES.md` with the rows of the files that
//! a role has, and for an image or package the paths of each file below `/`. The scripts of a shared computer and what they
//! read lie together there (rows of the system `linux-image`); without scripts nothing reads such a copy, and there is none.

use minijinja::value::Serde;
use serde::Serialize;

use super::LayoutError;
use crate::baselines::Baselines;
use crate::emit::Artifact;
use crate::vendor::workstation::{LoadError, Row, read_table};

const TABLE: &str = "lists/places.tsv";
const TEMPLATE: &str = "papers/places.md";
const PAGE: &str = "PLACES.md";
/// The system whose places make the root folder.
const ROOT: &str = "linux";
/// The system of what lies beside the scripts in a root folder.
const IMAGE: &str = "linux-image";

/// The table of places.
#[derive(Debug, Clone)]
pub struct Places(Vec<Row>);

#[derive(Serialize)]
struct File<'a> {
    artifact: &'a str,
    places: Vec<&'a Row>,
}

impl Places {
    /// Reads the table of the content.
    ///
    /// # Errors
    /// [`LoadError`] when it is damaged.
    pub fn load(baselines: &Baselines) -> Result<Self, LoadError> {
        Ok(Self(read_table(baselines, TABLE)?))
    }

    /// The artifacts that go to a Linux system, each with its path below the root folder, without the leading slash.
    pub(super) fn in_root(&self, artifacts: Vec<Artifact>) -> Vec<(String, Artifact)> {
        let is_script = |artifact: &Artifact| artifact.executable && self.rows(&artifact.path).any(|row| row["system"] == IMAGE);
        let has_scripts = artifacts.iter().any(is_script);
        let mut placed = Vec::new();
        for artifact in artifacts {
            let rows = self.rows(&artifact.path);
            let rows = rows.filter(|row| row["system"] == ROOT || (has_scripts && row["system"] == IMAGE));
            placed.extend(rows.filter_map(|row| Some((row["path"].strip_prefix('/')?.to_owned(), artifact.clone()))));
        }
        placed
    }

    /// The page for these artifacts; `None` when no row is about one of them.
    ///
    /// # Errors
    /// What is wrong with the template.
    pub fn page(&self, artifacts: &[Artifact], baselines: &Baselines) -> Result<Option<Artifact>, LayoutError> {
        let files: Vec<File<'_>> = artifacts
            .iter()
            .map(|artifact| File { artifact: &artifact.path, places: self.rows(&artifact.path).collect() })
            .filter(|file| !file.places.is_empty())
            .collect();
        if files.is_empty() {
            return Ok(None);
        }
        let page = super::page(TEMPLATE, minijinja::context! { files => Serde(files) }, baselines)?;
        Ok(Some(Artifact::data(PAGE, page)))
    }

    fn rows<'a>(&'a self, artifact: &str) -> impl Iterator<Item = &'a Row> {
        self.0.iter().filter(move |row| row["artifact"] == artifact)
    }
}
