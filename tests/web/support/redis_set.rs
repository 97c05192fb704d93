//! Redis as a store: one server; a cluster of three primaries with a replica each; or a primary, its replica and three
//! Sentinels. The last two replace a lost primary by themselves. All servers end with the test.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, iter, thread};

use redis::FromRedisValue;
use tempfile::TempDir;

use super::process::free_address;
use super::redis::Redis;
use super::tls::Certificates;

/// How long a primary may be silent before it is replaced, in milliseconds. Real set-ups take seconds.
const SILENCE: &str = "1000";
const PATIENCE: Duration = Duration::from_secs(30);
const PRIMARY: &str = "portal";

/// Every write is on disk before it is answered, so that no data is lost when a server stops.
pub(crate) const DURABLE: [&str; 4] = ["--appendonly", "yes", "--appendfsync", "always"];

/// The least rights that the portal needs, as docs/operate.md names them.
pub(crate) const RIGHTS: &str = "on ~mfa-portal:* -@all +get +set +del +eval +time";

/// The servers, primaries first.
#[derive(Default)]
pub(crate) struct RedisSet {
    pub(crate) nodes: Vec<Redis>,
    sentinels: Vec<Sentinel>,
    user: Option<(String, String)>,
    /// Clients, replicas and Sentinels use TLS and need a certificate. The test itself asks on a second port without it.
    tls: Option<Certificates>,
}

