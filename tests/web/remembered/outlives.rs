//! What is remembered of a person outlives kills, the rotation of AUTH0_SECRET and two replicas that change it at once,
//! until an operator forgets it.

use std::time::{Duration, Instant};

use emulated_tenant::{Fault, FaultKind, Gate, Tenant};
use tempfile::TempDir;

use crate::support::process::{SEALING_KEY, command, finished, in_memory, tenant};
use crate::support::redis::Redis;
use crate::support::replicas::Replicas;
use crate::support::{Browser, Form, TOKEN};

const ALEX: &str = "app.phone@example.com";
const NORA: &str = "nothing@example.com";
const NEW_KEY: &str = "ffeeddccbbaa99887766554433221100f0e1d2c3b4a5968778695a4b3c2d1e0f";
const ANY_PROOF: (&str, &str) = ("PROOF", "any");
const SCAN: &str = "Show me the QR code";
const CODE: &str = "Six-digit code";

/// Replicas on one store.
struct Scene {
    tenant: Tenant,
    replicas: Replicas,
    store: String,
    _directory: TempDir,
    _redis: Option<Redis>,
}

impl Scene {
    async fn on_sqlite(count: usize) -> Self {
        let directory = in_memory();
        let store = format!("sqlite:{}", directory.path().join("store.db").display());
        Self::on(store, None, directory, count).await
    }

    /// `None` when no redis-server is installed.
    async fn on_redis(count: usize) -> Option<Self> {
        let redis = Redis::start()?;
        Some(Self::on(redis.url(), Some(redis), in_memory(), count).await)
    }

    async fn on(store: String, redis: Option<Redis>, directory: TempDir, count: usize) -> Self {
        let tenant = tenant().await;
        let mut replicas = Replicas::new(tenant.clone(), &store, count).await;
        (0..count).for_each(|at| replicas.start(at, &[ANY_PROOF]));
        Self { tenant, replicas, store, _directory: directory, _redis: redis }
    }

    async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.replicas.browser();
        browser.open("/").await;
        browser.pass_sign_in(email).await;
        browser
    }

    /// Sends the form, kills the process while it waits for the tenant's answer to this call, and restarts it.
    async fn kill_before_answer(&mut self, browser: &mut Browser, form: &Form, method: &str, path: &str) {
        let gate = Gate::new();
        self.tenant.faults().inject(Fault::new(method, path, FaultKind::HoldResponse(gate.clone())).times(1));
        let request = browser.request(form);
        tokio::select! {
            answer = browser.try_to(request) => panic!("answered: {answer:?}"),
            () = gate.reached() => self.replicas.kill(0),
        }
        gate.open();
        self.replicas.start(0, &[ANY_PROOF]);
    }

    fn restart(&mut self, at: usize, secret: &str) {
        self.replicas.kill(at);
        self.replicas.start(at, &[ANY_PROOF, ("AUTH0_SECRET", secret)]);
    }
}

/// Sends the form again until the lock of the dead process has lapsed.
async fn send_again(browser: &mut Browser, form: &Form) {
    let killed = Instant::now();
    while browser.send(form).await.status == 503 {
        assert!(killed.elapsed() < Duration::from_secs(20), "{}", browser.page.text());
    }
}

async fn add_app(tenant: &Tenant, browser: &mut Browser, email: &str, name: &str) {
    let form = confirmation(tenant, browser, email, name).await;
    browser.send(&form).await;
}

/// The form that confirms a new app with this name.
async fn confirmation(tenant: &Tenant, browser: &mut Browser, email: &str, name: &str) -> Form {
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[("Name (optional)", name)]).await;
    let key = browser.page.text_of(".key").replace(' ', "");
    let mut form = browser.page.form("Confirm");
    form.set(&browser.page.field(CODE), &tenant.devices(email).totp_code_of(&key).unwrap());
    form
}

async fn naming(browser: &mut Browser, id: &str, name: &str) -> Form {
    browser.open(&format!("/authenticators/name?id={id}")).await;
    let mut form = browser.page.form("Save the name");
    form.set("name", name);
    form
}

/// The id of Alex's app, as an address has it.
fn app_id(tenant: &Tenant) -> String {
    let app = tenant.authenticators(ALEX).into_iter().find(|it| it.id.starts_with("totp")).unwrap();
    app.id.replace('|', "%7C")
}

async fn entries_and_changes(browser: &mut Browser) -> (Vec<String>, Vec<String>) {
    browser.open("/").await;
    (browser.page.texts(".entry h3"), browser.page.texts(".history li"))
}

