//! The workstation scripts, run for real.
//!
//! Each machine test starts a throw-away Debian: own mounts and processes, an overlay on a tmpfs over the running system, so
//! that nothing outside changes. The scripts are what `render` gives for a plan's parameters; the steps stand in
//! `tests/workstation/*.sh` and stop at the first expectation that does not hold. A test whose program or right is missing
//! says so loudly, and fails where `GROUNDPLAN_ALL_CONSUMERS=1`.

#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "support/hostile.rs"]
mod hostile;
#[path = "workstation/machine.rs"]
mod machine;
#[path = "workstation/quoting.rs"]
mod quoting;
#[path = "workstation/scenarios.rs"]
mod scenarios;
#[path = "workstation/templates.rs"]
mod templates;
