//! The program: reads the command line, runs the command, and exits with 0 (done), 1 (findings or refusal) or 2 (misuse).

use std::process::ExitCode;

fn main() -> ExitCode {
    maillage::run(std::env::args_os())
}
