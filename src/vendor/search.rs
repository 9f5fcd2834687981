//! Finds settings by a text: in their names, titles, places and parts.
//!
//! In: what the user looks for, and the tables as they stand in the binary. Out: the settings that hold every word of it, the
//! likeliest first. A table is passed over as bytes for the longest word, in any case of ASCII letters; only the entries
//! in which it stands are parsed, and then judged in full.

use std::ops::Range;

use memchr::memchr2_iter;

/// A setting that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The name by which a rule sets it.
    pub name: String,
    /// What the vendor calls it.
    pub title: Option<String>,
    /// What it takes, where the schema says it in few words.
    pub takes: Option<String>,
    /// Where it is found: the place in the policy editor or what the text names of the registry; the file; the payload.
    pub place: String,
    /// How well it fits.
    pub rank: Rank,
}

/// How well a setting fits what is looked for; the least is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// It is the name.
    Exact,
    /// The name starts with it.
    NameStart,
    /// The name holds it.
    InName,
    /// The title holds it.
    InTitle,
    /// Something else of it does: a key, a value name, a category, an item.
    Elsewhere,
    /// It holds all words, and not next to each other.
    Scattered,
}

/// The hives of the registry as people write them, and as a place names them.
const HIVES: [(&str, &str); 6] = [
    ("hkey_current_user\\", "hkcu"),
    ("hkey_local_machine\\", "hklm"),
    ("hkcu:\\", "hkcu"),
    ("hklm:\\", "hklm"),
    ("hkcu\\", "hkcu"),
    ("hklm\\", "hklm"),
];

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The whole text in lower case, blanks as single ones.
    phrase: String,
    words: Vec<String>,
}

impl Query {
    /// A text of one word or several; without a word it is in everything.
    pub fn new(text: &str) -> Self {
        let short = |word: String| {
            let hive = HIVES.iter().find_map(|(long, short)| Some((short, word.strip_prefix(long)?)));
            hive.map_or(word.clone(), |(short, rest)| format!("{short}\\{rest}"))
        };
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).map(short).collect();
        Self { phrase: words.join(" "), words }
    }

    /// The longest run of ASCII of a word, which an entry must hold in any case. Names and registry paths are composed of
    /// what stands apart in a table; what is in the part before the colon of all its names, or a hive, need not stand there.
    fn probe(&self, before_colon: &str) -> &[u8] {
        let ends = |character: char| !character.is_ascii() || ":\\".contains(character);
        let runs = self.words.iter().flat_map(|word| word.split(ends));
        let stands = |run: &&str| !before_colon.contains(run) && !HIVES.iter().any(|(_, short)| short.contains(run));
        runs.filter(stands).max_by_key(|run| run.len()).unwrap_or_default().as_bytes()
    }

    /// How well a setting fits; `None` when a word is nowhere in it. `rest` is asked only when name and title do not answer.
    pub(super) fn rank<S: AsRef<str>>(&self, name: &str, title: &str, rest: impl FnOnce() -> Vec<S>) -> Option<Rank> {
        let (name, title) = (name.to_lowercase(), title.to_lowercase());
        let own = name.split_once(':').map_or(name.as_str(), |(_, own)| own);
        if name == self.phrase || own == self.phrase {
            return Some(Rank::Exact);
        }
        if name.starts_with(&self.phrase) || own.starts_with(&self.phrase) {
            return Some(Rank::NameStart);
        }
        if name.contains(&self.phrase) {
            return Some(Rank::InName);
        }
        if title.contains(&self.phrase) {
            return Some(Rank::InTitle);
        }
        let rest: Vec<String> = rest().iter().map(|text| text.as_ref().to_lowercase()).collect();
        if rest.iter().any(|text| text.contains(&self.phrase)) {
            return Some(Rank::Elsewhere);
        }
        let somewhere =
            |word: &String| name.contains(word) || title.contains(word) || rest.iter().any(|text| text.contains(word));
        (self.words.len() > 1 && self.words.iter().all(somewhere)).then_some(Rank::Scattered)
    }

    /// The first of these texts that holds the whole phrase.
    pub(super) fn first_in<'t>(&self, texts: impl IntoIterator<Item = &'t String>) -> Option<&'t String> {
        texts.into_iter().find(|text| text.to_lowercase().contains(&self.phrase))
    }
}

