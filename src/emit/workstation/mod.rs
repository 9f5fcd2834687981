//! Writes the artifacts of the folder `workstation/`: the scripts that prepare a shared computer, check it, and undo it.
//!
//! In: checked [`Parameter`](crate::vendor::workstation::Parameter)s and the templates of `baselines/scripts/<platform>/`.
//! Out: one program for each artifact that `artifacts.tsv` of the platform names. What the scripts do stands in the
//! templates and tables alone; the code here joins their parts and lets values in only through the quoting of the
//! language of the file, so that a hostile text is data to every shell. `tests/workstation.rs` runs the result, and
//! `tests/powershell.rs` reads it where nothing here can run it.

mod quote;
mod registry;
mod render;

pub use quote::{Language, QuoteError};
pub use registry::parameter_at;
pub use render::{RenderError, render};
