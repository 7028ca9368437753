//! The migrations are embedded from outside the crate: a new file there has to rebuild it.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
