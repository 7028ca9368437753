//! People, organisations, roles and perimeters, sessions, sign-in.
