//! One file that will be written.

use crate::vendor::Problem;

/// One file: where it goes below the role's folder, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The path below the role's folder, with `/`, e.g. `thunderbird/policies.json`.
    pub path: String,
    /// The whole content.
    pub bytes: Vec<u8>,
    /// Whether it is a program (mode 755) or data (mode 644).
    pub executable: bool,
}

impl Artifact {
    /// A data file.
    pub fn data(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into(), executable: false }
    }

    /// A program.
    pub fn program(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into(), executable: true }
    }
}

/// A value that its format cannot carry, or two values in one place. The plan refuses such text before, so most of these
/// are met only by content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// The text holds a character the format cannot carry.
    #[error("write `{setting}`: {format} cannot carry the character U+{character:04X}")]
    Character {
        /// The setting whose value it is.
        setting: String,
        /// The format, in words.
        format: &'static str,
        /// The code point.
        character: u32,
    },
    /// The registry holds numbers from 0 to 4294967295 only.
    #[error("write `{setting}`: the registry cannot carry its number")]
    Number {
        /// The setting whose value it is.
        setting: String,
    },
    /// What was made is not what the vendor's schema takes as a whole.
    #[error("write `{place}`: it {problem}")]
    Refused {
        /// The place in the artifact.
        place: String,
        /// What is wrong with it.
        problem: Box<Problem>,
    },
    /// Two settings write one place with different values.
    #[error("write `{place}` twice with different values")]
    Twice {
        /// The place in the artifact.
        place: String,
    },
}
