//! `groundplan generate`: a plan to artifacts.

mod report;
mod target;

use std::path::PathBuf;

use clap::ValueEnum;

use self::target::{Target, Written, package_version};
use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Format, Global, context, previous};
use crate::catalogue::Catalogue;
use crate::diag::has_errors;
use crate::emit::layout::Layout;
use crate::generate::{Job, Selection};
use crate::plan::{EVERYONE, Plan};
use crate::vendor::nearest;

/// Arguments of `generate`.
#[derive(Debug, clap::Args)]
// A part of a plan never goes where the whole one would.
#[command(group = clap::ArgGroup::new("elsewhere").args(["output", "zip", "tar", "deb", "dry_run"]).multiple(true))]
#[command(group = clap::ArgGroup::new("archive").args(["zip", "tar", "deb"]).conflicts_with_all(["output", "check"]))]
pub(super) struct Arguments {
    /// The plan; `-` reads standard input.
    plan: PathBuf,
    /// The folder to write into; otherwise `outputs/` and the plan's name.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Only this role (`everyone` is the plan without a role).
    #[arg(long, value_name = "NAME", requires = "elsewhere")]
    role: Option<String>,
    /// Only this client.
    #[arg(long, value_name = "NAME", requires = "elsewhere")]
    client: Option<String>,
    /// The folder of the generation that was rolled out before: what it set in the registry and this one does not is deleted.
    #[arg(long, value_name = "DIR")]
    previous: Option<PathBuf>,
    /// How the files of a role lie.
    #[arg(long, value_enum, value_name = "LAYOUT", requires = "elsewhere", default_value_t = LayoutName::Clients)]
    layout: LayoutName,
    /// Write one ZIP file instead of a folder.
    #[arg(long, value_name = "FILE")]
    zip: Option<PathBuf>,
    /// Write one tar file instead of a folder; compressed when its name ends in `.gz` or `.tgz`.
    #[arg(long, value_name = "FILE")]
    tar: Option<PathBuf>,
    /// Write a Debian package of the Linux files for each role into this folder.
    #[arg(long, value_name = "DIR")]
    deb: Option<PathBuf>,
    /// The version of the packages; otherwise the day of the decision.
    #[arg(long, value_name = "VERSION", requires = "deb", value_parser = package_version)]
    deb_version: Option<String>,
    /// Write nothing; say whether the folder is up to date (exit 1 when not).
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Write nothing; say what would be written.
    #[arg(long)]
    dry_run: bool,
}

/// The layouts by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LayoutName {
    /// A folder for each client.
    Clients,
    /// The root folder of a Linux system for each role.
    Rootfs,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    if output.format() == Format::Sarif {
        return Err(Failure::Usage("`generate` prints text or JSON; SARIF is for `check`".to_owned()));
    }
    let baselines = context::baselines(global)?;
    let catalogue = context::catalogue(&baselines)?;
    let schemas = context::schemas(&baselines)?;
    context::checked_content(global, &catalogue, &schemas, &baselines)?;
    let (plan, findings) = context::plan(&arguments.plan, &catalogue)?;
    if has_errors(&findings) {
        return Err(Failure::Findings(findings));
    }
    output.findings(&findings);
    let selection = selection(arguments, &plan, &catalogue)?;
    let previous = arguments.previous.as_deref().map(previous::read).transpose()?.unwrap_or_default();
    for gone in previous.roles().filter(|role| *role != EVERYONE && !plan.roles.contains_key(*role)) {
        output.talk(&format!("The plan has no role `{gone}` any more: take what it was given back by hand.\n"));
    }
    let job = Job {
        plan: &plan,
        catalogue: &catalogue,
        schemas: &schemas,
        baselines: &baselines,
        today: context::today(global),
        selection: &selection,
        previous: Some(&previous),
    };
    let (outcome, written) = Target::choose(arguments, &plan)?.write(&job)?;
    match written {
        Written::Differing(folder, differing) => report::check(&folder, &outcome, &differing, output),
        Written::Nothing => report::written(&outcome, None, &catalogue, global, output),
        Written::At(path, packages) => {
            for package in packages {
                output.talk(&format!("{}\n", package.display()));
            }
            report::written(&outcome, Some(&path), &catalogue, global, output)
        }
    }
}

fn selection(arguments: &Arguments, plan: &Plan, catalogue: &Catalogue) -> Result<Selection, Failure> {
    let known = |what: &str, name: &Option<String>, known: Vec<&str>| match name {
        Some(name) if !known.contains(&name.as_str()) => {
            let help = nearest(name, known.iter().copied())
                .map_or_else(|| format!("there are {}", known.join(", ")), |near| format!("did you mean `{near}`?"));
            Err(Failure::Usage(format!("there is no {what} `{name}`: {help}")))
        }
        _ => Ok(name.clone()),
    };
    Ok(Selection {
        role: known("role", &arguments.role, std::iter::once(EVERYONE).chain(plan.roles.keys().map(String::as_str)).collect())?,
        layout: if arguments.layout == LayoutName::Rootfs || arguments.deb.is_some() { Layout::Root } else { Layout::Clients },
        client: known("client", &arguments.client, catalogue.clients.iter().map(|client| client.id.as_str()).collect())?,
    })
}
