//! Writes the notices: what the people of a role are told, in each language as Markdown and as a page to print.
//!
//! In: the answers and the checked baseline of a role. Out: `notices/notice.<language>.md` and `.html`. Which lines hold is
//! decided by the conditions of the content; that whatever a client does not keep is told to people is decided here, because
//! "lock or notice" is one rule (APP.5.3.A1, edition 2023): a decision that a client of the role cannot keep, and that
//! nobody else keeps for it, brings its lines of `yourself`, and settings that protect and are not locked bring a line of
//! their own. Text of the plan is escaped in both forms; the page needs no network.

mod check;
mod page;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use minijinja::value::Value as Data;
use minijinja::{Environment, context};

pub use check::check_notices;
use page::environment;

use super::{Artifact, Lock};
use crate::baseline::CheckedBaseline;
use crate::baselines::Baselines;
use crate::catalogue::{Catalogue, Client, LANGUAGES, NoticeLine, NoticeSection, Texts};
use crate::plan::{EVERYONE, RoleAnswers, holds};
use crate::value::Value;

/// A notice cannot be written. The text reads well after "cannot".
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// A template of the content is missing.
    #[error("find the template `{0}`")]
    Missing(&'static str),
    /// A template or a line of the content is wrong.
    #[error("fill in `{name}`")]
    Template {
        /// The template or the place of the line below `baselines/`.
        name: String,
        /// What is wrong.
        #[source]
        source: minijinja::Error,
    },
}

/// Everything that is the same for the notices of all roles.
pub struct NoticeBook<'a> {
    catalogue: &'a Catalogue,
    environment: Environment<'a>,
}

/// The folder of the notices below the role's.
pub const NOTICES: &str = "notices/";

/// Both forms: template below `baselines/`, ending.
const FORMS: [(&str, &str); 2] = [("notices/notice.md", "md"), ("notices/notice.html", "html")];

impl<'a> NoticeBook<'a> {
    /// Reads the templates.
    ///
    /// # Errors
    /// [`NoticeError`] when a template is missing or is not one.
    pub fn new(catalogue: &'a Catalogue, baselines: &'a Baselines) -> Result<Self, NoticeError> {
        let mut environment = environment();
        for (name, _) in FORMS {
            let text = baselines.text(name).ok_or(NoticeError::Missing(name))?;
            environment.add_template(name, text).map_err(|source| NoticeError::Template { name: name.to_owned(), source })?;
        }
        Ok(Self { catalogue, environment })
    }

    /// The decisions of which the people of a role are told.
    pub fn decisions(&self, answers: &RoleAnswers) -> BTreeSet<String> {
        let lines = self.catalogue.notices.sections.iter().flat_map(|section| &section.lines);
        let told = lines.filter(|line| line.when.as_ref().is_none_or(|when| holds(when, answers)));
        told.map(|line| line.decision.clone()).collect()
    }

    /// The notices of a role.
    ///
    /// # Errors
    /// [`NoticeError`] when a line names what no answer gives.
    pub fn render(&self, answers: &RoleAnswers, baseline: &CheckedBaseline) -> Result<Vec<Artifact>, NoticeError> {
        let open = Open::of(baseline, answers);
        let mut artifacts = Vec::new();
        for language in LANGUAGES {
            let page = Page { book: self, answers, baseline, open: &open, language };
            let data = page.data()?;
            for (name, ending) in FORMS {
                let failed = |source| NoticeError::Template { name: name.to_owned(), source };
                let text = self.environment.get_template(name).and_then(|template| template.render(&data)).map_err(failed)?;
                artifacts.push(Artifact::data(format!("{NOTICES}notice.{language}.{ending}"), text));
            }
        }
        Ok(artifacts)
    }
}

/// What the clients of a role leave to people.
struct Open<'a> {
    /// By decision, the clients that do not keep it, where nobody else does so for them.
    decisions: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// The clients in which a setting that protects can be changed.
    unlocked: BTreeSet<&'a str>,
}

