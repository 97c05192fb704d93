//! No number, address, name, code, key, token, cookie or id stands in the stream in clear.

use super::Stream;
use super::acts::{Act, MANAGEMENT};

/// The texts that name a person, or open something.
const CANARIES: [&str; 12] = [
    "auth0|",
    "nothing",
    "app.phone",
    "@example",
    "900123",
    "0167",
    "dev_",
    "Nothing",
    "eyJ",
    "__Host",
    "Nora",
    "Alex",
];

//
#[tokio::test(flavor = "multi_thread")]
async fn the_stream_names_nobody_and_holds_no_secret() {
    for act in Act::ALL {
        let stream = Stream::new();
        let world = stream.world(&MANAGEMENT).await;
        let mut browser = world.browser();
        let form = act.form(&mut browser, &world.tenant).await;
        let mut secrets: Vec<String> = form.fields.iter().map(|(_, value)| value.clone()).collect();
        secrets.push(browser.page.text_of(".key").replace(' ', ""));
        secrets.push(browser.cookies().split('=').next_back().unwrap_or_default().to_owned());
        browser.send(&form).await;
        for email in ["nothing@example.com", "app.phone@example.com"] {
            let devices = world.devices(email);
            secrets.extend(devices.messages().into_iter().flat_map(|message| [message.code, message.to]));
            secrets.extend(devices.recovery_code());
            let authenticators = world.tenant.authenticators(email).into_iter();
            secrets.extend(authenticators.flat_map(|it| [Some(it.id), it.secret, it.contact]).flatten());
        }
        stream.first(act.success()).await;
        let text = stream.text();
        for secret in secrets.iter().filter(|secret| secret.len() > 4) {
            assert!(!text.contains(secret.as_str()), "{act:?}: {secret} in {text}");
        }
        for canary in CANARIES {
            assert!(!text.contains(canary), "{act:?}: {canary} in {text}");
        }
        let enrollment = browser.page.url.path_segments().unwrap().next_back().unwrap().to_owned();
        assert!(enrollment.len() < 20 || !text.contains(&enrollment), "{act:?}: the page's id");
    }
}