async fn survives_kills(mut scene: Scene) {
    let tenant = scene.tenant.clone();
    let mut browser = scene.signed_in(NORA).await;
    add_app(&tenant, &mut browser, NORA, "Zebrafinch").await;

    let confirm = confirmation(&tenant, &mut browser, NORA, "Kiwi").await;
    scene.kill_before_answer(&mut browser, &confirm, "POST", TOKEN).await;
    let (entries, changes) = entries_and_changes(&mut browser).await;
    assert!(entries.contains(&"Zebrafinch".to_owned()) && changes.len() == 1, "{entries:?} {changes:?}");
    send_again(&mut browser, &confirm).await;
    let (entries, changes) = entries_and_changes(&mut browser).await;
    assert!(entries.contains(&"Kiwi".to_owned()) && changes.len() == 2, "{entries:?} {changes:?}");

    browser.follow("Remove Kiwi").await;
    let button = browser.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
    let remove = browser.page.form(&button);
    scene.kill_before_answer(&mut browser, &remove, "DELETE", "/mfa/authenticators/").await;
    send_again(&mut browser, &remove).await;
    let (entries, changes) = entries_and_changes(&mut browser).await;
    assert!(
        entries.contains(&"Zebrafinch".to_owned()) && !entries.contains(&"Kiwi".to_owned()),
        "{entries:?}"
    );
    assert!(changes.len() >= 2, "{changes:?}");

    browser.follow("Rename Zebrafinch").await;
    let mut rename = browser.page.form("Save the name");
    rename.set("name", "Robin");
    scene.kill_before_answer(&mut browser, &rename, "GET", "/mfa/authenticators").await;
    assert!(entries_and_changes(&mut browser).await.0.contains(&"Zebrafinch".to_owned()));
    send_again(&mut browser, &rename).await;
    assert!(entries_and_changes(&mut browser).await.0.contains(&"Robin".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_at_each_step_leave_the_record_whole_on_sqlite() {
    survives_kills(Scene::on_sqlite(1).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_at_each_step_leave_the_record_whole_on_redis() {
    if let Some(scene) = Scene::on_redis(1).await {
        survives_kills(scene).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_rotation_keeps_names_of_people_who_came_meanwhile() {
    let mut scene = Scene::on_sqlite(1).await;
    let tenant = scene.tenant.clone();
    let mut browser = scene.signed_in(ALEX).await;
    let form = naming(&mut browser, &app_id(&tenant), "Zebrafinch").await;
    browser.send(&form).await;
    for secret in [format!("{SEALING_KEY},{NEW_KEY}"), format!("{NEW_KEY},{SEALING_KEY}"), NEW_KEY.to_owned()]
    {
        scene.restart(0, &secret);
        let entries = entries_and_changes(&mut browser).await.0;
        assert!(entries.contains(&"Zebrafinch".to_owned()), "{secret}: {}", browser.page.text());
    }
    scene.restart(0, SEALING_KEY);
    let entries = entries_and_changes(&mut browser).await.0;
    assert!(
        !entries.is_empty() && !entries.contains(&"Zebrafinch".to_owned()),
        "a dropped key opens nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_that_change_the_record_at_once_lose_nothing() {
    let Some(scene) = Scene::on_redis(2).await else { return };
    let mut browser = scene.signed_in(ALEX).await;
    let ids: Vec<_> = scene.tenant.authenticators(ALEX).into_iter().map(|it| it.id).collect();
    let id = |prefix: &str| ids.iter().find(|id| id.starts_with(prefix)).unwrap().replace('|', "%7C");
    for round in 0..5 {
        let (app, phone) = (format!("App {round}"), format!("Phone {round}"));
        let name_app = naming(&mut browser, &id("totp"), &app).await;
        let name_phone = naming(&mut browser, &id("sms"), &phone).await;
        scene.replicas.prefer(round % 2);
        let (one, two) = tokio::join!(browser.request(&name_app).send(), browser.request(&name_phone).send());
        assert_eq!((one.unwrap().status().as_u16(), two.unwrap().status().as_u16()), (303, 303));
        let entries = entries_and_changes(&mut browser).await.0;
        assert!(entries.contains(&app) && entries.contains(&phone), "{entries:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_forgets_one_person_by_the_command() {
    let scene = Scene::on_sqlite(1).await;
    let tenant = scene.tenant.clone();
    let mut nora = scene.signed_in(NORA).await;
    add_app(&tenant, &mut nora, NORA, "Zebrafinch").await;
    let mut alex = scene.signed_in(ALEX).await;
    let form = naming(&mut alex, &app_id(&tenant), "Kiwi").await;
    alex.send(&form).await;
    let directory = in_memory();
    let mut forget = command("forget", &tenant, directory.path());
    forget.arg("auth0|nothing").env("APP_BASE_URL", "http://127.0.0.1:1/").env("SESSION_STORE", &scene.store);
    let (code, said) = finished(forget).await;
    assert_eq!(code, 0, "{said}");
    let (entries, changes) = entries_and_changes(&mut nora).await;
    assert!(!entries.contains(&"Zebrafinch".to_owned()) && changes.is_empty(), "{entries:?} {changes:?}");
    assert!(entries_and_changes(&mut alex).await.0.contains(&"Kiwi".to_owned()), "nobody else is forgotten");
}
