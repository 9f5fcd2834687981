//! Which road each policy takes to Windows.
//!
//! A policy whose definition in the settings catalogue is known goes there, when the policy that it lies under is enabled there
//! too. Of the others one that Windows offers itself goes by that name; another one is ingested with a template of groundplan's,
//! when all keys it can write to are taken and its value has a spelling. What is left goes into the registry file, with the
//! reason. The lines of one role are in the order of the settings.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::Instance;
use super::{LONGEST_DESCRIPTION, LONGEST_NAME, Line, LineValue, cut, template};
use crate::baseline::CheckedSetting;
use crate::value::Value;
use crate::vendor::admx::mdm::{Sent, Unsendable};
use crate::vendor::admx::{Policy, Templates};
use crate::vendor::intune::{Intune, LoadError};
use crate::vendor::registry::{Hive, RegistryAction, RegistryOperation};
use crate::vendor::{Schemas, Typed};

/// How a policy reaches Windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Road<'a> {
    /// The settings catalogue.
    Catalogued(Instance<'a>),
    /// A policy of Windows.
    BuiltIn(Line),
    /// A policy of an ingested template.
    Ingested(Line),
    /// The registry file, and why.
    Registry(&'static str),
}

impl<'a> Road<'a> {
    /// The line of the custom configuration.
    pub(super) fn line(&self) -> Option<&Line> {
        match self {
            Self::BuiltIn(line) | Self::Ingested(line) => Some(line),
            Self::Catalogued(_) | Self::Registry(_) => None,
        }
    }

    /// The instance in the settings catalogue.
    pub(super) fn instance(&self) -> Option<&Instance<'a>> {
        match self {
            Self::Catalogued(instance) => Some(instance),
            _ => None,
        }
    }

    /// Why it goes into the registry file.
    pub(super) fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Registry(reason) => Some(reason),
            _ => None,
        }
    }
}

/// A policy on its road.
pub(super) struct OnRoad<'a> {
    /// The setting's name.
    pub(super) name: &'a str,
    /// The title of the policy.
    pub(super) title: &'a str,
    /// Its value, as the rule has it.
    pub(super) value: &'a Value,
    /// The decisions behind it.
    pub(super) decisions: BTreeSet<&'a str>,
    /// How it goes.
    pub(super) road: Road<'a>,
    /// Whether it empties the key of a list first, which Windows does not do for a device management.
    pub(super) empties: bool,
    operations: &'a [RegistryOperation],
}

/// The roads of all policies of a role.
pub(super) struct Roads<'a> {
    /// The lines that bring the templates, which come first.
    pub(super) templates: Vec<Line>,
    /// The policies, by name.
    pub(super) policies: Vec<OnRoad<'a>>,
}

impl Roads<'_> {
    /// What goes into the registry file.
    pub(super) fn rest(&self) -> impl Iterator<Item = &RegistryOperation> {
        let left = self.policies.iter().filter(|policy| policy.road.reason().is_some());
        left.flat_map(|policy| policy.operations)
    }
}

/// Chooses the road of every policy, for a management that has the settings catalogue or has none. The names of the templates bear
/// the tag.
pub(super) fn choose<'a>(
    settings: &'a [CheckedSetting],
    tag: &str,
    schemas: &'a Schemas<'_>,
    has_catalogue: bool,
) -> Result<Roads<'a>, LoadError> {
    let intune = schemas.intune()?;
    let templates = schemas.templates();
    let catalogued = if has_catalogue { catalogued(settings, intune, templates) } else { BTreeMap::new() };
    let mut ingested: BTreeMap<&str, Vec<Policy<'_>>> = BTreeMap::new();
    let mut policies = Vec::new();
    for CheckedSetting { setting, typed } in settings {
        let Typed::Registry(operations) = typed else { continue };
        let name = setting.name.as_str();
        let decisions: BTreeSet<&str> = setting.trails.iter().map(|trail| trail.decision.as_str()).collect();
        let (title, road) = match templates.send(name, &setting.value) {
            Ok(sent) => {
                let title = sent.policy.title;
                let road = match catalogued.get(name) {
                    Some(instance) => Road::Catalogued(instance.clone()),
                    None => road(name, sent, &decisions, tag, intune, &mut ingested),
                };
                (title, road)
            }
            Err(Unsendable::Spelling(reason)) => {
                (templates.describe(name).map_or("", |policy| policy.title), Road::Registry(reason))
            }
            Err(Unsendable::Value(_)) => unreachable!("the checker held every setting against its template"),
        };
        let empties = operations.iter().any(|operation| operation.action == RegistryAction::DeleteAllValues);
        policies.push(OnRoad { name, title, value: &setting.value, decisions, road, empties, operations });
    }
    let header = |template: &str| templates.header(template).unwrap_or_default();
    let templates = ingested
        .into_iter()
        .map(|(template, policies)| Line {
            name: format!("{template}: template"),
            description: cut(&origin(template, header(template)), LONGEST_DESCRIPTION).to_owned(),
            uri: format!("./Device/Vendor/MSFT/Policy/ConfigOperations/ADMXInstall/{}/Policy/{template}", app(template, tag)),
            value: LineValue::Text(template::write(template, &policies)),
        })
        .collect();
    Ok(Roads { templates, policies })
}

