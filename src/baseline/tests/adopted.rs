//! What was taken from the sources of hardening, held against a committed list, so that nothing is lost unseen in a merge.

use std::collections::BTreeSet;

use super::hardening::{is_hardening, rules};
use super::{BASELINES, CATALOGUE};

const ADOPTED: &str = "lists/adopted.tsv";
/// How citations of the sources begin from which settings were taken one by one.
const SOURCES: [&str; 8] = [
    "CIS ",
    "DoD-GPO-",
    "HorlogeSkynet ",
    "MS-M365-baseline-",
    "STIG-",
    "macos_security: ",
    "pbowden-msft/",
    "thunderbird/policy-templates",
];

/// Each source with client and setting: of rules that cite one of the sources, and of every rule of an area of hardening.
fn cited() -> BTreeSet<String> {
    let is_source = |cite: &&String| SOURCES.iter().any(|source| cite.starts_with(source));
    let rows = rules().flat_map(|(client, rule)| {
        let of_area = is_hardening(rule);
        let cites =
            rule.cite.iter().filter(move |cite| is_source(cite) || of_area && CATALOGUE.requirements.find(cite).is_none());
        cites.map(move |cite| format!("{cite}\t{client}\t{}", rule.name))
    });
    rows.collect()
}

#[test]
#[expect(clippy::print_stdout, reason = "how much is held is worth more than that it is")]
fn nothing_that_was_adopted_is_lost() {
    let lines = BASELINES.text(ADOPTED).unwrap().lines().filter(|line| !line.starts_with('#'));
    let listed: Vec<&str> = lines.collect();
    assert!(listed.is_sorted(), "{ADOPTED} is not in order");
    let cited = cited();
    let lost: Vec<&&str> = listed.iter().filter(|row| !cited.contains(**row)).collect();
    let new: Vec<&String> = cited.iter().filter(|row| !listed.contains(&row.as_str())).collect();
    assert!(
        lost.is_empty(),
        "{} were adopted and are cited no more; put the rules back, or take the rows out of {ADOPTED}, with \
        the reason in lists/not-adopted.yaml:\n{lost:#?}",
        lost.len()
    );
    assert!(
        new.is_empty(),
        "{} are cited and stand not in {ADOPTED}; add:\n{}",
        new.len(),
        new.iter().map(|row| row.as_str()).collect::<Vec<_>>().join("\n")
    );
    let sources: BTreeSet<&str> = listed.iter().filter_map(|row| row.split('\t').next()).collect();
    println!("{} recommendations of {} places in the sources, each cited by its rule", listed.len(), sources.len());
    assert!(listed.len() > 300, "{} rows", listed.len());
}
