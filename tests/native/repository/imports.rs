//! Imports go one way: along the orders of folders that ARCHITECTURE.md states, and in no circle.

use super::{files_below, in_repository};
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

/// What an order names of a path in `root`: `state` of `www/state/state.ts`, and `plane/drawing` of `www/plane/drawing/scene.ts`
/// where it names parts of `plane`; else what stands in `root` itself.
fn part<'a>(root: &str, order: &[&str], path: &'a str) -> &'a str {
    let names = &path[root.len()..];
    let ends = names.match_indices(['/', '.']).map(|(end, _)| end).chain([names.len()]);
    let mut outermost = ends.map(|end| &names[..end]).take(2);
    let first = outermost.next().unwrap();
    outermost.find(|name| order.contains(name)).unwrap_or(first)
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

/// The paths that a text goes on with, of which two names matter: `a/b` of `a::b::c`, and of `{a::{b, c}, d}` `a/b`, `a/c` and `d`.
fn paths(text: &str, names: usize) -> Vec<String> {
    let text = text.trim_start();
    if let Some(list) = text.strip_prefix('{') {
        return items(list).into_iter().flat_map(|item| paths(item, names)).collect();
    }
    let length = text.len() - text.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    let (name, rest) = text.split_at(length);
    match rest.strip_prefix("::") {
        Some(rest) if names > 1 => paths(rest, names - 1).into_iter().map(|inner| format!("{name}/{inner}")).collect(),
        _ => vec![name.to_owned()],
    }
}

/// What commas separate up to the brace that closes the list, where inner lists are whole.
fn items(list: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut begin, mut depth) = (0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                items.push(&list[begin..at]);
                begin = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    items
}

