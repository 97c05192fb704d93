//! Webhooks after the Standard Webhooks specification: signed, repeated under one id, without numbers and addresses.

use std::sync::{Arc, Mutex};

use aws_lc_rs::hmac;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::net::TcpListener;

use super::{NEXT_ATTEMPT, Post, VERA, link};
use crate::support::World;

const ALEX: &str = "app.phone@example.com";
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What the receiver has been sent, and the statuses of its next answers.
#[derive(Clone, Default)]
pub(crate) struct Receiver {
    got: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Receiver {
    /// Its URL.
    pub(crate) async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let routes = Router::new().route("/hook", post(receive)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        url
    }

    /// The webhooks so far.
    pub(crate) fn got(&self) -> Vec<(HeaderMap, String)> {
        self.got.lock().unwrap().clone()
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    receiver.got.lock().unwrap().push((headers, body));
    let answer = receiver.answers.lock().unwrap().pop();
    answer.map_or(StatusCode::NO_CONTENT, |answer| StatusCode::from_u16(answer).unwrap())
}

async fn world(receiver: &Receiver) -> World {
    let url = receiver.start().await;
    World::with(&[("webhook-url", &url), ("webhook-secret", SECRET)]).await
}

async fn remove_app(world: &World) {
    let mut browser = world.signed_in(ALEX).await;
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
}

// N-01
#[tokio::test]
async fn a_change_is_told_by_a_signed_webhook() {
    let receiver = Receiver::default();
    let world = world(&receiver).await;
    remove_app(&world).await;
    world.send_notices().await.unwrap();
    let got = receiver.got();
    assert_eq!(got.len(), 1);
    let (headers, body) = &got[0];
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let key = STANDARD.decode(SECRET.strip_prefix("whsec_").unwrap()).unwrap();
    let signed = format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp"));
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
    assert_eq!(header("webhook-signature"), format!("v1,{}", STANDARD.encode(mac)));
    assert_eq!(header("webhook-timestamp"), world.now().unix_timestamp().to_string());
    let told: Value = serde_json::from_str(body).unwrap();
    assert_eq!(told["type"], "authenticator.removed");
    assert_eq!(told["data"]["factor"], "totp");
    assert_eq!(told["data"]["user_id"], "auth0|app.phone");
    assert!(!body.contains('@') && !body.contains("127.0.0.1"), "{body}");
}

// N-02
#[tokio::test]
async fn a_webhook_is_repeated_under_one_id_until_it_is_taken() {
    let receiver = Receiver::default();
    receiver.answers.lock().unwrap().extend([500, 302, 410]);
    let world = world(&receiver).await;
    remove_app(&world).await;
    for _ in 0..6 {
        world.send_notices().await.unwrap();
        world.pass(NEXT_ATTEMPT * 2);
    }
    let got = receiver.got();
    assert_eq!(got.len(), 4);
    assert!(got.iter().all(|(headers, _)| headers["webhook-id"] == got[0].0["webhook-id"]));
}

// N-01
#[tokio::test]
async fn a_disavowed_change_is_told_by_a_webhook_once() {
    let receiver = Receiver::default();
    let url = receiver.start().await;
    let post = Post::with(&[("webhook-url", &url), ("webhook-secret", SECRET)]).await;
    post.add_app(VERA).await;
    post.send().await;
    let mut person = post.world.browser();
    person.open(&link(&post.smtp.mails()[0])).await;
    let form = person.page.form("This was not me");
    person.send(&form).await;
    person.send(&form).await;
    post.send().await;
    let told: Vec<Value> =
        receiver.got().iter().map(|(_, body)| serde_json::from_str(body).unwrap()).collect();
    assert_eq!(told.iter().filter(|it| it["type"] == "change.disavowed").count(), 1, "{told:?}");
}
