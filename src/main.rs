//! The command line.
use petrel::config::Config;
use petrel::vm::Vm;
use std::path::Path;

fn main() {
    let mut args = std::env::args().skip(1).filter(|a| a != "run");
    let Some(file) = args.next() else {
        eprintln!("usage: petrel run FILE");
        std::process::exit(2);
    };
    let absolute = std::fs::canonicalize(&file).map_or(file.clone(), |p| p.display().to_string());
    let argv = ["petrel".to_string(), absolute].into_iter().chain(args).collect();
    let mut vm = Vm::with_arguments(Config::default(), argv).expect("address space for the heap");
    let code = vm.run_file(Path::new(&file));
    std::process::exit(code);
}
