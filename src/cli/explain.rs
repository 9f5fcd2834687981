//! `groundplan explain`: a decision, setting, client, check, finding code or requirement, both ways.

use std::path::{Path, PathBuf};

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Format, Global, context};
use crate::baselines::Baselines;
use crate::catalogue::Catalogue;
use crate::diag::has_errors;
use crate::generate::{Job, Selection};
use crate::review::{ArtifactReader, Known, explain, find, lines, nearest_names, text};
use crate::vendor::Schemas;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A decision or topic, a client, a setting, a registry path or policy title, a check, a finding code, a requirement, or
    /// a line of a file that `generate` wrote (`outputs/utility/everyone/thunderbird/policies.json:14`).
    name: String,
    /// Also say what this plan makes of it, for each role; `-` reads standard input.
    plan: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    context::text_or_json("explain", output)?;
    let baselines = context::baselines(global)?;
    let catalogue = context::catalogue(&baselines)?;
    let schemas = context::schemas(&baselines)?;
    context::checked_content(global, &catalogue, &schemas, &baselines)?;
    let at_line = line(&arguments.name, &catalogue, &schemas, &baselines)?;
    let name = at_line.as_ref().unwrap_or(&arguments.name);
    let Some(known) = find(name, &catalogue, &schemas) else {
        let near = nearest_names(name, &catalogue, &schemas);
        let help = if near.is_empty() {
            "`groundplan list` names decisions, checks, clients, settings and codes".to_owned()
        } else {
            format!("did you mean {}?", near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
        };
        return Err(Failure::UnknownName(format!("nothing is named `{name}`: {help}")));
    };
    if let Known::Several(names) = &known {
        let names = names.iter().map(|name| format!("  {name}\n")).collect::<Vec<_>>().concat();
        return Err(Failure::UnknownName(format!(
            "`{name}` belongs to several settings; name one of them:\n{}",
            names.trim_end()
        )));
    }
    let plan = match &arguments.plan {
        None => None,
        Some(path) => {
            let (plan, findings) = context::plan(path, &catalogue, global)?;
            if has_errors(&findings) {
                return Err(Failure::Findings(findings));
            }
            Some(plan)
        }
    };
    let selection = Selection::default();
    let job = plan.as_ref().map(|plan| Job {
        plan,
        catalogue: &catalogue,
        schemas: &schemas,
        baselines: &baselines,
        today: context::today(global),
        selection: &selection,
        previous: None,
    });
    let Some(explanation) = explain(&known, &catalogue, &schemas, job.as_ref()) else {
        unreachable!("`find` names what the catalogue and the schemas hold")
    };
    if output.format() == Format::Json {
        let mut value = serde_json::to_value(&explanation).map_err(|error| Failure::Bug(Box::new(error)))?;
        value["version"] = 1.into();
        if at_line.is_some() {
            value["line"] = arguments.name.as_str().into();
        }
        output.json(&value)?;
    } else {
        if at_line.is_some() {
            output.talk(&format!("{} is written because of:\n\n", arguments.name));
        }
        output.data(&text(&explanation))?;
    }
    Ok(Exit::Fine)
}

/// The name of what stands on a line of a file, when the argument is `FILE:LINE`.
fn line(argument: &str, catalogue: &Catalogue, schemas: &Schemas<'_>, baselines: &Baselines) -> Result<Option<String>, Failure> {
    let Some((path, number)) = argument.rsplit_once(':') else { return Ok(None) };
    let (Ok(number), path) = (number.parse::<usize>(), Path::new(path)) else { return Ok(None) };
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = std::fs::read(path).map_err(|source| Failure::Read { path: path.to_owned(), source })?;
    let all = lines(&bytes);
    if !(1..=all).contains(&number) {
        return Err(Failure::UnknownName(format!("`{}` has no line {number}: its lines are 1 to {all}", path.display())));
    }
    let reader = ArtifactReader::new(catalogue, schemas, baselines).map_err(|error| Failure::Refused(Box::new(error)))?;
    reader.name_at(&path.to_string_lossy(), &bytes, number).map(Some).ok_or_else(|| {
        let help = "it is part of the frame of its file, or of a form in which lines have no names (`manifest.json` names its decisions)";
        Failure::UnknownName(format!("no setting stands on line {number} of `{}`: {help}", path.display()))
    })
}
