//! A redis-server of its own for a test, on a free port; it ends with the test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use redis::{Connection, FromRedisValue};
use tempfile::TempDir;

/// How long the server may take for what it does at once.
const PATIENCE: Duration = Duration::from_secs(20);
const STEP: Duration = Duration::from_millis(10);

/// A running redis-server, which can be stopped and started again at the same place.
pub(crate) struct Redis {
    pub(crate) port: u16,
    directory: TempDir,
    child: Option<Child>,
}

impl Redis {
    /// `None`, with loud words, where no redis-server is installed. tests/run does not go on without one.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(|_| Vec::new())
    }

    /// The same with further options, which may name files in its directory.
    pub(crate) fn start_with(options: impl Fn(&Path) -> Vec<String>) -> Option<Self> {
        static SAID: Once = Once::new();
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            SAID.call_once(|| {
                let words = "\n*** redis-server is not installed: the tests with redis:// DO NOT RUN. ***\n\
                             *** Debian: apt-get install redis-server. tests/run fails without it.  ***\n\n";
                // Not eprintln!, whose words a passing test swallows.
                std::io::stderr().write_all(words.as_bytes()).unwrap();
            });
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut redis = Self { port, directory: tempfile::tempdir().unwrap(), child: None };
        let options = options(redis.directory());
        redis.run(&options.iter().map(String::as_str).collect::<Vec<_>>());
        Some(redis)
    }

    /// What SESSION_STORE says.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts the stopped server, with what it has written to its disk.
    pub(crate) fn run(&mut self, options: &[&str]) {
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--port", &self.port.to_string(), "--save", ""]);
        command.args(["--dir", self.directory.path().to_str().unwrap()]).args(options);
        self.child = Some(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap());
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

    /// Kills the server. What was not saved is lost.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Sends a signal, such as STOP or CONT.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([format!("-{name}"), id]).status().unwrap().success());
    }

    /// What the server answers to a command.
    pub(crate) fn ask<T: FromRedisValue>(&self, command: &str) -> T {
        let mut words = command.split(' ');
        let mut command = redis::cmd(words.next().unwrap());
        words.for_each(|word| {
            command.arg(word);
        });
        command.query(&mut self.connect()).unwrap()
    }

    pub(crate) fn connect(&self) -> Connection {
        self.try_to_connect().unwrap()
    }

    /// Everything that anybody says to it from now on, given when somebody has said "the-end".
    pub(crate) fn watch(&self) -> Receiver<String> {
        let (said, watched) = channel();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(b"MONITOR\r\n").unwrap();
        let mut lines = BufReader::new(stream).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "+OK");
        thread::spawn(move || {
            let until = lines.map_while(Result::ok).take_while(|line| !line.contains("the-end"));
            // The test may be over.
            let _ = said.send(until.collect::<Vec<_>>().join("\n"));
        });
        watched
    }

    /// Where it writes what it saves.
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
