//! What the scripts may use, held against `baselines/scripts/windows/allowed.tsv`: whatever is misspelt stands there not.

use std::collections::{BTreeMap, BTreeSet};

use groundplan::baselines::Baselines;
use groundplan::vendor::workstation::read_table;
use tree_sitter::Node;

use super::lexer::{Token, tokens};
use super::plans::{plans, scripts, standard};
use super::syntax::{nodes, parse};

/// The table, by kind and name in small letters: PowerShell does not mind them, the scripts do.
struct Allowed(BTreeMap<(String, String), BTreeSet<String>>);

impl Allowed {
    fn load() -> Self {
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
}

/// What is wrong with a script, by line, and what of the table it used.
fn look(script: &str, allowed: &Allowed) -> (Vec<String>, BTreeSet<(String, String)>) {
    let tree = parse(script);
    let all = nodes(&tree);
    let text = |node: Node<'_>| &script[node.byte_range()];
    let (mut wrong, mut used) = (Vec::new(), BTreeSet::new());
    let mut report = |node: Node<'_>, what: String| wrong.push(format!("{}: {what}", node.start_position().row + 1));
    if let Some(odd) = script.chars().find(|c| !matches!(c, '\n' | ' '..='~')) {
        report(tree.root_node(), format!("the character {odd:?}"));
    }
    // the grammar knows nothing of some quotation marks and the lexer nothing of blocks: where both see the same texts, no
    // mark is missing that the other makes up for
    let of_grammar = all.iter().filter(|node| node.kind() == "verbatim_string_characters").map(|node| unquoted(text(*node)));
    let of_lexer = tokens(script).map(|found| found.into_iter().filter_map(verbatim).collect::<Vec<_>>());
    if of_lexer != Ok(of_grammar.collect()) {
        report(tree.root_node(), "a quotation mark that is missing or one too many".to_owned());
    }
    let functions: BTreeMap<&str, usize> = all
        .iter()
        .filter(|node| node.kind() == "function_statement")
        .map(|function| (text(child(*function, "function_name").unwrap()), count(*function, "script_parameter")))
        .collect();
    let variables: BTreeSet<String> = all.iter().filter_map(|node| written(*node)).map(|node| name_of(text(node))).collect();
    let (automatic, members) = (allowed.all("variable"), allowed.all("member"));
    for &node in &all {
        match node.kind() {
            _ if node.is_error() || node.is_missing() => report(node, "no PowerShell".to_owned()),
            "command" => {
                let words = arguments(node);
                match child(node, "command_name").map(text) {
                    None => {
                        let called = child(node, "command_name_expr").map(text).unwrap_or_default();
                        let by = child(node, "command_invokation_operator").map(text).unwrap_or_default();
                        if allowed.parts("call", &format!("{by} {called}")).is_none() {
                            report(node, format!("the call {by} {called}"));
                        }
                    }
                    Some(name) => match (functions.get(name), allowed.parts("cmdlet", name)) {
                        (Some(&takes), _) => {
                            let named = words.iter().find(|word| word.kind() == "command_parameter");
                            if named.is_some() || words.len() > takes {
                                report(node, format!("{name} with {} arguments, it takes {takes}", words.len()));
                            }
                        }
                        (None, Some(parameters)) => {
                            used.insert(("cmdlet".to_owned(), name.to_owned()));
                            let given = words.iter().filter(|word| word.kind() == "command_parameter").map(|word| text(*word));
                            for parameter in given.map(|word| word.trim_start_matches('-').trim_end_matches(':')) {
                                if !parameters.contains(parameter) {
                                    report(node, format!("{name} -{parameter}"));
                                }
                            }
                            if words.first().is_some_and(|word| word.kind() != "command_parameter") {
                                report(node, format!("{name} with an argument without a name"));
                            }
                        }
                        (None, None) => report(node, format!("the command {name}")),
                    },
                }
            }
            "type_spec" if !matches!(node.parent().map(|parent| parent.kind()), Some("type_spec")) => {
                let name = text(node).trim_end_matches("[]");
                if allowed.parts("type", name).is_none() {
                    report(node, format!("the type {name}"));
                }
                used.insert(("type".to_owned(), name.to_owned()));
            }
            "member_name" => {
                let owner = node.prev_named_sibling().filter(|owner| owner.kind() == "type_literal");
                let is_static = node.prev_sibling().is_some_and(|mark| mark.kind() == "::");
                let known = match owner.filter(|_| is_static) {
                    Some(owner) => {
                        let name = text(owner).trim_matches(['[', ']']);
                        allowed.parts("type", name).is_some_and(|parts| parts.contains(text(node)))
                    }
                    None => members.contains(text(node)),
                };
                if !known {
                    report(node, format!("the member {}", text(node)));
                }
            }
            "hash_literal_body" => {
                let keys = all.iter().filter(|key| key.kind() == "key_expression" && within(**key, node));
                let own = keys.filter(|key| key.parent().and_then(|entry| entry.parent()) == Some(node));
                let mut seen = BTreeSet::new();
                for key in own {
                    if !seen.insert(text(*key).to_lowercase()) {
                        report(*key, format!("the key {} twice", text(*key)));
                    }
                }
            }
            "variable" => {
                let name = name_of(text(node));
                if !variables.contains(&name) && !automatic.contains(name.as_str()) {
                    report(node, format!("the variable ${name}, which nothing sets"));
                }
            }
            "&&" | "||" | "??" | "??=" | "?." | "?[" | "?" | "ternary_expression" => {
                report(node, format!("{}, which 5.1 does not know", text(node)));
            }
            // so that a quotation mark that is missing is never made up for in a comment
            "comment" if text(node).contains(['\'', '"']) => report(node, "a quotation mark in a comment".to_owned()),
            "verbatim_here_string_characters" | "expandable_here_string_literal" => report(node, "a here-string".to_owned()),
            "string_literal" if follows_type_name(node, text) => {
                let name = text(node).trim_matches('\'').trim_end_matches("[object]");
                if allowed.parts("new", name).is_none() {
                    report(node, format!("a new {name}"));
                }
                used.insert(("new".to_owned(), name.to_owned()));
            }
            _ => {}
        }
    }
    for (line, spellings) in two_spellings(&all, text) {
        wrong.push(format!("{line}: one variable is spelled {spellings:?}"));
    }
    (wrong, used)
}

fn unquoted(text: &str) -> String {
    text.get(1..text.len().saturating_sub(1)).unwrap_or_default().replace("''", "'")
}

fn verbatim(token: Token) -> Option<String> {
    if let Token::Verbatim(text) = token { Some(text) } else { None }
}

/// Whether anything is wrong with a script.
pub(crate) fn is_wrong(script: &str) -> bool {
    !look(script, &Allowed::load()).0.is_empty()
}

fn child<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    (0..node.child_count()).filter_map(|at| node.child(u32::try_from(at).unwrap())).find(|child| child.kind() == kind)
}

