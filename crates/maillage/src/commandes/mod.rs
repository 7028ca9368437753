//! One file for each command: it reads arguments, calls an action, and says what happened.

pub mod base;
pub mod contexte;
pub mod demo;
pub mod lieux;
pub mod openapi;
pub mod serve;
