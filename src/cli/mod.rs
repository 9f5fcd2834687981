//! The command line: one file a subcommand.
//!
//! In: arguments. Out: an exit code. Data goes to stdout, talk to stderr; a closed pipe ends quietly. The definitions here
//! give help, completions and the man page. Nothing here formats an artifact.

mod certificates;
mod check;
mod completions;
mod context;
mod coverage;
mod diff;
mod exit;
mod explain;
mod generate;
mod init;
mod interview;
mod list;
mod man;
mod output;
mod previous;
mod questions;
mod review;
mod schema;
mod sign;
mod vendor;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

pub use exit::{Exit, Failure};
use output::Output;

/// Turns planning decisions about groupware into hardened client artifacts, and the papers that prove what was set and why.
#[derive(Debug, Parser)]
#[command(name = "groundplan", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every subcommand takes.
#[derive(Debug, Args)]
struct Global {
    /// Lay the policy content of this folder over the content that is built in.
    #[arg(long, global = true, value_name = "DIR")]
    baselines: Option<PathBuf>,
    /// The form of what is printed; each subcommand says which forms it has.
    #[arg(long, global = true, value_enum)]
    format: Option<Format>,
    /// Whether to colour what is printed (`NO_COLOR` is honoured).
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
    /// Read the plan as on this day; otherwise as today.
    #[arg(long, global = true, value_name = "DATE", value_parser = parse_date)]
    today: Option<Date>,
    /// Print no talk, only data and errors.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Print more.
    #[arg(short, long, global = true)]
    verbose: bool,
}

/// The form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people on a terminal (not `review`).
    Text,
    /// For programs; it carries a version.
    Json,
    /// SARIF 2.1.0, for code review tools (`check`, `review`).
    Sarif,
    /// One page for a browser (`review`, `diff`).
    Html,
    /// Markdown (`review`, `diff`).
    Md,
    /// A table, comma separated (`review`).
    Csv,
    /// A workbook (`review`).
    Xlsx,
    /// OSCAL 1.1.3 component definitions (`review`).
    Oscal,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a new plan.
    Init(init::Arguments),
    /// Report everything that is wrong with a plan, or noteworthy.
    Check(check::Arguments),
    /// Write the artifacts of a plan.
    Generate(generate::Arguments),
    /// Write the paper that a security officer signs, as a page, tables or machine forms.
    Review(review::Arguments),
    /// Say what changes between two plans or two folders: for whom, in which direction, and what to roll out again.
    Diff(diff::Arguments),
    /// Explain a decision, setting, check, client or finding code, and with a plan where it leads.
    Explain(explain::Arguments),
    /// List decisions, checks, clients, settings, presets or finding codes.
    List(list::Arguments),
    /// Print the JSON Schema of the plan, for editors.
    Schema(schema::Arguments),
    /// Make tables of what clients understand from the vendors' own files, compare them, and hold own files against them.
    Vendor(vendor::Arguments),
    /// Sign configuration profiles with the key of the organisation.
    Sign(sign::Arguments),
    /// Print the completions of a shell.
    Completions(completions::Arguments),
    /// Print the manual page.
    Man(man::Arguments),
}

/// Runs the program.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    exit::report_bugs();
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are data; a wrong use is talk.
            let wrong = error.use_stderr();
            return if error.print().is_err() || !wrong { Exit::Fine } else { Exit::Usage };
        }
    };
    let mut output = Output::new(&cli.global);
    let result = match cli.command {
        Command::Init(arguments) => init::run(&arguments, &cli.global, &mut output),
        Command::Check(arguments) => check::run(&arguments, &cli.global, &mut output),
        Command::Generate(arguments) => generate::run(&arguments, &cli.global, &mut output),
        Command::Review(arguments) => review::run(&arguments, &cli.global, &mut output),
        Command::Diff(arguments) => diff::run(&arguments, &cli.global, &mut output),
        Command::Explain(arguments) => explain::run(&arguments, &cli.global, &mut output),
        Command::List(arguments) => list::run(&arguments, &cli.global, &mut output),
        Command::Schema(arguments) => schema::run(&arguments, &cli.global, &mut output),
        Command::Vendor(arguments) => vendor::run(&arguments, &cli.global, &mut output),
        Command::Sign(arguments) => sign::run(&arguments, &mut output),
        Command::Completions(arguments) => completions::run(&arguments, &mut output),
        Command::Man(arguments) => man::run(&arguments, &mut output),
    };
    match result {
        Ok(exit) => exit,
        Err(failure) => output.failure(&failure),
    }
}

fn parse_date(text: &str) -> Result<Date, String> {
    text.parse().ok().filter(|date: &Date| date.to_string() == text).ok_or_else(|| "a date is written like 2026-09-14".to_owned())
}
