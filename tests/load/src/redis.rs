//! A redis-server of the portal's own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;

use crate::child::KillOnDrop;
use crate::portal::free_address;

/// A running server.
pub(crate) struct Redis {
    pub(crate) address: String,
    child: KillOnDrop,
}

impl Redis {
    /// Starts a server that keeps nothing, in this folder.
    pub(crate) fn start(directory: &Path) -> anyhow::Result<Self> {
        let address = free_address()?;
        let port = address.rsplit(':').next().unwrap_or_default();
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--port", port, "--save", "", "--dir"]).arg(directory);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().context("redis-server")?;
        Ok(Self { address, child: KillOnDrop(child) })
    }

    /// The value for SESSION_STORE.
    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Sends a signal, such as STOP.
    pub(crate) fn signal(&self, name: &str) -> anyhow::Result<()> {
        self.child.signal(name)
    }

    /// The bytes that its data and its connections take.
    pub(crate) fn used_memory(&self) -> anyhow::Result<u64> {
        let mut stream = TcpStream::connect(&self.address)?;
        write!(stream, "INFO memory\r\n")?;
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        let used = lines.find_map(|line| line.strip_prefix("used_memory:")?.trim().parse().ok());
        used.context("Redis does not say how much memory it uses")
    }

    /// Sends a command that Redis answers with OK.
    pub(crate) fn order(&self, command: &str) -> anyhow::Result<()> {
        let mut stream = TcpStream::connect(&self.address)?;
        write!(stream, "{command}\r\n")?;
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer)?;
        anyhow::ensure!(answer.trim() == "+OK", "{command}: {answer}");
        Ok(())
    }
}
