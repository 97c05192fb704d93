//! A program under measure: where it listens, the processor time and the memory it has taken. Dropping it kills it.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tokio::net::TcpStream;
use tokio::time::sleep;
use url::Url;

const START_TIMEOUT: Duration = Duration::from_secs(20);
pub(super) const START_POLL: Duration = Duration::from_millis(1);

/// A running program.
pub(super) struct Process {
    pub(super) address: SocketAddr,
    child: Child,
    log: PathBuf,
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail if the process has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    /// Starts a program that will listen on `address`, with its output in `log`.
    pub(super) fn spawn(mut command: Command, address: SocketAddr, log: &Path) -> anyhow::Result<Self> {
        let (out, err) = (File::create(log)?, File::options().append(true).open(log)?);
        let child = command.stdin(Stdio::null()).stdout(out).stderr(err).spawn();
        let child = child.with_context(|| format!("cannot start {}", command.get_program().display()))?;
        Ok(Self { address, child, log: log.to_owned() })
    }

    /// The same, and waits until it accepts connections.
    pub(super) async fn start(command: Command, address: SocketAddr, log: &Path) -> anyhow::Result<Self> {
        let mut process = Self::spawn(command, address, log)?;
        let began = Instant::now();
        while TcpStream::connect(address).await.is_err() {
            process.ensure_it_lives(began)?;
            sleep(START_POLL).await;
        }
        Ok(process)
    }

    /// An error when it has ended, or began too long ago.
    pub(super) fn ensure_it_lives(&mut self, began: Instant) -> anyhow::Result<()> {
        if began.elapsed() > START_TIMEOUT || self.child.try_wait()?.is_some() {
            bail!("a program does not start: {}", std::fs::read_to_string(&self.log).unwrap_or_default());
        }
        Ok(())
    }

    /// Another role of this program.
    pub(super) fn role(name: &str, address: SocketAddr) -> anyhow::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([name, "--listen", &address.to_string()]);
        Ok(command)
    }

    /// The URL of its root.
    pub(super) fn url(&self) -> anyhow::Result<Url> {
        Ok(Url::parse(&format!("http://{}/", self.address))?)
    }

    /// The processor time that it has taken, all threads together and its children with it.
    pub(super) fn cpu(&self) -> anyhow::Result<Duration> {
        let mut ticks = 0;
        for process in self.family()? {
            let stat = process.stat()?;
            ticks += stat.utime + stat.stime;
        }
        #[expect(clippy::cast_precision_loss, reason = "a run takes seconds")]
        Ok(Duration::from_secs_f64(ticks as f64 / procfs::ticks_per_second() as f64))
    }

    /// The memory that it holds, in MB.
    pub(super) fn memory(&self) -> anyhow::Result<f64> {
        self.status(|status| status.vmrss)
    }

    /// The most memory that it has ever held, in MB.
    pub(super) fn peak(&self) -> anyhow::Result<f64> {
        self.status(|status| status.vmhwm)
    }

    fn status(&self, kilobytes: fn(&procfs::process::Status) -> Option<u64>) -> anyhow::Result<f64> {
        let mut sum = 0;
        for process in self.family()? {
            sum += kilobytes(&process.status()?).unwrap_or_default();
        }
        #[expect(clippy::cast_precision_loss, reason = "memory is less than 2^52 kB")]
        Ok(sum as f64 / 1024.0)
    }

    /// The process and its children, which do a peer's work.
    fn family(&self) -> anyhow::Result<Vec<procfs::process::Process>> {
        let id = i32::try_from(self.child.id())?;
        let of = |id| procfs::process::Process::new(id);
        let parent = of(id)?;
        // A kernel may be built without lists of children.
        let children = parent.tasks()?.flatten().flat_map(|task| task.children().unwrap_or_default());
        let children: Vec<_> = children.filter_map(|child| of(i32::try_from(child).ok()?).ok()).collect();
        Ok(std::iter::once(parent).chain(children).collect())
    }
}

/// An address of loopback on which nobody listens. Its port is none that the system gives to others in the meantime.
pub(super) fn free_address() -> anyhow::Result<SocketAddr> {
    for _ in 0..100 {
        let address = SocketAddr::from(([127, 0, 0, 1], fastrand::u16(20_000..32_000)));
        if TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
    bail!("no port is free")
}
