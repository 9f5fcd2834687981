//! The examples of an organisation's own decisions and checks, run.

use jiff::civil::Date;

use super::place;
use crate::baseline::{example_faults, rule_place};
use crate::baselines::Baselines;
use crate::catalogue::{Catalogue, Check, laid_over};
use crate::diag::{Code, Finding, has_errors, text};
use crate::plan::{CheckRun, answers_of, read_plan};
use crate::vendor::Schemas;

/// The plan over which examples are laid.
const MINIMAL: &str = "lists/minimal.yaml";

/// Runs every example that stands in the folder, and asks for one of each decision that sets something.
pub(super) fn run(catalogue: &Catalogue, schemas: &Schemas<'_>, baselines: &Baselines, today: Date) -> Vec<Finding> {
    let Some(minimal) = baselines.bytes(MINIMAL) else { return Vec::new() };
    let mut findings = Vec::new();
    for decision in &catalogue.decisions {
        let has_example = |file: &str| decision.examples.iter().any(|example| example.place.file == file);
        let mut rules = decision.settings.values().flatten().filter(|rule| baselines.is_own(&rule.place.file));
        if let Some(rule) = rules.find(|rule| !has_example(&rule.place.file)) {
            let message = format!("nothing shows what this sets for `{}`: the file has no example", decision.key);
            let help = "an example is a piece of a plan under `plan`, and what it sets for each client under `sets`; it is run at each check";
            findings.push(Finding::error(Code::CatalogueForm, message).at(rule_place(rule, baselines)).help(help));
        }
        for example in decision.examples.iter().filter(|example| baselines.is_own(&example.place.file)) {
            let faults = example_faults(decision, example, catalogue, schemas, minimal, today);
            let finding = |fault| {
                let message = format!("the example is not true: {fault}");
                Finding::error(Code::CatalogueExample, message).at(place(baselines, &example.place))
            };
            findings.extend(faults.into_iter().map(finding));
        }
    }
    for check in catalogue.checks.iter().filter(|check| baselines.is_own(&check.place.file)) {
        findings.extend(check_fault(check, catalogue, minimal, today).map(|fault| {
            let message = format!("the examples of `{}` are not true: {fault}", check.name);
            Finding::error(Code::CatalogueExample, message).at(place(baselines, &check.place))
        }));
    }
    findings
}

fn check_fault(check: &Check, catalogue: &Catalogue, minimal: &[u8], today: Date) -> Option<String> {
    for (node, name, wanted) in [(&check.raised, "raised", true), (&check.silent, "silent", false)] {
        let (plan, found) = read_plan(&laid_over(minimal, node), catalogue);
        if has_errors(&found) {
            return Some(format!("`{name}` is no plan: {}", text::render(&found[..1], false).trim_end()));
        }
        let mut run = CheckRun::new(&plan, catalogue, today);
        for role in plan.all_roles() {
            run.add(&answers_of(&plan, role, catalogue, today));
        }
        let raised = run.finish().findings.iter().any(|finding| finding.check.as_deref() == Some(&check.name));
        if raised != wanted {
            let does = if raised { "raises it" } else { "does not raise it" };
            return Some(format!("the plan under `{name}` {does}"));
        }
    }
    None
}
