//! What can be wrong with a setting, as its vendor's schema sees it.

use crate::similar::Word;

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
    /// The content describes it in a form that cannot be read (only an organisation's own baselines can).
    #[error("is described by {schema} in a form that cannot be read")]
    Unreadable {
        /// Which schema, e.g. `the template outlk16.admx`.
        schema: String,
    },
    /// The client would take it and then not do what it says, or forbids it.
    #[error("cannot be set like this: {reason}")]
    Refused {
        /// Why, in words.
        reason: String,
    },
    /// The version that is written for does not have it.
    #[error("does not exist in {target}: {reason}")]
    NotInVersion {
        /// The version that is written for, e.g. `Thunderbird 140`.
        target: String,
        /// Since or until when it exists.
        reason: String,
    },
    /// A part that may occur once would occur several times.
    #[error("may occur once on a computer, not {times} times")]
    TooOften {
        /// How often it would occur.
        times: usize,
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

/// Less similar than this is not meant.
const SIMILAR: f64 = 0.8;

/// The known name most similar to `name`, when one is similar enough to be meant.
///
/// Thousands of names are compared only as far as needed: what shares the longest beginning or ending is mostly the one.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    let word = Word::new(name);
    let seeds = [
        known.iter().max_by_key(|candidate| shared(name.bytes(), candidate.bytes())),
        known.iter().max_by_key(|candidate| shared(name.bytes().rev(), candidate.bytes().rev())),
    ];
    let mut best: Option<(f64, &str)> = None;
    for &candidate in seeds.into_iter().flatten().chain(&known) {
        // As similar as the best is still of interest: of equals the first in the alphabet is taken.
        let least = best.map_or(SIMILAR, |(similarity, _)| similarity - f64::EPSILON);
        let Some(similarity) = word.similarity(candidate, least) else { continue };
        if best.is_none_or(|(known, first)| similarity > known || (similarity >= known && candidate < first)) {
            best = Some((similarity, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

fn shared(one: impl Iterator<Item = u8>, other: impl Iterator<Item = u8>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::nearest;
    use crate::baselines::Baselines;
    use crate::vendor::Schemas;

    #[test]
    fn passing_names_over_never_hides_the_nearest() {
        let baselines = Baselines::embedded();
        let names: Vec<String> = Schemas::load(&baselines).unwrap().names().filter(|name| !name.contains('/')).collect();
        let known = || names.iter().map(String::as_str).step_by(7);
        for word in [
            "mail.chat.enabeld",
            "ail.chat.enabled",
            "DisableTelemtry",
            "outlk16:l_ostcreation",
            "x",
            "",
            "zebra crossing",
            "émail.chat",
        ] {
            let all = known().map(|candidate| (strsim::jaro_winkler(word, candidate), candidate));
            let best = all.filter(|(similarity, _)| *similarity > 0.8).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
            assert_eq!(nearest(word, known()).as_deref(), best.map(|(_, candidate)| candidate), "{word}");
        }
    }
}
