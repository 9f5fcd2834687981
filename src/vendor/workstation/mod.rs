//! The parameters of the workstation scripts: the schema of settings such as `linux:lock_after`.
//!
//! In: `baselines/scripts/<platform>/parameters.tsv`. Out: [`Parameters`], which holds a setting against it and gives a
//! [`Parameter`] that the emitter takes. The scripts are our own, so here the project is the vendor; everything else is as
//! with the others: unknown name, wrong type or value out of range is a [`Problem`](super::Problem).
//! Format of the table: `baselines/scripts/README.md`.

mod parameters;
mod table;
#[cfg(test)]
mod tests;

pub use parameters::{Definition, Kind, Parameter, Parameters};
pub use table::{LoadError, Row, read_table};
