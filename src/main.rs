//! The command `backprobe`.

use std::process::ExitCode;

fn main() -> ExitCode {
    backprobe::cli::main()
}
