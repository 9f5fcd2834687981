//! Holds the rules of the content against the vendor schemas, before any plan is read.
//!
//! What is built in is proved by tests. An organisation's own folder is held against the schemas at each run: a name that
//! no schema knows, or a fixed value that its schema refuses, is a finding at the rule, even where no role has the client.
//! A value that takes answers of the plan is checked when a role's baseline is.

use crate::baselines::Baselines;
use crate::catalogue::{Catalogue, SettingRule, Template};
use crate::diag::{Code, Finding, Place, SourceFile};
use crate::vendor::{Problem, Schemas, Versions};

/// Checks every rule; a setting that only the newest version lacks is not a fault of the content.
pub fn check_content(catalogue: &Catalogue, schemas: &Schemas<'_>, baselines: &Baselines) -> Vec<Finding> {
    let newest = Versions::default();
    let mut findings = Vec::new();
    for rule in catalogue.decisions.iter().flat_map(|decision| decision.settings.values().flatten()) {
        let values = rule.cases.iter().filter_map(|case| match &case.set {
            Some(Template::Fixed(value)) => Some(value),
            _ => None,
        });
        let problems = values.filter_map(|value| schemas.check(&rule.name, value, &newest).err());
        let counts = |problem: &Problem| match problem {
            Problem::NotInVersion { .. } => false,
            // What unites with the rules of other decisions may be a part.
            Problem::Missing { .. } => !rule.merge,
            _ => true,
        };
        let Some(problem) = problems.into_iter().find(counts) else { continue };
        let finding =
            Finding::error(Code::CatalogueSetting, format!("`{}` {problem}", rule.name)).at(rule_place(rule, baselines));
        findings.push(match problem.help() {
            Some(help) => finding.help(help),
            None => finding.help(format!("`groundplan explain {}` says what it takes", rule.name)),
        });
    }
    findings
}

/// The name of the setting in the file of the rule: the last time it stands at or before the rule's first line.
pub fn rule_place(rule: &SettingRule, baselines: &Baselines) -> Place {
    let file = SourceFile::new(rule.place.file.as_str(), baselines.text(&rule.place.file).unwrap_or_default());
    let before: usize = file.text.split_inclusive('\n').take(rule.place.line).map(str::len).sum();
    let span = match file.text[..before].rfind(&rule.name) {
        Some(start) => start..start + rule.name.len(),
        None => 0..0,
    };
    Place { file, span }
}
