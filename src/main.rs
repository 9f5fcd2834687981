//! Arguments in, exit code out.

use groundplan::cli::{self, Exit};

fn main() -> Exit {
    cli::main(std::env::args_os())
}
