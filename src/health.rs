//! `mfa-portal health`: asks a portal on this machine whether it lives, for container health checks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, ensure};

/// Whoever asks gives up after 3 s; starting and ending take a part of that.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// Whether `/healthz` on ADMIN_LISTEN answers with 200.
pub async fn health(admin_listen: SocketAddr) -> anyhow::Result<()> {
    let address = reachable(admin_listen);
    // No certificate is ever looked at, so none need be there.
    let client = reqwest::Client::builder().timeout(PATIENCE).no_proxy().tls_certs_only([]).build()?;
    let answer = client.get(format!("http://{address}/healthz")).send().await;
    let status = answer.with_context(|| format!("nothing lives at {address}"))?.status();
    ensure!(status.is_success(), "{address} answers with status {status}");
    Ok(())
}

/// Where an address that was bound can be asked: one that stands for all of them is also loopback.
fn reachable(bound: SocketAddr) -> SocketAddr {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bound.port())
}
