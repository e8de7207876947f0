//! How the programs are linked.
//!
//! Not position independent, where that is known to work: a position-independent program of this size begins with 24,000
//! relocations, which touch every page of its tables and take a third of the time from start to exit of a small program.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |key: &str| std::env::var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
