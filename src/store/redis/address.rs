//! Where Redis is, as SESSION_STORE has it: one server, the nodes of a cluster, or Sentinels that know the primary.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use redis::cluster::ClusterClient;
use redis::io::tcp::TcpSettings;
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{
    Client, ClientTlsConfig, ConnectionAddr, ConnectionInfo, RedisConnectionInfo, RedisResult,
    TlsCertificates, TlsMode,
};
use url::Url;

const SENTINEL_PORT: u16 = 26379;
/// A host that no longer answers is given up after this long, so that the next one is asked.
const SILENCE: Duration = Duration::from_secs(2);
/// In milliseconds, between two tries to follow records that are being moved or whose node is being replaced.
const CLUSTER_RETRY: (u64, u64) = (20, 200);
const CLUSTER_RETRIES: u32 = 6;

/// The address. Printed without user and password.
#[derive(Clone)]
pub struct RedisAddress {
    layout: Layout,
    /// The server, the nodes, or the Sentinels; each with user, password and database of Redis.
    hosts: Vec<ConnectionInfo>,
    identity: Option<ClientTlsConfig>,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Layout {
    Single,
    Cluster,
    Sentinel { primary: String },
}

impl FromStr for RedisAddress {
    type Err = String;

    /// `redis://USER:PASSWORD@HOST:PORT/DATABASE`, as in redis-cli; `redis+cluster://` and `redis+sentinel://` with several
    /// hosts. Reasons do not repeat the text, which may hold a password.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (scheme, rest) = text.split_once("://").ok_or("is not a URL")?;
        let (tls, kind) = scheme.split_once('+').map_or((scheme, ""), |(tls, kind)| (tls, kind));
        if rest.contains(['?', '#']) {
            return Err("has a query or fragment, which means nothing here".to_owned());
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, hosts) = authority.rsplit_once('@').map_or(("", authority), |(user, hosts)| (user, hosts));
        let at = if user.is_empty() { "" } else { "@" };
        let (layout, database, port) = match kind {
            "" if hosts.contains(',') => {
                return Err("names several hosts. Write redis+cluster:// or redis+sentinel://".to_owned());
            }
            "" => (Layout::Single, path, None),
            "cluster" if !path.is_empty() => {
                return Err("names a database, but a cluster has only one".to_owned());
            }
            "cluster" => (Layout::Cluster, "", None),
            _ => {
                let (primary, database) = path.split_once('/').unwrap_or((path, ""));
                if primary.is_empty() {
                    return Err("does not name the primary as the Sentinels do: end it with /NAME".to_owned());
                }
                (Layout::Sentinel { primary: primary.to_owned() }, database, Some(SENTINEL_PORT))
            }
        };
        let one = |host: &str| one_host(&format!("{tls}://{user}{at}{host}/{database}"), port);
        Ok(Self { layout, hosts: hosts.split(',').map(one).collect::<Result<_, _>>()?, identity: None })
    }
}

/// An address of one host; `port` is the default one, if it is not that of Redis.
fn one_host(text: &str, port: Option<u16>) -> Result<ConnectionInfo, String> {
    let mut url = Url::parse(text).map_err(|_| {
        "is not a URL. Write redis://USER:PASSWORD@HOST:PORT/DATABASE, with characters such as @ and / in the password \
         percent-encoded"
    })?;
    if !url.username().is_empty() && url.password().is_none() {
        return Err(
            "names a user without a password. Write USER:PASSWORD@, or :PASSWORD@ for the default user"
                .to_owned(),
        );
    }
    if url.port().is_none() && port.is_some() {
        url.set_port(port).map_err(|()| "is not a URL")?;
    }
    // The redis crate's reasons are fixed strings, such as "Invalid database number".
    url.as_str().parse().map_err(|reason| format!("cannot be used: {reason}"))
}

