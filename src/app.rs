//! The application: its state, the one list of routes, and the layers every request passes.

use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _};
use tower_http::csrf::CsrfLayer;
use tower_sessions::SessionManagerLayer;
use tower_sessions::cookie::SameSite;

use crate::assets::Assets;
use crate::clock::Clock;
use crate::config::Config;
use crate::headers::Headers;
use crate::random::Random;
use crate::store::{KeyRing, Sessions, Store};
use crate::tenant::Tenant;
use crate::{
    admin, assets, authenticators, challenge, cookies, deadline, embed, errand, error, factors, frame,
    hand_over, headers, intake, language, session, sign_in, theme, trace,
};

/// What every handler can reach.
pub type App = Arc<Portal>;

/// The portal: settings, the tenant's client, the store, time and randomness.
pub struct Portal {
    /// The settings.
    pub config: Config,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// Where records are kept.
    pub store: Store,
    /// What records and sign-in cookies are sealed with.
    pub keys: Arc<KeyRing>,
    /// The tenant.
    pub tenant: Tenant,
    /// The headers of every answer.
    pub headers: Headers,
    /// The session cookie's name.
    pub session_cookie: String,
    /// Where the static files are.
    pub assets: Assets,
    /// Cancelled once the order to stop has come.
    pub stopping: CancellationToken,
    /// Changes under way, which run to their end even when the browser goes away.
    pub changes: TaskTracker,
}

/// The portal's pages as a router, which another axum application can nest under the path of APP_BASE_URL.
pub async fn app(config: Config) -> anyhow::Result<Router> {
    Portal::new(config, Clock::system(), Random::system())?.pages()
}

impl Portal {
    /// Opens the store and makes the client; the tenant is not asked yet.
    pub fn new(config: Config, clock: Clock, random: Random) -> anyhow::Result<App> {
        let keys = Arc::new(KeyRing::new(&config.sealing_keys));
        Ok(Arc::new(Self {
            store: Store::open(&config.store, keys.clone(), clock.clone(), random.clone())
                .context("SESSION_STORE")?,
            tenant: Tenant::new(&config, clock.clone())?,
            headers: Headers::new(&config)?,
            session_cookie: cookies::name(&config, "session"),
            assets: Assets::new(&config),
            stopping: CancellationToken::new(),
            changes: TaskTracker::new(),
            keys,
            clock,
            random,
            config,
        }))
    }

    /// Every page, routed at the root.
    pub fn pages(self: &Arc<Self>) -> anyhow::Result<Router> {
        self.pages_with(Router::new())
    }

    /// The same with more pages among them, such as the demo's [`crate::gallery`].
    pub fn pages_with(self: &Arc<Self>, more: Router<App>) -> anyhow::Result<Router> {
        let routes = more
            .merge(authenticators::router())
            .merge(challenge::router())
            .merge(errand::router())
            .merge(factors::router(self))
            .merge(sign_in::router())
            .merge(hand_over::router())
            .merge(embed::router())
            .with_state(self.clone());
        let compressible = DefaultPredicate::new().and(errand::may_be_compressed);
        let files = assets::router(&self.config)
            .layer(from_fn(intake::take))
            .layer(from_fn_with_state(self.clone(), error::explain));
        // Read from the bottom: the last layer sees a request first and its answer last.
        Ok(routes
            .layer(from_fn_with_state(self.clone(), frame::send_out))
            .layer(from_fn(session::end_with_token))
            .layer(self.sessions())
            .layer(from_fn_with_state(self.clone(), cookies::complete))
            .layer(CsrfLayer::new().add_trusted_origin(self.config.base_url.origin().ascii_serialization())?)
            .layer(CatchPanicLayer::custom(error::of_panic))
            .layer(from_fn_with_state(self.clone(), deadline::keep))
            .layer(from_fn(intake::take))
            .layer(from_fn_with_state(self.clone(), error::explain))
            .layer(from_fn_with_state(self.clone(), errand::remember))
            .layer(from_fn_with_state(self.clone(), frame::recognize))
            .layer(from_fn_with_state(self.clone(), theme::remember))
            .layer(from_fn_with_state(self.clone(), language::remember))
            .nest("/static", files)
            .layer(CompressionLayer::new().compress_when(compressible))
            .layer(CatchPanicLayer::custom(error::last_resort))
            .layer(from_fn_with_state(self.clone(), headers::secure))
            .layer(from_fn_with_state(self.clone(), trace::trace)))
    }

    /// `/healthz`, `/readyz` and `/metrics`, for the operator's own network.
    pub fn admin(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/healthz", get(admin::health))
            .route("/readyz", get(admin::ready))
            .route("/metrics", get(admin::metrics))
            .with_state(self.clone())
            .layer(from_fn_with_state(self.clone(), headers::secure))
    }

    fn sessions(&self) -> SessionManagerLayer<Sessions> {
        SessionManagerLayer::new(Sessions::new(self.store.clone()))
            .with_name(self.session_cookie.clone())
            .with_secure(self.config.is_https())
            .with_http_only(true)
            // Strict would not be sent on the navigation that follows the callback.
            .with_same_site(SameSite::Lax)
            .with_path("/")
    }
}
