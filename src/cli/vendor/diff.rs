//! `groundplan vendor diff`: what a new version of a client brings, takes and changes, and which decisions that touches.
//!
//! A side is a table or a folder of tables on the disk, else a part of the content: a file or folder below `vendor/`, the name
//! of a template, or a client with a version (`thunderbird:140`, `macos:15`). Two single tables are compared whatever they are called;
//! of two sets those are compared that have one name, without the version of a client.
//!
//! Exit code 1 says that a setting of the catalogue is gone or may mean something else; what is only new ends with 0.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::baselines::Baselines;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::Output;
use crate::cli::vendor::import::read;
use crate::cli::{Format, Global, context};
use crate::vendor::apple;
use crate::vendor::diff::{Aspect, Change, Difference, Fate, SettingChange, Table, compare};
use crate::vendor::nearest;

/// Arguments of `vendor diff`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The old table: a file or folder, a template such as `outlk16`, or a client's version such as `thunderbird:140` or `macos:15`.
    old: String,
    /// The new table, in the same forms.
    new: String,
    /// Only what a decision of the catalogue sets.
    #[arg(long)]
    decided: bool,
}

/// The version of the JSON.
const VERSION: u32 = 1;

/// What stands before a version of macOS, whose payloads lie in one table for all versions.
const MACOS: &str = "macos:";

/// The folder of the content that holds the tables.
const FOLDER: &str = "vendor/";

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    let baselines = context::baselines(global)?;
    let catalogue = context::catalogue(&baselines)?;
    let (old, new) = (side(&arguments.old, &baselines)?, side(&arguments.new, &baselines)?);
    let pairs = pairs(&old, &new);
    if pairs.is_empty() {
        return Err(Failure::Usage(format!("`{}` and `{}` have no table in common", arguments.old, arguments.new)));
    }
    for (one, other, which) in [(&old, &new, &arguments.old), (&new, &old, &arguments.new)] {
        let single = one.len() == 1 && other.len() == 1;
        for name in one.keys().filter(|name| !single && !other.contains_key(*name)) {
            output.talk(&format!("only `{which}` has a table `{name}`; it is not compared\n"));
        }
    }
    let mut differences = Vec::new();
    for (old, new) in pairs {
        let compared = compare(old, new, &catalogue).map_err(|error| Failure::Usage(error.to_string()))?;
        differences.push(compared);
    }
    if arguments.decided {
        for table in &mut differences {
            table.settings.retain(|setting| !setting.decisions.is_empty());
        }
    }
    if output.format() == Format::Json {
        output.json(&json!({ "version": VERSION, "old": arguments.old, "new": arguments.new, "tables": differences }))?;
    } else {
        output.data(&differences.iter().map(text).collect::<Vec<_>>().join("\n"))?;
    }
    let matters = differences.iter().flat_map(|table| &table.settings).filter(|setting| setting.matters).count();
    if matters == 0 {
        return Ok(Exit::Fine);
    }
    output.talk(&format!("{matters} settings of the catalogue are gone or may mean something else (marked !)\n"));
    Ok(Exit::Findings)
}

/// The tables of one side, by a name that a table of the other side can share.
type Tables = BTreeMap<String, Table>;

fn pairs<'t>(old: &'t Tables, new: &'t Tables) -> Vec<(&'t Table, &'t Table)> {
    if let ([one], [other]) = (&old.values().collect::<Vec<_>>()[..], &new.values().collect::<Vec<_>>()[..]) {
        return vec![(one, other)];
    }
    old.iter().filter_map(|(name, table)| Some((table, new.get(name)?))).collect()
}

/// What a side names: on the disk, else in the content.
fn side(name: &str, baselines: &Baselines) -> Result<Tables, Failure> {
    let path = Path::new(name);
    if path.exists() {
        let mut files = Vec::new();
        collect(path, &mut files)?;
        let mut tables = Tables::new();
        for file in files {
            let below = file.strip_prefix(path).ok().filter(|below| !below.as_os_str().is_empty());
            let text = String::from_utf8(read(&file)?).map_err(|error| refused(&file, error))?;
            match Table::read(&text) {
                Ok(table) => {
                    tables.insert(below.unwrap_or(&file).display().to_string(), table);
                }
                // Beside the tables of an import a folder may hold those that are kept by hand.
                Err(crate::vendor::diff::TableError::Unknown) if below.is_some() => {}
                Err(error) => return Err(refused(&file, error)),
            }
        }
        if tables.is_empty() {
            return Err(Failure::Usage(format!("`{name}` holds no table that `groundplan vendor import` makes")));
        }
        return Ok(tables);
    }
    let tables = built_in(name, baselines)?;
    if tables.is_empty() {
        return Err(Failure::UnknownName(unknown(name, baselines)));
    }
    Ok(tables)
}

fn refused(path: &Path, error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::Compare { path: path.to_owned(), source: Box::new(error) }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let failed = |source| Failure::Read { path: path.to_owned(), source };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        entries.push(entry.map_err(failed)?.path());
    }
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            collect(&entry, files)?;
        } else if entry.extension().is_some_and(|ending| ending == "tsv") {
            files.push(entry);
        }
    }
    Ok(())
}

