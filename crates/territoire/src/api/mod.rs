//! The territory for other programs.

pub mod territoires;
