//! The design system: the base page, components as template macros, forms, texts by language, embedded assets.

// The macros name types by their path from any crate, this one included.
extern crate self as ui;

pub mod assets;
pub mod catalogue;
pub mod charts;
pub mod composants;
pub mod courriel;
pub mod csv;
pub mod form;
pub mod formats;
pub mod gabarits;
pub mod langue;
pub mod libelles;
pub mod module;
pub mod page;
pub mod rendu;
pub mod textes;

pub use module::MODULE;
