//! What is wrong or noteworthy in the input: the finding, the table of codes, and their forms as text, JSON and SARIF.
//!
//! Three kinds of trouble never mix: a finding (the input is wrong; all are reported), an error (the surroundings failed)
//! and a bug (an invariant of ours broke). This module is about the first.

mod code;
mod finding;
pub mod json;
pub mod sarif;
pub mod text;

pub use code::Code;
pub use finding::{Finding, Level, Place, SourceFile, has_errors};
