//! `lieux`: see ARCHITECTURE.md.
