//! What rules are read against: the decisions, the addressees, the requirements, the lists, and the document they stand in.

use std::collections::BTreeMap;

use super::keys::Keys;
use super::requirement::Citations;
use crate::source::Document;

/// Passed by value to everything that reads rules; conditions, values and rules each add methods to it.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) keys: &'a Keys<'a>,
    pub(super) document: &'a Document,
    /// The ids of those who can be given a duty.
    pub(super) addressees: &'a [String],
    pub(super) citations: Citations<'a>,
    /// The lists that a value can take, by name.
    pub(super) lists: &'a BTreeMap<String, Vec<String>>,
}
