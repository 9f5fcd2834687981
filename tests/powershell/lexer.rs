//! A lexer of PowerShell, written from the rules of its own (`CharTraits.cs` and `tokenizer.cs` of PowerShell, and
//! `about_Quoting_Rules`) and sharing nothing with the crate.
//!
//! It knows what decides where a text ends: five apostrophes, four double quotes, three dashes, here-strings, comments and
//! the characters that count as white space. It splits a script into tokens, and reads back an expression that makes a text.

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A single-quoted text, as it reads.
    Verbatim(String),
    /// A double-quoted text or a here-string: variables in it would be filled in.
    Expandable(String),
    /// A run of letters, digits and other characters without a meaning of their own.
    Word(String),
    /// One character with a meaning of its own.
    Mark(char),
    /// The end of a line.
    Line,
}

pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}')
}

pub(crate) fn is_double_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}')
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{a0}') || (c.is_whitespace() && !matches!(c, '\n' | '\r'))
}

/// The tokens of a script; what is wrong where one does not end.
pub(crate) fn tokens(script: &str) -> Result<Vec<Token>, String> {
    let text: Vec<char> = script.chars().collect();
    let (mut at, mut found) = (0, Vec::new());
    while let Some(&c) = text.get(at) {
        let next = text.get(at + 1).copied();
        let starts_word = !matches!(found.last(), Some(Token::Word(_))) || at == 0 || is_blank(text[at - 1]);
        at = match c {
            '\n' | '\r' => {
                found.push(Token::Line);
                at + 1
            }
            '`' if matches!(next, Some('\n' | '\r')) => at + 2,
            '#' if starts_word => rest_of_line(&text, at),
            '<' if next == Some('#') => block_comment(&text, at)?,
            '@' if next.is_some_and(|next| is_apostrophe(next) || is_double_quote(next)) => here_string(&text, at, &mut found)?,
            c if is_apostrophe(c) => verbatim(&text, at, &mut found)?,
            c if is_double_quote(c) => expandable(&text, at, &mut found)?,
            c if is_blank(c) => at + 1,
            '{' | '}' | '(' | ')' | '[' | ']' | ',' | ';' | '|' | '&' | '=' | '$' | '@' | '\0' => {
                found.push(Token::Mark(c));
                at + 1
            }
            _ => word(&text, at, &mut found),
        };
    }
    Ok(found)
}

fn rest_of_line(text: &[char], from: usize) -> usize {
    text[from..].iter().position(|c| matches!(c, '\n' | '\r')).map_or(text.len(), |length| from + length)
}

fn block_comment(text: &[char], from: usize) -> Result<usize, String> {
    let end = text[from + 2..].windows(2).position(|pair| pair == ['#', '>']);
    end.map(|length| from + 2 + length + 2).ok_or_else(|| "a comment does not end".to_owned())
}

fn here_string(text: &[char], from: usize, found: &mut Vec<Token>) -> Result<usize, String> {
    let is_mark: fn(char) -> bool = if is_apostrophe(text[from + 1]) { is_apostrophe } else { is_double_quote };
    let mut at = rest_of_line(text, from) + 1;
    let start = at;
    while at + 1 < text.len() {
        if matches!(text[at - 1], '\n' | '\r') && is_mark(text[at]) && text[at + 1] == '@' {
            found.push(Token::Expandable(text[start..at].iter().collect()));
            return Ok(at + 2);
        }
        at += 1;
    }
    Err("a here-string does not end".to_owned())
}

/// Any of the five ends the text, and two in a row, alike or not, are one: the second.
fn verbatim(text: &[char], from: usize, found: &mut Vec<Token>) -> Result<usize, String> {
    let (mut at, mut read) = (from + 1, String::new());
    while let Some(&c) = text.get(at) {
        if is_apostrophe(c) {
            if !text.get(at + 1).copied().is_some_and(is_apostrophe) {
                found.push(Token::Verbatim(read));
                return Ok(at + 1);
            }
            at += 1;
        }
        read.push(text[at]);
        at += 1;
    }
    Err("a single-quoted text does not end".to_owned())
}

fn expandable(text: &[char], from: usize, found: &mut Vec<Token>) -> Result<usize, String> {
    let (mut at, mut read) = (from + 1, String::new());
    while let Some(&c) = text.get(at) {
        if c == '`' {
            at += 1;
        } else if is_double_quote(c) {
            if !text.get(at + 1).copied().is_some_and(is_double_quote) {
                found.push(Token::Expandable(read));
                return Ok(at + 1);
            }
            at += 1;
        }
        read.extend(text.get(at));
        at += 1;
    }
    Err("a double-quoted text does not end".to_owned())
}

fn word(text: &[char], from: usize, found: &mut Vec<Token>) -> usize {
    let mut at = from;
    let ends = |c: char| is_blank(c) || is_apostrophe(c) || is_double_quote(c) || "\n\r{}()[],;|&=$@\0".contains(c);
    while text.get(at).is_some_and(|&c| !ends(c)) {
        at += if text[at] == '`' { 2 } else { 1 };
    }
    found.push(Token::Word(text[from..at.min(text.len())].iter().collect()));
    at.max(from + 1)
}

/// Reads an expression that makes a text: `'…'`, or `(-join ('…', [char]0x…, …))`. Gives the text and how many tokens it took.
pub(crate) fn text_of(tokens: &[Token]) -> Option<(String, usize)> {
    if let Some(Token::Verbatim(text)) = tokens.first() {
        return Some((text.clone(), 1));
    }
    let mark = |at: usize, c: char| tokens.get(at) == Some(&Token::Mark(c));
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => Some(word.as_str()),
        _ => None,
    };
    if !(mark(0, '(') && word(1) == Some("-join") && mark(2, '(')) {
        return None;
    }
    let (mut at, mut units) = (3, Vec::new());
    loop {
        if let Some(Token::Verbatim(text)) = tokens.get(at) {
            units.extend(text.encode_utf16());
            at += 1;
        } else if mark(at, '[') && word(at + 1) == Some("char") && mark(at + 2, ']') {
            units.push(u16::from_str_radix(word(at + 3)?.strip_prefix("0x")?, 16).ok()?);
            at += 4;
        } else {
            return None;
        }
        if mark(at, ')') && mark(at + 1, ')') {
            return Some((String::from_utf16(&units).ok()?, at + 2));
        }
        if !mark(at, ',') {
            return None;
        }
        at += 1;
    }
}
