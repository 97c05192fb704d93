//! The client's address: that of the connection's peer, or the one that trusted proxies forward (TRUSTED_PROXIES).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Once;

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::config::Config;

/// The well-known prefix of translated addresses (RFC 6052 §2.1).
const TRANSLATED: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

/// What an application around our router has to do, said once.
const REMEDY: &str = "serve into_make_service_with_connect_info::<SocketAddr>()";
static UNKNOWN_PEER: Once = Once::new();

/// The client's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientIp(pub(crate) IpAddr);

impl ClientIp {
    /// The address to count a request by. With TRUSTED_PROXIES there always is one, so that no header escapes a limit.
    pub(crate) fn of(request: &Request, config: &Config) -> Option<Self> {
        let trusted = &config.trusted_proxies;
        let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() else {
            if !trusted.is_empty() {
                UNKNOWN_PEER.call_once(|| {
                    tracing::warn!(remedy = REMEDY, "peer address unknown, TRUSTED_PROXIES ignored");
                });
            }
            return None;
        };
        let peer = peer.ip().to_canonical();
        if is_in(peer, trusted) {
            return Some(Self(untranslated(forwarded(request.headers(), peer, trusted))));
        }
        // With https a proxy terminates TLS. Unless TRUSTED_PROXIES names it, every request seems to come from the
        // proxy, so there is no client address.
        (!config.hides_clients()).then_some(Self(untranslated(peer)))
    }

    /// The address that the nearest proxy claims, trusted or not. Good enough to take turns by, never to count by: a
    /// client that makes addresses up only joins the end of the line under more names.
    pub(crate) fn claimed(headers: &HeaderMap) -> Option<Self> {
        let last = headers.get_all("x-forwarded-for").iter().next_back()?;
        last.as_bytes().rsplit(|byte| *byte == b',').next().and_then(parse).map(untranslated).map(Self)
    }

    /// The network of one subscriber: the address itself, or the /56 of an IPv6 address, which a
    /// subscriber may have whole (RFC 6177 §2).
    pub(crate) fn network(&self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => Ipv6Net::new_assert(address, 56).trunc().to_string(),
        }
    }

    /// The networks that the address lies in, the smallest first: one subscriber's, and two that a customer of a provider
    /// may have whole (RFC 6177 §2; a /24 is the smallest IPv4 network that is routed).
    pub(crate) fn networks(&self) -> [String; 3] {
        let larger = |v4, v6| match self.0 {
            IpAddr::V4(address) => Ipv4Net::new_assert(address, v4).trunc().to_string(),
            IpAddr::V6(address) => Ipv6Net::new_assert(address, v6).trunc().to_string(),
        };
        [self.network(), larger(24, 48), larger(16, 32)]
    }
}

/// The last forwarded address that is not a trusted proxy's. Earlier ones may be invented by the client. If all are
/// trusted, it is the first: a client in the operator's own network. An unreadable hop counts as the hop that added it,
/// because everything before it may be invented.
fn forwarded(headers: &HeaderMap, peer: IpAddr, trusted: &[IpNet]) -> IpAddr {
    let lines = headers.get_all("x-forwarded-for").iter();
    let hops: Vec<&[u8]> = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).collect();
    let mut nearest = peer;
    for hop in hops.into_iter().rev() {
        if !is_in(nearest, trusted) {
            break;
        }
        let Some(address) = parse(hop) else { break };
        nearest = address;
    }
    nearest
}

/// An address as proxies write it, with a port or without.
fn parse(hop: &[u8]) -> Option<IpAddr> {
    let hop = str::from_utf8(hop.trim_ascii()).ok()?;
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|it| it.ip()))?;
    Some(address.to_canonical())
}

/// An IPv4 address that a translator has put into an IPv6 one (RFC 6052 §2.1), so that people behind one translator do not
/// share a network. Proxies are trusted by the address that they have here.
fn untranslated(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(translated) if TRANSLATED.contains(&translated) => {
            let [.., a, b, c, d] = translated.octets();
            Ipv4Addr::new(a, b, c, d).into()
        }
        address => address,
    }
}

fn is_in(address: IpAddr, networks: &[IpNet]) -> bool {
    networks.iter().any(|network| network.contains(&address))
}
