//! Joins the parts of each script and fills in the values.
//!
//! A platform is its folder in `baselines/scripts/`. Its `artifacts.tsv` names the scripts and the parts they are joined
//! of, its own or, with a folder before the name, those of a language that several platforms share; a row with `use` `value`
//! makes a text that the other scripts carry (a program they install). Templates are strict: a name without a value is an
//! error. No file is written for a platform without parameters. What the scripts set in the registry is settled by
//! [`registry`] before.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value as Data, ValueKind};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};

use super::quote::Language;
use super::registry;
use crate::baselines::Baselines;
use crate::emit::desktop::gvariant;
use crate::emit::{Artifact, EmitError};
use crate::value::Value;
use crate::vendor::workstation::{LoadError, Parameter, Parameters, read_table};

/// The scripts cannot be written. The text reads well after "cannot".
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A value that no script can carry, or two values for one parameter.
    #[error(transparent)]
    Value(#[from] EmitError),
    /// A table of the platform is damaged.
    #[error(transparent)]
    Table(#[from] LoadError),
    /// A row of the platform's table of registry values makes no value.
    #[error("use row {row} of `{table}`")]
    Registry {
        /// The path of the table below `baselines/`.
        table: String,
        /// Its `id`.
        row: String,
    },
    /// The scripts need a parameter that no decision gave.
    #[error("write the {platform} scripts without `{platform}:{name}`: {meaning}")]
    Missing {
        /// The platform.
        platform: String,
        /// The parameter.
        name: String,
        /// What it is for.
        meaning: String,
    },
    /// A parameter that the table does not define (it was not checked).
    #[error("write the {platform} scripts with `{platform}:{name}`, which they do not know")]
    Unknown {
        /// The platform.
        platform: String,
        /// The parameter.
        name: String,
    },
    /// A part of a script is missing, or has the ending of another language.
    #[error("join `{artifact}` of `{part}`")]
    Part {
        /// The script.
        artifact: String,
        /// The path of the part below `baselines/`.
        part: String,
    },
    /// The template is wrong.
    #[error("fill in `{template}`")]
    Template {
        /// The path of its first part below `baselines/`.
        template: String,
        /// What is wrong, with its line.
        #[source]
        source: minijinja::Error,
    },
}

/// One script to be made: the paths of its parts below `baselines/`, and its whole template.
struct Script {
    artifact: String,
    is_file: bool,
    parts: Vec<String>,
    template: String,
}

impl Script {
    /// The path that names it in messages, and whose ending says its language.
    fn first_part(&self) -> &str {
        &self.parts[0]
    }
}

/// Renders the scripts of every platform that has parameters.
///
/// Parameters may come in any order. Paths are `workstation/<platform>/<script>`.
///
/// # Errors
/// [`RenderError`] when a required parameter is missing or unknown, stands there twice with different values, holds
/// U+0000, or when the platform's tables and templates are damaged.
pub fn render(parameters: &[Parameter], baselines: &Baselines) -> Result<Vec<Artifact>, RenderError> {
    let mut platforms: BTreeMap<&str, BTreeMap<&str, &Value>> = BTreeMap::new();
    for Parameter { platform, name, value } in parameters {
        refuse_nul(platform, name, value)?;
        let earlier = platforms.entry(platform).or_default().insert(name, value);
        if earlier.is_some_and(|earlier| earlier != value) {
            return Err(EmitError::Twice { place: format!("{platform}:{name}") }.into());
        }
    }

    let definitions = Parameters::load(baselines)?;
    let mut artifacts = Vec::new();
    for (platform, given) in platforms {
        let mut context = complete(platform, &given, &definitions)?;
        let entries = registry::entries(platform, &context, baselines)?;
        // tables name parameters in their cells, so these are there under one roof as well
        let parameters = context.clone();
        context.insert("parameters".to_owned(), Data::from(parameters));
        let scripts = scripts(platform, baselines)?;
        for folder in folders(&scripts) {
            context.extend(tables(folder, baselines)?);
        }
        context.insert(registry::NAME.to_owned(), entries.iter().map(registry::Entry::data).collect());
        for script in scripts {
            let text = fill(&script, &context)?;
            if script.is_file {
                let path = format!("workstation/{platform}/{}", script.artifact);
                let executable = Language::of(script.first_part()).is_some_and(Language::is_program);
                artifacts.push(Artifact { path, bytes: text.into_bytes(), executable });
            } else {
                context.insert(script.artifact, Data::from(text));
            }
        }
        artifacts.extend(registry::render(platform, &entries)?);
    }
    Ok(artifacts)
}

/// The values of one platform by name; what may be left out and was is empty.
fn complete(
    platform: &str,
    given: &BTreeMap<&str, &Value>,
    definitions: &Parameters,
) -> Result<BTreeMap<String, Data>, RenderError> {
    for name in given.keys() {
        if definitions.describe(&format!("{platform}:{name}")).is_none() {
            return Err(RenderError::Unknown { platform: platform.to_owned(), name: (*name).to_owned() });
        }
    }
    let mut context = BTreeMap::new();
    for (name, definition) in definitions.of(platform) {
        let value = match given.get(name) {
            Some(value) => (*value).clone(),
            None => definition.kind.empty().filter(|_| !definition.required).ok_or_else(|| RenderError::Missing {
                platform: platform.to_owned(),
                name: name.to_owned(),
                meaning: definition.meaning.clone(),
            })?,
        };
        context.insert(name.to_owned(), data(&value));
    }
    Ok(context)
}

/// The folders of all parts, each once.
fn folders(scripts: &[Script]) -> BTreeSet<&str> {
    let parts = scripts.iter().flat_map(|script| &script.parts);
    parts.filter_map(|part| part.rfind('/').map(|end| &part[..=end])).collect()
}

/// Every table of a folder but those with a meaning of their own, by the name of its file.
fn tables(folder: &str, baselines: &Baselines) -> Result<BTreeMap<String, Data>, RenderError> {
    let mut tables = BTreeMap::new();
    for (path, _) in baselines.below(folder) {
        let Some(name) = path.strip_prefix(folder).and_then(|file| file.strip_suffix(".tsv")) else { continue };
        if !matches!(name, "artifacts" | "parameters" | registry::NAME) {
            let rows = read_table(baselines, path)?;
            tables.insert(name.to_owned(), rows.into_iter().map(Data::from).collect());
        }
    }
    Ok(tables)
}

/// The scripts in the order of `artifacts.tsv`, so that a value is made before the script that carries it.
fn scripts(platform: &str, baselines: &Baselines) -> Result<Vec<Script>, RenderError> {
    let mut scripts: Vec<Script> = Vec::new();
    for row in read_table(baselines, &format!("scripts/{platform}/artifacts.tsv"))? {
        let column = |name: &str| row.get(name).cloned().unwrap_or_default();
        let (artifact, part) = (column("artifact"), column("part"));
        let part = if part.contains('/') { format!("scripts/{part}") } else { format!("scripts/{platform}/{part}") };
        let text = baselines.text(&part).filter(|_| Language::of(&part).is_some());
        let text = text.ok_or_else(|| RenderError::Part { artifact: artifact.clone(), part: part.clone() })?;
        match scripts.last_mut() {
            Some(script) if script.artifact == artifact => {
                if Language::of(&part) != Language::of(script.first_part()) {
                    return Err(RenderError::Part { artifact, part });
                }
                script.template.push('\n');
                script.template.push_str(text);
                script.parts.push(part);
            }
            _ => {
                let is_file = column("use") == "file";
                scripts.push(Script { artifact, is_file, parts: vec![part], template: text.to_owned() });
            }
        }
    }
    Ok(scripts)
}

fn fill(script: &Script, context: &BTreeMap<String, Data>) -> Result<String, RenderError> {
    let language = Language::of(script.first_part()).expect("scripts() takes only parts with a language");
    let failed = |source| RenderError::Template { template: script.first_part().to_owned(), source };
    environment(language).render_named_str(script.first_part(), &script.template, context).map_err(failed)
}

/// An environment in which everything that is written goes through the quoting of `language`, marked safe or not.
fn environment(language: Language) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let mut syntax = SyntaxConfig::builder();
    environment.set_syntax(
        syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build().expect("no delimiter is changed"),
    );
    environment.set_formatter(move |out, _, value| {
        let written = match value.kind() {
            ValueKind::String => {
                language.quote(value.as_str().unwrap_or_default()).map_err(|error| refused(&error.to_string()))?
            }
            ValueKind::Number => i64::try_from(value.clone()).map_err(|_| refused("no whole number"))?.to_string(),
            ValueKind::Bool => language.flag(value.is_true()).to_owned(),
            other => return Err(refused(&format!("a script takes a text, a number or a flag, not {other}"))),
        };
        out.write_str(&written).map_err(|error| refused(&error.to_string()))
    });
    environment.add_filter("gvariant", gvariant);
    environment.add_filter("json", |text: &str| serde_json::Value::from(text).to_string());
    environment.add_filter("slug", slug);
    environment
}

