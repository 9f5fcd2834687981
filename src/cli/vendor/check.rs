//! `groundplan vendor check`: an admin's own store of templates against the baseline.
//!
//! Of every policy that a rule of the content sets, or that a plan comes to, it is said whether the store has it with the
//! meaning that the baseline was made for. Exit code 1 when something is missing or changed.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::store::{TemplateFiles, entries, entry, is_language};
use crate::baselines::Baselines;
use crate::catalogue::Catalogue;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::Output;
use crate::cli::{Format, Global, context};
use crate::diag::{has_errors, json as findings_json};
use crate::generate::{Job, Selection, baseline_of, checker_for};
use crate::plan::{Origin, answers_of};
use crate::vendor::admx::{Change, Need, Needs, PolicyState, Report};
use crate::vendor::{Schemas, Typed};

/// The version of the JSON form; it grows when a field changes meaning.
const VERSION: u32 = 1;

/// The language in which labels can be compared.
const ENGLISH: &str = "en-US";

/// Arguments of `vendor check`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The store: the folder `PolicyDefinitions`, with templates and a folder for each language.
    #[arg(long, value_name = "DIR")]
    admx: PathBuf,
    /// Only what this plan sets; `-` reads standard input.
    plan: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    let baselines = context::baselines(global)?;
    let catalogue = context::catalogue(&baselines)?;
    let schemas = context::schemas(&baselines)?;
    context::checked_content(global, &catalogue, &schemas, &baselines)?;
    let needs = match &arguments.plan {
        None => needs_of_content(&catalogue, &schemas),
        Some(plan) => needs_of_plan(plan, global, &catalogue, &baselines)?,
    };
    let store = &arguments.admx;
    let folder = store.display().to_string();
    let listed = entries(store)?;
    if !listed.iter().any(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("admx"))) {
        return Err(Failure::Usage(format!("`{folder}` holds no template; name the folder `PolicyDefinitions` itself")));
    }
    let languages = languages(&listed);
    let mut report = Report::default();
    let templates: BTreeSet<&str> = needs.keys().filter_map(|name| Some(name.split_once(':')?.0)).collect();
    for template in templates {
        let files = find(store, template, &languages)?;
        let bytes = files.map(|files| files.read()).transpose()?;
        report.add(
            schemas.templates(),
            template,
            &folder,
            bytes.as_ref().map(super::store::TemplateBytes::source).as_ref(),
            &needs,
        );
    }
    if output.format() == Format::Json {
        output.json(&as_json(&report, &folder, &needs))?;
    } else {
        output.findings_as_data(&report.findings)?;
    }
    output.talk(&summary(&report, &folder));
    Ok(if has_errors(&report.findings) { Exit::Findings } else { Exit::Fine })
}

/// Every policy of a template that some rule sets.
fn needs_of_content(catalogue: &Catalogue, schemas: &Schemas<'_>) -> Needs {
    let mut needs = Needs::new();
    for decision in &catalogue.decisions {
        for rule in decision.settings.values().flatten().filter(|rule| of_template(&rule.name, schemas)) {
            needs.entry(rule.name.clone()).or_default().decisions.insert(decision.key.clone());
        }
    }
    needs
}

fn of_template(name: &str, schemas: &Schemas<'_>) -> bool {
    name.split_once(':').is_some_and(|(template, _)| schemas.templates().holds(template))
}

/// Every policy that some role of the plan gets.
fn needs_of_plan(path: &Path, global: &Global, catalogue: &Catalogue, baselines: &Baselines) -> Result<Needs, Failure> {
    // Schemas of its own: those of a job live no longer than its plan.
    let schemas = &context::schemas(baselines)?;
    let (plan, findings) = context::plan(path, catalogue, global)?;
    if has_errors(&findings) {
        return Err(Failure::Findings(findings));
    }
    let selection = Selection::default();
    let job =
        Job { plan: &plan, catalogue, schemas, baselines, today: context::today(global), selection: &selection, previous: None };
    let mut checker = checker_for(&job);
    let mut needs = Needs::new();
    for role in plan.all_roles() {
        let (baseline, findings) = baseline_of(&job, &answers_of(&plan, role, catalogue, job.today), &mut checker);
        if has_errors(&findings) {
            return Err(Failure::Findings(findings));
        }
        for checked in baseline.settings.iter().filter(|checked| matches!(checked.typed, Typed::Registry(_))) {
            let need: &mut Need = needs.entry(checked.setting.name.clone()).or_default();
            for trail in &checked.setting.trails {
                need.decisions.insert(trail.decision.clone());
                if let Some(Origin::Plan { place, .. }) = &trail.origin
                    && !need.places.contains(place)
                {
                    need.places.push(place.clone());
                }
            }
        }
    }
    Ok(needs)
}

/// The languages of a store, English first.
fn languages(entries: &[PathBuf]) -> Vec<String> {
    let names = entries.iter().filter(|path| path.is_dir()).filter_map(|path| path.file_name()?.to_str());
    let mut languages: Vec<String> = names.filter(|name| is_language(name)).map(str::to_owned).collect();
    languages.sort_by_key(|language| !language.eq_ignore_ascii_case(ENGLISH));
    languages
}

/// A template of the store with its texts in the first language that has any.
fn find(store: &Path, template: &str, languages: &[String]) -> Result<Option<TemplateFiles>, Failure> {
    let Some(path) = entry(store, OsStr::new(&format!("{template}.admx")))? else { return Ok(None) };
    let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
    let mut files = TemplateFiles::find(&path, &languages)?;
    files.texts.retain(|(_, path)| path.is_file());
    files.texts.truncate(1);
    Ok(Some(files))
}

fn summary(report: &Report, folder: &str) -> String {
    let count = |wanted: fn(&PolicyState) -> bool| report.policies.values().filter(|state| wanted(state)).count();
    let same = count(|state| matches!(state, PolicyState::Same(_)));
    let changed = count(|state| matches!(state, PolicyState::Changed(_)));
    let missing = count(|state| matches!(state, PolicyState::Missing));
    let unknown = count(|state| matches!(state, PolicyState::Unknown));
    let unknown = if unknown == 0 { String::new() } else { format!(", {unknown} in templates that cannot be read") };
    format!(
        "Of {} policies in {} templates, {same} are the same in `{folder}`, {changed} changed, {missing} missing{unknown}.\n",
        report.policies.len(),
        report.templates.len()
    )
}

fn as_json(report: &Report, folder: &str, needs: &Needs) -> Value {
    let templates = report.templates.iter().map(|(name, state)| json!({ "template": name, "state": state.word() }));
    let policies = report.policies.iter().map(|(name, state)| {
        let (state, changes): (_, &[Change]) = match state {
            PolicyState::Same(changes) => ("same", changes),
            PolicyState::Changed(changes) => ("changed", changes),
            PolicyState::Missing => ("missing", &[]),
            PolicyState::Unknown => ("unknown", &[]),
        };
        let changes = changes
            .iter()
            .map(|change| json!({ "fact": change.fact, "baseline": change.old, "store": change.new, "meaning": change.meaning }));
        let decisions = needs.get(name).map(|need| json!(need.decisions));
        json!({ "policy": name, "state": state, "changes": changes.collect::<Vec<_>>(), "decisions": decisions })
    });
    json!({
        "version": VERSION,
        "store": folder,
        "templates": templates.collect::<Vec<_>>(),
        "policies": policies.collect::<Vec<_>>(),
        "findings": findings_json::render(&report.findings)["findings"],
    })
}
