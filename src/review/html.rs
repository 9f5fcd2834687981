//! The paper as one HTML file, which loads nothing, and as Markdown.
//!
//! The templates stand in `baselines/papers/`; every text goes through HTML escaping. Style and script stand in the file, and
//! its content policy allows them by their hashes and nothing else, so that no text of a plan can ever be run. The page is
//! whole without the script, which only filters.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value as Data};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use sha2::{Digest as _, Sha256};

use super::difference::Difference;
use super::language::{Language, ORIGINAL};
use super::paper::Paper;
use crate::baselines::Baselines;

/// The template, and what it takes in.
const PAGE: &str = "papers/review.html";
const MARKDOWN: &str = "papers/review.md";
const STYLE: &str = "papers/review.css";
const SCRIPT: &str = "papers/review.js";

/// The page cannot be made: the content's templates are damaged.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// A template is missing or no text.
    #[error("find the template `{0}`")]
    Missing(String),
    /// A template is wrong.
    #[error("fill in the template `{template}`")]
    Template {
        /// The path below `baselines/`.
        template: String,
        /// What is wrong, with its line.
        #[source]
        source: minijinja::Error,
    },
}

/// The page in one language.
///
/// # Errors
/// [`PageError`] when the templates of the content are damaged.
pub fn html(paper: &Paper, language: &Language, baselines: &Baselines) -> Result<String, PageError> {
    let (style, script) = (template(STYLE, baselines)?, template(SCRIPT, baselines)?);
    let values = context! {
        names => names(paper),
        paper => Data::from(Serde(paper)),
        style => Data::from_safe_string(style.to_owned()),
        script => Data::from_safe_string(script.to_owned()),
        style_sum => sum(style),
        script_sum => sum(script),
    };
    fill(PAGE, values, language, baselines)
}

/// The paper as Markdown.
///
/// # Errors
/// [`PageError`] when the templates of the content are damaged.
pub fn markdown(paper: &Paper, language: &Language, baselines: &Baselines) -> Result<String, PageError> {
    fill(MARKDOWN, context! { names => names(paper), paper => Data::from(Serde(paper)) }, language, baselines)
}

/// The names of the clients, by id.
fn names(paper: &Paper) -> BTreeMap<String, String> {
    paper.clients.iter().map(|client| (client.id.clone(), client.name.clone())).collect()
}

/// A difference as one HTML file, or as Markdown.
///
/// # Errors
/// [`PageError`] when the templates of the content are damaged.
pub fn difference_page(
    difference: &Difference,
    in_html: bool,
    language: &Language,
    baselines: &Baselines,
) -> Result<String, PageError> {
    let style = template(STYLE, baselines)?;
    let values = context! {
        difference => Data::from(Serde(difference)),
        style => Data::from_safe_string(style.to_owned()),
        style_sum => sum(style),
    };
    fill(if in_html { "papers/difference.html" } else { "papers/difference.md" }, values, language, baselines)
}

/// Fills in a template of the papers; its ending says whether it is HTML.
pub(super) fn fill(path: &str, values: Data, language: &Language, baselines: &Baselines) -> Result<String, PageError> {
    let text = template(path, baselines)?;
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let in_html = is_html(path);
    environment.set_auto_escape_callback(move |_| if in_html { AutoEscape::Html } else { AutoEscape::None });
    let mut syntax = SyntaxConfig::builder();
    environment.set_syntax(
        syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build().expect("no delimiter is changed"),
    );
    let texts = language.texts();
    let original = language.is_original();
    environment.add_filter("tr", move |text: &str| {
        let known = texts.get(text).map(String::as_str);
        let shown = known.unwrap_or(text);
        match (in_html, known.is_some() || original) {
            (false, _) => Data::from(shown),
            (true, true) => Data::from_safe_string(in_markup(shown)),
            (true, false) => Data::from_safe_string(format!("<span lang=\"{ORIGINAL}\">{}</span>", in_markup(shown))),
        }
    });
    let texts = language.texts();
    environment.add_filter("tr_plain", move |text: &str| texts.get(text).map_or_else(|| text.to_owned(), Clone::clone));
    environment.add_filter("anchor", anchor);
    environment.add_filter("md", |text: &str| as_it_is(text));
    // What a template takes in.
    for (part, text) in baselines.below("papers/").filter(|(part, _)| is_html(part) && *part != path) {
        let text = std::str::from_utf8(text).map_err(|_| PageError::Missing(part.to_owned()))?;
        environment.add_template(part, text).map_err(|source| PageError::Template { template: part.to_owned(), source })?;
    }
    let failed = |source| PageError::Template { template: path.to_owned(), source };
    let values = context! { w => language.words.clone(), lang => language.code.as_str(), ..values };
    environment.render_named_str(path, text, values).map_err(failed)
}

/// Whether a template is HTML, in which every text is escaped.
fn is_html(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == "html")
}

fn template<'b>(path: &str, baselines: &'b Baselines) -> Result<&'b str, PageError> {
    baselines.text(path).ok_or_else(|| PageError::Missing(path.to_owned()))
}

/// The hash of an element's text as a content policy names it.
fn sum(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// A name as part of an anchor: letters, digits, `.`, `_` and `-` stay, all else becomes its code.
fn anchor(name: &str) -> String {
    let mut anchor = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_ascii_alphanumeric() || "._-".contains(character) {
            anchor.push(character);
        } else {
            write!(anchor, "~{:x}", u32::from(character)).expect("writing to a String cannot fail");
        }
    }
    anchor
}

/// Text that Markdown shows as it is.
fn as_it_is(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => markdown.push(' '),
            '<' => markdown.push_str("&lt;"),
            '&' => markdown.push_str("&amp;"),
            _ => {
                if "\\`*_{}[]>()#+!|~$:@^=-".contains(character) {
                    markdown.push('\\');
                }
                markdown.push(character);
            }
        }
    }
    markdown.replace("www.", "www\\.")
}

/// A text of the content as HTML: what stands between backticks is a name.
fn in_markup(text: &str) -> String {
    let mut markup = String::with_capacity(text.len());
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    for (at, part) in parts.iter().enumerate() {
        match at % 2 {
            1 if paired => {
                markup.push_str("<code>");
                push_escaped(&mut markup, part);
                markup.push_str("</code>");
            }
            0 if paired || at == 0 => push_escaped(&mut markup, part),
            _ => {
                markup.push('`');
                push_escaped(&mut markup, part);
            }
        }
    }
    markup
}

fn push_escaped(markup: &mut String, text: &str) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        markup.push_str(&text[done..at]);
        markup.push_str(escape);
        done = at + 1;
    }
    markup.push_str(&text[done..]);
}
