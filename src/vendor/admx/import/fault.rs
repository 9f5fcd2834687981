//! What can be wrong with a template, where, and what to do.

use crate::diag::{Code, Finding, Place};

/// A template could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct ImportError {
    /// Where: the file as the caller named it, and the bytes of its decoded text.
    pub place: Place,
    /// What is wrong there.
    pub fault: Fault,
}

impl ImportError {
    /// The same as a finding.
    pub fn finding(&self) -> Finding {
        Finding::error(Code::VendorFile, self.fault.to_string()).at(self.place.clone()).help(self.fault.help())
    }
}

/// What can be wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Larger than any template.
    #[error("the file is larger than 64 MiB")]
    TooLarge,
    /// Neither UTF-8 nor UTF-16.
    #[error("from here on the file is neither UTF-8 nor UTF-16")]
    Encoding,
    /// A character that XML, or the compact text, cannot hold.
    #[error("the character U+{character:04X} is not allowed here")]
    Character {
        /// The code point.
        character: u32,
    },
    /// Not well-formed.
    #[error("the XML is not well-formed: {reason}")]
    Xml {
        /// The parser's words.
        reason: String,
    },
    /// A document type, which templates do not have and attacks do.
    #[error("a document type is not allowed")]
    DocumentType,
    /// An entity that XML does not define itself.
    #[error("`{name}` holds an entity that is not defined")]
    Entity {
        /// The entity, or the attribute that holds it.
        name: String,
    },
    /// Elements inside elements beyond reason.
    #[error("the elements are nested too deeply")]
    TooDeep,
    /// An element that this reader does not know.
    #[error("`{parent}` holds the unknown element `{name}`")]
    UnknownElement {
        /// Where it stands.
        parent: String,
        /// Its name.
        name: String,
    },
    /// An attribute that this reader does not know.
    #[error("`{element}` has the unknown attribute `{name}`")]
    UnknownAttribute {
        /// Where it stands.
        element: String,
        /// Its name.
        name: String,
    },
    /// An attribute that must be there.
    #[error("`{element}` has no `{name}`")]
    MissingAttribute {
        /// Where it is missing.
        element: String,
        /// Its name.
        name: &'static str,
    },
    /// An element that must be there.
    #[error("`{parent}` has no `{name}`")]
    MissingElement {
        /// Where it is missing.
        parent: String,
        /// Its name.
        name: &'static str,
    },
    /// A value that its place does not take.
    #[error("`{name}` cannot be `{value}`")]
    Value {
        /// The attribute or element.
        name: &'static str,
        /// The value.
        value: String,
    },
    /// A range that holds no number.
    #[error("the lowest number, {from}, is above the highest, {to}")]
    Range {
        /// The lowest.
        from: u64,
        /// The highest.
        to: u64,
    },
    /// The texts have no such string.
    #[error("the texts in `{file}` have no string `{id}`")]
    MissingString {
        /// The file of the texts.
        file: String,
        /// Its id.
        id: String,
    },
    /// The template has no such category.
    #[error("the template has no category `{name}`, or it lies inside itself")]
    Category {
        /// Its name.
        name: String,
    },
    /// What a schema of another vendor cannot say.
    #[error("{reason}")]
    Schema {
        /// What is wrong, in words.
        reason: String,
    },
    /// A name that was there before.
    #[error("the {what} `{name}` is defined twice")]
    Twice {
        /// What was defined.
        what: &'static str,
        /// Its name.
        name: String,
    },
}

impl Fault {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::TooLarge => "no template comes near; name the file that the vendor ships",
            Self::Encoding => "take the vendor's file as it is; a copy was cut, or saved in another encoding",
            Self::Character { .. } => "take the vendor's file as it is",
            Self::Xml { .. } => "take the vendor's file as it is; this one was cut or edited",
            Self::DocumentType | Self::Entity { .. } => "templates have no entities of their own; do not trust this file",
            Self::TooDeep => "no template nests like this; do not trust this file",
            Self::UnknownElement { .. } | Self::UnknownAttribute { .. } => {
                "it could change what a policy writes, so nothing is taken; a new version of the format needs a new reader"
            }
            Self::MissingAttribute { .. } | Self::MissingElement { .. } => "Microsoft's schema of templates asks for it",
            Self::Value { .. } | Self::Range { .. } => "Microsoft's schema of templates says what may stand there",
            Self::MissingString { .. } => "take template and texts (ADML) of one and the same version",
            Self::Category { .. } => "a policy lies in a category of this template, or of one that `using` names",
            Self::Schema { .. } => "take the vendor's file as it is; a new form needs a new reader",
            Self::Twice { .. } => "which of them counts cannot be told, so nothing is taken",
        }
    }
}