/// The tables of the content that a name stands for. A client's version has the tables that end in it, named without it.
fn built_in(name: &str, baselines: &Baselines) -> Result<Tables, Failure> {
    let mut tables = Tables::new();
    if let Some(version) = name.strip_prefix(MACOS) {
        let schema = apple::Schema::load(baselines).map_err(|error| Failure::Surroundings(Box::new(error)))?;
        if let Ok(table) = Table::of_macos(&schema, version) {
            tables.insert(MACOS.to_owned(), table);
        }
        return Ok(tables);
    }
    for (path, bytes) in baselines.below(FOLDER) {
        let Some(stem) = path.strip_prefix(FOLDER).and_then(|path| path.strip_suffix(".tsv")) else { continue };
        let shared = match name.split_once(':') {
            Some((client, version)) => {
                let of_client = stem.strip_prefix(client).and_then(|rest| rest.strip_prefix('/'));
                let Some(shared) = of_client.and_then(|file| file.strip_suffix(version)?.strip_suffix('-')) else { continue };
                shared
            }
            None => {
                let wanted = name.trim_end_matches('/').trim_end_matches(".tsv");
                let file = stem.rsplit('/').next().unwrap_or(stem);
                let folder = stem.split('/').next().unwrap_or(stem);
                if ![stem, file, folder].contains(&wanted) {
                    continue;
                }
                file
            }
        };
        let refused = |error| refused(Path::new(path), error);
        match std::str::from_utf8(bytes).map(Table::read) {
            Ok(Ok(table)) => {
                tables.insert(shared.to_owned(), table);
            }
            Ok(Err(crate::vendor::diff::TableError::Unknown)) => {}
            Ok(Err(error)) => return Err(refused(error)),
            Err(error) => return Err(self::refused(Path::new(path), error)),
        }
    }
    Ok(tables)
}

fn unknown(name: &str, baselines: &Baselines) -> String {
    let mut known = Vec::new();
    for path in baselines.below(FOLDER).filter_map(|(path, _)| path.strip_prefix(FOLDER)?.strip_suffix(".tsv")) {
        let (client, file) = path.split_once('/').unwrap_or(("", path));
        known.push(match file.rsplit_once('-').filter(|(_, version)| version.bytes().all(|byte| byte.is_ascii_digit())) {
            Some((_, version)) => format!("{client}:{version}"),
            None => file.to_owned(),
        });
    }
    let macos = apple::Schema::load(baselines).ok();
    known.extend(macos.iter().flat_map(apple::Schema::versions).map(|version| format!("{MACOS}{version}")));
    known.sort();
    known.dedup();
    let help = match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", known.join(", ")),
    };
    format!("`{name}` is neither a file or folder nor a table that is built in: {help}")
}

fn text(difference: &Difference) -> String {
    let count = |fate| difference.settings.iter().filter(|setting| setting.fate == fate).count();
    let (gone, changed, new) = (count(Fate::Gone), count(Fate::Changed), count(Fate::New));
    let mut text = format!("{}: {gone} gone, {changed} changed, {new} new\n", difference.about);
    for fate in [Fate::Gone, Fate::Changed, Fate::New] {
        for setting in difference.settings.iter().filter(|setting| setting.fate == fate) {
            line(&mut text, setting).expect("writing to a String cannot fail");
        }
    }
    text
}

fn line(text: &mut String, setting: &SettingChange) -> std::fmt::Result {
    let word = match setting.fate {
        Fate::Gone => "gone",
        Fate::Changed => "changed",
        Fate::New => "new",
    };
    write!(text, "{} {word:8}{}", if setting.matters { '!' } else { ' ' }, setting.name)?;
    if let Some(title) = setting.title.as_ref().filter(|title| !title.is_empty()) {
        write!(text, "  {title}")?;
    }
    if !setting.decisions.is_empty() {
        write!(text, "  (set by {})", setting.decisions.join(", "))?;
    }
    text.push('\n');
    // What is said of a part that is itself gone or new says nothing more.
    let whole = |change: &Change| {
        matches!(change.aspect, Aspect::Type | Aspect::Element) && (change.old.is_none() || change.new.is_none())
    };
    let parts: Vec<&str> = setting.changes.iter().filter(|change| whole(change)).map(|change| change.part.as_str()).collect();
    for change in &setting.changes {
        if whole(change) || !parts.contains(&change.part.as_str()) {
            writeln!(text, "    {}", sentence(change))?;
        }
    }
    Ok(())
}

fn sentence(change: &Change) -> String {
    let of = if change.part.is_empty() { String::new() } else { format!("{}: ", change.part) };
    let item = if change.item.is_empty() { String::new() } else { format!(" `{}`", change.item) };
    let what = change.aspect.words();
    match (change.aspect, &change.old, &change.new) {
        (Aspect::Type | Aspect::Element, None, Some(new)) => format!("{of}new, {new}"),
        (Aspect::Type | Aspect::Element, Some(_), None) => format!("{of}gone"),
        (Aspect::Item, None, Some(new)) if new.is_empty() => format!("{of}also takes{item}"),
        (Aspect::Item, None, Some(new)) => format!("{of}also takes{item}, which writes {new}"),
        (Aspect::Item, Some(_), None) => format!("{of}no longer takes{item}"),
        (Aspect::Item, Some(old), Some(new)) => format!("{of}{item} writes {new}, not {old}", item = item.trim_start()),
        (_, old, new) => {
            let word = |said: &Option<String>| said.clone().unwrap_or_else(|| "nothing".to_owned());
            format!("{of}{what}{item}: {} → {}", word(old), word(new))
        }
    }
}
