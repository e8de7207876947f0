//! The command line: `petrel run|storm|check|dump|stats|events`. See `cli/`.

mod cli;

fn main() -> std::process::ExitCode {
    petrel::vm::stack::let_first_stack_grow();
    cli::main(std::env::args_os().collect())
}
