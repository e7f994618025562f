//! Imports go one way: along the orders of folders that ARCHITECTURE.md states, and in no circle.

use super::generated::in_repository;
use std::collections::HashSet;
use std::fs;

/// A file: its path in the repository, and its text.
type Source = (String, String);

#[derive(Debug)]
struct Import {
    /// File and line.
    place: String,
    /// What imports and what is imported: a file of TypeScript, a module at the root of a Rust crate.
    from: String,
    to: String,
}

/// What stands in `root` itself, of a path in it: `drawing` of `www/drawing/scene.ts`.
fn part<'a>(root: &str, path: &'a str) -> &'a str {
    path[root.len()..].split(['/', '.']).next().unwrap()
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Imports between files of TypeScript, for types and of workers, too.
fn imports_of_typescript(sources: &[Source]) -> Vec<Import> {
    let files: HashSet<&str> = sources.iter().map(|(path, _)| path.as_str()).collect();
    let mut imports = Vec::new();
    for (from, text) in sources {
        for opening in ["from '.", "import '.", "import('."] {
            for (at, _) in text.match_indices(opening) {
                let module = text[at + opening.len() - 1..].split(['\'', '?']).next().unwrap();
                let mut folders: Vec<&str> = from.split('/').collect();
                folders.pop();
                for step in module.split('/') {
                    match step {
                        "." => {}
                        ".." => _ = folders.pop(),
                        step => folders.push(step),
                    }
                }
                let to = folders.join("/").replace(".js", ".ts");
                if files.contains(to.as_str()) {
                    imports.push(Import { place: format!("{from}:{}", line_of(text, at)), from: from.clone(), to });
                }
            }
        }
    }
    imports
}

/// Rust without comments, and without what is compiled for tests alone; line by line as it was.
fn of_the_program(text: &str) -> String {
    let mut program = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        program += line.split("//").next().unwrap();
        program.push('\n');
        if line == "#[cfg(test)]" {
            program.push('\n');
            // rustfmt closes an item in the column in which it began.
            if lines.next().unwrap_or_default().ends_with('{') {
                for _ in lines.by_ref().take_while(|&line| line != "}") {
                    program.push('\n');
                }
                program.push('\n');
            }
        }
    }
    program
}

/// First names of what a path goes on with: of `a::b`, or of each in `{a::b, c::{d, e}}`.
fn first_names(text: &str) -> Vec<&str> {
    let name = |text: &'_ str| text.len() - text.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    if !text.starts_with('{') {
        return vec![&text[..name(text)]];
    }
    let mut names = Vec::new();
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(c, '{' | ',') {
            let item = text[at + 1..].trim_start();
            names.push(&item[..name(item)]);
        }
    }
    names
}

/// Uses of one module at a crate's root in another.
fn imports_of_rust(root: &str, sources: &[Source]) -> Vec<Import> {
    let modules: HashSet<&str> = sources.iter().map(|(path, _)| part(root, path)).collect();
    let mut imports = Vec::new();
    for (path, text) in sources {
        let from = part(root, path);
        let module = path[root.len()..].trim_end_matches(".rs").trim_end_matches("/mod");
        // From so many folders deep, `super` so many times is the crate.
        let up = "super::".repeat(module.split('/').count());
        let program = of_the_program(text);
        for opening in ["crate::", &up] {
            for (at, _) in program.match_indices(opening) {
                if program[..at].ends_with("super::") {
                    continue;
                }
                for to in first_names(&program[at + opening.len()..]) {
                    if to != from && modules.contains(to) {
                        let place = format!("{path}:{}", line_of(&program, at));
                        imports.push(Import { place, from: format!("{root}{from}"), to: format!("{root}{to}") });
                    }
                }
            }
        }
    }
    imports
}

/// What goes against an order, in which each part may import those before it, in words.
fn upward(root: &str, order: &[&str], imports: &[Import]) -> Vec<String> {
    let place = |path: &str| order.iter().position(|&name| name == part(root, path));
    let mut wrong = Vec::new();
    for import in imports {
        let [from, to] = [&import.from, &import.to].map(|path| part(root, path));
        match (place(&import.from), place(&import.to)) {
            (Some(above), Some(below)) if below <= above => {}
            (Some(_), Some(_)) => wrong.push(format!("{}: {from} imports {to}, which stands above it", import.place)),
            (found, _) => {
                wrong.push(format!("{}: {} has no place", import.place, if found.is_none() { from } else { to }))
            }
        }
    }
    wrong
}

/// Imports that are part of a circle, in words.
fn circles(imports: &[Import]) -> Vec<String> {
    let mut left: Vec<&Import> = imports.iter().filter(|import| import.from != import.to).collect();
    loop {
        let before = left.len();
        let imported: HashSet<&str> = left.iter().map(|import| import.to.as_str()).collect();
        let importing: HashSet<&str> = left.iter().map(|import| import.from.as_str()).collect();
        left.retain(|import| imported.contains(import.from.as_str()) && importing.contains(import.to.as_str()));
        if left.len() == before {
            return left
                .iter()
                .map(|Import { place, from, to }| format!("{place}: {from} and {to} are in a circle"))
                .collect();
        }
    }
}

