//! `groundplan vendor`: what the clients understand, by the vendors' own files.

mod check;
mod diff;
mod import;
mod store;
mod templates;

use clap::{Args, Subcommand};

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Global, context};

/// Arguments of `vendor`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a table from the vendor's files.
    Import(import::Arguments),
    /// Say what a new version of a client brings, takes and changes, and which decisions that touches.
    Diff(diff::Arguments),
    /// Hold an own store of administrative templates against the baseline.
    Check(check::Arguments),
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    context::text_or_json("vendor", output)?;
    match &arguments.command {
        Command::Import(arguments) => import::run(arguments, global, output),
        Command::Diff(arguments) => diff::run(arguments, global, output),
        Command::Check(arguments) => check::run(arguments, global, output),
    }
}
