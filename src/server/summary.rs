//! What is in effect, in one line of the log at the start: a setting that was misspelt shows here. It holds no secret.

use std::fmt::Display;
use std::net::SocketAddr;

use url::Origin;

use crate::config::{AuditLog, AuditPerson, Config, Limits, ProofPolicy};
use crate::factor::Factor;
use crate::store::StoreUrl;

/// Warns of settings that leave something unprotected.
pub(super) fn warn(config: &Config) {
    if config.hides_clients() {
        tracing::warn!("client addresses unknown, TRUSTED_PROXIES is not set");
    }
    if config.trusts_strangers() {
        tracing::warn!(
            setting = "TRUSTED_PROXIES",
            "visitors choose their own address, a network of strangers is trusted"
        );
    }
    if config.proof == ProofPolicy::Any {
        tracing::warn!(
            setting = "PROOF",
            value = "any",
            "password suffices for every change, factors included"
        );
    }
    if config.limits == Limits::Off {
        tracing::warn!(setting = "LIMITS", value = "off", "messages, codes and requests are not limited");
    }
    if config.audit_log == AuditLog::Off {
        tracing::warn!(setting = "AUDIT_LOG", value = "off", "security events are told nowhere");
    }
}

pub(super) fn log(config: &Config, listen: SocketAddr) {
    tracing::info!(
        base_url = %config.base_url,
        %listen,
        tenant = %config.tenant_url,
        store = store(&config.store),
        factors = joined(config.factors.iter().map(|factor| Factor::slug(*factor))),
        embed_origins = joined(config.embed_origins.iter().map(Origin::ascii_serialization)),
        return_origins = joined(config.return_origins.iter().map(Origin::ascii_serialization)),
        trusted_proxies = joined(&config.trusted_proxies),
        limits = if config.limits == Limits::Off { "off" } else { "default" },
        message_ceiling = config.message_ceiling,
        proof = proof(config.proof),
        remember_days = config.remember_days,
        management = config.management.is_some(),
        mail = config.mail.as_ref().map(|mail| format!("{}:{}", mail.host, mail.port)),
        webhook = config.webhook.as_ref().map(|webhook| webhook.url.origin().ascii_serialization()),
        audit_log = audit_log(&config.audit_log),
        audit_person = if config.audit_person == AuditPerson::Sub { "sub" } else { "hmac" },
        "serving pages"
    );
}

fn joined<T: Display>(all: impl IntoIterator<Item = T>) -> String {
    all.into_iter().map(|one| one.to_string()).collect::<Vec<_>>().join(",")
}

/// Without the user and the password of Redis.
fn store(store: &StoreUrl) -> String {
    match store {
        StoreUrl::Memory => "memory".to_owned(),
        StoreUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        StoreUrl::Redis(address) => format!("redis at {address}"),
    }
}

fn proof(proof: ProofPolicy) -> &'static str {
    match proof {
        ProofPolicy::Factor => "factor",
        ProofPolicy::Recent => "recent",
        ProofPolicy::Any => "any",
    }
}

fn audit_log(to: &AuditLog) -> String {
    match to {
        AuditLog::Off => "off".to_owned(),
        AuditLog::Stderr => "stderr".to_owned(),
        AuditLog::Stdout => "stdout".to_owned(),
        AuditLog::File(path) => path.display().to_string(),
    }
}
