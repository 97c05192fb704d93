//! The people of a new tenant. Each e-mail address names the person's situation.

use serde_json::json;

use crate::world::authenticator::{Authenticator, Factor};
use crate::world::person::Person;

/// The people of a new tenant.
pub(crate) fn people() -> Vec<Person> {
    let mut people = vec![nothing(), app_phone(), push(), eight(), odd_claims()];
    people.iter_mut().for_each(Person::list_profile_email);
    people
}

fn nothing() -> Person {
    Person {
        email_verified: false,
        situation: "nothing set up, e-mail address not verified".to_owned(),
        ..Person::new("Nora Nothing", "nothing@example.com")
    }
}

fn app_phone() -> Person {
    let person = Person::new("Alex App-Phone", "app.phone@example.com").with(
        [
            app("dev_AppPhoneTotp0001", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").active(),
            recovery("dev_AppPhoneReco0001"),
        ]
        .into_iter()
        .chain(phone("dev_AppPhonePhon0001", "+12025550167").map(Authenticator::active)),
    );
    Person { situation: "authenticator app, phone and recovery code".to_owned(), ..person }
}

fn push() -> Person {
    let person = Person::new("Pia Push", "push@example.com")
        .with(guardian(("dev_PushPushPush0001", "dev_PushTotpTotp0001")));
    Person { situation: "push notifications".to_owned(), ..person }
}

fn eight() -> Person {
    let mail =
        Authenticator::new(Factor::Email, "dev_EightMailMail001").with_contact("eight.private@example.org");
    let active = [
        app("dev_EightTotpTotp001", "KRUGKIDROVUWG2ZAKRUGKIDROVUWG2ZA").active(),
        mail.active(),
        recovery("dev_EightRecoReco001"),
    ];
    let unfinished = app("dev_EightTotpTotp002", "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK");
    let person = Person { email_verified: false, ..Person::new("Edda Eight", "eight@example.com") }
        .with(active)
        .with(phone("dev_EightPhonPhon001", "+442079460958").map(Authenticator::active))
        .with([unfinished])
        .with(phone("dev_EightPhonPhon002", "+4915112345678"));
    Person { situation: "eight authenticators, three of them unfinished".to_owned(), ..person }
}

/// As Apple, LinkedIn and SAML connections send profiles.
fn odd_claims() -> Person {
    let mut person = Person::new("Otto Odd", "odd@example.com").with([app(
        "dev_OddOddOddTotp001",
        "NB2HI4B2F4XWOZLUNB2HI4B2F4XWOZLU",
    )
    .active()]);
    person.claims.insert("email".to_owned(), json!([person.email]));
    person.claims.insert("email_verified".to_owned(), json!("true"));
    Person { situation: "authenticator app; a profile with claims of unusual types".to_owned(), ..person }
}

fn app(device: &str, secret: &str) -> Authenticator {
    Authenticator::new(Factor::Totp, device).with_secret(secret)
}

fn recovery(device: &str) -> Authenticator {
    Authenticator::new(Factor::RecoveryCode, device).with_secret("AB12CD34EF56GH78JK90LM12").active()
}

/// The two authenticators of one number, whose ids share a suffix (Auth0, SMS and voice).
fn phone(device: &str, number: &str) -> [Authenticator; 2] {
    let (sms, voice) = (Authenticator::new(Factor::Sms, device), Authenticator::new(Factor::Voice, device));
    let twins = (voice.id.clone(), sms.id.clone());
    [sms.with_twin(&twins.0).with_contact(number), voice.with_twin(&twins.1).with_contact(number)]
}

/// A push authenticator and its OTP twin, whose ids have different suffixes (Auth0, Push).
fn guardian((push, totp): (&str, &str)) -> [Authenticator; 2] {
    let push = Authenticator::new(Factor::Push, push).with_contact("Pia's phone").active();
    let totp = app(totp, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").active().with_twin(&push.id);
    [push.with_twin(&totp.id), totp]
}
