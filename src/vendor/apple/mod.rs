//! Apple's payload schema and managed preference domains.
