//! A policy as its template defines it.
//!
//! Borrowed from the committed text of the template. Every key is already resolved: an element without a key of its own
//! has the policy's, an entry of a value list the list's. Nothing here is checked against a plan.

use crate::vendor::registry::Hive;

/// Where the policy editor shows a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Under the computer configuration.
    Machine,
    /// Under the user configuration.
    User,
    /// Under both; groundplan writes it for the user.
    Both,
}

impl Class {
    /// The half of the policy editor, in its own words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Machine => "Computer Configuration",
            Self::User => "User Configuration",
            Self::Both => "Computer or User Configuration",
        }
    }

    /// The half of the registry that groundplan writes a policy of this class to.
    pub fn hive(self) -> Hive {
        match self {
            Self::Machine => Hive::Machine,
            Self::User | Self::Both => Hive::User,
        }
    }
}

/// A fixed value of the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data<'a> {
    /// `decimal`: a `REG_DWORD`.
    Dword(u32),
    /// `longDecimal`: a `REG_QWORD`.
    Qword(u64),
    /// `string`: a `REG_SZ`.
    Text(&'a str),
    /// `delete`: the value goes away.
    Delete,
}

/// One entry of a value list: something that is written besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Write<'a> {
    /// The key.
    pub key: &'a str,
    /// The value's name.
    pub value: &'a str,
    /// What is written.
    pub data: Data<'a>,
}

/// Title and category path of a policy in another language than English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title<'a> {
    /// The language, such as `de-DE`.
    pub language: &'a str,
    /// The title.
    pub title: &'a str,
    /// The category path, outermost first.
    pub category: Vec<&'a str>,
}

/// One policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy<'a> {
    /// The policy's name inside its template.
    pub name: &'a str,
    /// Computer, user or both.
    pub class: Class,
    /// Its key.
    pub key: &'a str,
    /// The name of its own value, when it has one.
    pub value: Option<&'a str>,
    /// The English title in the policy editor.
    pub title: &'a str,
    /// The English category path below the administrative templates, outermost first.
    pub category: Vec<&'a str>,
    /// Title and category path in other languages, where the table was made with them.
    pub titles: Vec<Title<'a>>,
    /// Which versions it is for, in the vendor's words, where the table was made with them.
    pub supported: Option<&'a str>,
    /// What its own value is when it is enabled; without one, `1`.
    pub enabled: Option<Data<'a>>,
    /// What its own value is when it is disabled; without one, it is deleted.
    pub disabled: Option<Data<'a>>,
    /// Written besides when it is enabled.
    pub enabled_also: Vec<Write<'a>>,
    /// Written besides when it is disabled.
    pub disabled_also: Vec<Write<'a>>,
    /// What can be filled in when it is enabled, in the order of the template.
    pub elements: Vec<Element<'a>>,
}

/// One thing that can be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element<'a> {
    /// The name by which a rule gives its value.
    pub id: &'a str,
    /// Its key.
    pub key: &'a str,
    /// The name of its value; empty for a list, which makes names of its items.
    pub value: &'a str,
    /// Whether it is only written where nothing stands yet.
    pub soft: bool,
    /// What it takes.
    pub kind: Kind<'a>,
}

/// What an element takes, and what it makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A check box.
    Boolean {
        /// The value when checked; without one, `1`.
        on: Option<Data<'a>>,
        /// The value when not checked; without one, it is deleted.
        off: Option<Data<'a>>,
        /// Written besides when checked.
        on_also: Vec<Write<'a>>,
        /// Written besides when not checked.
        off_also: Vec<Write<'a>>,
    },
    /// A whole number.
    Decimal {
        /// The lowest.
        from: u64,
        /// The highest. A template that says nothing means 9999, as the schema has it.
        to: u64,
        /// Whether it is 64 bits wide.
        long: bool,
        /// Whether it is stored as text.
        as_text: bool,
    },
    /// A line of text.
    Text {
        /// Whether it may not be empty.
        required: bool,
        /// Whether Windows replaces `%names%` in it (`REG_EXPAND_SZ`).
        expandable: bool,
        /// The longest text, in UTF-16 units.
        longest: u64,
    },
    /// Several lines of text.
    MultiText {
        /// Whether it may not be empty.
        required: bool,
        /// The longest line, in UTF-16 units.
        longest: u64,
        /// The most lines; 0 stands for any number.
        most: u64,
    },
    /// One of several items.
    Enumeration {
        /// The items; those with the same label are equal.
        items: Vec<Item<'a>>,
    },
    /// Any number of values below the key.
    List {
        /// How the values are named.
        names: ListNames<'a>,
        /// Whether values that stand there already are kept.
        additive: bool,
        /// Whether Windows replaces `%names%` in it (`REG_EXPAND_SZ`).
        expandable: bool,
    },
}

/// How a list names its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListNames<'a> {
    /// The name is the text itself.
    Same,
    /// The name is this prefix and a number that counts from 1.
    Numbered(&'a str),
    /// The rule gives names and texts.
    Given,
}

/// One item of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item<'a> {
    /// The English label, by which a rule names it.
    pub label: &'a str,
    /// The element's value.
    pub data: Data<'a>,
    /// Written besides.
    pub also: Vec<Write<'a>>,
}

impl<'a> Policy<'a> {
    /// Every key and value name that the policy can touch, in the order of the template and without repetition. A list
    /// stands there with an empty value name.
    pub fn places(&self) -> Vec<(&'a str, &'a str)> {
        let mut places: Vec<(&str, &str)> = Vec::new();
        let mut add = |key: &'a str, value: &'a str| {
            if !places.contains(&(key, value)) {
                places.push((key, value));
            }
        };
        if let Some(value) = self.value {
            add(self.key, value);
        }
        for write in self.enabled_also.iter().chain(&self.disabled_also) {
            add(write.key, write.value);
        }
        for element in &self.elements {
            add(element.key, element.value);
            for write in element.also() {
                add(write.key, write.value);
            }
        }
        places
    }
}

impl<'a> Element<'a> {
    /// All that can be written besides the element's own value.
    pub(super) fn also(&self) -> Vec<Write<'a>> {
        match &self.kind {
            Kind::Boolean { on_also, off_also, .. } => on_also.iter().chain(off_also).copied().collect(),
            Kind::Enumeration { items } => items.iter().flat_map(|item| item.also.iter().copied()).collect(),
            _ => Vec::new(),
        }
    }
}