fn children<'t>(node: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    (0..node.child_count()).filter_map(move |at| node.child(u32::try_from(at).unwrap()))
}

fn count(node: Node<'_>, kind: &str) -> usize {
    children(node)
        .map(|child| usize::from(child.kind() == kind) + if child.kind() == "script_block" { 0 } else { count(child, kind) })
        .sum()
}

fn within(inner: Node<'_>, outer: Node<'_>) -> bool {
    outer.start_byte() <= inner.start_byte() && inner.end_byte() <= outer.end_byte()
}

/// The arguments and parameters of a command.
fn arguments(command: Node<'_>) -> Vec<Node<'_>> {
    let elements = child(command, "command_elements");
    elements.into_iter().flat_map(children).filter(|word| word.is_named() && word.kind() != "command_argument_sep").collect()
}

/// A variable without dollar sign, scope and braces.
fn name_of(variable: &str) -> String {
    let name = variable.trim_start_matches(['$', '@', '{']).trim_end_matches('}');
    name.rsplit_once(':').map_or(name, |(_, name)| name).to_owned()
}

/// The variable that a node sets: by an assignment, as a parameter, or over a list.
fn written(node: Node<'_>) -> Option<Node<'_>> {
    if node.kind() != "variable" {
        return None;
    }
    let mut at = node;
    loop {
        let parent = at.parent()?;
        match parent.kind() {
            "left_assignment_expression" | "script_parameter" => return Some(node),
            "foreach_statement" => {
                let first = children(parent).find(|child| child.kind() == "variable");
                return (first == Some(node)).then_some(node);
            }
            "element_access" | "member_access" | "invokation_expression" => return None,
            _ => at = parent,
        }
    }
}

/// Whether a text is what `-TypeName` is followed by.
fn follows_type_name<'s>(node: Node<'_>, text: impl Fn(Node<'_>) -> &'s str) -> bool {
    let mut at = node;
    while let Some(parent) = at.parent() {
        if parent.kind() == "command_elements" {
            let before = at.prev_named_sibling().and_then(|sep| sep.prev_named_sibling());
            return before.is_some_and(|before| text(before) == "-TypeName");
        }
        at = parent;
    }
    false
}

/// Names that differ in capitals only, within one function or outside of all; PowerShell takes them for one variable.
fn two_spellings<'s>(all: &[Node<'_>], text: impl Fn(Node<'_>) -> &'s str) -> Vec<(usize, BTreeSet<String>)> {
    let mut known: BTreeMap<(usize, String), (usize, BTreeSet<String>)> = BTreeMap::new();
    for node in all.iter().filter(|node| node.kind() == "variable") {
        let mut at = *node;
        while at.kind() != "function_statement" {
            let Some(parent) = at.parent() else { break };
            at = parent;
        }
        let name = name_of(text(*node));
        let place = (at.start_byte(), name.to_lowercase());
        known.entry(place).or_insert((node.start_position().row + 1, BTreeSet::new())).1.insert(name);
    }
    known.into_values().filter(|(_, spellings)| spellings.len() > 1).collect()
}

#[test]
fn the_scripts_use_what_is_allowed_and_nothing_else() {
    let allowed = Allowed::load();
    let mut used = BTreeSet::new();
    for plan in plans() {
        for (name, script) in scripts(&plan) {
            let (wrong, seen) = look(&script, &allowed);
            assert_eq!(wrong, Vec::<String>::new(), "{name}");
            used.extend(seen);
        }
    }
    let unused: Vec<_> = allowed.0.keys().filter(|(kind, _)| matches!(kind.as_str(), "cmdlet" | "type" | "new")).collect();
    let unused: Vec<_> = unused.into_iter().filter(|row| !used.contains(*row)).collect();
    assert!(unused.is_empty(), "allowed and used by no script: {unused:?}");
}

/// Faults, each by what it replaces in a script and with what.
const FAULTS: [(&str, &str, &str); 34] = [
    ("apply.ps1", "Get-Acl -LiteralPath", "Get-Alc -LiteralPath"),
    ("apply.ps1", "Get-Acl -LiteralPath", "Get-Acl -LiteralPaht"),
    ("apply.ps1", "Get-Acl -LiteralPath $Path", "Get-Acl $Path"),
    ("apply.ps1", "New-CimSession -OperationTimeoutSec 30", "New-CimSession -OperationTimeoutSec 30 | iex"),
    ("apply.ps1", "New-CimSession -OperationTimeoutSec 30", "Invoke-Expression -Command 'x'"),
    ("apply.ps1", "New-CimSession -OperationTimeoutSec 30", "Invoke-WebRequest -Uri 'x'"),
    ("apply.ps1", "& $Block", "& $Id"),
    ("apply.ps1", "& $Block", ". $Block"),
    ("apply.ps1", "& $Block", "& 'calc'"),
    ("apply.ps1", "exit 77", "exit 77 && exit 1"),
    ("apply.ps1", "Finish\n", "Finish || exit 1\n"),
    ("apply.ps1", "$code = 1\n", "$code = $json ? 1 : 2\n"),
    ("apply.ps1", "$code = 1\n", "$code = $json ?? 2\n"),
    ("apply.ps1", "$list.GetOwner(", "$list.GetOwnr("),
    ("apply.ps1", "$list.GetOwner(", "$list?.GetOwner("),
    ("apply.ps1", "[IO.File]::Exists", "[IO.File]::Exist"),
    ("apply.ps1", "[IO.File]::Exists", "[IO.Flie]::Exists"),
    ("apply.ps1", "[IO.File]::Exists", "[scriptblock]::Create"),
    ("apply.ps1", "'System.IO.DirectoryInfo'", "'System.IO.DirectoryInf'"),
    ("apply.ps1", "'sign-in.guest'", "\u{2018}sign-in.guest\u{2019}"),
    ("apply.ps1", "closes profiles", "closes pr\u{f6}files"),
    ("apply.ps1", "\n", "\r\n"),
    ("apply.ps1", "status = $Status;", "status = $Status; Status = 1;"),
    ("apply.ps1", "$refused += 1", "$refusd += 1; $x = $refuzed"),
    ("apply.ps1", "$dataBefore = ''", "$data = ''"),
    ("apply.ps1", "Test-Link $above", "Test-Lnk $above"),
    ("apply.ps1", "Test-Link $above", "Test-Link $above $above"),
    ("apply.ps1", "Test-Link $above", "Test-Link -Path $above"),
    ("apply.ps1", "$given = @($args)", "$given = @'\n'@"),
    ("session.ps1", "[IO.Directory]::Delete($Path, $false)", "Remove-Item -Recurse -Path $Path"),
    ("session.ps1", "Get-Process -Name", "gps -Name"),
    ("session.ps1", "[Diagnostics.Process]::Start($order)", "[Diagnostics.Process]::Start($order"),
    ("undo.ps1", "-Confirm:$false", "-Confrim:$false"),
    ("undo.ps1", "switch ($parts[0])", "swich ($parts[0])"),
];

#[test]
fn every_fault_is_found() {
    let allowed = Allowed::load();
    let scripts = scripts(&standard());
    for (name, right, wrong) in FAULTS {
        let script = &scripts.iter().find(|(known, _)| known == name).unwrap().1;
        assert!(script.contains(right), "{name} does not hold {right:?}");
        let broken = script.replacen(right, wrong, 1);
        assert!(!look(&broken, &allowed).0.is_empty(), "{name}: {wrong:?} was not found");
    }
}

#[test]
fn values_stand_only_where_an_expression_can_stand() {
    let baselines = Baselines::embedded();
    let mut seen = 0;
    for (path, bytes) in baselines.below("scripts/windows/").filter(|(path, _)| path.ends_with(".ps1")) {
        for (number, line) in std::str::from_utf8(bytes).unwrap().lines().enumerate() {
            for (start, _) in line.match_indices("{{") {
                let at = format!("{path}:{}: {line}", number + 1);
                let before = &line[..start];
                let after = &line[start + line[start..].find("}}").unwrap() + 2..];
                assert!(!before.contains('#'), "a value in a comment: {at}");
                assert!(before.matches(['\'', '"']).count().is_multiple_of(2), "a value inside quotation marks: {at}");
                assert!(before.is_empty() || before.ends_with(' '), "a value inside a word: {at}");
                assert!(after.is_empty() || after.starts_with([' ', '{']), "a value inside a word: {at}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "the templates hold values");
}
