//! groundplan: from one file of planning decisions about groupware to hardened client artifacts.
//!
//! The way of the data is one direction: [`source`] reads text into a tree with places, `plan` makes answers of it with
//! the `catalogue`, `baseline` makes settings of the answers, [`vendor`] holds each setting against the vendor's own
//! schema, [`emit`] makes bytes, `out` writes them. Nothing reads from a later stage.

pub mod baseline;
pub mod baselines;
pub mod catalogue;
pub mod certificate;
pub mod cli;
pub mod diag;
pub mod emit;
pub mod generate;
pub mod out;
pub mod overlay;
pub mod parallel;
pub mod payload;
pub mod plan;
pub mod review;
pub mod sign;
mod similar;
pub mod source;
pub mod sum;
pub mod value;
pub mod vendor;
