//! Places where people are helped, in the national standard: import, duplicates, public search, open data.

pub mod actions;
pub mod domain;
pub mod permissions;
pub mod store;
