//! A static server for dist/, on this machine's own address only.

use std::{
    fs::File,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use tiny_http::{Header, Method, Request, Response, Server};

use crate::failure::{Failure, Result};

pub const DEFAULT_PORT: u16 = 8380;
const WORKERS: usize = 4;

/// Takes the port; done before the long steps so that a port in use is known at once.
pub fn bind(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        let next = port.checked_add(1).unwrap_or(DEFAULT_PORT);
        Failure::new(format!("port {port} of 127.0.0.1 cannot be used: {error}"))
            .advise(format!("stop what uses it, or choose another: `cargo xtask serve --port {next}`."))
    })
}

/// Serves a folder until the process ends.
pub fn run(listener: TcpListener, folder: &Path, open: bool) -> Result<()> {
    let port = listener.local_addr().map_or(DEFAULT_PORT, |address| address.port());
    let address = format!("http://127.0.0.1:{port}/");
    let server = Server::from_listener(listener, None)
        .map_err(|error| Failure::new(format!("the server could not start: {error}")))?;
    println!("\nServing the playground at {address}  (Ctrl+C stops it)");
    if open {
        open_browser(&address);
    }
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Ok(request) = server.recv() {
                    // A client that went away is no concern of ours.
                    _ = answer(request, folder);
                }
            });
        }
    });
    Ok(())
}

fn answer(request: Request, folder: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(plain("only GET and HEAD", 405));
    }
    let Some(path) = locate(folder, request.url()) else {
        return request.respond(plain("not found", 404));
    };
    let Ok(file) = File::open(&path) else {
        return request.respond(plain("not found", 404));
    };
    let response = Response::from_file(file)
        .with_header(header("Content-Type", mime(&path)))
        // A rebuilt page shows at the next reload.
        .with_header(header("Cache-Control", "no-cache"))
        // A frame with sandbox="allow-scripts" has no origin, and reads everything as another's; so do posts on other hosts.
        .with_header(header("Access-Control-Allow-Origin", "*"))
        .with_header(header("X-Content-Type-Options", "nosniff"));
    request.respond(response)
}

fn plain(text: &str, status: u16) -> Response<std::io::Cursor<Vec<u8>>> {
    Response::from_string(text).with_status_code(status)
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("our headers are plain ASCII")
}

/// The file that an address means; nothing outside the folder, whatever the address says.
fn locate(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = decode(url.split(['?', '#']).next()?)?;
    let mut file = folder.to_path_buf();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        if segment.starts_with('.') || segment.contains(['\\', ':', '\0']) {
            return None;
        }
        file.push(segment);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    file.is_file().then_some(file)
}

/// Undoes percent encoding.
fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let value = digit(bytes.next()?)? * 16 + digit(bytes.next()?)?;
            decoded.push(u8::try_from(value).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).ok()
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" | "wgsl" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

fn open_browser(address: &str) {
    let (program, arguments): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let started = Command::new(program)
        .args(arguments)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        println!("No browser could be opened from here: open the address yourself.");
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpStream,
    };

    use super::*;

    #[test]
    fn wasm_has_the_type_that_streaming_needs() {
        assert_eq!(mime(Path::new("a/b.wasm")), "application/wasm");
        assert_eq!(mime(Path::new("a.js")), "text/javascript; charset=utf-8");
        assert_eq!(mime(Path::new("weights.safetensors")), "application/octet-stream");
    }

    #[test]
    fn addresses_stay_inside_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(locate(folder, "/Cargo.toml?x=1"), Some(folder.join("Cargo.toml")));
        assert_eq!(locate(folder, "/src/%6dain.rs"), Some(folder.join("src/main.rs")));
        for outside in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/src/..%2f..%2fCargo.toml", "/%", "/missing"] {
            assert_eq!(locate(folder, outside), None, "{outside}");
        }
    }

    #[test]
    fn files_are_for_frames_without_an_origin_too() {
        let listener = bind(0).unwrap();
        let address = listener.local_addr().unwrap();
        // Ends with the test's process.
        thread::spawn(move || run(listener, Path::new(env!("CARGO_MANIFEST_DIR")), false));
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /Cargo.toml HTTP/1.0\r\n\r\n").unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert!(reply.starts_with("HTTP/1.0 200"), "{reply}");
        assert!(reply.contains("Access-Control-Allow-Origin: *\r\n"), "{reply}");
    }

    #[test]
    fn a_port_in_use_is_reported_with_advice() {
        let first = bind(0).unwrap();
        let port = first.local_addr().unwrap().port();
        let failure = bind(port).unwrap_err().to_string();
        assert!(failure.contains("--port"), "{failure}");
    }
}
