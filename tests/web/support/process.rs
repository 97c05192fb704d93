//! The real binary, as an operator runs it: its environment, its log, its end.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::iter;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use emulated_tenant::{Options, Tenant};
use tempfile::TempDir;
use url::Url;

use super::{Browser, built, canary};

pub(crate) const SEALING_KEY: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
/// How long a process may take for what it does at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running portal. It is killed when the test ends.
pub(crate) struct Process {
    pub(crate) portal: Url,
    pub(crate) admin: Url,
    tenant: Tenant,
    child: Child,
    output: Arc<Mutex<String>>,
    lines: Receiver<String>,
    unread: Arc<AtomicBool>,
    directory: TempDir,
}

impl Process {
    /// Starts the portal for this tenant and waits until it listens.
    pub(crate) fn start(tenant: &Tenant, changed: &[(&str, &str)]) -> Self {
        Self::begin(free_address(), &[], tenant, changed)
    }

    /// The same at an address where one may have run before.
    pub(crate) fn start_at(portal: Url, tenant: &Tenant, changed: &[(&str, &str)]) -> Self {
        Self::begin(portal, &[], tenant, changed)
    }

    /// The same under another program, which must become the portal.
    pub(crate) fn start_under(wrapper: &[&str], tenant: &Tenant, changed: &[(&str, &str)]) -> Self {
        Self::begin(free_address(), wrapper, tenant, changed)
    }

    fn begin(portal: Url, wrapper: &[&str], tenant: &Tenant, changed: &[(&str, &str)]) -> Self {
        let directory = in_memory();
        let admin = free_address();
        let listen = |url: &Url| format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let mut command = command("serve", tenant, directory.path());
        command.env("APP_BASE_URL", portal.as_str()).env("LISTEN", listen(&portal));
        // The tests of the audit stream turn it on; the others read the log alone.
        command
            .env("ADMIN_LISTEN", listen(&admin))
            .env("AUDIT_LOG", "/dev/null")
            .envs(changed.iter().copied());
        allow(tenant, &portal);
        let mut child = under(wrapper, &command).spawn().unwrap();
        let output = Arc::new(Mutex::new(String::new()));
        let (sender, lines) = channel();
        let unread = Arc::new(AtomicBool::new(false));
        let streams: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let (output, sender, unread) = (output.clone(), sender.clone(), unread.clone());
            thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    while unread.load(Ordering::SeqCst) {
                        thread::sleep(Duration::from_millis(5));
                    }
                    *output.lock().unwrap() += &[line.as_str(), "\n"].concat();
                    // Nobody waits for a line any more once the test is over.
                    let _ = sender.send(line);
                }
            });
        }
        let tenant = tenant.clone();
        let process = Self { portal, admin, tenant, child, output, lines, unread, directory };
        process.says("serving ");
        process
    }

    /// Waits for a line of the log that holds this; gives it.
    pub(crate) fn says(&self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("never said «{text}»:\n{}", self.output()));
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Everything written to both streams so far.
    pub(crate) fn output(&self) -> String {
        self.output.lock().unwrap().clone()
    }

    /// Until this is dropped nobody reads what it writes.
    pub(crate) fn unread(&self) -> Unread {
        self.unread.store(true, Ordering::SeqCst);
        Unread(self.unread.clone())
    }

    /// Where the default store is kept.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The contents of every file that it has written.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let entries = fs::read_dir(self.directory.path()).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }

    pub(crate) fn browser(&self, tenant: &Tenant) -> Browser {
        Browser::at(&self.portal, tenant)
    }

    /// Its number among the processes.
    pub(crate) fn id(&self) -> String {
        self.child.id().to_string()
    }

    /// Sends a signal, such as TERM.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.id();
        assert!(Command::new("kill").args([format!("-{name}"), id]).status().unwrap().success());
    }

    /// The most memory it has held so far (`VmHWM`), in bytes.
    pub(crate) fn most_memory(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
    }

    /// Ends it between two instructions (SIGKILL).
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    pub(crate) fn end(&mut self) -> ExitStatus {
        for _ in 0..PATIENCE.as_millis() / 20 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not end:\n{}", self.output())
    }
}

/// While this lives, nobody reads what a process writes.
pub(crate) struct Unread(Arc<AtomicBool>);

impl Drop for Unread {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        canary::check_written(&self.tenant, "the log", self.output().as_bytes());
        for (path, bytes) in self.files() {
            canary::check_written(&self.tenant, &path.display().to_string(), &bytes);
        }
    }
}

