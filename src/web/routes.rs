//! Every route, and the layers in their order.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::{StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::FutureExt as _;
use tower::{Layer as _, ServiceBuilder, ServiceExt as _, service_fn};
use tower_http::csrf::CsrfLayer;

use super::layers::{
    Headers, Sessions, add_security_headers, answer_last_panic, answer_panic, audit_failures,
    capture_deep_link, capture_linked_sign_in, catch_panics, compression, detect_frame,
    end_session_with_token, enforce_deadline, enforce_request_limits, gather_reader, keep_few_deletions,
    keep_form_draft, keep_own_cookies, keep_session, lead_out_of_frame, remember_language, remember_look,
    render_errors, show_limits_at_form, trace_request,
};
use super::pages::{
    choose_one, clear, disavow, email, embed_script, forget, hand_over, help, list, lost_phone, name,
    next_page, phone, push, recovery_code, remove, replace, sent, sign_in, totp, try_out,
};
use super::request::cookies::OwnNames;
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
        .merge(enrollment_routes().layer(from_fn_with_state(app.clone(), keep_form_draft)))
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

/// Passes a request through layers to its end, and the answer back: the first one sees the request first and its answer
/// last. All of them are one future, because a layer of its own in axum's router boxes everything below it.
macro_rules! through {
    ($request:expr, $end:expr) => { $end($request).await };
    ($request:expr, $layer:ident($($state:expr),*), $($rest:tt)*) => {
        $layer($($state,)* $request, async |request| through!(request, $($rest)*)).await
    };
}

/// The state of the layers.
struct Layers {
    app: App,
    headers: Headers,
    own_names: OwnNames,
    sessions: Arc<Sessions>,
    csrf: CsrfLayer,
}

fn with_layers(app: &App, routes: Router) -> anyhow::Result<Router> {
    let layers = Arc::new(Layers {
        app: app.clone(),
        headers: Headers::new(&app.config)?,
        own_names: OwnNames::new(&app.config),
        sessions: Arc::new(Sessions::new(app.store.clone())),
        csrf: CsrfLayer::new().add_trusted_origin(app.config.base_url.origin().ascii_serialization())?,
    });
    let files = assets::router(&app.config).layer(from_fn_with_state(layers.clone(), of_files));
    let around = ServiceBuilder::new().layer(from_fn_with_state(layers.clone(), of_all)).layer(compression());
    Ok(routes.layer(from_fn_with_state(layers, of_pages)).nest("/static", files).layer(around))
}

/// The layers of every answer.
async fn of_all(State(layers): State<Arc<Layers>>, mut request: Request, next: Next) -> Response {
    keep_own_cookies(&layers.own_names, &mut request);
    let mut response = through!(
        request,
        trace_request(&layers.app),
        add_security_headers(&layers.headers),
        catch_panics(answer_last_panic),
        async |request| next.run(request).await
    );
    keep_few_deletions(&layers.own_names, &mut response);
    response
}

/// The layers of static files, which need nothing that is remembered of their reader.
async fn of_files(State(layers): State<Arc<Layers>>, request: Request, next: Next) -> Response {
    through!(request, render_errors(&layers.app), enforce_request_limits(), async |request| next
        .run(request)
        .await)
}

/// The layers of pages, up to the deadline.
async fn of_pages(State(layers): State<Arc<Layers>>, request: Request, next: Next) -> Response {
    let app = &layers.app;
    through!(
        request,
        remember_language(app),
        remember_look(app),
        detect_frame(app),
        capture_deep_link(app),
        async |request| through!(
            gather_reader(app, request),
            render_errors(app),
            audit_failures(app),
            enforce_request_limits(),
            capture_linked_sign_in(app),
            async |request| enforce_deadline(app, request, |request| {
                in_time(layers.clone(), request, next).boxed()
            })
            .await
        )
    )
}

/// The layers within the deadline, up to the check of a form's origin. A form's request may outlive its connection.
async fn in_time(layers: Arc<Layers>, request: Request, next: Next) -> Response {
    through!(request, audit_failures(&layers.app), catch_panics(answer_panic), async |request| checked(
        layers.clone(),
        request,
        next
    )
    .await)
}

/// The check of a form's origin, and what is behind it.
async fn checked(layers: Arc<Layers>, mut request: Request, next: Next) -> Response {
    forget_host(&mut request);
    let csrf = layers.csrf.clone();
    let behind = |request| {
        let behind = in_session(layers.clone(), request, next.clone());
        async { Ok::<_, Infallible>(behind.await) }
    };
    let Ok(response) = csrf.layer(service_fn(behind)).oneshot(request).await;
    response
}

/// Otherwise tower-http takes every origin that the request's host names for ours, by http too. Ours is in APP_BASE_URL.
fn forget_host(request: &mut Request) {
    request.headers_mut().remove(HOST);
    if let Some(path) = request.uri().path_and_query().cloned() {
        *request.uri_mut() = Uri::from(path);
    }
}

/// The layers that know the session.
async fn in_session(layers: Arc<Layers>, request: Request, next: Next) -> Response {
    let app = &layers.app;
    through!(
        request,
        keep_session(app, &layers.sessions),
        end_session_with_token(app),
        lead_out_of_frame(app),
        show_limits_at_form(app),
        async |request| next.run(request).await
    )
}

/// The answer outside the path of APP_BASE_URL, with the limits and headers of all others.
pub(crate) fn outside(config: &Config, hint: String) -> anyhow::Result<Router> {
    let headers = Arc::new(Headers::new(config)?);
    Ok(Router::new()
        .fallback(async || (StatusCode::NOT_FOUND, hint))
        .layer(from_fn_with_state(headers, of_outside)))
}

async fn of_outside(State(headers): State<Arc<Headers>>, request: Request, next: Next) -> Response {
    through!(request, add_security_headers(&headers), enforce_request_limits(), async |request| next
        .run(request)
        .await)
}
