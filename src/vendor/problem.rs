//! What can be wrong with a setting, as its vendor's schema sees it.

/// A setting that its client would not take as it is meant. The text is a fragment that reads well after a setting's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The schema has no such name; `nearest` is the most similar one it has.
    #[error("is not known to {schema}")]
    UnknownName {
        /// Which schema was asked, e.g. `Thunderbird 153`.
        schema: String,
        /// The most similar known name.
        nearest: Option<String>,
    },
    /// The value has the wrong type.
    #[error("takes {expected}, not {found}")]
    WrongType {
        /// What the schema asks for, in words.
        expected: String,
        /// What was given, in words.
        found: String,
    },
    /// The value has the right type and is not allowed.
    #[error("does not take `{found}`: {allowed}")]
    NotAllowed {
        /// The value that was given.
        found: String,
        /// What is allowed, in words.
        allowed: String,
    },
    /// Something inside the value is not known: an element, a key, an item.
    #[error("has no {what} `{found}`")]
    UnknownPart {
        /// What kind of part: `element`, `key`, `item`.
        what: &'static str,
        /// The name that was given.
        found: String,
        /// The most similar known name.
        nearest: Option<String>,
    },
    /// Something that must be there besides is missing.
    #[error("needs `{missing}` as well")]
    Missing {
        /// The name of the missing part.
        missing: String,
    },
    /// The version that is written for does not have it.
    #[error("does not exist in {target}: {reason}")]
    NotInVersion {
        /// The version that is written for, e.g. `Thunderbird 140`.
        target: String,
        /// Since or until when it exists.
        reason: String,
    },
    /// The client would take it and then not do what it says, or forbids it.
    #[error("cannot be set like this: {reason}")]
    Refused {
        /// Why, in words.
        reason: String,
    },
}

impl Problem {
    /// The help line: what to write instead, where the schema can tell.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::UnknownName { nearest: Some(nearest), .. } | Self::UnknownPart { nearest: Some(nearest), .. } => {
                Some(format!("did you mean `{nearest}`?"))
            }
            _ => None,
        }
    }
}

/// The known name most similar to `name`, when one is similar enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate.to_owned())
}
