//! `groundplan completions`.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::exit::{Exit, Failure};
use super::output::Output;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The shell.
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Cli::command(), "groundplan", &mut script);
    output.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}
