//! `groundplan man`.

use clap::CommandFactory as _;

use super::exit::{Exit, Failure};
use super::output::Output;

/// Arguments of `man`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The page of this subcommand instead of the program's.
    subcommand: Option<String>,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Exit, Failure> {
    let mut command = super::Cli::command();
    command.build();
    if let Some(name) = &arguments.subcommand {
        let Some(found) = command.find_subcommand(name) else {
            return Err(Failure::Usage(format!("there is no subcommand `{name}`")));
        };
        command = found.clone().name("groundplan").display_name(format!("groundplan-{name}"));
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    output.data(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Fine)
}
