//! Writes the artifacts of the folder `thunderbird/`.