impl<'a> Open<'a> {
    fn of(baseline: &'a CheckedBaseline, answers: &RoleAnswers) -> Self {
        let mut open = Self { decisions: BTreeMap::new(), unlocked: BTreeSet::new() };
        // Where nothing is locked on purpose, one line says so for all.
        let single = answers.value("lock", None).and_then(Value::as_text) != Some("nothing");
        for gap in baseline.gaps.iter().filter(|gap| gap.duty.as_deref().is_none_or(|to| to == "people")) {
            open.decisions.entry(&gap.trail.decision).or_default().insert(&gap.client);
        }
        let settings = baseline.settings.iter().map(|checked| &checked.setting);
        for setting in settings.filter(|setting| setting.security && setting.lock == Lock::Preset) {
            for trail in &setting.trails {
                let client = trail.client.as_deref().unwrap_or_default();
                open.unlocked.insert(client);
                if single {
                    open.decisions.entry(&trail.decision).or_default().insert(client);
                }
            }
        }
        open
    }
}

/// One page in one language.
struct Page<'a, 'b> {
    book: &'b NoticeBook<'a>,
    answers: &'b RoleAnswers,
    baseline: &'b CheckedBaseline,
    open: &'b Open<'b>,
    language: &'static str,
}

impl Page<'_, '_> {
    fn data(&self) -> Result<Data, NoticeError> {
        let notices = &self.book.catalogue.notices;
        let plan = self.plan();
        let mut yourself = Vec::new();
        if !self.open.unlocked.is_empty() {
            let text = self.of_page("unlocked");
            let programs = self.programs(self.open.unlocked.iter().copied());
            yourself.push(self.filled("notices/page.yaml: unlocked", &text, &plan, Some(&programs))?);
        }
        let mut sections = Vec::new();
        for section in &notices.sections {
            let lines = self.lines(section, &plan)?;
            if !lines.is_empty() {
                sections.push(context! { title => self.text(&section.title), lines });
            }
            yourself.extend(self.yourself(section, &plan)?);
        }
        let decided = |field| self.answers.value("decided", Some(field)).map(|value| self.spelled(value));
        let role = (self.answers.name() != EVERYONE).then(|| self.answers.name());
        Ok(context! {
            language => self.language,
            t => self.texts(),
            organisation => self.answers.value("organisation", None).map(ToString::to_string),
            role => role.map_or_else(|| self.of_page("labels.everyone"), str::to_owned),
            decided => context! { by => decided("by"), date => decided("date"), review => decided("review") },
            yourself,
            sections,
        })
    }

    fn lines(&self, section: &NoticeSection, plan: &Data) -> Result<Vec<String>, NoticeError> {
        section.lines.iter().filter(|line| self.holds(line)).map(|line| self.line(line, plan, None)).collect()
    }

    fn yourself(&self, section: &NoticeSection, plan: &Data) -> Result<Vec<String>, NoticeError> {
        let mut lines = Vec::new();
        for line in section.yourself.iter().filter(|line| self.holds(line)) {
            if let Some(clients) = self.open.decisions.get(line.decision.as_str()) {
                lines.push(self.line(line, plan, Some(&self.programs(clients.iter().copied())))?);
            }
        }
        Ok(lines)
    }

    fn holds(&self, line: &NoticeLine) -> bool {
        line.when.as_ref().is_none_or(|when| holds(when, self.answers))
    }

    fn line(&self, line: &NoticeLine, plan: &Data, programs: Option<&str>) -> Result<String, NoticeError> {
        let name = format!("{}:{} ({})", line.place.file, line.place.line, self.language);
        self.filled(&name, self.text(&line.texts), plan, programs)
    }

    /// A text with what it takes from the plan, at most one line.
    fn filled(&self, name: &str, text: &str, plan: &Data, programs: Option<&str>) -> Result<String, NoticeError> {
        if !text.contains('{') {
            return Ok(text.to_owned());
        }
        let data = match programs {
            Some(programs) => context! { programs => capitalised(programs), ..plan.clone() },
            None => plan.clone(),
        };
        let filled = self.book.environment.render_named_str(name, text, data);
        filled.map_err(|source| NoticeError::Template { name: name.to_owned(), source })
    }

