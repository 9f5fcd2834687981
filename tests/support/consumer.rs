//! What a test does when a program or right that it needs is not there.

use std::process::Command;

/// Says loudly that something was not tested; fails where all programs are expected (`GROUNDPLAN_ALL_CONSUMERS=1`).
#[expect(clippy::print_stderr, reason = "a test that is left out must be seen")]
pub(crate) fn missing(what: &str) {
    assert!(
        std::env::var_os("GROUNDPLAN_ALL_CONSUMERS").is_none_or(|wish| wish != "1"),
        "{what} is missing, and GROUNDPLAN_ALL_CONSUMERS=1 asks for everything"
    );
    eprintln!("\n*** LEFT OUT: {what} is missing; what it would have shown was NOT tested ***\n");
}

/// Whether a command runs and succeeds; said loudly when it does not.
pub(crate) fn have(what: &str, command: &mut Command) -> bool {
    let there = command.output().is_ok_and(|output| output.status.success());
    if !there {
        missing(what);
    }
    there
}
