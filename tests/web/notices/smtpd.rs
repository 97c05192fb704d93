//! aiosmtpd from PyPI, a mail server that shares no code with the portal, in a process of its own (smtpd.py).

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Once;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::docs::file;
use crate::support::tls::Certified;

/// How long it may take for what it does at once.
const PATIENCE: Duration = Duration::from_secs(20);
pub(crate) const USER: &str = "mfa-portal@northwind.example";
pub(crate) const PASSWORD: &str = "p@ss/word:1";

/// The way to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// On loopback, without TLS.
    Plain,
    /// Like a server elsewhere, which offers no TLS.
    PlainElsewhere,
    /// STARTTLS and a password.
    StartTls,
    /// TLS from the beginning, and a password.
    Tls,
}

/// A mail server of its own; it ends with the test.
pub(crate) struct Smtpd {
    child: Child,
    orders: ChildStdin,
    said: Receiver<Value>,
    way: Way,
    port: u64,
    certified: TempDir,
}

impl Smtpd {
    /// `None`, with a warning on stderr, when Python is not installed. `tests/run` fails without it.
    pub(crate) fn start(way: Way) -> Option<Self> {
        static SAID: Once = Once::new();
        if Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_err() {
            SAID.call_once(|| {
                let words = "\n*** python3 is not installed: the tests with a real mail server DO NOT RUN. ***\n\
                             *** Debian: apt-get install python3-venv. tests/run fails without it.      ***\n\n";
                // The test runner hides eprintln! when a test passes.
                std::io::stderr().write_all(words.as_bytes()).unwrap();
            });
            return None;
        }
        let python = file("target/aiosmtpd/bin/python");
        assert!(python.exists(), "aiosmtpd is missing. Install it: tests/mail-server");
        let certified = tempfile::tempdir().unwrap();
        let mut command = Command::new(python);
        command.arg(file("tests/web/notices/smtpd.py")).arg("127.0.0.1");
        match way {
            Way::Plain | Way::PlainElsewhere => command.arg("plain"),
            Way::StartTls | Way::Tls => {
                let at = |name: &str| certified.path().join(name);
                let Certified { certificate, key, ca } = Certified::new(&[host(way)]);
                for (name, pem) in [("certificate", certificate), ("key", key), ("ca", ca)] {
                    std::fs::write(at(name), pem).unwrap();
                }
                command.arg(if way == Way::Tls { "tls" } else { "starttls" });
                command.args([at("certificate"), at("key")]).args([USER, PASSWORD])
            }
        };
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (orders, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, said) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Nobody waits for a line any more once the test is over.
                let _ = sender.send(serde_json::from_str(&line).unwrap());
            }
        });
        let mut server = Self { child, orders, said, way, port: 0, certified };
        server.port = server.says()["port"].as_u64().unwrap();
        Some(server)
    }

    /// The value for SMTP_URL, with this password if one is asked for.
    pub(crate) fn url(&self, password: &str) -> String {
        let encoded = |text: &str| text.replace('@', "%40").replace('/', "%2F").replace(':', "%3A");
        let (host, port) = (host(self.way), self.port);
        let login = format!("{}:{}@", encoded(USER), encoded(password));
        match self.way {
            Way::Plain | Way::PlainElsewhere => format!("smtp://{host}:{port}"),
            Way::StartTls => format!("smtp://{login}{host}:{port}"),
            Way::Tls => format!("smtps://{login}{host}:{port}"),
        }
    }

    /// The file with the certificate of the server's CA, if it has one.
    pub(crate) fn ca(&self) -> Option<String> {
        let file = self.certified.path().join("ca");
        file.exists().then(|| file.to_str().unwrap().to_owned())
    }

    /// Sets the fate of a mail to come (smtpd.py).
    pub(crate) fn expects(&mut self, fate: &str) {
        writeln!(self.orders, "{fate}").unwrap();
        assert!(self.says()["noted"].is_u64());
    }

    /// Waits for the next mail.
    pub(crate) fn mail(&self) -> Value {
        self.says()
    }

    /// The mails that nobody has waited for yet.
    pub(crate) fn mails(&self) -> Vec<Value> {
        self.said.try_iter().collect()
    }

    fn says(&self) -> Value {
        self.said.recv_timeout(PATIENCE).unwrap()
    }
}

impl Drop for Smtpd {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The name of the server. Linux connects the unspecified address to this machine, and the portal takes it for another.
fn host(way: Way) -> &'static str {
    match way {
        Way::Plain => "127.0.0.1",
        Way::PlainElsewhere | Way::StartTls => "0.0.0.0",
        Way::Tls => "localhost",
    }
}