    /// What a line may name: the answers, and what is worked out of them.
    fn plan(&self) -> Data {
        let mut tree = BTreeMap::new();
        for (key, given) in &self.answers.answers {
            insert(&mut tree, &key.split('.').collect::<Vec<_>>(), data(&given.value));
        }
        let mut tree: BTreeMap<String, Data> = tree.into_iter().map(|(key, node)| (key, node.into_data())).collect();
        tree.insert("date_form".to_owned(), Data::from(self.of_page("date")));
        let catalogue = self.book.catalogue;
        let clients = self.baseline.clients.iter().filter(|id| catalogue.client(id).is_some_and(Client::is_program));
        let permitted = self.programs(clients.map(String::as_str));
        tree.insert("permitted".to_owned(), Data::from(permitted));
        let mine = self.mine();
        let careful = mine.iter().filter(|kind| kind.careful).map(|kind| Data::from(kind.name.as_str())).collect();
        tree.insert("careful".to_owned(), careful);
        let kind = |kind: Kind| Data::from(vec![Data::from(kind.name), context! { channels => kind.channels }]);
        tree.insert("mine".to_owned(), mine.into_iter().map(kind).collect());
        Data::from(tree)
    }

    /// The kinds of information that the role handles.
    fn mine(&self) -> Vec<Kind> {
        let texts = |key: &str| -> Vec<&str> {
            self.answers.value(key, None).and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_text).collect()
        };
        let suffix = ".confidentiality";
        let kinds = self.answers.answers.iter().filter_map(|(key, given)| {
            let name = key.strip_prefix("information.")?.strip_suffix(suffix)?;
            let who = texts(&format!("information.{name}.who"));
            if !who.is_empty() && self.answers.role.as_deref().is_none_or(|role| !who.contains(&role)) {
                return None;
            }
            let channels = texts(&format!("information.{name}.channels"));
            let channels = channels.into_iter().map(|word| self.of_page(&format!("words.{word}"))).collect();
            Some(Kind { name: name.to_owned(), channels, careful: given.value.as_text() != Some("normal") })
        });
        kinds.collect()
    }

    fn programs<'c>(&self, clients: impl Iterator<Item = &'c str>) -> String {
        clients.map(|id| self.of_page(&format!("programs.{id}"))).collect::<Vec<_>>().join(", ")
    }

    /// A text of the page; its own path where an overlay lacks it, so that the lack is seen.
    fn of_page(&self, path: &str) -> String {
        self.book.catalogue.notices.page.get(path).map_or(path, |texts| self.text(texts)).to_owned()
    }

    fn text<'t>(&self, texts: &'t Texts) -> &'t str {
        texts.get(self.language).map_or("", String::as_str)
    }

    fn texts(&self) -> Data {
        let mut tree = BTreeMap::new();
        for (path, texts) in &self.book.catalogue.notices.page {
            insert(&mut tree, &path.split('.').collect::<Vec<_>>(), Data::from(self.text(texts)));
        }
        Data::from(tree.into_iter().map(|(key, node)| (key, node.into_data())).collect::<BTreeMap<_, _>>())
    }

    /// A date in the form of the language, everything else as the plan spells it.
    fn spelled(&self, value: &Value) -> String {
        let text = value.to_string();
        page::date(&text, &self.of_page("date")).unwrap_or(text)
    }
}

/// A kind of information.
struct Kind {
    name: String,
    channels: Vec<String>,
    careful: bool,
}

/// Keys with dots as a tree.
enum Node {
    Leaf(Data),
    Branch(BTreeMap<String, Node>),
}

impl Node {
    fn into_data(self) -> Data {
        match self {
            Self::Leaf(data) => data,
            Self::Branch(entries) => {
                Data::from(entries.into_iter().map(|(key, node)| (key, node.into_data())).collect::<BTreeMap<_, _>>())
            }
        }
    }
}

fn insert(tree: &mut BTreeMap<String, Node>, path: &[&str], data: Data) {
    match path {
        [] => {}
        [last] => {
            tree.insert((*last).to_owned(), Node::Leaf(data));
        }
        [first, rest @ ..] => {
            let branch = tree.entry((*first).to_owned()).or_insert_with(|| Node::Branch(BTreeMap::new()));
            if let Node::Branch(entries) = branch {
                insert(entries, rest, data);
            }
        }
    }
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
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().collect::<String>() + characters.as_str()).unwrap_or_default()
}

/// The day that a text names, if it names one.
fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}
