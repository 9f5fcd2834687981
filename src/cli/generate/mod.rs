//! `groundplan generate`: a plan to artifacts.

mod report;
mod target;

use std::path::PathBuf;

use clap::ValueEnum;
use jiff::civil::Date;

pub(super) use self::target::failed;
use self::target::{Target, Written, package_version};
use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Global, context, previous};
use crate::catalogue::Catalogue;
use crate::diag::has_errors;
use crate::emit::layout::{Layout, PackageHead};
use crate::generate::{Job, Selection, plan_sha256};
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
    /// An Ansible role for each role, which places the Linux files, and a playbook.
    Ansible,
    /// A folder for `fleetctl gitops`: profiles and scripts of each role.
    Fleet,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    context::text_or_json("generate", output)?;
    let baselines = context::baselines(global)?;
    let catalogue = context::catalogue(&baselines)?;
    let schemas = context::schemas(&baselines)?;
    context::checked_content(global, &catalogue, &schemas, &baselines)?;
    let (plan, findings) = context::plan(&arguments.plan, &catalogue, global)?;
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
    let (outcome, written) = Target::choose(arguments)?.write(&job)?;
    match written {
        Written::Differing(folder, differing) => report::check(&folder, &outcome, &differing, output),
        Written::Nothing => report::written(&outcome, None, &selection.layout, &catalogue, global, output),
        Written::At(path, packages) => {
            for package in packages {
                output.talk(&format!("{}\n", package.display()));
            }
            report::written(&outcome, Some(&path), &selection.layout, &catalogue, global, output)
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
    let client = known("client", &arguments.client, catalogue.clients.iter().map(|client| client.id.as_str()).collect())?;
    let layout = layout(arguments, plan)?;
    if client.is_some() && matches!(layout, Layout::Ansible | Layout::Fleet) {
        let why = "with a part of a role's files, the fleet manager takes back the others: leave `--client` out";
        return Err(Failure::Usage(why.to_owned()));
    }
    Ok(Selection {
        role: known("role", &arguments.role, std::iter::once(EVERYONE).chain(plan.roles.keys().map(String::as_str)).collect())?,
        layout,
        client,
    })
}

/// How the files lie. A Fleet server fills in what is known of a person, so profiles for it are spelled for it.
fn layout(arguments: &Arguments, plan: &Plan) -> Result<Layout, Failure> {
    if arguments.deb.is_some() {
        return match arguments.layout {
            LayoutName::Clients | LayoutName::Rootfs => Ok(Layout::Package(package_head(arguments, plan)?)),
            LayoutName::Ansible | LayoutName::Fleet => {
                Err(Failure::Usage("a Debian package has a layout of its own: leave `--layout` out".to_owned()))
            }
        };
    }
    Ok(match arguments.layout {
        LayoutName::Clients => Layout::Clients,
        LayoutName::Rootfs => Layout::Root,
        LayoutName::Ansible => Layout::Ansible,
        LayoutName::Fleet => {
            let mdm = plan.everyone.get("delivery").and_then(|delivery| delivery.value.as_map()?.get("mdm")?.as_text());
            match mdm.filter(|mdm| !["fleet", "generic"].contains(mdm)) {
                None => Layout::Fleet,
                Some(other) => {
                    return Err(Failure::Usage(format!(
                        "the plan spells what is known of a person for `{other}`: say `delivery: {{ mdm: fleet }}` in it"
                    )));
                }
            }
        }
    })
}

/// The day of packages whose plan does not say when it was decided.
const UNDECIDED: Date = jiff::civil::date(2000, 1, 1);

/// What the packages say of themselves.
fn package_head(arguments: &Arguments, plan: &Plan) -> Result<PackageHead, Failure> {
    let text = |key: &str, field: Option<&str>| {
        let value = &plan.everyone.get(key)?.value;
        let value = field.map_or(Some(value), |field| value.as_map()?.get(field))?;
        value.as_text().or_else(|| value.as_list()?.first()?.as_text())
    };
    let decided = text("decided", Some("date"));
    let version = arguments.deb_version.clone().or_else(|| Some(decided?.replace('-', ".")));
    Ok(PackageHead {
        organisation: text("organisation", None).unwrap_or_default().to_owned(),
        domain: text("domains", None).unwrap_or_default().to_owned(),
        version: version.ok_or_else(|| {
            Failure::Usage("the plan does not say when it was decided: give the packages a version with --deb-version".to_owned())
        })?,
        date: decided.and_then(|date| date.parse().ok()).unwrap_or(UNDECIDED),
        plan_sha256: plan_sha256(plan),
    })
}
