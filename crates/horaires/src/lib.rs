//! `horaires`: see ARCHITECTURE.md.
