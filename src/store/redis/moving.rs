//! Commands about records that are moving to another node of a cluster (Redis, Cluster specification, "ASK redirection").
//!
//! The node that a record leaves sends its commands on to the new one, which takes them only right after `ASKING`. The redis
//! crate sends the two one by one over a connection that others use too, and gives up when theirs come between too often.

use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::SingleNodeRoutingInfo;
use redis::{Cmd, FromRedisValue, Pipeline, RedisError, RedisResult, cmd, from_redis_value};

/// A record may arrive at its new node, or go on, between two tries.
const TRIES: usize = 3;

/// Runs a command at the node that has its record.
pub(super) async fn query<T: FromRedisValue>(
    connection: &mut ClusterConnection,
    command: &Cmd,
) -> RedisResult<T> {
    let mut answer = command.query_async(connection).await;
    for _ in 0..TRIES {
        let Err(cause) = &answer else { break };
        answer = match (cause.code(), node(cause)) {
            (Some("ASK"), Some(node)) => ask(connection, command, node).await,
            // The new node did not know that it was asked.
            (Some("MOVED"), _) => command.query_async(connection).await,
            _ => break,
        };
    }
    answer
}

/// The node that the command is sent on to.
fn node(cause: &RedisError) -> Option<SingleNodeRoutingInfo> {
    let (host, port) = cause.redirect_node()?.0.rsplit_once(':')?;
    Some(SingleNodeRoutingInfo::ByAddress { host: host.to_owned(), port: port.parse().ok()? })
}

/// Both in one go, so that nothing comes between them.
async fn ask<T: FromRedisValue>(
    connection: &mut ClusterConnection,
    command: &Cmd,
    node: SingleNodeRoutingInfo,
) -> RedisResult<T> {
    let mut both = Pipeline::with_capacity(2);
    both.add_command(cmd("ASKING")).add_command(command.clone());
    let mut answers = connection.route_pipeline(both, 0, 2, node).await?;
    let answer = answers.pop().unwrap_or(redis::Value::Nil).extract_error()?;
    Ok(from_redis_value(answer)?)
}
