//! The generated pages of `docs/` say what the tables of the code say, and the reference of the language what is refused.

use petrel::observe::reference::TABLES;
use std::path::Path;

#[test]
fn generated_pages_are_up_to_date() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for (name, table) in TABLES {
        let page = std::fs::read_to_string(docs.join(format!("{name}.md"))).unwrap_or_default();
        assert!(page == table(), "docs/{name}.md is stale: run `cargo run -- reference {name} > docs/{name}.md`");
    }
}

#[test]
fn the_reference_of_the_language_lists_what_is_refused() {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("lang/reference.md")).unwrap_or_default();
    let generated = page.split_once("a test compares it. -->\n").map_or("", |(_, rest)| rest).trim_start();
    let wanted = petrel::frontend::subset::reference();
    assert!(generated == wanted, "lang/reference.md is stale: its end is `cargo run -- reference language`");
}
