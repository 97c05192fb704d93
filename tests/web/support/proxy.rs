//! Debian's nginx and Caddy on a free port in front of a portal, configured with the documented lines.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use url::Url;

/// How long a proxy may take to listen.
const PATIENCE: Duration = Duration::from_secs(20);
const STEP: Duration = Duration::from_millis(10);

/// A running proxy; it ends with the test.
pub(crate) struct Proxy {
    child: Child,
    _directory: TempDir,
}

impl Proxy {
    /// nginx with these lines in its `server`; `None`, with a warning on stderr, when it is not installed.
    pub(crate) fn nginx(at: &Url, lines: &str) -> Option<Self> {
        is_installed("nginx", "nginx-light", "-v")?;
        let directory = tempfile::tempdir().unwrap();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {}/{kind};", directory.path().display()));
        let configuration = format!(
            "daemon off; master_process off; pid {0}/pid; error_log stderr; events {{}}\n\
             http {{ access_log off; proxy_cache_path {0}/kept keys_zone=pages:1m; {1} server {{ listen {2}; {lines} location / {{ return 200 'the portal'; }} }} }}\n",
            directory.path().display(),
            temporary.join(" "),
            listen(at)
        );
        let mut command = Command::new("nginx");
        command.args(["-e", "stderr", "-c"]).arg(written(&directory, "nginx.conf", &configuration));
        Some(Self::started(command, at, directory))
    }

    /// Caddy with these lines in its site block; `None` as above.
    pub(crate) fn caddy(at: &Url, lines: &str) -> Option<Self> {
        let rest = "handle {\n respond \"the portal\"\n}";
        Self::caddy_file(at, &format!("{{$SITE_ADDRESS}} {{\n{lines}\n{rest}\n}}\n"))
    }

    /// Caddy with this file, whose variable SITE_ADDRESS is the address; `None` as above.
    pub(crate) fn caddy_file(at: &Url, file: &str) -> Option<Self> {
        is_installed("caddy", "caddy", "version")?;
        let directory = tempfile::tempdir().unwrap();
        let configuration = format!("{{\n admin off\n}}\n{file}");
        let mut command = Command::new("caddy");
        command.env("SITE_ADDRESS", format!("http://{}", listen(at)));
        command.args(["run", "--adapter", "caddyfile", "--config"]);
        command.arg(written(&directory, "Caddyfile", &configuration));
        command.env("HOME", directory.path());
        Some(Self::started(command, at, directory))
    }

    fn started(mut command: Command, at: &Url, directory: TempDir) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let proxy = Self { child, _directory: directory };
        for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
            if TcpStream::connect(listen(at)).is_ok() {
                return proxy;
            }
            thread::sleep(STEP);
        }
        panic!("no proxy listens at {at}");
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn listen(at: &Url) -> String {
    format!("{}:{}", at.host_str().unwrap(), at.port().unwrap())
}

fn written(directory: &TempDir, name: &str, text: &str) -> std::path::PathBuf {
    let path = directory.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

fn is_installed(program: &str, package: &str, flag: &str) -> Option<()> {
    let installed =
        Command::new(program).arg(flag).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !installed {
        let words = format!(
            "\n*** {program} is not installed: a test DOES NOT RUN. ***\n\
             *** Debian: apt-get install {package}. tests/run fails without it. ***\n\n"
        );
        // The test runner hides eprintln! when a test passes.
        std::io::stderr().write_all(words.as_bytes()).unwrap();
    }
    installed.then_some(())
}
