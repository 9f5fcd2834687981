//! `groundplan check`: all findings of a plan, or of an own folder of policy content without a plan.

use std::path::PathBuf;

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Format, Global, context};
use crate::diag::{Finding, Level, has_errors};
use crate::generate::{Job, Selection, examine};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The plan; `-` reads standard input. With `--baselines DIR` it can be left out: then the folder alone is checked.
    #[arg(required_unless_present = "baselines")]
    plan: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    context::one_of(&[Format::Text, Format::Json, Format::Sarif], "check", output)?;
    let findings = match findings(arguments, global) {
        Ok(findings) | Err(Failure::Findings(findings)) => findings,
        Err(failure) => return Err(failure),
    };
    output.findings_as_data(&findings)?;
    if output.format() == Format::Text {
        output.talk(&summary(&findings));
    }
    Ok(if has_errors(&findings) { Exit::Findings } else { Exit::Fine })
}

fn findings(arguments: &Arguments, global: &Global) -> Result<Vec<Finding>, Failure> {
    let baselines = context::baselines(global)?;
    let catalogue = context::catalogue(&baselines)?;
    let schemas = context::schemas(&baselines)?;
    context::checked_content(global, &catalogue, &schemas, &baselines)?;
    let Some(plan) = &arguments.plan else { return Ok(Vec::new()) };
    let (plan, mut findings) = context::plan(plan, &catalogue, global)?;
    if has_errors(&findings) {
        return Ok(findings);
    }
    let job = Job {
        plan: &plan,
        catalogue: &catalogue,
        schemas: &schemas,
        baselines: &baselines,
        today: context::today(global),
        selection: &Selection::default(),
        previous: None,
    };
    findings.extend(examine(&job));
    Ok(findings)
}

fn summary(findings: &[Finding]) -> String {
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let words = [(Level::Error, "errors"), (Level::Warning, "warnings"), (Level::Duty, "duties"), (Level::Note, "notes")];
    let counts = words.map(|(level, word)| format!("{} {word}", count(level))).join(", ");
    format!("{counts}\n")
}
