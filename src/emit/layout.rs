//! Where the artifacts of a role go on a computer: the page that says it, and the paths below the root of a Linux system.
//!
//! In: `lists/places.tsv` of the content, a row for each artifact and system; a `*` stands for a part of a name. Out: `PLACES.md` with the rows of the files that
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
    places: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    system: &'a str,
    path: String,
    note: &'a str,
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
        let place = self.rows(artifact).find(|place| place.system == ROOT)?;
        place.path.strip_prefix('/').map(str::to_owned)
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

    fn rows<'a>(&'a self, artifact: &str) -> impl Iterator<Item = Place<'a>> {
        self.0.iter().filter_map(move |row| {
            let star = star(&row["artifact"], artifact)?;
            Some(Place { system: &row["system"], path: row["path"].replacen('*', star, 1), note: &row["note"] })
        })
    }
}

/// What the `*` of a row stands for when the row is about this artifact: a part of one name, empty where the row has none.
fn star<'a>(row: &str, artifact: &'a str) -> Option<&'a str> {
    let Some((before, after)) = row.split_once('*') else { return (row == artifact).then_some("") };
    let star = artifact.strip_prefix(before)?.strip_suffix(after)?;
    (!star.is_empty() && !star.contains('/')).then_some(star)
}

#[cfg(test)]
mod tests {
    use super::{Places, star};
    use crate::baselines::Baselines;

    #[test]
    fn a_star_stands_for_a_part_of_one_name() {
        assert_eq!(star("a/*.xml", "a/example.org.xml"), Some("example.org"));
        assert_eq!(star("a/b.xml", "a/b.xml"), Some(""));
        for other in ["a/.xml", "a/b/c.xml", "a/example.org.txt", "b/example.org.xml", "a/*"] {
            assert_eq!(star("a/*.xml", other), None, "{other}");
        }
        let places = Places::load(&Baselines::embedded()).unwrap();
        let placed = places.in_root("thunderbird/isp/example.org.xml");
        assert_eq!(placed.as_deref(), Some("usr/share/thunderbird/isp/example.org.xml"));
        assert_eq!(places.in_root("thunderbird/isp/example.org/x.xml"), None);
    }
}
