//! `groundplan vendor import`: the vendors' files to the tables of `baselines/vendor/`.
//!
//! The readers are those of `vendor/`; here only files are read and one is written. A table that is there is replaced as a
//! whole or not at all.

use std::error::Error;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::templates;
use crate::catalogue::{import_requirements, load_standards};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::Output;
use crate::cli::{Global, context};
use crate::out::replace;
use crate::vendor::{admx, apple, chromium, desktop, intune, mozilla, thunderbird};

/// Larger than any file of a vendor; the readers have limits of their own besides.
const LARGEST: u64 = 16 << 20;

/// Arguments of `vendor import`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    source: Source,
}

/// What every import takes.
#[derive(Debug, Args)]
struct Common {
    /// Where the files were found, with version and commit; it becomes a line of the table.
    #[arg(long, value_name = "TEXT")]
    origin: String,
    /// The table to write, also over an old one; otherwise standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The schemas of a program of Linux desktops.
#[derive(Debug, Args)]
struct Program {
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The program, as people name it.
    #[arg(long = "program", value_name = "NAME")]
    name: String,
    /// The version as people name it, such as 3.46.
    #[arg(long, value_name = "NUMBER")]
    release: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Subcommand)]
enum Source {
    /// An administrative template (ADMX) with its English texts (ADML).
    Admx {
        /// The template, `*.admx`; or a folder of templates, from which every table in the folder `--output` is made again.
        template: PathBuf,
        /// Its texts, `*.adml`; otherwise the file of that name in `en-US` beside the template.
        texts: Option<PathBuf>,
        /// Titles and categories in another language as well, by the folder beside the template, such as `de-DE`.
        #[arg(long, value_name = "LANGUAGE")]
        also: Vec<String>,
        /// A template that this one refers to, for whole category paths and supported versions; its texts lie beside it.
        #[arg(long, value_name = "TEMPLATE")]
        base: Vec<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    /// The template (ADMX) of a browser that is built from Chromium.
    Chromium {
        /// The template, `*.admx`.
        template: PathBuf,
        /// Its English texts, `*.adml`.
        texts: PathBuf,
        /// One line a policy: its name, a tab, the systems besides Windows that have it, and `deprecated` where a newer version will lose it.
        #[arg(long, value_name = "FILE")]
        systems: PathBuf,
        /// The browser, as people name it.
        #[arg(long, value_name = "NAME")]
        browser: String,
        /// The version as people name it, such as 153.
        #[arg(long, value_name = "NUMBER")]
        release: String,
        #[command(flatten)]
        common: Common,
    },
    /// The policies of Firefox, `policies-schema.json`.
    Firefox {
        /// The file.
        file: PathBuf,
        /// The version as people name it, such as 153.
        #[arg(long, value_name = "NUMBER")]
        release: String,
        #[command(flatten)]
        common: Common,
    },
    /// Apple's payload schema: the YAML files of `mdm/profiles`, or folders of them.
    Apple {
        /// The files and folders.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    /// A list of managed preferences as CSV.
    Preferences {
        /// The list.
        file: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Keys of a program in dconf, by its `GSettings` schemas (`*.gschema.xml`).
    Gsettings(Program),
    /// Entries of a program's `KConfig` files, by their descriptions (`*.kcfg`).
    Kconfig {
        #[command(flatten)]
        program: Program,
        /// The file of descriptions that leave it to the program.
        #[arg(long, value_name = "NAME")]
        file: Option<String>,
    },
    /// Which policies Intune's settings catalogue knows, from policies of it that were exported by Graph or from the console.
    SettingsCatalog {
        /// The exports, `*.json`.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    /// The requirements of standards that the content may cite, as CSV.
    Requirements {
        /// The list, with the columns id, title, standard, year/edition, source and confidence.
        file: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Policies, preferences or the allow list of Thunderbird.
    Thunderbird {
        /// What the file holds.
        #[arg(value_enum)]
        table: Table,
        /// The file.
        file: PathBuf,
        /// The version as people name it, such as 153.
        #[arg(long, value_name = "NUMBER")]
        release: String,
        #[command(flatten)]
        common: Common,
    },
}

/// The tables of Thunderbird.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Table {
    /// `policies-schema.json`.
    Policies,
    /// A CSV of all preferences with type and default.
    Preferences,
    /// `Policies.sys.mjs`, for what the policy `Preferences` takes.
    AllowList,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    let (table, common) = match &arguments.source {
        Source::Admx { template, texts, also, base, common } if template.is_dir() => {
            if texts.is_some() || !also.is_empty() || !base.is_empty() {
                return Err(Failure::Usage(
                    "a folder is imported as the tables say that are there; leave the rest out".to_owned(),
                ));
            }
            let Some(tables) = &common.output else {
                return Err(Failure::Usage("name the folder of the tables that are made again with `--output`".to_owned()));
            };
            for (path, table) in templates::import_again(template, tables, &common.origin)? {
                write(&path, &table, output)?;
            }
            return Ok(Exit::Fine);
        }
        Source::Admx { template, texts, also, base, common } => {
            (templates::import(template, texts.as_deref(), also, base, &common.origin)?, common)
        }
        Source::Chromium { template, texts, systems, browser, release, common } => {
            let list = String::from_utf8(read(systems)?).map_err(|error| refused(systems, error))?;
            let bytes = [read(template)?, read(texts)?];
            let names = [template, texts].map(|path| name_of(path));
            let [template_file, texts_file] = [0, 1].map(|at| admx::File { name: &names[at], bytes: &bytes[at] });
            let table = chromium::import(&template_file, &texts_file, &list, browser, release, &common.origin);
            (table.map_err(|error| Failure::Findings(vec![error.finding()]))?, common)
        }
        Source::Firefox { file, release, common } => {
            (mozilla::import_firefox(&read(file)?, release, &common.origin).map_err(|error| refused(file, error))?, common)
        }
        Source::Apple { files, common } => {
            // The importer's own words name the file; here stands what the user named.
            let folder = files.first().cloned().unwrap_or_default();
            let named: Vec<(String, Vec<u8>)> =
                apple_files(files)?.into_iter().map(|(path, bytes)| (name_of(&path), bytes)).collect();
            (apple::import(&named, &common.origin).map_err(|error| refused(&folder, error))?, common)
        }
        Source::Preferences { file, common } => {
            (apple::import_preferences(&read(file)?, &common.origin).map_err(|error| refused(file, error))?, common)
        }
        Source::Gsettings(program) => (of_program(program, &desktop::import_gsettings)?, &program.common),
        Source::Kconfig { program, file } => {
            let import = |files: &[admx::File<'_>], name: &str, release: &str, origin: &str| {
                desktop::import_kconfig(files, name, release, origin, file.as_deref())
            };
            (of_program(program, &import)?, &program.common)
        }
        Source::SettingsCatalog { files, common } => {
            let exports = files.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
            let baselines = context::baselines(global)?;
            let templates = admx::Templates::new(&baselines).map_err(|error| Failure::Surroundings(Box::new(error)))?;
            let (table, left) =
                intune::import(&exports, &templates, &common.origin).map_err(|error| refused(&files[0], error))?;
            for one in left {
                output.talk(&format!("Left out: {}: {}.\n", one.id, one.reason));
            }
            (table, common)
        }
        Source::Requirements { file, common } => {
            let standards = load_standards(&context::baselines(global)?).map_err(Failure::Findings)?;
            let table = import_requirements(&read(file)?, &standards, &common.origin);
            (table.map_err(|error| refused(file, error))?, common)
        }
        Source::Thunderbird { table, file, release, common } => {
            let import = match table {
                Table::Policies => thunderbird::import_policies,
                Table::Preferences => thunderbird::import_preferences,
                Table::AllowList => thunderbird::import_allow_list,
            };
            (import(&read(file)?, release, &common.origin).map_err(|error| refused(file, error))?, common)
        }
    };
    match &common.output {
        None => output.data(&table)?,
        Some(path) => write(path, &table, output)?,
    }
    Ok(Exit::Fine)
}

/// What reads the schemas of a program.
type ProgramImport<'i> = dyn Fn(&[admx::File<'_>], &str, &str, &str) -> Result<String, admx::ImportError> + 'i;

fn of_program(program: &Program, import: &ProgramImport<'_>) -> Result<String, Failure> {
    let read = program.files.iter().map(|path| Ok((name_of(path), read(path)?))).collect::<Result<Vec<_>, Failure>>()?;
    let files: Vec<admx::File<'_>> = read.iter().map(|(name, bytes)| admx::File { name, bytes }).collect();
    let table = import(&files, &program.name, &program.release, &program.common.origin);
    table.map_err(|error| Failure::Findings(vec![error.finding()]))
}

fn write(path: &Path, table: &str, output: &mut Output) -> Result<(), Failure> {
    replace(path, table.as_bytes()).map_err(|error| Failure::Surroundings(Box::new(error)))?;
    let lines = table.lines().filter(|line| !line.starts_with('#')).count();
    output.talk(&format!("Wrote {} with {lines} lines.\n", path.display()));
    Ok(())
}

fn refused(path: &Path, error: impl Error + Send + Sync + 'static) -> Failure {
    Failure::Import { path: path.to_owned(), source: Box::new(error) }
}

/// Reads a file of a vendor; one that is too large is refused before it is read as a whole.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |source| Failure::Read { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    // One byte more than is taken tells that there is too much, however large the input is.
    std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err(refused(path, TooLarge));
    }
    Ok(bytes)
}

/// A file is larger than any that a vendor ships.
#[derive(Debug, thiserror::Error)]
#[error("it has more than {} MiB, and no vendor's file is nearly as large", LARGEST >> 20)]
struct TooLarge;

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The files, and those of the folders that end in `.yaml`, in the order of their paths.
fn apple_files(paths: &[PathBuf]) -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let failed = |source| Failure::Read { path: path.clone(), source };
        for entry in std::fs::read_dir(path).map_err(failed)? {
            let file = entry.map_err(failed)?.path();
            if file.extension().is_some_and(|ending| ending == "yaml") {
                files.push(file);
            }
        }
    }
    files.sort();
    files.into_iter().map(|path| Ok((path.clone(), read(&path)?))).collect()
}
