//! `groundplan generate`: a plan to artifacts.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::json;

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Format, Global, context, previous};
use crate::catalogue::Catalogue;
use crate::diag::{Level, has_errors};
use crate::emit::layout::Layout;
use crate::generate::{GenerateError, Job, Outcome, Selection, generate};
use crate::out::{Comparison, DebFolder, Nowhere, OutError, PackageHead, Staging, TarFile, ZipFile};
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

/// Accepts what dpkg takes for the version of a package without an epoch.
fn package_version(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".+~-".contains(c);
    let fine = text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(allowed);
    fine.then(|| text.to_owned()).ok_or_else(|| "a version starts with a digit and holds letters, digits and `.+~-`".to_owned())
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
    let target = target(arguments)?;

    if arguments.check {
        let mut comparison = Comparison::begin(&target);
        let outcome = generate(&job, &mut comparison).map_err(failed)?;
        let differing = comparison.finish().map_err(surroundings)?;
        return report_check(&target, &outcome, &differing, output);
    }
    let (outcome, written) = if arguments.dry_run {
        (generate(&job, &mut Nowhere).map_err(failed)?, None)
    } else if let Some(path) = &arguments.zip {
        let mut zip = ZipFile::begin(path).map_err(surroundings)?;
        let outcome = generate(&job, &mut zip).map_err(failed)?;
        zip.commit().map_err(surroundings)?;
        (outcome, Some(path))
    } else if let Some(path) = &arguments.tar {
        let mut tar = TarFile::begin(path).map_err(surroundings)?;
        let outcome = generate(&job, &mut tar).map_err(failed)?;
        tar.commit().map_err(surroundings)?;
        (outcome, Some(path))
    } else if let Some(folder) = &arguments.deb {
        let mut packages = DebFolder::begin(folder, package_head(arguments, &plan)?);
        let outcome = generate(&job, &mut packages).map_err(failed)?;
        let packages = packages.commit().map_err(surroundings)?;
        if packages.is_empty() {
            return Err(Failure::Usage("no role of this plan has a file for Linux: there is nothing to pack".to_owned()));
        }
        for package in packages {
            output.talk(&format!("{}\n", package.display()));
        }
        (outcome, Some(folder))
    } else {
        let mut staging = Staging::begin(&target, selection.describe().as_deref()).map_err(surroundings)?;
        let outcome = generate(&job, &mut staging).map_err(failed)?;
        staging.commit().map_err(surroundings)?;
        (outcome, Some(&target))
    };
    report(&outcome, written.map(PathBuf::as_path), &catalogue, global, output)
}

/// The folder to write into.
fn target(arguments: &Arguments) -> Result<PathBuf, Failure> {
    if let Some(output) = &arguments.output {
        return Ok(output.clone());
    }
    match arguments.plan.file_stem() {
        Some(stem) if arguments.plan != Path::new("-") => Ok(Path::new("outputs").join(stem)),
        _ if arguments.zip.is_some() || arguments.tar.is_some() || arguments.deb.is_some() || arguments.dry_run => {
            Ok(PathBuf::new())
        }
        _ => Err(Failure::Usage("a plan from standard input has no name: choose the folder with -o".to_owned())),
    }
}

