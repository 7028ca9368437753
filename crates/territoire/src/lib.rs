//! `territoire`: see ARCHITECTURE.md.
