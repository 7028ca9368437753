//! One function for one thing that a person does.

pub mod doublons;
