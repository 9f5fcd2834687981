//! The example of a decision, run: it must set exactly what it says, and the client must take it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Baseline, Checker, resolve};
use crate::catalogue::{Catalogue, Decision, Example, laid_over};
use crate::diag::{has_errors, text};
use crate::plan::{answers_of, read_plan};
use crate::value::Value;
use crate::vendor::{Schemas, Versions};

/// What is not as the example says, each in a sentence without its end; empty when all is. `minimal` is the plan over which
/// the example is laid. Only the rules of the decision that stand in the example's file count, as if the content held no
/// other: what another file adds to the decision has examples of its own.
pub fn example_faults(
    decision: &Decision,
    example: &Example,
    catalogue: &Catalogue,
    schemas: &Schemas<'_>,
    minimal: &[u8],
    today: Date,
) -> Vec<String> {
    let (plan, found) = read_plan(&laid_over(minimal, &example.plan), catalogue);
    if has_errors(&found) {
        return vec![format!("it is no plan:\n{}", text::render(&found, false).trim_end())];
    }
    let answers = answers_of(&plan.with_stand_ins(catalogue), None, catalogue, today);
    let mut decision = decision.clone();
    for rules in decision.settings.values_mut() {
        rules.retain(|rule| rule.place.file == example.place.file);
    }
    let alone = Catalogue { decisions: vec![decision], ..catalogue.clone() };
    let (baseline, findings) = resolve(&alone, &answers);
    let mut faults = Vec::new();
    if !findings.is_empty() {
        faults.push(text::render(&findings, false).trim_end().to_owned());
    }
    for (client, expected) in &example.sets {
        if !baseline.clients.contains(client) {
            faults.push(format!("nobody uses {client} in this plan"));
            continue;
        }
        let found = of_client(&baseline, client);
        for (name, value) in expected {
            match found.get(name.as_str()) {
                Some(found) if is_as_written(found, value) => {}
                Some(found) => faults.push(format!("for {client} `{name}` becomes `{found}`, not `{value}`")),
                None => faults.push(format!("for {client} `{name}` is not set")),
            }
        }
        for (name, value) in found.iter().filter(|(name, _)| !expected.contains_key(**name)) {
            faults.push(format!("for {client} `{name}` becomes `{value}`, and the example is silent"));
        }
    }
    for to in &example.duties {
        if !baseline.duties.iter().any(|duty| duty.to == *to) {
            faults.push(format!("there is no duty for {to}"));
        }
    }
    // What clients take is judged with all decisions together: one may bring what another one needs beside it.
    let (whole, mut findings) = resolve(catalogue, &answers);
    findings.extend(Checker::new(schemas, Versions::default()).check(whole).1);
    if has_errors(&findings) {
        faults.push(text::render(&findings, false).trim_end().to_owned());
    }
    faults
}

/// Whether a setting has the value of an example, which writes what differs from person to person as it is shown.
fn is_as_written(found: &Value, value: &Value) -> bool {
    match found {
        Value::Personal(text) => value.as_text() == Some(text.to_string().as_str()),
        found => found == value,
    }
}

fn of_client<'a>(baseline: &'a Baseline, client: &str) -> BTreeMap<&'a str, &'a Value> {
    let names_client = |setting: &&super::Setting| setting.trails.iter().any(|trail| trail.client.as_deref() == Some(client));
    baseline.settings.iter().filter(names_client).map(|setting| (setting.name.as_str(), &setting.value)).collect()
}
