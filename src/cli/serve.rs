//! `petrel run --serve`: the live state of the program over HTTP, on the loopback interface.
//!
//! ```text
//! engine ─events─▶ Live (behind a lock) ◀─ server thread ◀─ GET /          the page
//!                                                           GET /api/state numbers, queue, rates
//!                                                           GET /api/code  pieces of code and their states
//! ```
//!
//! Small on purpose: GET only, one request per connection, no dependencies. Addresses that are not loopback are refused:
//! whoever can ask can see source positions.

use super::Failure;
use petrel::events::Subscriber;
use petrel::observe::live::Live;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Where the page is served if nothing else is said: port 0 is any free one.
const DEFAULT: &str = "127.0.0.1:0";
/// Bytes of a request that are read at most.
const MAX_REQUEST: u64 = 8 << 10;
const PAGE: &str = include_str!("live.html");

type Shared = Arc<Mutex<Live>>;

fn locked(live: &Mutex<Live>) -> MutexGuard<'_, Live> {
    live.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the server; the subscriber keeps its state. The address is told on standard error.
pub fn start(wanted: &str, program: &str) -> Result<Subscriber, Failure> {
    let wanted = if matches!(wanted, "" | "on") { DEFAULT } else { wanted };
    let address = address(wanted)?;
    let cannot = |error: std::io::Error| Failure::new(format!("cannot serve on {address}: {error}"));
    let listener = TcpListener::bind(address).map_err(cannot)?;
    let bound = listener.local_addr().map_err(cannot)?;
    eprintln!("petrel: live at http://{bound}/ (petrel top {bound})");
    let live: Shared = Arc::new(Mutex::new(Live::new(program)));
    let (served, started) = (live.clone(), Instant::now());
    std::thread::Builder::new()
        .name("petrel-serve".to_string())
        .spawn(move || {
            for stream in listener.incoming().flatten() {
                // A reader that goes away is not the program's problem.
                let _ = answer(stream, &served, started);
            }
        })
        .map_err(cannot)?;
    Ok(Box::new(move |stamped| locked(&live).event(stamped)))
}

/// A port, or an address with one; loopback only.
fn address(text: &str) -> Result<SocketAddr, Failure> {
    let full = if text.parse::<u16>().is_ok() { format!("127.0.0.1:{text}") } else { text.to_string() };
    let found = full.to_socket_addrs().ok().and_then(|mut found| found.next());
    match found {
        Some(address) if address.ip().is_loopback() => Ok(address),
        Some(_) => Err(Failure::Usage(format!("--serve: {text} is not on the loopback interface"))),
        None => {
            Err(Failure::Usage(format!("--serve: '{text}' is neither a port nor an address such as 127.0.0.1:8080")))
        }
    }
}

fn answer(stream: TcpStream, live: &Mutex<Live>, started: Instant) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    stream.set_write_timeout(Some(Duration::from_secs(2)))?;
    let mut reader = BufReader::new(std::io::Read::take(&stream, MAX_REQUEST));
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let now_ns = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
    let mut words = request.split_whitespace();
    let (status, kind, body) = match (words.next(), words.next()) {
        (Some("GET"), Some("/")) => ("200 OK", "text/html; charset=utf-8", PAGE.to_string()),
        (Some("GET"), Some("/api/state")) => ("200 OK", "application/json", locked(live).state(now_ns).to_string()),
        (Some("GET"), Some("/api/code")) => ("200 OK", "application/json", locked(live).code().to_string()),
        (Some("GET"), Some(_)) => ("404 Not Found", "text/plain", "there is /, /api/state and /api/code\n".to_string()),
        (_, _) => ("405 Method Not Allowed", "text/plain", "GET only\n".to_string()),
    };
    let length = body.len();
    write!(
        &stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n{body}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn only_loopback_addresses_are_served() {
        assert_eq!(address("8080").unwrap().port(), 8080);
        assert!(address("127.0.0.1:0").is_ok() && address("[::1]:0").is_ok());
        assert!(matches!(address("0.0.0.0:80"), Err(Failure::Usage(_))));
        assert!(matches!(address("nowhere"), Err(Failure::Usage(_))));
    }

    #[test]
    fn state_and_page_are_answered() {
        let listener = TcpListener::bind(DEFAULT).unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let live = Mutex::new(Live::new("a.js"));
            for _ in 0..3 {
                answer(listener.accept().unwrap().0, &live, Instant::now()).unwrap();
            }
        });
        let ask = |line: &str| {
            let mut stream = TcpStream::connect(address).unwrap();
            write!(stream, "{line} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            text
        };
        let state = ask("GET /api/state");
        assert!(state.starts_with("HTTP/1.1 200 OK"), "{state}");
        let json: serde_json::Value = serde_json::from_str(state.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        assert_eq!(json["program"], "a.js");
        assert!(ask("GET /").contains("<html"));
        assert!(ask("POST /").starts_with("HTTP/1.1 405"));
        server.join().unwrap();
    }
}
