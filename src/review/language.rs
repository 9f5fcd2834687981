//! The words of the papers in one language, and the content's own texts in it.
//!
//! `baselines/papers/<language>.yaml` holds the words of the papers themselves. The texts of the content (questions,
//! answers, duties, gaps) are English; the files below `baselines/papers/<language>/` translate them, text by text: a text
//! that changed is no longer translated by an old sentence, it shows in English, and a test names it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minijinja::value::Value as Data;

use crate::baselines::Baselines;
use crate::source::{Kind, Node};

/// The language of the content.
pub const ORIGINAL: &str = "en";

/// A language of the papers.
#[derive(Debug)]
pub struct Language {
    /// Its code, e.g. `de`.
    pub code: String,
    /// The words of the papers.
    pub(super) words: Data,
    /// The content's texts, by the English ones.
    texts: Arc<BTreeMap<String, String>>,
}

/// The words of a language cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LanguageError {
    /// There is no file for it.
    #[error("write in `{code}`: there are {known}")]
    Unknown {
        /// What was asked for.
        code: String,
        /// What there is.
        known: String,
    },
    /// A file is not YAML.
    #[error("read the words of `{path}`")]
    Broken {
        /// The file below `baselines/`.
        path: String,
    },
}

impl Language {
    /// The languages there are, in the order of their codes.
    pub fn all(baselines: &Baselines) -> Vec<&str> {
        let code = |path| Some(str::strip_prefix(path, "papers/")?.strip_suffix(".yaml")?).filter(|code| !code.contains('/'));
        baselines.below("papers/").filter_map(|(path, _)| code(path)).collect()
    }

    /// Reads a language.
    ///
    /// # Errors
    /// [`LanguageError`] when there is none of this code, or a file is broken.
    pub fn load(code: &str, baselines: &Baselines) -> Result<Self, LanguageError> {
        let all = Self::all(baselines);
        if !all.contains(&code) {
            return Err(LanguageError::Unknown { code: code.to_owned(), known: all.join(", ") });
        }
        let read = |path: String| match baselines.document(&path) {
            Some((Some(document), _)) => Ok(Some(document)),
            Some((None, _)) => Err(LanguageError::Broken { path }),
            None => Ok(None),
        };
        let words = read(format!("papers/{code}.yaml"))?.map(|document| data(&document.root)).unwrap_or_default();
        let mut texts = BTreeMap::new();
        for (path, _) in baselines.below(&format!("papers/{code}/")) {
            let Some(document) = read(path.to_owned())? else { continue };
            for item in document.root.items().unwrap_or_default() {
                let part = |key: &str| item.get(key).and_then(Node::text).map(str::to_owned);
                if let (Some(original), Some(text)) = (part(ORIGINAL), part(code)) {
                    texts.insert(original, text);
                }
            }
        }
        Ok(Self { code: code.to_owned(), words, texts: Arc::new(texts) })
    }

    /// Whether the content is written in this language.
    pub fn is_original(&self) -> bool {
        self.code == ORIGINAL
    }

    /// The translations of the content's texts, by the English ones.
    pub fn texts(&self) -> Arc<BTreeMap<String, String>> {
        Arc::clone(&self.texts)
    }
}

/// The decisions whose change people notice at their work.
pub fn noticed(baselines: &Baselines) -> BTreeSet<String> {
    let document = baselines.document("lists/noticed.yaml").and_then(|(document, _)| document);
    let items = document.iter().flat_map(|document| document.root.items().unwrap_or_default());
    items.filter_map(Node::text).map(str::to_owned).collect()
}

fn data(node: &Node) -> Data {
    match &node.kind {
        Kind::Nothing => Data::from(""),
        Kind::Scalar { text, .. } => Data::from(text.as_ref()),
        Kind::List(items) => items.iter().map(data).collect(),
        Kind::Map(entries) => {
            Data::from(entries.iter().map(|entry| (entry.key.clone(), data(&entry.value))).collect::<BTreeMap<_, _>>())
        }
    }
}
