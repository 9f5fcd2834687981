//! The paper as SARIF 2.1.0: open checks at their places, accepted ones as suppressed, and what no client enforces.

use serde_json::{Value, json};

use super::paper::Paper;
use crate::diag::sarif::render;
use crate::plan::CheckOutcome;

/// The rule of gaps.
const GAP: &str = "gap";

/// Checks and gaps as one SARIF log.
pub fn sarif(paper: &Paper, checks: &CheckOutcome) -> Value {
    let mut findings = checks.findings.clone();
    let open = findings.len();
    findings.extend(checks.accepted.values().map(|accepted| accepted.finding.clone()));
    let mut log = render(&findings);
    let run = &mut log["runs"][0];
    if let Some(results) = run["results"].as_array_mut() {
        for (result, accepted) in results[open..].iter_mut().zip(checks.accepted.values()) {
            let acceptance = &accepted.acceptance;
            let justification = format!("{} ({}, until {})", acceptance.reason, acceptance.by, acceptance.until);
            result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": justification }]);
        }
        for decision in paper.topics.iter().flat_map(|topic| &topic.decisions) {
            for (cell, gap) in decision.clients.iter().flat_map(|cell| cell.gaps.iter().map(move |gap| (cell, gap))) {
                let instead = gap.instead.as_ref().map(|to| format!(" Instead: {to}.")).unwrap_or_default();
                let roles = paper.names_of(&gap.roles, Some(&cell.client)).join(", ");
                results.push(json!({
                    "ruleId": GAP,
                    "level": if gap.instead.is_some() { "note" } else { "warning" },
                    "message": { "text": format!("{} on {}: {}{instead}", decision.key, cell.client, gap.reason) },
                    "locations": [{ "logicalLocations": [{ "name": decision.key, "fullyQualifiedName": format!("{}/{}", cell.client, decision.key) }] }],
                    "properties": { "decision": decision.key, "client": cell.client, "roles": roles },
                }));
            }
        }
    }
    if let Some(rules) = run["tool"]["driver"]["rules"].as_array_mut() {
        rules.push(json!({ "id": GAP, "shortDescription": { "text": "A client cannot keep a decision" } }));
    }
    log
}
