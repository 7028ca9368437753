//! Opening hours told in plain words.
