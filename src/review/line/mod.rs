//! From a line of an artifact to the name of what is written there.
//!
//! Looked at are the forms that groundplan itself writes. `forms.rs` finds what a line is about, in the words of its file: a
//! key, a registry value, an entry. `named.rs` makes of it names that [`find`](super::find) knows, by the same tables that led
//! the other way, and prefers what a rule sets. A line of the frame has none.

mod forms;
mod named;
#[cfg(test)]
mod tests;

pub use forms::lines;
pub use named::ArtifactReader;
