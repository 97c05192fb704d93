//! Whether the tenant can be reached: name, connection and TLS told apart. And whether its clock agrees with ours.

use std::net::SocketAddr;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::{Cause, Outcome, Trial, Trouble, answered, short};
use crate::clock::SKEW;
use crate::tenant::{Error, Kind, Look};

/// How long a name or a connection may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Name, connection, TLS, and an answer of any kind.
pub(super) async fn reach(trial: &Trial) -> Outcome {
    let url = &trial.config.tenant_url;
    let address = connect(url).await?;
    match trial.tenant.look_at(url.clone()).await {
        Ok(_) => Ok(format!("{} answers at {address}", url.as_str().trim_end_matches('/'))),
        Err(Error { kind: Kind::Unreachable { cause, timed_out: false, .. }, .. })
            if url.scheme() == "https" =>
        {
            Err(Cause::NoTls { host: host(url), why: short(&cause) }.into())
        }
        Err(error) => Err(Cause::Silent { host: host(url), why: short(&error.kind.to_string()) }.into()),
    }
}

/// The first of the host's addresses that takes a connection.
async fn connect(url: &Url) -> Result<SocketAddr, Trouble> {
    let host = host(url);
    let port = url.port_or_known_default().unwrap_or(443);
    // An IPv6 address stands in brackets in an address, but not here.
    let name = host.trim_matches(['[', ']']);
    let addresses: Vec<SocketAddr> = match timeout(PATIENCE, lookup_host((name, port))).await {
        Ok(Ok(addresses)) => addresses.collect(),
        _ => Vec::new(),
    };
    if addresses.is_empty() {
        return Err(Cause::NoSuchHost(host).into());
    }
    match timeout(PATIENCE, TcpStream::connect(&addresses[..])).await {
        Ok(Ok(stream)) => Ok(stream.peer_addr().unwrap_or(addresses[0])),
        Ok(Err(error)) => Err(Cause::NotListening { host, port, why: error.to_string() }.into()),
        Err(_) => Err(Cause::NotListening { host, port, why: "no answer".to_owned() }.into()),
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// The tenant's `Date` beside our clock. A token answer is never a cached one.
pub(super) fn clock(token: &Result<Look, Error>, now: OffsetDateTime) -> Outcome {
    let date =
        answered(token)?.date.ok_or(Trouble::Unknown("the tenant's answers have no date".to_owned()))?;
    let apart = now - date;
    let seconds = apart.whole_seconds();
    if apart.abs() > SKEW {
        return Err(Cause::ClockWrong { seconds }.into());
    }
    Ok(format!("{} s apart", seconds.abs()))
}