/// All files below a folder of the repository whose names end so, but for tests.
fn sources(folder: &str, ending: &str) -> Vec<Source> {
    let mut found = Vec::new();
    for entry in fs::read_dir(in_repository(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            found.extend(sources(&(path + "/"), ending));
        } else if path.strip_suffix(ending).is_some_and(|stem| !stem.ends_with("tests") && !stem.ends_with(".test")) {
            let text = fs::read_to_string(in_repository(&path)).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// The order that a text states of a folder's parts, in the block below this heading: the folder, and behind it their names.
fn order<'a>(architecture: &'a str, root: &str) -> Vec<&'a str> {
    let block =
        architecture.split("\n## Imports go one way\n").nth(1).and_then(|rest| rest.split("```").nth(1)).unwrap();
    let from_root = block.split_whitespace().skip_while(|&word| word != root).skip(1);
    from_root.take_while(|word| !word.ends_with('/')).collect()
}

fn assert_right(wrong: &[String]) {
    assert!(wrong.is_empty(), "{wrong:#?}\nsee “Imports go one way” in ARCHITECTURE.md");
}

#[test]
fn imports_of_the_crate_go_one_way() {
    let architecture = fs::read_to_string(in_repository("ARCHITECTURE.md")).unwrap();
    let mut files = sources("src/", ".rs");
    files.retain(|(path, _)| !path.starts_with("src/bin/"));
    assert_right(&upward("src/", &order(&architecture, "src/"), &imports_of_rust("src/", &files)));
}

#[test]
fn imports_of_the_commands_are_in_no_circle() {
    for root in ["src/bin/guidance-playground/", "xtask/src/"] {
        assert_right(&circles(&imports_of_rust(root, &sources(root, ".rs"))));
    }
}

#[test]
fn imports_of_the_page_go_one_way() {
    let architecture = fs::read_to_string(in_repository("ARCHITECTURE.md")).unwrap();
    let imports = imports_of_typescript(&sources("www/", ".ts"));
    assert_right(&upward("www/", &order(&architecture, "www/"), &imports));
    assert_right(&circles(&imports));
}

fn written(files: &[(&str, &str)]) -> Vec<Source> {
    files.iter().map(|&(path, text)| (path.to_owned(), text.to_owned())).collect()
}

#[test]
fn what_goes_up_is_found_in_rust() {
    let imports = imports_of_rust(
        "src/",
        &written(&[
            (
                "src/error.rs",
                "// crate::engine\n#[cfg(test)]\nmod tests {\n    use crate::engine;\n}\nuse crate::json;\n",
            ),
            ("src/json.rs", "use crate::error;\n"),
            ("src/lanes/mod.rs", "use crate::{\n    Error,\n    error::{self, engine},\n    engine::Plan,\n};\n"),
            ("src/lanes/wasm.rs", "use super::super::unheard_of;\nuse super::engine;\n"),
            ("src/engine.rs", "use super::error;\n"),
            ("src/unheard_of.rs", ""),
        ]),
    );
    let order =
        order("\n## Imports go one way\n\n```\nwww/ lanes\nsrc/  error json lanes\n      engine\n```\n", "src/");
    assert_eq!(order, ["error", "json", "lanes", "engine"]);
    let wrong = [
        "src/error.rs:6: error imports json, which stands above it",
        "src/lanes/mod.rs:1: lanes imports engine, which stands above it",
        "src/lanes/wasm.rs:1: unheard_of has no place",
    ];
    assert_eq!(upward("src/", &order, &imports), wrong);
    let circle = [
        "src/error.rs:6: src/error and src/json are in a circle",
        "src/json.rs:1: src/json and src/error are in a circle",
    ];
    assert_eq!(circles(&imports), circle);
}

#[test]
fn what_goes_up_is_found_in_typescript() {
    let imports = imports_of_typescript(&written(&[
        ("www/main.ts", "import './engine/a.js';\n"),
        ("www/engine/a.ts", "import type {\n  B,\n} from './b.js';\nimport worker from './worker.ts?worker&url';\n"),
        ("www/engine/b.ts", "export const b = () => import('../engine/c.js');\n"),
        ("www/engine/c.ts", "import { a } from './a.js';\nimport 'lit';\n"),
        ("www/engine/worker.ts", "import type { State } from '../state/state.js';\n"),
        ("www/state/state.ts", ""),
    ]));
    let wrong = ["www/engine/worker.ts:1: engine imports state, which stands above it"];
    assert_eq!(upward("www/", &["engine", "state", "main"], &imports), wrong);
    let circle = [
        "www/engine/a.ts:3: www/engine/a.ts and www/engine/b.ts are in a circle",
        "www/engine/b.ts:1: www/engine/b.ts and www/engine/c.ts are in a circle",
        "www/engine/c.ts:1: www/engine/c.ts and www/engine/a.ts are in a circle",
    ];
    assert_eq!(circles(&imports), circle);
}
