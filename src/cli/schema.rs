//! `groundplan schema`: the JSON Schema of the plan.

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Global, context};
use crate::plan::json_schema;

/// Arguments of `schema`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    context::text_or_json("schema", output)?;
    let baselines = context::baselines(global)?;
    let catalogue = context::catalogue(&baselines)?;
    output.json(&json_schema(&catalogue))?;
    Ok(Exit::Fine)
}
