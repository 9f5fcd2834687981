//! All vendor schemas behind one question: does the client take this setting?
//!
//! The form of a name says whose it is: no colon, Thunderbird's; a template's name before the colon, an ADMX policy; a
//! browser, one of its policies; a platform of the workstation scripts, one of their parameters; a store of Linux desktops, one
//! of its keys; else a payload type or preference domain of Apple's.
//!
//! A table is opened when a name of its client is first asked for. Those that are built in are sound, which tests prove;
//! with a folder laid over them all are opened at once, so that a broken one is found whether a plan needs it or not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::registry::RegistryOperation;
use super::search::{Hit, Query};
use super::{Problem, admx, apple, browser, describe, desktop, intune, thunderbird, workstation};
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
    /// A key of a program of Linux desktops.
    Desktop(desktop::Setting),
}

impl Typed {
    /// Whether its client lets people change it, whatever is decided.
    pub fn cannot_be_locked(&self) -> bool {
        matches!(self, Self::Desktop(setting) if setting.store == desktop::Store::Accounts)
    }
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
    /// A template's table.
    #[error("load `{path}`, line {line}: the policy does not have the form of its table, or is not in the order of names")]
    Template {
        /// The path below `baselines/`.
        path: String,
        /// The line, from 1.
        line: usize,
    },
    /// The administrative templates.
    #[error("load the administrative templates")]
    Templates(#[from] admx::TemplatesError),
    /// The tables of what Intune takes.
    #[error("load what Intune takes")]
    Intune(#[from] intune::LoadError),
    /// The tables of programs of Linux desktops.
    #[error("load what programs of Linux desktops take")]
    Desktop(#[from] desktop::LoadError),
    /// The parameters of the scripts.
    #[error("load the parameters of the workstation scripts")]
    Workstation(#[from] workstation::LoadError),
}

impl SchemasError {
    /// The file below `baselines/` and the line, from 1, that are broken; none when a file is missing.
    pub fn place(&self) -> Option<(String, usize)> {
        match self {
            Self::Apple(apple::SchemaError::Line { file, line, .. }) => Some(((*file).to_owned(), *line)),
            Self::Thunderbird(thunderbird::SchemaError::Malformed { path, line }) | Self::Template { path, line } => {
                Some((path.clone(), *line))
            }
            Self::Workstation(workstation::LoadError::Line { path, line, .. })
            | Self::Desktop(desktop::LoadError::Line { path, line }) => Some((path.clone(), *line)),
            _ => None,
        }
    }
}

/// All schemas of the content.
pub struct Schemas<'a> {
    baselines: &'a Baselines,
    thunderbird: BTreeMap<String, OnceLock<Option<thunderbird::Schema<'a>>>>,
    templates: admx::Templates<'a>,
    apple: OnceLock<Option<apple::Schema<'a>>>,
    workstation: workstation::Parameters,
    browsers: BTreeMap<&'a str, OnceLock<Option<browser::Schema<'a>>>>,
    desktop: desktop::Tables<'a>,
}

/// What a name of the second set of browser policies begins with.
pub const SUSPENDED: &str = "suspended.";

/// The generation of Office that a template is for: the digits at the end of its name.
fn generation(template: &str) -> Option<String> {
    let digits = &template[template.trim_end_matches(|character: char| character.is_ascii_digit()).len()..];
    (!digits.is_empty()).then(|| digits.to_owned())
}

/// Apple's schema, in words.
const APPLE: &str = "Apple's payload schema";

/// Whose a name is, by its form.
enum Owner {
    Thunderbird,
    Template,
    Workstation,
    Browser,
    Desktop,
    Apple,
}

impl<'a> Schemas<'a> {
    /// Takes the schemas of the content.
    ///
    /// # Errors
    /// [`SchemasError`] when a table of a folder that was laid over the content is missing or broken.
    pub fn load(baselines: &'a Baselines) -> Result<Self, SchemasError> {
        let versions = thunderbird::Schema::versions(baselines);
        let schemas = Self {
            baselines,
            thunderbird: versions.into_iter().map(|version| (version, OnceLock::new())).collect(),
            templates: admx::Templates::new(baselines)?,
            apple: OnceLock::new(),
            workstation: workstation::Parameters::load(baselines)?,
            browsers: browser::Schema::browsers(baselines).map(|id| (id, OnceLock::new())).collect(),
            desktop: desktop::Tables::new(baselines),
        };
        if baselines.is_laid_over() {
            for (version, schema) in &schemas.thunderbird {
                let read = thunderbird::Schema::new(baselines, version)?;
                schema.get_or_init(|| Some(read));
            }
            if let Some((path, line)) = schemas.templates.first_fault() {
                return Err(SchemasError::Template { path, line });
            }
            intune::Intune::load(baselines)?;
            schemas.desktop.verify(baselines)?;
            let apple = apple::Schema::load(baselines)?;
            schemas.apple.get_or_init(|| Some(apple));
            for (id, schema) in &schemas.browsers {
                let read = browser::Schema::load(baselines, id)?;
                schema.get_or_init(|| Some(read));
            }
        }
        Ok(schemas)
    }

    /// The versions that can be written for, by the names that `versions` of the plan uses; a client without a schema has none.
    pub fn known_versions(&self) -> BTreeMap<&str, Vec<String>> {
        let office: BTreeSet<String> = self.templates.templates(Some("office")).filter_map(generation).collect();
        let mut known = BTreeMap::from([
            ("thunderbird", self.thunderbird.keys().cloned().collect()),
            ("outlook", office.into_iter().collect()),
            ("macos", self.apple().into_iter().flat_map(apple::Schema::versions).map(|version| (*version).to_owned()).collect()),
        ]);
        known.extend(
            self.browsers.keys().map(|id| (*id, self.browser_schema(id).map(browser::Schema::versions).unwrap_or_default())),
        );
        known.extend(self.desktop.versions());
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
            Owner::Template | Owner::Workstation | Owner::Browser | Owner::Desktop | Owner::Apple => Vec::new(),
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
            Owner::Desktop => self.desktop.check(name, value).map(Typed::Desktop),
            Owner::Apple => {
                let schema = self.apple().ok_or_else(|| Problem::Unreadable { schema: APPLE.to_owned() })?;
                schema.check(name, value, self.macos(versions)).map(Typed::Profile)
            }
        }
    }

    /// What must stand beside others and does not; by the name of a setting, or by the type of a payload.
    pub fn check_companions<'t>(&self, settings: impl Iterator<Item = &'t Typed>, versions: &Versions) -> Vec<(String, Problem)> {
        let (mut keys, mut preferences, mut of_desktop) = (Vec::new(), Vec::new(), Vec::new());
        for typed in settings {
            match typed {
                Typed::Profile(key) => keys.push(key),
                Typed::Thunderbird(setting) => preferences.push(setting),
                Typed::Desktop(setting) => of_desktop.push(setting),
                Typed::Registry(_) | Typed::Workstation(_) | Typed::Browser(_) => {}
            }
        }
        let types: BTreeSet<&str> =
            keys.iter().filter(|key| !key.managed_preference).map(|key| key.payload_type.as_str()).collect();
        // Without a payload nothing is asked of Apple's tables.
        let apple = (!types.is_empty()).then(|| self.apple()).flatten();
        let payloads = apple.into_iter().flat_map(|schema| {
            let macos = self.macos(versions);
            let problem = |kind: &&str| schema.check_payload(kind, &keys, macos).err();
            types.iter().filter_map(|kind| Some(((*kind).to_owned(), problem(kind)?))).collect::<Vec<_>>()
        });
        let alone = self.thunderbird(versions).map(|schema| schema.check_companions(&preferences)).unwrap_or_default();
        payloads.chain(alone).chain(self.desktop.check_companions(&of_desktop)).collect()
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
            Owner::Desktop => self.desktop.describe(name).map(describe::desktop),
            Owner::Apple => self.apple()?.describe(name).map(|known| describe::payload_key(&known)),
        }
    }

