//! An axum application with mfa-portal nested under a path.
//!
//! `APP_BASE_URL=http://127.0.0.1:3000/account/security cargo run --example nested`, with the other settings in the
//! environment too; then open <http://127.0.0.1:3000>.

use std::net::SocketAddr;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use mfa_portal::{Config, Settings};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config: Config = Settings::from_flags([])?.try_into()?; // from the environment
    let (listen, path) = (config.listen, config.base_path().to_owned());
    // Not `nest`, which answers the path with a trailing slash by 404.
    let site = Router::new().route("/", get(home)).nest_service(&path, mfa_portal::app(config).await?);
    // With the peers' addresses, which TRUSTED_PROXIES and the limits need.
    let site = site.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(TcpListener::bind(listen).await?, site).await?;
    Ok(())
}

async fn home() -> Html<&'static str> {
    Html("<h1>Your account</h1><a href='/account/security/'>Two-step verification</a>")
}
