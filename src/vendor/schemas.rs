//! All vendor schemas behind one question: does the client take this setting?
//!
//! The form of a name says whose it is: no colon, Thunderbird's; a template's name before the colon, an ADMX policy; a
//! browser, one of its policies; a platform of the workstation scripts, one of their parameters; else a payload type or
//! preference domain of Apple's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::registry::RegistryOperation;
use super::{Problem, admx, apple, browser, describe, thunderbird, workstation};
use crate::baselines::Baselines;
use crate::value::Value;

/// The versions that are written for, by client; a client that is not named is the newest the schemas know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Versions(BTreeMap<String, String>);

impl Versions {
    /// Takes pairs of client and version, as `versions` of the plan names them.
    pub fn new(versions: impl Iterator<Item = (String, String)>) -> Self {
        Self(versions.collect())
    }

    /// The pairs.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(client, version)| (client.as_str(), version.as_str()))
    }

    fn of(&self, client: &str) -> Option<&str> {
        self.0.get(client).map(String::as_str)
    }
}

/// A setting as its client takes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed {
    /// A policy or preference of Thunderbird.
    Thunderbird(thunderbird::Setting),
    /// Operations on the registry.
    Registry(Vec<RegistryOperation>),
    /// A key of a profile.
    Profile(apple::PayloadKey),
    /// A parameter of the workstation scripts.
    Workstation(workstation::Parameter),
    /// A policy of a browser.
    Browser(browser::Setting),
}

/// What a schema says about a name, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Which schema it is.
    pub schema: String,
    /// What the vendor calls it, e.g. the title of a policy in the editor.
    pub title: Option<String>,
    /// Where it is found and what it takes: pairs of a word and its text.
    pub facts: Vec<(&'static str, String)>,
}

