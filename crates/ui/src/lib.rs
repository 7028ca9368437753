//! `ui`: see ARCHITECTURE.md.
