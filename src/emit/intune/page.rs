//! `README.md` of the folder: what goes where, and what no line carries. The template is `papers/intune.md` of the content.

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::PAGE;
use super::roads::Roads;
use crate::baselines::Baselines;
use crate::emit::Artifact;

const TEMPLATE: &str = "papers/intune.md";

#[derive(Serialize)]
struct Page<'a> {
    name: &'a str,
    catalogued: usize,
    templates: usize,
    policies: usize,
    left: Vec<Left<'a>>,
    lists: Vec<&'a str>,
    removals: usize,
}

#[derive(Serialize)]
struct Left<'a> {
    setting: &'a str,
    title: &'a str,
    reason: &'a str,
}

/// The page.
pub(super) fn render(
    name: &str,
    roads: &Roads<'_>,
    removals: usize,
    baselines: &Baselines,
) -> Result<Artifact, minijinja::Error> {
    let left: Vec<Left<'_>> = roads
        .policies
        .iter()
        .filter_map(|policy| Some(Left { setting: policy.name, title: policy.title, reason: policy.road.reason()? }))
        .collect();
    let catalogued = roads.policies.iter().filter(|policy| policy.road.instance().is_some()).count();
    let policies = roads.policies.len() - left.len() - catalogued;
    let sent = roads.policies.iter().filter(|policy| policy.road.line().is_some());
    let lists = sent.filter(|policy| policy.empties).map(|policy| policy.name).collect();
    let page = Page { name, catalogued, templates: roads.templates.len(), policies, left, lists, removals };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_template(TEMPLATE, baselines.text(TEMPLATE).unwrap_or_default())?;
    Ok(Artifact::data(PAGE, environment.get_template(TEMPLATE)?.render(Serde(page))?))
}
