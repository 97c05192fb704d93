//! Rotation of `AUTH0_SECRET`: the first key seals, every key opens, and a session that no key opens counts as signed
//! out.

use mfa_portal::internals::KeyRing;
use mfa_portal::random::Random;
use reqwest::StatusCode;

use super::{LIST, NORA, moved, session_id};
use crate::support::World;

const OLD: &str = "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";
const NEW: &str = "ffeeddccbbaa99887766554433221100f0e1d2c3b4a5968778695a4b3c2d1e0f";

/// A portal restarted on the same SQLite file with other values of `AUTH0_SECRET`.
struct Restarts {
    world: World,
    store: String,
    _directory: tempfile::TempDir,
}

impl Restarts {
    async fn with(secret: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = format!("sqlite:{}", directory.path().join("sessions.db").display());
        let world = World::with(&[("session-store", &store), ("auth0-secret", secret)]).await;
        Self { world, store, _directory: directory }
    }

    fn restarted_with(&self, secret: &str) -> World {
        let address = self.world.portal.as_str();
        self.world.beside(&[
            ("session-store", &self.store),
            ("auth0-secret", secret),
            ("app-base-url", address),
        ])
    }
}

// S-07
#[tokio::test]
async fn a_session_survives_a_new_first_key() {
    let before = Restarts::with(OLD).await;
    let browser = before.world.signed_in(NORA).await;
    let after = before.restarted_with(&format!("{NEW},{OLD}"));
    let mut browser = moved(&browser, &after);
    assert_eq!(browser.open("/").await.heading(), LIST);
    assert_eq!(browser.journey.len(), 1, "without a new sign-in");
}

#[tokio::test]
async fn a_new_session_is_sealed_with_the_first_key() {
    let before = Restarts::with(&format!("{NEW},{OLD}")).await;
    let browser = before.world.signed_in(NORA).await;
    let (old_alone, new_alone) = (before.restarted_with(OLD), before.restarted_with(NEW));
    for (portal, opens) in [(&new_alone, true), (&old_alone, false)] {
        let mut browser = moved(&browser, portal);
        assert_eq!(browser.open("/sign-out").await.html.contains("Signed in as"), opens);
    }
}

// S-07
#[tokio::test]
async fn a_session_no_key_opens_means_signed_out() {
    let before = Restarts::with(OLD).await;
    let browser = before.world.signed_in(NORA).await;
    let after = before.restarted_with(NEW);
    let mut moved = moved(&browser, &after);
    let answer = moved.client().get(after.portal.clone()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/sign-in?next=%2F");
    moved.plant(&format!("mfa-portal-session={}; Path=/", session_id(&browser)));
    assert_eq!(moved.open("/").await.heading(), LIST, "a new sign-in, past the cookie that opens nothing");
}

#[tokio::test]
async fn a_pending_sign_in_survives_a_new_key_but_not_the_loss_of_the_old() {
    let before = Restarts::with(OLD).await;
    for (secret, heading) in
        [(format!("{NEW},{OLD}"), LIST), (NEW.to_owned(), "This sign-in cannot be finished here")]
    {
        let mut browser = before.world.browser();
        let callback = browser.until_callback(NORA).await;
        let after = before.restarted_with(&secret);
        let mut browser = moved(&browser, &after);
        assert_eq!(browser.open(&format!("callback?{}", callback.query().unwrap())).await.heading(), heading);
    }
}

#[test]
fn a_sealed_record_opens_only_unchanged_and_at_its_own_place() {
    let (random, ring) = (Random::system(), KeyRing::new(&[vec![7; 32].into()]));
    let sealed = ring.seal(&random, b"here", b"text".to_vec()).unwrap();
    assert_eq!(ring.open(b"here", &sealed).as_deref(), Some(&b"text"[..]));
    assert_eq!(ring.open(b"there", &sealed), None, "two records cannot be swapped");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert_eq!(ring.open(b"here", &changed), None, "byte {at}");
    }
    for length in 0..sealed.len() {
        assert_eq!(ring.open(b"here", &sealed[..length]), None, "{length} bytes");
    }
    assert_eq!(KeyRing::new(&[vec![8; 32].into()]).open(b"here", &sealed), None);
    assert!(!sealed.windows(4).any(|bytes| bytes == b"text"));
}
