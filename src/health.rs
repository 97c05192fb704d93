//! `mfa-portal health`: asks the portal on this machine whether it is alive, for container health checks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, ensure};

/// Less than the 3 s of the container's health check, because starting this process takes time too.
const TIMEOUT: Duration = Duration::from_millis(2_500);

/// Fails unless `/healthz` on `admin_listen` answers with success.
pub async fn health(admin_listen: SocketAddr) -> anyhow::Result<()> {
    let address = reachable(admin_listen);
    // Without certificates, because the image may have none and loopback needs none.
    let client = reqwest::Client::builder().timeout(TIMEOUT).no_proxy().tls_certs_only([]).build()?;
    let answer = client.get(format!("http://{address}/healthz")).send().await;
    let status = answer.with_context(|| format!("no portal answers at {address}"))?.status();
    ensure!(status.is_success(), "{address} answers with status {status}");
    Ok(())
}

/// The loopback address for a listener on all addresses; any other address as it is.
fn reachable(bound: SocketAddr) -> SocketAddr {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bound.port())
}
