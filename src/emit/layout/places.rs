//! Where the artifacts of a role go on a computer: the page that says it, and the paths below the root of a Linux system.
//!
//! In: `lists/places.tsv` of the content, a row for each artifact and system; a `*` stands for a part of a name. Out:
//! `PLACES.md` with the rows of the files that a role has, and for an image or package the paths of each file below `/`. The
//! scripts of a shared computer and what they read lie together there (rows of the system `linux-image`); without scripts
//! nothing reads such a copy, and there is none.

use std::collections::BTreeSet;

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

    /// The artifact that a path ends in, or whose place on a Linux system it ends in; `None` where the table knows neither.
    pub fn artifact(&self, path: &str) -> Option<String> {
        let own = |row: &Row| tail(&row["artifact"], path).map(|(_, tail)| tail.to_owned());
        let of_system = |row: &&Row| [ROOT, IMAGE].contains(&row["system"].as_str());
        let placed = |row: &Row| Some(row["artifact"].replacen('*', tail(row["path"].strip_prefix('/')?, path)?.0, 1));
        self.0.iter().find_map(own).or_else(|| self.0.iter().filter(of_system).find_map(placed))
    }

    /// The artifacts that go to a Linux system, each with its path below the root folder, without the leading slash.
    pub(super) fn in_root(&self, artifacts: Vec<Artifact>) -> Vec<(String, Artifact)> {
        let is_script = |artifact: &Artifact| artifact.executable && self.rows(&artifact.path).any(|place| place.system == IMAGE);
        let has_scripts = artifacts.iter().any(is_script);
        let (mut placed, mut taken) = (Vec::new(), BTreeSet::new());
        for artifact in artifacts {
            let places = self.rows(&artifact.path);
            let places = places.filter(|place| place.system == ROOT || (has_scripts && place.system == IMAGE));
            let paths = places.filter_map(|place| Some(place.path.strip_prefix('/')?.to_owned()));
            // Two programs may read one folder: what both are given there is one file.
            let paths = paths.filter(|path| taken.insert((path.clone(), artifact.bytes.clone())));
            placed.extend(paths.map(|path| (path, artifact.clone())).collect::<Vec<_>>());
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

/// The end of a path that is as long as a row, with what the row's `*` stands for, where the row is about it.
fn tail<'a>(row: &str, path: &'a str) -> Option<(&'a str, &'a str)> {
    let steps = row.split('/').count();
    let tail = path.rmatch_indices('/').nth(steps - 1).map_or(path, |(at, _)| &path[at + 1..]);
    Some((star(row, tail)?, tail))
}

#[cfg(test)]
mod tests {
    use super::{Places, star};
    use crate::baselines::Baselines;
    use crate::emit::Artifact;

    #[test]
    fn a_star_stands_for_a_part_of_one_name() {
        assert_eq!(star("a/*.xml", "a/example.org.xml"), Some("example.org"));
        assert_eq!(star("a/b.xml", "a/b.xml"), Some(""));
        for other in ["a/.xml", "a/b/c.xml", "a/example.org.txt", "b/example.org.xml", "a/*"] {
            assert_eq!(star("a/*.xml", other), None, "{other}");
        }
        let places = Places::load(&Baselines::embedded()).unwrap();
        let placed = |artifact: &str| {
            let placed = places.in_root(vec![Artifact::data(artifact, "")]);
            placed.into_iter().map(|(path, _)| path).collect::<Vec<_>>()
        };
        assert_eq!(placed("thunderbird/isp/example.org.xml"), ["usr/share/thunderbird/isp/example.org.xml"]);
        assert!(placed("thunderbird/isp/example.org/x.xml").is_empty());
        for (path, artifact) in [
            ("out/everyone/thunderbird/policies.json", Some("thunderbird/policies.json")),
            ("thunderbird/policies.json", Some("thunderbird/policies.json")),
            ("roles/a/files/etc/thunderbird/policies/policies.json", Some("thunderbird/policies.json")),
            ("etc/xdg/kmail2rc", Some("kmail/kmail2rc")),
            ("/etc/xdg/evolution-data-server/autoconfig/a.source", Some("evolution/autoconfig/a.source")),
            ("out/everyone/other.json", None),
            ("policies.json", None),
        ] {
            assert_eq!(places.artifact(path).as_deref(), artifact, "{path}");
        }
    }
}