/// Uses in one part of a crate of another.
fn imports_of_rust(root: &str, order: &[&str], sources: &[Source]) -> Vec<Import> {
    let parts: HashSet<&str> = sources.iter().map(|(path, _)| part(root, order, path)).collect();
    let mut imports = Vec::new();
    for (path, text) in sources {
        let from = part(root, order, path);
        let module = path[root.len()..].trim_end_matches(".rs").trim_end_matches("/mod");
        let folders: Vec<&str> = module.split('/').collect();
        let program = of_the_program(text);
        // From so many folders deep, `super` so many times is the root; once less is a folder in it.
        let above = |up: usize| "super::".repeat(up);
        let named = root[root.find("src/").unwrap() + "src/".len()..].replace('/', "::");
        let mut openings = vec![(format!("crate::{named}"), root.to_owned()), (above(folders.len()), root.to_owned())];
        if folders.len() > 1 {
            openings.push((above(folders.len() - 1), format!("{root}{}/", folders[0])));
        }
        for (opening, folder) in openings {
            for (at, _) in program.match_indices(&opening) {
                if program[..at].ends_with("super::") || program[at + opening.len()..].starts_with("super::") {
                    continue;
                }
                for names in paths(&program[at + opening.len()..], 2) {
                    let named = folder.clone() + &names;
                    let to = part(root, order, &named);
                    if to != from && parts.contains(to) {
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
    let place = |path: &str| order.iter().position(|&name| name == part(root, order, path));
    let mut wrong = Vec::new();
    for import in imports {
        let [from, to] = [&import.from, &import.to].map(|path| part(root, order, path));
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
    let mut paths = files_below(folder);
    paths.retain(|path| {
        path.strip_suffix(ending).is_some_and(|stem| !stem.ends_with("tests") && !stem.ends_with(".test"))
    });
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(in_repository(&path)).unwrap())).collect()
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
    let order = order(&architecture, "src/");
    assert_right(&upward("src/", &order, &imports_of_rust("src/", &order, &files)));
}

#[test]
fn imports_of_the_commands_are_in_no_circle() {
    for root in ["src/command/", "xtask/src/"] {
        assert_right(&circles(&imports_of_rust(root, &[], &sources(root, ".rs"))));
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
    let order = order(
        "\n## Imports go one way\n\n```\nwww/ lanes\nsrc/  error json lanes plane/data\n      engine plane/net\n```\n",
        "src/",
    );
    assert_eq!(order, ["error", "json", "lanes", "plane/data", "engine", "plane/net"]);
    let imports = imports_of_rust(
        "src/",
        &order,
        &written(&[
            (
                "src/error.rs",
                "// crate::engine\n#[cfg(test)]\nmod tests {\n    use crate::engine;\n}\nuse crate::json;\n",
            ),
            ("src/json.rs", "use crate::error;\n"),
            ("src/lanes/mod.rs", "use crate::{\n    Error,\n    error::{self, engine},\n    engine::Plan,\n};\n"),
            ("src/lanes/wasm.rs", "use super::super::unheard_of;\nuse super::engine;\n"),
            ("src/engine.rs", "use super::error;\nuse crate::{error, plane::{data, net::Net}};\n"),
            ("src/unheard_of.rs", ""),
            ("src/plane/mod.rs", "pub mod data;\npub mod net;\n"),
            ("src/plane/data.rs", "use super::net;\nuse super::super::engine;\nuse crate::plane::net::Net;\n"),
            ("src/plane/net/mod.rs", "use super::data;\nuse crate::plane::{data, net};\n"),
            ("src/plane/net/layer.rs", "use super::super::data;\nuse super::data;\n"),
        ]),
    );
    let wrong = [
        "src/error.rs:6: error imports json, which stands above it",
        "src/lanes/mod.rs:1: lanes imports engine, which stands above it",
        "src/lanes/wasm.rs:1: unheard_of has no place",
        "src/engine.rs:2: engine imports plane/net, which stands above it",
        "src/plane/data.rs:3: plane/data imports plane/net, which stands above it",
        "src/plane/data.rs:2: plane/data imports engine, which stands above it",
        "src/plane/data.rs:1: plane/data imports plane/net, which stands above it",
    ];
    assert_eq!(upward("src/", &order, &imports), wrong);
    let within = ["src/plane/net/mod.rs:2", "src/plane/net/mod.rs:1", "src/plane/net/layer.rs:1"];
    let from_net = imports.iter().filter(|import| import.from == "src/plane/net");
    assert_eq!(
        from_net.map(|import| (&*import.place, &*import.to)).collect::<Vec<_>>(),
        within.map(|place| (place, "src/plane/data"))
    );
}

#[test]
fn circles_are_found_in_rust() {
    let files = written(&[
        ("src/error.rs", "use crate::json;\n"),
        ("src/json.rs", "\nuse super::error;\n"),
        ("src/sort.rs", "use crate::json;\n"),
    ]);
    let circle = [
        "src/error.rs:1: src/error and src/json are in a circle",
        "src/json.rs:2: src/json and src/error are in a circle",
    ];
    assert_eq!(circles(&imports_of_rust("src/", &[], &files)), circle);
    // And among the parts of a part.
    let files = written(&[
        ("src/command/mod.rs", "mod json;\nmod sort;\n"),
        ("src/command/json.rs", "use crate::command::sort;\nuse crate::error;\n"),
        ("src/command/sort.rs", "use super::json;\nuse crate::json;\n"),
    ]);
    let circle = [
        "src/command/json.rs:1: src/command/json and src/command/sort are in a circle",
        "src/command/sort.rs:1: src/command/sort and src/command/json are in a circle",
    ];
    assert_eq!(circles(&imports_of_rust("src/command/", &[], &files)), circle);
}

#[test]
fn what_goes_up_is_found_in_typescript() {
    let imports = imports_of_typescript(&written(&[
        ("www/main.ts", "import './engine/a.js';\n"),
        ("www/engine/a.ts", "import type {\n  B,\n} from './b.js';\nimport worker from './worker.ts?worker&url';\n"),
        ("www/engine/b.ts", "export const b = () => import('../engine/c.js');\n"),
        ("www/engine/c.ts", "import { a } from './a.js';\nimport 'lit';\n"),
        ("www/engine/worker.ts", "import type { State } from '../state/state.js';\n"),
        ("www/state/state.ts", "import type { View } from '../plane/drawing/view.js';\n"),
        ("www/plane/drawing/view.ts", "import { look } from '../look.js';\n"),
        ("www/plane/look.ts", "import '../state/state.js';\nimport './drawing/view.js';\n"),
    ]));
    let wrong = [
        "www/engine/worker.ts:1: engine imports state, which stands above it",
        "www/plane/drawing/view.ts:1: plane/drawing imports plane/look, which stands above it",
    ];
    assert_eq!(upward("www/", &["engine", "plane/drawing", "state", "plane/look", "main"], &imports), wrong);
    let circle = [
        "www/engine/a.ts:3: www/engine/a.ts and www/engine/b.ts are in a circle",
        "www/engine/b.ts:1: www/engine/b.ts and www/engine/c.ts are in a circle",
        "www/engine/c.ts:1: www/engine/c.ts and www/engine/a.ts are in a circle",
    ];
    assert_eq!(circles(&imports[..5]), circle);
}
