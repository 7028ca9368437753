//! Places where people are helped, in the national standard: import, duplicates, public search, open data.

pub mod domain;
pub mod store;