fn package_head(arguments: &Arguments, plan: &Plan) -> Result<PackageHead, Failure> {
    let text = |key: &str, field: Option<&str>| {
        let value = &plan.everyone.get(key)?.value;
        let value = field.map_or(Some(value), |field| value.as_map()?.get(field))?;
        value.as_text().or_else(|| value.as_list()?.first()?.as_text())
    };
    let decided = || text("decided", Some("date")).map(|date| date.replace('-', "."));
    let version = arguments.deb_version.clone().or_else(decided);
    Ok(PackageHead {
        organisation: text("organisation", None).unwrap_or_default().to_owned(),
        domain: text("domains", None).unwrap_or_default().to_owned(),
        version: version.ok_or_else(|| {
            Failure::Usage("the plan does not say when it was decided: give the packages a version with --deb-version".to_owned())
        })?,
    })
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

pub(super) fn failed(error: GenerateError) -> Failure {
    match error {
        GenerateError::Findings(findings) => Failure::Findings(findings),
        GenerateError::Out(error) => surroundings(error),
        error @ (GenerateError::Page(_) | GenerateError::Language(_)) => Failure::Surroundings(Box::new(error)),
        error @ GenerateError::Emit { .. } => Failure::Bug(Box::new(error)),
    }
}

fn surroundings(error: OutError) -> Failure {
    Failure::Surroundings(Box::new(error))
}

fn report_check(target: &Path, outcome: &Outcome, differing: &[String], output: &mut Output) -> Result<Exit, Failure> {
    if output.format() == Format::Json {
        output.json(&json!({ "version": 1, "folder": target, "files": outcome.files, "differing": differing }))?;
    } else if differing.is_empty() {
        output.talk(&format!("`{}` is up to date: {} files.\n", target.display(), outcome.files));
    } else {
        output.data(&format!("{}\n", differing.join("\n")))?;
        output.talk(&format!(
            "`{}` is not up to date: {} of {} files differ. Run `groundplan generate` again.\n",
            target.display(),
            differing.len(),
            outcome.files
        ));
    }
    Ok(if differing.is_empty() { Exit::Fine } else { Exit::Findings })
}

/// More roles than this do not fit one screen.
const SHOWN_ROLES: usize = 20;

fn report(
    outcome: &Outcome,
    written: Option<&Path>,
    catalogue: &Catalogue,
    global: &Global,
    output: &mut Output,
) -> Result<Exit, Failure> {
    if output.format() == Format::Json {
        let roles = outcome.roles.iter().map(|role| json!({ "role": role.role, "clients": role.clients, "settings": role.settings, "gaps": role.gaps, "duties": role.duties, "files": role.files }));
        let accepted: Vec<&String> = outcome.checks.accepted.keys().collect();
        let value = json!({ "version": 1, "written": written, "files": outcome.files, "bytes": outcome.bytes, "roles": roles.collect::<Vec<_>>(), "accepted": accepted });
        output.json(&value)?;
        return Ok(Exit::Fine);
    }
    if global.quiet {
        return Ok(Exit::Fine);
    }
    let count = |level| outcome.checks.findings.iter().filter(|finding| finding.level == level).count();
    if global.verbose {
        output.findings(&outcome.checks.findings);
    }
    let mut screen = String::new();
    let mut line = |text: std::fmt::Arguments<'_>| writeln!(screen, "{text}").expect("writing to a String cannot fail");
    match written {
        Some(path) => {
            line(format_args!("Wrote {} files ({} KiB) to {}\n", outcome.files, outcome.bytes.div_ceil(1024), path.display()));
        }
        None => line(format_args!(
            "Would write {} files ({} KiB); nothing was written\n",
            outcome.files,
            outcome.bytes.div_ceil(1024)
        )),
    }
    let width = outcome.roles.iter().take(SHOWN_ROLES).map(|role| role.role.len()).max().unwrap_or_default();
    line(format_args!("  {:width$}  settings  gaps  duties  files  clients", "role"));
    for role in outcome.roles.iter().take(SHOWN_ROLES) {
        line(format_args!(
            "  {:width$}  {:>8}  {:>4}  {:>6}  {:>5}  {}",
            role.role,
            role.settings,
            role.gaps,
            role.duties,
            role.files,
            role.clients.join(", ")
        ));
    }
    if outcome.roles.len() > SHOWN_ROLES {
        line(format_args!("  and {} more roles", outcome.roles.len() - SHOWN_ROLES));
    }
    line(format_args!(
        "\nChecks: {} warnings, {} duties, {} notes, {} accepted (`groundplan check` shows them)",
        count(Level::Warning),
        count(Level::Duty),
        count(Level::Note),
        outcome.checks.accepted.len()
    ));
    if written.is_some() {
        line(format_args!("\nNext:"));
        line(format_args!("  duties.md: hand it to those who run servers and gateways; clients alone do not keep this plan."));
        for client in catalogue
            .clients
            .iter()
            .filter(|client| outcome.roles.iter().any(|role| role.clients.contains(&client.id) && role.files > 0))
        {
            line(format_args!("  {}: {}", client.name, client.next));
        }
    }
    output.data(&screen)?;
    Ok(Exit::Fine)
}
