//! The faults that alert rules are tested on, each of them as it happens to the real portal.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;
use emulated_tenant::{Fault as TenantFault, FaultKind};
use reqwest::Client;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};
use url::Url;

use crate::child::signal;
use crate::scene::Scene;
use crate::strangers::{self, Flood};

/// The paths of the tenant that the portal calls.
const CALLS: [&str; 4] = ["/oauth/token", "/mfa/", "/.well-known/", "/api/"];
/// In seconds.
const CLOCKS_APART: u64 = 300;
const JUNK: Flood = Flood { rate: 40.0, networks: 40 };
/// The time of a slow store.
const STEP: Duration = Duration::from_millis(200);
/// A failover of a Redis Cluster with its default settings.
const FAILOVER: Duration = Duration::from_secs(15);
/// Between two visits of a busy portal.
const VISITS: Duration = Duration::from_millis(12);

/// A fault, or none. `docs/metrics.md` says which alerts each one raises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fault {
    Calm,
    TenantAway,
    TenantHangs,
    TenantSlow,
    TenantUnintelligible,
    RateLimited,
    RateLimitNear,
    WrongSecret,
    ApplicationRefused,
    ApplicationGone,
    ClockWrong,
    RedisAwayBriefly,
    RedisStopped,
    RedisPaused,
    RedisFull,
    RedisSlow,
    SqliteLocked,
    NoticesNotTaken,
    AuditNotWritten,
    LogNotRead,
    ManyMessages,
    Strangers,
    Killed,
}

impl Fault {
    /// The name in `docs/metrics.md`, and of its recording.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether its portal keeps sessions in a file rather than in Redis.
    pub(crate) fn is_of_sqlite(self) -> bool {
        self == Self::SqliteLocked
    }

    /// The settings of its portal.
    pub(crate) fn settings(self) -> Option<(&'static str, String)> {
        match self {
            Self::AuditNotWritten => Some(("AUDIT_LOG", "/dev/full".to_owned())),
            Self::ManyMessages => Some(("MESSAGE_CEILING", "20".to_owned())),
            _ => None,
        }
    }

    /// Lets it happen. What has to go on as long as it lasts goes on in `tasks`.
    pub(crate) fn strike(self, scene: &mut Scene, tasks: &mut JoinSet<Result<()>>) -> Result<()> {
        let world = scene.world.clone();
        let every_call = |kind: FaultKind| {
            for path in CALLS {
                world.tenant.faults().inject(TenantFault::new("*", path, kind.clone()));
            }
        };
        match self {
            // The last two are settings.
            Self::Calm | Self::AuditNotWritten | Self::ManyMessages => {}
            Self::TenantAway => every_call(FaultKind::Reset),
            Self::TenantHangs => every_call(FaultKind::Hang),
            Self::TenantSlow => every_call(FaultKind::Delay(Duration::from_secs(2))),
            Self::TenantUnintelligible => every_call(FaultKind::html(200, "<h1>Maintenance</h1>")),
            Self::RateLimited => every_call(too_many_requests()),
            Self::RateLimitNear => world.tenant.configure(|it| it.rate_limit_remaining = 12),
            Self::WrongSecret => world.tenant.configure(|it| "another".clone_into(&mut it.client_secret)),
            Self::ApplicationRefused => world.tenant.configure(|it| it.authorize_error = Some(refusal())),
            Self::ApplicationGone => world.tenant.configure(|it| "another".clone_into(&mut it.client_id)),
            Self::ClockWrong => scene.clocks_apart.store(CLOCKS_APART, Ordering::SeqCst),
            Self::RedisAwayBriefly => {
                scene.redis()?.signal("STOP")?;
                tasks.spawn(resume(scene.redis()?.id()));
            }
            Self::RedisStopped => scene.redis = None,
            Self::RedisPaused => scene.redis()?.signal("STOP")?,
            Self::RedisFull => scene.redis()?.order("CONFIG SET maxmemory 1")?,
            Self::RedisSlow => scene.relay()?.delay(STEP),
            Self::SqliteLocked => scene.lock_file()?,
            Self::NoticesNotTaken => scene.receivers.close(),
            Self::LogNotRead => {
                scene.portal.stop_reading();
                tasks.spawn(visit(scene.portal.url.join("signed-out")?));
            }
            Self::Killed => scene.portal.kill()?,
            Self::Strangers => {
                tasks.spawn(strangers::send(scene.portal.url.clone(), JUNK, Arc::default()));
            }
        }
        Ok(())
    }
}

/// Lets a process that was stopped go on after the time of a failover.
async fn resume(id: u32) -> Result<()> {
    sleep(FAILOVER).await;
    signal("CONT", id)
}

/// Visits of a busy portal, which fill what keeps the log's lines.
async fn visit(url: Url) -> Result<()> {
    let (client, mut pace) = (Client::builder().no_proxy().build()?, interval(VISITS));
    loop {
        pace.tick().await;
        client.get(url.clone()).send().await?;
    }
}

fn too_many_requests() -> FaultKind {
    let headers = [("x-ratelimit-remaining", "0"), ("retry-after", "1")];
    FaultKind::Status {
        status: 429,
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        content_type: "application/json".to_owned(),
        body: r#"{"error":"too_many_requests","error_description":"Global limit has been reached"}"#
            .to_owned(),
    }
}

/// As Auth0 refuses an application that needs an organization.
fn refusal() -> (String, String) {
    ("invalid_request".to_owned(), "parameter organization is required for this client".to_owned())
}
