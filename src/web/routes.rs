//! Every route, and the layers in their order.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _};
use tower_http::csrf::CsrfLayer;

use super::layers;
use super::pages::{
    choose_one, clear, disavow, email, embed_script, forget, hand_over, help, list, lost_phone, name,
    next_page, phone, push, recovery_code, remove, replace, sent, sign_in, totp, try_out,
};
use super::request::cookies;
use crate::assets;
use crate::clock::Clock;
use crate::config::Config;
use crate::factor::Factor;
use crate::portal::{App, Portal};
use crate::random::Random;

/// The portal's pages as a router, which another axum application can nest under the path of APP_BASE_URL. Fails when
/// the store cannot be opened.
pub async fn app(config: Config) -> anyhow::Result<Router> {
    pages(&Portal::new(config, Clock::system(), Random::system())?)
}

/// The pages of a portal, routed at the root. Fails when a setting does not fit into a header.
pub fn pages(app: &App) -> anyhow::Result<Router> {
    pages_with(app, Router::new())
}

/// The same with more pages among them, such as the demo's [`crate::gallery`]. Pages with scripts need a
/// Content-Security-Policy of their own, because ours runs only the scripts of our templates.
pub fn pages_with(app: &App, more: Router<App>) -> anyhow::Result<Router> {
    let routes = more.merge(routes(app)).with_state(app.clone());
    with_layers(app, routes)
}

fn routes(app: &App) -> Router<App> {
    Router::new()
        // The list
        .route("/", get(list::show))
        .route("/factors", get(list::offers))
        .route("/authenticators/remove", get(remove::ask).post(remove::remove))
        .route("/authenticators/remove/{factor}", get(choose_one::remove))
        .route("/authenticators/replace", get(replace::ask).post(replace::begin))
        .route("/authenticators/replace/{factor}", get(choose_one::replace))
        .route("/authenticators/name", get(name::ask).post(name::name))
        .route("/forget", get(forget::show).post(forget::forget))
        .route("/lost-phone", get(lost_phone::show).post(lost_phone::act))
        .route("/authenticators/clear", get(clear::show).post(clear::clear))
        .route("/authenticators/try", get(try_out::ask).post(try_out::begin))
        .route("/authenticators/try/{challenge}", get(try_out::show))
        .route("/authenticators/try/{challenge}/confirm", post(try_out::confirm))
        // Sign-in
        .route("/sign-in", get(sign_in::begin))
        .route("/callback", get(sign_in::callback))
        .route("/sign-out", get(sign_in::ask_sign_out).post(sign_in::sign_out))
        .route("/signed-out", get(sign_in::signed_out))
        // From a notice of a change
        .route("/notices/{token}", get(disavow::show).post(disavow::disavow))
        // Help
        .route("/help", get(help::list))
        .route("/help/{topic}", get(help::show))
        // From and to other sites
        .route("/leave", get(next_page::leave))
        .route("/embed.js", get(embed_script::classic))
        .route("/embed.mjs", get(embed_script::module))
        .route("/hand-over", post(hand_over::make))
        .route("/hand-over/redeem", post(hand_over::redeem))
        // Forms whose fields are kept over a sign-in
        .merge(enrollment_routes().layer(from_fn_with_state(app.clone(), layers::keep_form_draft)))
}

fn enrollment_routes() -> Router<App> {
    Router::new()
        .route("/factors/totp", get(totp::intro).post(totp::associate))
        .route("/factors/totp/{enrollment}", get(totp::show))
        .route("/factors/totp/{enrollment}/confirm", post(totp::confirm))
        .route("/factors/totp/{enrollment}/cancel", post(totp::cancel))
        .merge(phone_routes(Factor::Sms))
        .merge(phone_routes(Factor::Voice))
        .route("/factors/email", get(email::ask).post(email::associate))
        .merge(sent_code_routes(Factor::Email))
        .route("/factors/push", get(push::intro).post(push::associate))
        .route("/factors/push/{enrollment}", get(push::show))
        .route("/factors/push/{enrollment}/cancel", post(push::cancel))
        .route("/recovery-code", get(recovery_code::show).post(recovery_code::act))
        .route("/recovery-code/download", get(recovery_code::download))
}

