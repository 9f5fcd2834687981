//! Definitions of the settings catalogue of Intune.
//!
//! An identifier cannot be derived from the template of a policy: it bears the version under which Microsoft took the template
//! in, and some definitions lie under the one of another policy, which must be enabled for them to be there. What follows from
//! it is spelled alike for all: the definition of an element is that of its policy with the element's id in small letters, and
//! an option is its definition with the number that it writes (0 and 1 for a policy that is disabled or enabled and for a box).
//! Source: exports of the settings catalogue, as the head of the table says, and the options that `Microsoft365DSC` lists.

/// A definition of the settings catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition<'a> {
    /// Its identifier.
    pub id: &'a str,
    /// The policy that must be enabled, in whose instance it is nested.
    pub under: Option<&'a str>,
}

impl<'a> Definition<'a> {
    /// Reads what follows the name on a line of the table.
    pub(super) fn parse(rest: &'a str) -> Option<Self> {
        let mut fields = rest.split('\t');
        let definition = Self { id: fields.next().filter(|id| !id.is_empty())?, under: fields.next() };
        (fields.next().is_none() && definition.under != Some("")).then_some(definition)
    }

    /// The identifier of an element's definition.
    pub fn element(&self, id: &str) -> String {
        format!("{}_{}", self.id, id.to_lowercase())
    }
}

/// The identifier of an option of a definition.
pub fn option(definition: &str, number: u64) -> String {
    format!("{definition}_{number}")
}
