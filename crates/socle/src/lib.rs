//! `socle`: see ARCHITECTURE.md.
