//! What a schema says of a setting, as single facts.

use std::collections::BTreeMap;

use serde::Serialize;

/// Of each setting, by the name inside its table, what is said of it.
pub(in crate::vendor) type Facts = BTreeMap<String, BTreeMap<Fact, String>>;

/// What a fact is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::vendor) struct Fact {
    /// The part of the setting; empty for the setting itself.
    pub(in crate::vendor) part: String,
    pub(in crate::vendor) aspect: Aspect,
    /// Which of several; empty where there is one.
    pub(in crate::vendor) item: String,
}

impl Fact {
    /// A fact of a part.
    pub(in crate::vendor) fn new(part: impl Into<String>, aspect: Aspect, item: impl Into<String>) -> Self {
        Self { part: part.into(), aspect, item: item.into() }
    }

    /// A fact of the setting itself.
    pub(in crate::vendor) fn of(aspect: Aspect) -> Self {
        Self::new("", aspect, "")
    }
}

/// A kind of fact. The order is that in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// What the vendor calls it.
    Title,
    /// Where the policy editor shows it.
    Category,
    /// The versions that the template names.
    Supported,
    /// Computer, user or both.
    Class,
    /// The key and value name of the registry.
    Registry,
    /// An element of a policy, which every enabled policy fills in.
    Element,
    /// What is written in a state.
    State,
    /// The type of a value.
    Type,
    /// A value that is allowed, and what it writes.
    Item,
    /// The lowest and the highest.
    Range,
    /// The form of a text.
    Format,
    /// How many items.
    Count,
    /// Whether it must be there.
    Required,
    /// Anything else that a template says of an element.
    Option,
    /// What it is when nothing is set.
    Default,
    /// The edition that takes it.
    Edition,
    /// Whether a policy can set it.
    Passage,
    /// The channels it may come by.
    Channel,
    /// Whether it may come several times.
    Multiple,
    /// The first version.
    Introduced,
    /// The version since which something else is to be used.
    Deprecated,
    /// The first version without it.
    Removed,
    /// The part whose content it repeats.
    Content,
    /// Who documents it.
    Source,
}

impl Aspect {
    /// In words, as they stand before what changed.
    pub fn words(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Category => "category",
            Self::Supported => "supported on",
            Self::Class => "class",
            Self::Registry => "registry",
            Self::Element => "element",
            Self::State => "writes",
            Self::Type => "type",
            Self::Item => "takes",
            Self::Range => "range",
            Self::Format => "form",
            Self::Count => "number of items",
            Self::Required => "required",
            Self::Option => "option",
            Self::Default => "built-in value",
            Self::Edition => "edition",
            Self::Passage => "by policy",
            Self::Channel => "channel",
            Self::Multiple => "several times",
            Self::Introduced => "since",
            Self::Deprecated => "deprecated since",
            Self::Removed => "removed in",
            Self::Content => "content of",
            Self::Source => "documented by",
        }
    }
}
