//! What gateways are given besides the clients: lists of hosts that they refuse.

use super::condition::Condition;
use super::context::Context;
use super::reader::{MapReader, form};
use super::template::Template;
use crate::diag::Finding;
use crate::source::Node;

/// A list for gateways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayRule {
    /// The name, also of its folder.
    pub name: String,
    /// When it is written.
    pub when: Condition,
    /// What it does, in one sentence.
    pub purpose: String,
    /// The hosts that are refused.
    pub block: Template,
    /// The hosts that are let through all the same.
    pub allow: Template,
}

/// Reads a file of them.
pub(super) fn gateways(context: Context<'_>, findings: &mut Vec<Finding>) -> Vec<GatewayRule> {
    let Some(items) = context.document.root.items() else {
        findings.push(form(context.document, &context.document.root, "a file for gateways is a list"));
        return Vec::new();
    };
    items.iter().filter_map(|item| gateway(context, item, findings)).collect()
}

fn gateway(context: Context<'_>, node: &Node, findings: &mut Vec<Finding>) -> Option<GatewayRule> {
    let mut map = MapReader::new(context.document, node, findings)?;
    let name = map.require_text("gateway", findings)?;
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        findings.push(form(context.document, node, "a list for gateways is named by lower-case letters and hyphens"));
    }
    let when = map.require("when", findings).and_then(|node| context.condition(node, findings))?;
    let purpose = map.require_text("purpose", findings);
    let [block, allow] =
        ["block", "allow"].map(|key| map.require(key, findings).and_then(|node| context.template(node, &[&when], findings)));
    map.finish(findings);
    Some(GatewayRule { name, purpose: purpose?, block: block?, allow: allow?, when })
}
