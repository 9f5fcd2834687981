//! Reads a template (ADMX) and its English texts (ADML) and writes the compact text of `form.rs`.
//!
//! Only facts of the template: names, classes, keys, types, ranges, items, titles and the category path; no explanatory
//! text. Policies are sorted by name, everything inside a policy keeps the order of the template, so equal files give
//! equal bytes. What this reader does not know is refused, never skipped: an unknown element or attribute could change
//! what a policy writes.

mod decode;
mod policies;
mod texts;
mod tree;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
pub(in crate::vendor) use texts::Texts;
pub(in crate::vendor) use tree::Node;

/// Which of the two files a fault is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceFile {
    /// The template, `*.admx`.
    Admx,
    /// Its texts, `*.adml`.
    Adml,
}

impl std::fmt::Display for SourceFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Admx => "template (ADMX)",
            Self::Adml => "texts (ADML)",
        })
    }
}

/// A template could not be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read the {file}, line {line}: {fault}")]
pub struct ImportError {
    /// The file.
    pub file: SourceFile,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What can be wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Larger than any template.
    #[error("the file is larger than 64 MiB")]
    TooLarge,
    /// Neither UTF-8 nor UTF-16 with a byte order mark.
    #[error("the file is neither UTF-8 nor UTF-16")]
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
    /// The texts have no such string.
    #[error("the texts have no string `{id}`")]
    MissingString {
        /// Its id.
        id: String,
    },
    /// The template has no such category.
    #[error("the template has no category `{name}`, or it lies inside itself")]
    Category {
        /// Its name.
        name: String,
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

/// Line and fault, before it is known in which file.
pub(in crate::vendor) type Placed = (usize, Fault);

/// Makes the compact text of one template.
///
/// `template` and `texts` are the bytes of the ADMX file and of its English ADML file; `source_name` says in words where they
/// are from and stands in the header beside their SHA-256.
///
/// # Errors
/// The first fault, with its file and line.
pub fn import(template: &[u8], texts: &[u8], source_name: &str) -> Result<String, ImportError> {
    let in_file = |file| move |(line, fault)| ImportError { file, line, fault };
    let strings = read(texts).and_then(|root| Texts::new(&root)).map_err(in_file(SourceFile::Adml))?;
    let (name, blocks) = read(template).and_then(|root| policies::blocks(&root, &strings)).map_err(in_file(SourceFile::Admx))?;
    let origin: String = source_name.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(header(&name, &origin, template, texts) + &blocks.into_values().collect::<String>())
}

/// The elements of one file.
pub(in crate::vendor) fn read(bytes: &[u8]) -> Result<Node, Placed> {
    tree::parse(&decode::decode(bytes)?)
}

/// The blocks of a template by policy name.
type Blocks = BTreeMap<String, String>;

fn header(name: &str, origin: &str, template: &[u8], texts: &[u8]) -> String {
    format!(
        "# Generated by `groundplan vendor import`; not to be edited. The form is described in src/vendor/admx/form.rs.\n\
         # Template: {name}\n\
         # Origin: {origin}\n\
         # SHA-256 of {name}.admx: {}\n\
         # SHA-256 of {name}.adml (en-US): {}\n\
         # Licence: facts taken from Microsoft's administrative template; the template and its texts are Microsoft's.\n",
        hex(&Sha256::digest(template)),
        hex(&Sha256::digest(texts)),
    )
}

pub(in crate::vendor) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
        text
    })
}