impl RedisAddress {
    /// With a certificate and its key in PEM, by which Redis knows the portal.
    #[must_use]
    pub(crate) fn with_identity(self, client_cert: Vec<u8>, client_key: Vec<u8>) -> Self {
        Self { identity: Some(ClientTlsConfig { client_cert, client_key }), ..self }
    }

    /// Whether connections are encrypted.
    pub(crate) fn has_tls(&self) -> bool {
        self.hosts.iter().all(|host| matches!(host.addr(), ConnectionAddr::TcpTls { .. }))
    }

    /// Tries whether the certificate and its key can be used; connects to nothing.
    pub(crate) fn checked(&self) -> RedisResult<()> {
        self.single().map(drop)
    }

    /// The hosts and ports alone.
    pub(crate) fn hosts(&self) -> String {
        self.hosts.iter().map(|host| host.addr().to_string()).collect::<Vec<_>>().join(",")
    }

    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// For one server: the first host.
    pub(super) fn single(&self) -> RedisResult<Client> {
        let host = &self.hosts[0];
        // Skip CLIENT SETINFO: we don't need it, and the ACL then grants one command fewer.
        let settings = host.redis_settings().clone().set_skip_set_lib_name();
        let host = host.clone().set_redis_settings(settings);
        match self.certificates() {
            Some(certificates) => Client::build_with_tls(host, certificates),
            None => Client::open(host),
        }
    }

    /// For a cluster. It finds the other nodes, follows records to theirs, and replaces lost connections by itself.
    pub(super) fn cluster(&self, connect: Duration, response: Duration) -> RedisResult<ClusterClient> {
        let (shortest, longest) = CLUSTER_RETRY;
        let client = ClusterClient::builder(self.hosts.clone())
            .connection_timeout(connect)
            .response_timeout(response)
            .retries(CLUSTER_RETRIES)
            .min_retry_wait(shortest)
            .max_retry_wait(longest)
            .retry_wait_formula(shortest, 2)
            .tcp_settings(TcpSettings::default().set_nodelay(true).set_user_timeout(SILENCE));
        match self.certificates() {
            Some(certificates) => client.certs(certificates).build(),
            None => client.build(),
        }
    }

    /// For Sentinels, which tell the primary's address. They are given user and password of Redis only if they want some.
    pub(super) fn sentinel(&self, primary: &str, with_password: bool) -> RedisResult<SentinelClient> {
        let sentinels = self.hosts.iter().map(|host| host.addr().clone());
        let mut client = SentinelClientBuilder::new(sentinels, primary, SentinelServerType::Master)?;
        let redis: &RedisConnectionInfo = self.hosts[0].redis_settings();
        client = client.set_client_to_redis_db(redis.db());
        if let Some(user) = redis.username() {
            client = client.set_client_to_redis_username(user);
            client = if with_password { client.set_client_to_sentinel_username(user) } else { client };
        }
        if let Some(password) = redis.password() {
            client = client.set_client_to_redis_password(password);
            client = if with_password { client.set_client_to_sentinel_password(password) } else { client };
        }
        if self.has_tls() {
            client = client.set_client_to_redis_tls_mode(TlsMode::Secure);
        }
        if let Some(certificates) = self.certificates() {
            client = client.set_client_to_redis_certificates(certificates.clone());
            client = client.set_client_to_sentinel_certificates(certificates);
        }
        client.build()
    }

    fn certificates(&self) -> Option<TlsCertificates> {
        let client_tls = Some(self.identity.clone()?);
        Some(TlsCertificates { client_tls, root_cert: None })
    }
}

impl fmt::Display for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self.hosts();
        match &self.layout {
            Layout::Single => write!(f, "{hosts}"),
            Layout::Cluster => write!(f, "{hosts} (cluster)"),
            Layout::Sentinel { primary } => write!(f, "{hosts} (Sentinels of {primary})"),
        }
    }
}

impl fmt::Debug for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisAddress({self})")
    }
}
