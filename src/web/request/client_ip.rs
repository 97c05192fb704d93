//! The client's address: that of the connection's peer, or the one that trusted proxies forward (TRUSTED_PROXIES).

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use ipnet::{IpNet, Ipv6Net};

use crate::config::Config;

/// The client's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientIp(pub(crate) IpAddr);

impl ClientIp {
    /// The address that a request comes from, if it is known.
    pub(crate) fn of(request: &Request, config: &Config) -> Option<Self> {
        let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
        let (peer, trusted) = (peer.ip().to_canonical(), &config.trusted_proxies);
        if is_in(peer, trusted) {
            return forwarded(request.headers(), trusted).map(Self);
        }
        // With https a proxy terminates TLS. Unless TRUSTED_PROXIES names it, every request seems to come from the proxy, so
        // there is no client address.
        let is_unnamed_proxy = config.is_https() && trusted.is_empty();
        (!is_unnamed_proxy).then_some(Self(peer))
    }

    /// The network of one subscriber: the address itself, or the /64 of an IPv6 address (RFC 6177).
    pub(crate) fn network(&self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => Ipv6Net::new_assert(address, 64).trunc().to_string(),
        }
    }
}

/// The last forwarded address that is not a trusted proxy's. Earlier ones may be invented by the client. If all are trusted,
/// it is the first: a client in the operator's own network.
fn forwarded(headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or_default());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    let mut nearest = None;
    for hop in hops.into_iter().rev() {
        let address = parse(hop.trim())?;
        nearest = Some(address);
        if !is_in(address, trusted) {
            break;
        }
    }
    nearest
}

/// An address as proxies write it, with a port or without.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|it| it.ip()))?;
    Some(address.to_canonical())
}

fn is_in(address: IpAddr, networks: &[IpNet]) -> bool {
    networks.iter().any(|network| network.contains(&address))
}
