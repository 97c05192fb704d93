//! Moves slots of a cluster from one primary to the next, as `redis-cli --cluster reshard` does it, step by step (Redis,
//! Cluster specification, "Live reshard").

use std::collections::BTreeMap;

use super::redis::Redis;
use super::redis_set::RedisSet;

/// Slots on their way, each with the places of its old and its new node.
pub(crate) struct Moves(BTreeMap<u16, (usize, usize)>);

impl Moves {
    /// Begins to move every slot that holds a record, and moves every other record.
    pub(crate) fn begin(redis: &RedisSet) -> Self {
        let count = redis.primaries().count();
        let (mut moves, mut number) = (BTreeMap::new(), 0);
        for at in 0..count {
            for key in redis.nodes[at].ask::<Vec<String>>("KEYS *") {
                let slot = redis.nodes[at].ask(&format!("CLUSTER KEYSLOT {key}"));
                let (from, to) = *moves.entry(slot).or_insert_with(|| {
                    let to = (at + 1) % count;
                    let [old, new] = [at, to].map(|place| redis.nodes[place].ask::<String>("CLUSTER MYID"));
                    redis.nodes[to].ask::<()>(&format!("CLUSTER SETSLOT {slot} IMPORTING {old}"));
                    redis.nodes[at].ask::<()>(&format!("CLUSTER SETSLOT {slot} MIGRATING {new}"));
                    (at, to)
                });
                number += 1;
                if number % 2 == 0 {
                    carry(&redis.nodes[from], &redis.nodes[to], &key);
                }
            }
        }
        Self(moves)
    }

    /// Moves the rest of the records, and gives the slots to their new nodes.
    pub(crate) fn end(self, redis: &RedisSet) {
        for (slot, (from, to)) in self.0 {
            let (old, new) = (&redis.nodes[from], &redis.nodes[to]);
            for key in old.ask::<Vec<String>>(&format!("CLUSTER GETKEYSINSLOT {slot} 1000")) {
                carry(old, new, &key);
            }
            let id: String = new.ask("CLUSTER MYID");
            for node in [new, old] {
                node.ask::<()>(&format!("CLUSTER SETSLOT {slot} NODE {id}"));
            }
        }
    }
}

/// How many commands the nodes have sent elsewhere, with this error code.
pub(crate) fn redirections(redis: &RedisSet, code: &str) -> u64 {
    let name = format!("errorstat_{code}:count=");
    let of = |node: &Redis| {
        let errors: String = node.ask("INFO errorstats");
        errors.lines().find_map(|line| line.strip_prefix(&name)?.trim().parse::<u64>().ok())
    };
    redis.primaries().filter_map(of).sum()
}

/// Moves a record. One that has gone meanwhile is none (`NOKEY`).
fn carry(from: &Redis, to: &Redis, key: &str) {
    let port = to.public_port();
    from.ask::<String>(&format!("MIGRATE 127.0.0.1 {port} {key} 0 5000"));
}
