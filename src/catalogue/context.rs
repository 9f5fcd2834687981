//! What rules are read against: the decisions, the addressees, and the document they stand in.

use std::collections::BTreeMap;

use super::keys::Keys;
use crate::source::Document;

/// Passed by value to everything that reads rules; conditions, values and rules each add methods to it.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) keys: &'a Keys<'a>,
    pub(super) document: &'a Document,
    /// The ids of those who can be given a duty.
    pub(super) addressees: &'a [String],
    /// The named lists of hosts.
    pub(super) hosts: &'a BTreeMap<String, Vec<String>>,
}
