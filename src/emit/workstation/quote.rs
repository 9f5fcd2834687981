//! Quoting: how a value stands in a script as data.
//!
//! One [`Language`] a kind of file, chosen by its ending. A text becomes one shell word whatever it holds; numbers and
//! flags stand as they are; lists, maps and missing values are refused, because a template that writes one is wrong.
//! Specified in POSIX.1-2017 XCU 2.2.2 (single quotes) and the tokenizer of PowerShell (`CharTraits.cs`, `tokenizer.cs`).

/// The language of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// POSIX sh, as dash, bash, zsh, ksh and busybox read it.
    Shell,
    /// PowerShell, as Windows PowerShell 5.1 and PowerShell 7 read it: 5.1 takes a file without a mark for the code page of
    /// the computer, so nothing but ASCII is written.
    PowerShell,
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
        match file.rsplit_once('.')?.1 {
            "sh" => Some(Self::Shell),
            "ps1" => Some(Self::PowerShell),
            _ => None,
        }
    }

    /// Whether a script runs by its own mode; where not, it is given to its interpreter.
    pub fn is_program(self) -> bool {
        self == Self::Shell
    }

    /// The language, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shell => "a shell script",
            Self::PowerShell => "a PowerShell script",
        }
    }

    /// Writes a text so that the interpreter reads exactly this text as one word.
    ///
    /// # Errors
    /// [`QuoteError`] for U+0000, which no shell word can hold; programs of Windows end a text there.
    pub fn quote(self, text: &str) -> Result<String, QuoteError> {
        if text.contains('\0') {
            return Err(QuoteError { language: self.name(), character: 0 });
        }
        match self {
            Self::Shell => Ok(format!("'{}'", text.replace('\'', r"'\''"))),
            Self::PowerShell => Ok(powershell(text)),
        }
    }

    /// The word for `true` or `false`.
    pub fn flag(self, flag: bool) -> &'static str {
        match self {
            Self::Shell if flag => "true",
            Self::Shell => "false",
            Self::PowerShell if flag => "$true",
            Self::PowerShell => "$false",
        }
    }
}

/// A single-quoted text where it is printable ASCII; every other UTF-16 unit by its number, and all joined in parentheses.
///
/// Five characters end a single-quoted text: U+0027, which is doubled, and U+2018 to U+201B, which are among the numbers.
fn powershell(text: &str) -> String {
    let is_plain = |unit: u16| (0x20..0x7f).contains(&unit);
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut pieces = Vec::new();
    for run in units.chunk_by(|a, b| is_plain(*a) && is_plain(*b)) {
        if is_plain(run[0]) {
            pieces.push(format!("'{}'", String::from_utf16_lossy(run).replace('\'', "''")));
        } else {
            pieces.push(format!("[char]0x{:04x}", run[0]));
        }
    }
    match pieces.as_slice() {
        [] => "''".to_owned(),
        [only] if only.starts_with('\'') => only.clone(),
        _ => format!("(-join ({}, ''))", pieces.join(", ")),
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
        assert_eq!(Language::of("apply.ps1"), Some(Language::PowerShell));
        assert_eq!(Language::of("apply.py"), None);
        assert_eq!(Language::of("sh"), None);
    }

    #[test]
    fn powershell_is_ascii_and_no_apostrophe_ends_the_text() {
        let quote = |text| Language::PowerShell.quote(text).unwrap();
        assert_eq!(quote(""), "''");
        assert_eq!(quote("it's $(id) `n\"\\"), "'it''s $(id) `n\"\\'");
        assert_eq!(quote("gr\u{fc}n"), "(-join ('gr', [char]0x00fc, 'n', ''))");
        assert_eq!(quote("\u{2019}"), "(-join ([char]0x2019, ''))");
        assert_eq!(quote("a\n\u{1f600}"), "(-join ('a', [char]0x000a, [char]0xd83d, [char]0xde00, ''))");
        assert_eq!(Language::PowerShell.quote("\0"), Err(QuoteError { language: "a PowerShell script", character: 0 }));
    }
}
