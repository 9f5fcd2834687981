//! Writes the artifacts of the folder `macos/`.
