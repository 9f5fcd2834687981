//! `gpreport.html`: what the object sets, for whoever opens the backup's folder.
//!
//! In: the settings behind the operations, with their trails. Out: one page without scripts and references. The template is
//! `papers/gpo-report.html` of the content; it escapes every value by its ending.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::{Object, Share};
use crate::baselines::Baselines;
use crate::vendor::registry::{Hive, RegistryAction, RegistryData, RegistryOperation};

const TEMPLATE: &str = "papers/gpo-report.html";

#[derive(Serialize)]
struct Page<'a> {
    name: &'a str,
    halves: Vec<HalfOfPage<'a>>,
}

#[derive(Serialize)]
struct HalfOfPage<'a> {
    title: &'static str,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    decisions: BTreeSet<&'a str>,
    settings: Vec<&'a str>,
    place: String,
    data: String,
}

/// The page.
pub(super) fn render(
    object: &Object<'_>,
    operations: &[&RegistryOperation],
    shares: &[Share<'_>],
    baselines: &Baselines,
) -> Result<Vec<u8>, minijinja::Error> {
    let mut behind: BTreeMap<&RegistryOperation, &Share<'_>> = BTreeMap::new();
    for share in shares {
        for operation in &share.operations {
            behind.entry(operation).or_insert(share);
        }
    }
    let half = |title, hive| {
        let rows = operations.iter().filter(|operation| operation.hive == hive);
        let rows = rows.map(|operation| row(operation, behind.get(operation).copied()));
        HalfOfPage { title, rows: rows.collect() }
    };
    let mut halves = vec![half("Computer configuration", Hive::Machine), half("User configuration", Hive::User)];
    halves.retain(|half| !half.rows.is_empty());
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_template(TEMPLATE, baselines.text(TEMPLATE).unwrap_or_default())?;
    let page = environment.get_template(TEMPLATE)?.render(Serde(Page { name: &object.name, halves }))?;
    Ok(page.into_bytes())
}

fn row<'a>(operation: &RegistryOperation, behind: Option<&Share<'a>>) -> Row<'a> {
    let settings = || behind.iter().flat_map(|share| share.settings.iter().copied());
    Row {
        decisions: settings().flat_map(|setting| &setting.trails).map(|trail| trail.decision.as_str()).collect(),
        settings: settings().map(|setting| setting.name.as_str()).collect(),
        place: format!("{}\\{}", operation.key.as_str(), operation.name),
        data: data(&operation.action),
    }
}

fn data(action: &RegistryAction) -> String {
    match action {
        RegistryAction::DeleteAllValues => "all values deleted".to_owned(),
        RegistryAction::DeleteValue => "deleted".to_owned(),
        RegistryAction::Set(RegistryData::Dword(number)) => number.to_string(),
        RegistryAction::Set(RegistryData::Qword(number)) => number.to_string(),
        RegistryAction::Set(RegistryData::Text(text) | RegistryData::ExpandText(text)) => format!("\"{text}\""),
        RegistryAction::Set(RegistryData::MultiText(texts)) => texts.join("\n"),
    }
}