fn phone_routes(factor: Factor) -> Router<App> {
    let start = get(move |person, earlier, jar| phone::ask(factor, person, earlier, jar))
        .post(move |person, form| phone::associate(factor, person, form));
    Router::new().route(&format!("/factors/{}", factor.slug()), start).merge(sent_code_routes(factor))
}

/// The pages of a factor whose code is sent, once it has been sent.
fn sent_code_routes(factor: Factor) -> Router<App> {
    let at = |rest: &str| format!("/factors/{}/{{enrollment}}{rest}", factor.slug());
    Router::new()
        .route(&at(""), get(move |person, id| sent::show(factor, person, id)))
        .route(&at("/confirm"), post(move |person, id, form| sent::confirm(factor, person, id, form)))
        .route(&at("/resend"), post(move |person, id, form| sent::resend(factor, person, id, form)))
        .route(&at("/cancel"), post(move |person, id, form| sent::cancel(factor, person, id, form)))
}

/// Read from the bottom: the last layer sees a request first and its answer last.
fn with_layers(app: &App, routes: Router) -> anyhow::Result<Router> {
    let compressible = DefaultPredicate::new().and(layers::may_be_compressed);
    let headers = Arc::new(layers::Headers::new(&app.config)?);
    let own_names = Arc::new(cookies::OwnNames::new(&app.config));
    let session_cookie = (app.clone(), cookies::session_name(&app.config));
    let own_origin = app.config.base_url.origin().ascii_serialization();
    let files = assets::router(&app.config)
        .layer(from_fn(layers::enforce_request_limits))
        .layer(from_fn_with_state(app.clone(), layers::render_errors))
        .layer(from_fn_with_state(app.clone(), layers::gather_reader));
    Ok(routes
        .layer(from_fn_with_state(app.clone(), layers::show_limits_at_form))
        .layer(from_fn_with_state(app.clone(), layers::lead_out_of_frame))
        .layer(from_fn_with_state(app.clone(), layers::end_session_with_token))
        .layer(layers::sessions(app))
        .layer(from_fn_with_state(session_cookie, layers::complete_session_cookie))
        .layer(CsrfLayer::new().add_trusted_origin(own_origin)?)
        .layer(CatchPanicLayer::custom(layers::answer_panic))
        .layer(from_fn_with_state(app.clone(), layers::audit_failures))
        .layer(from_fn_with_state(app.clone(), layers::enforce_deadline))
        .layer(from_fn(layers::enforce_request_limits))
        .layer(from_fn_with_state(app.clone(), layers::capture_linked_sign_in))
        .layer(from_fn_with_state(app.clone(), layers::audit_failures))
        .layer(from_fn_with_state(app.clone(), layers::render_errors))
        .layer(from_fn_with_state(app.clone(), layers::gather_reader))
        .layer(from_fn_with_state(app.clone(), layers::capture_deep_link))
        .layer(from_fn_with_state(app.clone(), layers::detect_frame))
        .layer(from_fn_with_state(app.clone(), layers::remember_look))
        .layer(from_fn_with_state(app.clone(), layers::remember_language))
        .nest("/static", files)
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(CatchPanicLayer::custom(layers::answer_last_panic))
        .layer(from_fn_with_state(headers, layers::add_security_headers))
        .layer(from_fn_with_state(app.clone(), layers::trace_request))
        .layer(from_fn_with_state(own_names, layers::keep_own_cookies)))
}

/// The answer outside the path of APP_BASE_URL, with the limits and headers of all others.
pub(crate) fn outside(config: &Config, hint: String) -> anyhow::Result<Router> {
    let headers = Arc::new(layers::Headers::new(config)?);
    Ok(Router::new()
        .fallback(async || (StatusCode::NOT_FOUND, hint))
        .layer(from_fn(layers::enforce_request_limits))
        .layer(from_fn_with_state(headers, layers::add_security_headers)))
}
