//! The command `backprobe`.

use std::process::ExitCode;

/// The interpreter allocates much and frees it at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    backprobe::cli::main()
}
