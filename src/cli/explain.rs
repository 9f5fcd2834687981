//! `groundplan explain`: a decision, setting, client, check, finding code or requirement, both ways.

use std::path::PathBuf;

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Format, Global, context};
use crate::diag::has_errors;
use crate::generate::{Job, Selection};
use crate::review::{Known, explain, find, nearest_names, text};

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A decision or topic, a client, a setting, a registry path or policy title, a check, a finding code or a requirement.
    name: String,
    /// Also say what this plan makes of it, for each role; `-` reads standard input.
    plan: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    context::refuse_sarif("explain", output)?;
    let baselines = context::baselines(global)?;
    let catalogue = context::catalogue(&baselines)?;
    let schemas = context::schemas(&baselines)?;
    context::checked_content(global, &catalogue, &schemas, &baselines)?;
    let name = &arguments.name;
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
        output.json(&value)?;
    } else {
        output.data(&text(&explanation))?;
    }
    Ok(Exit::Fine)
}
