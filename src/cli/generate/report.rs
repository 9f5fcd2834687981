//! What `generate` says when it is done: counts, a line for each role, and what the admin does next.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::super::exit::{Exit, Failure};
use super::super::output::Output;
use super::super::{Format, Global};
use crate::catalogue::Catalogue;
use crate::diag::Level;
use crate::emit::layout::Layout;
use crate::generate::Outcome;

/// Says whether a folder is up to date.
pub(super) fn check(target: &Path, outcome: &Outcome, differing: &[String], output: &mut Output) -> Result<Exit, Failure> {
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

/// Says what was written, or would be.
pub(super) fn written(
    outcome: &Outcome,
    written: Option<&Path>,
    layout: &Layout,
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
        for step in next(outcome, layout, catalogue) {
            line(format_args!("  {step}"));
        }
    }
    output.data(&screen)?;
    Ok(Exit::Fine)
}

/// What the admin does with the files.
fn next(outcome: &Outcome, layout: &Layout, catalogue: &Catalogue) -> Vec<String> {
    let duties = "duties.md: hand it to those who run servers and gateways; clients alone do not keep this plan.".to_owned();
    match layout {
        Layout::Clients => {
            let has = |id: &String| outcome.roles.iter().any(|role| role.clients.contains(id) && role.files > 0);
            let clients = catalogue.clients.iter().filter(|client| has(&client.id));
            std::iter::once(duties).chain(clients.map(|client| format!("{}: {}", client.name, client.next))).collect()
        }
        Layout::Root => vec![duties],
        Layout::Ansible | Layout::Fleet => vec![duties, "README.md: it says how this folder is rolled out.".to_owned()],
        Layout::Package(_) => vec![
            "Install each package on the computers of its role; its README.Debian says what is left to do there.".to_owned(),
            "Generate without --deb as well: duties.md and the files of other systems are in no package.".to_owned(),
        ],
    }
}
