//! The allocation of posts, as pure functions: no file, no clock, no chance; the same input gives the same bytes.
//!
//! [`besoin`] counts the need of territories, [`repartition`] shares posts between them, [`selection`] says which applicants
//! get how many posts and why, [`retour`] compares what was really given with what need alone would have given.

pub mod besoin;
pub mod empreinte;
pub mod fraction;
pub mod repartition;
pub mod retour;
pub mod selection;
