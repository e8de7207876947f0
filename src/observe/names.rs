//! Names of functions and places, learnt from the events that introduce them.
//!
//! Later events speak of functions by id only. A name is written so that a grep for it finds every line about the
//! function: `score late.js:18:1`. Functions without a name are called `(anonymous)`.

use crate::events::{Event, SourceSite};
use crate::vocab::FunctionId;
use cranelift_entity::{EntityRef, SecondaryMap};

/// What is known of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunctionName {
    /// Its name, never empty.
    pub name: String,
    /// Path of its file.
    pub file: String,
    /// Line of its first character.
    pub line: u32,
    /// Column of its first character.
    pub column: u32,
    /// Length of its bytecode.
    pub bytecodes: u32,
}

/// All functions of a run.
#[derive(Clone, Debug, Default)]
pub struct Names {
    functions: SecondaryMap<FunctionId, Option<Box<FunctionName>>>,
}

/// Ids above this are not believed: a damaged recording must not make us allocate without bound.
const MAX_FUNCTIONS: usize = 1 << 22;

impl Names {
    /// Takes note of a function that an event introduces.
    pub fn learn(&mut self, event: &Event) {
        if let Event::FunctionRegistered { function, name, file, line, column, bytecodes, .. } = event
            && function.index() < MAX_FUNCTIONS
        {
            let name = if name.is_empty() { "(anonymous)".to_string() } else { name.clone() };
            let (line, column, bytecodes) = (*line, *column, *bytecodes);
            self.functions[*function] =
                Some(Box::new(FunctionName { name, file: file.clone(), line, column, bytecodes }));
        }
    }

    /// What is known of a function.
    pub fn get(&self, function: FunctionId) -> Option<&FunctionName> {
        self.functions.get(function).and_then(|known| known.as_deref())
    }

    /// Its name; the id if it was never introduced.
    pub fn name(&self, function: FunctionId) -> String {
        self.get(function).map_or_else(|| function.to_string(), |known| known.name.clone())
    }

    /// Last part of the path of its file.
    pub fn file(&self, function: FunctionId) -> &str {
        let file = self.get(function).map_or("?", |known| known.file.as_str());
        file.rsplit('/').next().unwrap_or(file)
    }

    /// Whole path of its file.
    pub fn path(&self, function: FunctionId) -> &str {
        self.get(function).map_or("?", |known| known.file.as_str())
    }

    /// `name file:line:column` of a function.
    pub fn label(&self, function: FunctionId) -> String {
        match self.get(function) {
            Some(known) => format!("{} {}:{}:{}", known.name, self.file(function), known.line, known.column),
            None => function.to_string(),
        }
    }

    /// `file:line:column` of a place.
    pub fn place(&self, site: &SourceSite) -> String {
        format!("{}:{}:{}", self.file(site.function), site.line, site.column)
    }

    /// `name file:line:column` of a place.
    pub fn frame(&self, site: &SourceSite) -> String {
        format!("{} {}", self.name(site.function), self.place(site))
    }
}
