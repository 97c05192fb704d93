//! Which address a request comes from: its peer's, or what trusted proxies say of theirs (TRUSTED_PROXIES).

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use ipnet::{IpNet, Ipv6Net};

use crate::config::Config;

/// The client's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// The address that a request comes from, where it is known.
    #[must_use]
    pub fn of(request: &Request, config: &Config) -> Option<Self> {
        let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
        let (peer, trusted) = (peer.ip().to_canonical(), &config.trusted_proxies);
        if is_in(peer, trusted) {
            return named(request.headers(), trusted).map(Self);
        }
        // Under https somebody in front of us takes the TLS off. While nobody is trusted, the peer is that proxy, and its
        // address everybody's.
        let is_everybody = config.is_https() && trusted.is_empty();
        (!is_everybody).then_some(Self(peer))
    }

    /// The network that one subscriber has: the address itself, or the first half of one of IPv6 (RFC 6177).
    #[must_use]
    pub fn network(&self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => Ipv6Net::new_assert(address, 64).trunc().to_string(),
        }
    }
}

/// The last address that no trusted proxy has: what stands before it may be anybody's invention. Where all are trusted, the
/// first: somebody in the operator's own network.
fn named(headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
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
