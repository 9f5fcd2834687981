//! What the scripts may use, held against `baselines/scripts/windows/allowed.tsv`: whatever is misspelt stands there not.

use std::collections::{BTreeMap, BTreeSet};

use groundplan::baselines::Baselines;
use groundplan::vendor::workstation::read_table;
use tree_sitter::Node;

use super::lexer::{Token, tokens};
use super::syntax::{nodes, parse};
use super::tree::{arguments, child, count, follows_type_name, name_of, two_spellings, within, written};

/// A row of the table: kind and name.
pub(crate) type Row = (String, String);

/// The table: the parts of each row.
pub(crate) struct Allowed(BTreeMap<Row, BTreeSet<String>>);

impl Allowed {
    pub(crate) fn load() -> Self {
        let rows = read_table(&Baselines::embedded(), "scripts/windows/allowed.tsv").unwrap();
        let parts = |text: &str| text.split(' ').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self(rows.iter().map(|row| ((row["kind"].clone(), row["name"].clone()), parts(&row["parts"]))).collect())
    }

    fn parts(&self, kind: &str, name: &str) -> Option<&BTreeSet<String>> {
        self.0.get(&(kind.to_owned(), name.to_owned()))
    }

    /// The parts of all rows of a kind.
    fn all(&self, kind: &str) -> BTreeSet<&str> {
        self.0.iter().filter(|((known, _), _)| known == kind).flat_map(|(_, parts)| parts).map(String::as_str).collect()
    }

    /// The rows whose use can be seen in a script.
    pub(crate) fn used_by_name(&self) -> impl Iterator<Item = &Row> {
        self.0.keys().filter(|(kind, _)| matches!(kind.as_str(), "cmdlet" | "type" | "new"))
    }
}

/// A look at one script.
struct Look<'s> {
    script: &'s str,
    allowed: &'s Allowed,
    /// The functions of the script, and how many arguments each takes.
    functions: BTreeMap<&'s str, usize>,
    variables: BTreeSet<String>,
    wrong: Vec<String>,
    used: BTreeSet<Row>,
}

/// What is wrong with a script, by line, and what of the table it used.
pub(crate) fn look(script: &str, allowed: &Allowed) -> (Vec<String>, BTreeSet<Row>) {
    let tree = parse(script);
    let all = nodes(&tree);
    let text = |node: Node<'_>| &script[node.byte_range()];
    let functions = all.iter().filter(|node| node.kind() == "function_statement");
    let functions =
        functions.map(|node| (text(child(*node, "function_name").unwrap()), count(*node, "script_parameter"))).collect();
    let variables = all.iter().filter_map(|node| written(*node)).map(|node| name_of(text(node))).collect();
    let mut look = Look { script, allowed, functions, variables, wrong: Vec::new(), used: BTreeSet::new() };
    look.letters(tree.root_node(), &all);
    for &node in &all {
        look.node(node, &all);
    }
    for (line, spellings) in two_spellings(&all, text) {
        look.wrong.push(format!("{line}: one variable is spelled {spellings:?}"));
    }
    (look.wrong, look.used)
}

/// Whether anything is wrong with a script.
pub(crate) fn is_wrong(script: &str) -> bool {
    !look(script, &Allowed::load()).0.is_empty()
}

impl<'s> Look<'s> {
    fn text(&self, node: Node<'_>) -> &'s str {
        &self.script[node.byte_range()]
    }

    fn report(&mut self, node: Node<'_>, what: impl AsRef<str>) {
        self.wrong.push(format!("{}: {}", node.start_position().row + 1, what.as_ref()));
    }

    /// The grammar knows nothing of some quotation marks and the lexer nothing of blocks: where both see the same texts, no mark
    /// is missing that the other makes up for.
    fn letters(&mut self, root: Node<'_>, all: &[Node<'_>]) {
        if let Some(odd) = self.script.chars().find(|c| !matches!(c, '\n' | ' '..='~')) {
            self.report(root, format!("the character {odd:?}"));
        }
        let of_grammar = all.iter().filter(|node| node.kind() == "verbatim_string_characters");
        let of_grammar = of_grammar.map(|node| unquoted(self.text(*node))).collect();
        let of_lexer = tokens(self.script).map(|found| found.into_iter().filter_map(verbatim).collect::<Vec<_>>());
        if of_lexer != Ok(of_grammar) {
            self.report(root, "a quotation mark that is missing or one too many");
        }
    }

