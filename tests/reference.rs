//! The generated pages of `docs/` say what the tables of the code say.

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