/// The entries of a table that may fit, each once and in order. `entry` gives the bounds of the entry that holds a byte;
/// `before_colon` is what all names of the table start with and the table does not repeat.
pub(super) fn entries<'a>(
    text: &'a [u8],
    before_colon: &str,
    query: &Query,
    entry: impl Fn(&'a [u8], usize) -> Range<usize>,
) -> impl Iterator<Item = &'a [u8]> {
    let probe = query.probe(before_colon);
    let mut from = 0;
    std::iter::from_fn(move || {
        let bounds = entry(text, find(probe, text, from)?);
        // An entry that may fit holds a byte at least, so that this ends.
        from = bounds.end.max(from + 1);
        Some(&text[bounds])
    })
}

/// The first byte from `from` on at which the probe stands, in any case of ASCII letters.
fn find(probe: &[u8], text: &[u8], from: usize) -> Option<usize> {
    let rest = text.get(from..).filter(|rest| !rest.is_empty())?;
    let Some(&first) = probe.first() else { return Some(from) };
    let fits = |at: &usize| rest.get(*at..at + probe.len()).is_some_and(|here| here.eq_ignore_ascii_case(probe));
    memchr2_iter(first, first.to_ascii_uppercase(), rest).find(fits).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Query, Rank, entries};
    use crate::baselines::Baselines;
    use crate::vendor::Schemas;

    fn rank(text: &str, name: &str, title: &str, rest: &str) -> Option<Rank> {
        Query::new(text).rank(name, title, || vec![rest])
    }

    #[test]
    fn a_name_fits_better_than_a_title_and_a_title_better_than_the_rest() {
        assert_eq!(rank("l_block", "outlk16:L_Block", "", ""), Some(Rank::Exact));
        assert_eq!(rank("outlk16:L_block", "outlk16:L_Block", "", ""), Some(Rank::Exact));
        assert_eq!(rank("L_Bl", "outlk16:L_Block", "", ""), Some(Rank::NameStart));
        assert_eq!(rank("block", "outlk16:L_Block", "block", "block"), Some(Rank::InName));
        assert_eq!(rank("  signed   OUT ", "a", "Stay signed out", "x"), Some(Rank::InTitle));
        assert_eq!(rank("block", "a", "b", "the block"), Some(Rank::Elsewhere));
        assert_eq!(rank("block picture", "a", "pictures", "the block"), Some(Rank::Scattered));
        assert_eq!(rank("block picture", "a", "b", "the block"), None);
    }

    #[test]
    fn letters_beyond_ascii_are_found_in_any_case() {
        let text = "eins Übertragung\nzwei\nÄÖ ü\n".as_bytes();
        let line = |text: &[u8], at: usize| {
            let start = text[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
            start..text[at..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |end| at + end + 1)
        };
        let found = |words: &str| {
            let query = Query::new(words);
            let texts =
                entries(text, "outlk16", &query, line).map(|entry| std::str::from_utf8(entry).unwrap().trim_end().to_owned());
            texts.filter(|entry| query.rank(entry, "", Vec::<&str>::new).is_some()).collect::<Vec<_>>()
        };
        assert_eq!(found("ÜBERTRAGUNG"), ["eins Übertragung"]);
        assert_eq!(found("Ü"), ["eins Übertragung", "ÄÖ ü"]);
        assert_eq!(found("i"), ["eins Übertragung", "zwei"]);
        assert_eq!(found(""), ["eins Übertragung", "zwei", "ÄÖ ü"]);
        assert_eq!(found("drei"), [""; 0]);
        assert_eq!(found("16 zwei"), [""; 0], "only in the name that the caller makes of it");
    }

    #[test]
    fn a_name_is_passed_over_for_its_own_part_only() {
        assert_eq!(Query::new("outlk16:L_Read").probe("outlk16"), b"l_read");
        assert_eq!(Query::new("outlk16").probe("outlk16"), b"");
        assert_eq!(Query::new("outlk16").probe("word16"), b"outlk16");
    }

    #[test]
    fn passing_over_bytes_finds_all_that_looking_at_every_name_does() {
        let baselines = Baselines::embedded();
        let schemas = Schemas::load(&baselines).unwrap();
        let all: BTreeSet<String> = schemas.names().collect();
        let found = |text: &str| schemas.search(&Query::new(text)).into_iter().map(|hit| hit.name).collect::<BTreeSet<_>>();
        assert_eq!(found(""), all);
        for text in
            ["mail", "OUTLK16:L_", "outlk16", "16:", "Login", "a.b", "tls", "com.apple.mail", "linux:", "_", "AllowNonFQDN"]
        {
            let found = found(text);
            let lower = text.to_lowercase();
            for name in all.iter().filter(|name| name.to_lowercase().contains(&lower)) {
                assert!(found.contains(name), "`{text}` is in {name}");
            }
        }
    }
}
