//! mfa-portal: a web page on which people manage their own second factors, for companies whose login is Auth0.
//!
//! CONTRIBUTING.md has the map of the source, `docs/architecture.md` the way of a request through it.
//!
//! # In another application
//!
//! [`app()`] makes the pages a router for the path of `APP_BASE_URL` in another axum application. Use `nest_service`,
//! because `nest` answers the path with a trailing slash by 404. Time limits for slow connections and the operator's
//! [`server::admin`] are then that application's own task.
//!
//! ```no_run
//! # async fn site() -> anyhow::Result<axum::Router> {
//! use mfa_portal::{Config, Settings};
//!
//! let config: Config = Settings::from_flags([])?.try_into()?; // reads the environment
//! let path = config.base_path().to_owned();
//! let site = axum::Router::new().nest_service(&path, mfa_portal::app(config).await?);
//! # Ok(site)
//! # }
//! ```

mod assets;
mod audit;
pub mod check;
pub mod clock;
mod config;
mod deadline;
mod error;
mod factor;
mod fair_queue;
pub mod health;
mod hold;
mod i18n;
pub mod log;
mod metrics;
mod mfa;
mod notify;
mod one_at_a_time;
mod outbox;
mod portal;
pub mod random;
mod secret;
pub mod server;
mod spans;
mod store;
mod tenant;
mod web;

pub use self::audit::audit_ids;
pub use self::config::{Config, ConfigError, LogFormat, Settings, Sources};
pub use self::mfa::forget_person;
pub use self::notify::Notices;
pub use self::portal::{App, Portal};
pub use self::web::{app, embed_hashes, gallery, pages, pages_with};

/// The parts that our own tests reach directly. They are no part of the public interface.
#[doc(hidden)]
pub mod internals {
    pub use crate::config::refuse_misspelt;
    pub use crate::factor::{AsksFor, Factor, ProvesBy};
    pub use crate::i18n::{
        OwnWords, Words,
        visible::{seen, visible},
    };
    pub use crate::mfa::limits::target::canonical;
    pub use crate::mfa::{Overview, limits, mask_fits};
    pub use crate::secret::{Secret, without_contacts};
    pub use crate::store::{Key, KeyRing, RecordKind, RedisAddress, Store, StoreUrl};
    pub use crate::tenant::Credentials;
    pub use crate::tenant::{
        Answer, Associate, Association, Discovery, Error, Failure, Organization, RawAnswer, Refusal, Tenant,
    };
    pub use crate::tenant::{Authenticator, AuthenticatorId, Call, Reason, below};
    pub use crate::tenant::{Expected, IdToken, IdTokenError, Identity};
    pub use crate::web::extract::form::{carries, fields};
    pub use crate::web::layers::{Sessions, keep_own_cookies};
    pub use crate::web::layout::{grouped, mistake::Mistake, mistake::first_sentence, qr::Qr};
    pub use crate::web::pages::{code::digits, email::address, phone::number::parse as phone_number};
    pub use crate::web::request::address::{is_own_path, with_id_alone};
    pub use crate::web::request::cookies::OwnNames;
    pub use crate::web::request::language::preferences;
}
