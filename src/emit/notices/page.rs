//! The environment in which lines and pages are filled in.
//!
//! Lines are plain text. Pages escape whatever is put into them: Markdown by our own rules, HTML by those of the template
//! engine. A name without a value is an error.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior};

use crate::emit::markdown::escaped;

/// An environment for lines, whose names end in neither `.md` nor `.html`, and for pages.
pub(super) fn environment<'a>() -> Environment<'a> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    environment.set_syntax(
        syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build().expect("no delimiter is changed"),
    );
    environment.set_auto_escape_callback(|name| match name.rsplit_once('.') {
        Some((_, "html")) => AutoEscape::Html,
        Some((_, "md")) => AutoEscape::Custom("markdown".into()),
        _ => AutoEscape::None,
    });
    environment.set_formatter(|out, state, value| match state.auto_escape() {
        AutoEscape::Custom(_) => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            out.write_str(&escaped(&text)).map_err(|_| Error::new(ErrorKind::WriteFailure, "the page"))
        }
        _ => minijinja::escape_formatter(out, state, value),
    });
    environment.add_filter("date", |state: &State<'_, '_>, text: &str| -> Result<String, Error> {
        let form = state.lookup("date_form").and_then(|form| form.as_str().map(str::to_owned)).unwrap_or_default();
        date(text, &form).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("`{text}` is no date")))
    });
    environment
}

/// A date in the form of a language; `None` for what is no date.
pub(super) fn date(text: &str, form: &str) -> Option<String> {
    let date = super::day(text)?;
    jiff::fmt::strtime::format(form, date).ok()
}
