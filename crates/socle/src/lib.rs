//! The ground that every context stands on: database, clock, identifiers, permissions, errors, routes, journal, outbox. It knows no word of the domain.

pub mod app;
pub mod change;
pub mod clock;
pub mod config;
pub mod db;
pub mod errors;
pub mod files;
mod ground;
pub mod ids;
pub mod journal;
pub mod limits;
pub mod module;
pub mod outbox;
pub mod permissions;
pub mod routes;
pub mod secrets;
pub mod security;
pub mod telemetry;
pub mod testing;

pub use app::{AddressService, App, AppBuilder, Operator, Settings};
pub use ground::MODULE;
