//! The command line: `petrel run|storm|check|dump|stats|events`. See `cli/`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main(std::env::args_os().collect())
}