/// A file of the vendor schemas is missing or broken.
#[derive(Debug, thiserror::Error)]
pub enum SchemasError {
    /// The tables of a browser.
    #[error("load the schema of a browser")]
    Browser(#[from] browser::SchemaError),
    /// Apple's tables.
    #[error("load the schema of Apple's profiles")]
    Apple(#[from] apple::SchemaError),
    /// Thunderbird's tables.
    #[error("load the schema of Thunderbird")]
    Thunderbird(#[from] thunderbird::SchemaError),
    /// The administrative templates.
    #[error("load the administrative templates")]
    Templates(#[from] admx::TemplatesError),
    /// The parameters of the scripts.
    #[error("load the parameters of the workstation scripts")]
    Workstation(#[from] workstation::LoadError),
}

/// All schemas of the content.
pub struct Schemas<'a> {
    baselines: &'a Baselines,
    thunderbird: BTreeMap<String, OnceLock<Option<thunderbird::Schema<'a>>>>,
    templates: admx::Templates<'a>,
    apple: apple::Schema<'a>,
    workstation: workstation::Parameters,
    browsers: BTreeMap<&'a str, browser::Schema<'a>>,
}

/// What a name of the second set of browser policies begins with.
const SUSPENDED: &str = "suspended.";

/// The generation of Office that a template is for: the digits at the end of its name.
fn generation(template: &str) -> Option<String> {
    let digits = &template[template.trim_end_matches(|character: char| character.is_ascii_digit()).len()..];
    (!digits.is_empty()).then(|| digits.to_owned())
}

/// Whose a name is, by its form.
enum Owner {
    Thunderbird,
    Template,
    Workstation,
    Browser,
    Apple,
}

impl<'a> Schemas<'a> {
    /// Loads the schemas of the content.
    ///
    /// # Errors
    /// [`SchemasError`] when a file is missing or broken.
    pub fn load(baselines: &'a Baselines) -> Result<Self, SchemasError> {
        let versions = thunderbird::Schema::versions(baselines);
        let mut thunderbird: BTreeMap<_, _> = versions.into_iter().map(|version| (version, OnceLock::new())).collect();
        if let Some(mut newest) = thunderbird.last_entry() {
            let schema = thunderbird::Schema::new(baselines, newest.key())?;
            newest.insert(OnceLock::from(Some(schema)));
        }
        let templates = admx::Templates::new(baselines)?;
        let apple = apple::Schema::load(baselines)?;
        let workstation = workstation::Parameters::load(baselines)?;
        let browsers = browser::Schema::browsers(baselines);
        let browsers = browsers.map(|id| Ok((id, browser::Schema::load(baselines, id)?))).collect::<Result<_, SchemasError>>()?;
        Ok(Self { baselines, thunderbird, templates, apple, workstation, browsers })
    }

    /// The versions that can be written for, by the names that `versions` of the plan uses; a client without a schema has none.
    pub fn known_versions(&self) -> BTreeMap<&str, Vec<String>> {
        let office: BTreeSet<String> = self.templates.templates(Some("office")).filter_map(generation).collect();
        let mut known = BTreeMap::from([
            ("thunderbird", self.thunderbird.keys().cloned().collect()),
            ("outlook", office.into_iter().collect()),
            ("macos", self.apple.versions().iter().map(|version| (*version).to_owned()).collect()),
        ]);
        known.extend(self.browsers.iter().map(|(id, schema)| (*id, schema.versions())));
        known
    }

    /// What is to be known about the versions that are written for: where a list of another version stands in.
    pub fn notes(&self, versions: &Versions) -> Vec<String> {
        let schema = self.thunderbird(versions).ok();
        let lent = schema.and_then(|schema| Some((schema.title(), schema.preferences_lent_by()?)));
        let note = |(title, newest)| {
            format!(
                "the preferences of {title} are judged by the list of {newest}, for it has none of its own; its policies have"
            )
        };
        lent.map(note).into_iter().collect()
    }

    /// The other settings of a role that write what this one writes.
    pub fn also_written_by(&self, name: &str, versions: &Versions) -> Vec<String> {
        match self.owner(name) {
            Owner::Thunderbird => {
                self.thunderbird(versions).map(|schema| schema.written_by(name).map(str::to_owned).collect()).unwrap_or_default()
            }
            Owner::Template | Owner::Workstation | Owner::Browser | Owner::Apple => Vec::new(),
        }
    }

    /// Holds a setting against its schema, for the versions that are written for.
    ///
    /// # Errors
    /// [`Problem`]: the first thing that is wrong with name, value or version.
    pub fn check(&self, name: &str, value: &Value, versions: &Versions) -> Result<Typed, Problem> {
        match self.owner(name) {
            Owner::Thunderbird => self.thunderbird(versions)?.check(name, value).map(Typed::Thunderbird),
            Owner::Template => self.templates.check(name, value).map(Typed::Registry),
            Owner::Workstation => self.workstation.check(name, value).map(Typed::Workstation),
            Owner::Browser => self.check_browser(name, value, versions).map(Typed::Browser),
            Owner::Apple => self.apple.check(name, value, self.macos(versions)).map(Typed::Profile),
        }
    }

    /// What must stand beside others and does not; by the name of a setting, or by the type of a payload.
    pub fn check_companions<'t>(&self, settings: impl Iterator<Item = &'t Typed>, versions: &Versions) -> Vec<(String, Problem)> {
        let (mut keys, mut preferences) = (Vec::new(), Vec::new());
        for typed in settings {
            match typed {
                Typed::Profile(key) => keys.push(key),
                Typed::Thunderbird(setting) => preferences.push(setting),
                Typed::Registry(_) | Typed::Workstation(_) | Typed::Browser(_) => {}
            }
        }
        let types: BTreeSet<&str> =
            keys.iter().filter(|key| !key.managed_preference).map(|key| key.payload_type.as_str()).collect();
        let macos = self.macos(versions);
        let payloads = types.into_iter().filter_map(|kind| {
            let problem = self.apple.check_payload(kind, &keys, macos).err()?;
            Some((kind.to_owned(), problem))
        });
        let alone = self.thunderbird(versions).map(|schema| schema.check_companions(&preferences)).unwrap_or_default();
        payloads.chain(alone).collect()
    }

    /// What the schema says about a name; `None` when no schema knows it.
    pub fn describe(&self, name: &str) -> Option<Description> {
        match self.owner(name) {
            Owner::Thunderbird => self.newest_thunderbird()?.describe(name).map(|known| describe::thunderbird(&known)),
            Owner::Template => self.templates.describe(name).map(|known| describe::policy(name, &known)),
            Owner::Workstation => self.workstation.describe(name).map(describe::parameter),
            Owner::Browser => {
                let (schema, policy, _) = self.browser(name)?;
                schema.describe(policy).map(describe::browser)
            }
            Owner::Apple => self.apple.describe(name).map(|known| describe::payload_key(&known)),
        }
    }

    /// Apple's schema, and the macOS that is written for.
    pub fn apple<'v>(&'v self, versions: &'v Versions) -> (&'v apple::Schema<'a>, &'v str) {
        (&self.apple, self.macos(versions))
    }

    /// The administrative templates.
    pub fn templates(&self) -> &admx::Templates<'a> {
        &self.templates
    }

    /// All names that the schemas know.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let thunderbird = self.newest_thunderbird().into_iter().flat_map(|schema| schema.names().map(str::to_owned));
        let browsers = self.browsers.iter().flat_map(|(id, schema)| schema.names().map(move |policy| format!("{id}:{policy}")));
        thunderbird.chain(self.templates.names()).chain(self.apple.names()).chain(self.workstation.names()).chain(browsers)
    }

