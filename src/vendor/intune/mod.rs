//! What Microsoft Intune, and the Policy CSP of Windows behind it, take of the administrative templates.
//!
//! In: three small tables of `vendor/intune/`: where policies of an ingested template may write, under which area and name
//! Windows offers policies of its own templates, and which definitions of the settings catalogue are known. A policy of
//! Windows is never ingested: its keys are among the refused.

mod catalogue;
mod import;

pub use catalogue::{Definition, option};
pub use import::{ImportError, Left, import};

use super::registry::Hive;
use super::table::Table;
use crate::baselines::Baselines;

const KEYS: &str = "vendor/intune/ingestion-keys.tsv";
const BUILT_IN: &str = "vendor/intune/policy-csp.tsv";
const CATALOGUE: &str = "vendor/intune/settings-catalog.tsv";

/// A table of the content is missing or damaged. The text reads well after "cannot".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read `{path}` of the baselines")]
pub struct LoadError {
    path: &'static str,
}

/// What Intune takes.
#[derive(Debug, Clone, Copy)]
pub struct Intune<'a> {
    keys: Table<'a>,
    built_in: Table<'a>,
    catalogue: Table<'a>,
}

/// How Windows offers one of its policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn<'a> {
    /// Computer or user.
    pub hive: Hive,
    /// Area and name, with `/` between.
    pub path: &'a str,
    /// The numbers for enabled and disabled, where it is a number; else it takes the state and elements of the template.
    pub numbers: Option<[i64; 2]>,
}

impl<'a> Intune<'a> {
    /// Takes the tables of these baselines.
    ///
    /// # Errors
    /// [`LoadError`] when one is missing or not sorted, or a row does not have the form.
    pub fn load(baselines: &'a Baselines) -> Result<Self, LoadError> {
        let table = |path| {
            let table = baselines.text(path).map(Table::new).filter(|table| table.first_fault().is_none());
            table.filter(|table| table.rows().next().is_some()).ok_or(LoadError { path })
        };
        let intune = Self { keys: table(KEYS)?, built_in: table(BUILT_IN)?, catalogue: table(CATALOGUE)? };
        if !intune.keys.rows().all(|(_, word)| matches!(word, "taken" | "refused")) {
            return Err(LoadError { path: KEYS });
        }
        if !intune.built_in.rows().all(|(_, rest)| parse(rest).is_some()) {
            return Err(LoadError { path: BUILT_IN });
        }
        // A definition lies under one that lies under none.
        let well_placed = |(_, rest)| {
            let under = Definition::parse(rest)?.under;
            Some(under.is_none_or(|under| intune.definition(under).is_some_and(|outer| outer.under.is_none())))
        };
        if !intune.catalogue.rows().all(|row| well_placed(row) == Some(true)) {
            return Err(LoadError { path: CATALOGUE });
        }
        Ok(intune)
    }

    /// Whether a policy of an ingested template may write to this key: the longest key of the table above it decides.
    pub fn takes_key(&self, key: &str) -> bool {
        let key = key.to_lowercase();
        let mut above = key.as_str();
        loop {
            if let Some(word) = self.keys.find(above) {
                return word == "taken";
            }
            match above.rsplit_once('\\') {
                Some((parent, _)) => above = parent,
                None => return false,
            }
        }
    }

    /// How Windows offers a policy of its own templates.
    pub fn built_in(&self, name: &str) -> Option<BuiltIn<'a>> {
        parse(self.built_in.find(name)?)
    }

    /// The names of the policies that Windows offers.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.built_in.rows().map(|(name, _)| name)
    }

    /// The definition of a policy in the settings catalogue, where it is known.
    pub fn definition(&self, name: &str) -> Option<Definition<'a>> {
        Definition::parse(self.catalogue.find(name)?)
    }

    /// The names of the policies whose definition is known.
    pub fn defined(&self) -> impl Iterator<Item = &'a str> {
        self.catalogue.rows().map(|(name, _)| name)
    }
}

fn parse(rest: &str) -> Option<BuiltIn<'_>> {
    let mut fields = rest.split('\t');
    let hive = match fields.next()? {
        "machine" => Hive::Machine,
        "user" => Hive::User,
        _ => return None,
    };
    let path = fields.next().filter(|path| path.split('/').filter(|part| !part.is_empty()).count() == 2)?;
    let numbers = match (fields.next()?, fields.next()) {
        ("state", None) => None,
        (enabled, Some(disabled)) => Some([enabled.parse().ok()?, disabled.parse().ok()?]),
        _ => return None,
    };
    fields.next().is_none().then_some(BuiltIn { hive, path, numbers })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendor::admx::Templates;

    #[test]
    fn the_longest_key_above_decides_and_what_lies_outside_is_refused() {
        let baselines = Baselines::embedded();
        let intune = Intune::load(&baselines).unwrap();
        for key in [
            r"software\policies\microsoft\office\16.0\outlook\security",
            r"Software\Policies\Microsoft\VBA\Security",
            r"Software\Policies\Example\Program",
            r"SOFTWARE\Microsoft\Edge",
        ] {
            assert!(intune.takes_key(key), "{key}");
        }
        for key in [
            r"software\policies\microsoft\vsto",
            r"Software\Policies\Microsoft\Windows\System",
            r"Software\Microsoft\Windows\CurrentVersion\Policies\System",
            r"software\policies\microsoft\officeother",
            r"System\CurrentControlSet\Control",
            "none",
            "",
        ] {
            assert!(!intune.takes_key(key), "{key}");
        }
    }

    #[test]
    fn what_windows_offers_are_policies_of_its_templates_in_the_same_half() {
        let baselines = Baselines::embedded();
        let (intune, templates) = (Intune::load(&baselines).unwrap(), Templates::new(&baselines).unwrap());
        for name in intune.names() {
            let (policy, built_in) = (templates.describe(name).unwrap(), intune.built_in(name).unwrap());
            assert_eq!(policy.class.hive(), built_in.hive, "{name}");
            assert!(policy.places().iter().all(|(key, _)| !intune.takes_key(key)), "{name} could be ingested");
            assert!(built_in.numbers.is_none() || policy.elements.is_empty(), "{name} is a number and has elements");
        }
        assert!(intune.names().count() > 10);
    }

    #[test]
    fn what_the_catalogue_defines_are_policies_of_people_in_the_templates() {
        let baselines = Baselines::embedded();
        let (intune, templates) = (Intune::load(&baselines).unwrap(), Templates::new(&baselines).unwrap());
        let mut nested = 0;
        for name in intune.defined() {
            let (policy, definition) = (templates.describe(name).unwrap(), intune.definition(name).unwrap());
            assert_eq!(policy.class.hive(), Hive::User, "{name}");
            assert!(definition.id.starts_with("user_vendor_msft_policy_config_"), "{name}");
            nested += usize::from(definition.under.is_some());
        }
        assert!(intune.defined().count() > 100 && nested > 20);
    }

    #[test]
    fn a_damaged_table_is_refused() {
        let with = |text: &str| {
            let content = Baselines::embedded().with_file(CATALOGUE.to_owned(), text.as_bytes().to_vec());
            Intune::load(&content).is_ok()
        };
        assert!(with("# head\na:A\tid\na:B\tid2\ta:A\n"));
        for damaged in [
            "",
            "a:A\n",
            "a:A\tid\ta:B\n",
            "a:A\tid\ta:A\n",
            "a:A\tid\na:B\tid\ta:A\na:C\tid\ta:B\n",
            "a:A\tid\t\n",
            "a:A\tid\ta:A\tmore\n",
        ] {
            assert!(!with(damaged), "{damaged:?}");
        }
    }
}
