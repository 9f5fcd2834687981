//! Areas of hardening: settings that answer no question of the planning document.
//!
//! "Maximum security without any action of the user" (M 2.454 §6a) needs more than the answers: each security setting is set
//! explicitly, even where it equals the program's default (SYS.2.1.A43). In: a file below `hardening/`. Out: rules of the
//! decision `lock`, which asks whether people may change what was set for them; the trail of a setting names the file of its
//! area. Where the levels differ, a condition asks for `preset`.

use super::context::Context;
use super::decision::{self, Decision, Rules};
use super::reader::{MapReader, form};
use crate::diag::Finding;

/// The decision whose rules the areas extend.
pub(super) const DECISION: &str = "lock";

/// Reads the rules of an area; `lock` is the decision that they extend.
pub(super) fn rules(context: Context<'_>, lock: &Decision, clients: &[String], findings: &mut Vec<Finding>) -> Rules {
    let document = context.document;
    let Some(mut map) = MapReader::new(document, &document.root, findings) else { return Rules::default() };
    let area = map.require_text("area", findings);
    map.require_text("about", findings);
    for rules in ["settings", "gaps", "duties", "examples"] {
        map.take(rules);
    }
    map.finish(findings);
    if let Some(area) = area
        && document.file.name != format!("hardening/{area}.yaml")
    {
        findings.push(form(document, &document.root, format!("the area `{area}` stands in `hardening/{area}.yaml`")));
    }
    decision::rules(context, lock, clients, findings)
}
