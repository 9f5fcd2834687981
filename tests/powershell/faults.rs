//! The scripts use what is allowed and nothing else, and scripts with a fault are found.

use std::collections::BTreeSet;

use groundplan::baselines::Baselines;
use groundplan::emit::workstation::Language;

use super::lint::{Allowed, look};
use super::plans::{plans, scripts, standard};

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
    let unused: Vec<_> = allowed.used_by_name().filter(|row| !used.contains(*row)).collect();
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
    let templates = baselines.below("scripts/windows/").filter(|(path, _)| Language::of(path) == Some(Language::PowerShell));
    for (path, bytes) in templates {
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
