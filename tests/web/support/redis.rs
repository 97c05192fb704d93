//! A redis-server for one test, on a free port; it ends with the test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, Once};
use std::thread;
use std::time::Duration;

use redis::{Connection, FromRedisValue};
use tempfile::TempDir;

/// How long the server may take to start and to connect.
const PATIENCE: Duration = Duration::from_secs(20);
const STEP: Duration = Duration::from_millis(10);

/// A redis-server that can be stopped and started again on the same port and directory.
pub(crate) struct Redis {
    pub(crate) port: u16,
    tls_port: Option<u16>,
    directory: TempDir,
    options: Vec<String>,
    child: Mutex<Option<Child>>,
}

impl Redis {
    /// `None`, with a warning on stderr, when no redis-server is installed. `tests/run` fails without one.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(|_| Vec::new())
    }

    /// The same with further options, made from the server's directory.
    pub(crate) fn start_with(options: impl Fn(&Path) -> Vec<String>) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::start_at(port, None, options)
    }

    /// The same on this port, and on one with TLS.
    pub(crate) fn start_at(
        port: u16,
        tls_port: Option<u16>,
        options: impl Fn(&Path) -> Vec<String>,
    ) -> Option<Self> {
        static SAID: Once = Once::new();
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            SAID.call_once(|| {
                let words = "\n*** redis-server is not installed: the tests with redis:// DO NOT RUN. ***\n\
                             *** Debian: apt-get install redis-server. tests/run fails without it.  ***\n\n";
                // The test runner hides eprintln! when a test passes.
                std::io::stderr().write_all(words.as_bytes()).unwrap();
            });
            return None;
        }
        let directory = tempfile::tempdir().unwrap();
        let mut options = options(directory.path());
        options.extend(tls_port.into_iter().flat_map(|port| ["--tls-port".to_owned(), port.to_string()]));
        let redis = Self { port, tls_port, directory, options, child: Mutex::default() };
        redis.again();
        Some(redis)
    }

    /// The port that other servers and clients use.
    pub(crate) fn public_port(&self) -> u16 {
        self.tls_port.unwrap_or(self.port)
    }

    /// The value for SESSION_STORE.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts the server with its options and the data that it has saved.
    pub(crate) fn again(&self) {
        self.run(&self.options.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// The same with other options.
    pub(crate) fn run(&self, options: &[&str]) {
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--port", &self.port.to_string(), "--save", ""]);
        command.args(["--dir", self.directory.path().to_str().unwrap()]).args(options);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        *self.child.lock().unwrap() = Some(child);
        let ready = || {
            self.try_to_connect().is_ok_and(|mut connection| redis::cmd("PING").exec(&mut connection).is_ok())
        };
        for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
            if ready() {
                return;
            }
            thread::sleep(STEP);
        }
        panic!("redis-server does not answer on port {}", self.port);
    }

    /// Kills the server; unsaved data is lost.
    pub(crate) fn stop(&self) {
        if let Some(mut child) = self.child.lock().unwrap().take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub(crate) fn is_up(&self) -> bool {
        self.child.lock().unwrap().is_some()
    }

    /// Sends a signal, such as STOP or CONT.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.lock().unwrap().as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([format!("-{name}"), id]).status().unwrap().success());
    }

    /// Sends a command and returns the server's answer.
    pub(crate) fn ask<T: FromRedisValue>(&self, command: &str) -> T {
        self.try_ask(command).unwrap()
    }

    /// The same of a server that may not answer.
    pub(crate) fn try_ask<T: FromRedisValue>(&self, command: &str) -> redis::RedisResult<T> {
        let mut words = command.split(' ');
        let mut command = redis::cmd(words.next().unwrap());
        words.for_each(|word| {
            command.arg(word);
        });
        command.query(&mut self.try_to_connect()?)
    }

    pub(crate) fn connect(&self) -> Connection {
        self.try_to_connect().unwrap()
    }

    /// Records every command that any client sends, until one contains "the-end" (MONITOR).
    pub(crate) fn watch(&self) -> Receiver<String> {
        let (said, watched) = channel();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(b"MONITOR\r\n").unwrap();
        let mut lines = BufReader::new(stream).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "+OK");
        thread::spawn(move || {
            let until = lines.map_while(Result::ok).take_while(|line| !line.contains("the-end"));
            // The receiver is gone when the test has ended.
            let _ = said.send(until.collect::<Vec<_>>().join("\n"));
        });
        watched
    }

    /// The directory that the server saves its data in.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    fn try_to_connect(&self) -> redis::RedisResult<Connection> {
        redis::Client::open(self.url())?.get_connection_with_timeout(PATIENCE)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}
