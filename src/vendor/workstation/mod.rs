//! The parameters of the workstation scripts.
