//! Places where people are helped, in the national standard: import, duplicates, public search, open data.

pub mod actions;
pub mod api;
pub mod carte;
pub mod data;
pub mod domain;
pub mod index;
pub mod jobs;
mod module;
pub mod pages;
pub mod permissions;
pub mod publication;
mod references;
pub mod store;
pub mod textes;

pub use module::{MODULE, openapi};
