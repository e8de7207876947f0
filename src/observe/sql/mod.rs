//! A recording as a SQLite database: documented tables, a library of named queries, results in several layouts.
//!
//! | file | what |
//! |---|---|
//! | `tables.rs` | the tables: names, columns, sentences; the page `docs/sql.md` is made from them |
//! | `fill.rs` | rows from events |
//! | `queries.rs` | named queries |
//! | `layout.rs` | a result as a table, CSV, JSON or Markdown |

mod fill;
pub mod layout;
pub mod queries;
pub mod tables;

use super::model::Model;
use layout::Rows;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::path::Path;

/// A database that holds a recording.
pub struct Database {
    connection: Connection,
}

impl Database {
    /// Fills a database in memory with what this statement may ask for.
    ///
    /// # Errors
    /// SQLite's.
    pub fn in_memory(model: &Model, sql: &str) -> rusqlite::Result<Database> {
        Database::filled(Connection::open_in_memory()?, model, sql.to_ascii_lowercase().contains("events"))
    }

    /// Fills a new database in a file.
    ///
    /// # Errors
    /// SQLite's, and if the file has tables already.
    pub fn in_file(path: &Path, model: &Model) -> rusqlite::Result<Database> {
        Database::filled(Connection::open(path)?, model, true)
    }

    fn filled(mut connection: Connection, model: &Model, with_events: bool) -> rusqlite::Result<Database> {
        // A crash in the middle leaves a file that nobody wants.
        connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
        for table in &tables::TABLES {
            connection.execute_batch(&table.create())?;
        }
        fill::fill(&mut connection, model, with_events)?;
        connection.execute_batch(tables::INDEXES)?;
        Ok(Database { connection })
    }

    /// Runs one statement; what it returns.
    ///
    /// # Errors
    /// SQLite's: they name what is wrong with the statement.
    pub fn query(&self, sql: &str) -> rusqlite::Result<Rows> {
        let mut statement = self.connection.prepare(sql)?;
        let columns: Vec<String> = statement.column_names().iter().map(|name| name.to_string()).collect();
        let mut found = statement.query([])?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let cell = |index| -> rusqlite::Result<serde_json::Value> {
                Ok(match row.get_ref(index)? {
                    ValueRef::Null => serde_json::Value::Null,
                    ValueRef::Integer(number) => number.into(),
                    ValueRef::Real(number) => number.into(),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
                    ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()).into(),
                })
            };
            rows.push((0..columns.len()).map(cell).collect::<rusqlite::Result<Vec<_>>>()?);
        }
        Ok(Rows { columns, rows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples;

    fn database() -> Database {
        let mut events = samples::story();
        events.extend(samples::sampled());
        events.push(samples::reentered(21, 2, 9));
        let recording = Recording { header: serde_json::json!({ "policy": "naive" }), events, truncated: false };
        Database::in_memory(&Model::of(&recording), "events").unwrap()
    }

    #[test]
    fn deopts_join_their_compiles_and_frames() {
        let sql = "SELECT d.line, c.function, f.line FROM deopts d JOIN compiles c ON c.id = d.compile_id \
                   JOIN deopt_frames f ON f.deopt_id = d.id WHERE f.depth = 1";
        let rows = database().query(sql).unwrap();
        assert_eq!(serde_json::json!(rows.rows), serde_json::json!([[19, "coldest", 25]]));
    }

    #[test]
    fn every_named_query_runs() {
        let database = database();
        for query in &queries::QUERIES {
            let rows = database.query(query.sql).unwrap_or_else(|error| panic!("{}: {error}", query.name));
            assert!(!rows.columns.is_empty(), "{}", query.name);
        }
    }

    #[test]
    fn mistakes_are_named() {
        let error = database().query("SELECT nothing FROM deopts").err().unwrap().to_string();
        assert!(error.contains("nothing"), "{error}");
    }
}
