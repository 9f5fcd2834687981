//! `groundplan diff`: what changes between two plans, or two trees.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Format, Global, context};
use crate::catalogue::Catalogue;
use crate::diag::has_errors;
use crate::generate::{Job, Selection, generate};
use crate::out::{OutError, Sink};
use crate::plan::Plan;
use crate::review::difference::{Difference, Direction, compare, compare_trees, text};
use crate::review::{Language, ORIGINAL, difference_page, noticed};
use crate::sum::sha256;

/// Arguments of `diff`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The plan as it was, or a folder that `generate` wrote.
    old: PathBuf,
    /// The plan as it is to be, or another folder.
    new: PathBuf,
    /// End with exit code 1 when something is so.
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Denied>,
}

/// What must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Denied {
    /// A decision has a weaker answer, or a setting is no longer locked.
    Loosened,
    /// Anything differs.
    Any,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    context::one_of(&[Format::Text, Format::Json, Format::Md, Format::Html], "diff", output)?;
    let baselines = context::baselines(global)?;
    let mut difference = match (arguments.old.is_dir(), arguments.new.is_dir()) {
        (true, true) => trees(&arguments.old, &arguments.new)?,
        (false, false) => {
            let catalogue = context::catalogue(&baselines)?;
            let schemas = context::schemas(&baselines)?;
            context::checked_content(global, &catalogue, &schemas, &baselines)?;
            let (old, new) = (plan(&arguments.old, &catalogue, global)?, plan(&arguments.new, &catalogue, global)?);
            let selection = Selection::default();
            let today = context::today(global);
            let job = Job {
                plan: &old,
                catalogue: &catalogue,
                schemas: &schemas,
                baselines: &baselines,
                today,
                selection: &selection,
                previous: None,
            };
            let mut difference = compare(&job, &new, &noticed(&baselines));
            difference.files = files(&sums(&job)?, &sums(&Job { plan: &new, ..job })?);
            difference
        }
        _ => return Err(Failure::Usage("`diff` compares two plans or two folders, not one with the other".to_owned())),
    };
    difference.old = arguments.old.display().to_string();
    difference.new = arguments.new.display().to_string();
    match output.format() {
        Format::Json => {
            output.json(&serde_json::to_value(&difference).map_err(|error| Failure::Bug(Box::new(error)))?)?;
        }
        Format::Text => output.data(&text(&difference))?,
        form => {
            let surroundings = |error| Failure::Surroundings(Box::new(error));
            let language = Language::load(ORIGINAL, &baselines).map_err(|error| Failure::Surroundings(Box::new(error)))?;
            let page = difference_page(&difference, form == Format::Html, &language, &baselines).map_err(surroundings)?;
            Output::bytes(page.as_bytes())?;
        }
    }
    Ok(match arguments.deny {
        Some(Denied::Loosened) if !difference.loosened().is_empty() => {
            output.talk(&format!("Loosened: {}.\n", difference.loosened().join(", ")));
            Exit::Findings
        }
        Some(Denied::Any) if !difference.is_empty() => Exit::Findings,
        _ => Exit::Fine,
    })
}

fn plan(path: &Path, catalogue: &Catalogue, global: &Global) -> Result<Plan, Failure> {
    let (plan, findings) = context::plan(path, catalogue, global)?;
    if has_errors(&findings) { Err(Failure::Findings(findings)) } else { Ok(plan) }
}

fn trees(old: &Path, new: &Path) -> Result<Difference, Failure> {
    let read = |tree: &Path| {
        let path = tree.join("manifest.json");
        std::fs::read(&path).map_err(|source| Failure::Read { path, source })
    };
    let (before, after) = (read(old)?, read(new)?);
    let (old, new) = (old.display().to_string(), new.display().to_string());
    compare_trees((&old, &before), (&new, &after)).map_err(|error| Failure::Surroundings(Box::new(error)))
}

/// Keeps the hash of each file of a role.
#[derive(Default)]
struct Sums(BTreeMap<String, String>);

impl Sink for Sums {
    fn put(&mut self, path: &str, bytes: &[u8], _executable: bool) -> Result<(), OutError> {
        if path.contains('/') {
            self.0.insert(path.to_owned(), sha256(bytes));
        }
        Ok(())
    }
}

fn sums(job: &Job<'_>) -> Result<BTreeMap<String, String>, Failure> {
    let mut sums = Sums::default();
    generate(job, &mut sums).map_err(super::generate::failed)?;
    Ok(sums.0)
}

fn files(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> BTreeMap<String, Direction> {
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let direction = |path: &String| match (old.get(path), new.get(path)) {
        (Some(one), Some(other)) => (one != other).then_some(Direction::Changed),
        (None, _) => Some(Direction::New),
        (_, None) => Some(Direction::Gone),
    };
    paths.into_iter().filter_map(|path| Some((path.clone(), direction(path)?))).collect()
}
