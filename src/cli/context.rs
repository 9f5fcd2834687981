//! What most subcommands start with: the content, and a plan.

use std::path::Path;

use clap::ValueEnum as _;
use jiff::civil::Date;

use super::exit::Failure;
use super::output::Output;
use super::{Format, Global, certificates};
use crate::baselines::Baselines;
use crate::catalogue::{Catalogue, load_catalogue};
use crate::diag::Finding;
use crate::emit::notices::check_notices;
use crate::overlay::{check_files, check_overlay, table_finding};
use crate::plan::{Plan, read_plan};
use crate::source::{Limits, parse};
use crate::vendor::Schemas;

/// The content, built in or with the user's folder over it.
pub(super) fn baselines(global: &Global) -> Result<Baselines, Failure> {
    let embedded = Baselines::embedded();
    match &global.baselines {
        None => Ok(embedded),
        Some(folder) => {
            let baselines = embedded.with_overlay(folder).map_err(|error| Failure::Surroundings(Box::new(error)))?;
            let findings = check_files(&baselines);
            if findings.is_empty() { Ok(baselines) } else { Err(Failure::Findings(findings)) }
        }
    }
}

/// The catalogue of the content.
pub(super) fn catalogue(baselines: &Baselines) -> Result<Catalogue, Failure> {
    load_catalogue(baselines).map_err(Failure::Findings)
}

/// The vendor schemas of the content.
pub(super) fn schemas(baselines: &Baselines) -> Result<Schemas<'_>, Failure> {
    Schemas::load(baselines).map_err(|error| Failure::Findings(vec![table_finding(&error, baselines)]))
}

/// Judges the user's content; what is built in is judged by tests.
pub(super) fn checked_content(
    global: &Global,
    catalogue: &Catalogue,
    schemas: &Schemas<'_>,
    baselines: &Baselines,
) -> Result<(), Failure> {
    let mut findings = Vec::new();
    if global.baselines.is_some() {
        findings.extend(check_overlay(catalogue, schemas, baselines, today(global)));
        findings.extend(check_notices(catalogue, baselines));
    }
    if findings.is_empty() { Ok(()) } else { Err(Failure::Findings(findings)) }
}

/// Reads a plan; `-` is standard input. The findings may hold errors: then nothing may be generated.
pub(super) fn plan(path: &Path, catalogue: &Catalogue, global: &Global) -> Result<(Plan, Vec<Finding>), Failure> {
    let read = |source| Failure::Read { path: path.to_owned(), source };
    let limits = Limits::default();
    let mut bytes = Vec::new();
    // One byte more than is taken tells that there is too much, however large the input is.
    let most = limits.bytes as u64 + 1;
    if path == Path::new("-") {
        std::io::Read::read_to_end(&mut std::io::Read::take(std::io::stdin().lock(), most), &mut bytes).map_err(read)?;
    } else {
        let file = std::fs::File::open(path).map_err(read)?;
        std::io::Read::read_to_end(&mut std::io::Read::take(file, most), &mut bytes).map_err(read)?;
    }
    let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    let (document, findings) = parse(&name, &bytes, limits);
    if !findings.is_empty() {
        return Err(Failure::Findings(findings));
    }
    let document = document.expect("`parse` gives a document or findings");
    let (mut plan, mut findings) = read_plan(&document, catalogue);
    // Standard input lies nowhere: its paths start where the program runs.
    let folder = if path == Path::new("-") { Path::new("") } else { path.parent().unwrap_or(Path::new("")) };
    findings.extend(certificates::read(&mut plan, catalogue, folder, today(global)));
    Ok((plan, findings))
}

/// Refuses forms that a subcommand does not have.
pub(super) fn text_or_json(subcommand: &str, output: &Output) -> Result<(), Failure> {
    one_of(&[Format::Text, Format::Json], subcommand, output)
}

/// Refuses all forms but these.
pub(super) fn one_of(forms: &[Format], subcommand: &str, output: &Output) -> Result<(), Failure> {
    if forms.contains(&output.format()) {
        return Ok(());
    }
    let name = |format: &Format| format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let known = forms.iter().map(name).collect::<Vec<_>>().join(", ");
    Err(Failure::Usage(format!("`{subcommand}` does not print {}; it prints {known}", name(&output.format()))))
}

/// The day on which the plan is read: the user's, else the system's. The only place that reads the clock.
pub(super) fn today(global: &Global) -> Date {
    global.today.unwrap_or_else(|| jiff::ZonedDateTime::now().date())
}
