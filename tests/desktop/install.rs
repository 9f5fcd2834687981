//! Packages and root folders of these clients on a real system.
