//! `groundplan check`: all findings of a plan.

use std::path::PathBuf;

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Format, Global, context};
use crate::diag::{Finding, Level, has_errors};
use crate::generate::{Job, Selection, examine};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The plan; `-` reads standard input.
    plan: PathBuf,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    let baselines = context::baselines(global)?;
    let findings = match findings(arguments, global, &baselines) {
        Ok(findings) | Err(Failure::Findings(findings)) => findings,
        Err(failure) => return Err(failure),
    };
    output.findings_as_data(&findings)?;
    if output.format() == Format::Text {
        output.talk(&summary(&findings));
    }
    Ok(if has_errors(&findings) { Exit::Findings } else { Exit::Fine })
}

fn findings(arguments: &Arguments, global: &Global, baselines: &crate::baselines::Baselines) -> Result<Vec<Finding>, Failure> {
    let catalogue = context::catalogue(baselines)?;
    let schemas = context::schemas(baselines)?;
    context::checked_content(global, &catalogue, &schemas, baselines)?;
    let (plan, mut findings) = context::plan(&arguments.plan, &catalogue, global)?;
    if has_errors(&findings) {
        return Ok(findings);
    }
    let job = Job {
        plan: &plan,
        catalogue: &catalogue,
        schemas: &schemas,
        baselines,
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