    /// The schema, the policy, and whether it belongs to the second set.
    fn browser<'n>(&self, name: &'n str) -> Option<(&browser::Schema<'a>, &'n str, bool)> {
        let (first, policy) = name.split_once(':')?;
        let id = first.strip_prefix(SUSPENDED).unwrap_or(first);
        Some((self.browsers.get(id)?, policy, id != first))
    }

    fn check_browser(&self, name: &str, value: &Value, versions: &Versions) -> Result<browser::Setting, Problem> {
        let unknown = || Problem::UnknownName { schema: "the browsers".to_owned(), nearest: None };
        let (schema, policy, suspended) = self.browser(name).ok_or_else(unknown)?;
        schema.check(policy, value, versions.of(&schema.places().browser), suspended)
    }

    fn owner(&self, name: &str) -> Owner {
        let Some((first, _)) = name.split_once(':') else { return Owner::Thunderbird };
        if self.templates.holds(first) {
            Owner::Template
        } else if self.browser(name).is_some() {
            Owner::Browser
        } else if self.workstation.of(first).next().is_some() {
            Owner::Workstation
        } else {
            Owner::Apple
        }
    }

    /// The schema of the version that is written for; each is read when it is first asked for.
    fn thunderbird(&self, versions: &Versions) -> Result<&thunderbird::Schema<'a>, Problem> {
        let wanted = versions.of("thunderbird").map(|version| version.split('.').next().unwrap_or(version));
        let entry = match wanted {
            Some(version) => self.thunderbird.get_key_value(version),
            None => self.thunderbird.last_key_value(),
        };
        let Some((version, schema)) = entry else {
            let known = self.thunderbird.keys().cloned().collect::<Vec<_>>().join(", ");
            let target = format!("Thunderbird {}", wanted.unwrap_or_default());
            return Err(Problem::NotInVersion { target, reason: format!("the versions that can be written for are {known}") });
        };
        let read = || thunderbird::Schema::new(self.baselines, version).ok();
        schema
            .get_or_init(read)
            .as_ref()
            .ok_or_else(|| Problem::Unreadable { schema: format!("the schema of Thunderbird {version}") })
    }

    fn newest_thunderbird(&self) -> Option<&thunderbird::Schema<'a>> {
        self.thunderbird(&Versions::default()).ok()
    }

    fn macos<'v>(&'v self, versions: &'v Versions) -> &'v str {
        versions.of("macos").or_else(|| self.apple.versions().last().copied()).unwrap_or_default()
    }
}