/// Starts the portal with these settings changed (an empty one is taken away) and expects it to give up at once; gives
/// the exit code and what it said.
pub(crate) fn refused(changed: &[(&str, &str)]) -> (i32, String) {
    refused_under(&[], changed)
}

/// The same under another program.
pub(crate) fn refused_under(wrapper: &[&str], changed: &[(&str, &str)]) -> (i32, String) {
    let directory = tempfile::tempdir().unwrap();
    let mut command = bare("serve", directory.path());
    command.env("AUTH0_DOMAIN", "example.eu.auth0.com").env("AUTH0_CLIENT_ID", "mfa-portal");
    command.env("AUTH0_CLIENT_SECRET", "a secret").env("AUTH0_SECRET", SEALING_KEY);
    command.env("APP_BASE_URL", "http://127.0.0.1:3000").env("LISTEN", "127.0.0.1:0");
    command.env("ADMIN_LISTEN", "127.0.0.1:0");
    for (name, value) in changed {
        if value.is_empty() {
            command.env_remove(name)
        } else {
            command.env(name, value)
        };
    }
    // A portal that is not refused would serve for ever.
    let output = under(&[&["timeout", "20"], wrapper].concat(), &command).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

/// A tenant on this machine's own clock.
pub(crate) async fn tenant() -> Tenant {
    Tenant::start(Options::default()).await.unwrap()
}

/// Lets people come back from the tenant to a portal with this public address.
pub(crate) fn allow(tenant: &Tenant, portal: &Url) {
    let at = |path: &str| portal.join(path).unwrap().to_string();
    tenant.configure(|settings| {
        settings.callback_urls.push(at("callback"));
        settings.logout_urls.push(at("signed-out"));
    });
}

/// A command of the portal with the settings that this tenant needs.
pub(crate) fn command(name: &str, tenant: &Tenant, directory: &Path) -> Command {
    let application = tenant.settings();
    let mut command = bare(name, directory);
    command.env("AUTH0_DOMAIN", tenant.url().as_str().trim_end_matches('/'));
    command.env("AUTH0_CLIENT_ID", application.client_id);
    command.env("AUTH0_CLIENT_SECRET", application.client_secret).env("AUTH0_SECRET", SEALING_KEY);
    command
}

/// The binary with an empty environment, in a directory of its own.
pub(crate) fn bare(argument: &str, directory: &Path) -> Command {
    let mut command = Command::new(binary());
    command.arg(argument).env_clear().current_dir(directory);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The same command run by another program.
fn under(wrapper: &[&str], command: &Command) -> Command {
    let mut words = wrapper.iter().map(OsStr::new).chain([command.get_program()]).chain(command.get_args());
    let mut outer = Command::new(words.next().unwrap());
    outer.args(words).env_clear().current_dir(command.get_current_dir().unwrap());
    outer.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    outer.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    outer
}

/// The binary, which must be what the sources say.
pub(crate) fn binary() -> &'static Path {
    static BINARY: LazyLock<Result<PathBuf, String>> = LazyLock::new(built::portal);
    BINARY.as_deref().unwrap_or_else(|problem| panic!("{problem}"))
}

/// A directory in memory. On a disk, SQLite waits while the system writes back what a build has left, and the portal
/// would only report a store timeout. A kill loses no written data on either.
pub(crate) fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Lets a command run to its end while the tenant goes on answering; gives the exit code and both streams. A portal that
/// serves where it should have given up is killed.
pub(crate) async fn finished(command: Command) -> (i32, String) {
    let name = format!("{command:?}");
    let output = tokio::process::Command::from(command).kill_on_drop(true).output();
    let output = tokio::time::timeout(3 * PATIENCE, output).await;
    let output = output.unwrap_or_else(|_| panic!("it does not end: {name}")).unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

/// An address that is free now and that no other test of this run is given, because a process listens only a while
/// later. It lies below the ports that the system gives to outgoing connections, so that none of those takes it while a
/// process is down.
pub(crate) fn free_address() -> Url {
    static TAKEN: LazyLock<AtomicU16> = LazyLock::new(|| AtomicU16::new(fastrand::u16(..)));
    let next = || 20_000 + TAKEN.fetch_add(1, Ordering::SeqCst) % 12_000;
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let port = iter::repeat_with(next).find(free).unwrap();
    Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap()
}
