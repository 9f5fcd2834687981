//! What the scripts take, and whether a setting is one of them.

use std::collections::BTreeMap;

use super::table::{LoadError, Row, read_table};
use crate::baselines::Baselines;
use crate::value::Value;
use crate::vendor::Problem;
use crate::vendor::problem::nearest;
use crate::vendor::search::{Hit, Query};

/// What a parameter takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Flag,
    /// A whole number, both ends included.
    Number {
        /// The smallest.
        from: i64,
        /// The largest.
        to: i64,
        /// What is counted.
        unit: String,
    },
    /// One word of a list.
    Word(Vec<String>),
    /// Text of one line, not empty.
    Line,
    /// Text of any number of lines.
    Text,
    /// Paths below a home folder.
    HomePaths,
}

/// One parameter, as its table defines it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// What it takes.
    pub kind: Kind,
    /// Whether the scripts cannot be written without it; one that may be left out is a text or a list, and then empty.
    pub required: bool,
    /// What it does, in a sentence.
    pub meaning: String,
    /// Where it comes from.
    pub source: String,
}

/// A setting that the scripts take.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parameter {
    /// The platform, as its folder in `baselines/scripts/` is called.
    pub platform: String,
    /// The name without the platform.
    pub name: String,
    /// The checked value.
    pub value: Value,
}

/// The parameters of all platforms, by platform and name.
#[derive(Debug, Clone)]
pub struct Parameters {
    platforms: BTreeMap<String, BTreeMap<String, Definition>>,
}

impl Parameters {
    /// Reads the tables of all platforms.
    ///
    /// # Errors
    /// [`LoadError`] when a table is damaged or defines a parameter that makes no sense.
    pub fn load(baselines: &Baselines) -> Result<Self, LoadError> {
        let mut platforms = BTreeMap::new();
        for (path, _) in baselines.below("scripts/") {
            let Some(platform) = path.strip_prefix("scripts/").and_then(|path| path.strip_suffix("/parameters.tsv")) else {
                continue;
            };
            let mut definitions = BTreeMap::new();
            for (index, row) in read_table(baselines, path)?.iter().enumerate() {
                let wrong = |reason: String| LoadError::Line { path: path.to_owned(), line: index + 2, reason };
                let name = cell(row, "name").to_owned();
                let definition = define(row).map_err(wrong)?;
                if definitions.insert(name, definition).is_some() {
                    return Err(wrong("its name stands there twice".to_owned()));
                }
            }
            platforms.insert(platform.to_owned(), definitions);
        }
        Ok(Self { platforms })
    }

    /// Holds a setting such as `linux:lock_after` against the table of its platform.
    ///
    /// # Errors
    /// [`Problem`] when there is no such parameter, or it does not take this value.
    pub fn check(&self, name: &str, value: &Value) -> Result<Parameter, Problem> {
        let Some(((platform, short), definition)) = name.split_once(':').zip(self.describe(name)) else {
            return Err(self.unknown(name));
        };
        definition.kind.accept(value)?;
        Ok(Parameter { platform: platform.to_owned(), name: short.to_owned(), value: value.clone() })
    }

    /// The definition of a parameter, named with its platform.
    pub fn describe(&self, name: &str) -> Option<&Definition> {
        let (platform, name) = name.split_once(':')?;
        self.platforms.get(platform)?.get(name)
    }

    /// All names, with their platforms, sorted.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.platforms.iter().flat_map(|(platform, known)| known.keys().map(move |name| format!("{platform}:{name}")))
    }

    /// The parameters that hold what is looked for, by platform and name.
    pub fn search<'q>(&'q self, query: &'q Query) -> impl Iterator<Item = Hit> + use<'q> {
        self.platforms.iter().flat_map(move |(platform, known)| {
            known.iter().filter_map(move |(name, definition)| {
                let name = format!("{platform}:{name}");
                let rank = query.rank(&name, &definition.meaning, || vec![&definition.source])?;
                let (title, takes) = (Some(definition.meaning.clone()), Some(definition.kind.to_string()));
                Some(Hit { name, title, takes, place: format!("workstation scripts for {platform}"), rank })
            })
        })
    }

    /// The definitions of one platform, by name; none for a platform without scripts.
    pub fn of(&self, platform: &str) -> impl Iterator<Item = (&str, &Definition)> {
        self.platforms.get(platform).into_iter().flatten().map(|(name, definition)| (name.as_str(), definition))
    }

    fn unknown(&self, name: &str) -> Problem {
        let known: Vec<String> = self.names().collect();
        Problem::UnknownName {
            schema: "the workstation scripts".to_owned(),
            nearest: nearest(name, known.iter().map(String::as_str)),
        }
    }
}

