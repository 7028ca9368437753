//! The national standard as files write it: columns, versions, reading, checking.

pub mod colonnes;
pub mod ligne;
pub mod migration;
pub mod table;
pub mod verification;
