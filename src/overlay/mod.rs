//! What is held against an organisation's own folder besides what loading finds: what tests prove of the built-in content.
//!
//! In: the content with the folder over it, loaded. Out: findings with places in the folder's files. Every rule fits its vendor
//! schema and its client, every decision says something for every client, every example is true. Only files of the folder are
//! judged, except where one of them makes a built-in rule wrong.

mod examples;
mod files;

use jiff::civil::Date;

pub use files::check_files;

use crate::baseline::check_content;
use crate::baselines::Baselines;
use crate::catalogue::{Catalogue, Client, Decision, RulePlace, SettingRule, Template};
use crate::diag::{Code, Finding, Place, SourceFile};
use crate::emit::places;
use crate::vendor::{Schemas, SchemasError, Versions};

/// Everything that is wrong with the folder; the catalogue could be loaded.
pub fn check_overlay(catalogue: &Catalogue, schemas: &Schemas<'_>, baselines: &Baselines, today: Date) -> Vec<Finding> {
    let mut findings = check_content(catalogue, schemas, baselines);
    for decision in &catalogue.decisions {
        if baselines.is_own(&decision.place.file) {
            cells(decision, catalogue, baselines, &mut findings);
        }
        for client in &catalogue.clients {
            let rules = decision.settings.get(&client.id).into_iter().flatten();
            for rule in rules.filter(|rule| baselines.is_own(&rule.place.file)) {
                findings.extend(of_another_client(rule, client, catalogue, schemas, baselines));
            }
        }
    }
    // An example of something that is wrong already would only say the same again.
    if findings.is_empty() {
        findings = examples::run(catalogue, schemas, baselines, today);
    }
    findings
}

/// A broken table of the folder, as a finding.
pub fn table_finding(error: &SchemasError, baselines: &Baselines) -> Finding {
    let mut causes = vec![error.to_string()];
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    let finding = Finding::error(Code::CatalogueForm, format!("cannot {}", causes.join(": ")))
        .help("tables are made by `groundplan vendor import`; those that are kept by hand say their form in the first lines");
    match error.place() {
        Some((path, line)) => finding.at(line_of(baselines, &path, line)),
        None => finding,
    }
}

/// A decision that speaks of one client speaks of all.
fn cells(decision: &Decision, catalogue: &Catalogue, baselines: &Baselines, findings: &mut Vec<Finding>) {
    let speaks = |client: &Client| {
        let id = &client.id;
        decision.settings.get(id).is_some_and(|rules| !rules.is_empty())
            || decision.gaps.contains_key(id)
            || decision.does_not_apply.contains_key(id)
    };
    let silent: Vec<&str> = catalogue.clients.iter().filter(|client| !speaks(client)).map(|client| client.id.as_str()).collect();
    if silent.is_empty() || silent.len() == catalogue.clients.len() {
        return;
    }
    let message = format!("`{}` says nothing for {}", decision.key, silent.join(", "));
    let help = "for each client there is a setting, a gap with its reason, or `does_not_apply`: a blank reads like protection";
    findings.push(Finding::error(Code::CatalogueForm, message).at(place(baselines, &decision.place)).help(help));
}

/// A setting that another client reads, below the wrong client.
fn of_another_client(
    rule: &SettingRule,
    client: &Client,
    catalogue: &Catalogue,
    schemas: &Schemas<'_>,
    baselines: &Baselines,
) -> Option<Finding> {
    let fixed = rule.cases.iter().find_map(|case| match &case.set {
        Some(Template::Fixed(value)) => Some(value),
        _ => None,
    });
    let typed = schemas.check(&rule.name, fixed?, &Versions::default()).ok()?;
    // The first place is the program's own; others may carry the settings of several programs.
    let own = places(&typed).into_iter().next()?.path;
    let takes = |client: &&Client| client.artifacts.iter().any(|folder| own.starts_with(folder.as_str()));
    if takes(&client) {
        return None;
    }
    let takers: Vec<String> = catalogue.clients.iter().filter(takes).map(|client| format!("`{}`", client.id)).collect();
    let message = format!("`{}` is nothing that {} reads", rule.name, client.name);
    let help = format!("it belongs below {}", takers.join(" or "));
    Some(Finding::error(Code::CatalogueSetting, message).at(crate::baseline::rule_place(rule, baselines)).help(help))
}

/// The first line of what stands at a place of the content.
fn place(baselines: &Baselines, at: &RulePlace) -> Place {
    line_of(baselines, &at.file, at.line)
}

fn line_of(baselines: &Baselines, path: &str, line: usize) -> Place {
    let file = SourceFile::new(path, baselines.text(path).unwrap_or_default());
    let before: usize = file.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let text = file.text[before..].lines().next().unwrap_or_default();
    let start = before + text.len() - text.trim_start().len();
    let end = before + text.len();
    Place { file, span: start..end }
}
