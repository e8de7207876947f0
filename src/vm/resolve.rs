//! From the name in `require(name)` to a file, as Node does it for CommonJS.
//!
//! A name that begins with a dot or a slash is a path; any other is looked for in the `node_modules` of each folder from
//! the requiring file's upwards. A path without extension may mean a `.js` or `.json` file or a folder, whose
//! `package.json` names its main file (`exports` with the conditions `node`, `require` and `default`, then `main`).

use serde_json::Value as Json;
use std::path::{Component, Path, PathBuf};

/// The file that `require(id)` in `from` means.
pub fn find(from: &Path, id: &str) -> Option<PathBuf> {
    // The text of `-e` and of a session lies in the working folder.
    let folder = from.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let relative = ["./", "../", "/"].iter().any(|start| id.starts_with(start)) || id == "." || id == "..";
    if relative {
        return real(file_or_folder(&normalize(&folder.join(id)), id.ends_with('/') || id.ends_with('.'))?);
    }
    let (package, rest) = split(id);
    let absolute = std::path::absolute(folder).unwrap_or(folder.to_path_buf());
    let found = absolute.ancestors().filter(|f| f.file_name() != Some("node_modules".as_ref())).find_map(|f| {
        let root = f.join("node_modules").join(package);
        if let Some(exports) = manifest(&root).as_ref().and_then(|m| m.get("exports")) {
            let wanted = if rest.is_empty() { ".".to_string() } else { format!("./{rest}") };
            return exported(exports, &wanted).map(|path| normalize(&root.join(path))).filter(|path| path.is_file());
        }
        file_or_folder(&normalize(&root.join(rest)), false)
    });
    real(found?)
}

fn real(path: PathBuf) -> Option<PathBuf> {
    Some(std::fs::canonicalize(&path).unwrap_or(path))
}

/// Name of the package and the path in it.
fn split(id: &str) -> (&str, &str) {
    let skipped = if id.starts_with('@') { id.find('/').map_or(id.len(), |i| i + 1) } else { 0 };
    match id[skipped..].find('/') {
        Some(i) => (&id[..skipped + i], &id[skipped + i + 1..]),
        None => (id, ""),
    }
}

fn file_or_folder(path: &Path, is_folder: bool) -> Option<PathBuf> {
    let file = if is_folder { None } else { as_file(path) };
    file.or_else(|| {
        let main = manifest(path).and_then(|m| Some(m.get("main")?.as_str()?.to_string()));
        let named = main.and_then(|main| {
            let main = normalize(&path.join(main));
            as_file(&main).or_else(|| as_file(&main.join("index")))
        });
        named.or_else(|| as_file(&path.join("index")))
    })
}

fn as_file(path: &Path) -> Option<PathBuf> {
    let text = path.display().to_string();
    let candidates = [path.to_path_buf(), PathBuf::from(format!("{text}.js")), PathBuf::from(format!("{text}.json"))];
    candidates.into_iter().find(|c| c.is_file())
}

fn manifest(folder: &Path) -> Option<Json> {
    let text = std::fs::read_to_string(folder.join("package.json")).ok()?;
    serde_json::from_str(&text).ok()
}

/// What the `exports` of a package give for `.` or `./path`.
fn exported(exports: &Json, wanted: &str) -> Option<String> {
    let Json::Object(map) = exports else { return if wanted == "." { target(exports) } else { None } };
    if !map.keys().any(|k| k.starts_with('.')) {
        return if wanted == "." { target(exports) } else { None };
    }
    if let Some(exact) = map.get(wanted) {
        return target(exact);
    }
    map.iter().find_map(|(pattern, to)| {
        let (before, after) = pattern.split_once('*')?;
        let part = wanted.strip_prefix(before)?.strip_suffix(after)?;
        target(to).map(|t| t.replace('*', part))
    })
}

/// The first target whose conditions hold.
fn target(v: &Json) -> Option<String> {
    match v {
        Json::String(s) => Some(s.clone()),
        Json::Array(list) => list.iter().find_map(target),
        Json::Object(map) => ["node", "require", "default"].iter().find_map(|c| map.get(*c).and_then(target)),
        Json::Null | Json::Bool(_) | Json::Number(_) => None,
    }
}

/// The path without `.` and `..`.
fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            Component::ParentDir | Component::Prefix(_) | Component::RootDir | Component::Normal(_) => out.push(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_into_package_and_path() {
        assert_eq!(split("a"), ("a", ""));
        assert_eq!(split("a/b/c"), ("a", "b/c"));
        assert_eq!(split("@s/a"), ("@s/a", ""));
        assert_eq!(split("@s/a/b"), ("@s/a", "b"));
    }

    #[test]
    fn exports_are_read_by_condition() {
        let json = |text: &str| serde_json::from_str::<Json>(text).expect("JSON");
        let e = json(r#"{".": {"import": "./m.mjs", "require": "./m.js"}, "./x/*": "./lib/*.js"}"#);
        assert_eq!(exported(&e, ".").as_deref(), Some("./m.js"));
        assert_eq!(exported(&e, "./x/y").as_deref(), Some("./lib/y.js"));
        assert_eq!(exported(&e, "./z"), None);
        assert_eq!(exported(&json(r#""./main.js""#), ".").as_deref(), Some("./main.js"));
    }

    #[test]
    fn dots_are_resolved() {
        assert_eq!(normalize(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert_eq!(normalize(Path::new("../a")), Path::new("../a"));
    }
}
