//! Thunderbird's policy schema and preferences.
