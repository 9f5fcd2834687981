//! Text in Markdown.

/// Text of one line so that Markdown shows it as it is: no markup, no link made of an address, no list or heading when it
/// stands at the start of a line.
///
/// Only what would have a meaning is escaped, so that prose stays readable in the file. `CommonMark` 0.31 and the
/// extensions of GitHub.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let means_something = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '|' | '&' | '$' | '@' | '^' | '{' | '}' | '=' => true,
            // An address, an emoji; at the start, a definition.
            ':' => out.is_empty() || rest.peek().is_some_and(|next| !next.is_whitespace()),
            // A list at the start.
            '-' | '+' => out.is_empty(),
            // A numbered list at the start.
            '.' | ')' => out.chars().all(|before| before.is_ascii_digit()) && !out.is_empty(),
            _ => false,
        };
        if means_something {
            out.push('\\');
        }
        out.push(character);
        // An address without a scheme.
        if rest.peek() == Some(&'.')
            && out.as_bytes().last_chunk().is_some_and(|last: &[u8; 3]| last.eq_ignore_ascii_case(b"www"))
        {
            out.push('\\');
        }
    }
    out
}
