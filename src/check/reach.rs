//! Whether the tenant can be reached, told apart by DNS, connection and TLS; and whether its clock agrees with ours.

use std::net::SocketAddr;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::{Cause, CheckResult, ProbeContext, Trouble, answered, short};
use crate::clock::SKEW;
use crate::tenant::{Error, Failure, ProbeResponse};

/// Limit for a DNS lookup, and for a connection.
const MAX_WAIT: Duration = Duration::from_secs(3);

/// DNS, connection, TLS, and a response of any status.
pub(super) async fn reach(context: &ProbeContext) -> CheckResult {
    let url = &context.config.tenant_url;
    let address = connect(url).await?;
    match context.tenant.probe_url(url.clone()).await {
        Ok(_) => Ok(format!("{} answers at {address}", url.as_str().trim_end_matches('/'))),
        Err(Error { kind: Failure::Unreachable { cause, timed_out: false, .. }, .. })
            if url.scheme() == "https" =>
        {
            Err(Cause::NoTls { host: host(url), why: short(&cause) }.into())
        }
        Err(error) => Err(Cause::Silent { host: host(url), why: short(&error.kind.to_string()) }.into()),
    }
}

/// The first of the host's addresses that accepts a connection.
async fn connect(url: &Url) -> Result<SocketAddr, Trouble> {
    let host = host(url);
    let port = url.port_or_known_default().unwrap_or(443);
    // A URL has an IPv6 address in brackets, `lookup_host` takes it without.
    let name = host.trim_matches(['[', ']']);
    let addresses: Vec<SocketAddr> = match timeout(MAX_WAIT, lookup_host((name, port))).await {
        Ok(Ok(addresses)) => addresses.collect(),
        _ => Vec::new(),
    };
    if addresses.is_empty() {
        return Err(Cause::NoSuchHost(host).into());
    }
    match timeout(MAX_WAIT, TcpStream::connect(&addresses[..])).await {
        Ok(Ok(stream)) => Ok(stream.peer_addr().unwrap_or(addresses[0])),
        Ok(Err(error)) => Err(Cause::NotListening { host, port, why: error.to_string() }.into()),
        Err(_) => Err(Cause::NotListening { host, port, why: "no answer".to_owned() }.into()),
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// Compares `Date` with our clock. A token response is never served from a cache.
pub(super) fn clock(token: &Result<ProbeResponse, Error>, now: OffsetDateTime) -> CheckResult {
    let date = answered(token)?
        .date
        .ok_or(Trouble::Unknown("the tenant's responses have no Date header".to_owned()))?;
    let apart = now - date;
    let seconds = apart.whole_seconds();
    if apart.abs() > SKEW {
        return Err(Cause::ClockWrong(seconds).into());
    }
    Ok(format!("{} s apart", seconds.abs()))
}
