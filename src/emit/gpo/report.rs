//! `gpreport.html`: what the object sets, for whoever opens the backup's folder.
//!
//! In: the settings behind the operations, with their trails. Out: one page without scripts and references. The template is
//! `papers/gpo-report.html` of the content; it escapes every value by its ending.

use std::collections::BTreeSet;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::Object;
use crate::baseline::CheckedSetting;
use crate::baselines::Baselines;
use crate::vendor::Typed;
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
    setting: &'a str,
    place: String,
    data: String,
}

/// The page.
pub(super) fn render(
    object: &Object<'_>,
    operations: &[&RegistryOperation],
    settings: &[CheckedSetting],
    baselines: &Baselines,
) -> Result<Vec<u8>, minijinja::Error> {
    let half = |title, hive| {
        let rows = operations.iter().filter(|operation| operation.hive == hive).map(|operation| row(operation, settings));
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

fn row<'a>(operation: &RegistryOperation, settings: &'a [CheckedSetting]) -> Row<'a> {
    let writes = |typed: &Typed| matches!(typed, Typed::Registry(operations) if operations.contains(operation));
    let behind = settings.iter().find(|checked| writes(&checked.typed));
    let trails = behind.iter().flat_map(|checked| &checked.setting.trails);
    Row {
        decisions: trails.map(|trail| trail.decision.as_str()).collect(),
        setting: behind.map_or("", |checked| checked.setting.name.as_str()),
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
