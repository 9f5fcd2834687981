//! The tables of the stores, as they lie below `vendor/`.

use crate::baselines::Baselines;
use crate::vendor::Node;
use crate::vendor::table::Table;

/// Where a program keeps its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    /// The database of dconf, whose keys `GSettings` schemas describe.
    Dconf,
    /// Files that `KConfig` reads, described by `.kcfg` files.
    Kconfig,
    /// Files with the ending `.source`, from which accounts are made.
    Accounts,
}

impl Store {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Dconf, Self::Kconfig, Self::Accounts];

    /// What its settings begin with, before the colon.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Dconf => "dconf",
            Self::Kconfig => "kconfig",
            Self::Accounts => "account",
        }
    }

    /// What its tables say in their first line.
    fn mark(self) -> &'static str {
        match self {
            Self::Dconf => "# GSettings of ",
            Self::Kconfig => "# KConfig of ",
            Self::Accounts => "# Account sources of ",
        }
    }
}

/// A table is missing or damaged. The text reads well after "cannot".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// A line is out of order, has too few fields, or a shape that cannot be read.
    #[error("use line {line} of `{path}`: it is out of order, or does not have the fields of its table")]
    Line {
        /// The path below `baselines/`.
        path: String,
        /// The line, counted from 1.
        line: usize,
    },
}

/// What the first line of a table of numbered groups begins with.
const NUMBERED: &str = "# Entries that hold the number of their group. ";

/// The entry that holds the number of its group, by file and group with a star. The program takes the group for what that number
/// names, so both must say the same.
pub(super) fn numbered(baselines: &Baselines) -> Vec<Table<'_>> {
    let tables = baselines.below("vendor/").filter_map(|(_, bytes)| std::str::from_utf8(bytes).ok());
    tables.filter(|text| text.starts_with(NUMBERED)).map(Table::new).collect()
}

/// One table with what its first line says.
#[derive(Debug, Clone)]
pub(super) struct StoreTable<'a> {
    pub(super) store: Store,
    /// The client whose folder it lies in.
    pub(super) client: &'a str,
    /// The program and its release, as people name them.
    pub(super) title: &'a str,
    pub(super) path: &'a str,
    pub(super) rows: Table<'a>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row<'a> {
    /// The type as the store writes it: of `GVariant`, of `KConfig`.
    pub(super) kind: &'a str,
    pub(super) shape: Node,
    pub(super) default: &'a str,
    /// `current` or `deprecated`; of an account, what the value names.
    pub(super) state: &'a str,
    /// Which schema or file of the vendor says so.
    pub(super) source: &'a str,
}

impl<'a> StoreTable<'a> {
    /// All tables of the content, in the order of their paths.
    pub(super) fn all(baselines: &'a Baselines) -> Vec<Self> {
        let of = |(path, bytes): (&'a str, &'a [u8])| {
            let client = path.strip_prefix("vendor/")?.strip_suffix(".tsv")?.split('/').next()?;
            let text = std::str::from_utf8(bytes).ok()?;
            let first = text.lines().next()?;
            let store = Store::ALL.into_iter().find(|store| first.starts_with(store.mark()))?;
            let title = first[store.mark().len()..].split(". ").next()?;
            Some(Self { store, client, title, path, rows: Table::new(text) })
        };
        baselines.below("vendor/").filter_map(of).collect()
    }

    /// The release, such as `3.46`.
    pub(super) fn release(&self) -> &'a str {
        self.title.rsplit(' ').next().unwrap_or_default()
    }

    /// The line of a name.
    pub(super) fn row(&self, name: &str) -> Option<Row<'a>> {
        read(self.rows.find(name)?)
    }

    /// The first line that cannot be used, from 1.
    pub(super) fn fault(&self, text: &str) -> Option<usize> {
        let header = text.lines().take_while(|line| line.starts_with('#')).count();
        let broken = || self.rows.rows().position(|(_, rest)| read(rest).is_none()).map(|at| at + 1);
        self.rows.first_fault().or_else(broken).map(|line| header + line)
    }
}

fn read(rest: &str) -> Option<Row<'_>> {
    let fields: Vec<&str> = rest.split('\t').collect();
    let [kind, shape, default, state, source] = *fields.as_slice() else { return None };
    Some(Row { kind, shape: serde_json::from_str(shape).ok()?, default, state, source })
}
