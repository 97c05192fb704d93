//! State that replicas share: sessions, messages sent, limits, and recovery codes not saved yet.

use emulated_tenant::Factor;
use reqwest::header::LOCATION;

use super::{ALEX, CODE, CONFIRM, LIST, NORA, PHONE, Pair, SCAN, SEND, app_code, filled};
use crate::support::{ASSOCIATE, Browser, Form};

/// Sends a form to both replicas at once; returns status and `Location` of each response.
async fn to_both(pair: &Pair, browser: &Browser, form: &Form) -> [(u16, String); 2] {
    pair.replicas.prefer(0);
    let (one, two) = tokio::join!(browser.request(form).send(), browser.request(form).send());
    [one.unwrap(), two.unwrap()].map(|answer| {
        let target = answer.headers().get(LOCATION).map(|it| it.to_str().unwrap().to_owned());
        (answer.status().as_u16(), target.unwrap_or_default())
    })
}

// E-02
#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_on_two_replicas_acts_once() {
    let Some(pair) = Pair::start(&[]).await else { return };
    let mut browser = pair.signed_in(0, ALEX).await;
    browser.open("/factors/totp").await;
    let [one, two] = to_both(&pair, &browser, &browser.page.form(SCAN)).await;
    assert_eq!((&one, pair.tenant.journal().count("POST", ASSOCIATE)), (&two, 1));
    browser.open(&one.1).await;
    let confirm = filled(&browser, CONFIRM, CODE, &app_code(&pair.tenant, &browser));
    let [one, two] = to_both(&pair, &browser, &confirm).await;
    assert_eq!((one, pair.active(ALEX, Factor::Totp)), (two, 2));

    browser.open("/factors/sms").await;
    let send = filled(&browser, SEND, PHONE, "+44 7700 900123");
    let [one, two] = to_both(&pair, &browser, &send).await;
    assert_eq!((one, pair.tenant.devices(ALEX).messages().len()), (two, 1));

    browser.open("/").await;
    browser.follow("Test your phone ending 0167").await;
    let try_it = browser.page.form("Send me a text message");
    let mut answers = to_both(&pair, &browser, &try_it).await.map(|(status, _)| status);
    answers.sort_unstable();
    assert_eq!((answers, pair.tenant.devices(ALEX).messages().len()), ([303, 303], 2));

    browser.open("/").await;
    browser.follow("Remove phone ending 0167").await;
    let button = browser.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
    let answers = to_both(&pair, &browser, &browser.page.form(&button)).await;
    assert!(answers.iter().all(|(status, target)| (*status, target.as_str()) == (303, "/")), "{answers:?}");
    assert_eq!((pair.active(ALEX, Factor::Sms), pair.active(ALEX, Factor::Voice)), (0, 0));
}

//
#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_eight_messages_counts_across_replicas() {
    let Some(pair) = Pair::start(&[]).await else { return };
    let mut browser = pair.signed_in(0, NORA).await;
    for last in 0..8 {
        pair.replicas.only(last % 2);
        browser.open("/factors/sms").await;
        browser.press(SEND, &[(PHONE, &format!("+44 7700 90010{last}"))]).await;
        assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    }
    for at in 0..2 {
        pair.replicas.only(at);
        browser.open("/factors/sms").await;
        browser.press(SEND, &[(PHONE, "+44 7700 900109")]).await;
        assert_eq!(browser.page.limit(), "Too many codes were sent");
    }
    assert_eq!(pair.tenant.devices(NORA).messages().len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_five_wrong_codes_counts_across_replicas() {
    let Some(pair) = Pair::start(&[]).await else { return };
    let mut browser = pair.signed_in(0, ALEX).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    let right = filled(&browser, CONFIRM, CODE, &app_code(&pair.tenant, &browser));
    let wrong = filled(&browser, CONFIRM, CODE, "000000");
    for time in 0..5 {
        pair.replicas.only(time % 2);
        assert!(browser.send(&wrong).await.alert().contains("wrong"));
    }
    assert_eq!(browser.send(&right).await.limit(), "Too many wrong codes");
    assert_eq!(pair.active(ALEX, Factor::Totp), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ended_at_one_replica_is_ended_at_both() {
    let Some(pair) = Pair::start(&[]).await else { return };
    let mut browser = pair.signed_in(0, NORA).await;
    let stolen = browser.cookies();
    let mut thief = pair.replicas.browser();
    stolen.split("; ").for_each(|cookie| thief.plant(&format!("{cookie}; Path=/")));
    pair.replicas.only(1);
    assert_eq!((thief.open("/").await.heading().as_str(), thief.journey.len()), (LIST, 1));
    pair.replicas.only(0);
    browser.open("/sign-out").await;
    browser.press("Sign out", &[]).await;
    for at in 0..2 {
        pair.replicas.only(at);
        stolen.split("; ").for_each(|cookie| thief.plant(&format!("{cookie}; Path=/")));
        assert_eq!(thief.open("/").await.heading(), "Sign in", "replica {at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsaved_recovery_code_is_shown_by_both_replicas_until_saved() {
    let Some(pair) = Pair::start(&[]).await else { return };
    let mut browser = pair.signed_in(0, NORA).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    let code = app_code(&pair.tenant, &browser);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    let recovery = pair.tenant.devices(NORA).recovery_code().unwrap();
    for at in [1, 0, 1] {
        pair.replicas.only(at);
        browser.open("/recovery-code").await;
        assert_eq!(browser.page.text_of(".recovery").replace(' ', ""), recovery, "replica {at}");
    }
    let mut done = browser.page.form("Done");
    done.set("saved", "yes");
    let answers = to_both(&pair, &browser, &done).await;
    assert!(answers.iter().all(|(status, _)| *status == 303), "{answers:?}");
    for at in 0..2 {
        pair.replicas.only(at);
        assert_eq!(browser.open("/recovery-code").await.count(".recovery"), 0, "replica {at}");
    }
}