    fn node(&mut self, node: Node<'_>, all: &[Node<'_>]) {
        let text = self.text(node);
        match node.kind() {
            _ if node.is_error() || node.is_missing() => self.report(node, "no PowerShell"),
            "command" => self.command(node),
            "type_spec" if node.parent().is_none_or(|parent| parent.kind() != "type_spec") => {
                self.listed(node, "type", text.trim_end_matches("[]"));
            }
            "string_literal" if follows_type_name(node, |node| self.text(node)) => {
                self.listed(node, "new", text.trim_matches('\'').trim_end_matches("[object]"));
            }
            "member_name" => self.member(node),
            "hash_literal_body" => self.keys(node, all),
            "variable" => {
                let name = name_of(text);
                if !self.variables.contains(&name) && !self.allowed.all("variable").contains(name.as_str()) {
                    self.report(node, format!("the variable ${name}, which nothing sets"));
                }
            }
            "&&" | "||" | "??" | "??=" | "?." | "?[" | "?" | "ternary_expression" => {
                self.report(node, format!("{text}, which 5.1 does not know"));
            }
            // so that a quotation mark that is missing is never made up for in a comment
            "comment" if text.contains(['\'', '"']) => self.report(node, "a quotation mark in a comment"),
            "verbatim_here_string_characters" | "expandable_here_string_literal" => self.report(node, "a here-string"),
            _ => {}
        }
    }

    /// Something that has a row of its own.
    fn listed(&mut self, node: Node<'_>, kind: &str, name: &str) {
        if self.allowed.parts(kind, name).is_none() {
            self.report(node, format!("{kind} {name}"));
        }
        self.used.insert((kind.to_owned(), name.to_owned()));
    }

    fn command(&mut self, node: Node<'_>) {
        let words = arguments(node);
        let Some(name) = child(node, "command_name").map(|name| self.text(name)) else {
            let part = |kind| child(node, kind).map(|part| self.text(part)).unwrap_or_default();
            let call = format!("{} {}", part("command_invokation_operator"), part("command_name_expr"));
            if self.allowed.parts("call", &call).is_none() {
                self.report(node, format!("the call {call}"));
            }
            return;
        };
        let is_parameter = |word: &&Node<'_>| word.kind() == "command_parameter";
        if let Some(&takes) = self.functions.get(name) {
            if words.iter().any(|word| is_parameter(&word)) || words.len() > takes {
                self.report(node, format!("{name} with {} arguments, it takes {takes}", words.len()));
            }
            return;
        }
        self.listed(node, "cmdlet", name);
        let known = self.allowed.parts("cmdlet", name).cloned().unwrap_or_default();
        for word in words.iter().filter(is_parameter) {
            let parameter = self.text(*word);
            if !known.contains(parameter.trim_start_matches('-').trim_end_matches(':')) {
                self.report(node, format!("{name} {parameter}"));
            }
        }
        if words.first().is_some_and(|word| !is_parameter(&word)) {
            self.report(node, format!("{name} with an argument without a name"));
        }
    }

    fn member(&mut self, node: Node<'_>) {
        let is_static = node.prev_sibling().is_some_and(|mark| mark.kind() == "::");
        let owner = node.prev_named_sibling().filter(|owner| is_static && owner.kind() == "type_literal");
        let name = self.text(node);
        let known = match owner.map(|owner| self.text(owner).trim_matches(['[', ']'])) {
            Some(owner) => self.allowed.parts("type", owner).is_some_and(|parts| parts.contains(name)),
            None => self.allowed.all("member").contains(name),
        };
        if !known {
            self.report(node, format!("the member {name}"));
        }
    }

    fn keys(&mut self, node: Node<'_>, all: &[Node<'_>]) {
        let keys = all.iter().filter(|key| key.kind() == "key_expression" && within(**key, node));
        let own = keys.filter(|key| key.parent().and_then(|entry| entry.parent()) == Some(node));
        let mut seen = BTreeSet::new();
        for key in own {
            if !seen.insert(self.text(*key).to_lowercase()) {
                self.report(*key, format!("the key {} twice", self.text(*key)));
            }
        }
    }
}

fn unquoted(text: &str) -> String {
    text.get(1..text.len().saturating_sub(1)).unwrap_or_default().replace("''", "'")
}

fn verbatim(token: Token) -> Option<String> {
    if let Token::Verbatim(text) = token { Some(text) } else { None }
}
