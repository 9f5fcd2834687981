//! Writes the artifacts of the folder `workstation/`.
