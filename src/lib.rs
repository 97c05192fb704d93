//! mfa-portal: a web page on which people manage their own second factors, for companies whose login is Auth0.
//!
//! # Layout
//!
//! - [`config`]: settings. [`mod@app`]: state, the route list, layers. [`server`]: listeners and their end. `admin`: health.
//! - [`sign_in`] with `transaction`: through the tenant and back. [`session`], [`step_up`]: who may do what.
//! - [`form`], [`headers`], [`cookies`], [`deadline`], [`trace`], [`intake`], [`client_ip`], [`draft`]: what
//!   requests pass.
//! - [`error`]: what went wrong. [`errand`]: what a link sent the person here for, and the way back.
//! - [`challenge`]: try one out. [`approval`]: whether the phone has approved. `lock`: one request at a time.
//! - [`authenticators`]: list, remove. [`factors`]: one file per factor. [`enrollment`]: the unfinished act. [`limits`]: counters.
//! - [`tenant`]: Auth0 over HTTP. [`store`]: sealed records that expire. [`clock`], [`random`], [`secret`]: parameters.
//! - [`frame`], [`hand_over`], `embed`: pages of ours inside other sites' pages. [`theme`]: light or dark.
//! - [`gallery`]: every component in every state, for those who change the look; only the demo serves it.
//! - [`check`]: tries the configured tenant and says what to mend. `health`: one question to a running portal.
//! - [`page`], [`assets`], [`notice`], [`mistake`], [`i18n`] in the reader's [`language`], for their [`device`]: what a page
//!   shows.
//!
//! # In another application
//!
//! [`app()`] gives the pages as a router for the path of `APP_BASE_URL` in another axum application. (`nest_service`, for
//! `nest` answers the path with a slash at its end by 404.) Time limits for slow connections and the operator's
//! [`Portal::admin`] are the application's own affair then.
//!
//! ```no_run
//! # async fn site() -> anyhow::Result<axum::Router> {
//! use mfa_portal::{Config, Settings};
//!
//! let config: Config = Settings::from_flags([])?.try_into()?; // of the environment
//! let path = config.base_path().to_owned();
//! let site = axum::Router::new().nest_service(&path, mfa_portal::app(config).await?);
//! # Ok(site)
//! # }
//! ```
//!
//! # How a request travels
//!
//! A list request: route in [`mod@app`] → `authenticators::index` → `tenant::mfa` → [`factors::Overview`] groups and drops
//! what is unfinished → `templates/authenticators/index.html`.

mod admin;
pub mod app;
pub mod approval;
pub mod assets;
pub mod authenticators;
pub mod challenge;
pub mod check;
pub mod client_ip;
pub mod clock;
pub mod config;
pub mod cookies;
pub mod deadline;
pub mod device;
pub mod draft;
mod embed;
pub mod enrollment;
pub mod errand;
pub mod error;
pub mod factor;
pub mod factors;
pub mod form;
pub mod frame;
pub mod gallery;
pub mod hand_over;
pub mod headers;
pub mod health;
pub mod i18n;
pub mod intake;
pub mod language;
pub mod limits;
mod lock;
pub mod log;
pub mod mistake;
pub mod notice;
pub mod page;
pub mod random;
pub mod secret;
pub mod server;
pub mod session;
pub mod sign_in;
pub mod step_up;
pub mod store;
pub mod tenant;
pub mod theme;
pub mod trace;
mod transaction;

pub use self::app::{Portal, app};
pub use self::config::{Config, Settings};
