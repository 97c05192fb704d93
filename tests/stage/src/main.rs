//! Stages for tests in other languages, controlled over HTTP on loopback.
//!
//! The first line of output is `{"control":"http://127.0.0.1:PORT/"}`. The program ends when its standard input does,
//! so that it never outlives the test that started it.

mod order;
mod person;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use clap::Parser;
use emulated_tenant::totp_code;
use serde_json::{Value, json};
use stage::Stage;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::order::Order;
use crate::person::View;

/// Opens stages, each a portal and an emulated tenant on one movable clock, for tests in other languages.
#[derive(Parser)]
struct Arguments {
    /// The control port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let log = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(log).with_writer(std::io::stderr).init();
    let listener = TcpListener::bind(("127.0.0.1", Arguments::parse().port)).await?;
    println!("{}", json!({ "control": format!("http://{}/", listener.local_addr()?) }));
    tokio::select! {
        served = async { axum::serve(listener, routes()).await } => served?,
        _ = async { tokio::io::stdin().read_to_end(&mut Vec::new()).await } => (),
    }
    Ok(())
}

fn routes() -> Router {
    Router::new()
        .route("/stages", post(open))
        .route("/stages/{id}", post(carry_out).delete(close))
        .route("/stages/{id}/people/{email}", get(person))
        .route("/stages/{id}/codes/{secret}", get(code))
        .route("/stages/{id}/requests", get(requests))
        .with_state(Stages::default())
}

/// The open stages, by id.
#[derive(Clone, Default)]
struct Stages(Arc<Mutex<HashMap<usize, Arc<Stage>>>>);

impl Stages {
    fn entries(&self) -> MutexGuard<'_, HashMap<usize, Arc<Stage>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, id: usize) -> Result<Arc<Stage>, StatusCode> {
        self.entries().get(&id).cloned().ok_or(StatusCode::NOT_FOUND)
    }
}

/// A status and an explanation.
type Refusal = (StatusCode, String);

/// `POST /stages` with the portal's settings by flag name; returns the stage's id and URLs.
async fn open(
    State(stages): State<Stages>,
    Json(flags): Json<HashMap<String, String>>,
) -> Result<Json<Value>, Refusal> {
    let flags: Vec<_> = flags.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let stage = Stage::start(&flags)
        .await
        .map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, format!("{error:#}")))?;
    stage.keep_sending();
    let (portal, tenant) = (stage.portal.clone(), stage.tenant.url());
    let mut stages = stages.entries();
    let id = stages.keys().max().map_or(0, |last| last + 1);
    stages.insert(id, Arc::new(stage));
    Ok(Json(json!({ "id": id, "portal": portal, "tenant": tenant })))
}

/// `DELETE /stages/{id}`
async fn close(State(stages): State<Stages>, Path(id): Path<usize>) -> StatusCode {
    stages.entries().remove(&id).map_or(StatusCode::NOT_FOUND, |_| StatusCode::NO_CONTENT)
}

/// `POST /stages/{id}` with an order; returns whether it had an effect.
async fn carry_out(
    State(stages): State<Stages>,
    Path(id): Path<usize>,
    Json(order): Json<Order>,
) -> Result<Json<bool>, StatusCode> {
    Ok(Json(order.carry_out(&*stages.get(id)?)))
}

/// `GET /stages/{id}/people/{email}`: a person's authenticators, and what reached their devices.
async fn person(
    State(stages): State<Stages>,
    Path((id, email)): Path<(usize, String)>,
) -> Result<Json<View>, StatusCode> {
    View::of(&*stages.get(id)?, &email).map(Json).ok_or(StatusCode::NOT_FOUND)
}

/// `GET /stages/{id}/codes/{secret}`: the current code of an app with this base32 secret.
async fn code(
    State(stages): State<Stages>,
    Path((id, secret)): Path<(usize, String)>,
) -> Result<Json<String>, StatusCode> {
    let now = stages.get(id)?.now().unix_timestamp();
    let code = totp_code(&secret, u64::try_from(now).unwrap_or_default());
    code.map(Json).ok_or(StatusCode::UNPROCESSABLE_ENTITY)
}

/// `GET /stages/{id}/requests`: the portal's requests to the tenant, such as `POST /mfa/associate`, oldest first.
async fn requests(
    State(stages): State<Stages>,
    Path(id): Path<usize>,
) -> Result<Json<Vec<String>>, StatusCode> {
    let requests = stages.get(id)?.tenant.journal().requests();
    Ok(Json(requests.iter().map(|it| format!("{} {}", it.method, it.path)).collect()))
}
