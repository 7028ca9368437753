//! People, organisations, roles and perimeters, sessions, sign-in.

pub mod actions;
pub mod annuaire;
mod courriels;
mod data;
pub mod domain;
mod jobs;
mod module;
pub mod pages;
pub mod permissions;
pub mod reconnaissance;
pub mod references;
pub mod store;

pub use module::MODULE;