    /// Apple's schema, and the macOS that is written for; `None` when its tables cannot be read.
    pub fn profiles<'v>(&'v self, versions: &'v Versions) -> Option<(&'v apple::Schema<'a>, &'v str)> {
        Some((self.apple()?, self.macos(versions)))
    }

    /// The administrative templates.
    pub fn templates(&self) -> &admx::Templates<'a> {
        &self.templates
    }

    /// What Intune takes of them.
    ///
    /// # Errors
    /// [`intune::LoadError`] when a table is missing or damaged.
    pub fn intune(&self) -> Result<intune::Intune<'a>, intune::LoadError> {
        intune::Intune::load(self.baselines)
    }

    /// All names that the schemas know.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let thunderbird = self.newest_thunderbird().into_iter().flat_map(|schema| schema.names().map(str::to_owned));
        let apple = self.apple().into_iter().flat_map(apple::Schema::names);
        let browsers = self.browsers.keys().filter_map(|id| Some((*id, self.browser_schema(id)?)));
        let browsers = browsers.flat_map(|(id, schema)| schema.names().map(move |policy| format!("{id}:{policy}")));
        thunderbird
            .chain(self.templates.names())
            .chain(apple)
            .chain(self.workstation.names())
            .chain(browsers)
            .chain(self.desktop.names())
    }

    /// The schemas of all browsers whose tables can be read.
    pub fn browser_schemas(&self) -> impl Iterator<Item = &browser::Schema<'a>> {
        self.browsers.keys().filter_map(|id| self.browser_schema(id))
    }

    /// The schema of a browser, read when it is first asked for.
    fn browser_schema(&self, id: &str) -> Option<&browser::Schema<'a>> {
        let (id, schema) = self.browsers.get_key_value(id)?;
        schema.get_or_init(|| browser::Schema::load(self.baselines, id).ok()).as_ref()
    }

    /// The schema, the policy, and whether it belongs to the second set.
    fn browser<'n>(&self, name: &'n str) -> Option<(&browser::Schema<'a>, &'n str, bool)> {
        let (first, policy) = name.split_once(':')?;
        let id = first.strip_prefix(SUSPENDED).unwrap_or(first);
        Some((self.browser_schema(id)?, policy, id != first))
    }

    fn check_browser(&self, name: &str, value: &Value, versions: &Versions) -> Result<browser::Setting, Problem> {
        let unknown = || Problem::UnknownName { schema: "the browsers".to_owned(), nearest: None };
        let (schema, policy, suspended) = self.browser(name).ok_or_else(unknown)?;
        schema.check(policy, value, versions.of(&schema.places().browser), suspended)
    }

    /// The settings that hold what is looked for, the likeliest first, equal ones by name; of Thunderbird the newest version.
    pub fn search(&self, query: &Query) -> Vec<Hit> {
        let mut hits: Vec<Hit> = self.newest_thunderbird().into_iter().flat_map(|schema| schema.search(query)).collect();
        hits.extend(self.templates.search(query));
        hits.extend(self.apple().into_iter().flat_map(|schema| schema.search(query)));
        hits.extend(self.workstation.search(query));
        hits.extend(self.browsers.keys().filter_map(|id| self.browser_schema(id)).flat_map(|schema| schema.search(query)));
        hits.extend(self.desktop.search(query));
        hits.sort_by(|a, b| a.rank.cmp(&b.rank).then_with(|| a.name.cmp(&b.name)));
        // Variants of one payload share keys.
        let mut seen = BTreeSet::new();
        hits.retain(|hit| seen.insert(hit.name.clone()));
        hits
    }

    fn owner(&self, name: &str) -> Owner {
        let Some((first, _)) = name.split_once(':') else { return Owner::Thunderbird };
        if self.templates.holds(first) {
            Owner::Template
        } else if self.browser(name).is_some() {
            Owner::Browser
        } else if self.workstation.of(first).next().is_some() {
            Owner::Workstation
        } else if self.desktop.holds(first) {
            Owner::Desktop
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

    fn apple(&self) -> Option<&apple::Schema<'a>> {
        self.apple.get_or_init(|| apple::Schema::load(self.baselines).ok()).as_ref()
    }

    fn newest_thunderbird(&self) -> Option<&thunderbird::Schema<'a>> {
        self.thunderbird(&Versions::default()).ok()
    }

    fn macos<'v>(&'v self, versions: &'v Versions) -> &'v str {
        let newest = || self.apple().and_then(|schema| schema.versions().last().copied());
        versions.of("macos").or_else(newest).unwrap_or_default()
    }
}
