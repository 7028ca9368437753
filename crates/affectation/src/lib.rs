//! The allocation of posts, as pure functions: no file, no clock, no chance; the same input gives the same bytes.
//!
//! [`selection`] says which applicants get how many posts.

pub mod empreinte;
pub mod fraction;
pub mod selection;