impl Kind {
    fn accept(&self, value: &Value) -> Result<(), Problem> {
        let not_allowed = |allowed: String| Err(Problem::NotAllowed { found: value.to_string(), allowed });
        match (self, value) {
            (Self::Flag, Value::Flag(_)) | (Self::Text, Value::Text(_)) => Ok(()),
            (Self::Number { from, to, unit }, Value::Number(number)) => {
                if (from..=to).contains(&number) {
                    Ok(())
                } else {
                    not_allowed(format!("{from} to {to} {unit}"))
                }
            }
            (Self::Word(words), Value::Text(word)) => {
                if words.contains(word) {
                    Ok(())
                } else {
                    not_allowed(format!("one of {}", words.join(", ")))
                }
            }
            (Self::Line, Value::Text(line)) => {
                let one_line = !line.is_empty() && !line.contains(['\n', '\r']);
                if one_line { Ok(()) } else { not_allowed("one line, not empty".to_owned()) }
            }
            (Self::HomePaths, Value::List(items)) => {
                for item in items {
                    let Some(path) = item.as_text() else {
                        return Err(Problem::WrongType { expected: self.to_string(), found: item.kind().to_owned() });
                    };
                    if !stays_below_home(path) {
                        return Err(Problem::NotAllowed { found: path.to_owned(), allowed: self.to_string() });
                    }
                }
                Ok(())
            }
            _ => Err(Problem::WrongType { expected: self.to_string(), found: value.kind().to_owned() }),
        }
    }

    /// The value that stands for a parameter that was left out; `None` where none can.
    pub(crate) fn empty(&self) -> Option<Value> {
        match self {
            Self::Text => Some(Value::Text(String::new())),
            Self::HomePaths => Some(Value::List(Vec::new())),
            _ => None,
        }
    }
}

/// What it takes, in words.
impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag => f.write_str("true or false"),
            Self::Number { from, to, unit } => write!(f, "a number from {from} to {to} ({unit})"),
            Self::Word(words) => write!(f, "one of {}", words.join(", ")),
            Self::Line => f.write_str("one line of text"),
            Self::Text => f.write_str("text"),
            Self::HomePaths => {
                f.write_str("a list of paths below a home folder, without `..`, leading `/` and control characters")
            }
        }
    }
}

/// Whether a path names something below the home folder, and never the folder itself or something outside it.
fn stays_below_home(path: &str) -> bool {
    !path.chars().any(char::is_control) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn cell<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

fn define(row: &Row) -> Result<Definition, String> {
    let name = cell(row, "name");
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
        return Err(format!("`{name}` is no name: lower-case letters and `_`"));
    }
    let bound = |column| cell(row, column).parse::<i64>().map_err(|_| format!("`{column}` is no whole number"));
    let kind = match cell(row, "type") {
        "flag" => Kind::Flag,
        "number" => Kind::Number { from: bound("from")?, to: bound("to")?, unit: cell(row, "unit").to_owned() },
        "word" => Kind::Word(cell(row, "words").split_whitespace().map(str::to_owned).collect()),
        "line" => Kind::Line,
        "text" => Kind::Text,
        "home-paths" => Kind::HomePaths,
        other => return Err(format!("`{other}` is no type of a parameter")),
    };
    let required = match cell(row, "required") {
        "yes" => true,
        "no" if kind.empty().is_some() => false,
        "no" => return Err("only a text or a list can be left out".to_owned()),
        other => return Err(format!("`required` is `{other}`, neither yes nor no")),
    };
    match &kind {
        Kind::Number { from, to, .. } if from > to => return Err("`from` is above `to`".to_owned()),
        Kind::Word(words) if words.len() < 2 => return Err("`words` offers no choice".to_owned()),
        _ => {}
    }
    Ok(Definition { kind, required, meaning: cell(row, "meaning").to_owned(), source: cell(row, "source").to_owned() })
}
