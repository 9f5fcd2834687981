//! The vendors' schemas: what each client understands.
//!
//! A setting of the catalogue names what the vendor names; here its name, type, range and version are held against the
//! vendor's own definition, and its value becomes what the client really reads. Nothing here decides a value.

pub mod admx;
pub mod apple;
pub mod browser;
pub mod chromium;
mod describe;
pub mod desktop;
pub mod diff;
pub mod intune;
pub mod mozilla;
mod node;
mod problem;
pub mod registry;
mod schemas;
mod search;
mod strict;
mod table;
pub mod thunderbird;
pub mod workstation;

pub use node::Node;
pub use problem::Problem;
pub(crate) use problem::nearest;
pub use schemas::{Description, SUSPENDED, Schemas, SchemasError, Typed, Versions};
pub use search::{Hit, Query, Rank};