/// A name for a folder: letters and digits, everything else one `-`; never empty.
fn slug(text: &str) -> String {
    let words: Vec<&str> = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "role".to_owned() } else { words.join("-") }
}

fn refused(reason: &str) -> minijinja::Error {
    minijinja::Error::new(ErrorKind::BadSerialization, reason.to_owned())
}

fn data(value: &Value) -> Data {
    match value {
        Value::Flag(flag) => Data::from(*flag),
        Value::Number(number) => Data::from(*number),
        Value::Text(text) => Data::from(text.as_str()),
        Value::List(items) => items.iter().map(data).collect(),
        Value::Map(entries) => {
            Data::from(entries.iter().map(|(name, value)| (name.clone(), data(value))).collect::<BTreeMap<_, _>>())
        }
        Value::Personal(text) => unreachable!("no parameter of a script takes `{text}`, and the schema refuses it"),
    }
}

fn refuse_nul(platform: &str, name: &str, value: &Value) -> Result<(), EmitError> {
    match value {
        Value::Text(text) if text.contains('\0') => {
            Err(EmitError::Character { setting: format!("{platform}:{name}"), format: "a script", character: 0 })
        }
        Value::List(items) => items.iter().try_for_each(|item| refuse_nul(platform, name, item)),
        _ => Ok(()),
    }
}
