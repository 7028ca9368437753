//! The ground that every context stands on: database, clock, identifiers, permissions, errors, routes, journal, outbox. It knows no word of the domain.

pub mod app;
pub mod change;
pub mod clock;
pub mod config;
pub mod db;
pub mod errors;
pub mod files;
mod ground;
mod housekeeping;
pub mod ids;
pub mod jobs;
pub mod journal;
pub mod letters;
pub mod limits;
pub mod mail;
pub mod module;
pub mod outbox;
pub mod permissions;
pub mod queue;
pub mod reference;
pub mod routes;
pub mod secrets;
pub mod security;
pub mod sms;
pub mod telemetry;
pub mod testing;
pub mod webhook;

pub use app::{App, AppBuilder, IdentityProvider, Operator, OutsideService, Settings};
pub use ground::MODULE;
