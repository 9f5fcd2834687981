//! Writes the artifacts of the folder `outlook/`.
