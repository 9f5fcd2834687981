//! `groundplan vendor`: what the clients understand, by the vendors' own files.

mod import;

use clap::{Args, Subcommand};

use super::context;
use super::exit::{Exit, Failure};
use super::output::Output;

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
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Exit, Failure> {
    context::refuse_sarif("vendor", output)?;
    match &arguments.command {
        Command::Import(arguments) => import::run(arguments, output),
    }
}
