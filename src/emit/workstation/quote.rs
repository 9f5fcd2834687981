//! Quoting: how a value stands in a script as data.
//!
//! One [`Language`] a kind of file, chosen by its ending. A text becomes one shell word whatever it holds; numbers and
//! flags stand as they are; lists, maps and missing values are refused, because a template that writes one is wrong.
//! Specified in POSIX.1-2017 XCU 2.2.2 (single quotes).

/// The language of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// POSIX sh, as dash, bash, zsh, ksh and busybox read it.
    Shell,
}

/// A text that the language has no spelling for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{language} cannot carry the character U+{character:04X}")]
pub struct QuoteError {
    /// The language, in words.
    pub language: &'static str,
    /// The code point.
    pub character: u32,
}

impl Language {
    /// The language of a file with this name; `None` for an ending that no script has.
    pub fn of(file: &str) -> Option<Self> {
        file.strip_suffix(".sh").map(|_| Self::Shell)
    }

    /// The language, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shell => "a shell script",
        }
    }

    /// Writes a text so that the interpreter reads exactly this text as one word.
    ///
    /// # Errors
    /// [`QuoteError`] for U+0000, which no shell word can hold.
    pub fn quote(self, text: &str) -> Result<String, QuoteError> {
        if text.contains('\0') {
            return Err(QuoteError { language: self.name(), character: 0 });
        }
        match self {
            Self::Shell => Ok(format!("'{}'", text.replace('\'', r"'\''"))),
        }
    }

    /// The word for `true` or `false`.
    pub fn flag(self, flag: bool) -> &'static str {
        match self {
            Self::Shell if flag => "true",
            Self::Shell => "false",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apostrophes_end_and_reopen_the_word() {
        assert_eq!(Language::Shell.quote("").as_deref(), Ok("''"));
        assert_eq!(Language::Shell.quote("it's $HOME `id`\n\\").as_deref(), Ok("'it'\\''s $HOME `id`\n\\'"));
        assert_eq!(Language::Shell.quote("'").as_deref(), Ok(r"''\'''"));
    }

    #[test]
    fn nul_is_refused() {
        assert_eq!(Language::Shell.quote("a\0b"), Err(QuoteError { language: "a shell script", character: 0 }));
    }

    #[test]
    fn an_unknown_ending_has_no_language() {
        assert_eq!(Language::of("apply.sh"), Some(Language::Shell));
        assert_eq!(Language::of("apply.py"), None);
        assert_eq!(Language::of("sh"), None);
    }
}
