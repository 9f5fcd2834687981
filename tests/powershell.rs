//! The scripts for shared Windows computers, read where nothing here can run them.
//!
//! Syntax by the grammar of tree-sitter; every cmdlet, parameter, type and member held against the table
//! `baselines/scripts/windows/allowed.tsv`; values read back by a lexer of PowerShell's rules that shares nothing with the
//! crate; what goes into the registry imported by wine. Each guard is proved by scripts that are broken on purpose.

#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "powershell/cleaning.rs"]
mod cleaning;
#[path = "support/consumer.rs"]
mod consumer;
#[path = "powershell/faults.rs"]
mod faults;
#[path = "powershell/lexer.rs"]
mod lexer;
#[path = "powershell/lint.rs"]
mod lint;
#[path = "powershell/plans.rs"]
mod plans;
#[path = "powershell/quoting.rs"]
mod quoting;
#[path = "powershell/registry.rs"]
mod registry;
#[path = "powershell/syntax.rs"]
mod syntax;
#[path = "powershell/tree.rs"]
mod tree;
