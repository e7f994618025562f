//! Serves dist/ on this machine's own address only, by Vite's preview server.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::Child,
    thread,
    time::Duration,
};

use crate::{
    failure::{Failure, Result},
    node,
    paths::Paths,
};

pub const DEFAULT_PORT: u16 = 8380;

/// Asks whether a port is free, before the long steps.
pub fn check(port: u16) -> Result<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop).map_err(|error| {
        let next = port.checked_add(1).unwrap_or(DEFAULT_PORT);
        Failure::new(format!("port {port} of 127.0.0.1 cannot be used: {error}"))
            .advise(format!("stop what uses it, or choose another: `cargo xtask serve --port {next}`."))
    })
}

/// Serves until the process ends.
pub fn run(paths: &Paths, port: u16, open: bool) -> Result<()> {
    let failed = |error: std::io::Error| Failure::new(format!("the server could not start: {error}"));
    let mut command = node::npx(paths, "vite");
    command.args([
        "preview",
        "--host",
        "127.0.0.1",
        "--strictPort",
        "--logLevel",
        "error",
        "--port",
        &port.to_string(),
    ]);
    if open {
        command.arg("--open");
    }
    let mut server = command.spawn().map_err(failed)?;
    if answers(&mut server, port) {
        println!("\nServing the playground at http://127.0.0.1:{port}/  (Ctrl+C stops it)");
    }
    let status = server.wait().map_err(failed)?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("the server stopped: {status}"))) }
}

/// Waits until it takes connections; false if it ended before.
fn answers(server: &mut Child, port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    while matches!(server.try_wait(), Ok(None)) {
        if TcpStream::connect(address).is_ok() {
            return true;
        }
        thread::sleep(Duration::from_millis(100));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_reported_with_advice() {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        let failure = check(port).unwrap_err().to_string();
        assert!(failure.contains("--port"), "{failure}");
    }
}