/// What goes into the settings catalogue, by the name of the policy.
fn catalogued<'a>(
    settings: &'a [CheckedSetting],
    intune: Intune<'a>,
    templates: &Templates<'a>,
) -> BTreeMap<&'a str, Instance<'a>> {
    let instance = |checked: &'a CheckedSetting| {
        let name = checked.setting.name.as_str();
        let definition = intune.definition(name)?;
        let sent = templates.send(name, &checked.setting.value).ok()?;
        Some((name, Instance::of(definition, &templates.describe(name)?, &sent)?))
    };
    let mut instances: BTreeMap<_, _> = settings.iter().filter_map(instance).collect();
    let enabled: BTreeSet<_> = instances.iter().filter(|(_, instance)| instance.is_enabled()).map(|(name, _)| *name).collect();
    instances.retain(|_, instance| instance.definition.under.is_none_or(|under| enabled.contains(under)));
    instances
}

fn road<'n, 's, 'a>(
    name: &'n str,
    sent: Sent<'s>,
    decisions: &BTreeSet<&str>,
    tag: &str,
    intune: Intune<'_>,
    ingested: &mut BTreeMap<&'n str, Vec<Policy<'s>>>,
) -> Road<'a> {
    let by = decisions.iter().copied().collect::<Vec<_>>().join(", ");
    let description = format!("{} Decided by {by}.", sentence(sent.policy.title));
    let line = |hive: Hive, path: &str, value: LineValue| {
        let half = match hive {
            Hive::Machine => "Device",
            Hive::User => "User",
        };
        Line {
            name: cut(name, LONGEST_NAME).to_owned(),
            description: cut(&description, LONGEST_DESCRIPTION).to_owned(),
            uri: format!("./{half}/Vendor/MSFT/Policy/Config/{path}"),
            value,
        }
    };
    let state = || LineValue::Text(template::state(sent.elements.as_deref()));
    if let Some(built_in) = intune.built_in(name) {
        let value = match built_in.numbers {
            Some([enabled, disabled]) => LineValue::Number(if sent.elements.is_some() { enabled } else { disabled }),
            None => state(),
        };
        return Road::BuiltIn(line(built_in.hive, built_in.path, value));
    }
    if !sent.policy.places().iter().all(|(key, _)| intune.takes_key(key)) {
        return Road::Registry("Intune may not write to its key, and Windows offers no policy of its own for it");
    }
    let Some((template, policy)) = name.split_once(':').filter(|_| !sent.policy.category_names.is_empty()) else {
        return Road::Registry("its template names no category of its own");
    };
    let path = format!("{}~Policy~{}/{policy}", app(template, tag), sent.policy.category_names.join("~"));
    let line = line(sent.policy.class.hive(), &path, state());
    ingested.entry(template).or_default().push(sent.policy);
    Road::Ingested(line)
}

/// The name under which a template is ingested: letters, digits and `_` only, which every reader of an address takes.
fn app(template: &str, tag: &str) -> String {
    let plain: String = template.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("groundplan_{tag}_{plain}")
}

/// Which file of the vendor the facts are from.
fn origin(template: &str, header: &str) -> String {
    let field = |name: &str| header.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(name)).unwrap_or_default();
    let sum = field(&format!("SHA-256 of {template}.admx: "));
    format!("The policies of {template}.admx (SHA-256 {sum}) that the plan sets. Origin: {}.", field("Origin: "))
}

fn sentence(title: &str) -> String {
    format!("{}.", title.trim_end_matches('.'))
}
