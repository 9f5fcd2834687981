//! Where the artifacts of a role go on a computer: the page that says it, and the paths below the root of a Linux system.
//!
//! In: `lists/places.tsv` of the content, a row for each artifact and system. Out: `PLACES.md` with the rows of the files that
//! a role has, and for an image or package the path of each file below `/`.

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::Artifact;
use crate::baselines::Baselines;
use crate::vendor::workstation::{LoadError, Row, read_table};

const TABLE: &str = "lists/places.tsv";
const TEMPLATE: &str = "papers/places.md";
const PAGE: &str = "PLACES.md";
/// The system whose places make the root folder.
const ROOT: &str = "linux";

/// How the files of a role are laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// A folder for each client.
    #[default]
    Clients,
    /// The root folder of a Linux system; what has no place there is left out.
    Root,
}

/// The places cannot be read, or not be written down.
#[derive(Debug, thiserror::Error)]
pub enum PlacesError {
    /// The table is damaged.
    #[error(transparent)]
    Table(#[from] LoadError),
    /// The template is wrong.
    #[error("fill in the page of places")]
    Page(#[from] minijinja::Error),
}

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

    /// The path of an artifact below the root of a Linux system, without the leading slash.
    pub fn in_root(&self, artifact: &str) -> Option<String> {
        let row = self.rows(artifact).find(|row| row["system"] == ROOT)?;
        let path = row["path"].strip_prefix('/')?;
        Some(match artifact.strip_prefix(row["artifact"].as_str()) {
            Some(name) => format!("{path}{name}"),
            None => path.to_owned(),
        })
    }

    /// The page for these artifacts; `None` when no row is about one of them.
    ///
    /// # Errors
    /// What is wrong with the template.
    pub fn page(&self, artifacts: &[Artifact], baselines: &Baselines) -> Result<Option<Artifact>, minijinja::Error> {
        let files: Vec<File<'_>> = artifacts
            .iter()
            .map(|artifact| File { artifact: &artifact.path, places: self.rows(&artifact.path).collect() })
            .filter(|file| !file.places.is_empty())
            .collect();
        if files.is_empty() {
            return Ok(None);
        }
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.add_template(TEMPLATE, baselines.text(TEMPLATE).unwrap_or_default())?;
        let page = environment.get_template(TEMPLATE)?.render(minijinja::context! { files => Serde(files) })?;
        Ok(Some(Artifact::data(PAGE, page)))
    }

    fn rows<'a>(&'a self, artifact: &str) -> impl Iterator<Item = &'a Row> {
        let is_about = move |row: &&Row| {
            let of = row["artifact"].as_str();
            of == artifact || (of.ends_with('/') && artifact.starts_with(of))
        };
        self.0.iter().filter(is_about)
    }
}
