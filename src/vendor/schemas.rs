//! All vendor schemas behind one question: does the client take this setting?
//!
//! The form of a name says whose it is: no colon, Thunderbird's; a template's name before the colon, an ADMX policy; a
//! platform of the workstation scripts, one of their parameters; else a payload type or preference domain of Apple's.

use std::collections::BTreeMap;

use super::{Problem, admx, apple, thunderbird, workstation};
use crate::baselines::Baselines;
use crate::value::Value;

/// The versions that are written for, by client; a client that is not named is the newest the schemas know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Versions(BTreeMap<String, String>);

/// The version of a client is not one the schemas know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no schema for {client} {version}")]
pub struct UnknownVersion {
    /// The client, as `versions` names it.
    pub client: String,
    /// The version that was asked for.
    pub version: String,
    /// The versions there are.
    pub known: Vec<String>,
}

/// A setting as its client takes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed {
    /// A policy or preference of Thunderbird.
    Thunderbird(thunderbird::Setting),
    /// Operations on the registry.
    Registry(Vec<super::registry::RegistryOperation>),
    /// A key of a profile.
    Profile(apple::PayloadKey),
    /// A parameter of the workstation scripts.
    Workstation(workstation::Parameter),
}

/// What a schema says about a name, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Which schema it is.
    pub schema: String,
    /// The title, where the vendor gives one, e.g. that of a policy in the editor.
    pub title: Option<String>,
    /// Where an admin finds it and what it takes: pairs of a word and its text.
    pub facts: Vec<(&'static str, String)>,
}

/// The schemas could not be loaded: a file of the content is broken.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Apple's tables.
    #[error("load the schema of Apple's profiles")]
    Apple(#[from] apple::SchemaError),
    /// The parameters of the scripts.
    #[error("load the parameters of the workstation scripts")]
    Workstation(#[from] workstation::LoadError),
    /// Thunderbird's schema.
    #[error("load the schema of Thunderbird")]
    Thunderbird(#[from] thunderbird::LoadError),
}

/// All schemas of the content.
pub struct Schemas<'a> {
    baselines: &'a Baselines,
    thunderbird: BTreeMap<String, thunderbird::Schema<'a>>,
    templates: admx::Templates<'a>,
    apple: apple::Schema<'a>,
    workstation: workstation::Parameters,
}
