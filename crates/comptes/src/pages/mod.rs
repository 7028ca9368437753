//! The pages of people and organisations.

pub mod groupements;
pub mod organisations;