/// A server that watches the others.
struct Sentinel {
    port: u16,
    tls_port: Option<u16>,
    child: Child,
    _directory: TempDir,
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl RedisSet {
    /// One server, or what STORE=cluster or STORE=sentinel names, so that whole suites run on those. `None`, with a warning,
    /// when no redis-server is installed.
    pub(crate) fn start(options: &[&str]) -> Option<Self> {
        match env::var("STORE").as_deref() {
            Ok("cluster") => Self::cluster(options),
            Ok("sentinel") => Self::sentinel(options),
            _ => Self::single(options, None),
        }
    }

    pub(crate) fn single(options: &[&str], tls: Option<Certificates>) -> Option<Self> {
        Some(Self { nodes: vec![node(options, tls.as_ref())?], tls, ..Self::default() })
    }

    pub(crate) fn cluster(options: &[&str]) -> Option<Self> {
        Self::cluster_with(options, None)
    }

    pub(crate) fn cluster_with(options: &[&str], tls: Option<Certificates>) -> Option<Self> {
        let cluster = ["--cluster-enabled", "yes", "--cluster-node-timeout", SILENCE];
        let quick = ["--repl-diskless-sync-delay", "0", "--cluster-replica-validity-factor", "0"];
        let options = [options, &cluster, &quick].concat();
        let nodes = iter::repeat_with(|| node(&options, tls.as_ref())).take(6).collect::<Option<_>>()?;
        let set = Self { nodes, tls, ..Self::default() };
        for (at, range) in ["0 5460", "5461 10922", "10923 16383"].into_iter().enumerate() {
            set.nodes[at].ask::<String>(&format!("CLUSTER ADDSLOTSRANGE {range}"));
            set.nodes[at].ask::<String>(&format!("CLUSTER SET-CONFIG-EPOCH {}", at + 1));
        }
        for other in &set.nodes[1..] {
            set.nodes[0].ask::<String>(&format!("CLUSTER MEET 127.0.0.1 {}", other.public_port()));
        }
        until("every node knows the others", || {
            set.nodes.iter().all(|node| node.ask::<String>("CLUSTER NODES").matches("connected").count() == 6)
        });
        for at in 0..3 {
            let primary: String = set.nodes[at].ask("CLUSTER MYID");
            set.nodes[at + 3].ask::<String>(&format!("CLUSTER REPLICATE {primary}"));
        }
        set.until_whole();
        Some(set)
    }

    pub(crate) fn sentinel(options: &[&str]) -> Option<Self> {
        Self::sentinel_with(options, None)
    }

    pub(crate) fn sentinel_with(options: &[&str], tls: Option<Certificates>) -> Option<Self> {
        let quick = [options, &["--repl-diskless-sync-delay", "0"]].concat();
        let primary = node(&quick, tls.as_ref())?;
        let of_it = format!("127.0.0.1 {}", primary.public_port());
        let replica = node(&[&quick[..], &["--replicaof", &of_it]].concat(), tls.as_ref())?;
        let sentinels = (0..3).map(|_| watch(primary.public_port(), tls.as_ref())).collect();
        let set = Self { nodes: vec![primary, replica], sentinels, tls, user: None };
        set.until_whole();
        Some(set)
    }

    /// Gives every server a user with this password and these rights; the address then names it.
    pub(crate) fn with_user(mut self, password: &str, rights: &str) -> Self {
        // What the clients of these set-ups need besides.
        let besides = match (self.is_cluster(), self.sentinels.is_empty()) {
            (true, _) => " +cluster|slots +asking",
            (_, false) => " +role",
            _ => "",
        };
        self.user = Some((password.to_owned(), format!("{rights}{besides}")));
        self.give_rights();
        self
    }

    fn give_rights(&self) {
        if let Some((password, rights)) = &self.user {
            self.ask_all(&format!("ACL SETUSER portal >{password} {rights}"));
        }
    }

    fn is_cluster(&self) -> bool {
        self.nodes.len() > 2
    }

    /// The value for SESSION_STORE.
    pub(crate) fn url(&self) -> String {
        let user = self.user.as_ref().map(|(password, _)| format!("portal:{password}@")).unwrap_or_default();
        let hosts = |ports: &mut dyn Iterator<Item = u16>| {
            ports.map(|port| format!("127.0.0.1:{port}")).collect::<Vec<_>>().join(",")
        };
        let scheme = if self.tls.is_some() { "rediss" } else { "redis" };
        let [servers, sentinels] = [
            hosts(&mut self.nodes.iter().map(Redis::public_port)),
            hosts(&mut self.sentinels.iter().map(|it| it.tls_port.unwrap_or(it.port))),
        ];
        match (self.is_cluster(), self.sentinels.is_empty()) {
            (true, _) => format!("{scheme}+cluster://{user}{servers}"),
            (_, false) => format!("{scheme}+sentinel://{user}{sentinels}/{PRIMARY}"),
            _ => format!("{scheme}://{user}{servers}"),
        }
    }

    /// The servers that take writes.
    pub(crate) fn primaries(&self) -> impl Iterator<Item = &Redis> {
        self.nodes.iter().filter(|node| node.is_up() && replication(node).contains("role:master"))
    }

    /// Asks every server that is up.
    pub(crate) fn ask_all(&self, command: &str) {
        self.nodes.iter().filter(|node| node.is_up()).for_each(|node| node.ask(command));
    }

    /// Sends a signal to every server, such as STOP or CONT.
    pub(crate) fn signal(&self, name: &str) {
        self.nodes.iter().for_each(|node| node.signal(name));
    }

    /// Kills every server; Sentinels go on.
    pub(crate) fn stop(&self) {
        self.nodes.iter().for_each(Redis::stop);
    }

    /// Starts every server again, with what it has saved, and waits until they work together.
    pub(crate) fn again(&self) {
        self.nodes.iter().for_each(Redis::again);
        self.give_rights();
        self.until_whole();
    }

    /// The same without any data.
    pub(crate) fn again_empty(&self) {
        self.again();
        self.primaries().for_each(|node| node.ask("FLUSHALL"));
    }

    /// Kills the first primary and waits until its replica has taken over and the others know; gives the time that took.
    /// Redis answers a write before its replica has it, so this waits until the replica has all.
    pub(crate) fn fail_over(&self) -> Duration {
        let next = &self.nodes[self.nodes.len() / 2];
        let offset =
            |of: &str, name: &str| of.lines().find_map(|line| line.strip_prefix(name)?.parse::<u64>().ok());
        until("the replica has all", || {
            let [of_it, of_next] = [&self.nodes[0], next].map(replication);
            offset(&of_it, "master_repl_offset:") == offset(&of_next, "slave_repl_offset:")
        });
        let killed = Instant::now();
        self.nodes[0].stop();
        until("the replica takes over", || replication(next).contains("role:master"));
        let port = next.public_port().to_string();
        if self.is_cluster() {
            until("the others know", || {
                self.nodes[1]
                    .ask::<String>("CLUSTER NODES")
                    .lines()
                    .any(|line| line.contains(&format!(":{port}@")) && line.contains("master"))
            });
        }
        let named = format!("SENTINEL GET-MASTER-ADDR-BY-NAME {PRIMARY}");
        until("the Sentinels know", || {
            self.sentinels.iter().all(|it| ask::<Vec<String>>(it.port, &named)[1] == port)
        });
        killed.elapsed()
    }

    /// Waits until each primary has its replica, and what watches them agrees.
    fn until_whole(&self) {
        let (primaries, replicas) = self.nodes.split_at(self.nodes.len().div_ceil(2));
        until("each replica follows", || {
            replicas.iter().all(|node| replication(node).contains("master_link_status:up"))
        });
        if self.is_cluster() {
            until("the cluster is ready", || {
                primaries.iter().all(|node| node.ask::<String>("CLUSTER INFO").contains("cluster_state:ok"))
            });
        }
        until("the Sentinels agree", || {
            let seen = |it: &Sentinel| ask::<String>(it.port, "INFO sentinel");
            self.sentinels
                .iter()
                .map(seen)
                .all(|it| it.contains("status=ok") && it.contains("slaves=1,sentinels=3"))
        });
    }
}

fn words(options: &[&str]) -> Vec<String> {
    options.iter().map(ToString::to_string).collect()
}

fn replication(node: &Redis) -> String {
    node.try_ask("INFO replication").unwrap_or_default()
}

fn ask<T: FromRedisValue>(port: u16, command: &str) -> T {
    let client = redis::Client::open(format!("redis://127.0.0.1:{port}")).unwrap();
    let mut connection = client.get_connection_with_timeout(PATIENCE).unwrap();
    let words: Vec<&str> = command.split(' ').collect();
    redis::cmd(words[0]).arg(&words[1..]).query(&mut connection).unwrap()
}

/// A server, on ports for clients with TLS and for the test without it, if there are certificates.
fn node(options: &[&str], tls: Option<&Certificates>) -> Option<Redis> {
    let Some(tls) = tls else { return Redis::start_at(below_its_bus(), None, |_| words(options)) };
    let both = ["--tls-cluster", "yes", "--tls-replication", "yes"];
    let options = [
        words(options),
        words(&both),
        tls.options().map(|(name, value)| [format!("--{name}"), value]).concat(),
    ];
    Redis::start_at(free_address().port().unwrap(), Some(below_its_bus()), |_| options.concat())
}

/// A port whose cluster bus, 10,000 above it, is free as well.
fn below_its_bus() -> u16 {
    let port = || free_address().port().unwrap();
    let bus_is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port + 10_000)).is_ok();
    iter::repeat_with(port).find(bus_is_free).unwrap()
}

fn watch(primary: u16, tls: Option<&Certificates>) -> Sentinel {
    let directory = tempfile::tempdir().unwrap();
    let (port, file) = (free_address().port().unwrap(), directory.path().join("sentinel.conf"));
    let text = format!(
        "port {port}\nbind 127.0.0.1\nsentinel monitor {PRIMARY} 127.0.0.1 {primary} 2\n\
         sentinel down-after-milliseconds {PRIMARY} {SILENCE}\nsentinel failover-timeout {PRIMARY} 2000\n"
    );
    let tls_port = tls.map(|_| free_address().port().unwrap());
    let encrypted = tls.iter().flat_map(|tls| tls.options()).map(|(name, value)| format!("{name} {value}\n"));
    let encrypted: String = encrypted.collect();
    let listens = tls_port.map(|port| format!("tls-port {port}\ntls-replication yes\n")).unwrap_or_default();
    fs::write(&file, text + &encrypted + &listens).unwrap();
    let mut command = Command::new("redis-server");
    command.arg(&file).arg("--sentinel").stdin(Stdio::null()).stdout(Stdio::null());
    let sentinel = Sentinel { port, tls_port, child: command.spawn().unwrap(), _directory: directory };
    until("the Sentinel listens", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    sentinel
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
